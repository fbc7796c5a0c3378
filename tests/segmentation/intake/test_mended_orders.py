"""Rows of an order that cannot be read leave their money out of what the order says of its goods, and exactly that
money comes back when they are mended."""

from __future__ import annotations

import csv as csv_text
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from segmentation.intake import ImportResult, rejected
from segmentation.meaning import Choices
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import lines, load

SHOPIFY = [
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Shipping", "Taxes",
    "Total", "Discount Code", "Discount Amount", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price",
    "Lineitem sku", "Cancelled at", "Refunded Amount", "Vendor", "Id", "Tags",
]  # fmt: skip
PRICE, DAY, QUANTITY = (SHOPIFY.index(name) for name in ("Lineitem price", "Created at", "Lineitem quantity"))
GOODS = [("Towel", 1, "34.00"), ("Diffuser", 3, "49.00")]
"""Two lines of an order: 34.00 and 147.00."""


def shop(**order: str) -> list[list[str]]:
    """Twelve orders of two lines, 181.00 each; `order` says more of number 1006."""
    found = []
    for number in range(1001, 1013):
        says = {
            "Subtotal": "181.00",
            "Shipping": "5.00",
            "Taxes": "14.48",
            "Total": "200.48",
            "Discount Amount": "0.00",
        }
        says |= {"Financial Status": "paid", "Currency": "USD", "Refunded Amount": "0.00", "Id": f"50{number}"}
        if number == 1006:
            says |= {name.replace("_", " "): value for name, value in order.items()}
        for at, (product, pieces, price) in enumerate(GOODS):
            row = dict.fromkeys(SHOPIFY, "") | (says if not at else {})
            row |= {"Name": f"#{number}", "Email": f"ann{number % 7}@mail.example", "Vendor": "Us"}
            day = f"2026-01-{number - 1000:02d} 10:00:00 -0400"
            row |= {"Created at": day, "Lineitem quantity": str(pieces), "Lineitem name": product}
            found.append([*(row | {"Lineitem price": price}).values()])
    return found


def text_of(rows: list[list[str]], header: list[str] = SHOPIFY) -> str:
    out = io.StringIO()
    csv_text.writer(out).writerows([header, *rows])
    return out.getvalue()


def spoiled(rows: list[list[str]], cells: list[tuple[int, int]]) -> str:
    """The file with some cells (row, column) that cannot be read."""
    said = [list(row) for row in rows]
    for row, column in cells:
        said[row][column] = "ask Tom"
    return text_of(said)


def mended(folder: Path, rows: list[list[str]], cells: list[tuple[int, int]], **more: Any) -> ImportResult:
    """Import the rejected rows with their right cells."""
    (one,) = rejected(Workspace.open(folder / "workspace").latest("Shop"))
    header, *out = list(csv_text.reader(io.StringIO(one.csv().decode("utf-8-sig"), newline="")))
    assert len(out) == len({row for row, _ in cells})
    for said in out:
        at = int(said[header.index("Tessera: line")]) - 2
        for row, column in cells:
            if row == at:
                said[column] = rows[row][column]
    return load(folder, text_of(out, header), name="mended.csv", **more)


def kept(version: Any) -> Decimal:
    return sum((line["amount"] for line in lines(version)), Decimal(0))


FIRST, SECOND = 10, 11
"""The rows of order 1006."""


@pytest.mark.parametrize(
    ("cells", "without"),
    [
        ([(FIRST, PRICE)], "34.00"),
        ([(SECOND, PRICE)], "147.00"),
        ([(FIRST, DAY)], "34.00"),
        ([(SECOND, QUANTITY)], "147.00"),
        ([(FIRST, PRICE), (SECOND, PRICE)], "181.00"),
        ([(FIRST, PRICE), (SECOND, DAY)], "181.00"),
        ([(FIRST, PRICE), (17, PRICE), (23, DAY)], "328.00"),
    ],
)
@pytest.mark.parametrize(
    ("order", "true"),
    [
        ({}, "2172.00"),
        ({"Subtotal": "161.00", "Discount_Amount": "20.00"}, "2152.00"),
        ({"Refunded_Amount": "200.48", "Financial_Status": "refunded"}, "1991.00"),
        ({"Cancelled_at": "2026-01-07 10:00:00 -0400", "Financial_Status": "voided"}, "1991.00"),
    ],
)
def test_what_is_mended_gives_the_true_total(
    tmp_path: Path, cells: list[tuple[int, int]], without: str, order: dict[str, str], true: str
) -> None:
    rows = shop(**order)
    first = load(tmp_path, spoiled(rows, cells))
    if not order:
        assert kept(first.version) == Decimal(true) - Decimal(without)
    done = mended(tmp_path, rows, cells)
    assert kept(done.version) == Decimal(true)
    assert done.ledger.replaced.rows == 0
    assert kept(load(tmp_path, text_of(rows), name="whole.csv").version) == Decimal(true)


