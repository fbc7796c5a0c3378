"""One campaign, once: the luck of its customers on top of what is not known about their average.

Of so many customers a binomial number order anyway, and a Poisson number more because of the campaign; what they order
varies as much as it did among the buyers of the past windows. Sums over few buyers are gamma draws with that variance.
A mean that is well known says little of one campaign to a small segment, and this says it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.assumptions import Assumptions
from segmentation.campaigns.baseline import FloatArray
from segmentation.campaigns.behaviour import Behaviour
from segmentation.campaigns.economics import Draws

ALIKE = 1e-6  # buyers who differ less than this count as equal


@dataclass(frozen=True, slots=True)
class SingleRuns:
    """Draws of one campaign to so many customers of each segment, shape (segments, draws); money in shop currency.

    rate: share (0..1) of them who would have ordered without it.
    extra_orders: orders that would not have been placed without it.
    extra_margin: margin of these.
    cost: discounts and contact, without the fixed cost.
    """

    rate: FloatArray
    extra_orders: FloatArray
    extra_margin: FloatArray
    cost: FloatArray


def single_runs(
    belief: Behaviour,
    draws: Draws,
    assumptions: Assumptions,
    customers: NDArray[np.int64],
    rng: np.random.Generator,
) -> SingleRuns:
    """One campaign for each of the draws of what is believed, to so many customers of each segment."""
    contacted = customers[:, None]
    anyway = rng.binomial(contacted, draws.rate)
    more = rng.poisson(contacted * draws.rate * draws.money.uplift)
    orders, revenue = _ordered(anyway, belief, draws, rng)
    extra_orders, extra_revenue = _ordered(more, belief, draws, rng)
    return SingleRuns(
        rate=anyway / np.maximum(contacted, 1),
        extra_orders=extra_orders,
        extra_margin=extra_revenue * draws.margin_rate,
        cost=(revenue + extra_revenue) * assumptions.percent_off
        + (orders + extra_orders) * assumptions.amount_off
        + contacted * assumptions.contact_cost,
    )


def _ordered(
    buyers: NDArray[np.int64], belief: Behaviour, draws: Draws, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Orders of so many buyers and what they are worth, shape (segments, draws)."""
    orders: FloatArray = buyers * draws.orders_per_buyer * _luck(buyers, belief.spread[0], rng)
    revenue: FloatArray = orders * draws.order_value * _luck(buyers, belief.spread[1], rng)
    return orders, revenue


def _luck(buyers: NDArray[np.int64], spread: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The mean of so many buyers over the mean of all, who differ by `spread` (squared coefficient of variation)."""
    shape = np.maximum(buyers, 1) / np.maximum(spread, ALIKE)[:, None]
    drawn: FloatArray = rng.standard_gamma(shape) / shape
    return drawn
