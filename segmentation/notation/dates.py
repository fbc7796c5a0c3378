"""Dates as shops' programs write them, and what a column of them proves about the order of day and month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

from segmentation.notation.clocks import SPACES, usual
from segmentation.notation.months import MONTHS, month_number
from segmentation.notation.zones import ZONE, check_zone

__all__ = [
    "MONTHS",
    "Count",
    "DateStyle",
    "DayOrder",
    "counted_dates",
    "date_order",
    "date_style",
    "looks_like_date",
    "month_number",
    "parts_of",
]

_WORD = r"[^\W\d_]{3,12}"
_WEEKDAY = r"(?:(?P<weekday>[^\W\d_]{2,10})\.?,?\s+)?"
_NUMERIC = r"(?P<one>\d{1,4})(?P<sep>[./\- ])(?P<two>\d{1,2})(?P=sep)(?P<three>\d{4}|\d{1,2})"
_DAY_NAME = (
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?(?P<gap1>\.?[ .\-/]*(?:del? )?)(?P<name>{_WORD})\.?"
    r"(?P<gap2>[ .,\-/]*(?:del? )?)(?P<year>\d{4}|\d{2})"
)
_NAME_DAY = (
    rf"(?P<name>{_WORD})\.?(?P<gap1>[ .\-/])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?P<gap2>,?[ \-/]*)(?P<year>\d{{4}})"
)
_YEAR_NAME = rf"(?P<year>\d{{4}})(?P<gap1>[ .\-/])(?P<name>{_WORD})\.?(?P<gap2>[ .\-/])(?P<day>\d{{1,2}})"
_COMPACT = r"(?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
_WEEK = r"(?P<week>\d{4}-W\d{2}-[1-7])"
_TIME = (
    r"(?:(?P<gap>[ T]|, | at | um | à )(?P<clock>\d{1,2}:\d{2}(?P<seconds>:\d{2}(?P<fraction>[.,]\d{1,6})?)?)"
    rf"(?P<half>\s?[AaPp]\.?\s?[Mm]\.?)?(?P<zone>\s*(?:{ZONE}))?(?P<zone_name>\s*\([^)]*\))?)?"
)
_PATTERNS = tuple(
    re.compile(f"{_WEEKDAY}{day}{_TIME}") for day in (_NUMERIC, _COMPACT, _DAY_NAME, _NAME_DAY, _YEAR_NAME, _WEEK)
)
_COMPACT_CLOCK = re.compile(
    rf"{_COMPACT}(?P<gap>[ T]?)(?P<clock>(?:[01]\d|2[0-3])[0-5]\d"
    r"(?P<seconds>[0-5]\d(?P<fraction>[.,]\d{1,6})?)?)(?P<zone>\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?))?"
)
_SECONDS = re.compile(r"(?P<whole>\d{10}|\d{13}|\d{16})(?:\.\d+)?")
_SERIAL = re.compile(r"[2-6]\d{4}(?:[.,]\d+)?")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_LONGEST = 60  # a longer text is no date
_FEW = 0.01  # this share of contradicting values is called a slip, more is called a contradiction
_ONE_SLIP_AMONG = 20
_LAST_CENTURY = 70  # years of two digits from here on are of the last century
MOST_FORMATS = 16


class DayOrder(Enum):
    """What the values say about the order of day, month and year."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"
    EITHER = "either"  # two readings hold
    NONE = "none"  # nothing reads as a date


class Count(Enum):
    """Dates that are numbers: how they count."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MICROSECONDS = "microseconds"
    DAYS = "days"  # since 30 December 1899, as spreadsheets do


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How dates are written. `order` is ymd, dmy or mdy; `formats` are strptime formats, commonest first (but years of
    two digits before those of four), of texts in which month names have become numbers (`named`), a weekday (`weekday`)
    and a time zone (`zoned`) were cut off.

    `iso` where the engine's own reading of 2026-10-31 [12:00] does; `count` where dates are numbers. `rules` are those
    of `clocks` that put national ways of writing into the usual one, before all else. `zone` is whose local time the
    moments are in, where somebody chose: a name like Europe/Berlin or an offset like +02:00; else it is as written.
    """

    order: str
    formats: tuple[str, ...]
    iso: bool = False
    zoned: bool = False
    named: bool = False
    weekday: bool = False
    count: Count | None = None
    rules: tuple[int, ...] = ()
    zone: str | None = None

    def __post_init__(self) -> None:
        if self.zone is not None:
            check_zone(self.zone)


