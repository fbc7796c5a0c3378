"""What a header's words say about its column whatever else it may mean: never a customer, never money, another date
than the order's, in cents, net or gross, per piece, line or order, a cost or a margin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

from segmentation.meaning.vocabulary.lexicon import Found, Words, camel_split, classes, folded, spelt, sub_lexicon

WordSet = frozenset[Words]
"""Words and phrases as `tokens` leaves them: a phrase is several tokens."""
Basis = Literal["net", "gross"]
Grain = Literal["piece", "line", "order"]

_TOKEN = re.compile(r"[^\W_]+|[%#№]")
_NUMBERED = re.compile(r"([^\W\d_]{3,})(\d+)")
_HEAD_LAST = ("en", "de", "nl", "sv", "da", "no", "tr", "ja")
"""Languages whose compounds end with what they are: a “store customer” is a customer, a “customer store” a store."""
_OF = frozenset({"of", "de", "du", "des", "del", "della", "di", "do", "da", "van", "von", "der", "av", "af"})
_PER = frozenset({"per", "pro", "je", "par", "por", "al", "za", "pr", "na", "за"})


def _phrases(name: str, *, languages: tuple[str, ...] | None = None) -> WordSet:
    lists = classes("headers")[name]
    chosen = lists if languages is None else [language for language in lists if language in languages]
    return frozenset(phrase or ("%",) for language in chosen for phrase in spelt(lists[language]))


CUSTOMER = _phrases("customer")
NEVER_CUSTOMER = _phrases("never_customer")
"""Who sold, what was sold, where, and what customers are like: cashier, brand, city, segment, comment."""
NEVER_MONEY = _phrases("never_money")
"""Weights, counts, codes, rates of a tax or a discount, points, times, places, running balances. A lone “rate” is not
among them: on many invoices it is the price of a piece."""
BALANCE = _phrases("balance")
OTHER_DATES = _phrases("other_dates")
"""Due, delivered, born, updated, exported, registered, …; “paid” is among them: an order's own date is better."""
CENTS = _phrases("cents")
PERCENT = _phrases("percent")
NET = _phrases("net")
GROSS = _phrases("gross")
PER_PIECE = _phrases("per_piece")
LINE = _phrases("line_level")
ORDER_LEVEL = _phrases("order_level")
COST = _phrases("cost")
NOT_COST = _phrases("not_cost")
"""What customers pay for, or what is no cost of goods: shipping cost, item cost, cost centre, Versandkosten."""
MARGIN = _phrases("margin")


@lru_cache(maxsize=16_384)
def tokens(header: str) -> Words:
    """The words of a header, folded: `orderID`, `order_id`, `Order-Id` and `ORDER ID` are (order, id). `%` and `#` are
    words; a number at the end of a word is another; a German compound noun stays one."""
    found: list[str] = []
    for word in _TOKEN.findall(folded(camel_split(header))):
        numbered = _NUMBERED.fullmatch(word)
        found += numbered.groups() if numbered else [word]
    return tuple(found)


def mentions(header: str, phrases: WordSet) -> bool:
    """Whether a word or phrase of the set stands in the header, as whole words."""
    return any(_spans(tokens(header), phrases))


def never_customer(header: str) -> bool:
    """Whether the column cannot hold customers: “Customer city”, “Sales rep”, “Type of customer”, “Ville du client”.

    Where the last word of a compound says what it is, a word before the customer does not count (“Store customer ID”).
    """
    found = tokens(header)
    if any(_spans(found, _NEVER_ANYWHERE)):
        return True
    customers = [start for start, _ in _spans(found, CUSTOMER)]
    ends = [end for _, end in _spans(found, _NEVER_BEHIND)]
    return any(not any(end <= at and found[end] not in _OF for at in customers) for end in ends)


def never_money(header: str) -> bool:
    """Whether the column cannot hold money that was earned: “Quantity”, “Order number”, “Tax rate”, and “Balance” where
    that is all; “Price per kg” and “Balance due” can."""
    found = tokens(header)
    minor = [range(*span) for span in _spans(found, CENTS)]  # “minor units” count no pieces
    if len(found) == 1 and len(header.strip()) == 1 and header.isascii() and header.isalpha():
        return False  # a letter for a column, rather than “g” for grams
    return found in BALANCE or any(
        (start == 0 or found[start - 1] not in _PER) and not any(start in span for span in minor)
        for start, _ in _spans(found, NEVER_MONEY)
    )


def other_date(header: str) -> bool:
    """Whether a date under this header is another one than the order's own: “Due date”, “Updated at”, “Lieferdatum”."""
    return mentions(header, OTHER_DATES)


def in_cents(header: str) -> bool:
    """Whether amounts are in hundredths of the currency: “amount_cents”, “Betrag in Cent”; “per cent” is not."""
    return any(part.name == "cents" for part in _read(header, ("percent", "cents")))


def in_percent(header: str) -> bool:
    """Whether the column holds shares in percent: “Discount %”, “MwSt-Satz”."""
    return mentions(header, PERCENT)


def basis(header: str) -> Basis | None:
    """Whether amounts are without tax (net) or with it (gross), if the header says so, and only one of them.

    Not where net and gross are of something else: weights, profits, and gross sales, which are before discounts.
    """
    parts = _read(header, ("no_basis", "net", "gross"))
    named: set[Basis] = {name for part in parts for name in _BASES if part.name == name}
    return named.pop() if len(named) == 1 else None


def grain(header: str) -> Grain | None:
    """What an amount is of: a piece, a line or an order, the smallest that the header names; None where it names none.

    “Item price” is of a piece, “Item total” of a line.
    """
    for phrases, name in _GRAINS:
        if mentions(header, phrases):
            return name
    return "piece" if any(word in header for word in _UNSPACED_PIECE) else None


def is_cost(header: str) -> bool:
    """Whether the column holds what the goods cost the shop: “COGS”, “EK”, “Unit cost”; never “Shipping cost”."""
    names = {part.name for part in _read(header, ("not_cost", "margin", "cost"))}
    return "cost" in names and "margin" not in names


def is_margin(header: str) -> bool:
    """Whether the column holds what is left after the cost of the goods: “Profit”, “Deckungsbeitrag”."""
    return mentions(header, MARGIN)


_UNSPACED_PIECE = ("1個", "一個", "1点", "個当", "個あたり", "单价", "每件", "개당")
_BASES: tuple[Basis, ...] = ("net", "gross")
_GRAINS: tuple[tuple[WordSet, Grain], ...] = ((PER_PIECE, "piece"), (LINE, "line"), (ORDER_LEVEL, "order"))
_NEVER_BEHIND = _phrases("never_customer", languages=_HEAD_LAST)
_NEVER_ANYWHERE = NEVER_CUSTOMER - _NEVER_BEHIND


def _read(header: str, names: Words) -> list[Found]:
    return sub_lexicon("headers", names).read(tokens(header))


def _spans(words: Words, phrases: WordSet) -> Iterator[tuple[int, int]]:
    """Where a phrase of the set begins and ends among the tokens."""
    longest = _longest(phrases)
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + longest) + 1):
            if words[start:end] in phrases:
                yield start, end


@cache
def _longest(phrases: WordSet) -> int:
    return max(map(len, phrases))
