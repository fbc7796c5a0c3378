"""The course of a level over periods: steady, a sudden change, or a trend that fades; which one, the periods say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from segmentation.customers import FloatArray
from segmentation.timeline import YEAR

Kind = Literal["steady", "change", "trend"]

CLEAR = 9.0
"""A change or a trend lowers the weighted sum of squares by at least this much: three standard errors."""

SPREAD = 0.05
"""Standard deviation of a period's level beside chance, in logarithms: campaigns, weather, days it was shut."""

FADES_DAYS = float(YEAR)
"""After so many days a trend has lost all but a third of its slope (damped: Gardner & McKenzie 1985)."""

STEEPEST = 1.0
"""The steepest slope a year, in logarithms: what is faster does not last."""

_RECENT = 0.5
"""What each older period counts against the next when the level of the last is drawn near to the periods themselves."""

_FEWEST = 4


@dataclass(frozen=True, slots=True)
class Course:
    """Where a level stands after the last period, and where it goes.

    kind: what describes the periods.
    level: its logarithm at the end of the last period.
    slope: by how much that grows a day at first; 0 where there is no trend.
    """

    kind: Kind
    level: float
    slope: float

    def ahead(self, days: int) -> FloatArray:
        """The logarithm of the level on each of the days that follow, shape (days,)."""
        passed = np.arange(days) + 0.5
        return np.asarray(self.level + self.slope * FADES_DAYS * -np.expm1(-passed / FADES_DAYS))


def course(levels: FloatArray, variance: FloatArray, step_days: float) -> Course:
    """What describes the logarithms of a level in consecutive periods, each known with a variance, best.

    A sudden change is two constants, a trend a line; each has to be clearly better than one constant, and a trend
    better than a change, since a line through a jump goes on where nothing goes on.
    """
    weights = 1 / (variance + SPREAD**2)
    n = len(levels)
    flat = float(np.average(levels, weights=weights)) if n else 0.0
    if n < _FEWEST:
        return Course("steady", flat, 0.0)
    around = _squares(levels, np.full(n, flat), weights)
    jump, at = _change(levels, weights)
    line, level, slope = _line(levels, weights)
    if around - min(jump, line) < CLEAR:
        return Course("steady", flat, 0.0)
    recent = weights * _RECENT ** np.arange(n)[::-1]
    if jump < line:
        return Course("change", float(np.average(levels[at:], weights=recent[at:])), 0.0)
    per_day = float(np.clip(slope / step_days, -STEEPEST / YEAR, STEEPEST / YEAR))
    off = levels - (level + slope * np.arange(1 - n, 1))
    return Course("trend", level + float(np.average(off, weights=recent)) + per_day * step_days / 2, per_day)


def _squares(levels: FloatArray, fitted: FloatArray, weights: FloatArray) -> float:
    return float(weights @ (levels - fitted) ** 2)


def _change(levels: FloatArray, weights: FloatArray) -> tuple[float, int]:
    """The best two constants: their weighted squares and two more for the place of the change, and where it is."""
    tried = []
    for at in range(2, len(levels)):
        before, after = (np.average(levels[part], weights=weights[part]) for part in (slice(at), slice(at, None)))
        fitted = np.where(np.arange(len(levels)) < at, before, after)
        tried.append((_squares(levels, fitted, weights) + 2, at))
    return min(tried)


def _line(levels: FloatArray, weights: FloatArray) -> tuple[float, float, float]:
    """The weighted squares of the best line, its value in the last period, and its slope a period."""
    time = np.arange(1.0 - len(levels), 1.0)
    centre, middle = np.average(time, weights=weights), np.average(levels, weights=weights)
    slope = float(weights @ ((time - centre) * (levels - middle)) / (weights @ (time - centre) ** 2))
    level = float(middle - slope * centre)
    return _squares(levels, level + slope * time, weights), level, slope