def looks_like_date(value: str) -> bool:
    """Whether the text reads as a calendar day, with or without a time. Numbers that count days do not."""
    return _match(value) is not None


def counted_dates(values: Iterable[str]) -> Count | None:
    """How these numbers count, where all of them may be dates: since 1970, or since 1899 as spreadsheets do."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return None
    seconds = [_SECONDS.fullmatch(value) for value in filled]
    if all(seconds):
        digits = {len(match["whole"]) for match in seconds if match}
        kinds = {10: Count.SECONDS, 13: Count.MILLISECONDS, 16: Count.MICROSECONDS}
        return kinds[digits.pop()] if len(digits) == 1 else None
    return Count.DAYS if all(map(_SERIAL.fullmatch, filled)) else None


def date_order(values: Iterable[str], *, latest_year: int | None = None) -> DayOrder:
    """The order that the dates prove. `latest_year` is the last year a date may have, for years of two digits.

    Dates that say their order themselves decide only where they are not outnumbered by those that leave it open.
    """
    certain: Counter[DayOrder] = Counter()
    numeric: list[_Numeric] = []
    separators: set[str] = set()
    for value in dict.fromkeys(values):
        match = _match(value)
        if match is None:
            continue
        parts = match.groupdict()
        if (order := _own_order(match)) is not None:
            certain[order] += 1
        elif len(parts["one"]) <= 2:
            numeric.append((int(parts["one"]), int(parts["two"]), int(parts["three"]), len(parts["three"]) == 2))
            separators.add(parts["sep"])
    day_order = _numeric_order(numeric, latest_year, separators) if len(numeric) > certain.total() else DayOrder.NONE
    return certain.most_common(1)[0][0] if day_order is DayOrder.NONE and certain else day_order


def _own_order(match: re.Match[str]) -> DayOrder | None:
    """The order that a date itself shows by its year or its month's name; None where it does not, or is no day."""
    parts = match.groupdict()
    if parts.get("name"):
        return DayOrder.DMY if match.re is not _PATTERNS[3] else DayOrder.MDY
    if parts.get("compact") or parts.get("week"):
        return DayOrder.YMD
    year, month, day = int(parts["one"]), int(parts["two"]), int(parts["three"])
    return DayOrder.YMD if len(parts["one"]) == 4 and _is_day(year, month, day, 99, two_digits=False) else None


_Numeric = tuple[int, int, int, bool]
_READ: dict[DayOrder, Callable[[_Numeric], tuple[int, int, int]]] = {
    DayOrder.DMY: lambda parts: (parts[2], parts[1], parts[0]),
    DayOrder.MDY: lambda parts: (parts[2], parts[0], parts[1]),
    DayOrder.YMD: lambda parts: (parts[0], parts[1], parts[2]),
}


def _numeric_order(dates: list[_Numeric], latest_year: int | None, separators: set[str]) -> DayOrder:
    """The order under which every date is a day, or all but a slip; EITHER where that leaves several readings."""
    orders = _plausible_orders(dates, separators)
    last = latest_year % 100 if latest_year else 99
    fitting = [
        frozenset(order for order in orders if _is_day(*_READ[order](one), last, two_digits=one[3])) for one in dates
    ]
    fitting = [orders_of_one for orders_of_one in fitting if orders_of_one]  # what is no day at all proves nothing
    if not fitting:
        return DayOrder.NONE
    consistent = [order for order in orders if all(order in each for each in fitting)]
    if consistent:
        first = [_READ[consistent[0]](one) for one in dates]
        same = all([_READ[order](one) for one in dates] == first for order in consistent[1:])
        return consistent[0] if same else DayOrder.EITHER
    best = max(orders, key=lambda order: sum(order in each for each in fitting))
    against = sum(best not in each for each in fitting)
    proof = sum(each == {best} for each in fitting)
    return best if against <= _FEW * proof or (against == 1 and proof >= _ONE_SLIP_AMONG) else DayOrder.EITHER


def _plausible_orders(dates: list[_Numeric], separators: set[str]) -> list[DayOrder]:
    """The orders that shops use. With years of two digits the year may come first, but not with dots; and a year takes
    fewer values than a day does."""
    if not all(two_digits for *_, two_digits in dates):
        return [DayOrder.DMY, DayOrder.MDY]
    first, third = len({one[0] for one in dates}), len({one[2] for one in dates})
    orders = [DayOrder.DMY, DayOrder.MDY] if third <= first or "." in separators else []
    return [*orders, DayOrder.YMD] if first <= third and separators <= {"-", "/"} else orders or [DayOrder.DMY]


