"""Order files spoiled in every way that is known, imported through the real door, and judged against their truth.

Every row is loaded as it is or set aside, revenue is right to the cent, and no file is refused or asked about.
`TESSERA_TRUTH=full` runs all files; otherwise a twentieth.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from segmentation.errors import TesseraError
from segmentation.intake import ImportResult, Ledger, import_files, inspect_all, read_set_aside
from segmentation.meaning import Choices
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, lines, write
from tests.truth.judging import complaints, misspelt
from tests.truth.spoiled_files import KINDS, LEGACY, Spoiled, spoiled

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
FILES = 1_000 if FULL else 50
MOST_REFUSED = dict.fromkeys(KINDS, 0)
MOST_MISSPELT = 0.1
"""Share of eight-bit files in which a letter may be taken for another: nothing in them says what their bytes mean."""
_APART = ({"unquoted_separator", "trailing_separators"}, {"unquoted_separator", "short_rows"})
"""Kinds that hide each other: a row with one cell too many and one too few, or an empty one, is as long as others."""
SAME_EVERYWHERE = settings(
    max_examples=-(-FILES // len(KINDS)),
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def imported(made: Spoiled, folder: Path, choices: Choices | None = None) -> ImportResult:
    """The files through the door, after a look at them that must leave nothing open."""
    workspace = Workspace.open(folder / "workspace")
    paths = [write(folder, data, name) for name, data in made.files]
    for seen in inspect_all([(path, path.name) for path in paths], workspace, today=TODAY):
        assert seen.questions == (), seen.questions
    return import_files(workspace, paths, dataset="Shop", today=TODAY, choices=choices)


def found_in(result: ImportResult) -> tuple[Ledger, list[dict[str, Any]], list[dict[str, Any]]]:
    """Its ledger, its stored lines and its rows set aside."""
    return result.ledger, lines(result.version), read_set_aside(result.version).to_pylist()


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoiled_file_is_read_right_or_set_aside_row_by_row(kind: str) -> None:
    seen: Counter[str] = Counter()
    refused: list[TesseraError] = []

    @SAME_EVERYWHERE
    @given(st.integers(0, 2**32 - 1), st.lists(st.sampled_from(KINDS), max_size=2, unique=True))
    def judge(seed: int, others: list[str]) -> None:
        kinds = frozenset({kind, *others})
        if any(pair <= kinds for pair in _APART):
            kinds = frozenset({kind})
        made = spoiled(f"{kind} {seed}", kinds)
        with tempfile.TemporaryDirectory() as folder:
            try:
                ledger, stored, aside = found_in(imported(made, Path(folder)))
            except TesseraError as refusal:
                refused.append(refusal)
                return
        wrong = complaints(made, ledger, stored, aside, spelling=not made.legacy)
        assert wrong == [], (sorted(kinds), made.parts[0].sheet.style)
        seen["judged"] += 1
        seen["legacy"] += made.legacy
        seen["misspelt"] += made.legacy and misspelt(made, stored)

    judge()
    print(f"{kind}: {seen['judged']} files judged, {len(refused)} refused")
    assert len(refused) <= MOST_REFUSED[kind], refused
    assert seen["judged"] == SAME_EVERYWHERE.max_examples
    if kind in LEGACY and FULL:
        assert seen["misspelt"] <= MOST_MISSPELT * seen["legacy"]


Found = tuple[Ledger, list[dict[str, Any]]]


def a_hundredfold(ledger: Ledger, stored: list[dict[str, Any]]) -> Found:
    """A decimal mark that was not seen."""
    hundredfold = [{**line, "amount": 100 * line["amount"], "listed_amount": 100 * line["amount"]} for line in stored]
    return replace(ledger, revenue_file=100 * ledger.revenue_file, revenue_kept=100 * ledger.revenue_kept), hundredfold


def a_row_swallowed(ledger: Ledger, stored: list[dict[str, Any]]) -> Found:
    """A quotation mark that took a row along; the ledger adds up all the same."""
    revenue = ledger.revenue_kept - stored[-1]["amount"]
    less = replace(ledger, read=ledger.read - 1, loaded=ledger.loaded - 1, revenue_file=revenue, revenue_kept=revenue)
    return less, stored[:-1]


def columns_shifted(ledger: Ledger, stored: list[dict[str, Any]]) -> Found:
    """A row with a cell too many, read all the same."""
    first = {**stored[0], "customer_id": stored[0]["product"], "product": stored[0]["customer_id"]}
    return ledger, [first, *stored[1:]]


def a_cent_lost(ledger: Ledger, stored: list[dict[str, Any]]) -> Found:
    """A sum that was rounded."""
    revenue = ledger.revenue_kept - Decimal("0.01")
    return replace(ledger, revenue_file=revenue, revenue_kept=revenue), stored


def a_row_twice(ledger: Ledger, stored: list[dict[str, Any]]) -> Found:
    """A row that was invented in place of another."""
    return ledger, [stored[0], stored[0], *stored[2:]]


@pytest.mark.parametrize("wrongly", [a_hundredfold, a_row_swallowed, columns_shifted, a_cent_lost, a_row_twice])
def test_the_judge_complains_about_a_wrong_import(wrongly: Callable[..., Found], tmp_path: Path) -> None:
    made = spoiled("clean", frozenset({"clean"}))
    ledger, stored, aside = found_in(imported(made, tmp_path))
    assert complaints(made, ledger, stored, aside) == []
    assert complaints(made, *wrongly(ledger, stored), aside) != []


def test_the_judge_complains_about_dates_read_in_the_wrong_order(tmp_path: Path) -> None:
    made = next(
        made
        for made in (spoiled(f"dates {seed}", frozenset({"clean"})) for seed in range(1_000))
        if made.parts[0].sheet.style.dates == "%d/%m/%Y"
    )
    wrong = complaints(made, *found_in(imported(made, tmp_path, Choices(date_order="mdy"))))
    assert any("is set aside, though it is whole" in one for one in wrong)
    assert any("not loaded as it is" in one for one in wrong)
