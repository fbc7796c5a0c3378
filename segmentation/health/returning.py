"""Counting who came back, as the predictions count it: by buying days, and at the dates they learn and are tested on.

Which dates those are, `timeline` says to all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from segmentation.customers import default_as_of
from segmentation.engine.protocol import Reading
from segmentation.timeline import (
    CHECKED_DAYS,
    SHORTEST_WINDOW,
    forecast_dates,
    learning_dates,
    longest_window,
    usual_pause,
    window_for,
)
from segmentation.workspace import DatasetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The customers with an order before a day.

    on: the day.
    customers: all of them.
    returned: those who had come back on a second day.
    regular: those who had bought on three days or more.
    """

    on: date
    customers: int
    returned: int
    regular: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The customers with an order before a window.

    start: the day it begins on.
    customers: how many there are.
    ordered: those who ordered in it.
    """

    start: date
    customers: int
    ordered: int

    @property
    def silent(self) -> int:
        return self.customers - self.ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """What churn would be learned from and tested on.

    gaps: pauses between two buying days that ended.
    wished: days in a window that these pauses ask for; None with too few of them.
    days: days that the history has room for; None with too little.
    learned: windows to learn from.
    tested: the window to test on.
    earliest: the first window that anything is learned from.
    """

    gaps: int
    wished: int | None = None
    days: int | None = None
    learned: tuple[Window, ...] = ()
    tested: Window | None = None
    earliest: Window | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """Who came back by the day after the last order, and by the earlier dates on which predictions are tested.

    now: the customers by that day.
    paid: those with a repeat day that was worth something.
    then: the customers by the day of the forecast that is held against what happened; None with too short a history.
    year_ago: those by the day from which windows of next orders are checked; None with too short a history.
    again: those who had three buying days a year ago, and two more since.
    windows: what churn would be learned from and tested on.
    """

    now: Known
    paid: int
    then: Known | None
    year_ago: Known | None
    again: int
    windows: Windows


def count_returning(run: Reading, version: DatasetVersion) -> Returning:
    """Look at who came back; a query for the buyers, one for their pauses, and one for each window."""
    first, as_of = version.manifest.first, default_as_of(version)
    dates, year_ago = forecast_dates(first, as_of), as_of - timedelta(days=CHECKED_DAYS)
    then = None if dates is None else dates[1]
    row = run.query("health_buyers", as_of=as_of, then=then or first, year_ago=year_ago).to_pylist()[0]
    return Returning(
        now=_known(row, as_of),
        paid=row["paid"],
        then=None if then is None else _known(row, then, "then_"),
        year_ago=_known(row, year_ago, "year_") if year_ago > first else None,
        again=row["again"],
        windows=_windows(run, first, as_of),
    )


def _windows(run: Reading, first: date, as_of: date) -> Windows:
    pauses = [(row["gap_days"], row["gaps"]) for row in run.query("buying_gaps", as_of=as_of).to_pylist()]
    gaps, usual = sum(times for _, times in pauses), usual_pause(pauses)
    wished = None if usual is None else window_for(usual)
    room = longest_window(first, as_of)
    if wished is None or room < SHORTEST_WINDOW:
        return Windows(gaps=gaps, wished=wished)
    days = min(wished, room)
    cut = as_of - timedelta(days=days)
    learned = learning_dates(first, cut, days)
    earliest = min(*learned, *learning_dates(first, as_of, days), cut)
    windows = {on: _window(run, on, days) for on in {*learned, cut, earliest}}
    return Windows(
        gaps=gaps,
        wished=wished,
        days=days,
        learned=tuple(windows[on] for on in learned),
        tested=windows[cut],
        earliest=windows[earliest],
    )


def _window(run: Reading, start: date, days: int) -> Window:
    row = run.query("health_window", start=start, end=start + timedelta(days=days)).to_pylist()[0]
    return Window(start=start, customers=row["customers"], ordered=row["ordered"])


def _known(row: dict[str, Any], on: date, of: str = "") -> Known:
    return Known(on=on, customers=row[f"{of}customers"], returned=row[f"{of}returned"], regular=row[f"{of}regular"])
