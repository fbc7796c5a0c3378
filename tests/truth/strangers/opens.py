"""Files that two careful people would read in two ways, so that only the shop can say."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from .desk import Desk
from .figures import Figures, figures
from .ledger import Order
from .order_shapes import Row, order_totals
from .plan import Plan

Open = tuple[list[Row], tuple[Figures, ...]]


def _date_order(plan: Plan, rng: Random, orders: list[Order]) -> Open:
    """No day after the twelfth, and nothing in the file tells the order of the rows."""
    desk = Desk(plan, rng)
    rows = [row for order in orders for _, row in order_totals(desk, order)]
    for row in rows:
        row["order"] = f"{rng.getrandbits(32):08x}k"
    rng.shuffle(rows)
    return rows, (figures(plan, orders),)


def _decimal_mark(plan: Plan, rng: Random, orders: list[Order]) -> Open:
    """Amounts such as 1.250, which are a thousand here and one and a quarter there."""
    desk = Desk(plan, rng)
    rows = []
    for order in orders:
        thousands, rest = rng.randint(1, 48), 50 * rng.randrange(20)
        order.lines = order.lines[:1]
        line = order.lines[0]
        line.quantity, line.price = 1, (thousands * 1000 + rest) * 100
        row = order_totals(desk, order)[0][1]
        rows.append({**row, "total": f"{thousands}.{rest:03d}"})
    return rows, (figures(plan, orders),)


def _currencies(plan: Plan, rng: Random, orders: list[Order]) -> Open:
    """Two currencies and no rate: either may be the one to keep."""
    desk = Desk(plan, rng)
    rows: list[Row] = []
    kept: dict[str, list[Order]] = {"EUR": [], "CHF": []}
    for order in orders:
        code = "EUR" if rng.random() < 0.6 else "CHF"
        rows.append({**order_totals(desk, order)[0][1], "currency": code})
        kept[code].append(order)
    whole = figures(plan, orders)
    readings = [
        replace(
            one,
            currency=(code,),
            customers=(*one.customers, *whole.customers),
            orders=(*one.orders, *whole.orders),
            first=(*one.first, *whole.first),
        )
        for code, one in ((code, figures(plan, some)) for code, some in kept.items())
    ]
    return rows, tuple(readings)


def make_open(plan: Plan, rng: Random, orders: list[Order]) -> Open:
    """The rows and the readings of an open file; any of its readings is a right answer to its question."""
    match plan.question:
        case "date order":
            return _date_order(plan, rng, orders)
        case "decimal mark":
            return _decimal_mark(plan, rng, orders)
        case _:
            return _currencies(plan, rng, orders)
