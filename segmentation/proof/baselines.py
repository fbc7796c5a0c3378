"""Groups that segments must beat: RFM quintile cells, recency alone, and one RFM score, each as good as it honestly can
be. `past_spend` and `boosted_trees` expect something of each customer instead.

All boundaries are learned on the customers before the window of learning and stay the same at the cut; they never run
through equal values (see `segmentation.segments.rfm`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from segmentation.customers import CustomerTable, FloatArray
from segmentation.proof.learning import Labels, cell_means, cell_of, group_means
from segmentation.segments.rfm import tie_safe_boundaries

Method = Literal["segments", "rfm", "recency", "score", "spend_so_far", "last_window", "boosted_trees"]

QUINTILES = 5
_SPOTS = 1_000
"""Places on the scale of a percentile: a thousandth is finer than any group."""

_SIGNS = {"recency_days": -1.0, "orders": 1.0, "spend": 1.0}  # a long time since the last order is worse


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What one method expects.

    method: whose prediction it is.
    labels_now: the group of each customer at the split, shape (n now,).
    means: what is expected of a customer of each group, shape (outcomes, groups).
    groups: those that had customers when the means were learned; None where everyone is a group of their own.
    """

    method: Method
    labels_now: Labels
    means: FloatArray
    groups: int | None

    @classmethod
    def of_each(cls, method: Method, expected: FloatArray) -> Prediction:
        """What is expected of each customer at the split, shape (outcomes, n now)."""
        return cls(method, np.arange(expected.shape[1]), expected, None)


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The customers of one split.

    then: as they stood before the window of learning.
    now: as they stood at the split.
    learned: what the former did in the window of learning, shape (outcomes, n then).
    lately_then: what the customers of `then` spent in the window before its date, in shop currency, shape (n then,).
    lately_now: what the customers of `now` spent in the window before its date, shape (n now,).
    """

    then: CustomerTable
    now: CustomerTable
    learned: FloatArray
    lately_then: FloatArray
    lately_now: FloatArray

    @property
    def days(self) -> int:
        """Days in the window of learning."""
        return (self.now.as_of - self.then.as_of).days


def by_groups(method: Method, then: Labels, now: Labels, learned: FloatArray, groups: int) -> Prediction:
    """The prediction of any grouping that labels the customers of both dates."""
    return Prediction(method, now, group_means(then, learned, groups), len(np.unique(then)))


def by_rfm(pair: Pair) -> Prediction:
    """Quintiles of recency, orders and spend: 125 cells, thin ones drawn towards what their scores add up to."""
    cuts = {measure: tie_safe_boundaries(better(pair.then, measure), QUINTILES) for measure in _SIGNS}
    then, now = (
        np.stack([np.searchsorted(limits, better(table, measure), side="left") for measure, limits in cuts.items()])
        for table in (pair.then, pair.now)
    )
    filled = len(np.unique(cell_of(then, QUINTILES)))
    return Prediction("rfm", cell_of(now, QUINTILES), cell_means(then, pair.learned, QUINTILES), filled)


def by_recency(pair: Pair, groups: int) -> Prediction:
    """How recently someone bought, in equal groups."""
    then, now = (better(table, "recency_days") for table in (pair.then, pair.now))
    return _sliced("recency", then, now, pair.learned, groups)


def by_score(pair: Pair, groups: int) -> Prediction:
    """One number per customer, the average percentile in recency, orders and spend, in equal groups."""
    then, now = np.zeros(pair.then.n), np.zeros(pair.now.n)
    for measure in _SIGNS:
        known = better(pair.then, measure)
        scale = np.sort(known)[:: 1 + len(known) // _SPOTS]
        then += percentiles(scale, known)
        now += percentiles(scale, better(pair.now, measure))
    return _sliced("score", then, now, pair.learned, groups)


def percentiles(known: FloatArray, values: FloatArray) -> FloatArray:
    """The share of `known` (ascending) below each value, equal ones counting half; shape as `values`, 0 to 1."""
    below = np.searchsorted(known, values, side="left")
    return np.asarray((below + np.searchsorted(known, values, side="right")) / (2.0 * len(known)))


def better(customers: CustomerTable, measure: str) -> npt.NDArray[np.float64]:
    """The measure turned so that more is better; undefined is the worst there can be."""
    values = customers.raw(measure) * _SIGNS[measure]
    return np.where(np.isnan(values), -np.inf, values)


def _sliced(method: Method, then: FloatArray, now: FloatArray, learned: FloatArray, groups: int) -> Prediction:
    limits = tie_safe_boundaries(then, groups)
    return by_groups(
        method,
        np.searchsorted(limits, then, side="left"),
        np.searchsorted(limits, now, side="left"),
        learned,
        groups,
    )