@pytest.mark.parametrize("cell", [PRICE, DAY, QUANTITY])
@pytest.mark.parametrize("row", [FIRST, SECOND])
@pytest.mark.parametrize("more", ["", "5.00"])
def test_a_discount_that_only_the_subtotal_tells_is_found_when_the_row_is_back(
    tmp_path: Path, row: int, cell: int, more: str
) -> None:
    rows = shop(Subtotal="161.00", **({"Refunded_Amount": more} if more else {}))
    load(tmp_path, spoiled(rows, [(row, cell)]))
    done = mended(tmp_path, rows, [(row, cell)])
    whole = load(tmp_path, text_of(rows), "Whole", name="whole.csv")
    assert kept(done.version) == kept(whole.version)
    if not more:
        assert kept(done.version) == 2152
    again = load(tmp_path, text_of(rows), name="again.csv")
    assert kept(again.version) == kept(whole.version)


@pytest.mark.parametrize("turned", [False, True])
def test_rows_of_an_order_mended_one_by_one_come_to_its_subtotal(tmp_path: Path, turned: bool) -> None:
    rows = shop(Subtotal="161.00")
    rows.insert(SECOND + 1, [*rows[SECOND]])
    rows[SECOND + 1][SHOPIFY.index("Lineitem name")] = "Candle"
    rows[FIRST][SHOPIFY.index("Subtotal")] = "308.00"  # of 34 + 147 + 147
    cells = [(SECOND, PRICE), (SECOND + 1, PRICE)]
    load(tmp_path, spoiled(rows, cells))
    (one,) = rejected(Workspace.open(tmp_path / "workspace").latest("Shop"))
    header, *out = list(csv_text.reader(io.StringIO(one.csv().decode("utf-8-sig"), newline="")))
    for said, (row, _) in zip(out, cells, strict=True):
        said[PRICE] = rows[row][PRICE]
    load(tmp_path, text_of([out[int(turned)]], header), name="one.csv")
    done = load(tmp_path, text_of([out[int(not turned)]], header), name="other.csv")
    assert kept(done.version) == 11 * 181 + 308


def test_a_rest_of_the_subtotal_is_no_discount(tmp_path: Path) -> None:
    first = load(tmp_path, spoiled(shop(), [(FIRST, PRICE), (SECOND + 2, DAY)]))
    assert not [line for line in lines(first.version) if line["part"] == "discount"]
    assert first.ledger.excluded["unreadable_date"] == 147


def test_mended_rows_twice_and_one_by_one_add_nothing_more(tmp_path: Path) -> None:
    rows, cells = shop(Subtotal="161.00"), [(FIRST, PRICE), (SECOND, DAY)]
    load(tmp_path, spoiled(rows, cells))
    (one,) = rejected(Workspace.open(tmp_path / "workspace").latest("Shop"))
    header, *out = list(csv_text.reader(io.StringIO(one.csv().decode("utf-8-sig"), newline="")))
    out[0][PRICE], out[1][DAY] = rows[FIRST][PRICE], rows[SECOND][DAY]
    assert kept(load(tmp_path, text_of(out[1:], header), name="second.csv").version) == 11 * 181 + 147
    assert kept(load(tmp_path, text_of(out[:1], header), name="first.csv").version) == 11 * 181 + 161
    assert kept(load(tmp_path, text_of(out, header), name="both.csv").version) == 11 * 181 + 161


def test_shipping_that_counts_is_counted_once(tmp_path: Path) -> None:
    rows, cells, choices = shop(), [(FIRST, PRICE)], Choices(shipping="in")
    first = load(tmp_path, spoiled(rows, cells), choices=choices)
    assert kept(first.version) == 2172 - 34 + 12 * 5
    assert kept(mended(tmp_path, rows, cells, choices=choices).version) == 2172 + 12 * 5


@pytest.mark.parametrize("row", [FIRST, SECOND])
def test_an_amount_of_the_order_that_stands_on_its_rows_counts_once(tmp_path: Path, row: int) -> None:
    header = ["Order", "Customer", "Date", "Product", "Order total"]
    rows = [
        [str(number), f"C{number % 7}", f"2026-01-{number - 1000:02d}", product, f"{number - 900}.50"]
        for number in range(1001, 1013)
        for product, _, _ in GOODS
    ]
    text = text_of(rows, header).replace(",".join(rows[row]), ",".join([*rows[row][:2], "soon", *rows[row][3:]]))
    choices = Choices(amount_of="order")
    true = sum(Decimal(one[4]) for one in rows[::2])
    load(tmp_path, text, choices=choices)
    assert kept(mended(tmp_path, rows, [(row, 2)], choices=choices).version) == true
