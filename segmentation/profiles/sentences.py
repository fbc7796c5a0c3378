"""A difference as a sentence: the words of the catalogue, the unit, and what is typical of everyone."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation import formats
from segmentation.customers import Feature

_TIMES_FROM = 1.5
"""From this ratio on, "3.1× as often" says more than two numbers."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """`{value}` carries its unit; `times` is for groups well above what is typical, `zero` for a value of 0."""

    plain: str
    times: str = ""
    zero: str = ""


_PHRASES = {
    "recency_days": _Phrase("last bought {value} ago"),
    "tenure_days": _Phrase("first bought {value} ago"),
    "active_days": _Phrase("bought over {value}", zero="bought on one day only"),
    "orders": _Phrase("placed {value}", "order {times}× as often"),
    "spend": _Phrase("spent {value}", "spend {times}× as much"),
    "average_order": _Phrase("spend {value} per order"),
    "gap_days": _Phrase("order every {value}"),
    "breadth": _Phrase("buy from {value}"),
    "discount_share": _Phrase("use a discount on {value} of orders"),
    "refund_share": _Phrase("send back {value} of what they buy"),
    "weekend_share": _Phrase("place {value} of orders at weekends"),
    "season_share": _Phrase("place {value} of orders in the peak season"),
    "main_channel_share": _Phrase("place {value} of orders in the main channel"),
    "expected_orders": _Phrase("likely to place {value} orders in a year"),
    "expected_spend": _Phrase("likely to spend {value} in a year"),
    "order_chance": _Phrase("chance to order in 90 days {value}"),
    "lost_risk": _Phrase("risk of being lost {value}"),
}

_PLURALS = {"days": ("day", "days"), "orders": ("order", "orders"), "categories": ("category", "categories")}


def sentence(feature: Feature, value: float, usual: float, *, above: bool, averages: bool, currency: str | None) -> str:
    """What sets a group apart in one feature, in lower case and without a full stop.

    `value` is the group's and `usual` everyone's, in the feature's unit: medians, or `averages`. A feature without a
    phrase of its own uses the catalogue's words.
    """
    words = feature.high if above else feature.low
    number, beside = (in_words(v, feature.unit, currency, bare=True) for v in (value, usual))
    if feature.unit == "ratio" or number == beside:
        return words
    phrase = _PHRASES.get(feature.name, _Phrase(f"{words}: {{value}}"))
    if above and phrase.times and usual > 0 and value >= _TIMES_FROM * usual:
        return phrase.times.format(times=in_words(value / usual, "ratio"))
    if value == 0 and phrase.zero:
        return phrase.zero
    said = phrase.plain.format(value=in_words(value, feature.unit, currency))
    if feature.unit == "share":
        return f"{said} (everyone {beside})"
    return f"{said} on average (everyone {beside})" if averages else f"{said} (typical {beside})"


def in_words(value: float, unit: str, currency: str | None = None, *, bare: bool = False) -> str:
    """A number with its unit, thousands separated; `bare` leaves the unit away, except for percentages."""
    if unit == "share":
        return formats.percent(value)
    if unit == "money":
        return formats.money(value, None if bare else currency)
    number = formats.number(value, decimals=1 if abs(value) < 10 else 0).removesuffix(".0")
    if bare or unit not in _PLURALS:
        return number
    one, many = _PLURALS[unit]
    return f"{number} {one if number == '1' else many}"
