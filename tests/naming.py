"""Whether the names of segments are true, worked out from what the screen says and from the customers alone.

Nothing of the code that makes names is used: the sentences beside a name are read, their limits are held against the
shop, and everybody is counted again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from segmentation import formats
from segmentation.customers import CustomerTable
from segmentation.segments import Segmentation

Mask = npt.NDArray[np.bool_]

FEW = 10
NUMBER = r"([\d,.]+)"

LEADS = {
    "New": "newcomers",
    "Newcomers": "newcomers",
    "Active": "active",
    "Lapsing": "lapsing",
    "Lapsed": "lapsed",
    "Recent": "recent customers",
    "Long-ago": "long-ago customers",
}
NOUNS = {
    "one-time buyers": ("one-time buyers",),
    "one order": ("one-time buyers",),
    "one big order": ("one-time buyers", "big-basket buyers"),
    "one small order": ("one-time buyers", "small-basket buyers"),
    "one discounted order": ("one-time buyers", "discount buyers"),
    "repeat buyers": ("repeat buyers",),
    "repeat": ("repeat buyers",),
    "frequent buyers": ("frequent buyers",),
    "frequent": ("frequent buyers",),
    "top customers": ("frequent buyers", "big spenders"),
    "big spenders": ("big spenders",),
    "high spend": ("big spenders",),
    "low spenders": ("low spenders",),
    "low spend": ("low spenders",),
    "big-basket buyers": ("big-basket buyers",),
    "big baskets": ("big-basket buyers",),
    "small-basket buyers": ("small-basket buyers",),
    "small baskets": ("small-basket buyers",),
    "full-price buyers": ("full-price buyers",),
    "full price": ("full-price buyers",),
    "discount buyers": ("discount buyers",),
    "discounts": ("discount buyers",),
    "high-return buyers": ("high-return buyers",),
    "weekend shoppers": ("weekend shoppers",),
    "weekends": ("weekend shoppers",),
    "peak-season shoppers": ("peak-season shoppers",),
    "wide-range buyers": ("wide-range buyers",),
    "wide range": ("wide-range buyers",),
    "one-category buyers": ("one-category buyers",),
    "one category": ("one-category buyers",),
    "other-channel buyers": ("other-channel buyers",),
    "long-time buyers": ("long-time buyers",),
    "long-time": ("long-time buyers",),
    "customers": (),
}
RULES = {
    "Champions": ("active", "repeat buyers"),
    "Loyal": ("not lapsed", "repeat buyers"),
    "Active": ("active",),
    "New": ("newcomers",),
    "Promising": ("active",),
    "Recent": ("active",),
    "Needs attention": ("late",),
    "Almost lost": ("late",),
    "At risk": ("late",),
    "Previously loyal": ("late", "repeat buyers"),
    "Dormant": ("lapsed",),
    "Inactive": ("lapsed",),
}
STAGES = {"active", "lapsing", "lapsed", "late", "not lapsed"}
LOYAL = {"Champions", "Loyal", "Previously loyal"}


class Shop:
    """A customer table, read by sentences."""

    def __init__(self, customers: CustomerTable) -> None:
        self.customers = customers
        self.have = {feature.name for feature in customers.features}

    def raw(self, name: str) -> npt.NDArray[np.float64]:
        return self.customers.raw(name)

    def usual_gap(self, said: float) -> None:
        gap = float(np.nanmedian(self.raw("gap_days")))
        assert abs(said - gap) <= 1 + 0.03 * gap, f"the usual gap is {gap}, not {said}"

    def comes_back(self, newcomer_days: float) -> bool:
        settled = self.raw("tenure_days") > newcomer_days
        again = self.raw("orders") > 1
        return bool((again[settled] if settled.any() else again).mean() >= 0.2 and again.sum() >= 30)

    def top(self, name: str, limit: float) -> Mask:
        true = np.asarray(self.raw(name) >= limit)
        assert true.mean() <= 0.2, f"{true.mean():.1%} reach the top fifth of {name}"
        return true

    def bottom(self, name: str, limit: float) -> Mask:
        true = np.asarray(self.raw(name) <= limit)
        assert true.mean() <= 0.2, f"{true.mean():.1%} are in the bottom fifth of {name}"
        return true

    def season(self, months: str) -> Mask:
        assert self.customers.season is not None, "there is no season"
        two = self.raw("tenure_days") >= 365
        return np.asarray((self.raw("season_share") >= 2 / 3) & two)

    def late(self, days: float, gap: float, times: int) -> Mask:
        self.usual_gap(gap)
        assert days == times * gap
        return np.asarray(self.raw("recency_days") > days)


Read = Callable[[Shop, re.Match[str]], Mask]


def figure(text: str) -> float:
    return float(text.replace(",", ""))


def _active(shop: Shop, said: re.Match[str]) -> Mask:
    return ~shop.late(figure(said[1]), figure(said[2]), 2)


def _lapsing(shop: Shop, said: re.Match[str]) -> Mask:
    gap, recency = figure(said[3]), shop.raw("recency_days")
    shop.usual_gap(gap)
    assert (figure(said[1]), figure(said[2])) == (2 * gap + 1, 4 * gap)
    return np.asarray((recency >= figure(said[1])) & (recency <= figure(said[2])))


SENTENCES: tuple[tuple[str, Read], ...] = (
    (rf"first ordered within the last {NUMBER} days", lambda s, m: s.raw("tenure_days") <= figure(m[1])),
    (rf"ordered within the last {NUMBER} days, twice the {NUMBER} days? that repeat buyers usually .*", _active),
    (
        rf"ordered within the last {NUMBER} days, four times the {NUMBER} days? that repeat buyers usually .*",
        lambda s, m: ~s.late(figure(m[1]), figure(m[2]), 4),
    ),
    (rf"no order for {NUMBER} to {NUMBER} days, two to four times the {NUMBER} days? that .*", _lapsing),
    (
        rf"no order for more than {NUMBER} days, twice the {NUMBER} days? that .*",
        lambda s, m: s.late(figure(m[1]), figure(m[2]), 2),
    ),
    (
        rf"no order for more than {NUMBER} days, four times the {NUMBER} days? that .*",
        lambda s, m: s.late(figure(m[1]), figure(m[2]), 4),
    ),
    (r"last ordered within 90 days", lambda s, _: s.raw("recency_days") <= 90),
    (r"last ordered more than 365 days ago", lambda s, _: s.raw("recency_days") > 365),
    (r"placed one order", lambda s, _: s.raw("orders") <= 1),
    (r"placed two orders or more", lambda s, _: s.raw("orders") >= 2),
    (rf"placed at least {NUMBER} orders, as the top .*", lambda s, m: s.top("orders", figure(m[1]))),
    (rf"spent at least \D*{NUMBER}, as the top .*", lambda s, m: s.top("spend", figure(m[1]))),
    (rf"spent at most \D*{NUMBER}, as the bottom .*", lambda s, m: s.bottom("spend", figure(m[1]))),
    (rf"spent per order at least \D*{NUMBER}, as the top .*", lambda s, m: s.top("average_order", figure(m[1]))),
    (rf"spent per order at most \D*{NUMBER}, as the bottom .*", lambda s, m: s.bottom("average_order", figure(m[1]))),
    (r"never used a discount", lambda s, _: s.raw("discount_share") == 0),
    (r"used a discount on half of their orders or more", lambda s, _: s.raw("discount_share") >= 0.5),
    (r"sent back a quarter of what they bought or more", lambda s, _: s.raw("refund_share") >= 0.25),
    (
        r"placed two orders or more, two of three at weekends",
        lambda s, _: (s.raw("weekend_share") >= 2 / 3) & (s.raw("orders") > 1),
    ),
    (r"first ordered 365 days ago or more, two of three orders in (\w+ and \w+)", lambda s, m: s.season(m[1])),
    (
        r"placed two orders or more, all in one category",
        lambda s, _: (s.raw("breadth") == 1) & (s.raw("orders") > 1),
    ),
    (rf"bought from at least {NUMBER} categories, as the top .*", lambda s, m: s.top("breadth", figure(m[1]))),
    (
        r"placed fewer than half of their orders in the main channel",
        lambda s, _: s.raw("main_channel_share") < 0.5,
    ),
    (
        rf"at least {NUMBER} days from the first to the last order",
        lambda s, m: s.top("active_days", figure(m[1])),
    ),
)

REST = r"(?:, (\S+\s%) of the rest of the shop)?"
WORD = re.compile(rf"(\S+\s%) are ([\w\s-]+?){REST}: (.+)\.")
TOGETHER = re.compile(rf"(\S+\s%) are (?:both|all of this){REST}\.")
OF_BOTH = "No word is true of most of each of the segments that were merged, so it has the names of all."
APART = re.compile(r"What sets them apart most: (.+), (\S+(?:\s%)?) in the shop \((\w+)s\)\.")


def lies(customers: CustomerTable, segmentation: Segmentation) -> list[str]:
    """What is not true of the names of a segmentation, one sentence each; names that somebody typed aside."""
    shop, found = Shop(customers), []
    names = [segment.name for segment in segmentation.segments]
    if len(set(names)) < len(names):
        found.append(f"Names come twice: {names}.")
    for segment in segmentation.segments:
        member = np.asarray(segmentation.labels == segment.index)
        if segment.typed:
            continue
        try:
            _check(shop, segment.name, segment.rule, segment.evidence, member)
        except AssertionError as error:
            found.append(f"{segment.name} ({member.sum()} of {customers.n}): {error}; {segment.evidence}")
    return found


def _check(shop: Shop, name: str, rule: str, evidence: tuple[str, ...], member: Mask) -> None:
    assert evidence, "nothing says why"
    assert len(name) <= 28, "too long"
    size = int(member.sum())
    plain = re.sub(r" \d+$", "", name)
    if size < FEW:
        said = plain in {"A handful of customers", "No customers"} or name.lower() == rule.lower()
        assert said or (rule and plain in RULES), "too few to describe"
        return
    if size == shop.customers.n:
        assert plain == "All customers"
        return
    if evidence == (OF_BOTH,):  # the names of the parts, which each is one of
        assert len(set(name.split(" + "))) > 1, "not the names of several"
        return
    said = {line[2]: line for line in map(WORD.fullmatch, evidence) if line is not None}
    masks = {word: _mask(shop, line, member) for word, line in said.items()}
    _newcomers_first(shop, name, member)
    assert plain not in LOYAL or shop.comes_back(90) or shop.comes_back(30), "few ever come back"
    apart = next((line for line in map(APART.fullmatch, evidence) if line is not None), None)
    if apart is not None:
        _figure(shop, name, apart, member)
        lead = name.split(",")[0]
        assert set(masks) == ({LEADS[lead]} if "," in name and lead in LEADS else set()), "words without evidence"
        return
    if plain == "Much like everyone":
        return
    assert set(masks) in [set(words) for words in _words_of(name, plain)], f"{sorted(masks)} is no evidence"
    together = np.logical_and.reduce(list(masks.values()))
    _telling(together, member)
    both = next((line for line in map(TOGETHER.fullmatch, evidence) if line is not None), None)
    assert (both is None) == (len(masks) < 2)
    if both is not None:
        _figures_are(both[1], both[2], together, member)


def _words_of(name: str, plain: str) -> list[tuple[str, ...]]:
    """What a name says, in words of the evidence: one reading, or two where the rules have a name of their own."""
    readings = [RULES[text] for text in {name, plain} if text in RULES]
    if plain == "Champions":
        readings.append(("active", "frequent buyers", "big spenders"))
    for text in {name, plain}:
        lead, _, rest = text.partition(" ")
        told = (LEADS[lead.rstrip(",")],) if lead.rstrip(",") in LEADS else ()
        parts = (rest if told else text[:1].lower() + text[1:]).split(", ")
        if all(part in NOUNS for part in parts if part):
            readings.append(told + tuple(word for part in parts if part for word in NOUNS[part]))
    return readings


def _mask(shop: Shop, line: re.Match[str], member: Mask) -> Mask:
    for pattern, read in SENTENCES:
        said = re.fullmatch(pattern, line[4].replace(formats.SPACE, " "))
        if said is not None:
            true = np.asarray(read(shop, said))
            break
    else:
        raise AssertionError(f"“{line[4]}” cannot be read")
    _figures_are(line[1], line[3], true, member)
    _telling(true, member)
    assert line[2] not in STAGES or shop.comes_back(90) or shop.comes_back(30), "few ever come back"
    return true


def _figures_are(here: str, others: str | None, true: Mask, member: Mask) -> None:
    assert (others is None) == ((~member).sum() < FEW), "the rest of the shop is too few to describe"
    assert here == formats.percent(float(true[member].mean())), f"{true[member].mean():.1%}, not {here}"
    assert others is None or others == formats.percent(float(true[~member].mean())), (
        f"{true[~member].mean():.1%} outside, not {others}"
    )


def tells(true: Mask, member: Mask) -> bool:
    """Whether 60 % of the members have it, with twice the odds of the others."""
    inside, outside = Fraction(int(true[member].sum()), int(member.sum())), Fraction(int(true[~member].sum()))
    outside /= int((~member).sum())
    if outside == 1 or inside < Fraction(6, 10):
        return False
    return inside == 1 or inside / (1 - inside) >= 2 * outside / (1 - outside)


def _telling(true: Mask, member: Mask) -> None:
    share, others = true[member].mean(), true[~member].mean()
    assert tells(true, member), f"true of {share:.1%} here and {others:.1%} elsewhere"


def _newcomers_first(shop: Shop, name: str, member: Mask) -> None:
    """Whoever ordered first within 30 days is new by any reading of the shop's rhythm."""
    if "tenure_days" in shop.have and tells(np.asarray(shop.raw("tenure_days") <= 30), member):
        new = shop.raw("tenure_days")[member] <= 90
        assert name.startswith("New") or not tells(np.asarray(shop.raw("tenure_days") <= 90), member), (
            f"{new.mean():.0%} are newcomers"
        )


