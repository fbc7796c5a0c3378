"""What a column of dates proves about the order of day and month, and how dates that are numbers count."""

from __future__ import annotations

import pytest

from segmentation.notation.dates import Count, DayOrder, counted_dates, date_order, looks_like_date, month_number


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["2026-03-04"], DayOrder.YMD),
        (["20260304"], DayOrder.YMD),
        (["2026-03-04T10:11:12Z", "2026-03-05T10:11:12+02:00"], DayOrder.YMD),
        (["13/02/2026", "01/02/2026"], DayOrder.DMY),
        (["02/13/2026", "02/01/2026"], DayOrder.MDY),
        (["13-Feb-13"], DayOrder.DMY),
        (["Feb 13, 2013"], DayOrder.MDY),
        (["01/02/2026", "03/04/2026"], DayOrder.EITHER),
        (["soon", "later"], DayOrder.NONE),
        ([], DayOrder.NONE),
    ],
)
def test_dates_prove_their_order_or_leave_it_open(values: list[str], order: DayOrder) -> None:
    assert date_order(values, latest_year=2027) is order


@pytest.mark.parametrize(
    ("values", "count"),
    [
        (["1767225600", "1767312000"], Count.SECONDS),
        (["1767225600000"], Count.MILLISECONDS),
        (["1767225600000000"], Count.MICROSECONDS),
        (["46022", "46023.5"], Count.DAYS),
        (["1767225600", "46022"], None),
        (["2026-01-01"], None),
        ([" "], None),
    ],
)
def test_dates_that_are_numbers_count_in_one_way(values: list[str], count: Count | None) -> None:
    assert counted_dates(values) is count


@pytest.mark.parametrize(
    "name",
    ["March", "mar", "März", "mars", "marzo", "março", "maart", "MRZ"],
)
def test_march_is_known_in_seven_languages(name: str) -> None:
    assert month_number(name) == "03"


@pytest.mark.parametrize("value", ["2026-03-04 10:11", "4.3.26", "4 March 2026", "Mar 4, 2026 1:02 PM", "20260304"])
def test_a_day_is_known_when_it_is_seen(value: str) -> None:
    assert looks_like_date(value)


@pytest.mark.parametrize("value", ["", "12.50", "B-2026-03", "Tea", "123", "marching 4"])
def test_what_is_no_day_is_not_taken_for_one(value: str) -> None:
    assert not looks_like_date(value)
