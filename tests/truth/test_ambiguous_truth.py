"""Files that can be read in two ways are never accepted unasked, and their twins with one more piece of evidence never
asked about.

`TESSERA_TRUTH=full` runs all files; otherwise a twentieth.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from segmentation.errors import AmbiguousReading
from segmentation.intake import ImportResult, import_file, inspect
from segmentation.meaning import Choices
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, lines, write
from tests.truth.doubtful_files import DOUBTS, Rows, doubt

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
FILES = 200 if FULL else 10
SAME_EVERYWHERE = settings(
    max_examples=-(-FILES // len(DOUBTS)),
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
OPTIONS = {"date_order": "--date-order", "decimal": "--decimal", "currency": "--currency"}


@dataclass(frozen=True)
class Door:
    """A file before the door."""

    path: Path
    workspace: Workspace

    def take(self, dataset: str = "Shop", choices: Choices | None = None) -> ImportResult:
        return import_file(self.workspace, self.path, dataset=dataset, today=TODAY, choices=choices)

    def asks(self) -> set[str]:
        return {one.setting for one in inspect(self.path, self.workspace, today=TODAY).questions}


@contextmanager
def door(data: bytes) -> Iterator[Door]:
    with tempfile.TemporaryDirectory() as folder:
        yield Door(write(Path(folder), data), Workspace.open(Path(folder) / "workspace"))


def assert_says(result: ImportResult, rows: Rows) -> None:
    """Every row is loaded as it should be or set aside, and the total is right to the last digit."""
    loaded = {order: said for order, said in rows.items() if said is not None}
    stored = {line["order_id"]: (line["ordered_at"], line["amount"]) for line in lines(result.version)}
    assert stored == {order: (said.moment, said.amount) for order, said in loaded.items()}
    ledger = result.ledger
    assert (ledger.read, ledger.loaded) == (len(rows), len(loaded))
    assert sum(ledger.set_aside.values()) == len(rows) - len(loaded)
    assert ledger.revenue_kept == sum((said.amount for said in loaded.values()), Decimal(0))


@pytest.mark.parametrize("about", DOUBTS)
def test_a_file_in_doubt_is_asked_about_and_every_answer_is_followed(about: str) -> None:
    judged = 0

    @SAME_EVERYWHERE
    @given(st.integers(0, 2**32 - 1))
    def judge(seed: int) -> None:
        nonlocal judged
        made = doubt(about, f"{about} {seed}")
        with door(made.data) as at:
            with pytest.raises(AmbiguousReading) as caught:
                at.take()
            assert OPTIONS[about] in caught.value.option
            shown = " ".join(caught.value.readings)
            assert all(reading in shown for reading in made.readings), (shown, made.readings)
            assert at.workspace.datasets() == ()
            for number, (chosen, rows) in enumerate(made.answers):
                assert_says(at.take(f"Shop {number}", chosen), rows)
        judged += 1

    judge()
    print(f"{about}: {judged} files asked about")
    assert judged == SAME_EVERYWHERE.max_examples


@pytest.mark.parametrize("about", DOUBTS)
def test_its_twin_with_one_more_piece_of_evidence_is_never_asked_about(about: str) -> None:
    @SAME_EVERYWHERE
    @given(st.integers(0, 2**32 - 1))
    def judge(seed: int) -> None:
        made = doubt(about, f"{about} {seed}")
        with door(made.twin) as at:
            if len(made.twin_rows) < 1_000:  # of a longer file a look at a part of it may leave the question open
                assert at.asks() == set()
            assert_says(at.take(), made.twin_rows)

    judge()


@pytest.mark.parametrize("about", DOUBTS)
def test_the_judge_does_not_take_one_answer_for_another(about: str) -> None:
    made = doubt(about, f"{about} 1")
    (chosen, rows), (_, others) = made.answers[:2]
    with door(made.data) as at:
        result = at.take(choices=chosen)
        assert_says(result, rows)
        with pytest.raises(AssertionError):
            assert_says(result, others)
