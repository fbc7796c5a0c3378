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


def test_subtotals_of_many_orders_that_are_more_than_their_rows_are_a_habit(tmp_path: Path) -> None:
    result = load(tmp_path, shopify(more=3))
    assert result.ledger.revenue_kept == money(f"{WHOLE - OFF + 3 * ORDERS}.00")
    assert not [one for one in result.warnings if "fewer rows" in one]
