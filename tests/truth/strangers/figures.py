"""The figures a careful reader would take from a file, worked out from the ledger and never from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from .ledger import Order
from .plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is right. Where a careful reader would take several figures, each of them is there; () is not judged.

    revenue, cost, discount: money. first: days. must_agree, may_agree: e-mail addresses, small letters; None of
    them is judged where the file has no addresses.
    """

    revenue: tuple[float, ...]
    customers: tuple[int, ...]
    orders: tuple[int, ...]
    guest_lines: tuple[int, ...]
    cost: tuple[float | None, ...]
    discount: tuple[float | None, ...]
    currency: tuple[str | None, ...]
    first: tuple[str, ...]
    must_agree: frozenset[str]
    may_agree: frozenset[str]


T = TypeVar("T")


def _both(all_sold: T, kept_only: T) -> tuple[T, ...]:
    return (all_sold,) if all_sold == kept_only else (all_sold, kept_only)


def _money(cents: int) -> float:
    return cents / 100


def _agreement(plan: Plan, orders: list[Order], sold: list[Order]) -> tuple[frozenset[str], frozenset[str]]:
    """Who agreed for certain, and who may count as agreed: silence is no word, not to object is none for certain."""
    said_yes = frozenset(order.person.email.lower() for order in orders if order.person and order.person.agrees)
    bought = frozenset(order.person.email.lower() for order in sold if order.person)
    match plan.consent:
        case "newsletter" | "subscribed_at":
            return said_yes & bought, said_yes
        case "opt_out" | "do_not_contact":
            return frozenset(), said_yes
        case _:
            return frozenset(), frozenset()


def _guest_lines(plan: Plan, orders: list[Order]) -> set[int]:
    guests = [order for order in orders if order.person is None]
    by_line = sum(len(order.alive) for order in guests)
    coupons = sum(order.off > 0 for order in guests)
    fees = sum(order.shipping > 0 for order in guests)
    match plan.kind.grain:
        case "order":
            return {len(guests)}
        case "line":
            return {by_line}
        case "either":
            return {len(guests), by_line}
        case _:
            return {by_line, by_line + coupons, by_line + fees, by_line + coupons + fees}


def figures(plan: Plan, orders: list[Order]) -> Figures:
    """The right figures of a file that holds these orders."""
    sold = [order for order in orders if order.counts]
    kept = [order for order in sold if order.refund < order.goods]
    must, may = _agreement(plan, orders, sold)
    costs = _both(*(_money(sum(line.cost for order in each for line in order.alive)) for each in (sold, kept)))
    off = _both(
        *(_money(sum(sum(line.off for line in order.alive) + order.off for order in each)) for each in (sold, kept))
    )
    told = plan.discount in ("line", "order") and plan.shape != "parts as rows"
    currency = plan.notation.tongue.currency
    plain = plan.notation.tongue.sign_is_plain or plan.notation.money != "sign"
    days = sorted({min(order.moment for order in each).date().isoformat() for each in (orders, sold, kept)})
    return Figures(
        revenue=(_money(sum(order.goods - order.refund for order in sold)),),
        customers=_both(*(len({order.person.number for order in each if order.person}) for each in (sold, kept))),
        orders=_both(len(sold), len(kept)),
        guest_lines=tuple(sorted(_guest_lines(plan, sold) | _guest_lines(plan, kept))),
        cost=costs if plan.cost != "none" else (None, 0.0),
        discount=off if told else (None, 0.0, *off),
        currency=()
        if plan.notation.money == "none"
        else (currency,)
        if plain
        else (currency, None, plan.notation.tongue.sign.rstrip(".")),
        first=tuple(days),
        must_agree=must,
        may_agree=may,
    )
