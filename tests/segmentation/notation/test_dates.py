"""Dates as shops' programs write them: what a column proves, what the engine reads, and what both refuse."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.engine.casts import moment
from segmentation.errors import AmbiguousReading
from segmentation.meaning import Choices
from segmentation.notation import DateStyle, DayOrder, date_order, date_style, looks_like_date
from segmentation.notation.dates import Count, counted_dates, month_number
from tests.segmentation.intake_files import lines, load

DAY, MINUTE, SECOND = "2026-01-31", "2026-01-31 10:02", "2026-01-31 10:02:11"

WRITTEN = {
    "ymd": {
        "2026-01-31": DAY, "2026/01/31": DAY, "2026.01.31": DAY, "20260131": DAY, "2026-1-3": "2026-01-03",
        "2026/1/3": "2026-01-03", "2026-01-31T10:02:11": SECOND, "2026-01-31T10:02:11Z": SECOND,
        "2026-01-31T10:02Z": MINUTE, "2026-01-31T10:02:11+02:00": SECOND, "2026-01-31 10:02:11 +0200": SECOND,
        "2026-01-31 10:02:11 UTC": SECOND,
        "2026-01-31 10:02:11 PST": SECOND, "2026-01-31 10:02:11 GMT+2": SECOND,
        "2026-01-31 10:02:11 Europe/Berlin": SECOND, "2026-01-31 10:02:11 (CET)": SECOND,
        "2026-01-31 10:02:11.5": f"{SECOND}.500000",
        "2026-01-31T10:02:11.123Z": f"{SECOND}.123000", "2026-01-31T10:02:11.123456+01:00": f"{SECOND}.123456",
        "2026/01/31 8:05 PM": "2026-01-31 20:05", "20260131T100211Z": SECOND, "20260131100211": SECOND,
        "202601311002": MINUTE, "2026-01-31 0:05": "2026-01-31 00:05",
    },
    "dmy": {
        "31.01.2026": DAY, "31/01/2026": DAY, "31-01-2026": DAY, "31 01 2026": DAY, "31.1.26": DAY, "31/01/26": DAY,
        "3.1.2026": "2026-01-03", "31.01.2026 10:02": MINUTE, "31.01.2026, 10:02": MINUTE,
        "31.01.2026 10:02 Uhr": MINUTE, "31.01.2026 um 10:02 Uhr": MINUTE, "31/01/2026 à 10:02": MINUTE,
        "31/01/2026 10:02:11 UTC": SECOND,
        "31/01/2026 8:05 pm": "2026-01-31 20:05", "31/01/2026 8:05 p.m.": "2026-01-31 20:05",
        "31/01/2026 12:05 am": "2026-01-31 00:05", "31/01/2026 12:05 PM": "2026-01-31 12:05",
        "29/02/2024": "2024-02-29", "31-Jan-26": DAY, "31-JAN-2026": DAY, "31 Jan 2026 10:02": MINUTE,
        "31st January 2026": DAY,
        "Sat, 31 Jan 2026 10:02:11 +0100": SECOND, "Samstag, 31. Januar 2026": DAY, "sáb., 31 ene 2026": DAY,
        "1er mars 2026": "2026-03-01", "31 de janeiro de 2026": DAY, "2026-Jan-31": DAY, "31/12/70": "1970-12-31",
    },
    "mdy": {
        "01/31/2026": DAY, "1/31/2026": DAY, "1/31/26": DAY, "1-31-2026": DAY, "1/31/2026 10:02": MINUTE,
        "1/31/2026, 10:02:11 AM": SECOND, "1/31/2026 8:05PM": "2026-01-31 20:05", "Jan 31, 2026": DAY,
        "January 31st, 2026": DAY, "Jan 31 2026 10:02AM": MINUTE, "Jan 31, 2026 at 10:02": MINUTE,
        "Sept 5, 2026": "2026-09-05",
    },
    "mdy ": {"Sat Jan 31 2026 10:02:11 GMT+0100 (CET)": SECOND, "Saturday, January 31, 2026": DAY},
}  # fmt: skip
"""Dates under the order that each of them proves."""

NATIONAL = {
    "ymd": {
        "2026年10月26日": "2026-10-26", "2026年10月26日 14時30分": "2026-10-26 14:30",
        "2026年1月3日(土) 9時05分07秒": "2026-01-03 09:05:07", "2026/10/26 午後2:30": "2026-10-26 14:30",
        "2026년 10월 26일": "2026-10-26", "2026. 10. 26. 오전 9:30": "2026-10-26 09:30", "2026.10.26.": "2026-10-26",
        "2026.10.26. 14:30": "2026-10-26 14:30", "2026. 10. 26.": "2026-10-26", "2026-W07-3": "2026-02-11",
        "20261026T143000Z": "2026-10-26 14:30",
        "20260214T140100+0000": "2026-02-14 14:01", "20260214T140100.250-05": "2026-02-14 14:01:00.250000",
        "20261026 1430": "2026-10-26 14:30", "2026-10-26 14:30:00.000000+02:00": "2026-10-26 14:30",
        "2026-10-26 14:30:11+02": "2026-10-26 14:30:11", "2026-10-26 14.30": "2026-10-26 14:30",
        "2026-10-26 kl. 14:30": "2026-10-26 14:30", "2026-10-26 14h30": "2026-10-26 14:30",
        "2026-10-26T14:30:11.123456789Z": "2026-10-26 14:30:11.123456",
    },
    "dmy": {
        "26/10/2026 14h30": "2026-10-26 14:30", "26/10/2026 à 14 h 30": "2026-10-26 14:30",
        "26/10/2026 14 h": "2026-10-26 14:00", "26.10.2026 14.30": "2026-10-26 14:30",
        "26.10.2026 14.30.15": "2026-10-26 14:30:15", "26.10.26 14.30": "2026-10-26 14:30",
        "26.10.2026 14:30 Uhr": "2026-10-26 14:30", "26.10.2026, 14.30 Uhr": "2026-10-26 14:30",
        "26.10.2026 um 14 Uhr": "2026-10-26 14:00", "26.10.2026 kl. 14.30": "2026-10-26 14:30",
        "26.10.2026 kl. 14:30": "2026-10-26 14:30", "26.10.2026 klo 14.30": "2026-10-26 14:30",
        "26/10/2026 2:30 p. m.": "2026-10-26 14:30", "26/10/2026 2:30 p.\u00a0m.": "2026-10-26 14:30",
        "26/10/2026 2.30pm": "2026-10-26 14:30", "21-Jul-26": "2026-07-21", "14/Feb/2026:14:01:00": "2026-02-14 14:01",
        "14/Feb/2026:14:01:09 +0100": "2026-02-14 14:01:09", "13 maj 2026": "2026-05-13",
        "13. května 2026": "2026-05-13", "2026. október 26.": "2026-10-26",
        "2026. október 26. 14:30": "2026-10-26 14:30",
        "13 мая 2026": "2026-05-13", "13 мая 2026 г., 14:30": "2026-05-13 14:30", "13 maja 2026 r.": "2026-05-13",
        "13 Mayıs 2026": "2026-05-13", "8 déc. 2025": "2025-12-08", "8 de diciembre del 2025": "2025-12-08",
        "Mon, 08 Dec 2025 10:00:00 GMT": "2025-12-08 10:00", "måndag den 13 april 2026": "2026-04-13",
        "13. maj 2026 kl. 14.30": "2026-05-13 14:30", "13. toukokuuta 2026 klo 9.05": "2026-05-13 09:05",
        "13. 5. 2026": "2026-05-13", "13. 5. 2026 14:30": "2026-05-13 14:30", "13.10.2026.": "2026-10-13",
        "21-JUL-26 02.30.00.000000 PM": "2026-07-21 14:30", "26.10.2026 14.30 +0200": "2026-10-26 14:30",
    },
    "mdy": {
        "Jul-21-26": "2026-07-21", "Jul-21-2026": "2026-07-21", "Jul/21/99": "1999-07-21",
        "Jul-21-26 14:30": "2026-07-21 14:30", "Dec 8, 2025": "2025-12-08",
        "1/31/2026, 2:30\u202fPM": "2026-01-31 14:30",
        "Oct 26, 2026, 2:30:15 p.m.": "2026-10-26 14:30:15", "1/31/2026 2.30 PM": "2026-01-31 14:30",
    },
}  # fmt: skip
"""Dates as whole countries write them, under the order that each of them proves."""

MONTHS = {
    "English": "January February March April May June July August September October November December",
    "German": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "Portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "Dutch": "januari februari maart april mei juni juli augustus september oktober november december",
    "short English": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "short German": "Jan. Feb. Mrz. Apr. Mai Jun. Jul. Aug. Sep. Okt. Nov. Dez.",
    "short French": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "Polish": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października - grudnia",
    "Polish nominative": "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik - grudzień",
    "Swedish": "januari februari mars april maj juni juli augusti september oktober november december",
    "Danish": "januar februar marts april maj juni juli august september oktober november december",
    "Norwegian": "januar februar mars april mai juni juli august september oktober november desember",
    "Czech": "ledna února března dubna května června července srpna září října listopadu prosince",
    "Czech nominative": "leden únor březen duben květen červen červenec srpen září říjen - prosinec",
    "Hungarian": "január február március április május június július augusztus szeptember október november december",
    "Turkish": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "Russian": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "Russian nominative": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "Finnish": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta "
    "lokakuuta marraskuuta joulukuuta",
    "Romanian": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "short Polish": "sty lut mar kwi maj cze - sie wrz paź - gru",
    "short Turkish": "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
    "short Russian": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "short Hungarian": "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
    "short Italian": "gen feb mar apr mag giu lug ago set ott nov dic",
}

NO_DAYS = ("31/02/2026", "29.02.2023", "2026-02-30", "2026-13-01", "31 Feb 2026", "00/00/0000", "0000-00-00",
           "32.01.2026", "2026-01-31 25:00", "2026-01-31 10:61", "31/13/2026")  # fmt: skip
"""Written like dates, and none."""

NO_DATES = ("", " ", "someday", "10:02", "2026-01", "Jan 2026", "Q1 2026", "1/2/3", "12/2026", "31012026", "1.234,56",
            "12.50", "2026", "1-800-555-0199", "192.168.10.1", "31 Foo 2026", "2026-01-31-02", "1/31",
            "01/02/20266")  # fmt: skip


def at(text: str) -> datetime:
    """A moment by its usual writing."""
    return datetime.fromisoformat(text)


@cache
def engine() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def read(values: list[str], style: DateStyle) -> list[datetime | None]:
    """What the engine's cast makes of these texts."""
    asked = (
        f"SELECT {moment('c0', style)} FROM (SELECT unnest($1) AS c0, unnest(range(len($1))) AS place) ORDER BY place"
    )
    found = engine().execute(asked, [values]).fetchall()
    return [row[0] for row in found]


