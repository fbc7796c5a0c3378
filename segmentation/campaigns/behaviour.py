"""From sums to beliefs: each segment's order rate, orders per buyer, order value and margin rate, with their doubt.

- The *order rate* (share of customers who order at least once) has a Beta posterior with Jeffreys' prior.
- *Orders per buyer* and *order value* are averages over buyers, kept on a logarithmic scale; their joint variance comes
  from the buyers' spread (delta method), so a weekly shop whose buyers order four times a window comes out right.
- The *margin rate* is margin over revenue, a ratio estimate with the usual linearised variance.

A segment with few buyers borrows: its averages are drawn toward the shop's, the more so the fewer its buyers and the
more alike the segments are (random effects, between-segment variance by DerSimonian & Laird 1986, "Meta-analysis in
clinical trials", eq. 8). Its spread between buyers borrows from the other segments as if `BORROWED_BUYERS` were theirs.

How far the next window may differ from the past ones comes on top: the order rate moves in log odds and the averages on
their logarithmic scale, each by the variance between windows. The Beta keeps its form with as much more variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.campaigns.averages import BORROWED_BUYERS, order_averages, widening
from segmentation.campaigns.baseline import FloatArray, MarginHistory, SegmentHistory
from segmentation.campaigns.windows import STEADY, Between

# Segments differ by at least this much (standard deviation), even where a handful of them look alike by luck. With
# less, intervals of segments with few buyers were too narrow in simulated shops; see the campaign truth suite.
LEAST_DIFFERENCE = 0.20  # of an average, relative
LEAST_MARGIN_DIFFERENCE = 0.04  # of a margin rate, in points
# With a single segment, or one buyer in all, differences cannot be measured; these stand in.
UNMEASURED_DIFFERENCE = 0.50
UNMEASURED_MARGIN_DIFFERENCE = 0.10
UNMEASURED_MARGIN_SPREAD = 0.04
LEAST_SIZE = 1.0  # customers that the Beta of an order rate is worth at least: Jeffreys' prior


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
    rate_between: share (0..1) of the variance of the order rate's log odds that lies between windows.
    orders_per_buyer: orders of those who do; log-normal, with this mean and this deviation on the log scale.
    order_value: shop currency per order; log-normal as well.
    correlation: that of the logarithms of these two, -1 to 1.
    margin_rate: margin as a fraction of revenue; normal.
    spread: squared coefficients of variation between buyers of orders and of order value, shape (2, segments).
    answered: False where there were buyers but no revenue was left after refunds.
    """

    rate_hits: FloatArray
    rate_misses: FloatArray
    rate_between: FloatArray
    orders_per_buyer: Average
    order_value: Average
    correlation: FloatArray
    margin_rate: Average
    spread: FloatArray
    answered: NDArray[np.bool_]


def behaviour(histories: Sequence[SegmentHistory], margin: float, between: Between = STEADY) -> Behaviour | None:
    """Beliefs about every segment, or None where nobody in the whole shop ordered in the window.

    `margin` (fraction) is used, without doubt, where no buyer's goods have a known cost.
    """
    buyers = np.array([h.buyers for h in histories], dtype=np.float64)
    revenue = np.array([h.revenue for h in histories], dtype=np.float64)
    answered = (buyers > 0) & (revenue > 0)
    if not answered.any():
        return None
    means, covariance, spread = order_averages(histories, answered)
    per_buyer = _borrow(means[:, 0], covariance[:, 0, 0], answered, LEAST_DIFFERENCE, UNMEASURED_DIFFERENCE)
    value = _borrow(means[:, 1], covariance[:, 1, 1], answered, LEAST_DIFFERENCE, UNMEASURED_DIFFERENCE)
    per_buyer, value = _wider(per_buyer, between.orders_per_buyer), _wider(value, between.order_value)
    scale = np.sqrt(
        (covariance[:, 0, 0] + between.orders_per_buyer**2) * (covariance[:, 1, 1] + between.order_value**2)
    )
    correlation = np.divide(covariance[:, 0, 1], scale, out=np.zeros(len(histories)), where=scale > 0)
    hits, misses, share = _rate(np.array([h.customers for h in histories], dtype=np.float64), buyers, between)
    return Behaviour(
        rate_hits=hits,
        rate_misses=misses,
        rate_between=share,
        orders_per_buyer=Average(np.exp(per_buyer.mean), per_buyer.deviation),
        order_value=Average(np.exp(value.mean), value.deviation),
        correlation=np.clip(correlation, -1.0, 1.0),
        margin_rate=_margin_rate([h.margins for h in histories], margin),
        spread=spread,
        answered=answered | (buyers == 0),
    )


def _wider(average: Average, between: float) -> Average:
    return Average(average.mean, np.sqrt(average.deviation**2 + between**2))


def _rate(people: FloatArray, buyers: FloatArray, between: Between) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The Beta of the order rate in the next window, and the share of its variance in log odds between windows."""
    hits, misses = buyers + 0.5, people - buyers + 0.5
    doubt = 1.0 / hits + 1.0 / misses
    share: FloatArray = between.rate**2 / (between.rate**2 + doubt)
    if not between.windows:
        return hits, misses, share
    odds = hits / misses * np.exp(np.array(between.moves) if between.moves else 0.0)
    rate = odds / (1.0 + odds)
    # Of a Beta of mean p and size s the log odds vary by about 1 / (p (1 - p) (s + 1)).
    size = np.maximum(1.0 / (rate * (1.0 - rate) * (doubt + between.rate**2)) - 1.0, LEAST_SIZE)
    return rate * size, (1.0 - rate) * size, share


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
    variance *= [widening(own) for own in freedom]
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
