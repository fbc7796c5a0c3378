"""Time to the second order by cohort of first orders: Kaplan–Meier curves.

A customer who has not ordered again yet is not one who never will: they count for as long as their orders are known.
Source: Kaplan & Meier (1958), "Nonparametric Estimation from Incomplete Observations"; the interval is the beta product
confidence procedure of Fay, Brittain & Proschan (2013), "Pointwise Confidence Intervals for a Survival Distribution
with Small Samples or Heavy Censoring", by the method of moments. Where everybody was followed as long it is the exact
one of Clopper & Pearson (1934). It is never without width, also where nobody has come back, or all have. That a curve
ends where too few are still waited for follows Pocock, Clayton & Altman (2002), "Survival Plots of Time-to-Event
Outcomes in Clinical Trials: Good Practice and Pitfalls".
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
"""Customers that a cohort needs for a curve of its own. The curve ends where a share rests on fewer: those still waited
for, divided by the share that has not come back, are as many as would tell as much if nobody were cut off."""

FEWEST_WAITED_FOR = 10
"""Customers who must still be followed without a second order, however many have come back."""

MOST_COHORTS = 8
LANDMARKS = (30, 60, 90, 180, 365)
"""Days at which the share that has come back is given as a figure."""

EVERYONE = "All customers"

Counts = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of a cohort that has ordered again by each day.

    name: the quarter of the first orders, or everyone.
    customers: how many there are.
    days: days since the first order at which the share or its interval changes, ascending from 0; the last one is the
        end of the curve, beyond which too few are still waited for.
    share: the share that has come back by then, 0 to 1.
    low, high: its 95 % interval.
    waited: days for which the orders of the one who is longest in the cohort are known after the first one.
    """

    name: str
    customers: int
    days: tuple[int, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    waited: int

    @property
    def end(self) -> int:
        """The last day since the first order of which the curve says something."""
        return self.days[-1]

    def by(self, days: int) -> Estimate | Unknown:
        """The share that has come back within so many days; Unknown beyond the end of the curve."""
        if days > self.waited:
            return Unknown(f"Their orders are known for at most {formats.days(self.waited)} after the first one.")
        if days > self.end:
            return Unknown(
                f"After {formats.days(self.end)} too few of them were still followed without a second order."
            )
        place = int(np.searchsorted(self.days, days, side="right")) - 1
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
    """The curves as known at a date. Unknown with fewer than 30 customers, or 30 of whom more than a day is known."""
    with engine.reading(version) as run:
        rows = run.query("repurchase", as_of=as_of)
    year, quarter, days, followed, customers = (
        np.asarray(rows[name].to_numpy(), dtype=np.int64)
        for name in ("year", "quarter", "days", "followed", "customers")
    )
    came_back = np.asarray(rows["came_back"].to_numpy(zero_copy_only=False), dtype=bool)
    total = int(customers.sum())
    if total < FEWEST:
        return Unknown(f"{_ordered(total)}; a curve takes {FEWEST}.")
    known = int(customers[days > 0].sum())
    if known < FEWEST:
        return Unknown(
            f"{_ordered(total)}. Of {formats.number(known)} of them another day is known; a curve takes {FEWEST}."
        )

    def of(name: str, among: npt.NDArray[np.bool_]) -> Curve:
        return curve(name, days[among], came_back[among], customers[among], int(followed[among].max()))

    cohort = year * 4 + quarter - 1
    sizes = {int(one): int(customers[cohort == one].sum()) for one in np.unique(cohort)}
    shown = [one for one in sorted(sizes) if sizes[one] >= FEWEST][-MOST_COHORTS:]
    curves = tuple(of(f"Q{one % 4 + 1} {one // 4}", cohort == one) for one in shown)
    return Repurchase(of(EVERYONE, customers > 0), curves)


def _ordered(customers: int) -> str:
    return f"{formats.count(customers, 'customer')} {'has' if customers == 1 else 'have'} ordered"


def curve(name: str, days: Counts, came_back: npt.NDArray[np.bool_], customers: Counts, waited: int) -> Curve:
    """The curve of pauses of `days`, shape (pauses,), that ended with an order on the last of these days or had none up
    to it, each of so many `customers`; `waited` is that of the curve."""
    returned = _by_day(days[came_back], customers[came_back], waited)
    waiting = np.cumsum(_by_day(days, customers, waited)[::-1])[::-1]
    known_of_all = int(days[~came_back].min(initial=waited))
    end = max(known_of_all, _last_with_enough(returned, waiting))
    at = np.unique(np.concatenate([[0, end], days[came_back], days[~came_back] + 1]))
    at = at[at <= end]
    share, low, high = _shares(returned[at], waiting[at])
    return Curve(
        name=name,
        customers=int(customers.sum()),
        days=tuple(at.tolist()),
        share=tuple(share.tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        waited=waited,
    )


def _by_day(days: Counts, customers: Counts, last: int) -> Shares:
    """How many customers there are on each of the days 0 to `last`."""
    return np.bincount(days, weights=customers, minlength=last + 1).astype(np.float64)


def _last_with_enough(returned: Shares, waiting: Shares) -> int:
    """The last day, of days 0, 1, 2 and so on, on which enough are still waited for."""
    left = np.cumprod(1 - returned / np.maximum(waiting, 1.0))
    before = np.concatenate([[1.0], left[:-1]])
    enough = (waiting >= FEWEST_WAITED_FOR) & (waiting >= FEWEST * before - 1e-9)
    return int(np.flatnonzero(enough).max(initial=0))


def _shares(returned: Shares, waiting: Shares) -> tuple[Shares, Shares, Shares]:
    """The share that has come back by each day, and its 95 % interval, where on each day `returned` of those `waiting`
    came back.

    Of the share that has not, the upper end is of the product of beta variables B(waiting - returned + 1, returned) of
    each day, the lower end of the same times B(waiting - returned, 1) of the last one.
    """
    left = waiting - returned
    share = np.asarray(1 - np.cumprod(1 - returned / np.maximum(waiting, 1.0)), dtype=np.float64)
    mean = np.cumsum(np.log1p(-returned / (waiting + 1)))
    spread = np.cumsum(np.log1p(returned / ((left + 1) * (waiting + 2))))
    low, high = np.zeros(len(share)), np.ones(len(share))
    some, rest = mean < 0, left > 0
    low[some] = 1 - _quantile(0.975, mean[some], spread[some])
    last = left[rest]
    high[rest] = 1 - _quantile(
        0.025, mean[rest] + np.log(last / (last + 1)), spread[rest] + np.log1p(1 / (last * (last + 2)))
    )
    return share, np.minimum(low, share), np.maximum(high, share)


def _quantile(tail: float, mean: Shares, spread: Shares) -> Shares:
    """The quantile of a beta variable of which the logarithms of the mean and of E[x²] / E[x]² are given."""
    from scipy.special import betaincinv  # noqa: PLC0415 - slow to load, and few commands draw a curve

    centre, rest = np.exp(mean), -np.expm1(mean)
    weight = rest / (centre * np.expm1(spread)) - 1
    shares: Shares = betaincinv(centre * weight, rest * weight, tail)
    return shares
