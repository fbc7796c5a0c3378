"""Whatever a small file holds and whatever is answered: every row and every cent is accounted for exactly once."""

from __future__ import annotations

import argparse
import os
import shlex
import tempfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from segmentation.cli import _parser
from segmentation.commands.imports import _columns, choices_of
from segmentation.errors import AmbiguousReading, DataError
from segmentation.intake import ImportResult, import_file, read_set_aside
from segmentation.intake.accounts.ledger import OUTSIDE_REVENUE, LedgerDoesNotAddUp
from segmentation.meaning import Choices
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, lines

MOST_QUESTIONS = 6
EXAMPLES = int(os.environ.get("TESSERA_EXAMPLES", "14"))
"""Files that are tried: each is imported twice, so that more take their time."""
ZERO = Decimal(0)

# Files ----------------------------------------------------------------------------------------------------------

AMOUNTS = ["12.50", "3.00", "99.95", "0.00", "-4.25", "(7.10)", "", "n/a", "soon", "1e3", "99999999999999999999"]
DAYS = ["2026-02-03", "2026-02-03", "2026-03-14", "2026-05-20", "", "-", "someday", "1970-01-01", "2031-01-01"]
WORDS = ["paid", "shipped", "cancelled", "refunded", "Refund", "pending", "unpaid", "payout", "test", "gift card",
         "Total", "on the moon", ""]  # fmt: skip
GOODS = ["Tea", "Pot", "Pan", "Shipping", "Tax", "Gift card", "Coupon", "Discount 10%", "Total", "Tip", "NULL", ""]
BUYERS = ["ann", "bea", "cid", "dora", "0", "guest", "Walk-in customer", "", "N/A", "-1"]
CODES = ["EUR", "EUR", "EUR", "USD", "", "gbp"]
SHARES = {
    "Discount": ["0", "1.00", "2.50", ""],
    "Discount %": ["0", "10", "20%", ""],
    "Discount rate": ["0", "0.1", "1"],
}
EXTRA = {
    "Line": ["1", "2", "3", ""],
    "Status": WORDS,
    "Type": ["Sale", "Refund", "Payout", "Invoice", "Credit note", "Fee", ""],
    "Cancelled at": ["", "2026-04-01", "0000-00-00", "NULL", "no"],
    "Currency": CODES,
    "Order total": ["20.00", "20.00", "30.00", ""],
    "Shipping": ["5.00", "5.00", "0.00", "", "?"],
    "Tax": ["1.90", "0.00", ""],
    "Refunded amount": ["0.00", "5.00", "500.00", ""],
    "Subtotal": ["15.00", "10.00", ""],
    "Email": ["ann@example.com", "Bea@Example.com", "none", ""],
    "Unit cost": ["1.00", "2.00", ""],
    "Accepts marketing": ["yes", "no", ""],
    **SHARES,
}
QUIET = {"Status": "paid", "Type": "Sale", "Cancelled at": "", "Currency": "EUR", "Email": "", "Discount": "0",
         "Discount %": "0", "Discount rate": "0", "Line": "1"}  # fmt: skip


def usual(values: list[str], quiet: str | None = None) -> st.SearchStrategy[str]:
    """The first values far more often than the odd ones."""
    plain = st.just(quiet) if quiet is not None else st.sampled_from(values[:3])
    return st.integers(0, 5).flatmap(lambda n: st.sampled_from(values) if n == 0 else plain)


