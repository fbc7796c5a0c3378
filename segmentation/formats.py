"""Numbers, money and dates as text, the same on every screen, in the report and on the command line.

Conventions: thousands separated by commas, a no-break space before "%" and units, intervals as "12–18 %",
an en dash for ranges, and "–" where there is no value.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from math import isfinite

Number = int | float | Decimal

NOTHING = "–"
SPACE = "\u00a0"

_SYMBOLS = {
    "EUR": f"€{SPACE}",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "INR": "₹",
    "AUD": "A$",
    "CAD": "C$",
    "NZD": "NZ$",
    "BRL": "R$",
    "PLN": f"zł{SPACE}",
    "TRY": "₺",
    "KRW": "₩",
}
_STEPS = ((1e9, "bn"), (1e6, "M"), (1e3, "k"))
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WITHOUT_CENTS = frozenset({"JPY", "KRW"})


def symbol(currency: str | None) -> str:
    """What stands before an amount: "€ ", "$", the ISO code for rarer currencies, nothing when unknown."""
    if not currency:
        return ""
    return _SYMBOLS.get(currency.upper(), f"{currency.upper()}{SPACE}")


def _usable(value: Number | None) -> bool:
    return value is not None and isfinite(value)


def _size(value: Number) -> Number:
    """The value without its sign, in its own type."""
    return -value if value < 0 else value


def number(value: Number | None, *, decimals: int = 0) -> str:
    """1234.5 → "1,234" (or "1,234.5" with one decimal)."""
    if value is None or not _usable(value):
        return NOTHING
    text = f"{value:,.{decimals}f}"
    return text.replace("-", "", 1) if not text.strip("-0.,") else text


def compact(value: Number | None) -> str:
    """1234567 → "1.2M": three significant figures at most, for axes and cards."""
    if value is None or not _usable(value):
        return NOTHING
    size = abs(float(value))
    for step, letter in _STEPS:
        if size >= step * 0.9995:
            scaled = float(value) / step
            digits = max(0, 3 - len(f"{abs(scaled):.0f}"))
            text = f"{scaled:,.{digits}f}"
            return (text.rstrip("0").rstrip(".") if digits else text) + letter
    return number(value, decimals=0 if size >= 10 or size == int(size) else 1)


def money(value: Number | None, currency: str | None = None, *, cents: bool | None = None) -> str:
    """1234.5, "EUR" → "€ 1,234"; cents are shown below 100 unless told otherwise."""
    if value is None or not _usable(value):
        return NOTHING
    small = _size(value) < 100 and value != int(value)
    shown = (small if cents is None else cents) and (currency or "").upper() not in _WITHOUT_CENTS
    text = number(_size(value), decimals=2 if shown else 0)
    return f"{'-' if value < 0 and text.strip('0.,') else ''}{symbol(currency)}{text}"


def compact_money(value: Number | None, currency: str | None = None) -> str:
    """1234567, "EUR" → "€ 1.2M"; below ten thousand in full."""
    if value is None or not _usable(value):
        return NOTHING
    if _size(value) < 10_000:
        return money(value, currency)
    return f"{'-' if value < 0 else ''}{symbol(currency)}{compact(_size(value))}"


def percent(share: Number | None) -> str:
    """0.1234 → "12 %", 0.034 → "3.4 %": one decimal at most, and only below ten percent."""
    if share is None or not _usable(share):
        return NOTHING
    return f"{_percent_digits(float(share))}{SPACE}%"


def chance(share: Number | None) -> str:
    """A chance that was worked out by many draws: 0 → "<0.1 %", 1 → ">99.9 %", since neither is certain."""
    if share is not None and _usable(share) and float(share) > 0.9995:
        return f">99.9{SPACE}%"
    return percent(0.0001 if share == 0 else share)


def _percent_digits(share: float) -> str:
    points = share * 100
    if 0 < abs(points) < 0.05:
        return "<0.1" if points > 0 else "-<0.1"
    text = number(points, decimals=1 if abs(points) < 9.95 else 0)
    return text.removesuffix(".0")


def percent_interval(low: Number, high: Number) -> str:
    """0.12, 0.18 → "12–18 %"."""
    return f"{_percent_digits(float(low))}–{_percent_digits(float(high))}{SPACE}%"


def money_interval(low: Number, high: Number, currency: str | None = None) -> str:
    """1200, 1800, "EUR" → "€ 1,200–1,800"; "to" instead of a dash where an end is negative."""
    if low < 0 or high < 0:
        return f"{money(low, currency)} to {money(high, currency)}"
    cents = high < 10
    return f"{money(low, currency, cents=cents)}–{money(high, None, cents=cents)}"


def change(now: Number | None, before: Number | None) -> str | None:
    """110 after 100 → "+10 %"; None where there is nothing to compare with."""
    if now is None or before is None or not _usable(now) or not _usable(before) or before <= 0:
        return None
    grown = float(now) / float(before) - 1
    return f"{'+' if grown > 0 else ''}{percent(grown)}"


def change_in_points(now: Number | None, before: Number | None) -> str | None:
    """Shares 0.31 after 0.28 → "+3.0 points"."""
    if now is None or before is None or not _usable(now) or not _usable(before):
        return None
    points = (float(now) - float(before)) * 100
    return f"{points:+.1f}{SPACE}points"


def days(value: Number | None) -> str:
    """1 → "1 day", 412.4 → "412 days"."""
    if value is None or not _usable(value):
        return NOTHING
    whole = round(float(value))
    return f"{whole:,}{SPACE}day{'' if whole == 1 else 's'}"


def day(value: date | None) -> str:
    """31 Oct 2026."""
    return NOTHING if value is None else f"{value.day} {value:%b %Y}"


def period(first: date, last: date) -> str:
    """ "1 Oct – 31 Oct 2026": the year once where both ends share it."""
    if first == last:
        return day(first)
    start = f"{first.day} {first:%b}" if first.year == last.year else day(first)
    return f"{start} – {day(last)}"


def count(value: int, one: str, many: str | None = None) -> str:
    """1, "order" → "1 order"; 2 → "2 orders"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def in_unit(value: Number | None, unit: str, currency: str | None = None) -> str:
    """A feature's value in its unit, as the catalogue names units."""
    if value is None or not _usable(value):
        return NOTHING
    match unit:
        case "money":
            return money(value, currency)
        case "days":
            return days(value)
        case "share":
            return percent(value)
        case "ratio":
            return f"{float(value):.1f}×"
        case "orders":
            return count(round(float(value)), "order")
        case "categories":
            return count(round(float(value)), "category", "categories")
        case _:
            return number(value, decimals=0 if float(value).is_integer() else 1)


def for_terminal(text: str) -> str:
    """Text of ours with names from files in it, as a terminal may show it: what would steer it is written out."""
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
