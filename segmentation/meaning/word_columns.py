"""Which columns hold words that say what a row is: states, kinds of documents, yes and no, sides of an account."""

from __future__ import annotations

import re
from typing import Any

from segmentation.meaning import hints
from segmentation.meaning.profiles import ColumnProfile
from segmentation.meaning.vocabulary.flags import flag_of
from segmentation.meaning.vocabulary.kinds import Kind, kind_of
from segmentation.meaning.vocabulary.lexicon import folded
from segmentation.meaning.vocabulary.payments import says_payment, way_of_paying
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.notation import looks_like_date
from segmentation.notation.shares import CONSISTENT

_LONGEST_WORD, _MOST_ANSWERS = 60, 12


def few_words(profile: ColumnProfile) -> bool:
    """Whether a column holds a few short texts."""
    return (
        profile.complete
        and 1 < profile.distinct <= 40
        and profile.longest <= _LONGEST_WORD
        and profile.numbers < CONSISTENT
    )


_LETTERS = {"j": "n", "y": "n", "s": "n", "o": "n", "t": "fn", "a": "n", "e": "h", "k": "ei", "i": "n", "v": "f",
            "w": "f", "d": "n", "д": "н", "x": "o", "b": "n"}  # fmt: skip
"""First letters of yes, and beside each those of no in the same language: ja/nein, evet/hayır, kyllä/ei, igen/nem."""


_REASON = re.compile(r"\s+[-–—]|[,;:(]")
"""What stands between a yes or no and why: “Yes - by customer”."""


def answer(profile: ColumnProfile, text: str) -> bool | None:
    """Whether a text says yes or no; a letter that is no word does so beside one that is the other."""
    said = flag_of(_REASON.split(text.strip(), maxsplit=1)[0])
    others = {value.text.strip().lower() for value in profile.values}
    if said is not None or len(others) != 2 or any(len(other) != 1 for other in others):
        return said
    mine, other = text.strip().lower(), next(one for one in others if one != text.strip().lower())
    if other in _LETTERS.get(mine, ""):
        return True
    return False if mine in _LETTERS.get(other, "") else None


def answers(profile: ColumnProfile) -> bool:
    """Whether a column is of yes and no, or of a yes where there is one: a letter that only may be a yes is none beside
    a letter that is no no."""
    return all(answer(profile, value.text) is not None for value in profile.values)


def flagged(profile: ColumnProfile) -> str | None:
    """What a yes says of a row, in a column of yes and no whose header names what became of it: refunded, cancelled,
    test, unpaid, or paid; None for any other column."""
    if not profile.complete or profile.distinct > _MOST_ANSWERS or profile.empty or hints.says_quantity(profile.header):
        return None
    if profile.share(lambda text: answer(profile, text) is not None) < 0.95:
        return None
    said = status_of(profile.header)
    if said in {"refunded", "cancelled", "test", "unpaid"}:
        return said
    return "paid" if said == "sale" and any(answer(profile, value.text) is False for value in profile.values) else None


def not_cancelled(profile: ColumnProfile) -> list[str]:
    """The texts of a column of cancellations that say there was none: those that deny it, and beside days all that
    neither are one nor speak of it."""
    dated = any(looks_like_date(value.text) for value in profile.values)
    words = [
        value.text for value in profile.values if not looks_like_date(value.text) and flag_of(value.text) is not True
    ]
    states = {text: status_of(text) for text in words}
    return [text for text, state in states.items() if state == "sale" or (dated and state is None)]


def tells_states(profile: ColumnProfile) -> bool:
    """Whether most texts of a column are words for what became of an order, and one says more than “a sale”."""
    states = {value.text: status_of(value.text) for value in profile.values}
    known = sum(value.rows for value in profile.values if states[value.text] is not None)
    return known >= CONSISTENT * profile.filled and bool({*states.values()} - {"sale", None, "part"})


def tells_kinds(profile: ColumnProfile) -> bool:
    """Whether most texts of a column are words for kinds of documents, sales and others among them."""
    kinds = {value.text: kind_of(value.text) for value in profile.values}
    known = sum(value.rows for value in profile.values if kinds[value.text] is not None)
    return (
        known >= 0.9 * profile.filled and bool({*kinds.values()} & {"sale", "payment"}) and "refund" in kinds.values()
    )


_SIDES = [{"debit", "credit"}, {"dr", "cr"}, {"soll", "haben"}, {"in", "out"}, {"dare", "avere"}, {"debe", "haber"},
          {"debet", "kredit"}, {"debet", "credit"}, {"incoming", "outgoing"}, {"eingang", "ausgang"}]  # fmt: skip
_LETTERED_SIDES = [{"s", "h"}, {"d", "c"}, {"d", "h"}]
"""Sides of an account; letters are so only under a header that names the sides."""


def tells_sides(profile: ColumnProfile) -> bool:
    """Whether a column says on which side of an account a row stands: which of them pays back, only a person knows."""
    if not profile.complete or profile.distinct != 2:
        return False
    both = {word for value in profile.values if (word := folded(value.text))}
    if both in _SIDES:
        return True
    header = set(re.findall(r"[^\W_]+", folded(profile.header)))
    return both in _LETTERED_SIDES and any(header >= pair for pair in (*_SIDES, *_LETTERED_SIDES))


_MOST_KNOWN, _SURELY_PAID = 0.8, 0.3


def tells_payments(profile: ColumnProfile) -> bool:
    """Whether a column says how was paid: a few texts, most of them ways of paying. Gift cards are sold too, so that
    the header says so, or others stand beside them that pay and are not sold."""
    if not few_words(profile):
        return False
    ways = {value.text: way_of_paying(value.text) for value in profile.values}
    known = sum(value.rows for value in profile.values if ways[value.text] is not None)
    surely = sum(value.rows for value in profile.values if ways[value.text] == "way")
    said = says_payment(profile.header) or surely >= _SURELY_PAID * profile.filled
    return known >= _MOST_KNOWN * profile.filled and said


def kind_in(profile: ColumnProfile, text: str) -> Kind | None:
    """The kind that a text of a column says; a gift card among ways of paying has paid, and was not sold."""
    kind = kind_of(text)
    return "sale" if kind == "gift_card" and tells_payments(profile) else kind


def known_share(profile: ColumnProfile) -> float:
    """Share of the rows whose text is a known status."""
    known: Any = sum(value.rows for value in profile.values if status_of(value.text) or kind_of(value.text))
    return float(known / profile.filled) if profile.filled else 0.0
