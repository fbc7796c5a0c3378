"""Names by a figure: what a segment does differently, in a few words, beside the whole shop."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.customers import Feature
from segmentation.profiles import GroupProfile, difference_of, in_words

NOTICEABLE = 0.1
"""Standard deviations from everyone below which nothing is called a difference."""

ENOUGH = 0.6
"""Where fewer of the group have a value, its figure says nothing of the others."""

_SHORT = {
    "recency_days": "last order {} ago",
    "tenure_days": "first order {} ago",
    "active_days": "orders over {}",
    "orders": "orders {}",
    "spend": "spend {}",
    "average_order": "average order {}",
    "gap_days": "order every {}",
    "breadth": "from {}",
    "discount_share": "discount on {} of orders",
    "refund_share": "send back {}",
    "weekend_share": "{} at weekends",
    "season_share": "{} in peak season",
    "main_channel_share": "{} in main channel",
    "expected_orders": "expected orders {}",
    "expected_spend": "expected spend {}",
    "order_chance": "chance to order {}",
    "lost_risk": "risk of loss {}",
}
_COUNTED = {"orders"}
"""Features whose noun stands in the short text already."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A difference as a name.

    texts: the name, with the shop's figure beside it and without, the longer first.
    sentence: the same in full, in lower case and without a full stop.
    """

    texts: tuple[str, ...]
    sentence: str


def figure(feature: Feature, group: GroupProfile, everyone: GroupProfile, currency: str | None) -> Figure | None:
    """What the group's figure is beside everyone's; None where it is missing for
    many, looks the same, or its unit says nothing."""
    size, known = group.differences.get(feature.name, 0.0), group.defined.get(feature.name, 0)
    if known < ENOUGH * group.customers:
        return None
    if abs(size) < NOTICEABLE or feature.unit == "ratio" or feature.name not in everyone.typical:
        return None
    value, usual, averages = difference_of(feature, group, everyone)
    bare = feature.name in _COUNTED
    short = _SHORT.get(feature.name, f"{feature.label.lower()} {{}}")
    number = in_words(value, feature.unit, currency, bare=bare)
    beside = in_words(usual, feature.unit, currency, bare=True)
    if in_words(value, feature.unit, currency, bare=True) == beside:
        return None
    if feature.unit == "days" and not round(value):
        return None
    text = short.format(number)
    kind = "average" if averages else "median"
    sentence = f"{feature.label.lower()} {in_words(value, feature.unit, currency)}, {beside} in the shop ({kind}s)"
    return Figure((f"{text} (shop {beside})", text), sentence)
