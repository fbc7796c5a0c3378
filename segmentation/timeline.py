"""Every window, cut and horizon as dates: which days are learned from, which are tested on, which are held out.

A date stands for its beginning: what is known "at" a date is what happened before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

YEAR, MEAN_YEAR = 365, 365.25
"""Days of a year: as a window, which has whole days, and on average, by which rates and months are counted."""

# A forecast that is held against what happened -------------------------------------------------------------------

HELD_OUT, SHORTEST_HELD_OUT, LONGEST_HELD_OUT = 1 / 3, 28, YEAR
"""The share of the history that a forecast is tested on, within these days."""


def forecast_dates(first: date, as_of: date, on: date | None = None) -> tuple[date, date] | None:
    """When a forecast is made that can be held against what happened by `as_of` (`on`, where that is given), after the
    date as long before it, from which plain forecasts learn: (before, then). None with too short a history."""
    days = min(int((as_of - first).days * HELD_OUT), LONGEST_HELD_OUT) if on is None else (as_of - on).days
    if days < SHORTEST_HELD_OUT and on is None:
        return None
    then = as_of - timedelta(days=days)
    return max(then - timedelta(days=days), first + timedelta(days=1)), then


PERIODS, SHORTEST_PERIOD, LONGEST_PERIOD, MOST_PERIODS = 12, 14, 91, 24
"""Periods that a history is divided into for forecasts at several earlier dates; the days of one, and the most."""


def periods_before(first: date, as_of: date) -> tuple[int, int] | None:
    """The days of a period, and how many lie before `as_of`; the oldest has the days before it too. None without room
    for two."""
    history = (as_of - first).days
    step = min(max(history // PERIODS, SHORTEST_PERIOD), LONGEST_PERIOD)
    periods = min(history // step, MOST_PERIODS)
    return (step, periods) if periods >= 2 else None


# Windows of churn ------------------------------------------------------------------------------------------------

BACK, FEWEST_GAPS = 0.9, 100
"""The share of the pauses that ended which a window must cover, and how many of them must be known."""

SHORTEST_WINDOW, LONGEST_WINDOW, STEP = 30, YEAR, 10
"""Days of a window of churn, in steps."""

WINDOWS = 3
"""Windows a history must hold: one to know customers by, one to learn what they do next, one to test it on."""

CHECKED_DAYS = YEAR
"""How long before the last order the check of whose order is due begins."""


def usual_pause(pauses: Iterable[tuple[float, int]]) -> float | None:
    """The days within which most customers who came back did; `pauses` are pairs of days, ascending, and how often.
    None with too few of them."""
    listed = list(pauses)
    total, covered = sum(times for _, times in listed), 0
    if total < FEWEST_GAPS:
        return None
    for days, times in listed:
        covered += times
        if covered / total >= BACK - 1e-12:
            return days
    return listed[-1][0]


def window_for(pause: float) -> int:
    """The window in days that a usual pause asks for."""
    return int(min(max(-(-pause // STEP) * STEP, SHORTEST_WINDOW), LONGEST_WINDOW))


def longest_window(first: date, as_of: date) -> int:
    """The longest window in days, a multiple of ten, that fits WINDOWS times between `first` and `as_of`."""
    return max((as_of - first).days, 0) // WINDOWS // STEP * STEP


def learning_dates(first: date, until: date, days: int) -> tuple[date, ...]:
    """The dates whose windows of `days` days a model can learn from that must know nothing from `until` on.

    The last whole window, and beside it the one that began a year before `until`, which has seen the same season;
    where the history does not reach back that far, the last but one. On the sample shop the year-old window tells more
    than the last but one (AUC .86 against .83 at 170 days, .90 against .89 at 90).
    """
    room = timedelta(days=days)
    last, year, before = until - room, until - timedelta(days=YEAR), until - 2 * room
    if year < last and year - room >= first:
        return last, year
    return (last, before) if before - room >= first else (last,)


def trial_dates(first: date, until: date, days: int) -> tuple[date, ...]:
    """The dates of windows that ended when the first of `learning_dates` began, so that it tests what they teach.

    The whole window before it, and beside it the year-old one, where that had ended; none where the history does not
    reach back that far.
    """
    room, (tried, *older) = timedelta(days=days), learning_dates(first, until, days)
    last = tried - room
    if last - room < first:
        return ()
    return (last, *(on for on in older if on < last))


# Cuts of the backtest --------------------------------------------------------------------------------------------

BACKTEST_WINDOWS = (90, 60, 30)
"""Days of a window of the backtest, the preferred first; the shorter ones are for short histories."""


def backtest_window(first: date, as_of: date) -> int | None:
    """The longest usual window that allows two cuts, else one; None where even the shortest allows none."""
    for cuts in (2, 1):
        for days in BACKTEST_WINDOWS:
            if len(cut_dates(first, as_of, days, cuts)) == cuts:
                return days
    return None


def cut_dates(first: date, as_of: date, window_days: int, most: int) -> tuple[date, ...]:
    """The dates of the cuts, newest first: whole windows before `as_of`.

    Each leaves a window to learn on, and before that at least another of history to know the customers by.
    """
    step = timedelta(days=window_days)
    every = (as_of - step * i for i in range(1, most + 1))
    return tuple(on for on in every if on - 2 * step >= first)


# Windows that a campaign's baseline is measured in ---------------------------------------------------------------

RECENT_WINDOWS, EARLIER_YEARS = 4, 2
"""How many windows right before a date are looked at, and how many of the same days in earlier years."""


def baseline_dates(first: date, as_of: date, days: int) -> tuple[tuple[date, ...], tuple[tuple[date, date], ...]]:
    """When the windows of `days` days began that tell what comes without a campaign: those right before `as_of`, the
    newest first; and of earlier years the window before the days that now come, with that of those days.

    Each leaves as long a history before it to know the customers by, and none overlaps another.
    """
    room = timedelta(days=days)
    recent = tuple(on for on in (as_of - room * step for step in range(1, RECENT_WINDOWS + 1)) if on - room >= first)
    oldest = min(recent, default=as_of)
    years = []
    for year in range(1, EARLIER_YEARS + 1):
        then = as_of - timedelta(days=YEAR * year)
        if then - 2 * room >= first and then + room <= oldest:
            years.append((then - room, then))
            oldest = then - room
    return recent, tuple(years)


# Before and after ------------------------------------------------------------------------------------------------


def day_before(as_of: date, days: int, first: date) -> date | None:
    """The date `days` days before `as_of`; None where the history does not hold as many days before that again."""
    then = as_of - timedelta(days=days)
    return None if then - timedelta(days=days) < first else then
