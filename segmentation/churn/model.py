"""The chance that a customer orders within the horizon, cross-fitted by customer and calibrated.

Customers are dealt into folds, and each fold has a model that learned from the others only. Whoever is scored, at the
test or today, is scored by a model that never saw them, at any date. The same holds for the calibration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.churn.learners import LEARNERS, Inputs, Kind, Learner, boosting, inputs
from segmentation.churn.windows import MOST_LEARNED, Window
from segmentation.customers import CustomerTable, FloatArray
from segmentation.segments.threads import one_thread

Calibrated = Literal["isotonic", "platt"]

FOLDS = 4
SURE = 0.002
"""No chance is said to be below this or above its counterpart."""

FEWEST_FOR_STEPS = 1_000
"""Customers of either kind from which an isotonic curve is tried; with fewer, two numbers calibrate (Platt)."""

BATCH = 1 << 17
Folds = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """From a raw chance to a calibrated one.

    kind: how it was learned.
    at, to: points on the scale of log odds, raw and calibrated, joined by straight lines.
    """

    kind: Calibrated
    at: FloatArray
    to: FloatArray

    def apply(self, raw: FloatArray) -> FloatArray:
        """Calibrated chances, shape as `raw`, between SURE and 1 - SURE."""
        chance = _chance(np.interp(log_odds(raw), self.at, self.to))
        return np.clip(chance, SURE, 1 - SURE)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The models of the folds and what they share.

    inputs: what they see of a customer.
    models: one for each fold.
    members: the customers who were learned from, by whom folds are told.
    calibration: from raw chances to calibrated ones.
    out_of_fold: calibrated chances of the rows learned from, in the order of the windows, each from the model that did
        not see them, shape (rows learned,).
    """

    inputs: Inputs
    models: tuple[Learner, ...]
    members: pa.Array
    calibration: Calibration
    out_of_fold: FloatArray

    def chances(self, table: CustomerTable, rows: int | None = None) -> FloatArray:
        """The chance of each of the first `rows` customers (default: all) to order in the horizon, shape (rows,)."""
        n = table.n if rows is None else rows
        folds, chances = folds_of(table.ids[:n], self.members), np.empty(n)
        for batch in _batches(n):
            chances[batch] = self.raw(self.inputs.of(table, batch), folds[batch])
        return self.calibration.apply(chances)

    def raw(self, values: FloatArray, folds: Folds) -> FloatArray:
        """Chances before calibration from features, shape (rows, features), for customers of these folds."""
        chances = np.empty(len(values))
        for fold, model in enumerate(self.models):
            mine = folds == fold
            if mine.any():
                with one_thread():  # on a busy machine several threads wait for each other: three times slower
                    chances[mine] = model.predict_proba(values[mine])[:, 1]
        return chances


def fit(
    windows: tuple[Window, ...],
    seen: Inputs | tuple[str, ...],
    learner: Callable[[], Any] = boosting,
    *,
    most: int = MOST_LEARNED,
) -> Fitted:
    """Learn from at most `most` customers of each window; `seen` names the features, or says how they are seen."""
    known = seen if isinstance(seen, Inputs) else Inputs(seen)
    samples = [window.first(most) for window in windows]
    members = pc.unique(pa.concat_arrays([sample.table.ids[: sample.n] for sample in samples]))
    values = np.vstack([known.of(sample.table, slice(sample.n)) for sample in samples])
    ordered = np.concatenate([sample.ordered for sample in samples])
    folds = np.concatenate([folds_of(sample.table.ids[: sample.n], members) for sample in samples])
    models, raw = [], np.empty(len(ordered))
    for fold in range(FOLDS):
        mine = folds == fold
        with one_thread():
            model = learner().fit(values[~mine], ordered[~mine])
            raw[mine] = model.predict_proba(values[mine])[:, 1]
        models.append(model)
    calibration = calibrate(raw, ordered, folds)
    return Fitted(known, tuple(models), members, calibration, calibration.apply(raw))


def fit_kind(kind: Kind, windows: tuple[Window, ...], features: tuple[str, ...], *, most: int = MOST_LEARNED) -> Fitted:
    """A model of this kind that has learned from the windows."""
    return fit(windows, inputs(kind, features), LEARNERS[kind], most=most)


def folds_of(ids: pa.Array, members: pa.Array) -> Folds:
    """The fold of each customer, shape (n,): the same at every date for those learned from, by turns for others."""
    place = pc.index_in(ids, value_set=members)
    turns = np.arange(len(ids))
    known = np.asarray(pc.is_valid(place))
    return np.where(known, np.asarray(pc.fill_null(place, 0)), turns) % FOLDS


def calibrate(raw: FloatArray, ordered: FloatArray, folds: Folds) -> Calibration:
    """The calibration that fits customers it was not made from best: two numbers (Platt), or an isotonic curve.

    `raw` are chances from models that did not see the customers, shape (rows,). Few data take Platt.
    Sources: Platt (1999), "Probabilistic outputs for support vector machines"; Zadrozny & Elkan (2002),
    "Transforming classifier scores into accurate multiclass probability estimates".
    """
    if min(ordered.sum(), len(ordered) - ordered.sum()) < FEWEST_FOR_STEPS:
        return platt(raw, ordered)
    half = folds % 2 == 0
    worst = dict.fromkeys((platt, isotonic), 0.0)
    for make in worst:
        for part in (half, ~half):
            chance = make(raw[part], ordered[part]).apply(raw[~part])
            worst[make] -= float(np.log(np.where(ordered[~part] > 0, chance, 1 - chance)).sum())
    return (isotonic if worst[isotonic] < worst[platt] else platt)(raw, ordered)


def platt(raw: FloatArray, ordered: FloatArray) -> Calibration:
    """A straight line on the scale of log odds; flat where the raw chances tell nothing."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    odds = log_odds(raw)
    with one_thread():
        line = LogisticRegression(C=1e6).fit(odds[:, None], ordered)
    slope, level = float(line.coef_[0, 0]), float(line.intercept_[0])
    if slope <= 0:
        slope, level = 0.0, float(log_odds(np.array([ordered.mean()]))[0])
    ends = np.array([-20.0, 20.0])
    return Calibration("platt", ends, slope * ends + level)


def isotonic(raw: FloatArray, ordered: FloatArray) -> Calibration:
    """A rising curve; between its steps it runs straight, so that customers are not thrown together."""
    from sklearn.isotonic import IsotonicRegression  # noqa: PLC0415 - as above

    odds = log_odds(raw)
    levels = IsotonicRegression(out_of_bounds="clip").fit_transform(odds, ordered)
    steps, place = np.unique(np.round(levels, 12), return_inverse=True)
    middle = np.bincount(place, weights=odds) / np.bincount(place)
    if len(steps) == 1:
        middle, steps = np.array([-20.0, 20.0]), np.repeat(steps, 2)
    return Calibration("isotonic", middle, log_odds(steps))


def _batches(n: int) -> Iterator[slice]:
    return (slice(start, min(start + BATCH, n)) for start in range(0, n, BATCH))


def log_odds(chance: FloatArray) -> FloatArray:
    """The logarithm of chance over counter-chance, shape as `chance`, bounded."""
    safe = np.clip(chance, SURE / 2, 1 - SURE / 2)
    return np.asarray(np.log(safe / (1 - safe)))


def _chance(odds: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-odds)))
