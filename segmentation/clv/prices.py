"""An index of what the same customers pay for an order, by period: what changes beside who orders."""

from __future__ import annotations

import numpy as np

from segmentation.clv.periods import Periods
from segmentation.customers import FloatArray

_ROUNDS = 20


def price_levels(periods: Periods, until: int) -> tuple[FloatArray, FloatArray]:
    """The level of what a repeat day is worth in each of the first `until` periods, about 1 on average, and the
    variance of its logarithm; both of shape (until,).

    The mean of a customer's day in a period is taken for the product of the customer's own and the period's level, and
    both are found by proportional fitting (Poisson pseudo-likelihood; Gourieroux, Monfort & Trognon 1984).
    """
    rows = periods.first > periods.ago(until)
    paid, days = periods.paid[rows, :until], periods.paid_days[rows, :until].astype(np.float64)
    again = days.sum(axis=1) > 0
    paid, days = paid[again], days[again]
    levels = np.ones(until)
    own = np.ones(len(paid))
    for _ in range(_ROUNDS):
        own = paid.sum(axis=1) / np.maximum(days @ levels, 1e-12)
        usual = own @ days
        levels = np.where(usual > 0, paid.sum(axis=0) / np.maximum(usual, 1e-12), 1.0)
        levels = np.maximum(levels, 1e-3) / np.average(levels, weights=days.sum(axis=0) + 1e-9)
    mean = own[:, None] * levels
    here = (days > 0) & (mean > 0)
    spread = float((((paid - mean * days)[here] / mean[here]) ** 2 / days[here]).mean()) if here.any() else 0.0
    # each customer's own mean took one day's freedom
    spread *= here.sum() / max(int(here.sum()) - len(paid), 1)
    return levels, spread / np.maximum(days.sum(axis=0), 1.0)
