"""Why revenue changed, as JSON."""

from __future__ import annotations

from typing import Any

from segmentation.estimates import Unknown
from segmentation.periods import Period
from segmentation.revenue_change import RevenueChange, Side, sentence


def change_json(change: RevenueChange | None, currency: str | None) -> dict[str, Any] | None:
    """The change and its parts, which add up to it to the cent; None where there is nothing to compare with.

    Amounts are in shop currency, as text so that no digit is lost.
    """
    if change is None:
        return None
    split = change.split
    return {
        "period": _days(change.now.period),
        "compared_with": _days(change.before.period),
        "revenue": str(change.now.revenue),
        "revenue_before": str(change.before.revenue),
        "change": str(change.total),
        "parts": {name: str(amount) for name, amount in change.parts.items()},
        "of_customers": None
        if isinstance(split, Unknown)
        else {"new": str(split.new), "returning": str(split.returning)},
        "of_order_value": None
        if isinstance(split, Unknown)
        else {"mix": str(split.mix), "new": str(split.new_value), "returning": str(split.returning_value)},
        "now": _side(change.now),
        "before": _side(change.before),
        "sentence": sentence(change, currency),
    }


def _days(period: Period) -> list[str]:
    return [period.first.isoformat(), period.last.isoformat()]


def _side(side: Side) -> dict[str, Any]:
    return {
        "customers": side.customers,
        "new_customers": side.new.customers,
        "orders": side.orders,
        "sold": str(side.sold),
        "guest_orders": side.guests.orders,
        "sold_to_guests": str(side.guests.sold),
        "refunded": str(side.refunded),
        "other": str(side.other),
    }
