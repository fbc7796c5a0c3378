"""How good predictions were, from sums over a hundred blocks of customers, so that a bootstrap costs a product.

Share explained: 1 - SSE / SSE of expecting everybody's mean of the window of learning; negative where the method does
worse than that. Rank separation: of two customers at different levels of spend (none, or one of fifteen equally full
bands), how often the one expected to spend more does; equal expectations count half, 0.5 is chance (Harrell's C;
Somers' D is 2 C - 1). Capture: share of the window's revenue from the 20 % of customers expected to spend most, a
group that straddles the border counting by the part inside it.
Sources: Harrell, Lee & Mark (1996), "Multivariable prognostic models"; Efron & Tibshirani (1993), "An Introduction to
the Bootstrap", for resampling whole blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.customers import FloatArray, Outcomes
from segmentation.proof.baselines import Prediction
from segmentation.segments.threads import one_thread

OUTCOMES = ("spend", "spend_rank", "orders", "bought_again")
MEASURES = (*(f"explained_{name}" for name in OUTCOMES), "separation", "capture")

TOP = 0.2
"""The share of customers whose revenue is captured."""

CAP = 0.99
"""Spend is capped at this quantile of what the buyers of the window of learning spent."""

BLOCKS = 100
_LEVELS = 16
_SPOTS = 250
"""Expectations that are told apart where customers are put in order: equally full bands where there are more."""


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What happened in the window that is scored, ready for any number of predictions.

    values: each of OUTCOMES in its unit (shop currency up to the cap, rank 0..1, orders, 0 or 1), shape (outcomes, n).
    revenue: spend in shop currency, not capped, shape (n,).
    level: the level of spend, shape (n,).
    block: which customers are resampled together, shape (n,).
    expected: everybody's mean in the window of learning, shape (outcomes,).
    """

    values: FloatArray
    revenue: FloatArray
    level: npt.NDArray[np.intp]
    block: npt.NDArray[np.intp]
    expected: FloatArray

    @property
    def perfect_capture(self) -> float:
        """What the customers who did spend most would have captured."""
        ordered = np.sort(self.revenue)[::-1]
        inside = TOP * len(ordered)
        whole = int(inside)
        part = ordered[whole] * (inside - whole) if whole < len(ordered) else 0.0
        return min(float((ordered[:whole].sum() + part) / max(ordered.sum(), 1e-300)), 1.0)


def spend_cap(learned: Outcomes) -> float:
    """The most that counts of one customer's spend, in shop currency: a quantile of what the window's buyers spent."""
    positive = learned.revenue[learned.revenue > 0]
    return float(np.quantile(positive, CAP)) if positive.size else 0.0


def outcome_values(outcomes: Outcomes, cap: float) -> FloatArray:
    """Spend between 0 and `cap`, its rank from 0 to 1, orders, and bought again (0 or 1); shape (outcomes, n)."""
    spend = np.clip(outcomes.revenue, 0.0, cap)
    return np.stack([spend, mid_ranks(spend), outcomes.orders, outcomes.ordered.astype(np.float64)])


def mid_ranks(values: FloatArray) -> FloatArray:
    """The share of customers below each value, equal ones counting half, shape (n,), from 0 to 1."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray(((np.cumsum(counts) - counts / 2.0) / len(values))[place])


def target(scored: Outcomes, learned_values: FloatArray, cap: float, block: npt.NDArray[np.intp]) -> Target:
    """The outcomes that predictions are scored against; `learned_values` has shape (outcomes, n then)."""
    values = outcome_values(scored, cap)
    return Target(
        values=values,
        revenue=np.maximum(scored.revenue, 0.0),
        level=_levels(np.maximum(scored.revenue, 0.0)),
        block=block,
        expected=learned_values.mean(axis=1),
    )


def share_explained(predicted: FloatArray, actual: FloatArray, expected: float) -> float:
    """1 - SSE / SSE of expecting `expected` of everyone; shape (n,) each. 0 where there is nothing to explain."""
    worst = float(((actual - expected) ** 2).sum())
    return 1.0 - float(((actual - predicted) ** 2).sum()) / worst if worst > 0 else 0.0


def scores(target: Target, prediction: Prediction, weights: FloatArray) -> FloatArray:
    """Each of MEASURES for each row of block weights, shape (len(MEASURES), rows).

    `weights`, shape (rows, BLOCKS), says how often each block counts; a row of ones is the sample itself.
    """
    spots, where = _in_order(prediction)
    with one_thread():
        explained = weights @ _block_gains(target, prediction).T
        worst = weights @ _block_worst(target).T
        separation = _separation(target, where, spots, weights)
        capture = _capture(target, where, spots, weights)
    shares = np.divide(explained, worst, out=np.zeros_like(explained), where=worst > 0)
    return np.vstack([shares.T, separation, capture])


def _in_order(prediction: Prediction) -> tuple[int, npt.NDArray[np.intp]]:
    """How many expectations are told apart, and the place of each customer's, the lowest first, shape (n,)."""
    spots, place = np.unique(prediction.means[0], return_inverse=True)
    where = place[prediction.labels_now]  # groups of equal expectation are one
    if len(spots) <= _SPOTS:
        return len(spots), where
    limits = np.unique(np.quantile(where, np.arange(1, _SPOTS) / _SPOTS))
    return len(limits) + 1, np.searchsorted(limits, where, side="left")