@pytest.mark.parametrize(("order", "text"), [(order, text) for order, texts in WRITTEN.items() for text in texts])
def test_a_date_is_seen_proves_its_order_and_is_read(order: str, text: str) -> None:
    assert looks_like_date(text)
    proven = date_order([text])
    open_still = re.fullmatch(r"\d+([./-])\d+\1\d\d|0?[1-9]([./-])0?[1-9]\2\d{4}", text)  # 31/01/26, 3.1.2026
    assert proven.value == order.strip() or (proven is DayOrder.EITHER and open_still)
    assert read([text], date_style([text], order.strip())) == [at(WRITTEN[order][text])]


@pytest.mark.parametrize("order", WRITTEN)
def test_a_column_written_in_a_dozen_ways_is_read_whole(order: str) -> None:
    texts = list(WRITTEN[order])
    for start in range(0, len(texts), 4):
        some = texts[start : start + 4]
        wanted = [at(WRITTEN[order][text]) for text in some]
        assert read(some, date_style(some, order.strip())) == wanted


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_has_its_name_in_sixteen_languages(language: str) -> None:
    names = {number: name for number, name in enumerate(MONTHS[language].split(), start=1) if name != "-"}
    assert [month_number(name.rstrip(".")) for name in names.values()] == [f"{number:02}" for number in names]
    for written in (names, {number: name.upper() for number, name in names.items()}):
        texts = [f"5 {name} 2026" for name in written.values()]
        assert all(map(looks_like_date, texts))
        assert read(texts, date_style(texts, "dmy")) == [at(f"2026-{month:02}-05") for month in written]


