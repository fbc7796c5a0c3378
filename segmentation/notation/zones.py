"""Time zones as they stand beside clocks, and as people choose them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ZONE = r"Z|[A-Z]{2,5}|[+-]\d{2}(?::?\d{2})?|(?:GMT|UTC)[+-]\d{1,2}:?\d{0,2}|[A-Z][a-z]+(?:/[A-Za-z_]+)+|Uhr|h"
"""What stands behind a clock, in RE2's spelling; the last two are words for the clock itself."""
NO_ZONE = ("", "Uhr", "h")
OFFSET = r"^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?$"
_OFFSET = re.compile(OFFSET, re.ASCII)
_CHOSEN = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d", re.ASCII)
_ABBREVIATIONS = """
-600 HST
-540 AKST
-480 AKDT PST
-420 PDT MST
-360 MDT
-300 EST CDT
-240 EDT
-210 NST
-180 ADT BRT ART
-150 NDT
0 Z UTC GMT WET UT
60 CET MEZ WEST
120 CEST MESZ EET SAST
180 EEST MSK
300 PKT
420 WIB
480 HKT SGT AWST
540 JST KST
570 ACST
600 AEST
630 ACDT
660 AEDT
720 NZST
780 NZDT
"""
ABBREVIATIONS: dict[str, int] = {
    name: int(line.split()[0]) for line in _ABBREVIATIONS.strip().splitlines() for name in line.split()[1:]
}
"""Abbreviations that mean one offset wherever shops are, in minutes. BST, IST, CST and AST are not among them: they are
Britain's or Bangladesh's, India's, Ireland's or Israel's, America's or China's, the Atlantic's or Arabia's."""


def offset_of(zone: str) -> int | None:
    """The minutes east of UTC of “+02:00”, “Z”, “GMT+2” or “CEST”; None where that is not known."""
    if zone in ABBREVIATIONS:
        return ABBREVIATIONS[zone]
    found = _OFFSET.match(zone)
    if found is None or int(found[2]) > 14 or int(found[3] or 0) > 59:
        return None
    return (-1 if found[1] == "-" else 1) * (60 * int(found[2]) + int(found[3] or 0))


def fixed_offset(zone: str) -> int | None:
    """The minutes east of UTC of a chosen zone that is an offset like +02:00; None of one with a name."""
    return offset_of(zone) if _CHOSEN.fullmatch(zone) else None


def check_zone(zone: str) -> None:
    """Raise ValueError unless this is a zone's name or an offset like +02:00."""
    if fixed_offset(zone) is None:
        named_zone(zone)


@cache
def named_zone(name: str) -> ZoneInfo:
    """The zone of this name; ValueError where there is none."""
    fact = f"{name!r} is no time zone; they are named like Europe/Berlin or +02:00."
    if name == "localtime":  # whatever that is where the program runs
        raise ValueError(fact)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(fact) from error


def own_abbreviations(zone: str) -> dict[str, int]:
    """What a zone itself calls its winter and its summer time, in minutes: {"GMT": 0, "BST": 60} in London."""
    if fixed_offset(zone) is not None:
        return {}
    days = [datetime(2026, month, 15, 12, tzinfo=named_zone(zone)) for month in (1, 7)]
    names = {day.tzname() or "": round((day.utcoffset() or timedelta()).total_seconds() / 60) for day in days}
    return {name: offset for name, offset in names.items() if name.isalpha()}
