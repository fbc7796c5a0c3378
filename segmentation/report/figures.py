"""Numbers as a report prints them: as on screen, with a real minus sign and long dates."""

from __future__ import annotations

from datetime import date

from segmentation import formats
from segmentation.formats import SPACE, Number

MINUS = "\u2212"


def count(value: Number, decimals: int = 0) -> str:
    """1234 → "1,234", with a real minus sign."""
    text: str = format(value, f",.{decimals}f")
    bare = text.lstrip("-")
    return bare if text == bare or not bare.strip("0.,") else MINUS + bare


def money(value: Number, currency: str | None, *, cents: bool | None = None) -> str:
    """1234.5, "EUR" → "€ 1,234"; cents below 100 unless told otherwise."""
    return formats.money(value, currency, cents=cents).replace("-", MINUS, 1)


def percent(share: float, *, signed: bool = False) -> str:
    """0.1234 → "12 %", 0.034 → "3.4 %": one decimal at most, and only below ten percent."""
    return f"{'+' if signed and share > 0 else ''}{formats.percent(share).replace('-', MINUS, 1)}"


def percent_range(low: float, high: float) -> str:
    """0.12, 0.18 → "12–18 %"; with "to" where an end is negative."""
    joint = "–" if low >= 0 else f"{SPACE}to{SPACE}"
    return f"{percent(low).removesuffix(f'{SPACE}%')}{joint}{percent(high)}"


def money_range(low: float, high: float, *, cents: bool | None = None) -> str:
    """1200, 1800 → "1,200–1,800", in the currency of the value it belongs to; cents below 100 unless told."""
    cents = max(abs(low), abs(high)) < 100 if cents is None else cents
    joint = "–" if low >= 0 else f"{SPACE}to{SPACE}"
    return f"{money(low, None, cents=cents)}{joint}{money(high, None, cents=cents)}"


def count_range(low: float, high: float) -> str:
    """3.2, 7.9 → "3.2–7.9"; without decimals from ten on."""
    decimals = 1 if high < 10 else 0
    return f"{count(low, decimals)}–{count(high, decimals)}"


def day(value: date) -> str:
    """1 November 2026."""
    return f"{value.day}{SPACE}{value:%B %Y}"
