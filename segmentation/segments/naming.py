"""Plain names and a suggested play for segments, from a table of rules.

Each rule says what a group must look like. Rules are tried from the most telling to the most general; of the groups
that fit, the one that fits most strongly takes the name, and nobody else can have it. So names are unique, and the
same profiles always get the same names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from segmentation.customers import Feature
from segmentation.profiles import GroupProfile, Survey

LONGEST = 28
"""Names are at most this many characters long, to fit a card and a legend."""

_ANY = float("inf")
Range = tuple[float, float]

# Measures of a group: `away` is its median recency in typical gaps of the shop, `once` the share of customers with a
# single order; the others are the catalogue's features in standard deviations from everyone.
_HERE: Range = (-_ANY, 1.5)
_FADING: Range = (1.5, 4.0)
_GONE: Range = (4.0, _ANY)
_MOSTLY: Range = (0.6, _ANY)


def _over(size: float) -> Range:
    return (size, _ANY)


def _under(size: float) -> Range:
    return (-_ANY, -size)


@dataclass(frozen=True, slots=True)
class Name:
    """What a segment is called.

    name: its name.
    play: what to do with it, in a sentence.
    """

    name: str
    play: str


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    play: str
    wants: Mapping[str, Range] = field(default_factory=dict)


_THANKS = "Early access, no discount: they buy anyway."
_HABIT = "Keep the habit: remind them when their next order is due."
_UPSELL = "Show the premium range and free delivery above a basket, not a discount."
_SECOND = "Make the second order easy: what fits the first one, within a few weeks."
_COUPON = "Offer bundles instead of coupons, and test how much discount they need."
_WINBACK = "A personal win-back with what they used to buy, and a real incentive."
_CHEAP = "One cheap reminder with best sellers, then leave them in peace."
_RETURNS = "Help before the order: sizes, photos, advice; leave them out of discounts."
_SEASON = "Write to them when the season opens, with what they bought last time; hardly in between."
_RANGE = "Show what is new across the range; ask them for reviews."
_NARROW = "Introduce one category next to the one they know."

_RULES: tuple[_Rule, ...] = (
    _Rule("Champions on repeat", _THANKS, {"away": _HERE, "orders": _over(0.8), "spend": _over(0.8)}),
    _Rule("Lapsing champions", _WINBACK, {"away": _FADING, "orders": _over(0.8), "spend": _over(0.8)}),
    _Rule("Lapsed champions", _WINBACK, {"away": _GONE, "orders": _over(0.8), "spend": _over(0.8)}),
    _Rule("Frequent returners", _RETURNS, {"refund_share": _over(1.0)}),
    _Rule("Discount regulars", _COUPON, {"discount_share": _over(0.7), "orders": _over(0.2)}),
    _Rule("Big-basket regulars", _UPSELL, {"away": _HERE, "orders": _over(0.2), "average_order": _over(0.5)}),
    _Rule("Seasonal regulars", _SEASON, {"season_share": _over(0.8), "orders": _over(0.2)}),
    _Rule("Season shoppers", _SEASON, {"season_share": _over(0.9)}),
    _Rule("Weekend regulars", _HABIT, {"weekend_share": _over(0.9), "orders": _over(0.1)}),
    _Rule("Loyal regulars", _HABIT, {"away": _HERE, "orders": _over(0.4)}),
    _Rule("New, one big order", _SECOND, {"away": _HERE, "once": _MOSTLY, "average_order": _over(0.4)}),
    _Rule("New, one small order", _SECOND, {"away": _HERE, "once": _MOSTLY, "average_order": _under(0.3)}),
    _Rule("New, won by a discount", _SECOND, {"away": _HERE, "once": _MOSTLY, "discount_share": _over(0.6)}),
    _Rule("New, first order", _SECOND, {"away": _HERE, "once": _MOSTLY}),
    _Rule("New and coming back", _HABIT, {"away": _HERE, "tenure_days": _under(0.4)}),
    _Rule("Lapsed, one big order", _WINBACK, {"away": _GONE, "once": _MOSTLY, "average_order": _over(0.4)}),
    _Rule("Lapsing, one big order", _SECOND, {"away": _FADING, "once": _MOSTLY, "average_order": _over(0.4)}),
    _Rule("Lapsing big-basket buyers", _WINBACK, {"away": _FADING, "average_order": _over(0.4)}),
    _Rule("Lapsed big-basket buyers", _WINBACK, {"away": _GONE, "average_order": _over(0.4)}),
    _Rule("Lapsing discount buyers", _COUPON, {"away": _FADING, "discount_share": _over(0.6)}),
    _Rule("Lapsed discount buyers", _CHEAP, {"away": _GONE, "discount_share": _over(0.6)}),
    _Rule("Lapsing regulars", _WINBACK, {"away": _FADING, "orders": _over(0.2)}),
    _Rule("Lapsed regulars", _WINBACK, {"away": _GONE, "orders": _over(0.2)}),
    _Rule("Lapsed, one small order", _CHEAP, {"away": _GONE, "once": _MOSTLY, "average_order": _under(0.3)}),
    _Rule("Lapsing, one small order", _SECOND, {"away": _FADING, "once": _MOSTLY, "average_order": _under(0.3)}),
    _Rule("Lapsed one-time buyers", _CHEAP, {"away": _GONE, "once": _MOSTLY}),
    _Rule("Lapsing one-time buyers", _SECOND, {"away": _FADING, "once": _MOSTLY}),
    _Rule("Weekend shoppers", _HABIT, {"away": _HERE, "weekend_share": _over(0.8)}),
    _Rule("Discount seekers", _COUPON, {"away": _HERE, "discount_share": _over(0.6)}),
    _Rule("Lapsing small baskets", _CHEAP, {"away": _FADING, "average_order": _under(0.3)}),
    _Rule("Lapsed small baskets", _CHEAP, {"away": _GONE, "average_order": _under(0.3)}),
    _Rule("Whole-range shoppers", _RANGE, {"away": _HERE, "breadth": _over(0.6)}),
    _Rule("Big-basket buyers", _UPSELL, {"away": _HERE, "average_order": _over(0.4)}),
    _Rule("Small-basket buyers", _NARROW, {"away": _HERE, "average_order": _under(0.4)}),
    _Rule("Other-channel buyers", _HABIT, {"away": _HERE, "main_channel_share": _under(0.8)}),
    _Rule("Few-category buyers", _NARROW, {"away": _HERE, "breadth": _under(0.5)}),
    _Rule("Full-price buyers", _THANKS, {"away": _HERE, "discount_share": _under(0.4)}),
)

_STAGES = (("Lapsed", _GONE, _CHEAP), ("Lapsing", _FADING, _WINBACK), ("Active", _HERE, _HABIT))
_SAID_BEFORE = {"recency_days", "tenure_days", "active_days", "trend", "average_order"}
"""Features the stage or the names of other segments have said already: "Lapsed, big baskets" beside "Lapsed big-basket
buyers" helps nobody."""

