"""What became of an order stays true across imports: whichever file comes first, and however much detail it has."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from tests.segmentation.intake.test_same_sale import revenue
from tests.segmentation.intake_files import csv, lines, load, money

ORDERS = 20
UNDONE = (5, 9)


def total(number: int) -> int:
    """What an order comes to."""
    return 30 + number


def by_order(state: str = "paid", *, undone: tuple[int, ...] = UNDONE, paid: str = "paid") -> str:
    """Orders with their states, as one export of a shop has them."""
    rows = [
        f"{n},2026-02-{n:02d},{'abcd'[n % 4]}@example.com,{state if n in undone else paid},{total(n)}.00"
        for n in range(1, ORDERS + 1)
    ]
    return csv(*rows, header="order_id,ordered_on,email,status,amount")


def by_line() -> str:
    """The lines of the same orders, in an export that says nothing of states."""
    rows = [
        f"{n},2026-02-{n:02d},{'abcd'[n % 4]}@example.com,{what},1,{price}.00"
        for n in range(1, ORDERS + 1)
        for what, price in (("Soap", 10), ("Oil", total(n) - 10))
    ]
    return csv(*rows, header="order_id,ordered_on,email,product,qty,price")


WHOLE = sum(map(total, range(1, ORDERS + 1)))
LEFT = money(str(WHOLE - sum(map(total, UNDONE))))
STATES = ["cancelled", "refunded", "test"]
ANY_ORDER = list(permutations(range(3)))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("place", ANY_ORDER, ids=str)
def test_orders_that_were_undone_stay_so_in_any_order(tmp_path: Path, place: tuple[int, ...], state: str) -> None:
    files = [("old.csv", by_order()), ("new.csv", by_order(state)), ("lines.csv", by_line())]
    for at in place:
        result = load(tmp_path, files[at][1], name=files[at][0])
    stored = lines(result.version)
    assert revenue(result) == LEFT == sum(line["amount"] for line in stored)
    assert sum(line["product"] is not None for line in stored) == 2 * ORDERS
    for at in (0, 2, 1):
        again = load(tmp_path, files[at][1], name=files[at][0])
        assert revenue(again) == LEFT
    assert len(lines(again.version)) == len(stored)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("first", ["orders", "lines"])
def test_lines_of_orders_that_were_undone_count_nothing(tmp_path: Path, first: str, state: str) -> None:
    files = {"orders": by_order(state), "lines": by_line()}
    load(tmp_path, files.pop(first), name="a.csv")
    ((_, text),) = files.items()
    result = load(tmp_path, text, name="b.csv")
    assert revenue(result) == LEFT
    of_order = [line for line in lines(result.version) if line["order_id"] == "5"]
    assert {line["product"] for line in of_order} - {None} == {"Soap", "Oil"}
    assert sum(line["amount"] for line in of_order) == 0
    ledger = result.ledger
    assert ledger.revenue_kept + sum(ledger.excluded.values()) == ledger.revenue_file


@pytest.mark.parametrize("words", ["completed", "shipped", "fulfilled", "paid"])
def test_an_older_export_does_not_bring_cancelled_orders_back(tmp_path: Path, words: str) -> None:
    load(tmp_path, by_order("cancelled", paid=words), name="new.csv")
    old = load(tmp_path, by_order(paid=words, undone=()), name="old.csv")
    assert (revenue(old), old.ledger.loaded) == (LEFT, 0)


def test_an_order_that_counts_again_does_so_where_that_is_said(tmp_path: Path) -> None:
    load(tmp_path, by_order("cancelled"), name="new.csv")
    back = load(tmp_path, by_order(undone=()), name="old.csv", replace=True)
    assert revenue(back) == money(str(WHOLE))


def test_a_file_that_tells_no_states_brings_nothing_back_even_where_it_replaces(tmp_path: Path) -> None:
    load(tmp_path, by_order("cancelled"), name="orders.csv")
    result = load(tmp_path, by_line(), name="lines.csv", replace=True)
    assert revenue(result) == LEFT


def test_a_cancelled_order_that_comes_with_other_sales_is_asked_about(tmp_path: Path) -> None:
    load(tmp_path, by_order("cancelled"), name="new.csv")
    other = by_order(undone=()).replace("paid,35.00", "paid,35.10")
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, other, name="other.csv")
    assert asked.value.answers == ("--replace", "--keep")
    assert revenue(load(tmp_path, other, name="other.csv", replace=False)) == LEFT


def test_the_state_stays_with_the_shop_where_that_was_said(tmp_path: Path) -> None:
    load(tmp_path, by_line(), name="lines.csv")
    kept = load(tmp_path, by_order("cancelled"), name="orders.csv", replace=False)
    assert revenue(kept) == money(str(WHOLE))
