"""Which offsets a column of dates shows beside its clocks, and whether one clock explains them all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from segmentation.notation.dates import date_order, month_number, parts_of
from segmentation.notation.zones import NO_ZONE, named_zone, offset_of

_BESIDE = {"BST": ("GMT", 60), "CST": ("CDT", -360), "AST": ("ADT", -240), "IST": ("IDT", 120)}
"""What those mean beside the other half of their year."""
_CLOCKS = (
    "Europe/Berlin", "Europe/London", "Europe/Athens", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Anchorage", "America/Halifax", "America/St_Johns", "America/Sao_Paulo",
    "America/Santiago", "America/Asuncion", "America/Havana", "America/Mexico_City", "America/Adak", "America/Miquelon",
    "America/Nuuk", "Atlantic/Azores", "Europe/Istanbul", "Europe/Moscow", "Europe/Chisinau", "Asia/Jerusalem",
    "Asia/Beirut", "Asia/Amman", "Asia/Tehran", "Africa/Cairo", "Africa/Casablanca", "Australia/Sydney",
    "Australia/Adelaide", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Norfolk",
)  # fmt: skip
"""One zone for each rule by which clocks were put forward and back in the years of shops' files."""


@dataclass(frozen=True, slots=True)
class ZoneEvidence:
    """The zones that stand beside clocks. `offsets` are in minutes east of UTC (Z, UTC and GMT are 0), `named` the
    abbreviations and names with their offset, None where that is unknown; `without` counts the rows that have a clock
    and no zone, `within` those with one. `clocks` are zones whose winter and summer time explain several offsets."""

    offsets: frozenset[int]
    named: tuple[tuple[str, int | None], ...] = ()
    within: int = 0
    without: int = 0
    clocks: tuple[str, ...] = ()

    @property
    def one_clock(self) -> bool:
        """Whether one clock shows all these times, so that they can stay as they are written: no row has a zone, or all
        have the same, or all have the winter or summer time of one place, each in its part of the year."""
        if not self.within:
            return True
        if self.without:
            return False
        unknown = [name for name, offset in self.named if offset is None]
        if unknown:
            return len(unknown) == 1 and not self.offsets
        return len(self.offsets) == 1 or bool(self.clocks)

    @property
    def asks(self) -> bool:
        """Whether somebody has to say whose time to keep."""
        return not self.one_clock


def offsets(values: Iterable[str], order: str | None = None) -> ZoneEvidence:
    """The zones that stand beside the clocks of these dates, whose order of day and month is `order` (ymd, dmy, mdy),
    by default what they prove. Dates without a clock, and texts that are none, show nothing."""
    listed = list(values)
    proven = order or date_order(listed).value
    found = ((zone, at) for value in listed for zone, at in _zone_and_time(value, proven))
    zones: dict[tuple[str, datetime | None], int] = {}
    for zone, at in found:
        key = (zone, at)
        zones[key] = zones.get(key, 0) + 1
    texts = {zone for zone, _ in zones if zone not in NO_ZONE}
    known_offsets = {zone: _offset_beside(zone, texts) for zone in texts}
    known = frozenset(offset for offset in known_offsets.values() if offset is not None)
    without = sum(count for (zone, _), count in zones.items() if zone in NO_ZONE)
    clocks: tuple[str, ...] = ()
    if len(known) > 1 and None not in known_offsets.values():
        times = {
            (at, offset) for zone, at in zones if at is not None and (offset := known_offsets.get(zone)) is not None
        }
        clocks = tuple(name for name in _CLOCKS if _explains(named_zone(name), known, times))
    named = tuple(sorted((zone, offset) for zone, offset in known_offsets.items() if zone[0].isalpha()))
    return ZoneEvidence(known, named, sum(zones.values()) - without, without, clocks)


def _offset_beside(zone: str, others: set[str]) -> int | None:
    other, offset = _BESIDE.get(zone, ("", 0))
    return offset if other in others else offset_of(zone)


def _explains(zone: ZoneInfo, offsets: frozenset[int], times: Iterable[tuple[datetime, int]]) -> bool:
    """Whether clocks in this zone showed each of these times with that offset."""
    if len(offsets) > 2:
        return False
    return all(
        any(at.replace(tzinfo=zone, fold=fold).utcoffset() == timedelta(minutes=offset) for fold in (0, 1))
        for at, offset in times
    )


def _zone_and_time(value: str, order: str) -> Iterator[tuple[str, datetime | None]]:
    parts = parts_of(value)
    if parts is None or not parts.get("clock"):
        return
    zone = (parts.get("zone") or "").strip() or (parts.get("zone_name") or "").strip(" ()")
    yield zone, _time(parts, order)


def _time(parts: dict[str, str], order: str) -> datetime | None:
    """The moment as it is written, to the minute; None where the order leaves it open, or there is no such day."""
    if parts.get("name"):
        year, month, day = parts["year"], month_number(parts["name"]) or "", parts["day"]
    elif parts.get("compact"):
        year, month, day = parts["compact"][:4], parts["compact"][4:6], parts["compact"][6:]
    elif parts.get("week"):
        return None
    elif len(parts["one"]) == 4 or order == "ymd":
        year, month, day = parts["one"], parts["two"], parts["three"]
    elif order in {"dmy", "mdy"}:
        first, second, year = parts["one"], parts["two"], parts["three"]
        month, day = (second, first) if order == "dmy" else (first, second)
    else:
        return None
    digits = parts["clock"].replace(":", "") if parts["clock"][1:2] != ":" else f"0{parts['clock'].replace(':', '')}"
    hour, minute = int(digits[:2]), int(digits[2:4])
    if half := (parts.get("half") or "").strip().lower():
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    century = 2000 if len(year) == 2 else 0
    try:
        return datetime.fromisoformat(f"{int(year) + century:04}-{int(month):02}-{int(day):02}T{hour:02}:{minute:02}")
    except ValueError:
        return None