@pytest.mark.parametrize("word", ["lis", "lip", "srp", "čer"])
def test_a_word_for_different_months_in_different_languages_is_read_as_none(word: str) -> None:
    assert month_number(word) is None
    assert not looks_like_date(f"5 {word} 2026")
    assert read([f"5 {word} 2026"], date_style(["5 maja 2026"], "dmy")) == [None]


@pytest.mark.parametrize(("order", "text"), [(order, text) for order, texts in NATIONAL.items() for text in texts])
def test_a_date_as_a_whole_country_writes_it_is_seen_and_read(order: str, text: str) -> None:
    assert looks_like_date(text)
    proven = date_order([text])
    assert proven.value == order or (proven is DayOrder.EITHER and text == "26.10.26 14.30")
    assert read([text], date_style([text], order)) == [at(NATIONAL[order][text])]


@pytest.mark.parametrize("order", NATIONAL)
def test_national_writings_live_in_one_column_with_all_others(order: str) -> None:
    usual = [text for text in WRITTEN[order] if text[:2].isdigit()]
    texts = list(NATIONAL[order])
    for start in range(len(texts)):
        some = [texts[start], *usual[start % 7 :: 7], texts[(start + 11) % len(texts)]]
        both = {**WRITTEN[order], **NATIONAL[order]}
        assert read(some, date_style(some, order)) == [at(both[text]) for text in some]


