"""Words that a segment may be called by: each is a predicate over customers, with limits that come from the shop."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
import numpy.typing as npt

from segmentation import formats
from segmentation.customers import BoolArray, CustomerTable
from segmentation.segments.conditions import in_numbers

FIFTH = 0.2
"""Top and bottom words are true of this share of the shop's customers at most."""

COME_BACK = 0.2
"""Where a smaller share of the customers ever orders again, nobody is late, and no word says so."""

ENOUGH = 30
"""Repeat buyers that a shop's rhythm needs."""

IN_TIME, GONE = 2, 4
"""Times the shop's rhythm within which somebody is active, and after which somebody is lapsed."""

NEWEST, OLDEST_NEW = 30, 90
"""Days within which a newcomer placed the first order: twice the shop's rhythm, but within these."""

RECENT, LONG_AGO = 90, 365
"""Days that stand for recently and for long ago where there is no rhythm."""

MOSTLY, HALF, QUARTER = 2 / 3, 0.5, 0.25
"""Shares of orders, or of what was bought."""

YEAR = 365
"""Days after which a customer has had two seasons to order in."""

Levels = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Word:
    """A word and what it says of a customer.

    key: what it is known by, in saved segmentations too.
    said: it in a sentence: "97 % are lapsed".
    meaning: when it is true of a customer, with the shop's own limits.
    lead: it before a noun, as in "Lapsed big spenders"; "" where it cannot stand there.
    noun: it as a noun, as in "big spenders"; "" where it is none.
    levels: those of its family that it is true for.
    """

    key: str
    said: str
    meaning: str
    lead: str = ""
    noun: str = ""
    levels: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Words about the same thing.

    words: which they are.
    levels: the level of each customer, shape (n,), from 0.
    highest: the highest level there can be.
    """

    words: tuple[Word, ...]
    levels: Levels
    highest: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How soon this shop's customers order again.

    days: what repeat buyers usually leave between orders, the median of their averages.
    newcomer_days: a newcomer's first order is no older.
    usable: whether enough customers come back that somebody can be late.
    """

    days: int
    newcomer_days: int
    usable: bool


def families_of(customers: CustomerTable) -> Iterator[Family]:
    """What the features of this table allow to say of its customers."""
    have = {feature.name for feature in customers.features}
    rhythm = rhythm_of(customers)
    for needs, make in _FAMILIES:
        if needs <= have:
            family = make(customers, rhythm)
            if family is not None:
                yield family


def rhythm_of(customers: CustomerTable) -> Rhythm:
    """The shop's rhythm, from the days that repeat buyers leave between orders."""
    have = {feature.name for feature in customers.features}
    if not {"gap_days", "orders"} <= have or not (repeat := _counted(customers, "gap_days")).sum():
        return Rhythm(OLDEST_NEW, OLDEST_NEW, usable=False)
    below = np.cumsum(repeat)
    levels = customers.levels("gap_days")
    days = max(1, ceil(float(levels[np.searchsorted(below, 0.5 * below[-1])])))
    newcomer_days = min(max(IN_TIME * days, NEWEST), OLDEST_NEW)
    again = customers.raw("orders") > 1
    if "tenure_days" in have:  # newcomers have not had the time to come back
        settled = customers.raw("tenure_days") > newcomer_days
        again = again[settled] if settled.any() else again
    usable = bool(below[-1] >= ENOUGH and again.mean() >= COME_BACK)
    return Rhythm(days, newcomer_days, usable)


# Families -------------------------------------------------------------------------------------------------------


def _new(customers: CustomerTable, rhythm: Rhythm) -> Family:
    meaning = f"first ordered within the last {formats.days(rhythm.newcomer_days)}"
    word = Word("new", "newcomers", meaning, lead="New")
    return _marked(word, customers.raw("tenure_days") <= rhythm.newcomer_days)


