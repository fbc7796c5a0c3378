"""Exports by item and by order of one shop: dropped together they come to the same as one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.intake import ImportResult, import_files
from segmentation.workspace import Workspace
from tests.segmentation import grown_exports as grown
from tests.segmentation import more_platform_files as mf
from tests.segmentation import platform_files as pf
from tests.segmentation.grown_exports import ORDERS
from tests.segmentation.intake_files import TODAY, lines, money, write
from tests.segmentation.platform_files import export


def etsy(*, by_item: bool = True) -> tuple[str, str]:
    """Etsy's items and orders; the items have the discounts too, or not."""
    items = [row for order in ORDERS for row in grown._ROWS["etsy-order-items"](order)]
    if not by_item:
        items = [{**row, "Discount Amount": "0.00"} for row in items]
    return export(mf.MORE_HEADERS["etsy-order-items"], *items), grown.grown("etsy-orders")


def square() -> tuple[str, str]:
    """Square's items and transactions; the transactions know what was paid back in part."""
    items = [
        pf.square_item("Tea" if n % 2 else "Pot", f"${8 + n % 5}.00", Date=f"2026-01-{n // 2 + 1:02d}",
                       Transaction_ID=f"T{n // 2}", Payment_ID=f"P{n // 2}", Customer_ID=f"C{n // 2 % 5}")
        for n in range(40)
    ]  # fmt: skip
    sums = [16 + (2 * n) % 5 + (2 * n + 1) % 5 for n in range(20)]
    payments = [
        pf.square_payment(f"${total}.00", Date=f"2026-01-{n + 1:02d}", Transaction_ID=f"T{n}", Payment_ID=f"P{n}",
                          Customer_ID=f"C{n % 5}")
        for n, total in enumerate(sums)
    ]  # fmt: skip
    return export(pf.SQUARE_ITEMS, *items), export(pf.SQUARE_TRANSACTIONS, *payments)


def taken(folder: Path, *groups: tuple[str, ...]) -> ImportResult:
    """These texts, the groups of them one after the other."""
    folder.mkdir(exist_ok=True)
    for number, group in enumerate(groups):
        paths = [write(folder, text, f"{number}-{at}.csv") for at, text in enumerate(group)]
        result = import_files(Workspace.open(folder / "workspace"), paths, dataset="Shop", today=TODAY)
    return result


@pytest.mark.parametrize("turned", [False, True])
def test_items_and_orders_together_are_the_same_as_one_after_the_other(tmp_path: Path, turned: bool) -> None:
    items, orders = etsy()
    net = money(f"{sum(order.goods - order.off for order in ORDERS if not order.undone) / 100:.2f}")
    pair = (orders, items) if turned else (items, orders)
    together = taken(tmp_path / "a", pair)
    apart = taken(tmp_path / "b", *((text,) for text in pair))
    assert together.version.manifest.revenue == apart.version.manifest.revenue == net
    assert together.version.manifest.orders == apart.version.manifest.orders == len(ORDERS)
    assert sum(line["product"] is not None for line in lines(together.version)) == sum(len(o.lines) for o in ORDERS)
    assert [join.taken_for for join in together.joins] == ["lines", "orders"]


def test_a_discount_that_only_the_orders_know_is_taken_off(tmp_path: Path) -> None:
    net = money(f"{sum(order.goods - order.off for order in ORDERS if not order.undone) / 100:.2f}")
    assert taken(tmp_path, etsy(by_item=False)).version.manifest.revenue == net


def test_items_and_transactions_are_the_same_money_in_any_way(tmp_path: Path) -> None:
    items, payments = square()
    ways = [((items, payments),), ((payments, items),), ((items,), (payments,)), ((payments,), (items,))]
    found = {taken(tmp_path / str(at), *way).version.manifest.revenue for at, way in enumerate(ways)}
    assert found == {money("400.00")}
