"""What to do with a segment, from the words that are true of it."""

from __future__ import annotations

from collections.abc import Collection

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

REST = "Look at the profile before planning anything."
FEW = "Too few for a campaign: look at them one by one."

_PLAYS: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(words.split()), play)
    for words, play in (
        ("returns", _RETURNS),
        ("season", _SEASON),
        ("new", _SECOND),
        ("active frequent high_spend", _THANKS),
        ("lapsed one_order big_basket", _WINBACK),
        ("lapsed one_order", _CHEAP),
        ("lapsed low_spend", _CHEAP),
        ("lapsed small_basket", _CHEAP),
        ("lapsed discount", _CHEAP),
        ("lapsed", _WINBACK),
        ("lapsing one_order", _SECOND),
        ("lapsing discount", _COUPON),
        ("lapsing", _WINBACK),
        ("long_ago", _CHEAP),
        ("recent", _SECOND),
        ("discount", _COUPON),
        ("active big_basket", _UPSELL),
        ("active high_spend", _UPSELL),
        ("active full_price", _THANKS),
        ("wide_range", _RANGE),
        ("one_category", _NARROW),
        ("active", _HABIT),
        ("one_order", _SECOND),
        ("big_basket", _UPSELL),
        ("high_spend", _UPSELL),
        ("frequent", _HABIT),
        ("repeat", _HABIT),
    )
)
"""The first of which all words are in the name gives the play."""


def play_of(words: Collection[str]) -> str:
    """The play for a segment with these words in its name, by their keys."""
    return next((play for needed, play in _PLAYS if needed <= set(words)), REST)
