"""Operational time: days that count by how busy the shop was for its customers, so that their rates stay the same.

A Poisson process whose rate is multiplied by a function of calendar time is one of constant rate on a clock that runs
by that function, and customers of BG/NBD leave after orders, not after days: on that clock the model is what it was.

Source: Cox & Isham (1980), "Point Processes", 3.2 (operational time).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from segmentation.clv.histories import IntArray, Purchases
from segmentation.customers import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """How fast time passes on each day.

    since: the first of the days.
    levels: what everybody's rate is multiplied by on each day from `since` on, shape (days,); the first and the last
        hold before and after them.
    """

    since: date
    levels: FloatArray

    @property
    def steady(self) -> bool:
        """Whether all days are alike."""
        return bool((self.levels == self.levels[0]).all())

    def of(self, purchases: Purchases) -> Purchases:
        """The same histories with times in days of level 1, rounded to whole ones; who came back did so later."""
        if self.steady and self.levels[0] == 1:
            return purchases
        end = (purchases.as_of - self.since).days - 1
        first = end - purchases.observed.astype(np.int64)
        passed = self._passed(int(first.min(initial=0)), end)
        begun = passed[first - int(first.min(initial=0))]
        last = passed[first + purchases.recency - int(first.min(initial=0))]
        recency = np.where(purchases.recency > 0, np.maximum(np.rint(last - begun), 1), 0).astype(np.int32)
        observed = np.maximum(np.rint(passed[-1] - begun), recency).astype(np.int32)
        return replace(purchases, recency=recency, observed=observed)

    def ahead(self, on: date, days: float) -> float:
        """Days of level 1 that pass in the `days` days from `on` on."""
        if self.steady:
            return float(days * self.levels[0])
        start, whole = (on - self.since).days, int(days)
        passed = self._passed(start, start + whole + 1)
        return float(passed[whole] + (days - whole) * (passed[whole + 1] - passed[whole]))

    def _passed(self, start: int, end: int) -> FloatArray:
        """The time passed by the beginning of each day from `start` to `end`, both counted from `since`."""
        days = np.clip(np.arange(start, end), 0, len(self.levels) - 1)
        return np.concatenate([[0.0], np.cumsum(self.levels[days])])


def steady_clock(since: date) -> Clock:
    """A clock by which every day is a day."""
    return Clock(since, np.ones(1))


def days_of(since: date, days: int) -> IntArray:
    """The month of the year (0 to 11) of each of so many days."""
    months = np.datetime64(since, "D") + np.arange(days)
    return np.asarray(months.astype("datetime64[M]").astype(np.int64) % 12, dtype=np.int32)
