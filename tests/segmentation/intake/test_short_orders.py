"""Files that end in the middle of an order, or leave rows of one out: what no row tells is no sale, and it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.segmentation.intake_files import csv, lines, load, money

GENERIC = "Order,Customer,Date,Item,Qty,Price,Order subtotal,Shipping,Order total"
GERMAN = "Bestellnr,Kunde,Datum,Artikel,Menge,Einzelpreis,Zwischensumme,Versand,Gesamtsumme"
SHOPIFY = (
    "Name,Email,Created at,Lineitem name,Lineitem quantity,Lineitem price,Subtotal,Shipping,Total,Financial Status,"
    "Discount Amount"
)
ORDERS = 21
WHOLE = sum(6 * (order % 13) + 60 for order in range(ORDERS))
"""What all goods cost; those of the last order are 2 × 12, 2 × 17 and 2 × 22."""
OFF = 7 * 5


def rows(*, last_rows: int = 3, shopify: bool = False, lead: bool = False, more: int = 0) -> list[str]:
    """Orders of three rows; of the last one so many. Every third has a discount of 5 in Shopify's export. Subtotals
    are so much `more` than the rows."""
    found = []
    for order in range(ORDERS):
        step, off = order % 13, 5 if shopify and order % 3 == 0 else 0
        goods = 6 * step + 60 - off + more
        for item in range(last_rows if order == ORDERS - 1 else 3):
            sums = [f"{goods}.00", "4.00", f"{goods + 4}.00", *(["paid", f"{off}.00"] if shopify else [])]
            sums = sums if item == 0 or not lead else [""] * len(sums)
            day = f"2026-02-{1 + order:02}"
            line = [f"A{order}", f"c{order % 9}@y.example", day, f"Item {item}", "2", f"{5 * (item + 1) + step}.00"]
            found.append(",".join([*line, *sums]))
    return found


def shopify(**more: int) -> str:
    return csv(*rows(shopify=True, lead=True, **more), header=SHOPIFY)


@pytest.mark.parametrize(("header", "lead"), [(GENERIC, False), (GENERIC, True), (GERMAN, False), (SHOPIFY, True)])
@pytest.mark.parametrize(("last_rows", "lacking"), [(1, 34 + 44), (2, 44)])
def test_rows_that_are_missing_of_the_last_order_are_no_sale(
    tmp_path: Path, header: str, lead: bool, last_rows: int, lacking: int
) -> None:
    of_shopify = header == SHOPIFY
    whole, cut = (rows(last_rows=n, shopify=of_shopify, lead=lead) for n in (3, last_rows))
    revenue = WHOLE - OFF if of_shopify else WHOLE
    result = load(tmp_path, csv(*cut, header=header))
    assert result.ledger.revenue_kept == money(f"{revenue - lacking}.00")
    (said,) = [one for one in result.warnings if "fewer rows" in one]
    assert said.startswith("Order A20 has fewer rows")
    assert f"{lacking}.00 that no row tells" in said
    after = load(tmp_path, csv(*whole, header=header))  # it comes to what it owed: nothing to ask
    assert sum(one["amount"] for one in lines(after.version)) == money(f"{revenue}.00")
    assert not [one for one in after.warnings if "fewer rows" in one]


def test_a_last_row_that_is_cut_off_leaves_its_money_out_of_its_order(tmp_path: Path) -> None:
    text = shopify()
    result = load(tmp_path, text[: text.rindex("Item 2") + 3])
    assert result.ledger.set_aside == {"cut_off": 1}
    assert result.ledger.revenue_kept == money(f"{WHOLE - OFF - 44}.00")


def test_an_order_that_the_shop_has_whole_does_not_give_way_to_a_part_of_it(tmp_path: Path) -> None:
    cut = shopify(last_rows=1)
    load(tmp_path, shopify())
    kept = load(tmp_path, cut, name="older.csv")
    assert sum(one["amount"] for one in lines(kept.version)) == money(f"{WHOLE - OFF}.00")
    taken = load(tmp_path, cut, name="older.csv", replace=True)
    assert sum(one["amount"] for one in lines(taken.version)) == money(f"{WHOLE - OFF - 78}.00")


def some_left_out(lines_of: list[str], share: float) -> tuple[list[str], int]:
    """The rows without the last one of so many orders, and what those come to."""
    without = {f"A{order}" for order in range(0, ORDERS, round(1 / share))}
    gone = [row for row in lines_of if row.split(",")[0] in without and ",Item 2," in row]
    lacking = sum(int(row.split(",")[4]) * round(float(row.split(",")[5])) for row in gone)
    return [row for row in lines_of if row not in gone], lacking


@pytest.mark.parametrize(("header", "lead"), [(GENERIC, False), (GENERIC, True), (GERMAN, False), (SHOPIFY, True)])
@pytest.mark.parametrize("share", [1 / 10, 1 / 3, 1 / 2])
def test_rows_that_are_missing_of_many_orders_are_no_sale(
    tmp_path: Path, header: str, lead: bool, share: float
) -> None:
    of_shopify = header == SHOPIFY
    cut, lacking = some_left_out(rows(shopify=of_shopify, lead=lead), share)
    result = load(tmp_path, csv(*cut, header=header))
    assert result.ledger.revenue_kept == money(f"{WHOLE - (OFF if of_shopify else 0) - lacking}.00")
    (said,) = [one for one in result.warnings if "fewer rows" in one]
    assert f"{lacking:,}.00 that no row tells do not count" in said


@pytest.mark.parametrize("called", ["Subtotal", "Order total", "Summe der Bestellung"])
@pytest.mark.parametrize("priced", [True, False])
def test_rows_are_held_against_the_only_sum_of_their_order(tmp_path: Path, called: str, priced: bool) -> None:
    cut, lacking = some_left_out([",".join(row.split(",")[:7]) for row in rows()], 1 / 5)
    header = f"Order,Customer,Date,Item,Qty,Price,{called}"
    if not priced:
        split = [row.split(",") for row in cut]
        cut = [",".join([*one[:4], f"{2 * float(one[5]):.2f}", one[6]]) for one in split]
        header = f"Order,Customer,Date,Item,Amount,{called}"
    result = load(tmp_path, csv(*cut, header=header))
    assert result.ledger.revenue_kept == money(f"{WHOLE - lacking}.00")
    assert [one for one in result.warnings if f"{lacking:,}.00 that no row tells do not count" in one]


def test_subtotals_of_many_orders_that_are_more_by_the_same_are_a_habit_and_said(tmp_path: Path) -> None:
    result = load(tmp_path, shopify(more=3))
    assert result.ledger.revenue_kept == money(f"{WHOLE - OFF + 3 * ORDERS}.00")
    assert not [one for one in result.warnings if "fewer rows" in one]
    assert [one for one in result.warnings if "14 orders cost more" in one and "42.00 that no row tells count" in one]


def test_wrapping_in_the_sums_of_some_orders_is_no_missing_row(tmp_path: Path) -> None:
    wrapped = {f"A{order}" for order in range(0, ORDERS, 3)}
    split = [row.split(",") for row in rows()]
    for one in split:
        one[6] = f"{float(one[6]) + 3 * (one[0] in wrapped):.2f}"
    result = load(tmp_path, csv(*(",".join(one[:7]) for one in split), header="Order,Customer,Date,Item,Qty,Price,Sum"))
    assert result.ledger.revenue_kept == money(f"{WHOLE}.00")
    assert not [one for one in result.warnings if "fewer rows" in one]
