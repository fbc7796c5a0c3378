"""How numbers and dates are written, decided on evidence; where two readings hold, nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

_NUMBER = re.compile(
    r"\s*[(+-]?\s*(?:[A-Za-z]{0,2}[€$£¥]|[A-Z]{3}|kr|Kr|Rs|Fr)?\.?\s*[+-]?\s*"
    r"(?P<digits>\d[\d.,'’ \u00a0\u202f]*|[.,]\d+)"
    r"\s*(?:[€$£¥]|[A-Z]{3}|kr|Kr|zł|Ft|Kč|lei|лв)?\s*[)-]?\s*"
)
_DAY = r"(?P<one>\d{1,4})(?P<sep>[./\- ])(?P<two>\d{1,2})(?P=sep)(?P<three>\d{4}|\d{2})"
_DAY_MONTH_NAME = r"(?P<one>\d{1,2})(?P<sep>[ .\-/]+)(?P<two>[A-Za-z]{3,9})(?P<sep2>[ .,\-/]+)(?P<three>\d{4}|\d{2})"
_MONTH_NAME_DAY = r"(?P<two>[A-Za-z]{3,9})(?P<sep> )(?P<one>\d{1,2})(?P<sep2>,? )(?P<three>\d{4})"
_COMPACT = r"(?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
_TIME = (
    r"(?:(?P<gap>[ T]|, )(?P<clock>\d{1,2}:\d{2}(?P<seconds>:\d{2}(?P<fraction>\.\d+)?)?)(?P<half> ?[AaPp][Mm])?"
    r"(?P<zone>\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?"
)
_DATES = tuple(re.compile(f"{day}{_TIME}") for day in (_DAY, _COMPACT, _DAY_MONTH_NAME, _MONTH_NAME_DAY))
_ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[ T].*)?")
_MINORITY = 0.05  # this share of contradicting values is called a slip, more is called a contradiction
_CONSISTENT = 0.6  # share of the filled cells that must read as dates or numbers for a column to be called so


class Mark(Enum):
    """What the values say about the decimal mark."""

    POINT = "point"
    COMMA = "comma"
    EITHER = "either"  # two readings hold
    NONE = "none"  # only whole numbers: the mark makes no difference


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How dates are written. `order` is ymd, dmy or mdy; `formats` are strptime formats, commonest first;
    `iso` where the engine's own reading of 2026-10-31 [12:00] does; `zoned` where a time zone has to be cut off."""

    order: str
    formats: tuple[str, ...]
    iso: bool
    zoned: bool


def looks_like_number(value: str) -> bool:
    """Whether the text reads as an amount, with or without a currency sign."""
    return _NUMBER.fullmatch(value) is not None


def looks_like_date(value: str) -> bool:
    """Whether the text reads as a calendar day, with or without a time."""
    return _match_date(value) is not None


def share(values: Iterable[str], test: Callable[[str], object]) -> float:
    """Share of the filled values that pass `test`; 0 where all are blank."""
    filled = [value for value in values if value.strip()]
    return sum(bool(test(value)) for value in filled) / len(filled) if filled else 0.0


def mostly(values: Sequence[str], test: Callable[[str], object]) -> bool:
    """Whether most of the filled values pass `test`."""
    return share(values, test) >= _CONSISTENT


def decimal_mark(values: Iterable[str]) -> Mark:
    """The decimal mark these amounts prove."""
    votes = [_vote(value) for value in set(values)]
    points, commas = votes.count(Mark.POINT), votes.count(Mark.COMMA)
    if points and commas:
        few, many = sorted((points, commas))
        if few > _MINORITY * many:
            return Mark.EITHER
    if points or commas:
        return Mark.POINT if points > commas else Mark.COMMA
    return Mark.EITHER if Mark.EITHER in votes else Mark.NONE