def _figure(shop: Shop, name: str, said: re.Match[str], member: Mask) -> None:
    """The figure in the name is the group's, and differs from the shop's."""
    feature = next((one for one in shop.customers.features if said[1].startswith(f"{one.label.lower()} ")), None)
    assert feature is not None, f"“{said[1]}” is no feature"
    stated_here = said[1].removeprefix(feature.label.lower())
    assert np.isfinite(shop.raw(feature.name)[member]).mean() >= 0.6, "most of them have no such figure"
    values = shop.raw(feature.name)
    factor = 100 if feature.unit == "share" else 1
    if said[3] == "average":
        values = np.clip(values, *np.nanquantile(values, [0.01, 0.99]))
    for text, some in ((stated_here, values[member]), (said[2], values)):
        stated = figure(re.findall(r"-?[\d,.]*\d", text)[0]) / factor
        low, high = _between(some, said[3], len(values))
        spare = 0.6 / factor + 0.01 * abs(stated)
        assert low - spare <= stated <= high + spare, f"{feature.name} is {low:.2f} to {high:.2f}, not {text}"
    number = re.findall(r"[\d,.]*\d", stated_here)
    assert number, f"“{stated_here}” is no figure"
    assert number[0] in name, "the name has another figure"


def _between(values: npt.NDArray[np.float64], kind: str, everyone: int) -> tuple[float, float]:
    """Between which values an average or a median lies; profiles know ranks to one of 254 parts of all customers."""
    known = np.sort(values[np.isfinite(values)])
    if kind == "average":
        return float(known.mean() * 0.98), float(known.mean() * 1.02)
    spare, middle = everyone // 254 + 1, (len(known) - 1) / 2
    low, high = max(0, int(middle) - spare), min(len(known) - 1, int(np.ceil(middle)) + spare)
    return float(known[low]), float(known[high])
