"""Further lines of orders that the shop has, and orders that are told anew with the same sales."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.errors import OrdersChanged
from segmentation.intake.accounts.added import FurtherSales
from tests.segmentation.intake_files import csv, lines, load, money

HEADER = "Order,Date,Customer,Product,Amount"
ORDERS = 250


def export(*, without: tuple[int, ...] = (), product: str = "Mug", header: str = HEADER, status: str = "") -> str:
    """Orders of a tea for 60.00 and a mug for 40.00; some have no mug."""
    rows = []
    for order in range(1, ORDERS + 1):
        start = f"{order},2026-03-{order % 28 + 1:02d},C{order % 9}"
        rows.append(f"{start},Tea,60.00{status}")
        rows += [] if order in without else [f"{start},{product},40.00{status}"]
    return csv(*rows, header=header)


def stored(result: object) -> Decimal:
    return sum((one["amount"] for one in lines(result.version)), Decimal(0))  # type: ignore[attr-defined]


def test_a_line_that_only_the_older_export_holds_is_added_and_said(tmp_path: Path) -> None:
    load(tmp_path, export(without=(7,)), name="new.csv")
    older = load(tmp_path, export(), name="old.csv")
    assert stored(older) == money(f"{ORDERS * 100}.00")
    (said,) = [one for one in older.warnings if "further row" in one]
    assert "1 order" in said
    assert "40.00" in said


@pytest.mark.parametrize("without", [(7, 8, 9), tuple(range(1, 101))])
def test_lines_of_orders_of_more_than_a_hundredth_are_asked_about(tmp_path: Path, without: tuple[int, ...]) -> None:
    load(tmp_path, export(without=without), name="new.csv")
    with pytest.raises(FurtherSales, match=f"{len(without)} rows with a revenue of {len(without) * 40:,}.00"):
        load(tmp_path, export(), name="old.csv")
    less = money(f"{ORDERS * 100 - 40 * len(without)}.00")
    assert stored(load(tmp_path, export(), name="old.csv", replace=False)) == less
    assert stored(load(tmp_path, export(), name="old.csv", replace=True)) == money(f"{ORDERS * 100}.00")


def test_lines_of_an_export_that_goes_on_later_are_added_and_said(tmp_path: Path) -> None:
    load(tmp_path, export(without=(7, 8, 9, 10)), name="old.csv")
    newer = load(tmp_path, export() + "999,2026-04-02,C3,Tea,60.00\n", name="new.csv")
    assert stored(newer) == money(f"{ORDERS * 100 + 60}.00")
    (said,) = [one for one in newer.warnings if "4 further rows" in one]
    assert "160.00" in said
    assert "older" not in said


def test_orders_that_go_on_in_another_file_are_added_without_a_question(tmp_path: Path) -> None:
    whole = export().splitlines()[1:]
    load(tmp_path, csv(*whole[::2], header=HEADER), name="teas.csv")
    rest = load(tmp_path, csv(*whole[1::2], header=HEADER), name="mugs.csv")
    assert stored(rest) == money(f"{ORDERS * 100}.00")
    assert not [one for one in rest.warnings if "further row" in one]


def test_the_same_export_and_one_with_further_orders_say_nothing(tmp_path: Path) -> None:
    load(tmp_path, export(), name="one.csv")
    more = export() + "999,2026-04-02,C3,Tea,60.00\n"
    assert not [one for one in load(tmp_path, more, name="two.csv").warnings if "already" in one]


def test_orders_that_come_to_the_same_are_in_no_other_state(tmp_path: Path) -> None:
    load(tmp_path, export(), name="old.csv")
    again = load(tmp_path, export(product="Blue mug"), name="new.csv")
    assert [one for one in again.warnings if "were there already, and come to the same" in one]
    assert not [one for one in again.warnings if "another state" in one]


@pytest.mark.parametrize(("before", "after"), [("paid", "completed"), ("paid", "shipped"), ("completed", "paid")])
def test_a_status_that_changes_nothing_is_no_other_state(tmp_path: Path, before: str, after: str) -> None:
    load(tmp_path, export(header=f"{HEADER},Status", status=f",{before}"), name="old.csv")
    again = load(tmp_path, export(header=f"{HEADER},Status", status=f",{after}"), name="new.csv")
    assert stored(again) == money(f"{ORDERS * 100}.00")
    assert not [one for one in again.warnings if "another state" in one]


def test_a_status_that_cancels_is_another_state(tmp_path: Path) -> None:
    load(tmp_path, export(header=f"{HEADER},Status", status=",paid"), name="old.csv")
    text = export(header=f"{HEADER},Status", status=",paid").replace("Tea,60.00,paid", "Tea,60.00,cancelled", 1)
    text = text.replace("Mug,40.00,paid", "Mug,40.00,cancelled", 1)
    again = load(tmp_path, text, name="new.csv")
    assert stored(again) == money(f"{ORDERS * 100 - 100}.00")
    assert [one for one in again.warnings if "1 orders were there already in another state" in one]


def test_what_is_asked_is_an_order_that_changed(tmp_path: Path) -> None:
    load(tmp_path, export(without=(1, 2, 3, 4)), name="new.csv")
    with pytest.raises(OrdersChanged) as asked:
        load(tmp_path, export(), name="old.csv")
    assert set(asked.value.options) == {"--replace", "--keep"}
