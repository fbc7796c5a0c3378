"""Who makes most of the value, and when a new customer has earned what it cost to win them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.clv.lifetime import Terms
from segmentation.clv.repeat_buying import RepeatBuying, expected_of_new
from segmentation.customers import FloatArray
from segmentation.timeline import MEAN_YEAR

MOST_MONTHS = 36
_MONTH = MEAN_YEAR / 12


@dataclass(frozen=True, slots=True)
class Concentration:
    """How few customers make most of the value, the most valuable first.

    of_value: the share (0..1) of the value that is asked about.
    customers: how many customers make it; 0 where nobody is worth anything.
    share: their share (0..1) of all customers.
    """

    of_value: float
    customers: int
    share: float


def concentration(value: FloatArray, of_value: float = 0.8) -> Concentration:
    """How few customers make most of the value."""
    ranked = np.sort(np.maximum(value, 0.0))[::-1]
    grown = np.cumsum(ranked)
    if not len(ranked) or grown[-1] <= 0:
        return Concentration(of_value, 0, 0.0)
    needed = int(np.searchsorted(grown, of_value * grown[-1])) + 1
    return Concentration(of_value, needed, needed / len(ranked))


@dataclass(frozen=True, slots=True)
class Payback:
    """When a new customer has earned what it cost to win them.

    cost: what winning one costs in shop currency.
    earned: margin expected by the end of each month in shop currency, discounted; the first order is in month 0.
    month: the month in which that reaches the cost; None where it does not within MOST_MONTHS.
    """

    cost: float
    earned: tuple[float, ...]
    month: int | None


def payback(buying: RepeatBuying, first: float, later: float, terms: Terms, cost: float) -> Payback:
    """When customers who cost `cost` to win pay it back; `first` and later orders are worth that much revenue."""
    orders = np.array([expected_of_new(buying, _MONTH * month) for month in range(MOST_MONTHS + 1)])
    years = (np.arange(MOST_MONTHS) + 0.5) / 12
    discounted = np.diff(orders) * (1 + terms.discount) ** -years
    earned = terms.margin * (first + later * np.append(0.0, np.cumsum(discounted)))
    reached = np.flatnonzero(earned >= cost)
    return Payback(cost, tuple(earned.tolist()), int(reached[0]) if len(reached) else None)
