"""What each method scored at each split, with its resamples.

Most methods know nothing of the segments. What they scored follows from the splits alone, and is worked out once for
all segmentations of the same customers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from segmentation.customers import CustomerTable, FloatArray
from segmentation.proof.baselines import Method, Pair, Prediction, by_recency, by_rfm, by_score
from segmentation.proof.boosted_trees import by_boosted_trees
from segmentation.proof.past_spend import by_last_window, by_spend_so_far
from segmentation.proof.scores import BLOCKS, Target, outcome_values, scores, spend_cap, target
from segmentation.proof.time_splits import TimeSplit, TimeSplits

RESAMPLES = 400
SEED = 20_261_101


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What one method scored at one split.

    method: the segments, or a baseline.
    groups: its groups; None where it expects something of each customer.
    values: each of MEASURES on the sample itself and on each resample, shape (len(MEASURES), 1 + resamples).
    """

    method: Method
    groups: int | None
    values: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredBaselines:
    """What the methods that know nothing of the segments scored, at each split, the newest first."""

    by_split: tuple[tuple[Measured, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """A split made ready to score predictions.

    split: the split.
    learned: what its customers did in the window of learning, shape (outcomes, n then).
    cap: the most that counts of a customer's spend, in shop currency.
    goal: what happened in the scored window.
    weights: how often each block counts in each resample, shape (1 + resamples, BLOCKS).
    """

    split: TimeSplit
    learned: FloatArray
    cap: float
    goal: Target
    weights: FloatArray

    def measure(self, prediction: Prediction) -> Measured:
        return Measured(prediction.method, prediction.groups, scores(self.goal, prediction, self.weights))

    @property
    def pair(self) -> Pair:
        split = self.split
        return Pair(split.then, split.now, self.learned, split.lately_then, split.lately_now)


def scorings(splits: TimeSplits, seed: int = SEED, resamples: int = RESAMPLES) -> tuple[Scoring, ...]:
    """Each split made ready; customers are resampled together in every split they are in."""
    weights = _block_weights(np.random.default_rng(seed), resamples)
    return tuple(_scoring(split, splits.splits[0].now, weights) for split in splits.splits)


def measured_baselines(splits: TimeSplits, seed: int = SEED, resamples: int = RESAMPLES) -> MeasuredBaselines:
    """What the methods that know nothing of the segments scored at these splits."""
    ready = scorings(splits, seed, resamples)
    return MeasuredBaselines(tuple(tuple(map(one.measure, by_themselves(one.pair))) for one in ready))


def by_themselves(pair: Pair) -> tuple[Prediction, ...]:
    """The predictions of the methods that know nothing of the segments."""
    return by_rfm(pair), by_spend_so_far(pair), by_last_window(pair), by_boosted_trees(pair)


def in_as_many_groups(pair: Pair, groups: int) -> tuple[Prediction, ...]:
    """The predictions of recency alone and one RFM score, in as many groups as there are segments."""
    return by_recency(pair, groups), by_score(pair, groups)


def learn(split: TimeSplit) -> tuple[float, FloatArray]:
    """The cap on spend and what everyone did in the window of learning, shape (outcomes, n then)."""
    cap = spend_cap(split.learned)
    return cap, outcome_values(split.learned, cap)


def _scoring(split: TimeSplit, newest: CustomerTable, weights: FloatArray) -> Scoring:
    cap, learned = learn(split)
    return Scoring(split, learned, cap, target(split.scored, learned, cap, _blocks(split.now, newest)), weights)


def _block_weights(rng: np.random.Generator, resamples: int) -> FloatArray:
    """How often each block counts, shape (1 + resamples, BLOCKS): the sample itself, then the resamples."""
    drawn = rng.multinomial(BLOCKS, np.full(BLOCKS, 1.0 / BLOCKS), size=resamples)
    return np.vstack([np.ones(BLOCKS), drawn])


def _blocks(customers: CustomerTable, newest: CustomerTable) -> npt.NDArray[np.intp]:
    """The block of each customer, shape (n,): the same at every split, by the place in the newest split's table."""
    own = np.arange(customers.n) * BLOCKS // customers.n
    if customers is newest:
        return own
    place = pc.index_in(customers.ids, value_set=newest.ids)
    known = np.asarray(pc.is_valid(place))
    return np.where(known, np.asarray(pc.fill_null(place, 0)).astype(np.intp) * BLOCKS // newest.n, own)
