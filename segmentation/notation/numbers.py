"""Numbers as people write them, and what a column of them proves about its decimal mark and the currencies beside.

The patterns are shared with the engine's casts, so that what is recognised here is what is read there: they keep to
what both RE2 and Python understand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum
from functools import cache

from segmentation.notation.currencies import (
    CURRENCY,
    LONE_LETTER,
    SHARED,
    SYMBOLS,
    currency_code,
    no_cents,
    one_currency,
    shared_signs,
)

__all__ = [
    "SYMBOLS",
    "Mark",
    "currencies_beside",
    "currency_beside",
    "currency_code",
    "decimal_mark",
    "looks_like_number",
    "number_pattern",
    "reads_as_number",
    "shared_signs",
    "without_currency",
]

_SPACE = r"[ \t\x{00a0}\x{202f}\x{2009}\x{200e}\x{200f}]"  # with the marks that turn Arabic signs around
_MINUS = r"[-\x{2212}\x{2013}]"
_SIGN = rf"(?:[+]|{_MINUS})"
_UNIT = rf"(?:{CURRENCY}\.?)?"
BEFORE = rf"{_SPACE}*(?:{_SIGN}{_SPACE}*{_UNIT}|{CURRENCY}\.?{_SPACE}*{_SIGN}?)?{_SPACE}*"  # one sign at most
AFTER = rf"{_SPACE}*{CURRENCY}?\.?{_SPACE}*{_MINUS}?{_SPACE}*"
NEGATIVE = r"[(]|(?:^|[^.,]|[^0-9][.,])[\x{2212}\x{2013}-]"
"""What makes a number one below zero. The dash of “5,-” and “5.–” stands for no cents."""
GROUPS = {"point": r"[,'’ \x{00a0}\x{202f}\x{2009}]", "comma": r"[.'’ \x{00a0}\x{202f}\x{2009}]"}
"""The thousands marks that go with each decimal mark."""
MARKS = {"point": ".", "comma": ","}
_RUPEES = r"\d{1,2}(?:,\d{2})+,\d{3}"


def number_pattern(decimal: str) -> str:
    """A whole number as text, in RE2's spelling. A thousands mark counts only between groups of three digits, so that
    1,50 is never 150; Indian groups of two are understood where the decimal mark is a point."""
    groups = rf"\d{{1,3}}(?:{GROUPS[decimal]}\d{{3}})+"
    whole = rf"(?:{groups}|{_RUPEES}|\d+)" if decimal == "point" else rf"(?:{groups}|\d+)"
    mark = MARKS[decimal]
    return _signed_or_bracketed(
        rf"{whole}?(?:[{mark}](?:\d*|{_MINUS}))?", rf"{whole}[{mark}]\d{{2}}", rf"{whole}(?:[{mark}]\d{{1,2}})?"
    )


def _signed_or_bracketed(digits: str, cents: str, short: str) -> str:
    """A number with its sign and currency, or between brackets, which make it one below zero. A lone letter counts as
    a currency only before a number with `cents`, and an R right before any that is written the `short` way."""
    bracketed = rf"{_SPACE}*{_UNIT}{_SPACE}*[(]{_SPACE}*{_UNIT}{_SPACE}*{digits}{_SPACE}*{_UNIT}{_SPACE}*[)]"
    letter = rf"(?:{LONE_LETTER}{_SPACE}*{_MINUS}?{_SPACE}*{cents}|R{_MINUS}?{short})"
    after_minus = rf"{_SPACE}*{_MINUS}{_SPACE}*(?:{LONE_LETTER}{_SPACE}*{cents}|R{short}){_SPACE}*"
    lettered = rf"{_SPACE}*(?:{letter}|[(]{letter}[)]){_SPACE}*|{after_minus}"
    return rf"(?:{BEFORE}{digits}{AFTER}|{bracketed}{_SPACE}*{_UNIT}{_SPACE}*|{lettered})"


def _python(pattern: str) -> str:
    """The pattern in Python's spelling; blanks are never given back, or a text of blanks would be tried in all ways."""
    return re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", pattern.replace(f"{_SPACE}*", f"{_SPACE}*+"))


_DIGITS = rf"(?:\d[\d.,'’ \x{{00a0}}\x{{202f}}\x{{2009}}]*+(?:(?<=[.,]){_MINUS})?|[.,]\d+)(?:[eE][+-]?\d+)?"
_LOOSE_CENTS = r"\d[\d.,'’ \x{00a0}\x{202f}\x{2009}]*[.,]\d{2}"


@cache
def _loose() -> re.Pattern[str]:
    return re.compile(_python(_signed_or_bracketed(_DIGITS, _LOOSE_CENTS, _DIGITS)), re.ASCII)


@cache
def _written() -> re.Pattern[str]:
    return re.compile(_python(_DIGITS), re.ASCII)


