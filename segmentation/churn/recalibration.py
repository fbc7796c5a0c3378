"""Are chances put right by how far those of an earlier date were off, and is that kept?

A model learns from earlier windows, so a shop that grows, shrinks or changes leaves its chances too high or too low, or
too bold. Two numbers are learned from the chances of an earlier date and who ordered then: a level and a slope on the
scale of log odds. They are drawn towards changing nothing, and they are kept only where they have made the chances of a
later window better, which they had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from segmentation import formats
from segmentation.churn.calibration import Reliability
from segmentation.churn.model import SURE, log_odds
from segmentation.customers import FloatArray
from segmentation.estimates import Estimate

MOST_COUNTED = 1_000
"""Customers of a window share its luck, so that more of them than these say no more of the next window."""

LEVEL_SPREAD, SLOPE_SPREAD = 0.5, 0.25
"""How far a level lies from 0 and a slope from 1 before anything is known (standard deviations)."""

_STEPS, _SIDES = 25, 1.959964


@dataclass(frozen=True, slots=True)
class Recalibration:
    """From a chance to one that is put right, on the scale of log odds.

    level: added to the log odds.
    slope: what they are multiplied by; never below 0.
    """

    level: float
    slope: float

    def apply(self, chance: FloatArray) -> FloatArray:
        """Chances put right, shape as `chance`, between SURE and 1 - SURE."""
        odds = self.level + self.slope * log_odds(chance)
        return np.clip(1 / (1 + np.exp(-odds)), SURE, 1 - SURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibrated:
    """What putting the chances right comes to, tried on the test window.

    learned_on: the day on which the window began that the trial learned from; it ended when the test window began.
    level, slope: what the trial learned there, on the scale of log odds; 0 and 1 change nothing.
    gain: by how much the log loss of a customer of the test window falls.
    kept: whether it falls for sure (95 %); only then are any chances put right.
    before, after: how far the chances of the test window were off without it and with it.
    slope_before, slope_after: the slope that they would have needed then: below 1 they were too bold.
    now_level, now_slope: what today's chances are put right by, learned from the test window; 0 and 1 where not kept.
    """

    learned_on: date
    level: float
    slope: float
    gain: Estimate
    kept: bool
    before: Reliability
    after: Reliability
    slope_before: float
    slope_after: float
    now_level: float
    now_slope: float

    @property
    def sentence(self) -> str:
        """What became of it, for people."""
        then, off = (
            formats.day(self.learned_on),
            f"{self.before.error * 100:.1f} to {self.after.error * 100:.1f} points",
        )
        if self.kept:
            return (
                f"The chances are put right by how far those of an earlier date were off. Learned from the window of "
                f"{then}, this brought the mean error at the later test from {off}."
            )
        return (
            f"Putting the chances right by how far they were off in the window of {then} was tried at the later test. "
            f"It is not kept, because no gain is proven: the mean error would have gone from {off}."
        )


def recalibrate(
    chance: FloatArray,
    ordered: FloatArray,
    *,
    most: float = MOST_COUNTED,
    spreads: tuple[float, float] = (LEVEL_SPREAD, SLOPE_SPREAD),
) -> Recalibration:
    """What `chance` should have been put right by, shape (n,), from who `ordered`, drawn towards changing nothing.

    Source: Cox (1958), "Two further applications of a model for binary regression", for level and slope; the penalty
    is a normal prior, and `most` bounds what the customers of one window count.
    """
    odds = log_odds(chance)
    columns = np.stack([np.ones_like(odds), odds])
    weight = min(1.0, most / len(odds))
    rest, tight = np.array([0.0, 1.0]), np.diag([spread**-2.0 for spread in spreads])
    at = rest.copy()
    for _ in range(_STEPS):
        said = 1 / (1 + np.exp(-np.clip(at @ columns, -30, 30)))
        slope = weight * columns @ (ordered - said) - tight @ (at - rest)
        curve = weight * (columns * (said * (1 - said))) @ columns.T + tight
        step = np.linalg.solve(curve, slope)
        at = at + step
        if np.abs(step).max() < 1e-9:
            break
    return Recalibration(float(at[0]), float(max(at[1], 0.0)))


def calibration_slope(chance: FloatArray, ordered: FloatArray) -> float:
    """The slope that chances would have needed on the scale of log odds: 1 is right, below 1 they were too bold."""
    return recalibrate(chance, ordered, most=np.inf, spreads=(1e3, 1e3)).slope


def losses(chance: FloatArray, ordered: FloatArray) -> FloatArray:
    """The log loss of each customer, shape (n,): minus the logarithm of the chance given to what happened."""
    return np.asarray(-np.log(np.where(ordered > 0, chance, 1 - chance)))


def mean_of(values: FloatArray) -> Estimate:
    """A mean over customers with its 95 % interval."""
    value, error = float(values.mean()), float(values.std() / np.sqrt(len(values)))
    return Estimate(value, value - _SIDES * error, value + _SIDES * error, len(values))