def _stage(customers: CustomerTable, rhythm: Rhythm) -> Family:
    recency = customers.raw("recency_days")
    if not rhythm.usable:
        levels = (recency <= RECENT) + 2 * (recency > LONG_AGO)
        recent = Word("recent", "recent customers", f"last ordered within {RECENT} days", lead="Recent")
        meaning = f"last ordered more than {LONG_AGO} days ago"
        long_ago = Word("long_ago", "long-ago customers", meaning, lead="Long-ago", levels=(2,))
        return Family((recent, long_ago), levels.astype(np.int32), 2)
    late, gone = IN_TIME * rhythm.days, GONE * rhythm.days
    levels = (recency > late).astype(np.int32) + (recency > gone)
    usual = f"{formats.days(rhythm.days)} that repeat buyers usually leave between orders"
    active = f"ordered within the last {formats.days(late)}, twice the {usual}"
    lapsing = f"no order for {late + 1:,} to {formats.days(gone)}, two to four times the {usual}"
    lapsed = f"no order for more than {formats.days(gone)}, four times the {usual}"
    words = (
        Word("active", "active", active, lead="Active", levels=(0,)),
        Word("lapsing", "lapsing", lapsing, lead="Lapsing"),
        Word("lapsed", "lapsed", lapsed, lead="Lapsed", levels=(2,)),
        Word(
            "not_lapsed",
            "not lapsed",
            f"ordered within the last {formats.days(gone)}, four times the {usual}",
            levels=(0, 1),
        ),
        Word("late", "late", f"no order for more than {formats.days(late)}, twice the {usual}", levels=(1, 2)),
    )
    return Family(words, levels, 2)


def _orders(customers: CustomerTable, rhythm: Rhythm) -> Family:
    orders = customers.raw("orders")
    levels = (orders > 1).astype(np.int32)
    words = [
        Word("one_order", "one-time buyers", "placed one order", noun="one-time buyers", levels=(0,)),
        Word("repeat", "repeat buyers", "placed two orders or more", noun="repeat buyers", levels=(1, 2)),
    ]
    if rhythm.usable:  # loyal is nobody where few ever come back
        words.append(Word("loyal", "repeat buyers", "placed two orders or more", levels=(1, 2)))
    top = _top(customers, "orders")
    if top is not None:
        most = max(ceil(top), 3)
        levels += orders >= most
        meaning = f"placed at least {most:,} orders, as the top {_share(orders >= most)} of the shop did"
        words.append(Word("frequent", "frequent buyers", meaning, noun="frequent buyers", levels=(2,)))
    return Family(tuple(words), levels, 2)


def _spend(customers: CustomerTable, _rhythm: Rhythm) -> Family:
    high = Word("high_spend", "big spenders", "spent", noun="big spenders")
    low = Word("low_spend", "low spenders", "spent", noun="low spenders")
    return _both_ends(customers, "spend", high, low)


def _basket(customers: CustomerTable, _rhythm: Rhythm) -> Family:
    high = Word("big_basket", "big-basket buyers", "spent per order", noun="big-basket buyers")
    low = Word("small_basket", "small-basket buyers", "spent per order", noun="small-basket buyers")
    return _both_ends(customers, "average_order", high, low)


def _discount(customers: CustomerTable, _rhythm: Rhythm) -> Family:
    share = customers.raw("discount_share")
    none = Word("full_price", "full-price buyers", "never used a discount", noun="full-price buyers", levels=(0,))
    much = Word(
        "discount", "discount buyers", "used a discount on half of their orders or more", "", "discount buyers", (2,)
    )
    levels = (~(share <= 0)).astype(np.int32) + (share >= HALF)
    return Family((none, much), levels.astype(np.int32), 2)


def _refund(customers: CustomerTable, _rhythm: Rhythm) -> Family:
    meaning = "sent back a quarter of what they bought or more"
    word = Word("returns", "high-return buyers", meaning, noun="high-return buyers")
    return _marked(word, customers.raw("refund_share") >= QUARTER)


def _weekend(customers: CustomerTable, _rhythm: Rhythm) -> Family:
    meaning = "placed two orders or more, two of three at weekends"
    word = Word("weekend", "weekend shoppers", meaning, noun="weekend shoppers")
    return _marked(word, (customers.raw("weekend_share") >= MOSTLY) & (customers.raw("orders") > 1))


def _season(customers: CustomerTable, _rhythm: Rhythm) -> Family | None:
    if customers.season is None:
        return None
    months = " and ".join(month_name[month] for month in customers.season)
    meaning = f"first ordered {YEAR} days ago or more, two of three orders in {months}"
    word = Word("season", "peak-season shoppers", meaning, noun="peak-season shoppers")
    two = customers.raw("tenure_days") >= YEAR
    return _marked(word, (customers.raw("season_share") >= MOSTLY) & two)


