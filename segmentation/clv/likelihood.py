"""Climbing a likelihood whose slopes are known, in the logarithms of its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from segmentation.customers import FloatArray
from segmentation.segments.threads import one_thread

_FAR = 9.0
"""A parameter beyond e to this power, or below its inverse, is as good as infinite or zero."""
_ARRIVED, _STEPS = 1e-9, 300  # the slope, as a share of the value, that counts as none
_LOOSE = 3.0
"""A logarithm known no better than this standard error is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """A function at one place.

    value: what it is.
    slope: its gradient, shape (p,).
    bend: its Hessian, shape (p, p).
    """

    value: float
    slope: FloatArray
    bend: FloatArray

    def __add__(self, other: Slopes) -> Slopes:
        return Slopes(self.value + other.value, self.slope + other.slope, self.bend + other.bend)

    def in_logarithms(self, at: FloatArray) -> Slopes:
        """The same by the logarithms of the parameters, whose values are `at`."""
        slope = self.slope * at
        return Slopes(self.value, slope, self.bend * np.outer(at, at) + np.diag(slope))


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The top of a likelihood.

    at: the logarithms of the parameters there, shape (p,).
    value: the log-likelihood there.
    converged: whether it is a top.
    covariance: that of the logarithms of the parameters, p rows of p; empty where the top is flat.
    """

    at: FloatArray
    value: float
    converged: bool
    covariance: tuple[tuple[float, ...], ...]


def climb(likelihood: Callable[[FloatArray], Slopes], start: FloatArray) -> Fitted:
    """The nearest top from `start`, by Newton steps inside a region that is trusted."""
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to load, and few commands fit a model of buying

    seen: dict[bytes, Slopes] = {}

    def slopes_at(at: FloatArray) -> Slopes:
        if at.tobytes() not in seen:
            seen.clear()
            seen[at.tobytes()] = likelihood(at) + _wall(at)
        return seen[at.tobytes()]

    with one_thread(), np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        little = _ARRIVED * max(abs(slopes_at(start).value), 1.0)
        optimum = minimize(
            lambda at: -slopes_at(at).value,
            start,
            jac=lambda at: -slopes_at(at).slope,
            hess=lambda at: -slopes_at(at).bend,
            method="trust-exact",
            options={"gtol": little, "maxiter": _STEPS},
        )
        top = slopes_at(optimum.x)
        value = likelihood(optimum.x).value
    steep = float(np.linalg.norm(top.slope))
    converged = bool(np.isfinite(value) and (optimum.success or steep < 1e3 * little))
    return Fitted(optimum.x, float(value), converged, _covariance(optimum.x, top.bend))


def _wall(at: FloatArray) -> Slopes:
    """What keeps a parameter that the data push to zero or to infinity within reach."""
    over = np.sign(at) * np.maximum(np.abs(at) - _FAR, 0.0)
    return Slopes(-0.5 * float(over @ over), -over, -np.diag((over != 0).astype(np.float64)))


def _covariance(at: FloatArray, bend: FloatArray) -> tuple[tuple[float, ...], ...]:
    if np.abs(at).max() > _FAR or np.linalg.eigvalsh(-bend)[0] <= _LOOSE**-2:
        return ()
    covariance = np.linalg.inv(-bend)
    return tuple(tuple(row) for row in covariance.tolist())
