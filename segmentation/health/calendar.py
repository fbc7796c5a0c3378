"""The course of orders over the days: stretches where orders should stand and do not, and which months are whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

WEEK = 7
AROUND = 28
"""Days before and after a stretch that say how many orders to expect in it."""

RARELY = 1_000.0
"""A stretch is a gap when chance alone would empty one like it in fewer than one of so many shops."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without any order.

    first, last: the ends, both included.
    expected: orders that would have been usual in these days.
    """

    first: date
    last: date
    expected: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month inside the data.

    year, month: which one.
    orders: orders placed in it.
    whole: whether the data covers its first and its last day.
    """

    year: int
    month: int
    orders: int
    whole: bool


def gaps(first: date, counts: npt.NDArray[np.int64]) -> tuple[Gap, ...]:
    """Stretches without orders that chance does not explain, oldest first.

    `counts`, shape (days,), holds the orders of each day from `first` on. How many to expect in an empty stretch
    follows from the 28 days on either side and from how orders spread over the week, so that a shop that sleeps on
    Sundays has no gaps. Orders are taken to arrive as a Poisson process: a stretch with `e` expected orders is empty
    by chance with probability exp(-e), and there are as many stretches as days.
    """
    days = len(counts)
    if not counts.any():
        return ()
    surprising = float(np.log(days) + np.log(RARELY))
    weekday = (first.weekday() + np.arange(days)) % WEEK
    usual = np.bincount(weekday, weights=counts, minlength=WEEK) / np.maximum(np.bincount(weekday, minlength=WEEK), 1)
    weight = usual[weekday]
    ordered = np.concatenate(([0.0], np.cumsum(counts)))
    weighed = np.concatenate(([0.0], np.cumsum(weight)))
    found = []
    for start, end in _empty(counts):
        low, high = max(start - AROUND, 0), min(end + AROUND, days)
        around = (weighed[start] - weighed[low]) + (weighed[high] - weighed[end])
        level = (ordered[high] - ordered[low]) / around if around > 0 else 0.0
        expected = float(level * (weighed[end] - weighed[start]))
        if expected >= surprising:
            found.append(Gap(first + timedelta(days=start), first + timedelta(days=end - 1), expected))
    return tuple(found)


def months(first: date, counts: npt.NDArray[np.int64]) -> tuple[Month, ...]:
    """Every calendar month from the first to the last day, with its orders."""
    last = first + timedelta(days=len(counts) - 1)
    found = []
    start = first.replace(day=1)
    while start <= last:
        after = (start + timedelta(days=31)).replace(day=1)
        low, high = max((start - first).days, 0), min((after - first).days, len(counts))
        whole = start >= first and after - timedelta(days=1) <= last
        found.append(Month(start.year, start.month, int(counts[low:high].sum()), whole))
        start = after
    return tuple(found)


def _empty(counts: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Stretches of days without orders, as [start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (counts == 0).astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