def _block_gains(target: Target, prediction: Prediction) -> FloatArray:
    """By how much each block's sum of squared errors is below that of `expected`, shape (outcomes, BLOCKS)."""
    gains = []
    for values, means, expected in zip(target.values, prediction.means, target.expected, strict=True):
        predicted = means[prediction.labels_now]
        gain = (predicted - expected) * (2.0 * values - predicted - expected)
        gains.append(np.bincount(target.block, weights=gain, minlength=BLOCKS))
    return np.stack(gains)


def _block_worst(target: Target) -> FloatArray:
    """Each block's sum of squared errors of `expected`, shape (outcomes, BLOCKS)."""
    pairs = zip(target.values, target.expected, strict=True)
    return np.stack([np.bincount(target.block, weights=(v - e) ** 2, minlength=BLOCKS) for v, e in pairs])


def _separation(target: Target, where: npt.NDArray[np.intp], spots: int, weights: FloatArray) -> FloatArray:
    key = (target.block * spots + where) * _LEVELS + target.level
    counts = np.bincount(key, minlength=BLOCKS * spots * _LEVELS).reshape(BLOCKS, -1).astype(np.float64)
    held = (weights @ counts).reshape(len(weights), spots, _LEVELS)
    lower = np.cumsum(held, axis=2) - held  # in the same group, at a lower level of spend
    below = np.cumsum(lower, axis=1) - lower  # in a group expected to spend less, at a lower level
    right = np.einsum("rgl,rgl->r", held, below) + 0.5 * np.einsum("rgl,rgl->r", held, lower)
    levels = held.sum(axis=1)
    pairs = (levels * (np.cumsum(levels, axis=1) - levels)).sum(axis=1)
    return np.asarray(np.divide(right, pairs, out=np.full(len(weights), 0.5), where=pairs > 0))


def _capture(target: Target, where: npt.NDArray[np.intp], spots: int, weights: FloatArray) -> FloatArray:
    key = target.block * spots + (spots - 1 - where)  # those expected to spend most first
    shape, size = (BLOCKS, spots), BLOCKS * spots
    people = weights @ np.bincount(key, minlength=size).reshape(shape).astype(np.float64)
    revenue = weights @ np.bincount(key, weights=target.revenue, minlength=size).reshape(shape)
    before = np.cumsum(people, axis=1) - people
    room = TOP * people.sum(axis=1, keepdims=True) - before
    inside = np.clip(np.divide(room, people, out=np.zeros_like(room), where=people > 0), 0.0, 1.0)
    total = revenue.sum(axis=1)
    captured = (inside * revenue).sum(axis=1)
    return np.asarray(np.divide(captured, total, out=np.full(len(weights), TOP), where=total > 0))


def _levels(spend: FloatArray) -> npt.NDArray[np.intp]:
    """0 where nothing was spent, else the band among those who spent, 1 to 15."""
    positive = spend[spend > 0]
    if not positive.size:
        return np.zeros(len(spend), dtype=np.intp)
    limits = np.quantile(positive, np.arange(1, _LEVELS - 1) / (_LEVELS - 1))
    return np.where(spend > 0, 1 + np.searchsorted(limits, spend, side="right"), 0)