@pytest.mark.parametrize(
    "text",
    ["14.30", "14h30", "14:30 Uhr", "kl. 14.30", "Q3 2026", "12/2026", "R2D2", "L12", "Jul-26", "2026年10月",
     "10月26日", "2026-W07", "2026-W07-8", "2026-W60-1x", "1.234 14.30", "13 maj", "26.10.2026 14.3",
     "26.10.2026 14.300", "26.10.2026 14h3", "May 2026 kl. 14.30", "Jul-32-26x", "12.50 14.30"],
)  # fmt: skip
def test_what_lacks_a_day_or_a_clock_is_no_date(text: str) -> None:
    assert not looks_like_date(text)
    styles = [date_style([other], order) for order, texts in NATIONAL.items() for other in texts]
    assert {found for style in styles[::5] for found in read([text], style)} == {None}


@pytest.mark.parametrize("text", NO_DAYS)
@pytest.mark.parametrize("order", ["dmy", "mdy", "ymd"])
def test_a_day_that_does_not_exist_is_read_by_nobody(text: str, order: str) -> None:
    assert read([text], date_style([text], order)) == [None]
    others = {"dmy": "13/01/2026", "mdy": "01/13/2026", "ymd": "2026-01-13"}[order]
    assert read([text, others], date_style([text, others], order)) == [None, at("2026-01-13")]


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_not_taken_for_one(text: str) -> None:
    assert not looks_like_date(text)
    assert date_order([text]) is DayOrder.NONE
    assert date_order([text, "31/01/2026"]) is DayOrder.DMY
    for found in read([text], date_style(["31/01/2026"], "dmy")):
        assert found is None or found.year < 1980  # an import takes those for placeholders


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["01/02/2026", "03/04/2026"], DayOrder.EITHER),
        (["01/02/2026", "13/02/2026"], DayOrder.DMY),
        (["01/02/2026", "02/13/2026"], DayOrder.MDY),
        (["01/01/2026", "02/02/2026"], DayOrder.DMY),
        (["31/02/2026", "01/02/2026"], DayOrder.EITHER),
        (["31/02/2026", "01/02/2026", "13/02/2026"], DayOrder.DMY),
        (["12/31/2026", "31/12/2026"], DayOrder.EITHER),
        (["01/02/03", "04/05/06"], DayOrder.EITHER),
        (["01.02.26", "03.04.26"], DayOrder.EITHER),
        (["01.02.26", "13.04.26"], DayOrder.DMY),
        (["26-01-02", "26-02-13"], DayOrder.YMD),
        (["01/02/26", "04/13/26"], DayOrder.MDY),
        (["2026-01-02", "2026-02-01"], DayOrder.YMD),
        (["2 Jan 2026", "1 Feb 2026"], DayOrder.DMY),
        (["Jan 2, 2026"], DayOrder.MDY),
        (["x", "", "46053"], DayOrder.NONE),
        ([], DayOrder.NONE),
    ],
)
def test_the_whole_column_decides_the_order(values: list[str], order: DayOrder) -> None:
    assert date_order(values) is order
    assert date_order(reversed(values)) is order


def test_a_year_that_is_still_to_come_is_no_year() -> None:
    assert date_order(["27/02/26", "28/01/25"], latest_year=2026) is DayOrder.DMY
    assert date_order(["26/02/27", "25/01/28"], latest_year=2026) is DayOrder.YMD
    assert date_order(["26/02/27", "25/01/28"]) is DayOrder.EITHER


def test_one_slip_among_many_is_no_contradiction_and_two_are() -> None:
    many = [f"{month:02}/{day}/2026" for month in range(1, 3) for day in range(13, 26)]
    assert date_order([*many, "13/01/2026"]) is DayOrder.MDY
    assert date_order([*many, "13/01/2026", "14/01/2026"]) is DayOrder.EITHER
    assert date_order([*many[:8], "13/01/2026"]) is DayOrder.EITHER


@pytest.mark.parametrize(
    ("values", "count", "day"),
    [
        (["1769853731", "1769853732"], Count.SECONDS, SECOND),
        (["1769853731.0"], Count.SECONDS, SECOND),
        (["1769853731000"], Count.MILLISECONDS, SECOND),
        (["1769853731000000"], Count.MICROSECONDS, SECOND),
        (["46053", "46054.25"], Count.DAYS, DAY),
        (["46053,5"], Count.DAYS, "2026-01-31 12:00"),
        (["46053.418183"], Count.DAYS, SECOND),
        ([" 46053 ", ""], Count.DAYS, DAY),
    ],
)
def test_numbers_that_count_are_dates_where_all_of_them_may_be(values: list[str], count: Count, day: str) -> None:
    assert counted_dates(values) is count
    assert read(values, date_style(values, "ymd"))[0] == at(day)
    assert not any(map(looks_like_date, values))
    assert counted_dates([*values, "x"]) is None