def _breadth(customers: CustomerTable, _rhythm: Rhythm) -> Family:
    breadth = customers.raw("breadth")
    levels = ((breadth == 1) & (customers.raw("orders") > 1)).astype(np.int32)
    meaning = "placed two orders or more, all in one category"
    words = [Word("one_category", "one-category buyers", meaning, noun="one-category buyers")]
    top = _top(customers, "breadth")
    if top is not None:
        most = max(ceil(top), 2)
        levels += 2 * (breadth >= most)
        meaning = f"bought from at least {most:,} categories, as the top {_share(breadth >= most)} of the shop did"
        words.append(Word("wide_range", "wide-range buyers", meaning, noun="wide-range buyers", levels=(2,)))
    return Family(tuple(words), levels, 2)


def _channel(customers: CustomerTable, _rhythm: Rhythm) -> Family:
    meaning = "placed fewer than half of their orders in the main channel"
    word = Word("other_channel", "other-channel buyers", meaning, noun="other-channel buyers")
    return _marked(word, customers.raw("main_channel_share") < HALF)


def _span(customers: CustomerTable, _rhythm: Rhythm) -> Family | None:
    top = _top(customers, "active_days")
    if top is None:
        return None
    days = max(ceil(top), LONG_AGO)
    meaning = f"at least {formats.days(days)} from the first to the last order"
    word = Word("long_time", "long-time buyers", meaning, noun="long-time buyers")
    return _marked(word, customers.raw("active_days") >= days)


_FAMILIES: tuple[tuple[frozenset[str], Callable[[CustomerTable, Rhythm], Family | None]], ...] = (
    (frozenset({"tenure_days"}), _new),
    (frozenset({"recency_days"}), _stage),
    (frozenset({"orders"}), _orders),
    (frozenset({"spend"}), _spend),
    (frozenset({"average_order"}), _basket),
    (frozenset({"discount_share"}), _discount),
    (frozenset({"refund_share"}), _refund),
    (frozenset({"weekend_share", "orders"}), _weekend),
    (frozenset({"season_share", "tenure_days"}), _season),
    (frozenset({"breadth", "orders"}), _breadth),
    (frozenset({"main_channel_share"}), _channel),
    (frozenset({"active_days"}), _span),
)


def _marked(word: Word, true: BoolArray) -> Family:
    return Family((word,), true.astype(np.int32), 1)


def _both_ends(customers: CustomerTable, name: str, high: Word, low: Word) -> Family:
    """Words for the top and the bottom fifth of an amount of money; their meanings get the limits behind them."""
    values = customers.raw(name)
    levels = np.zeros(customers.n, dtype=np.int32)
    words: list[Word] = []
    for word, end, level in ((high, "top", 1), (low, "bottom", 2)):
        limit = _top(customers, name) if end == "top" else _bottom(customers, name)
        if limit is None:
            continue
        true = values >= limit if end == "top" else values <= limit
        levels += level * true
        amount = in_numbers(limit, "money", customers.currency)
        side = "at least" if end == "top" else "at most"
        meaning = f"{word.meaning} {side} {amount}, as the {end} {_share(true)} of the shop did"
        words.append(Word(word.key, word.said, meaning, word.lead, word.noun, (level,)))
    return Family(tuple(words), levels, 2)


# Limits -----------------------------------------------------------------------------------------------------------


def _counted(customers: CustomerTable, name: str) -> Counts:
    """Customers by level of a feature, ascending."""
    return np.bincount(customers.codes(name), minlength=256)[: len(customers.levels(name))]


def _top(customers: CustomerTable, name: str) -> float | None:
    """The smallest limit that a fifth of the customers reach at most, rounded up; None where so many are equal that
    there is none."""
    counts, levels = _counted(customers, name), customers.levels(name)
    reach = counts[::-1].cumsum()[::-1]
    few = np.flatnonzero(reach <= FIFTH * customers.n)
    return _rounded(float(levels[few[0]]), ceil) if few.size else None


def _bottom(customers: CustomerTable, name: str) -> float | None:
    """The largest limit that a fifth of the customers stay within at most, rounded down; None where there is none."""
    within = np.flatnonzero(_counted(customers, name).cumsum() <= FIFTH * customers.n)
    return _rounded(float(customers.levels(name)[within[-1]]), floor) if within.size else None


def _rounded(value: float, towards: Callable[[float], int]) -> float:
    """Three figures from 100 on, two below: limits that can be said as they are compared."""
    if value == 0:
        return 0.0
    step = 10.0 ** (floor(log10(abs(value))) - (2 if abs(value) >= 100 else 1))
    nudged = value / step + (-1e-9 if towards is ceil else 1e-9)
    return round(towards(nudged) * step, 9)


def _share(true: BoolArray) -> str:
    return formats.percent(float(np.mean(true)))
