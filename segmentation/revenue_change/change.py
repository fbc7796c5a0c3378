"""Revenue of a period less that of an earlier one, as parts: customers, orders, value of an order, guests, refunds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from segmentation import formats
from segmentation.engine.protocol import Engine
from segmentation.estimates import Unknown
from segmentation.periods import ONE_DAY, Period
from segmentation.revenue_change.adding_up import Pair, by_mix, rounded, weights
from segmentation.workspace import DatasetVersion

PartName = Literal["customers", "orders", "order_value", "guests", "refunds", "other"]

STORED = Decimal("0.0001")
"""What money is stored in."""

FEWEST_DAYS = 180
"""Days of data before the earlier period that it takes to tell its new customers from those who had ordered before."""


@dataclass(frozen=True, slots=True)
class Buyers:
    """Who placed orders in a period.

    customers: how many; 0 for guests, who are not told apart.
    orders: what they placed.
    sold: what these orders add up to before refunds, in shop currency.
    """

    customers: int = 0
    orders: int = 0
    sold: Decimal = Decimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What the revenue of a period is made of; money in shop currency.

    period: the days.
    new: customers whose first order lies in the period.
    returning: customers of the period who had ordered before it.
    guests: orders without a customer.
    refunded: refunds dated in the period, positive.
    other: lines of the period that belong to older orders, and what else is neither a sale nor a refund.
    """

    period: Period
    new: Buyers
    returning: Buyers
    guests: Buyers
    refunded: Decimal
    other: Decimal

    @property
    def customers(self) -> int:
        return self.new.customers + self.returning.customers

    @property
    def orders(self) -> int:
        """Orders of customers; those of guests are not among them."""
        return self.new.orders + self.returning.orders

    @property
    def sold(self) -> Decimal:
        """Sales to customers; those to guests are not among them."""
        return self.new.sold + self.returning.sold

    @property
    def revenue(self) -> Decimal:
        """What the lines of the period add up to."""
        return self.sold + self.guests.sold - self.refunded + self.other


@dataclass(frozen=True, slots=True)
class Split:
    """Two of the parts by new and returning customers; money in shop currency.

    new, returning: what the numbers of both changed; together the part of the customers.
    mix: what it changed that another share of the orders was of new customers.
    new_value, returning_value: what the value of an order of both changed; with the mix the part of the order value.
    """

    new: Decimal
    returning: Decimal
    mix: Decimal
    new_value: Decimal
    returning_value: Decimal


@dataclass(frozen=True, slots=True)
class RevenueChange:
    """Why revenue changed.

    now, before: the two periods.
    parts: what each adds to the change, in shop currency, to four decimals; they add up to it.
    split: how new and returning customers share in them; Unknown where the data begins too late to tell them apart.
    """

    now: Side
    before: Side
    parts: Mapping[PartName, Decimal]
    split: Split | Unknown

    @property
    def total(self) -> Decimal:
        """Revenue now less revenue before."""
        return self.now.revenue - self.before.revenue


def revenue_change(engine: Engine, version: DatasetVersion, period: Period, earlier: Period) -> RevenueChange:
    """Why revenue of a period differs from that of an earlier one that shares no day with it."""
    with engine.reading(version) as run:
        rows = run.query(
            "revenue_change",
            first=period.first,
            after=period.last + ONE_DAY,
            before=earlier.first,
            before_after=earlier.last + ONE_DAY,
        ).to_pylist()
    now, before = _side(rows, "now", period), _side(rows, "before", earlier)
    return divided(now, before, version.manifest.first)


def _side(rows: list[dict[str, Any]], part: str, period: Period) -> Side:
    found = {row["who"]: row for row in rows if row["part"] == part}

    def buyers(who: str) -> Buyers:
        row = found.get(who)
        return Buyers() if row is None else Buyers(row["customers"], row["orders"], row["sold"])

    def total(*names: str) -> Decimal:
        return sum((row[name] for row in found.values() for name in names), Decimal())

    return Side(
        period=period,
        new=buyers("new"),
        returning=buyers("returning"),
        guests=buyers("guest"),
        refunded=total("refunded"),
        other=total("later", "other"),
    )


def divided(now: Side, before: Side, first: date) -> RevenueChange:
    """The parts of the change between two sides; `first` is the first day of the data."""
    customers = (Fraction(before.customers), Fraction(now.customers))
    each = _either(_per(before.orders, before.customers), _per(now.orders, now.customers))
    value = _either(_per(before.sold, before.orders), _per(now.sold, now.orders))
    weight = weights((customers, each, value))
    effects = [times * (of[1] - of[0]) for times, of in zip(weight, (customers, each, value), strict=True)]
    by_customers, by_orders, by_value = rounded(effects, STORED)
    parts: dict[PartName, Decimal] = {
        "customers": by_customers,
        "orders": by_orders,
        "order_value": by_value,
        "guests": now.guests.sold - before.guests.sold,
        "refunds": before.refunded - now.refunded,
        "other": now.other - before.other,
    }
    return RevenueChange(now, before, parts, _split(now, before, weight, parts, first))


def _split(
    now: Side,
    before: Side,
    weight: tuple[Fraction, Fraction, Fraction],
    parts: Mapping[PartName, Decimal],
    first: date,
) -> Split | Unknown:
    known = (before.period.first - first).days
    if known < FEWEST_DAYS:
        days = formats.period(before.period.first, before.period.last)
        return Unknown(
            f"Who was new in {days} is not known: of the days before there are {formats.days(known)} of data, and it "
            f"takes {FEWEST_DAYS}."
        )
    sides = ((before.new, now.new), (before.returning, now.returning))
    more = [weight[0] * (two.customers - one.customers) for one, two in sides]
    new, returning = rounded(more, STORED, parts["customers"])
    shares = [_either(_per(one.orders, before.orders), _per(two.orders, now.orders)) for one, two in sides]
    averages = [_either(_per(one.sold, one.orders), _per(two.sold, two.orders)) for one, two in sides]
    mix, within = by_mix(shares, averages)
    split = rounded([weight[2] * one for one in (mix, *within)], STORED, parts["order_value"])
    return Split(new, returning, *split)


def _per(amount: Decimal | int, of: int) -> Fraction | None:
    return Fraction(amount) / of if of else None


def _either(before: Fraction | None, now: Fraction | None) -> Pair:
    """Both values; one that is not known is taken for the other, so that nothing is said to come from its change."""
    known = now if before is None else before
    return (known or Fraction(), (known if now is None else now) or Fraction())
