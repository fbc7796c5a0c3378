"""Zones beside clocks: what a column of them shows, and that one instant is one whatever zone was chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.engine.casts import moment
from segmentation.notation import DateStyle, ZoneEvidence, date_style, offsets
from segmentation.notation.dates import Count
from segmentation.notation.zones import ABBREVIATIONS, offset_of

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "CET", "+02:00", "-05:30", "Australia/Lord_Howe")
DAY = "2026-01-31"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@cache
def engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET autoload_known_extensions=false")
    connection.execute("SET TimeZone='America/Los_Angeles'")  # which must not matter
    return connection


def read(values: list[str], style: DateStyle) -> list[datetime | None]:
    asked = (
        f"SELECT {moment('c0', style)} FROM (SELECT unnest($1) AS c0, unnest(range(len($1))) AS place) ORDER BY place"
    )
    return [row[0] for row in engine().execute(asked, [values]).fetchall()]


def in_zone(values: list[str], zone: str, order: str = "ymd") -> list[datetime | None]:
    return read(values, replace(date_style(values, order), zone=zone))


def zone_of(name: str) -> ZoneInfo | timezone:
    if name[0] not in "+-":
        return ZoneInfo(name)
    minutes = 60 * int(name[1:3]) + int(name[4:])
    return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))


@pytest.mark.parametrize("zone", ZONES)
def test_one_instant_in_two_offsets_is_one_moment(zone: str) -> None:
    first, second = in_zone(["2026-03-01T23:30:00-05:00", "2026-03-02T04:30:00Z"], zone)
    assert first == second == at("2026-03-02T04:30:00+00:00").astimezone(zone_of(zone)).replace(tzinfo=None)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("order", "text", "utc"),
    [
        ("ymd", "2026-01-31T10:02:11.5+02:00", "2026-01-31 08:02:11.500000"),
        ("ymd", "2026-01-31 10:02:11 -0530", "2026-01-31 15:32:11"),
        ("ymd", "2026-01-31 10:02:11+02", "2026-01-31 08:02:11"),
        ("ymd", "2026-01-31 10:02 GMT+2", "2026-01-31 08:02"),
        ("ymd", "2026-01-31 10:02 CET", "2026-01-31 09:02"),
        ("ymd", "2026-07-31 10:02 (CEST)", "2026-07-31 08:02"),
        ("ymd", "2026-01-31 10:02 UTC", "2026-01-31 10:02"),
        ("ymd", "20260131T100211Z", "2026-01-31 10:02:11"),
        ("ymd", "20260131T100211+0100", "2026-01-31 09:02:11"),
        ("ymd", "20260131100211-0500", "2026-01-31 15:02:11"),
        ("dmy", "14/Feb/2026:14:01:00 +0100", "2026-02-14 13:01"),
        ("dmy", "Mon, 08 Dec 2025 10:00:00 GMT", "2025-12-08 10:00"),
        ("dmy", "26.10.2026 kl. 14.30 +0200", "2026-10-26 12:30"),
        ("mdy", "1/31/2026, 8:05 PM EST", "2026-02-01 01:05"),
        ("mdy", "Sat Jan 31 2026 10:02:11 GMT+0100 (CET)", "2026-01-31 09:02:11"),
    ],
)
def test_a_clock_with_a_zone_is_put_into_the_chosen_one(zone: str, order: str, text: str, utc: str) -> None:
    wanted = at(f"{utc}+00:00").astimezone(zone_of(zone)).replace(tzinfo=None)
    assert in_zone([text], zone, order) == [wanted]


@pytest.mark.parametrize("zone", ZONES)
def test_a_clock_without_a_zone_has_the_chosen_one_already(zone: str) -> None:
    texts = [f"{DAY} 10:02:11", DAY, f"{DAY}T10:02", f"{DAY} 10:02:11Z"]
    assert in_zone(texts, zone)[:3] == [at(f"{DAY} 10:02:11"), at(DAY), at(f"{DAY} 10:02")]
    assert in_zone(texts[:1], zone) == [at(f"{DAY} 10:02:11")]
    assert in_zone(["31.01.2026 10:02 Uhr", "31.01.2026 10:02 h"], zone, "dmy") == [at(f"{DAY} 10:02")] * 2


def test_a_zone_that_nobody_knows_is_read_by_nobody_and_the_chosen_zone_knows_its_own() -> None:
    texts = ["2026-07-31 10:02 BST", "2026-07-31 10:02 XYZ", "2026-07-31 10:02 Asia/Tokyo", "2026-07-31 10:02 +99:00"]
    assert in_zone(texts, "Europe/Berlin") == [None] * 4
    assert in_zone(texts, "Europe/London") == [at("2026-07-31 10:02"), None, None, None]
    assert in_zone(["2026-07-31 10:02 Europe/Berlin"], "Europe/Berlin") == [at("2026-07-31 10:02")]


def test_without_a_chosen_zone_a_clock_stays_as_it_is_written() -> None:
    texts = [f"{DAY}T10:02:11+02:00", f"{DAY}T10:02:11Z", f"{DAY}T10:02:11"]
    assert read(texts, date_style(texts, "ymd")) == [at(f"{DAY}T10:02:11")] * 3


def test_seconds_are_counted_from_one_instant_and_days_from_a_local_one() -> None:
    seconds = DateStyle("ymd", (), count=Count.SECONDS, zone="Europe/Berlin")
    assert read(["1769853731"], seconds) == [at(f"{DAY} 11:02:11")]
    assert read(["46053.5"], DateStyle("ymd", (), count=Count.DAYS, zone="Europe/Berlin")) == [at(f"{DAY} 12:00")]


@pytest.mark.parametrize(
    "zone", ["", "Berlin", "Europe/Nowhere", "+2", "+02", "+25:00", "../etc/passwd", "localtime", "'; SELECT 1"]
)
def test_what_is_no_zone_cannot_be_chosen(zone: str) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        DateStyle("ymd", (), zone=zone)


@settings(max_examples=80)
@given(
    st.datetimes(at("1995-01-01"), at("2037-12-31")).map(lambda when: when.replace(microsecond=0)),
    st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters))),
    st.sampled_from(ZONES),
)
def test_any_instant_is_read_as_python_reads_it(when: datetime, offset: timezone, zone: str) -> None:
    aware = when.replace(tzinfo=offset)
    texts = [aware.isoformat(), aware.strftime("%Y-%m-%d %H:%M:%S %z")]
    wanted = aware.astimezone(zone_of(zone)).replace(tzinfo=None)
    assert in_zone(texts, zone) == [wanted] * 2


# What a column shows ----------------------------------------------------------------------------------------

WINTER, SUMMER = "2026-01-31 10:02:11", "2026-07-31 10:02:11"


@pytest.mark.parametrize(
    ("values", "found", "one_clock"),
    [
        ([], set(), True),
        ([WINTER, DAY, "soon"], set(), True),
        ([f"{WINTER}Z", f"{SUMMER} UTC", f"{SUMMER} GMT"], {0}, True),
        ([f"{WINTER}+05:30"], {330}, True),
        ([f"{WINTER}+01:00", f"{SUMMER}+02:00"], {60, 120}, True),
        ([f"{WINTER} CET", f"{SUMMER} CEST"], {60, 120}, True),
        ([f"{WINTER} -0500", f"{SUMMER} -0400"], {-300, -240}, True),
        ([f"{WINTER} GMT", f"{SUMMER} BST"], {0, 60}, True),
        ([f"{WINTER} CST", f"{SUMMER} CDT"], {-360, -300}, True),
        ([f"{WINTER}+11:00", f"{SUMMER}+10:00"], {660, 600}, True),
        ([f"{WINTER}+11:00", f"{SUMMER}+10:30"], {660, 630}, True),
        ([f"{WINTER}+02:00", f"{SUMMER}+01:00"], {60, 120}, False),
        ([f"{WINTER}+01:00", f"{WINTER}Z"], {60, 0}, False),
        ([f"{WINTER}+01:00", "2026-01-30 10:02:11+02:00"], {60, 120}, False),
        ([f"{WINTER}+05:30", f"{SUMMER}+06:30"], {330, 390}, False),
        ([f"{WINTER}-05:00", f"{SUMMER}Z"], {-300, 0}, False),
        ([f"{WINTER}+01:00", f"{SUMMER}+02:00", f"{SUMMER}Z"], {60, 120, 0}, False),
        ([f"{WINTER}+01:00", SUMMER], {60}, False),
        ([f"{WINTER}+01:00", DAY], {60}, True),
        ([f"{WINTER} IST", f"{SUMMER} IST"], set(), True),
        ([f"{WINTER} IST", f"{SUMMER} Z"], {0}, False),
        ([f"{WINTER} BST", f"{SUMMER} CST"], set(), False),
        (["31.01.2026 10:02 +0100", "31.07.2026 10:02 +0200"], {60, 120}, True),
        (["31.01.2026 10:02 Uhr"], set(), True),
        (["1/31/2026 8:05 PM EST", "7/31/2026 8:05 PM EDT"], {-300, -240}, True),
    ],
)
def test_a_column_shows_whether_one_clock_explains_it(values: list[str], found: set[int], one_clock: bool) -> None:
    shown = offsets(values)
    assert shown.offsets == found
    assert shown.one_clock is one_clock
    assert shown.asks is not one_clock
    assert offsets(reversed(values)) == shown


def test_named_zones_and_rows_without_one_are_counted() -> None:
    shown = offsets([f"{WINTER} CET", f"{SUMMER} IST", SUMMER, DAY, f"{WINTER}+01:00"])
    assert shown == ZoneEvidence(frozenset({60}), (("CET", 60), ("IST", None)), within=3, without=1)


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [("+02:00", 120), ("-0530", -330), ("GMT+2", 120), ("UTC-05:00", -300), ("Z", 0), ("BST", None), ("+15:00", None),
     ("+02:75", None), ("", None), *ABBREVIATIONS.items()],
)  # fmt: skip
def test_an_offset_is_minutes_east_of_utc(zone: str, minutes: int | None) -> None:
    assert offset_of(zone) == minutes
