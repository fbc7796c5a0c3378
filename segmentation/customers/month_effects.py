"""Quasi-Poisson regression of monthly orders: effects of the months of the year beside a smooth trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmentation.customers.scaling import FloatArray

MONTHS = 12

KNOT_MONTHS = 12
"""Months between the knots of the trend: one that bends faster would take the season for itself."""

_PULL = 1 / 9
"""Draws every coefficient towards none as if it were known to within three in logarithms, so that a month without any
order has a finite effect."""

_STEPS, _LONGEST_STEP, _CLOSE = 100, 2.0, 1e-9
"""Newton steps at most, how far one goes in logarithms, and where the search ends."""


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of a shop's history.

    year: the year.
    month: the month of the year, 1 to 12.
    days: how many of its days the history holds, at least 1.
    orders: orders placed on them.
    """

    year: int
    month: int
    days: int
    orders: int


@dataclass(frozen=True, slots=True, eq=False)
class MonthEffects:
    """What the months of the year add to the trend.

    effects: logarithm of the orders a day of January to December against the trend, shape (12,).
    covariance: of the effects, overdispersion included, shape (12, 12).
    free: residual degrees of freedom.
    """

    effects: FloatArray
    covariance: FloatArray
    free: int


def month_effects(months: Sequence[Month]) -> MonthEffects:
    """The effects of the months of the year on orders a day, beside a natural cubic spline of time.

    The months must be consecutive, every month of the year among them, with an order in at least one. Days are the
    exposure, so a month of which the history holds a part counts as that part. Customers order in clusters, so the
    variance is a multiple of the mean, estimated from Pearson's statistic and never below the mean.

    Sources: Nelder & Wedderburn (1972), "Generalized Linear Models"; Wedderburn (1974), "Quasi-likelihood functions";
    McCullagh & Nelder (1989), "Generalized Linear Models", 4.5 and 6.2; Bhaskaran et al. (2013), "Time series
    regression studies in environmental epidemiology", for effects of the calendar beside a spline of time.
    """
    orders = np.array([one.orders for one in months], dtype=np.float64)
    days = np.array([one.days for one in months], dtype=np.float64)
    level = np.log(days) + np.log(orders.sum() / days.sum())
    of_year = np.eye(MONTHS)[[one.month - 1 for one in months]]
    design = np.hstack([of_year, natural_spline(len(months))])
    at = _fitted(design, orders, level)
    expected = np.exp(level + design @ at)
    free = max(len(months) - design.shape[1], 1)
    dispersion = max(float(((orders - expected) ** 2 / expected).sum()) / free, 1.0)
    covariance = dispersion * np.linalg.inv(_bend(design, expected))
    return MonthEffects(at[:MONTHS], covariance[:MONTHS, :MONTHS], free)


def natural_spline(length: int) -> FloatArray:
    """A basis of the natural cubic splines of time over `length` months, its constant aside.

    Returns shape (length, knots - 1), each column with mean 0 and standard deviation 1. The knots lie evenly from
    the first month to the last, KNOT_MONTHS apart or a little more.
    Source: Hastie, Tibshirani & Friedman (2009), "The Elements of Statistical Learning", eq. 5.4 and 5.5.
    """
    time = np.linspace(0.0, 1.0, length)
    knots = np.linspace(0.0, 1.0, max(length // KNOT_MONTHS, 1) + 1)
    above = np.maximum(time[:, None] - knots, 0.0) ** 3
    bent = (above[:, :-1] - above[:, -1:]) / (1.0 - knots[:-1])
    columns = np.column_stack([time, bent[:, :-1] - bent[:, -1:]])
    centred = columns - columns.mean(axis=0)
    return np.asarray(centred / centred.std(axis=0))


def _fitted(design: FloatArray, orders: FloatArray, level: FloatArray) -> FloatArray:
    """The coefficients at the top of the drawn Poisson likelihood, which is concave, by limited Newton steps."""
    at = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        expected = np.exp(level + design @ at)
        step = np.linalg.solve(_bend(design, expected), design.T @ (orders - expected) - _PULL * at)
        longest = float(np.abs(step).max())
        at = at + step * min(1.0, _LONGEST_STEP / max(longest, _CLOSE))
        if longest < _CLOSE:
            break
    return np.asarray(at)


def _bend(design: FloatArray, expected: FloatArray) -> FloatArray:
    """The information of the coefficients, shape (p, p)."""
    return np.asarray((design.T * expected) @ design + _PULL * np.eye(design.shape[1]))