def _is_day(year: int, month: int, day: int, last: int, *, two_digits: bool) -> bool:
    if two_digits:
        if last < year < _LAST_CENTURY:
            return False
        year += 2000 if year < _LAST_CENTURY else 1900
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def date_style(values: Iterable[str], order: str) -> DateStyle:
    """The formats in which these dates are written, commonest first, given their order."""
    listed = [value for value in values if value.strip()]
    if count := counted_dates(listed):
        return DateStyle("ymd", (), count=count)
    found = [(match, rules) for value in listed for match, rules in (_found(value),) if match is not None]
    parts = [match.groupdict() for match, _ in found]
    zoned, named, weekday = (any(one.get(part) for one in parts) for part in ("zone", "name", "weekday"))
    zoned = zoned or any(one.get("zone_name") for one in parts)
    counts: dict[str, int] = {}
    iso = False
    for match, rules in found:
        if order == "ymd" and not zoned and not rules and _ISO.fullmatch(match.string):
            iso = True
            continue
        day, clock = _day_format(match, order), _clock_format(match)
        counts[day + clock] = counts.get(day + clock, 0) + 1
        for usual_clock in ("", " %H:%M", " %H:%M:%S"):  # the same column may have midnights without a time
            counts.setdefault(day + usual_clock, 0)
    # a year of four digits would be found in two, and those of two are not found in four: they are tried first
    formats = tuple(sorted(counts, key=lambda each: ("%y" not in each, -counts[each])))[:MOST_FORMATS]
    used = tuple(sorted({number for _, rules in found for number in rules}))
    return DateStyle(order, formats, iso or not formats, zoned, named, weekday, rules=used)


def _match(value: str) -> re.Match[str] | None:
    return _found(value)[0]


def _found(value: str) -> tuple[re.Match[str] | None, tuple[int, ...]]:
    """The date as it is usually written, and the rules of `clocks` that put it so."""
    text = value.strip()
    if len(text) > _LONGEST or not any(map(str.isdigit, text)):
        return None, ()
    return _short(text)


@lru_cache(maxsize=4096)  # every kind of evidence looks at the same few texts
def _short(text: str) -> tuple[re.Match[str] | None, tuple[int, ...]]:
    if SPACES.search(text) is None and (match := _as_usual(text)) is not None:
        return match, ()
    text, rules = usual(text)
    return (_as_usual(text), rules) if rules else (None, ())


def _as_usual(text: str) -> re.Match[str] | None:
    for pattern in (*_PATTERNS, _COMPACT_CLOCK):
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            first, third = parts.get("one") or "", parts.get("three") or ""
            if len(first) == 3 or (len(first) == 4 and len(third) == 4) or (len(first) < 3 and len(third) == 1):
                return None
            if parts.get("name") and month_number(parts["name"]) is None:
                continue
            return match
    return None


def _day_format(match: re.Match[str], order: str) -> str:
    parts = match.groupdict()
    if parts.get("compact"):
        return "%Y%m%d"
    if parts.get("week"):
        return "%G-W%V-%u"
    if parts.get("name"):
        return "%Y %m %d"  # as the engine puts a date whose month has a name
    year, separator = "%Y" if len(parts["three"]) == 4 else "%y", parts["sep"]
    if order == "ymd" or len(parts["one"]) == 4:
        return separator.join(("%Y" if len(parts["one"]) == 4 else "%y", "%m", "%d"))
    return separator.join(("%d", "%m", year) if order == "dmy" else ("%m", "%d", year))


def _clock_format(match: re.Match[str]) -> str:
    parts = match.groupdict()
    if not parts.get("clock"):
        return ""
    if match.re is _COMPACT_CLOCK:
        seconds = "%S" if parts["seconds"] else ""
        return f"{parts['gap']}%H%M{seconds}{_fraction(parts)}"
    clock = "%I:%M" if parts["half"] else "%H:%M"
    clock += ":%S" if parts["seconds"] else ""
    clock += _fraction(parts)
    return f" {clock}{' %p' if parts['half'] else ''}"


def _fraction(parts: dict[str, str]) -> str:
    return f"{parts['fraction'][0]}%f" if parts["fraction"] else ""


def parts_of(value: str) -> dict[str, str] | None:
    """The named parts of a date (clock, zone, zone_name, …), empty or None where it lacks them; None for no date."""
    match = _match(value)
    return None if match is None else match.groupdict()
