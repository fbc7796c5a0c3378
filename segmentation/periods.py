"""Days in a row, and the earlier days that they are compared with.

A period of SEASONAL_DAYS or more, and a year to date, is compared with the same dates of an earlier year. A shorter one
is compared with as many days directly before; where more of the peak season lies in one of the two than in the other,
with the same dates a year before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from segmentation import formats
from segmentation.customers.season import Pair
from segmentation.errors import SettingOutOfRange

ONE_DAY = timedelta(days=1)

SEASONAL_DAYS = 300
"""A period of as many days holds most of a year's seasons: the days before it may hold others."""

OTHER_SEASON = 0.1
"""The share of a period's days by which more or fewer lie in the peak season than in what it is compared with."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in a row.

    first, last: the ends, both included.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise SettingOutOfRange("period", f"{self.first} to {self.last}", low=self.first, high="later")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """As many days, directly before."""
        return Period(self.first - timedelta(days=self.days), self.first - ONE_DAY)

    def same_dates_before(self) -> Period:
        """The same dates of the last earlier year that share no day with these; 28 February stands for the 29th."""
        wraps = (self.last.month, self.last.day) < (self.first.month, self.first.day)
        years = max(self.last.year - self.first.year + (0 if wraps else 1), 1)
        return Period(_years_before(self.first, years), _years_before(self.last, years))

    def days_in(self, months: Pair) -> int:
        """How many of the days lie in one of these months of the year."""
        every = (self.first + timedelta(days=day) for day in range(self.days))
        return sum(day.month in months for day in every)

    def relation(self, earlier: Period) -> str:
        """How an earlier period lies to this one: "the 90 days before", "the same dates a year before"."""
        years = self.last.year - earlier.last.year
        same = "the same dates a year before" if years == 1 else f"the same dates {years} years before"
        return same if earlier == self.same_dates_before() else f"the {formats.days(earlier.days)} before"

    def against(self, earlier: Period) -> str:
        """The same with its days: "the 90 days before (1 Jan – 31 Mar 2026)"."""
        return f"{self.relation(earlier)} ({formats.period(earlier.first, earlier.last)})"


def _years_before(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28) if leap else day.replace(year=day.year - years)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The earlier days that a period is compared with.

    main: those that every change is told against.
    other: others that the data reaches too; None where there are none.
    seasonal: whether the shop has a peak season, so that the others are worth a look whatever they say.
    """

    main: Period
    other: Period | None = None
    seasonal: bool = False


def usual_earlier(period: Period) -> Period:
    """What a period is compared with where no peak season is known."""
    return period.same_dates_before() if period.days >= SEASONAL_DAYS else period.before()


def seasonal_alone(period: Period, first: date) -> Earlier | None:
    """What a period is compared with where it does not matter whether the shop has a peak season; None where it does.

    `first` is the first day of the data.
    """
    before, year = period.before(), period.same_dates_before()
    if period.days >= SEASONAL_DAYS:
        return Earlier(year)
    return Earlier(before) if year.first < first or year == before else None


def beside_season(period: Period, season: Pair | None) -> Earlier:
    """The same for a short period with a year of data before it, where the shop's peak season is these months or there
    is none."""
    before, year = period.before(), period.same_dates_before()
    if season is None:
        return Earlier(before, year)
    moved = abs(period.days_in(season) - before.days_in(season)) / period.days
    return Earlier(year, before, True) if moved >= OTHER_SEASON else Earlier(before, year, True)