@st.composite
def files(draw: st.DrawFn) -> list[list[str]]:
    """A header and its rows; now and then a row stands twice, is empty, repeats the header or sums the rows up."""
    priced = draw(st.integers(0, 2))
    columns: dict[str, st.SearchStrategy[str]] = {"Customer": usual(BUYERS)}
    if draw(st.integers(0, 4)):
        columns["Order"] = st.sampled_from(["A1", "A2", "A3", "A4", "A5", "A5", ""])
    columns["Date"] = usual(DAYS)
    if draw(st.integers(0, 4)):
        columns["Product"] = usual(GOODS)
    if priced:
        columns["Quantity"] = usual(["1", "2", "3", "-1", "0", "", "many"])
        columns["Unit price"] = usual(AMOUNTS)
    if priced != 2:
        columns["Amount"] = usual(AMOUNTS)
    for header in draw(st.lists(st.sampled_from(sorted(EXTRA)), unique=True, max_size=6)):
        if header not in SHARES or not set(SHARES) & set(columns):
            columns[header] = usual(EXTRA[header], QUIET.get(header))
    rows = draw(st.lists(st.tuples(*columns.values()).map(list), min_size=4, max_size=16))
    headers = list(columns)
    for odd in draw(st.lists(st.sampled_from(["twice", "empty", "header", "total", "long"]), max_size=3)):
        at = draw(st.integers(1, len(rows)))
        total = ["" for _ in headers]
        total[0], total[-1] = "Total", "77.00"
        more = {"twice": rows[at - 1], "empty": ["" for _ in headers], "header": headers, "total": total,
                "long": [*rows[at - 1][: len(headers)], "more"]}[odd]  # fmt: skip
        rows.insert(at, list(more))
    return [headers, *rows]


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.none(), st.sampled_from(values))


in_or_out = maybe("in", "out")
choices = st.builds(
    Choices,
    currency=maybe("EUR", "USD"),
    shipping=in_or_out,
    tax=in_or_out,
    gift_cards=in_or_out,
    test_orders=in_or_out,
    discount=maybe("money", "piece", "share", "percent"),
    discount_taken=maybe("yes", "no"),
    cost=maybe("piece", "line"),
    amount_of=maybe("line", "order"),
    amount_holds=maybe("goods", "all"),
    amounts_in=maybe("units", "cents"),
    ids=maybe("joined", "apart"),
    customers=maybe("none"),
    guests=st.sampled_from([(), (), ("ann",)]),
    not_guests=st.sampled_from([(), (), ("0",)]),
    statuses=st.lists(
        st.tuples(st.sampled_from(WORDS[:-1]), st.sampled_from(["sale", "unpaid", "cancelled", "refunded", "refund",
                  "test", "gift_card", "aside"])), max_size=2, unique_by=lambda one: one[0],
    ).map(lambda found: tuple(sorted(found))),
)  # fmt: skip


# Imports --------------------------------------------------------------------------------------------------------


def answered(options: list[str]) -> tuple[Choices, dict[str, str | None]]:
    """What options of the command line decide."""
    words = [word for option in options for word in shlex.split(option)]
    parsed: argparse.Namespace = _parser().parse_args(["import", "file.csv", *words])
    return choices_of(parsed), _columns(parsed.column)


def taken(path: Path, home: Path, decided: Choices, pick: int, **more: Any) -> ImportResult | None:
    """The import, each question on the way answered by one of its answers; None where it is refused in the end."""
    options: list[str] = []
    for _ in range(MOST_QUESTIONS):
        more_choices, columns = answered(options)
        try:
            return import_file(
                Workspace.open(home), path, dataset="Shop", today=TODAY, choices=more_choices.over(decided),
                columns=columns, **more,
            )  # fmt: skip
        except AmbiguousReading as question:
            new = [one for one in question.answers if one not in options]
            if not new:
                raise AssertionError(f"asked again: {question}") from question
            options.append(new[pick % len(new)])
        except DataError as refusal:
            event(refusal.code)
            return None
    raise AssertionError(f"no end of questions: {options}")


def physical(rows: list[list[str]]) -> dict[int, list[str]]:
    """The rows by the line they stand on."""
    return dict(enumerate(rows[1:], 2))


def _filled(cells: list[str | None]) -> list[str]:
    return [cell for cell in cells if cell]


