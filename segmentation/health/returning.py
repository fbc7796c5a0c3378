"""Counting who came back, as the predictions count it: by buying days, and at the dates they learn and are tested on.

Worth and churn stand on the same floor as this, so the dates they look at are worked out here a second time, from the
constants below; a test holds every one of them, and every date, against theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from segmentation.customers import default_as_of
from segmentation.engine.protocol import Reading
from segmentation.workspace import DatasetVersion

HELD_OUT, SHORTEST_HELD_OUT, LONGEST_HELD_OUT = 1 / 3, 28, 365
"""The share of the history a forecast of worth is tested on, within these days."""

CHECKED_DAYS = 365
"""How long before the last order the check of whose order is due begins."""

BACK, FEWEST_GAPS = 0.9, 100
SHORTEST_WINDOW, LONGEST_WINDOW, STEP, WINDOWS = 30, 365, 10, 3
"""A window of churn covers BACK of the pauses that ended, in steps within these days; a history holds WINDOWS."""

_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The customers with an order before `on`: all, those who had come back on a second day, those on a third."""

    on: date
    customers: int
    returned: int
    regular: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The customers with an order before `start`, and how many of them ordered in the window from then on."""

    start: date
    customers: int
    ordered: int

    @property
    def silent(self) -> int:
        return self.customers - self.ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """What churn would be learned from and tested on.

    `gaps` counts the pauses that ended. `wished` is the length in days they ask for, None with too few of them; `days`
    is what the history has room for, None with too little. `earliest` is the first window
    that anything is learned from.
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

    `paid` counts customers with a repeat day that was worth something. `then` is the date of the forecast that is held
    against what happened, `year_ago` that from which windows of next orders are checked, both None where the history
    does not reach back so far; `again` counts who had three buying days a year ago, and two more since.
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
    then, year_ago = forecast_date(first, as_of), as_of - timedelta(days=CHECKED_DAYS)
    row = run.query("health_buyers", as_of=as_of, then=then or first, year_ago=year_ago).to_pylist()[0]
    return Returning(
        now=_known(row, as_of),
        paid=row["paid"],
        then=None if then is None else _known(row, then, "then_"),
        year_ago=_known(row, year_ago, "year_") if year_ago > first else None,
        again=row["again"],
        windows=_windows(run, first, as_of),
    )


def forecast_date(first: date, as_of: date) -> date | None:
    """When a forecast is made that can be held against what happened by `as_of`; None with too short a history."""
    days = min(int((as_of - first).days * HELD_OUT), LONGEST_HELD_OUT)
    return None if days < SHORTEST_HELD_OUT else as_of - timedelta(days=days)


def window_wished(pauses: list[tuple[int, int]]) -> int | None:
    """The days that cover most of the `pauses`, ascending pairs of days and how often; None with too few of them."""
    total, covered = sum(times for _, times in pauses), 0
    if total < FEWEST_GAPS:
        return None
    for days, times in pauses:
        covered += times
        if covered / total >= BACK - 1e-12:
            return min(max(-(-days // STEP) * STEP, SHORTEST_WINDOW), LONGEST_WINDOW)
    return LONGEST_WINDOW


def learning_dates(first: date, until: date, days: int) -> tuple[date, ...]:
    """When the windows begin that are learned from with nothing known from `until` on: the last whole one, and the one
    of a year before or else the last but one, where the history reaches back."""
    last, year = until - timedelta(days=days), until - timedelta(days=_YEAR)
    other = year if year < last and year - timedelta(days=days) >= first else until - timedelta(days=2 * days)
    return (last, other) if other - timedelta(days=days) >= first else (last,)


def _windows(run: Reading, first: date, as_of: date) -> Windows:
    pauses = [(row["gap_days"], row["gaps"]) for row in run.query("buying_gaps", as_of=as_of).to_pylist()]
    gaps, wished = sum(times for _, times in pauses), window_wished(pauses)
    room = (as_of - first).days // WINDOWS // STEP * STEP
    if wished is None or room < SHORTEST_WINDOW:
        return Windows(gaps=gaps, wished=wished)
    days = min(wished, room)
    cut = as_of - timedelta(days=days)
    learned = learning_dates(first, cut, days)
    earliest = min(*learned, *learning_dates(first, as_of, days), cut)
    found = {on: _window(run, on, days) for on in {*learned, cut, earliest}}
    return Windows(
        gaps=gaps,
        wished=wished,
        days=days,
        learned=tuple(found[on] for on in learned),
        tested=found[cut],
        earliest=found[earliest],
    )


def _window(run: Reading, start: date, days: int) -> Window:
    row = run.query("health_window", start=start, end=start + timedelta(days=days)).to_pylist()[0]
    return Window(start=start, customers=row["customers"], ordered=row["ordered"])


def _known(row: dict[str, Any], on: date, of: str = "") -> Known:
    return Known(on=on, customers=row[f"{of}customers"], returned=row[f"{of}returned"], regular=row[f"{of}regular"])
