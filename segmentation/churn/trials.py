"""Who scores the customers: boosted trees, a logistic regression or recency alone, held against later windows.

Each learns from windows that ended when another began, and foretells that one: the test window, and where the history
reaches back as far, the one before it. Of the trees and whatever beat them in each of these windows, the one with the
lowest mean log loss scores the customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from segmentation.churn.calibration import reliability
from segmentation.churn.learners import KINDS, Kind
from segmentation.churn.model import Fitted, fit_kind
from segmentation.churn.recalibration import (
    Recalibrated,
    Recalibration,
    calibration_slope,
    losses,
    mean_of,
    recalibrate,
)
from segmentation.churn.windows import FEWEST, Sample, Windows
from segmentation.customers import FloatArray

MOST_LEARNED_BEFORE, MOST_FORETOLD_BEFORE = 5_000, 10_000
"""Customers of a window that the trial before the test learns from, and whom it foretells."""


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """The trial before the test.

    sample: the customers foretold, of the first window that the tested models learn from.
    chances: what each kind of model, which knew nothing from that window on, said of them.
    """

    sample: Sample
    chances: Mapping[Kind, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Every kind of model, held out.

    tested: the customers of the test window.
    fitted: the models that were tested.
    chances: what they said of the customers tested, each of shape (n,).
    before: the same one window earlier; None where the history is too short.
    """

    tested: Sample
    fitted: Mapping[Kind, Fitted]
    chances: Mapping[Kind, FloatArray]
    before: Before | None

    @property
    def losses(self) -> Mapping[Kind, tuple[float, ...]]:
        """Mean log loss of each kind in each window foretold, the test window first."""
        held = [(self.tested, self.chances)]
        if self.before is not None:
            held.append((self.before.sample, self.before.chances))
        return {
            kind: tuple(float(losses(chances[kind], sample.ordered).mean()) for sample, chances in held)
            for kind in KINDS
        }

    @property
    def best(self) -> Kind:
        """The kind with the lowest mean log loss over the windows, of the trees and whatever beat them in each window.

        Where a mean alone decides, one odd window hands the scores to a plainer model: on the sample shop, once in 20
        dates, for a log loss of .50 instead of .41.
        """
        said = self.losses
        able = [k for k in KINDS if k == "trees" or all(np.less(said[k], said["trees"]))]
        return min(able, key=lambda kind: float(np.mean(said[kind])))


def hold_trials(windows: Windows, tested: Sample) -> Trials:
    """Let every kind of model foretell the test window, and the one before it."""
    fitted = {kind: fit_kind(kind, windows.learned, windows.features) for kind in KINDS}
    chances = {kind: model.chances(tested.table, tested.n) for kind, model in fitted.items()}
    return Trials(tested, fitted, chances, _before(windows))


def _before(windows: Windows) -> Before | None:
    later = windows.learned[0]
    if not windows.earlier or not (
        _enough(sum(one.ordered for one in windows.earlier), sum(one.table.n for one in windows.earlier))
        and _enough(later.ordered, later.table.n)
    ):
        return None
    sample, chances = later.first(MOST_FORETOLD_BEFORE), {}
    for kind in KINDS:
        model = fit_kind(kind, windows.earlier, windows.features, most=MOST_LEARNED_BEFORE)
        chances[kind] = model.chances(sample.table, sample.n)
    return Before(sample, chances)


def _enough(ordered: int, of: int) -> bool:
    return min(ordered, of - ordered) >= FEWEST


def put_right(trials: Trials, kind: Kind) -> tuple[Recalibrated, Recalibration | None] | None:
    """What putting this kind's chances right comes to, and what the chances of the test window are put right by (None
    where it is not kept). None without a trial before the test."""
    if trials.before is None:
        return None
    learned = recalibrate(trials.before.chances[kind], trials.before.sample.ordered)
    chance, ordered = trials.chances[kind], trials.tested.ordered
    after = learned.apply(chance)
    gain = mean_of(losses(chance, ordered) - losses(after, ordered))
    kept = gain.low > 0
    now = recalibrate(chance, ordered) if kept else Recalibration(0.0, 1.0)
    said = Recalibrated(
        learned_on=trials.before.sample.table.as_of,
        level=learned.level,
        slope=learned.slope,
        gain=gain,
        kept=kept,
        before=reliability(chance, ordered),
        after=reliability(after, ordered),
        slope_before=calibration_slope(chance, ordered),
        slope_after=calibration_slope(after, ordered),
        now_level=now.level,
        now_slope=now.slope,
    )
    return said, learned if kept else None
