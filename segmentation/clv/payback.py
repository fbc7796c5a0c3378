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
    """`customers`, a share `share` of all, make the share `of_value` of the value, the most valuable first."""

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
    """The margin a new customer is expected to have earned at the end of each month, the first order in month 0, in
    shop currency; and the month in which that reaches the cost, None where it does not within the months given."""

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
