"""Programs that write one row per order, document or payment."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from .desk import Desk
from .ledger import Order

Row = dict[str, str]
Rows = list[tuple[datetime, Row]]


def order_totals(desk: Desk, order: Order) -> Rows:
    """One row per order with a total."""
    row = {
        **desk.common(order),
        "total": desk.notation.amount(order.total),
        **desk.refund(order),
        **desk.decoys(order),
    }
    return [(order.moment, row)]


def breakdown(desk: Desk, order: Order) -> Rows:
    """One row per order: subtotal, discount, shipping and tax add up to the total."""
    money, variant = desk.notation.amount, desk.plan.variant
    after = variant % 3 == 0  # the subtotal is what is left after the discount
    row = {**desk.common(order), "subtotal": money(order.goods + (0 if after else order.off))}
    if desk.plan.discount == "order":
        row["discount"] = money(-order.off if variant % 5 == 0 and not after else order.off)
    row |= {"shipping": money(order.shipping), "tax": money(order.tax), "total": money(order.total)}
    return [(order.moment, {**row, **desk.refund(order), **desk.decoys(order)})]


def net_and_gross(desk: Desk, order: Order) -> Rows:
    """One row per order with its sum before and after tax, in any order."""
    money, variant = desk.notation.amount, desk.plan.variant
    parts = {"net": money(order.goods), "tax": money(order.tax), "gross": money(order.total)}
    names = (("net", "tax", "gross"), ("gross", "tax", "net"), ("gross", "net"), ("net", "gross"))[variant % 4]
    row = {**desk.common(order), **{name: parts[name] for name in names}}
    if variant % 3 == 0:
        row["tax_rate"] = f"{order.extra['rate']}%"
    return [(order.moment, {**row, **desk.refund(order), **desk.decoys(order)})]


def _document(desk: Desk, order: Order, cents: int, moment: datetime) -> Row:
    row = {
        "invoice": order.number if cents > 0 else f"9{order.number.lstrip('#')}",
        "issued": desk.notation.day(moment.date()),
        "due_date": desk.notation.day((moment + timedelta(days=30)).date()),
        **desk.who(order),
        **desk.consent(order),
        "doc_type": desk.word["invoice" if cents > 0 else "credit_note"],
        "total": desk.notation.amount(cents if desk.plan.variant % 2 else abs(cents)),
        **desk.currency(),
        **desk.decoys(order),
    }
    if desk.plan.variant % 4 < 2:
        row["balance"] = str(cents)  # summed up when all rows are in order
    if desk.plan.variant % 3 == 0:
        row["account"] = order.extra.setdefault("account", desk.rng.choice(("4000", "4400", "8400")))
    return row


def credit_notes(desk: Desk, order: Order) -> Rows:
    """Invoices with a due date, and credit notes that the type tells, with or without a minus."""
    rows = [(order.moment, _document(desk, order, order.goods, order.moment))]
    if order.refund:
        later = order.moment + timedelta(days=desk.rng.randint(2, 20))
        rows.append((later, _document(desk, order, -order.refund, later)))
    return rows


def refund_rows(desk: Desk, order: Order) -> Rows:
    """What is paid back is a row of its own with the order's number and a minus, at times without the customer."""
    rows: Rows = []
    bare = desk.plan.variant % 3 == 0
    moments = [(order.moment, order.goods)]
    if order.refund:
        moments.append((order.moment + timedelta(days=desk.rng.randint(1, 15)), -order.refund))
    for moment, cents in moments:
        row = {**desk.common(order), "date": desk.notation.moment(moment)}
        if desk.plan.variant % 2:
            row["doc_type"] = desk.word["sale" if cents > 0 else "refund"]
        if bare and cents < 0:
            row |= dict.fromkeys(desk.who(order), "")
        rows.append((moment, {**row, "total": desk.notation.amount(cents), **desk.decoys(order)}))
    return rows


def _packed(desk: Desk, order: Order) -> str:
    lines = order.lines
    match desk.plan.variant % 3:
        case 0:
            return "; ".join(f"{line.quantity}x {line.product.name}" for line in lines)
        case 1:
            packed = [{"sku": line.product.sku, "qty": line.quantity, "price": line.price / 100} for line in lines]
            return json.dumps(packed)
        case _:
            return "|".join(f"sku:{line.product.sku},qty:{line.quantity}" for line in lines)


def marketplace(desk: Desk, order: Order) -> Rows:
    """One row per order: what was bought packed into one cell, the market's fee, and what the market pays out."""
    fee = order.goods * 12 // 100 // 100 * 100
    row = {
        **desk.common(order),
        "extras": _packed(desk, order),
        "total": desk.notation.amount(order.goods),
        "fee": desk.notation.amount(fee),
        "payout": desk.notation.amount(order.goods - fee),
        **desk.refund(order),
        **desk.decoys(order),
    }
    return [(order.moment, row)]


def payments(desk: Desk, order: Order) -> Rows:
    """A payment service: every try is a row, and a try that failed is followed by one that did not."""
    fee = max(order.goods * 3 // 100 // 100 * 100, 100)
    state = order.state
    row = {
        **desk.common(order),
        "total": desk.notation.amount(order.goods),
        **desk.refund(order),
        "fee": desk.notation.amount(fee if state != "failed" else 0),
        **desk.decoys(order),
    }
    rows = [(order.moment, row)]
    tries_show = desk.plan.variant % 2 and not desk.plan.late
    if tries_show and state == "paid" and desk.rng.random() < 0.1:
        nothing = desk.notation.amount(0)
        tried = {**row, "order": f"{order.number}0", "status": desk.word["failed"], "fee": nothing}
        rows.insert(0, (order.moment, {**tried, **({"refunded_amount": nothing} if "refunded_amount" in row else {})}))
    return rows
