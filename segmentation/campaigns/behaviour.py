"""From sums to beliefs: each segment's order rate, orders per buyer, order value and margin rate, with their doubt.

- The *order rate* (share of customers who order at least once) has a Beta posterior with Jeffreys' prior.
- *Orders per buyer* and *order value* are averages over buyers, kept on a logarithmic scale; their joint variance comes
  from the buyers' spread (delta method), so a weekly shop whose buyers order four times a window comes out right.
- The *margin rate* is margin over revenue, a ratio estimate with the usual linearised variance.

A segment with few buyers borrows: its averages are drawn toward the shop's, the more so the fewer its buyers and the
more alike the segments are (random effects, between-segment variance by DerSimonian & Laird 1986, "Meta-analysis in
clinical trials", eq. 8). Its spread between buyers borrows from the other segments as if `BORROWED_BUYERS` were theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.campaigns.baseline import FloatArray, MarginHistory, SegmentHistory

BORROWED_BUYERS = 10.0
BORROWED_FREEDOM = 3.0  # degrees of freedom that the borrowed spread adds; other segments' spread is a rough guide
# Segments differ by at least this much (standard deviation), even where a handful of them look alike by luck. With
# less, intervals of segments with few buyers were too narrow in simulated shops; see the campaign truth suite.
LEAST_DIFFERENCE = 0.20  # of an average, relative
LEAST_MARGIN_DIFFERENCE = 0.04  # of a margin rate, in points
# With a single segment, or one buyer in all, differences cannot be measured; these stand in.
UNMEASURED_DIFFERENCE = 0.50
UNMEASURED_MARGIN_DIFFERENCE = 0.10
UNMEASURED_SPREAD = np.array([[0.25, 0.25], [0.25, 1.25]])
UNMEASURED_MARGIN_SPREAD = 0.04


@dataclass(frozen=True, slots=True)
class Average:
    """A posterior for each segment, shape (segments,).

    mean: its mean.
    deviation: its standard deviation.
    """

    mean: FloatArray
    deviation: FloatArray


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is believed about each segment's window; arrays of shape (segments,).

    rate_hits, rate_misses: the share of customers who order is Beta of these two.
    orders_per_buyer: orders of those who do; log-normal, with this mean and this deviation on the log scale.
    order_value: shop currency per order; log-normal as well.
    correlation: that of the logarithms of these two, -1 to 1.
    margin_rate: margin as a fraction of revenue; normal.
    answered: False where there were buyers but no revenue was left after refunds.
    """

    rate_hits: FloatArray
    rate_misses: FloatArray
    orders_per_buyer: Average
    order_value: Average
    correlation: FloatArray
    margin_rate: Average
    answered: NDArray[np.bool_]


def behaviour(histories: Sequence[SegmentHistory], margin: float) -> Behaviour | None:
    """Beliefs about every segment, or None where nobody in the whole shop ordered in the window.

    `margin` (fraction) is used, without doubt, where no buyer's goods have a known cost.
    """
    people = np.array([h.customers for h in histories], dtype=np.float64)
    buyers = np.array([h.buyers for h in histories], dtype=np.float64)
    revenue = np.array([h.revenue for h in histories], dtype=np.float64)
    answered = (buyers > 0) & (revenue > 0)
    if not answered.any():
        return None
    means, covariance = _order_averages(histories, answered)
    per_buyer = _borrow(means[:, 0], covariance[:, 0, 0], answered, LEAST_DIFFERENCE, UNMEASURED_DIFFERENCE)
    value = _borrow(means[:, 1], covariance[:, 1, 1], answered, LEAST_DIFFERENCE, UNMEASURED_DIFFERENCE)
    scale = np.sqrt(covariance[:, 0, 0] * covariance[:, 1, 1])
    correlation = np.divide(covariance[:, 0, 1], scale, out=np.zeros(len(histories)), where=scale > 0)
    return Behaviour(
        rate_hits=buyers + 0.5,
        rate_misses=people - buyers + 0.5,
        orders_per_buyer=Average(np.exp(per_buyer.mean), per_buyer.deviation),
        order_value=Average(np.exp(value.mean), value.deviation),
        correlation=np.clip(correlation, -1.0, 1.0),
        margin_rate=_margin_rate([h.margins for h in histories], margin),
        answered=answered | (buyers == 0),
    )


