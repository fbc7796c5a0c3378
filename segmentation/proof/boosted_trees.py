"""Boosted trees as a prediction: what the customers' own features say about next spend, groups and lines aside.

The trees learn from the customers before the window of learning and what they did in it. A quarter of them is held
out: on it the trees stop in time, and what they say is drawn towards the average as far as the held-out customers
do not bear it out. Nothing from the split on is known to them.
Source: Friedman (2001), "Greedy function approximation: a gradient boosting machine".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from segmentation.customers import CustomerTable, FloatArray
from segmentation.proof.baselines import Pair, Prediction
from segmentation.proof.learning import group_means
from segmentation.proof.past_spend import within
from segmentation.segments.rfm import tie_safe_boundaries
from segmentation.segments.threads import one_thread

MOST_LEARNED = 20_000
"""Customers the trees learn from: the first of the table, who are a random sample of it."""

HELD_OUT = 4
"""One in so many is held out."""

GROUPS = 10
"""Groups of expected spend, on the held-out customers, from which what else they do is learned."""

SEED = 20_261_101


def by_boosted_trees(pair: Pair) -> Prediction:
    """Spend by boosted trees on every feature known at both dates and the last window's spend.

    What else customers do is expected as of those of whom the trees expect as much spend.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor  # noqa: PLC0415 - takes seconds, and few commands ask

    names = _known_at_both(pair)
    then, learned = _matrix(pair.then, names, pair.lately_then, MOST_LEARNED), pair.learned[:, :MOST_LEARNED]
    held = np.arange(len(then)) % HELD_OUT == HELD_OUT - 1
    told_apart = [_differs(column) for column in then[~held].T]
    if not any(told_apart):
        return Prediction.of_each("boosted_trees", np.repeat(learned.mean(axis=1)[:, None], pair.now.n, axis=1))
    then = then[:, told_apart]
    trees = HistGradientBoostingRegressor(
        learning_rate=0.1,
        max_iter=80,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=1.0,
        early_stopping=True,
        n_iter_no_change=8,
        random_state=SEED,
    )
    with one_thread():
        trees.fit(then[~held], learned[0, ~held], X_val=then[held], y_val=learned[0, held])
        told = np.asarray(trees.predict(then[held]))
    asked = np.asarray(trees.predict(_matrix(pair.now, names, pair.lately_now, pair.now.n)[:, told_apart]))
    known = learned[:, held]
    limits = tie_safe_boundaries(told, GROUPS)
    then_in, now_in = (np.searchsorted(limits, one, side="left") for one in (told, asked))
    expected = group_means(then_in, known, len(limits) + 1)[:, now_in]
    expected[0] = learned[0].mean() + _borne_out(told, known[0]) * (asked - told.mean())
    return Prediction.of_each("boosted_trees", within(expected, pair.learned))


def _borne_out(told: FloatArray, happened: FloatArray) -> float:
    """How far what was told is to be believed (0..1): the slope of what happened on it, drawn towards 0 by its doubt.

    0 where the same was told of everyone. Source: James & Stein (1961), "Estimation with quadratic loss".
    """
    away = told - told.mean()
    spread = float((away**2).sum())
    if spread <= 0:
        return 0.0
    slope = float((away * happened).sum()) / spread
    rest = happened - happened.mean() - slope * away
    doubt = float((rest**2).sum()) / max(len(told) - 2, 1) / spread
    return float(np.clip(slope - doubt / slope, 0.0, 1.0)) if slope > 0 else 0.0


def _differs(values: FloatArray) -> bool:
    """Whether some of these differ; trees cannot be told of a feature without two values."""
    known = values[~np.isnan(values)]
    return bool(known.size and np.ptp(known) > 0)


def _known_at_both(pair: Pair) -> tuple[str, ...]:
    """Features of both tables; scores aside, which only some segmentations know of."""
    now = {feature.name for feature in pair.now.features}
    return tuple(one.name for one in pair.then.features if one.name in now and one.grain != "score")


def _matrix(customers: CustomerTable, names: tuple[str, ...], lately: FloatArray, rows: int) -> npt.NDArray[np.float64]:
    """The features in natural units and the last window's spend, shape (rows, features + 1), NaN where undefined."""
    return np.stack([*(customers.raw(name)[:rows] for name in names), lately[:rows]], axis=1)