_WORTH_SAYING = 0.3
_FEW = Name("A handful of customers", "Too few for a campaign: look at them one by one.")
_REST = "Look at the profile before planning anything."


def name_segments(
    survey: Survey,
    features: Sequence[Feature],
    names: Sequence[Name | None] | None = None,
    avoid: Iterable[str] = (),
) -> tuple[Name, ...]:
    """A name for each group of the survey; where `names` has one, that one.

    `features` lends the catalogue's words where no rule is left; names to `avoid` belonged to segments that are gone.
    Names are unique and at most LONGEST characters.
    """
    named: list[Name | None] = list(names) if names is not None else [None] * len(survey.groups)
    taken = {name.name for name in named if name is not None} | set(avoid)
    measures = [_measures(group, survey.everyone) for group in survey.groups]
    told = [i for i, group in enumerate(survey.groups) if not group.few]
    for rule in _RULES:
        fitting = [i for i in told if named[i] is None and _fits(rule, measures[i])]
        if fitting and rule.name not in taken:
            best = max(fitting, key=lambda i: (_strength(rule, measures[i]), -i))
            named[best] = Name(rule.name, rule.play)
            taken.add(rule.name)
    result = []
    for i, name in enumerate(named):
        chosen = name or _fallback(survey.groups[i], measures[i], features, taken)
        taken.add(chosen.name)
        result.append(chosen)
    return tuple(result)


def _measures(group: GroupProfile, everyone: GroupProfile) -> Mapping[str, float]:
    if group.few or everyone.few:
        return {}
    measures = dict(group.differences)
    recency = group.typical.get("recency_days")
    usual = everyone.typical.get("gap_days", everyone.typical.get("recency_days"))
    if recency is not None and usual is not None:
        measures["away"] = recency.median / max(usual.median, 1.0)
    measures["once"] = _once(group)
    return measures


def _once(group: GroupProfile) -> float:
    """Share of one-time buyers: those without a gap between orders, else as far as the quartiles tell."""
    if "gap_days" in group.defined:
        return 1 - group.defined["gap_days"] / group.customers
    orders = group.typical.get("orders")
    return 0.0 if orders is None else (0.75 if orders.high <= 1 else 0.5 if orders.median <= 1 else 0.0)


def _fits(rule: _Rule, measures: Mapping[str, float]) -> bool:
    return all(m in measures and low <= measures[m] <= high for m, (low, high) in rule.wants.items())


def _strength(rule: _Rule, measures: Mapping[str, float]) -> float:
    return sum(abs(measures[m]) for m in rule.wants if m not in {"away", "once"})


def _fallback(group: GroupProfile, measures: Mapping[str, float], features: Sequence[Feature], taken: set[str]) -> Name:
    """A stage and the catalogue's words for what is most different; a number where even that is taken."""
    if group.few:
        return _numbered(_FEW, taken)
    words = {feature.name: (feature.low, feature.high) for feature in features if feature.name not in _SAID_BEFORE}
    stage, play = next(
        ((stage, play) for stage, (low, high), play in _STAGES if low <= measures.get("away", _ANY) <= high),
        ("Other", _REST),
    )
    for name in sorted(group.differences, key=lambda name: -abs(group.differences[name])):
        size = group.differences[name]
        if name in words and abs(size) >= _WORTH_SAYING:
            text = f"{stage}, {words[name][size > 0]}"
            if text not in taken and len(text) <= LONGEST:
                return Name(text, play)
    return _numbered(Name(f"{stage} customers", play), taken)


def _numbered(name: Name, taken: set[str]) -> Name:
    tries = [name.name, *(f"{name.name} {number}" for number in range(2, len(taken) + 3))]
    return Name(next(text for text in tries if text not in taken), name.play)
