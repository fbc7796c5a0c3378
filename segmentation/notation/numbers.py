"""Numbers as people write them, and what a column of them proves about its decimal mark and its currency.

The patterns are shared with the engine's casts, so that what is recognised here is what is read there: they keep to
what both RE2 and Python understand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum

SYMBOLS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₺": "TRY", "₩": "KRW", "₽": "RUB", "₴": "UAH", "₪": "ILS",
    "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "lei": "RON", "лв": "BGN",
    "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "US$": "USD", "$": "$", "kr": "kr", "Kr": "kr", "Fr": "CHF", "SFr": "CHF", "Rs": "INR",
}  # fmt: skip
"""What stands beside amounts, and the ISO code it means; a sign that several currencies share stays itself."""

_SHORT = r"€£¥₹₺₩₽₴₪₫฿₱₦"
_CODE = "[A-Z]{3}"
_SPACE = r"[ \t\x{00a0}\x{202f}\x{2009}]"
_MINUS = r"[-\x{2212}\x{2013}]"
CURRENCY = rf"(?:[A-Za-z]{{0,2}}[{_SHORT}$]|{_CODE}|S?Fr|kr|Kr|Rs|zł|Kč|Ft|lei|лв)"
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
    return _signed_or_bracketed(rf"{whole}?(?:[{MARKS[decimal]}](?:\d*|{_MINUS}))?")


def _signed_or_bracketed(digits: str) -> str:
    """A number with its sign and currency, or between brackets, which make it one below zero."""
    bracketed = rf"{_SPACE}*{_UNIT}{_SPACE}*[(]{_SPACE}*{_UNIT}{_SPACE}*{digits}{_SPACE}*{_UNIT}{_SPACE}*[)]"
    return rf"(?:{BEFORE}{digits}{AFTER}|{bracketed}{_SPACE}*{_UNIT}{_SPACE}*)"


def _python(pattern: str) -> str:
    """The pattern in Python's spelling; blanks are never given back, or a text of blanks would be tried in all ways."""
    return re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", pattern.replace(f"{_SPACE}*", f"{_SPACE}*+"))


_DIGITS = rf"(?:\d[\d.,'’ \x{{00a0}}\x{{202f}}\x{{2009}}]*+(?:(?<=[.,]){_MINUS})?|[.,]\d+)(?:[eE][+-]?\d+)?"
_LOOSE = re.compile(_python(_signed_or_bracketed(_DIGITS)), re.ASCII)
_WRITTEN = re.compile(_python(_DIGITS), re.ASCII)
_BESIDE = re.compile(
    _python(
        rf"{_SPACE}*(?:[(+]|{_MINUS})?{_SPACE}*(?P<before>{CURRENCY})?.*?(?:{_SPACE}|[)])*(?P<after>{CURRENCY})?\W*"
    )
)
_LONGEST = 100  # a longer text is no amount
_FEW, _ONE_SLIP_AMONG = 0.02, 10  # contradicting values that are called slips, rather than a contradiction
_SHARED = {"$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"), "kr": ("SEK", "NOK", "DKK", "ISK")}


class Mark(Enum):
    """What the values say about the decimal mark."""

    POINT = "point"
    COMMA = "comma"
    EITHER = "either"  # two readings hold
    NONE = "none"  # only whole numbers: the mark makes no difference


_WHOLE = {mark: re.compile(_python(number_pattern(mark.value)), re.ASCII) for mark in (Mark.POINT, Mark.COMMA)}


def looks_like_number(value: str) -> bool:
    """Whether the text reads as an amount, with or without a currency."""
    return _LOOSE.fullmatch(value) is not None


def decimal_mark(values: Iterable[str]) -> Mark:
    """The decimal mark these amounts prove; EITHER where both readings hold, or where they contradict each other."""
    votes = [_vote(value) for value in set(values)]
    points, commas = votes.count(Mark.POINT), votes.count(Mark.COMMA)
    if points and commas:
        few, many = sorted((points, commas))
        if few > _FEW * many and not (few == 1 and many >= _ONE_SLIP_AMONG):
            return Mark.EITHER
    if points or commas:
        return Mark.POINT if points > commas else Mark.COMMA
    return Mark.EITHER if Mark.EITHER in votes else Mark.NONE


def _vote(value: str) -> Mark:
    """What one value says; one that cannot be read with the mark it seems to have says nothing."""
    written = _WRITTEN.search(value)
    if written is None or not looks_like_number(value):
        return Mark.NONE
    number, power, _ = written[0].upper().partition("E")
    found = _mark_of(number, bool(power))
    return found if power or found not in _WHOLE or _WHOLE[found].fullmatch(value) else Mark.NONE


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
    match = _BESIDE.fullmatch(value.strip()) if len(value) <= _LONGEST else None
    found = match and (match["before"] or match["after"])
    return currency_code(found) if found else None


def currency_code(text: str) -> str:
    """A currency as its ISO code: “€”, “eur” and “Euro” are EUR; what is not known stays, in capitals."""
    stripped = text.strip().rstrip(".")
    if stripped in SYMBOLS:
        return SYMBOLS[stripped]
    upper = stripped.upper()
    return {"EURO": "EUR", "EUROS": "EUR", "DOLLAR": "USD", "DOLLARS": "USD", "POUND": "GBP", "POUNDS": "GBP"}.get(
        upper, upper
    )


def currencies_beside(values: Iterable[str]) -> Counter[str]:
    """How often each currency stands beside these amounts."""
    return Counter(found for value in values if (found := currency_beside(value)) is not None)


def shared_signs(codes: Iterable[str]) -> dict[str, str]:
    """Which of these currencies a sign stands for that several share: the only one of them that is there."""
    found = set(codes)
    meant = {sign: found & set(several) for sign, several in _SHARED.items() if sign in found}
    return {sign: next(iter(one)) for sign, one in meant.items() if len(one) == 1}
