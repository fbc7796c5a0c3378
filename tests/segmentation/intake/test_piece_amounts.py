"""Amounts without and with tax beside a quantity: of the line, or of one piece of it."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from segmentation.errors import AmbiguousReading
from tests.segmentation.intake_files import csv, load, money

CENT = Decimal("0.01")
NAMES = [
    ("Qty", "Net", "Tax", "Gross"),
    ("Menge", "Netto", "MwSt", "Brutto"),
    ("Qty", "Net price", "VAT", "Gross price"),
    ("Quantité", "Prix HT", "TVA", "Prix TTC"),
    ("Quantity", "Subtotal", "Tax", "Total"),
]
TOTALS = {"": [], "total": ["Order total"], "shipping, total": ["Shipping", "Order total"]}


def sales(seed: int, rates: list[str], *, pieces: bool = True, goods: int = 15) -> list[dict[str, str]]:
    """Rows of orders; their amounts are those of pieces, or of lines. `right` is what lines come to without tax."""
    made, rows = random.Random(seed), list[dict[str, str]]()
    sold = [(Decimal(made.randint(300, 6000)) / 100, Decimal(rates[n % len(rates)])) for n in range(goods)]
    for order in range(50):
        mine, total = list[dict[str, str]](), Decimal("4.90")
        for at in made.sample(range(goods), made.randint(1, 3)):
            (net, rate), quantity = sold[at], Decimal(made.randint(1, 5))
            tax = (net * rate).quantize(CENT, ROUND_HALF_UP)
            total += quantity * (net + tax)
            times = 1 if pieces else quantity
            amounts = {"net": net * times, "tax": tax * times, "gross": (net + tax) * times}
            start = f"A{order},c{order % 17}@y.example,2026-02-{1 + order % 28:02}"
            mine.append({"start": start, "item": f"Item {at}", "quantity": str(quantity), "right": str(net * quantity)})
            mine[-1] |= {name: str(value) for name, value in amounts.items()}
        rows += [{**row, "Shipping": "4.90", "bill": str(total), "goods": str(total - Decimal("4.90"))} for row in mine]
    return rows


def text(rows: list[dict[str, str]], names: tuple[str, ...], totals: list[str], *, items: bool = True) -> str:
    said = {"Shipping": "Shipping", "Order total": "bill" if "Shipping" in totals else "goods"}
    columns = [*(["item"] if items else []), "quantity", "net", "tax", "gross", *(said[one] for one in totals)]
    header = ",".join(["Order", "Customer", "Date", *(["Item"] if items else []), *names, *totals])
    return csv(*(",".join([row["start"], *(row[one] for one in columns)]) for row in rows), header=header)


def right(rows: list[dict[str, str]]) -> Decimal:
    return money(str(sum((Decimal(row["right"]) for row in rows), Decimal(0))))


@pytest.mark.parametrize("totals", TOTALS)
@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("rates", [["0.19"], ["0.2", "0.055"]])
@pytest.mark.parametrize("pieces", [True, False])
def test_amounts_of_pieces_are_multiplied_and_those_of_lines_are_not(
    tmp_path: Path, totals: str, names: tuple[str, ...], rates: list[str], pieces: bool
) -> None:
    rows = sales(3, rates, pieces=pieces)
    assert load(tmp_path, text(rows, names, TOTALS[totals])).ledger.revenue_kept == right(rows)


@pytest.mark.parametrize("totals", ["total", "shipping, total"])
def test_the_total_tells_also_where_no_product_does(tmp_path: Path, totals: str) -> None:
    rows = sales(4, ["0.19"])
    assert load(tmp_path, text(rows, NAMES[0], TOTALS[totals], items=False)).ledger.revenue_kept == right(rows)


def test_amounts_that_their_quantities_divide_are_those_of_lines(tmp_path: Path) -> None:
    rows = sales(5, ["0.19"], pieces=False)
    assert load(tmp_path, text(rows, NAMES[0], [], items=False)).ledger.revenue_kept == right(rows)


def test_it_is_asked_where_nothing_tells(tmp_path: Path) -> None:
    rows = sales(6, ["0.19"])
    file = text(rows, NAMES[0], [], items=False)
    with pytest.raises(AmbiguousReading) as asked:
        load(tmp_path, file)
    assert set(asked.value.answers) == {"--column amount=Net", "--column unit_price=Net"}
    answered = load(tmp_path, file, "Pieces", columns={"unit_price": "Net"})
    assert answered.ledger.revenue_kept == right(rows)
    as_lines = load(tmp_path, file, "Lines", columns={"amount": "Net"})
    assert as_lines.ledger.revenue_kept == money(str(sum(Decimal(row["net"]) for row in rows)))


def test_products_that_are_bought_once_tell_nothing_and_their_name_does_not_decide(tmp_path: Path) -> None:
    rows = sales(7, ["0.19"])
    for at, row in enumerate(rows):
        row["item"] = f"Unique {at}"
    with pytest.raises(AmbiguousReading):
        load(tmp_path, text(rows, NAMES[0], []))
