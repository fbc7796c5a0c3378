"""A discount that only the export by order tells counts once, whichever of both exports comes first."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from segmentation.intake import import_files
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, lines, load, money, write

ENGLISH = (
    "Order ID,Buyer,Sale Date,Order value,Discount,Shipping,Order total",
    "Order ID,Buyer,Sale Date,Item,Quantity,Price,Item total",
)
GERMAN = (
    "Bestellnummer,Kunde,Datum,Warenwert,Rabatt,Versand,Gesamtsumme",
    "Bestellnummer,Kunde,Datum,Artikel,Menge,Einzelpreis,Positionssumme",
)


def pair(number: int, every: int, headers: tuple[str, str] = ENGLISH) -> tuple[str, str, Decimal]:
    """An export by order and one by item, of orders of one to three items; a discount of 2.50 on some. What they come
    to."""
    orders, items, revenue = [], [], Decimal(0)
    for n in range(number):
        prices = [Decimal(500 + 137 * ((3 * n + item) % 23)) / 100 for item in range(1 + n % 3)]
        goods = sum(prices, Decimal(0)) * 2
        off = Decimal("2.50") if n % every == 1 else Decimal("0.00")
        revenue += goods - off
        start = f"{5000 + n},b{n % 31}@z.example,2026-{1 + n // 28 % 9:02}-{1 + n % 28:02}"
        orders.append(f"{start},{goods},{off},4.90,{goods - off + Decimal('4.90')}")
        items += [f"{start},Item {(n + at) % 13},2,{price},{2 * price}" for at, price in enumerate(prices)]
    return csv(*orders, header=headers[0]), csv(*items, header=headers[1]), revenue


@pytest.mark.parametrize("headers", [ENGLISH, GERMAN])
@pytest.mark.parametrize("every", [2, 150])
def test_orders_and_items_come_to_the_same_in_either_sequence(
    tmp_path: Path, every: int, headers: tuple[str, str]
) -> None:
    orders, items, revenue = pair(300, every, headers)
    for name, sequence in {"a": "oioi", "b": "ioio"}.items():
        texts = {"o": orders, "i": items}
        folder = tmp_path / name
        folder.mkdir()
        done = [load(folder, texts[which], name=f"{which}.csv") for which in sequence]
        assert [sum(one["amount"] for one in lines(result.version)) for result in done[1:]] == [revenue] * 3
        assert [after.ledger.loaded for _, after in pairwise(done)][1:] == [0, 0]
        assert any("had a discount" in said for said in done[1].warnings)
        taken_off = [one for one in lines(done[3].version) if one["discount"]]
        assert sum(one["discount"] for one in taken_off) == Decimal("2.50") * sum(n % every == 1 for n in range(300))


def test_both_together_come_to_the_same(tmp_path: Path) -> None:
    orders, items, revenue = pair(300, 150)
    paths = [write(tmp_path, orders, "orders.csv"), write(tmp_path, items, "items.csv")]
    result = import_files(Workspace.open(tmp_path / "workspace"), paths, dataset="Shop", today=TODAY)
    assert sum(one["amount"] for one in lines(result.version)) == revenue


def test_a_discount_of_a_cancelled_order_takes_nothing_off(tmp_path: Path) -> None:
    orders, items, revenue = pair(300, 150)
    stated = [f"{row},{'cancelled' if row.startswith('5001,') else 'paid'}" for row in orders.splitlines()[1:]]
    gone = Decimal(orders.splitlines()[2].split(",")[3]) - Decimal("2.50")
    load(tmp_path, items)
    after = load(tmp_path, csv(*stated, header=f"{ENGLISH[0]},Status"), name="orders.csv")
    assert sum(one["amount"] for one in lines(after.version)) == revenue - gone == money(str(revenue - gone))
