"""The rows that programs of different structure write for one order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .desk import Desk
from .ledger import Line, Order

Row = dict[str, str]
Rows = list[tuple[datetime, Row]]
Shape = Callable[[Desk, Order], Rows]


def discount_cell(desk: Desk, line: Line) -> Row:
    """A line's discount as the plan tells it: in money, in percent, as a share, or for one piece."""
    notation = desk.notation
    match desk.plan.discount:
        case "line":
            return {"line_discount": notation.amount(line.off)}
        case "percent":
            return {"discount_percent": f"{line.percent}{desk.percent_sign}"}
        case "share":
            return {"discount_share": notation.number(line.percent)}
        case "per_unit":
            return {"discount_per_unit": notation.amount(line.off // line.quantity)}
        case _:
            return {}


def cost_cell(desk: Desk, line: Line) -> Row:
    """What the line cost the shop, by the piece or in all."""
    match desk.plan.cost:
        case "unit":
            return {"unit_cost": desk.notation.amount(line.product.cost)}
        case "line":
            return {"line_cost": desk.notation.amount(line.cost)}
        case _:
            return {}


def order_totals(desk: Desk, order: Order) -> Rows:
    """One row per order with a total."""
    row = {
        **desk.common(order),
        "total": desk.notation.amount(order.total),
        **desk.refund(order),
        **desk.decoys(order),
    }
    return [(order.moment, row)]


def line_totals(desk: Desk, order: Order) -> Rows:
    """One row per line with the line's total; a discount stands beside the price it was taken from."""
    rows: Rows = []
    priced = desk.plan.discount != "none" or desk.plan.seed % 2 == 0
    counted = priced or desk.plan.cost == "unit" or desk.plan.seed % 4 == 1
    for line in order.lines:
        row = {**desk.common(order, line), "product": line.product.name}
        if "sku" in desk.plan.decoys:
            row["sku"] = line.product.sku
        if counted:
            row["quantity"] = str(line.quantity)
        if priced:
            row["unit_price"] = desk.notation.amount(line.price)
        row |= {**discount_cell(desk, line), "line_total": desk.notation.amount(line.goods)}
        rows.append((order.moment, {**row, **desk.refund(order), **cost_cell(desk, line), **desk.decoys(order)}))
    return rows


def price_times_quantity(desk: Desk, order: Order) -> Rows:
    """One row per line with quantity and unit price, and no total at all."""
    rows: Rows = []
    for line in order.lines:
        row = {**desk.common(order, line), "product": line.product.name}
        if "sku" in desk.plan.decoys:
            row["sku"] = line.product.sku
        row |= {
            "quantity": str(line.quantity),
            "unit_price": desk.notation.amount(line.price),
            **discount_cell(desk, line),
            **cost_cell(desk, line),
            **desk.decoys(order),
        }
        rows.append((order.moment, row))
    return rows


SHAPES: dict[str, Shape] = {
    "order totals": order_totals,
    "line totals": line_totals,
    "price times quantity": price_times_quantity,
}