@pytest.mark.parametrize(
    "values", [["1769853731", "1769853731000"], ["46053", "1"], ["12345"], ["99999"], ["20260131"], ["", " "], []]
)
def test_other_numbers_count_nothing(values: list[str]) -> None:
    assert counted_dates(values) is None


def test_years_of_two_digits_and_of_four_live_in_one_column() -> None:
    texts = ["31/01/2026", "31/01/2026 10:02", "30/01/26", "29/01/26 10:02", "31/12/99"]
    for some in (texts, texts[::-1]):
        wanted = {
            "31/01/2026": at("2026-01-31"), "31/01/2026 10:02": at("2026-01-31 10:02"),
            "30/01/26": at("2026-01-30"), "29/01/26 10:02": at("2026-01-29 10:02"),
            "31/12/99": at("1999-12-31"),
        }  # fmt: skip
        assert dict(zip(some, read(some, date_style(some, "dmy")), strict=True)) == wanted


@settings(max_examples=60)
@given(
    st.datetimes(at("1980-01-01"), at("2068-12-31")).map(lambda when: when.replace(microsecond=0)),
    st.sampled_from(
        ["%d{0}%m{0}%Y", "%d{0}%m{0}%y", "%m{0}%d{0}%Y", "%Y{0}%m{0}%d", "%d %B %Y", "%B %d, %Y", "%d-%b-%y"]
    ),
    st.sampled_from("./-"),
    st.sampled_from(["", " %H:%M", " %H:%M:%S", " %I:%M:%S %p"]),
)
def test_a_moment_of_any_style_comes_back(when: datetime, day: str, separator: str, clock: str) -> None:
    order = "ymd" if day.startswith("%Y") else "mdy" if day.startswith(("%m", "%B")) else "dmy"
    style = (day + clock).format(separator)
    text = when.strftime(style)
    assert looks_like_date(text)
    assert date_order([text]).value in {order, "either", "dmy", "ymd"}
    wanted = when.replace(**{} if "%S" in clock else {"second": 0}, **{} if clock else {"hour": 0, "minute": 0})
    assert read([text], date_style([text], order)) == [wanted]


# Through an import ------------------------------------------------------------------------------------------


def days(folder: Path, written: list[str], **more: object) -> tuple[list[datetime], dict[str, int]]:
    """The moments stored for rows with these dates, in their order, and what was set aside."""
    rows = [f"C{place}\t{place:03}\t{text}\tTea\t1.50" for place, text in enumerate(written)]
    text = "\n".join(["Customer ID\tOrder ID\tDate\tProduct\tAmount", *rows]) + "\n"
    result = load(folder, text, name="orders.tsv", **more)
    return [row["ordered_at"] for row in lines(result.version)], result.ledger.set_aside


def test_days_that_do_not_exist_are_set_aside_and_the_others_loaded(tmp_path: Path) -> None:
    found, aside = days(tmp_path, ["31/01/2026", "31/02/2026", "00/00/0000", "30/01/2026 10:02", "soon", "28/01/26"])
    assert found == [at("2026-01-31"), at("2026-01-30 10:02"), at("2026-01-28")]
    assert aside == {"unreadable_date": 2, "missing_date": 1}  # no day at all: 00/00/0000


@pytest.mark.parametrize("start", [46_000, 1_769_853_731, 1_769_853_731_000])
def test_a_column_that_counts_is_imported_as_dates(tmp_path: Path, start: int) -> None:
    found, aside = days(tmp_path, [str(start + at) for at in range(5)])
    assert aside == {}
    assert {when.year for when in found} <= {2025, 2026}
    assert found == sorted(found)


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2026, 2, 1)), ("mdy", date(2026, 1, 2))])
def test_an_ambiguous_order_is_asked_about_and_the_answer_holds(tmp_path: Path, order: str, day: date) -> None:
    written = ["01/02/2026", "03/04/2026 10:02"]
    with pytest.raises(AmbiguousReading, match="two readings"):
        days(tmp_path, written)
    found, _ = days(tmp_path, written, choices=Choices(date_order=order))
    assert found[0].date() == day
    assert found[1] - timedelta(hours=10, minutes=2) == found[1].replace(hour=0, minute=0)
