"""From natural units to comparable scales, and to 254 bins in which quantiles cost one count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.customers.catalogue import Feature, Place, Transform

FloatArray = npt.NDArray[np.float64]
Float32Array = npt.NDArray[np.float32]
CodeArray = npt.NDArray[np.uint8]

CLIP = 3.5
"""Scaled values stay within this many standard deviations, so that one absurd basket is not a segment."""

UNDEFINED = 255
"""The code of a customer for whom the feature is undefined."""

_BINS = 254
TAIL = 0.005
"""Part of the customers at either end whose values do not decide a scale."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """How one feature is put on the scale that customers are compared on: (x - centre) / spread after the transform,
    clipped.

    transform: what is done to the value first.
    centre, spread: in units of the transformed value.
    fill: what stands where the feature is undefined, on the scale.
    """

    transform: Transform
    centre: float
    spread: float
    fill: float

    def apply(self, values: FloatArray) -> Float32Array:
        """Scaled values, shape (n,), in standard deviations, within ±CLIP, never NaN."""
        scaled = (transformed(values, self.transform) - self.centre) / self.spread
        scaled = np.clip(scaled, -CLIP, CLIP)
        return np.where(np.isnan(scaled), self.fill, scaled).astype(np.float32)


def transformed(values: FloatArray, transform: Transform) -> FloatArray:
    """Signed log or square root, so that refunds beyond the spend stay ordered."""
    if transform == "log":
        return np.asarray(np.sign(values) * np.log1p(np.abs(values)))
    if transform == "sqrt":
        return np.asarray(np.sign(values) * np.sqrt(np.abs(values)))
    return values


def fit_scaling(feature: Feature, values: FloatArray) -> Scaling:
    """Centre and spread of the transformed values, tails set in at 0.5 %; a constant feature scales to 0."""
    known = transformed(values[~np.isnan(values)], feature.transform)
    if known.size == 0:
        return Scaling(feature.transform, 0.0, 1.0, 0.0)
    low, high = np.quantile(known, [TAIL, 1 - TAIL])
    tame = np.clip(known, low, high)
    centre, spread = float(tame.mean()), float(tame.std())
    if spread <= 1e-9 * max(1.0, abs(centre)):
        return Scaling(feature.transform, centre, np.inf, 0.0)
    return Scaling(
        feature.transform, centre, spread, _fill(feature.place, (low - centre) / spread, (high - centre) / spread)
    )


def _fill(place: Place, low: float, high: float) -> float:
    return {"neutral": 0.0, "low": max(low, -CLIP), "high": min(high, CLIP)}[place]


def bin_values(values: FloatArray) -> tuple[CodeArray, FloatArray]:
    """Codes, shape (n,), and the natural-unit value each code stands for, shape (at most 254,), ascending.

    Exact while there are at most 254 different values; otherwise equal-count bins, each standing for its median.
    """
    known = np.isfinite(values)
    ordered = np.sort(values[known])
    codes = np.full(values.shape, UNDEFINED, dtype=np.uint8)
    if ordered.size == 0:
        return codes, np.empty(0)
    distinct = ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]
    if distinct.size > _BINS:
        cuts = ordered[(np.arange(1, _BINS) * ordered.size) // _BINS]
        edges = cuts[np.concatenate(([True], cuts[1:] != cuts[:-1]))]
    else:
        edges = distinct[1:]
    codes[known] = np.searchsorted(edges, values[known], side="right").astype(np.uint8)
    starts = np.concatenate(([0], np.searchsorted(ordered, edges, side="left"), [ordered.size]))
    middle = (starts[:-1] + np.maximum(starts[1:] - 1, starts[:-1])) // 2
    return codes, ordered[np.minimum(middle, ordered.size - 1)]
