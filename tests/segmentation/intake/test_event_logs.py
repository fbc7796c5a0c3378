"""Logs of what became of orders: the amount that stands on each event counts once, and lines of orders stay lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from segmentation.meaning import Choices
from tests.segmentation.intake_files import load

ORDERS = 24
DONE, UNDONE = ("placed", "paid", "shipped"), ("placed", "paid", "cancelled")


def day(order: int, event: int, notation: str) -> str:
    return (date(2026, 1, 2) + timedelta(days=9 * order + 5 * event)).strftime(notation)


def amount(order: int) -> str:
    return f"{20 + 3 * (order % 7)}.00"


WHOLE = sum(Decimal(amount(n)) for n in range(ORDERS))
KEPT = sum(Decimal(amount(n)) for n in range(ORDERS) if n % 6)


def log(
    header: str,
    cells: Callable[[int, int, str], Sequence[object]],
    done: Sequence[str] = DONE,
    undone: Sequence[str] = UNDONE,
    *,
    newest_first: bool = False,
) -> str:
    """A log with a row for each event; each sixth order is undone."""
    rows = [cells(n, at, what) for n in range(ORDERS) for at, what in enumerate(done if n % 6 else undone)]
    written = [",".join(map(str, row)) for row in rows]
    return "\n".join([header, *(reversed(written) if newest_first else written)]) + "\n"


def english(newest_first: bool = False) -> str:
    return log("occurred_at,order_id,event,customer_id,order_total", lambda n, at, what: (
        day(n, at, "%Y-%m-%dT10:00:00Z"), 80 + n, what, f"c{n % 5}", amount(n)), newest_first=newest_first)  # fmt: skip


def german() -> str:
    return log(
        "Kunde,Bestellnummer,Betrag,Ereignis,Zeitpunkt",
        lambda n, at, what: (f"K{n % 5}", f"B-{n}", amount(n), what, day(n, at, "%d.%m.%Y")),
        ("bezahlt", "versendet", "geliefert"),
        ("bezahlt", "versendet", "storniert"),
    )


def with_numbers_of_events_and_who_did_it() -> str:
    return log("event_no,order,state,changed,by,customer,total", lambda n, at, what: (
        1000 + 3 * n + at, n, what, day(n, at, "%Y-%m-%d"), "ab"[at % 2], f"c{n % 5}", amount(n)))  # fmt: skip


def with_a_product_of_the_order() -> str:
    return log("date,order id,customer,product,status,amount", lambda n, at, what: (
        day(n, at, "%Y-%m-%d"), n, f"c{n % 5}", ("Tea", "Mug")[n % 2], what, amount(n)))  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        english,
        lambda: english(newest_first=True),
        german,
        with_numbers_of_events_and_who_did_it,
        with_a_product_of_the_order,
    ],
)
def test_an_orders_amount_counts_once_and_its_last_event_decides(tmp_path: Path, written: Callable[[], str]) -> None:
    result = load(tmp_path, written())
    assert result.ledger.revenue_kept == KEPT
    assert result.ledger.revenue_file == WHOLE
    assert (result.ledger.orders, result.ledger.customers) == (ORDERS - 4, 5)


def test_an_order_is_placed_on_the_day_of_its_first_event(tmp_path: Path) -> None:
    """The first order that counts is the second one: the first was undone."""
    held = load(tmp_path, english(newest_first=True)).version.manifest
    assert (held.first, held.last) == (date(2026, 1, 11), date(2026, 1, 2) + timedelta(days=9 * (ORDERS - 1)))


@pytest.mark.parametrize(
    ("done", "undone"),
    [(("jedna", "dwie", "trzy"),) * 2, (("erste Rate", "zweite Rate", "dritte Rate"),) * 2],
)
def test_words_that_nobody_knows_are_asked_about(tmp_path: Path, done: Sequence[str], undone: Sequence[str]) -> None:
    """They may be payments of a part as well as events."""
    text = log("date,order,what,customer,amount", lambda n, at, what: (
        day(n, at, "%Y-%m-%d"), n, what, f"c{n % 5}", amount(n)), done, undone)  # fmt: skip
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, text)
    known = tuple((word, "sale") for word in (*done, *undone))
    assert any(answer.startswith(("--amount-of", "--status")) for answer in asked.value.answers)
    assert load(tmp_path, text, choices=Choices(amount_of="order", statuses=known)).ledger.revenue_kept == WHOLE
    each = load(tmp_path, text, "Other", choices=Choices(amount_of="line", statuses=known))
    assert each.ledger.revenue_kept == 3 * WHOLE


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        # three equal lines of an order, on its day
        ("date,order,customer,amount", lambda n, at: (day(n, 0, "%Y-%m-%d"), n, f"c{n % 5}", amount(n))),
        # lines of one state
        ("date,order,customer,status,amount",
         lambda n, at: (day(n, 0, "%Y-%m-%d"), n, f"c{n % 5}", "paid", amount(n))),
        # products of one price, shipped one after the other
        ("shipped,date,order,customer,product,amount",
         lambda n, at: (day(n, at, "%Y-%m-%d"), day(n, 0, "%Y-%m-%d"), n, f"c{n % 5}", ("Tea", "Mug", "Pot")[at],
                        amount(n + at))),
    ],
)  # fmt: skip
def test_three_lines_of_an_order_stay_three(
    tmp_path: Path, header: str, cells: Callable[[int, int], tuple[object]]
) -> None:
    rows = [",".join(map(str, cells(n, at))) for n in range(ORDERS) for at in range(3)]
    result = load(tmp_path, "\n".join([header, *rows]) + "\n")
    assert result.ledger.revenue_kept == sum(Decimal(row.rpartition(",")[2]) for row in rows)