DOTTED = r"\p{L}+/?\."
"""The end of a currency that is short for something: its dot is no decimal mark."""
_DOTTED = re.compile(r"[^\W\d_]+/?\.")
BEFORE_DIGITS, BEHIND_DIGITS = "^[^0-9]+", "[^0-9]+$"
NO_SIGN = r"[()+,\s\x{00a0}\x{202f}\x{2009}\x{200e}\x{200f}\x{2212}\x{2013}-]"
"""What stands between a number and its currency, or around both."""
_HEAD, _TAIL, _NO_SIGN = (re.compile(_python(each), re.ASCII) for each in (BEFORE_DIGITS, BEHIND_DIGITS, NO_SIGN))
_LONGEST = 100  # a longer text is no amount
_FEW, _ONE_SLIP_AMONG = 0.02, 10  # contradicting values that are called slips, rather than a contradiction


class Mark(Enum):
    """What the values say about the decimal mark."""

    POINT = "point"
    COMMA = "comma"
    EITHER = "either"  # two readings hold
    NONE = "none"  # only whole numbers: the mark makes no difference


@cache
def _whole() -> dict[Mark, re.Pattern[str]]:
    return {mark: re.compile(_python(number_pattern(mark.value)), re.ASCII) for mark in (Mark.POINT, Mark.COMMA)}


def looks_like_number(value: str) -> bool:
    """Whether the text reads as an amount, with or without a currency."""
    return _loose().fullmatch(value) is not None


def reads_as_number(value: str) -> bool:
    """Whether an import reads the text as an amount with one of the decimal marks: “1,2,3” is none with either."""
    return len(value) <= _LONGEST and any(pattern.fullmatch(value) for pattern in _whole().values())


def decimal_mark(values: Iterable[str], currency: str | None = None) -> Mark:
    """The decimal mark these amounts prove; EITHER where both readings hold, or where they contradict each other.

    `currency` is what they are in. Where that is a currency without cents (`NO_CENTS`), or one stands beside an amount,
    three digits behind a single mark are thousands: “Rp 121.500” proves that points group, and so a decimal comma.
    """
    votes = [_vote(value, currency) for value in set(values)]
    points, commas = votes.count(Mark.POINT), votes.count(Mark.COMMA)
    if points and commas:
        few, many = sorted((points, commas))
        if few > _FEW * many and not (few == 1 and many >= _ONE_SLIP_AMONG):
            return Mark.EITHER
    if points or commas:
        return Mark.POINT if points > commas else Mark.COMMA
    return Mark.EITHER if Mark.EITHER in votes else Mark.NONE


def _vote(value: str, currency: str | None) -> Mark:
    """What one value says; one that cannot be read with the mark it seems to have says nothing."""
    if not looks_like_number(value):
        return Mark.NONE
    written = _written().search(_DOTTED.sub("", value))
    if written is None:
        return Mark.NONE
    number, power, _ = written[0].upper().partition("E")
    mark = _mark_of(number, bool(power))
    if mark is Mark.EITHER and no_cents(_own_currency(value, currency)):
        mark = Mark.COMMA if "." in number else Mark.POINT
    return mark if power or mark not in _whole() or _whole()[mark].fullmatch(value) else Mark.NONE


def _own_currency(value: str, column: str | None) -> str | None:
    """The currency of one amount in a column of them: a sign that several share is the column's."""
    beside = currency_beside(value)
    return column if beside is None or (column and column in SHARED.get(beside, ())) else beside


def _mark_of(written: str, has_power: bool) -> Mark:
    spaced = re.sub(r"['’]", " ", written.strip())
    digits = re.sub(r"[^\d.,]", "", spaced)
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return Mark.POINT if digits.rfind(".") > digits.rfind(",") else Mark.COMMA
    if points > 1 or commas > 1:
        return Mark.COMMA if points else Mark.POINT
    if not points and not commas:
        return Mark.NONE
    whole, _, tail = digits.replace(",", ".").partition(".")
    grouped = any(space in spaced for space in " \u00a0\u202f\u2009")  # another mark groups the thousands
    if len(tail) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0") and not grouped and not has_power:
        return Mark.EITHER
    return Mark.POINT if points else Mark.COMMA


def currency_beside(value: str) -> str | None:
    """The currency written beside an amount as its ISO code, or the sign itself where several currencies share it."""
    if len(value) > _LONGEST or not looks_like_number(value):
        return None
    text = value.strip()
    before, after = (
        _NO_SIGN.sub("", found[0]).strip(".") if (found := side.search(text)) else "" for side in (_HEAD, _TAIL)
    )
    if not before and not after:
        return None
    return one_currency(currency_code(before), currency_code(after))


def currencies_beside(values: Iterable[str]) -> Counter[str]:
    """How often each currency stands beside these amounts; for those with none see `without_currency`."""
    return Counter(found for value in values if (found := currency_beside(value)) is not None)


def without_currency(values: Iterable[str]) -> int:
    """How many of these are amounts with no currency beside them."""
    return sum(looks_like_number(value) and currency_beside(value) is None for value in values)
