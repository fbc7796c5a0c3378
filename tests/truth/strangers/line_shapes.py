"""Programs that write one row per line of an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from .desk import Desk
from .ledger import Line, Order

Row = dict[str, str]
Rows = list[tuple[datetime, Row]]


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


def line_totals(desk: Desk, order: Order) -> Rows:
    """One row per line with the line's total; a discount stands beside the price it was taken from."""
    rows: Rows = []
    priced = desk.plan.discount != "none" or desk.plan.variant % 2 == 0
    counted = priced or desk.plan.cost == "unit" or desk.plan.variant % 4 == 1
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


def total_on_each_line(desk: Desk, order: Order) -> Rows:
    """One row per line, and on each of them the total of the whole order."""
    rows: Rows = []
    priced = desk.plan.variant % 2 == 0
    for line in order.lines:
        row = {**desk.common(order, line), "product": line.product.name, "quantity": str(line.quantity)}
        if priced:
            row["unit_price"] = desk.notation.amount(line.price)
        if priced and desk.plan.kind.charges:
            row["shipping"] = desk.notation.amount(order.shipping)
        row |= {"total": desk.notation.amount(order.total), **desk.refund(order), **desk.decoys(order)}
        rows.append((order.moment, row))
    return rows


def first_line_only(desk: Desk, order: Order) -> Rows:
    """One row per line; what belongs to the order stands on its first row."""
    rows: Rows = []
    money = desk.notation.amount
    for n, line in enumerate(order.lines):
        head = desk.common(order)
        if desk.plan.variant % 3:
            head |= {
                "subtotal": money(order.goods + order.off),
                **({"discount": money(order.off)} if desk.plan.discount == "order" else {}),
                "shipping": money(order.shipping),
                "tax": money(order.tax),
                "total": money(order.total),
            }
        head |= {**desk.refund(order), **desk.decoys(order)}
        repeated = ("order", "date") if desk.plan.variant % 2 else ("order",)
        if n:
            head = {name: text if name in repeated else "" for name, text in head.items()}
        own = {"product": line.product.name, "quantity": str(line.quantity), "unit_price": money(line.price)}
        if not desk.plan.variant % 3:
            own["line_total"] = money(line.goods)
        rows.append((order.moment, {**head, **own, **cost_cell(desk, line)}))
    return rows


def till_receipts(desk: Desk, order: Order) -> Rows:
    """A till: day and time apart, the cashier beside the customer; what comes back is minus."""
    rows: Rows = []
    moments = [(order.moment, order.number, 1)]
    if order.refund:
        moments.append((order.moment + timedelta(days=2, minutes=7), f"{order.number}7", -1))
    cashier = order.extra.setdefault("cashier", desk.rng.choice(desk.tongue.staff))
    for moment, number, sign in moments:
        for line in order.lines:
            row = {
                "date": desk.notation.day(moment.date()),
                "time": f"{moment:%H:%M}",
                "receipt": number,
                "cashier": cashier,
                **desk.who(order),
                **desk.consent(order),
                "product": line.product.name,
                "quantity": str(sign * line.quantity),
                **desk.decoys(order),
                **desk.currency(),
            }
            if desk.plan.variant % 2:
                row["unit_price"] = desk.notation.amount(line.price)
            row["line_total"] = desk.notation.amount(sign * line.goods)
            if desk.plan.variant % 3:
                row["doc_type"] = desk.word["sale" if sign > 0 else "refund"]
            if desk.plan.cost == "line":
                row["line_cost"] = desk.notation.amount(sign * line.cost)
            rows.append((moment, row))
    return rows


def parts_as_rows(desk: Desk, order: Order) -> Rows:
    """Positions: shipping and a coupon are rows like any goods, the coupon with a minus."""
    money = desk.notation.amount
    positions = [(line.product.name, line.quantity, line.price, line.goods) for line in order.lines]
    if order.off:
        positions.append((desk.word["coupon_row"], 1, -order.off, -order.off))
    if order.shipping:
        positions.append((desk.word["shipping_row"], 1, order.shipping, order.shipping))
    rows: Rows = []
    for name, quantity, price, total in positions:
        row = {
            **desk.common(order),
            "product": name,
            "quantity": str(quantity),
            "unit_price": money(price),
            "line_total": money(total),
            **desk.decoys(order),
        }
        rows.append((order.moment, row))
    return rows
