"""Stretches without orders where orders should stand: a closed shop, or an export that is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from segmentation import formats
from segmentation.engine.protocol import Engine
from segmentation.workspace import DatasetVersion

WEEK = 7
AROUND = 28
"""Days before and after a stretch that say how many orders to expect in it."""

RARELY = 1_000.0
"""A stretch is a gap when chance alone would empty one like it in fewer than one of so many shops."""

LONG = 30
"""Days from which on a gap is said beside what is learned from how long customers are silent."""


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


def read_gaps(engine: Engine, version: DatasetVersion) -> tuple[Gap, ...]:
    """The gaps of a whole history, oldest first."""
    with engine.reading(version) as run:
        by_day = run.query("health_days").to_pylist()
    if not by_day:
        return ()
    first, last = by_day[0]["day"], by_day[-1]["day"]
    counts = np.zeros((last - first).days + 1, dtype=np.int64)
    for row in by_day:
        counts[(row["day"] - first).days] = row["orders"]
    return gaps(first, counts)


def counted_as_silence(found: Sequence[Gap]) -> str:
    """That long gaps count as silence of the customers, for whatever is learned from it; "" where there is none."""
    long = [gap for gap in found if gap.days >= LONG]
    if not long:
        return ""
    named = " and ".join(f"{formats.period(gap.first, gap.last)} ({formats.days(gap.days)})" for gap in long)
    return (
        f"No orders are known of {named}: a closed shop, or an export that is missing. Those days count here as if the "
        "customers had not wanted to order: who is taken for lost, what is expected, and how far off that was before "
        "may be wrong."
    )


def _empty(counts: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Stretches of days without orders, as [start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (counts == 0).astype(np.int8), [0]))))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]