def check(rows: list[list[str]], result: ImportResult, *, drop_repeats: bool) -> None:
    """Every row of the file is in one place, and every cent."""
    ledger, kept = result.ledger, lines(result.version)
    aside = read_set_aside(result.version).to_pylist()
    there = physical(rows)
    numbers = [one["line_number"] for one in aside]
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(there)
    assert dict(Counter(one["reason"] for one in aside)) == ledger.set_aside
    for one in aside:
        assert _filled(one["row"]) == _filled(list(there[one["line_number"]]))
    rest = [there[number] for number in there if number not in set(numbers)]
    of_rows = [line for line in kept if line["part"] is None]
    assert ledger.read == len(there)
    assert len(of_rows) == ledger.loaded == len(rest) - ledger.dropped_repeats
    if "product" in result.mapping.columns() and not drop_repeats and not ledger.dropped_repeats:
        at = rows[0].index(result.mapping.columns()["product"])
        said = Counter(row[at] for row in rest if row[at] not in {"", "NULL"})
        assert Counter(line["product"] for line in of_rows if line["product"] not in {None, "NULL"}) == said
    check_money(result, kept, aside)


def check_money(result: ImportResult, kept: list[dict[str, Any]], aside: list[dict[str, Any]]) -> None:
    """The file's revenue is what is stored, what was set aside and what repeats; what is left out has its reasons."""
    ledger = result.ledger
    listed = sum((line["listed_amount"] for line in kept), ZERO)
    left = {one["reason"]: ZERO for one in aside if one["reason"] not in OUTSIDE_REVENUE}
    for one in aside:
        if one["reason"] in left:
            left[one["reason"]] += one["amount"] or ZERO
    repeated = ledger.excluded.get("repeated_row", ZERO)
    assert ledger.revenue_file == listed + sum(left.values(), ZERO) + repeated
    assert ledger.revenue_kept == sum((line["amount"] for line in kept), ZERO)
    assert ledger.revenue_file == ledger.revenue_kept + sum(ledger.excluded.values(), ZERO)
    assert {reason: amount for reason, amount in left.items() if amount} == {
        reason: amount for reason, amount in ledger.excluded.items() if reason in left
    }


@settings(
    derandomize=True, database=None, deadline=None, max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(rows=files(), decided=choices, pick=st.integers(0, 3), drop_repeats=st.booleans())
def test_every_row_and_cent_of_any_file_is_accounted_for(
    rows: list[list[str]], decided: Choices, pick: int, drop_repeats: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, home = Path(folder) / "orders.csv", Path(folder) / "home"
        path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n", encoding="utf-8")
        result = taken(path, home, decided, pick, drop_repeats=drop_repeats)
        if result is None:
            return
        event("imported")
        check(rows, result, drop_repeats=drop_repeats)
        again = taken(path, home, decided, pick, drop_repeats=drop_repeats)
        assert again is not None
        assert again.version.number == result.version.number
        assert (again.ledger.loaded, again.ledger.read) == (0, result.ledger.read)
        assert lines(again.version) == lines(result.version)


def test_a_ledger_that_loses_a_cent_or_a_row_is_found_out(tmp_path: Path) -> None:
    rows = [["Customer", "Order", "Date", "Product", "Amount"], ["ann", "A1", "2026-02-03", "Tea", "12.50"],
            ["bea", "A2", "2026-02-04", "Pot", "3.00"], ["cid", "A3", "someday", "Pan", "4.00"]]  # fmt: skip
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    result = taken(path, tmp_path / "home", Choices(), 0)
    assert result is not None
    check(rows, result, drop_repeats=False)
    ledger = result.ledger
    cent = Decimal("0.01")
    for wrong in (
        {"revenue_file": ledger.revenue_file + cent, "revenue_kept": ledger.revenue_kept + cent},
        {"read": ledger.read + 1, "loaded": ledger.loaded + 1},
        {"set_aside": {}, "loaded": ledger.loaded + 1},
        {"excluded": {}, "revenue_kept": ledger.revenue_file},
    ):
        with pytest.raises(AssertionError):
            check(rows, replace(result, ledger=replace(ledger, **wrong)), drop_repeats=False)
    with pytest.raises(LedgerDoesNotAddUp):
        replace(ledger, revenue_kept=ledger.revenue_kept + cent)