def _order_averages(histories: Sequence[SegmentHistory], seen: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Log orders per buyer and log order value, shape (segments, 2), and their covariance, shape (segments, 2, 2)."""
    size = len(histories)
    means, covariance = np.zeros((size, 2)), np.zeros((size, 2, 2))
    spreads, freedom = np.zeros((size, 2, 2)), np.zeros(size)
    for i in map(int, np.flatnonzero(seen)):
        h = histories[i]
        n, orders, revenue = h.buyers, h.orders / h.buyers, h.revenue / h.buyers
        means[i] = np.log(orders), np.log(revenue / orders)
        # Squared coefficients of variation between buyers; n / (n - 1) makes them unbiased.
        cross = h.orders_revenue / n / (orders * revenue) - 1.0
        raw = [[h.orders_squares / n / orders**2 - 1.0, cross], [cross, h.revenue_squares / n / revenue**2 - 1.0]]
        freedom[i] = n - 1
        spreads[i] = np.array(raw) * (n / (n - 1) if n > 1 else 0.0)
    total = freedom.sum()
    pooled = (freedom[:, None, None] * spreads).sum(axis=0) / total if total else UNMEASURED_SPREAD
    to_logs = np.array([[1.0, 0.0], [-1.0, 1.0]])  # (orders, revenue) per buyer -> (orders per buyer, value per order)
    for i in map(int, np.flatnonzero(seen)):
        spread = (freedom[i] * spreads[i] + BORROWED_BUYERS * pooled) / (freedom[i] + BORROWED_BUYERS)
        covariance[i] = to_logs @ spread @ to_logs.T / histories[i].buyers * _widening(freedom[i])
    for axis in (0, 1):  # identical buyers differ by 0, which rounding may turn into a little less
        covariance[:, axis, axis] = np.maximum(covariance[:, axis, axis], 0.0)
    return means, covariance


def _margin_rate(margins: Sequence[MarginHistory | None], shop: float) -> Average:
    size = len(margins)
    seen = np.array([m is not None and m.revenue > 0 for m in margins])
    if not seen.any():
        return Average(np.full(size, shop), np.zeros(size))
    rate, spread, freedom, buyers = np.zeros(size), np.zeros(size), np.zeros(size), np.ones(size)
    for i, m in enumerate(margins):
        if m is None or m.revenue <= 0:
            continue
        # A few large buyers carry the ratio: it is as uncertain as that of (sum R)^2 / sum R^2 equal ones.
        equals = min(m.revenue**2 / m.revenue_squares, m.buyers)
        rate[i], buyers[i], freedom[i] = m.margin / m.revenue, m.buyers, max(equals - 1.0, 0.0)
        squares = m.margin_squares - 2 * rate[i] * m.margin_revenue + rate[i] ** 2 * m.revenue_squares
        if freedom[i] > 0:
            spread[i] = max(squares, 0.0) / m.revenue**2 * m.buyers * equals / freedom[i]
    pooled = (freedom * spread).sum() / freedom.sum() if freedom.sum() else UNMEASURED_MARGIN_SPREAD
    variance = (freedom * spread + BORROWED_BUYERS * pooled) / (freedom + BORROWED_BUYERS) / buyers
    variance *= [_widening(own) for own in freedom]
    return _borrow(rate, variance, seen, LEAST_MARGIN_DIFFERENCE, UNMEASURED_MARGIN_DIFFERENCE)


def _borrow(
    mean: FloatArray, variance: FloatArray, seen: NDArray[np.bool_], least: float, unmeasured: float
) -> Average:
    """Draw each segment's average toward the shop's by how little it knows itself; unseen segments borrow it all."""
    y, v = mean[seen], np.maximum(variance[seen], 1e-12)
    between = _between_variance(y, v, least**2) if len(y) > 1 else unmeasured**2
    weight = 1.0 / (between + v)
    shop, shop_variance = float((weight * y).sum() / weight.sum()), float(1.0 / weight.sum())
    own = np.zeros(len(mean))
    own[seen] = between / (between + v) if len(y) > 1 else 1.0
    drawn = own * mean + (1.0 - own) * shop
    doubt = own**2 * variance + (1.0 - own) ** 2 * (between + shop_variance)
    return Average(drawn, np.sqrt(doubt))


def _between_variance(y: FloatArray, v: FloatArray, least: float) -> float:
    weight = 1.0 / v
    centre = (weight * y).sum() / weight.sum()
    others = len(y) - 1
    excess = (weight * (y - centre) ** 2).sum() - others
    between = float(excess / (weight.sum() - (weight**2).sum() / weight.sum()))
    return max(between, least) * (others + 2) / others  # a handful of segments tells little about how they differ


def _widening(freedom: float) -> float:
    """How much a variance that was itself estimated must grow: that of Student's t beside the normal."""
    known = freedom + BORROWED_FREEDOM
    return known / (known - 2.0)
