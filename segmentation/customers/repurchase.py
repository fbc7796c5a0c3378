"""Time to the second order by cohort of first orders: Kaplan–Meier curves.

A customer who has not ordered again yet is not one who never will: they count for as long as the shop has waited.
Source: Kaplan & Meier (1958), "Nonparametric Estimation from Incomplete Observations"; the interval is Greenwood's on
the scale of the complementary logarithm of the logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from segmentation import formats
from segmentation.engine.protocol import Engine
from segmentation.estimates import Estimate, Unknown
from segmentation.workspace import DatasetVersion

FEWEST = 30
"""Customers that a cohort needs for a curve of its own."""

MOST_COHORTS = 8
LANDMARKS = (30, 60, 90, 180, 365)
"""Days at which the share that has come back is given as a figure."""

EVERYONE = "All customers"
_Z = 1.959963984540054

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of a cohort that has ordered again by each day.

    name: the quarter of the first orders, or everyone.
    customers: how many there are.
    days: days since the first order at which somebody came back, ascending.
    share: the share that has come back by then, 0 to 1.
    low, high: its 95 % interval.
    waited: the days that the one who is longest in the cohort was waited for; the curve says nothing beyond.
    """

    name: str
    customers: int
    days: tuple[int, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    waited: int

    def by(self, days: int) -> Estimate | Unknown:
        """The share that has come back within so many days; Unknown beyond what was waited for."""
        if days > self.waited and (not self.share or self.share[-1] < 1):
            return Unknown(f"The first of them ordered {formats.days(self.waited)} ago.")
        place = int(np.searchsorted(self.days, days, side="right")) - 1
        if place < 0:
            return Estimate(0.0, 0.0, 0.0, self.customers)
        return Estimate(self.share[place], self.low[place], self.high[place], self.customers)

    @property
    def half_within(self) -> int | None:
        """The days within which half of them came back; None where fewer have so far."""
        return next((day for day, share in zip(self.days, self.share, strict=True) if share >= 0.5), None)


@dataclass(frozen=True, slots=True)
class Repurchase:
    """How soon customers order a second time.

    everyone: all customers.
    cohorts: by quarter of the first order, the oldest first; quarters with too few customers are left out.
    """

    everyone: Curve
    cohorts: tuple[Curve, ...]


def repurchase(engine: Engine, version: DatasetVersion, as_of: date) -> Repurchase | Unknown:
    """The curves as known at a date. Unknown with fewer than 30 customers."""
    with engine.reading(version) as run:
        rows = run.query("repurchase", as_of=as_of)
    year, quarter, days, customers = (
        np.asarray(rows[name].to_numpy(), dtype=np.int64) for name in ("year", "quarter", "days", "customers")
    )
    came_back = np.asarray(rows["came_back"].to_numpy(zero_copy_only=False), dtype=bool)
    total = int(customers.sum())
    if total < FEWEST:
        return Unknown(f"{formats.count(total, 'customer')} have ordered; a curve takes {FEWEST}.")
    cohort = year * 4 + quarter - 1
    sizes = {int(one): int(customers[cohort == one].sum()) for one in np.unique(cohort)}
    shown = [one for one in sorted(sizes) if sizes[one] >= FEWEST][-MOST_COHORTS:]
    curves = tuple(
        curve(f"Q{one % 4 + 1} {one // 4}", days[cohort == one], came_back[cohort == one], customers[cohort == one])
        for one in shown
    )
    return Repurchase(curve(EVERYONE, days, came_back, customers), curves)


def curve(name: str, days: Counts, came_back: npt.NDArray[np.bool_], customers: Counts) -> Curve:
    """The curve of pauses of `days`, shape (pauses,), that ended with an order or have not ended yet, each of so many
    `customers`."""
    at = np.unique(days[came_back])
    returned = np.array([customers[came_back & (days == day)].sum() for day in at], dtype=np.float64)
    waiting = np.array([customers[days >= day].sum() for day in at], dtype=np.float64)
    left = np.cumprod(1 - returned / waiting)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(returned / (waiting * (waiting - returned)))
        spread = _Z * np.sqrt(variance) / np.log(left)
        ends = (left ** np.exp(sign * spread) for sign in (1, -1))
        high, low = (1 - np.where(np.isfinite(end), end, left) for end in ends)
    low, high = np.minimum(low, high), np.maximum(low, high)
    return Curve(
        name=name,
        customers=int(customers.sum()),
        days=tuple(at.tolist()),
        share=tuple((1 - left).tolist()),
        low=tuple(np.minimum(low, 1 - left).tolist()),
        high=tuple(np.maximum(high, 1 - left).tolist()),
        waited=int(days.max(initial=0)),
    )
