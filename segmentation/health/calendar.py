"""The course of orders over the months: how many each had, and which are whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt


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
