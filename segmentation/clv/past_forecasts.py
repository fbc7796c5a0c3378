"""Forecasts made at earlier dates, how far off they were, and how wide an interval has to be for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from segmentation.clv.histories import Purchases
from segmentation.customers import CodeArray, FloatArray

KINDS = 4
"""Kinds of customers: once or again, and of either those whose last order is recent or long ago."""

USUAL_ERROR, USUAL_WEIGHT = 0.08, 2
"""The error of a total, as a logarithm, that is expected before any was seen, and how many seen ones that is worth."""

GROUP_ERROR = 0.1
"""What a group is off beside all of them, likewise."""

_NEARLY = 1.05
"""Periods are whole days, so that a past forecast may look a little further than was asked for."""

Of = Literal["orders", "revenue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastForecast:
    """What would have been expected on a past day, and what came; of a random sample of the customers, by kind.

    on: the day.
    days: how many days it looks ahead.
    expected, actual: repeat days of each of the KINDS.
    expected_revenue, actual_revenue: what those were worth in shop currency.
    """

    on: date
    days: int
    expected: tuple[float, ...]
    actual: tuple[float, ...]
    expected_revenue: tuple[float, ...]
    actual_revenue: tuple[float, ...]

    def errors(self, of: Of) -> FloatArray:
        """The logarithm of what came over what was expected: of all together, then of each kind; shape (1 + KINDS,).

        A pseudo-count keeps it finite where nobody was expected, or nobody came: half an order, or what that is worth.
        """
        came, seen = (
            (self.actual, self.actual_revenue)[of == "revenue"],
            (self.expected, self.expected_revenue)[of == "revenue"],
        )
        little = 0.5
        if of == "revenue":
            little *= sum(self.expected_revenue) / max(sum(self.expected), 1e-9)
        pairs = [(sum(came), sum(seen)), *zip(came, seen, strict=True)]
        return np.array([np.log((one + little) / (other + little)) if little else 0.0 for one, other in pairs])


def kinds_of(purchases: Purchases) -> CodeArray:
    """The kind of each customer, shape (n,)."""
    quiet = purchases.observed - purchases.recency
    late = quiet > np.median(quiet) if len(quiet) else np.zeros(0, dtype=bool)
    return np.asarray(2 * (purchases.repeats > 0) + late, dtype=np.uint8)


def length_asked(past: Sequence[PastForecast], days: float) -> int:
    """How far those past forecasts look that a forecast of `days` days is held against: as far, or else less; 0 where
    there are none."""
    far = sorted({one.days for one in past})
    return max([one for one in far if one <= _NEARLY * days], default=min(far, default=0))


def log_half_width(past: Sequence[PastForecast], days: float, of: Of, shares: FloatArray | None = None) -> float:
    """Half of a 95 % interval of what all customers will do in the next `days` days, as a logarithm.

    `shares` is how much of what is expected of a group comes from each kind, shape (KINDS,): its interval then rests on
    how far off each kind was too, which is drawn half-way to that of all. The past forecasts that look as far are
    asked; where the history only held shorter ones, errors are taken to grow with the root of time.

    A t interval of a logarithm of mean 0 whose variance has an inverse chi-square prior.
    Source: Gelman et al. (2013), "Bayesian Data Analysis", 2.6.
    """
    asked = length_asked(past, days)
    errors = np.array([one.errors(of) for one in past if one.days == asked]).reshape(-1, 1 + KINDS)
    free = USUAL_WEIGHT + len(errors)
    variance = (USUAL_WEIGHT * USUAL_ERROR**2 + float((errors[:, 0] ** 2).sum())) / free
    if shares is not None and shares.sum() > 0:
        own = np.log(np.exp(errors[:, 1:]) @ (shares / shares.sum()))
        usual = variance + GROUP_ERROR**2
        variance = (variance + (USUAL_WEIGHT * usual + float((own**2).sum())) / free) / 2
    longer = max(days / asked, 1.0) if asked else 1.0
    return float(stdtrit(free, 0.975) * np.sqrt(variance * longer))