def _vote(value: str) -> Mark:
    match = _NUMBER.fullmatch(value)
    if match is None:
        return Mark.NONE
    digits = re.sub(r"['’\s]", "", match["digits"])
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return Mark.POINT if digits.rfind(".") > digits.rfind(",") else Mark.COMMA
    if points > 1 or commas > 1:
        return Mark.COMMA if points else Mark.POINT
    if not points and not commas:
        return Mark.NONE
    whole, _, tail = digits.replace(",", ".").partition(".")
    if len(tail) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        return Mark.EITHER
    return Mark.POINT if points else Mark.COMMA


def date_order(values: Iterable[str]) -> str | None:
    """ymd, dmy or mdy where the dates prove it; None where two readings hold, or where nothing reads as a date."""
    firsts: list[int] = []
    seconds: list[int] = []
    for value in dict.fromkeys(values):
        match = _match_date(value)
        if match is None:
            continue
        parts = match.groupdict()
        if parts.get("compact") or len(parts.get("one") or "") == 4:
            return "ymd"
        if not (parts["two"] or "").isdigit():
            return "dmy" if value.strip()[0].isdigit() else "mdy"
        firsts.append(int(parts["one"]))
        seconds.append(int(parts["two"]))
    late_first, late_second = sum(f > 12 for f in firsts), sum(s > 12 for s in seconds)
    if late_first and late_second:
        few, many = sorted((late_first, late_second))
        if few > _MINORITY * many:
            return None
    if late_first or late_second:
        return "dmy" if late_first > late_second else "mdy"
    return "dmy" if firsts and firsts == seconds else None


def date_style(values: Iterable[str], order: str) -> DateStyle:
    """The formats in which these dates are written, commonest first, given their order."""
    counts: dict[str, int] = {}
    iso = zoned = False
    for value in values:
        match = _match_date(value)
        if match is None:
            continue
        zoned = zoned or bool(match["zone"])
        if order == "ymd" and _ISO.fullmatch(value.strip()):
            iso = True
            continue
        day, clock = _day_format(match, value, order), _clock_format(match)
        counts[day + clock] = counts.get(day + clock, 0) + 1
        for usual in ("", " %H:%M", " %H:%M:%S"):  # the same column may have midnights without a time
            counts.setdefault(day + usual, 0)
    formats = tuple(sorted(counts, key=lambda each: -counts[each]))
    return DateStyle(order, formats[:12], iso=iso or not formats, zoned=zoned and bool(formats))


def _match_date(value: str) -> re.Match[str] | None:
    text = value.strip()
    for pattern in _DATES:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            first, third = parts.get("one") or "", parts.get("three") or ""
            if len(first) == 3 or (len(first) == 4 and len(third) == 4):
                return None
            return match
    return None


def _day_format(match: re.Match[str], value: str, order: str) -> str:
    parts = match.groupdict()
    if parts.get("compact"):
        return "%Y%m%d"
    year = "%Y" if len(parts["three"]) == 4 else "%y"
    if not parts["two"].isdigit():
        month = "%b" if len(parts["two"]) == 3 else "%B"
        pieces = ("%d", month) if value.strip()[0].isdigit() else (month, "%d")
        return f"{pieces[0]}{parts['sep']}{pieces[1]}{parts['sep2']}{year}"
    separator = parts["sep"]
    if order == "ymd":
        return separator.join(("%Y" if len(parts["one"]) == 4 else "%y", "%m", "%d"))
    return separator.join(("%d", "%m", year) if order == "dmy" else ("%m", "%d", year))


def _clock_format(match: re.Match[str]) -> str:
    if not match["clock"]:
        return ""
    clock = "%I:%M" if match["half"] else "%H:%M"
    clock += ":%S" if match["seconds"] else ""
    clock += ".%f" if match["fraction"] else ""
    return f"{match['gap']}{clock}" + (
        " %p" if (match["half"] or "").startswith(" ") else "%p" if match["half"] else ""
    )
