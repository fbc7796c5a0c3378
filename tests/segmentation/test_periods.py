"""What a period is compared with: the same dates of an earlier year, or the days directly before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.periods import Earlier, Period, beside_season, seasonal_alone

DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))
WINTER = (12, 1)


def last(days: int, end: date) -> Period:
    return Period(end - timedelta(days=days - 1), end)


@pytest.mark.parametrize(
    ("period", "earlier"),
    [
        (Period(date(2026, 1, 1), date(2026, 10, 31)), Period(date(2025, 1, 1), date(2025, 10, 31))),
        (Period(date(2025, 11, 1), date(2026, 10, 31)), Period(date(2024, 11, 1), date(2025, 10, 31))),
        (Period(date(2024, 2, 29), date(2024, 3, 10)), Period(date(2023, 2, 28), date(2023, 3, 10))),
        (Period(date(2024, 2, 29), date(2025, 2, 28)), Period(date(2023, 2, 28), date(2024, 2, 28))),
        (Period(date(2023, 3, 1), date(2024, 2, 29)), Period(date(2022, 3, 1), date(2023, 2, 28))),
        (Period(date(2025, 1, 1), date(2026, 10, 31)), Period(date(2023, 1, 1), date(2024, 10, 31))),
        (Period(date(2024, 1, 1), date(2024, 12, 31)), Period(date(2023, 1, 1), date(2023, 12, 31))),
    ],
)
def test_the_same_dates_of_an_earlier_year_share_no_day_with_the_period(period: Period, earlier: Period) -> None:
    assert period.same_dates_before() == earlier


@given(DAYS, st.integers(1, 2000))
def test_the_same_dates_lie_whole_years_before_and_no_further_than_needed(end: date, days: int) -> None:
    period = last(days, end)
    earlier = period.same_dates_before()
    assert earlier.last < period.first
    assert abs(earlier.days - period.days) <= 1
    assert earlier.first.month == period.first.month
    assert (period.first - earlier.first).days <= period.days + 367


def test_in_words_an_earlier_period_is_said_with_its_days() -> None:
    period = Period(date(2026, 1, 1), date(2026, 10, 31))
    assert period.against(period.same_dates_before()) == "the same dates a year before (1 Jan – 31 Oct 2025)"
    week = Period(date(2026, 2, 10), date(2026, 2, 16))
    assert week.against(week.before()) == "the 7\u00a0days before (3 Feb – 9 Feb 2026)"
    two = Period(date(2025, 1, 1), date(2026, 10, 31))
    assert two.against(two.same_dates_before()).startswith("the same dates 2 years before (1 Jan 2023")


@pytest.mark.parametrize(("days", "yearly"), [(30, False), (90, False), (299, False), (300, True), (365, True)])
def test_from_three_hundred_days_on_the_same_dates_are_compared_with(days: int, yearly: bool) -> None:
    period = last(days, date(2026, 10, 31))
    found = seasonal_alone(period, first=period.same_dates_before().first + timedelta(days=1))
    assert found == Earlier(period.same_dates_before() if yearly else period.before())


def test_a_short_period_with_a_year_of_data_before_it_asks_for_the_season() -> None:
    assert seasonal_alone(last(30, date(2026, 10, 31)), first=date(2024, 1, 1)) is None


def test_christmas_is_never_held_against_autumn() -> None:
    december, january = last(30, date(2026, 12, 31)), last(30, date(2026, 2, 20))
    for period in (december, january):
        found = beside_season(period, WINTER)
        assert found == Earlier(period.same_dates_before(), period.before(), seasonal=True)


def test_out_of_season_the_days_before_count_and_last_year_stands_beside() -> None:
    june = last(30, date(2026, 6, 30))
    assert beside_season(june, WINTER) == Earlier(june.before(), june.same_dates_before(), seasonal=True)
    assert beside_season(june, None) == Earlier(june.before(), june.same_dates_before(), seasonal=False)


def test_a_few_days_of_a_season_do_not_change_what_is_compared_with() -> None:
    autumn = last(90, date(2026, 12, 5))
    assert autumn.days_in(WINTER) == 5
    assert beside_season(autumn, WINTER).main == autumn.before()
