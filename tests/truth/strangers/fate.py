"""What becomes of the orders: cancelled, never paid, paid back, discounted."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from .ledger import PERCENTS, Order
from .plan import Plan

DEAD = ("cancelled", "unpaid", "pending", "failed", "draft", "expired", "test")
LATE_ROW = 815


def mark_late(plan: Plan, orders: list[Order]) -> list[Order]:
    """The orders that something rare may happen to: all, or in a late file those after row 800."""
    if not plan.late:
        return orders
    row, found = 0, []
    for order in orders:
        row += len(order.lines) if plan.kind.grain != "order" else 1
        if row > LATE_ROW:
            order.extra["late"] = "yes"
            found.append(order)
    return found


def some(rng: Random, orders: list[Order], low: float, high: float) -> list[Order]:
    """A share of the orders, at least one."""
    how_many = max(1, round(len(orders) * rng.uniform(low, high)))
    return rng.sample(orders, min(how_many, len(orders)))


def give_states(plan: Plan, rng: Random, orders: list[Order]) -> None:
    """Cancel some orders, or leave them unpaid, in the way that the plan tells states."""
    match plan.states:
        case "words":
            dead = rng.sample(DEAD, rng.randint(1, 3))
            live = rng.choice((("paid",), ("completed",), ("completed", "shipped"), ("paid", "shipped")))
            for order in orders:
                order.state = rng.choice(live)
            for order in some(rng, mark_late(plan, orders), 0.06, 0.18):
                order.state = rng.choice(dead)
        case "cancel_words":
            for order in some(rng, mark_late(plan, orders), 0.06, 0.18):
                order.state = "cancelled"
        case "cancelled_at":
            for order in some(rng, mark_late(plan, orders), 0.05, 0.15):
                order.cancelled_on = order.moment + timedelta(days=rng.randint(0, 3), minutes=rng.randint(5, 50))
        case "line_words":
            for order in some(rng, mark_late(plan, orders), 0.08, 0.2):
                for line in rng.sample(order.lines, rng.randint(1, max(1, len(order.lines) - 1))):
                    line.dead = True


def give_discounts(plan: Plan, rng: Random, orders: list[Order]) -> None:
    """Take something off about a third of the lines."""
    if plan.discount == "none":
        return
    if plan.discount == "order":
        for order in some(rng, orders, 0.2, 0.4):
            off = order.goods * rng.choice(PERCENTS[:4]) // 100
            order.off = max(off - off % 100, 100)
        return
    lines = [line for order in orders for line in order.lines]
    for line in rng.sample(lines, max(2, len(lines) // 3)):
        line.percent = rng.choice(PERCENTS)
        line.off = line.listed * line.percent // 100
        if plan.discount in ("line", "per_unit"):
            each = max(line.price * line.percent // 100, 100)
            line.off = (each - each % 100) * line.quantity


def give_charges(plan: Plan, rng: Random, orders: list[Order]) -> None:
    """Shipping, and tax on top of the goods, for the shapes that have columns for them."""
    if not plan.kind.charges:
        return
    rate = rng.choice((7, 8, 19, 20, 21, 25))
    fee = plan.tongue.price_level * 100 + (0 if plan.tongue.decimals == 0 else rng.choice((0, 90, 95)))
    whole = 100 if plan.tongue.decimals == 0 else 1
    shape, variant = plan.shape, plan.variant
    shipped = shape not in ("net and gross",) and not (shape == "total on each line" and variant % 2)
    shipped = shipped and not (shape == "first line only" and variant % 3 == 0)
    taxed = shape in ("breakdown", "net and gross") or (shape == "first line only" and variant % 3 != 0)
    for order in orders:
        order.shipping = rng.choice((0, fee, fee, fee * 2)) if shipped else 0
        tax = order.goods * rate // 100
        order.extra["rate"] = str(rate)
        order.tax = tax - tax % whole if taxed else 0


def give_refunds(plan: Plan, rng: Random, orders: list[Order]) -> None:
    """Pay some orders back, in full or (where an amount can say so) in part."""
    if plan.refunds == "none":
        return
    able = [order for order in mark_late(plan, orders) if order.counts]
    for order in some(rng, able, 0.05, 0.14):
        full = plan.refunds in ("flag", "word") or bool(order.total - order.goods) or rng.random() < 0.4
        full = full or plan.shape == "till receipts"
        part = order.goods * rng.choice((20, 30, 50)) // 100
        order.refund = order.goods if full else max(part - part % 100, 100)
        if plan.states == "words" or plan.refunds == "word":
            order.state = "refunded" if full else "partly_refunded"
        order.extra["paid back"] = str(order.total if full else order.refund)
    if plan.refunds == "amount":  # a cancelled order's money went back too: off once, not twice
        for order in orders:
            if order.state == "cancelled" and rng.random() < 0.5:
                order.extra["paid back"] = str(order.total)
