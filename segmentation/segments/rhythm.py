"""How long the customers of a shop usually pause, which guards the scores for recency where most dates tie.

Quintiles of recency say who ordered later than whom, and no more: where most customers ordered yesterday, those of two
days ago are the worst fifth; where all have been away for years, the best fifth is. So nobody who ordered within a
typical pause gets a score of the fading and lapsed groups, and nobody who has been away for longer than nine pauses in
ten last gets one of the active groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.customers import CustomerTable, FloatArray

GAP = "gap_days"
TYPICAL, LONG = 0.5, 0.9
"""Shares of the customers who came back whose own average pause is at most the typical and the long one."""

FEWEST_PAUSES = 30
"""Customers who came back that a rhythm needs."""

SHORTEST = 3.0
"""Days within which nobody counts as fading, however often customers order."""

USUAL = (30.0, 365.0)
"""A typical and a long pause in days where too few customers came back to know."""

ACTIVE = 4
"""The lowest score of the active groups, of five."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Pauses in whole days.

    near: a typical pause; who ordered within it is active.
    far: a long pause; who has been away for longer is not.
    """

    near: float
    far: float

    def guard(self, boundaries: FloatArray) -> FloatArray:
        """Boundaries of the scores 1 to 5 for recency within the guards, ascending; more is better."""
        guarded = np.array(boundaries, dtype=np.float64)
        low, high = guarded[: ACTIVE - 1], guarded[ACTIVE - 2 :]
        # strictly below: someone exactly at the limit is still inside it
        np.minimum(low, np.nextafter(-self.near, -np.inf), out=low)
        np.maximum(high, np.nextafter(-self.far, -np.inf), out=high)
        return guarded


def rhythm(customers: CustomerTable, rows: npt.NDArray[np.intp] | None = None) -> Rhythm:
    """The pauses of the customers who came back, of these `rows` (default: everyone)."""
    known = any(feature.name == GAP for feature in customers.features)
    gaps = customers.raw(GAP) if known else np.empty(0)
    gaps = gaps[rows] if known and rows is not None else gaps
    gaps = gaps[np.isfinite(gaps)]
    near, far = np.quantile(gaps, [TYPICAL, LONG]) if len(gaps) >= FEWEST_PAUSES else USUAL
    near = max(float(np.floor(near)), SHORTEST)
    return Rhythm(near, max(float(np.floor(far)), near))
