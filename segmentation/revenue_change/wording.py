"""Why revenue changed, in a sentence and as lines of a chart. All amounts that are shown add up to the change shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from segmentation import formats
from segmentation.estimates import Unknown
from segmentation.revenue_change.adding_up import rounded
from segmentation.revenue_change.change import PartName, RevenueChange, Side

LABELS: Mapping[PartName, str] = {
    "customers": "Number of customers",
    "orders": "Orders per customer",
    "order_value": "Value per order",
    "guests": "Guest orders",
    "refunds": "Refunds",
    "other": "Changes to older orders",
}
_WORDS: Mapping[PartName, tuple[str, str]] = {
    "customers": ("more customers", "fewer customers"),
    "orders": ("more orders each", "fewer orders each"),
    "order_value": ("larger orders", "smaller orders"),
    "guests": ("more sold to guests", "less sold to guests"),
    "refunds": ("fewer refunds", "more refunds"),
    "other": ("changes to older orders", "changes to older orders"),
}
ALWAYS: tuple[PartName, ...] = ("customers", "orders", "order_value")
COUNTED: tuple[PartName, ...] = ("customers", "orders")
_WHOLE_FROM, _WHOLE, _CENT = 100, Decimal(1), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the change as it is shown.

    label: what changed.
    amount: what it adds, in shop currency, rounded so that all of them add up.
    before, now: the figure behind it in both periods; None where there is none.
    unit: what that figure is in: "money", or "" for a number.
    """

    part: PartName
    label: str
    amount: Decimal
    before: Decimal | None
    now: Decimal | None
    unit: Literal["money", ""]

    def text(self, figure: Decimal | None, currency: str | None) -> str:
        """One of its figures as text."""
        if self.unit:
            return formats.money(figure, currency, cents=True if self.part == "order_value" else None)
        return formats.number(figure, decimals=2 if self.part == "orders" else 0)


def shown(change: RevenueChange) -> Mapping[PartName, Decimal]:
    """The parts in whole units of the currency, in cents where all are small."""
    small = max(abs(one) for one in (change.total, *change.parts.values())) < _WHOLE_FROM
    amounts = rounded(list(change.parts.values()), _CENT if small else _WHOLE)
    return dict(zip(change.parts, amounts, strict=True))


def lines(change: RevenueChange) -> tuple[Line, ...]:
    """The parts in their order; guests, refunds and what is left are left out where there are none in both periods."""
    amounts = shown(change)
    before, now = _figures(change.before), _figures(change.now)
    there = [part for part in amounts if part in ALWAYS or before[part] or now[part]]
    return tuple(
        Line(part, LABELS[part], amounts[part], before[part], now[part], "" if part in COUNTED else "money")
        for part in there
    )


def total_of(lines: Sequence[Line]) -> Decimal:
    """The change that these lines add up to."""
    return sum((line.amount for line in lines), Decimal())


def _figures(side: Side) -> Mapping[PartName, Decimal | None]:
    return {
        "customers": Decimal(side.customers),
        "orders": Decimal(side.orders) / side.customers if side.customers else None,
        "order_value": side.sold / side.orders if side.orders else None,
        "guests": side.guests.sold,
        "refunds": side.refunded,
        "other": side.other,
    }


def sentence(change: RevenueChange, currency: str | None, *, minus: str = "-") -> str:
    """What changed and why: "Revenue fell by € 12,300 (-8 %) compared with the 30 days before (…): fewer customers
    -€ 15,100, larger orders +€ 2,800." """
    amounts = shown(change)
    total = sum(amounts.values(), Decimal())
    against = change.now.period.against(change.before.period)
    named = sorted((part for part in amounts if amounts[part]), key=lambda part: -abs(amounts[part]))
    parts = ", ".join(f"{_word(change, part)} {signed(amounts[part], currency, minus)}" for part in named)
    why = f": {parts}." if parts else "."
    if not total:
        return f"Revenue is what it was in {against}{why}"
    grown = formats.change(change.now.revenue, change.before.revenue)
    percent = f" ({grown.replace('-', minus, 1)})" if grown else ""
    verb = "grew" if total > 0 else "fell"
    return f"Revenue {verb} by {formats.money(abs(total), currency)}{percent} compared with {against}{why}"


def _word(change: RevenueChange, part: PartName) -> str:
    more, less = _WORDS[part]
    return more if change.parts[part] > 0 else less


def signed(amount: Decimal, currency: str | None, minus: str = "-") -> str:
    """12.5 → "+€ 12.50"."""
    sign = "+" if amount > 0 else minus if amount < 0 else ""
    return f"{sign}{formats.money(abs(amount), currency)}"


def mix_sentence(change: RevenueChange, currency: str | None, *, minus: str = "-") -> str:
    """How new and returning customers share in the number of customers and in the value of an order."""
    split, amounts = change.split, shown(change)
    if isinstance(split, Unknown):
        return split.reason
    step = _WHOLE if all(one == one.to_integral_value() for one in amounts.values()) else _CENT
    new, returning = rounded([split.new, split.returning], step, amounts["customers"])
    mix, *_ = rounded([split.mix, split.new_value, split.returning_value], step, amounts["order_value"])
    before, now = (_share_of_new(side) for side in (change.before, change.now))
    return (
        f"Of the number of customers, new ones are {signed(new, currency, minus)} and returning ones "
        f"{signed(returning, currency, minus)}. Of the value per order, {signed(mix, currency, minus)} is the mix: "
        f"{now} of the customers' orders were of new customers, before {before}."
    )


def _share_of_new(side: Side) -> str:
    return formats.percent(side.new.orders / side.orders) if side.orders else "none"
