"""What other customers would change beside the centres: how features are scaled, and whether there is a season."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from segmentation.customers import CustomerTable, Float32Array, FloatArray, SeasonAgain
from segmentation.customers.scaling import TAIL

Rows = npt.NDArray[np.intp]
_TOLD_BY = 8


class Rescaling:
    """By how much each feature is stretched where these rows of the customers decide its scale.

    Where a feature goes, groups do not depend on; how wide it spreads, they do. A feature of the peak season counts
    for nothing where the rows, taken as other customers of the shop, do not show the same season. Equal rows give equal
    answers, which are kept: several numbers of groups are tried on the same rows.
    """

    def __init__(self, points: Float32Array, seasonal: Sequence[int] = (), season: SeasonAgain | None = None) -> None:
        """`points` are those of the customers that decided the groups, shape (m, features); `seasonal` the places of
        the features of the season, which is taken for certain without a `season`."""
        self._points, self._spread = points, _spread(points)
        self._seasonal, self._season = list(seasonal), season
        self._kept: dict[bytes, Float32Array] = {}

    @classmethod
    def of(
        cls, customers: CustomerTable, features: Sequence[str], points: Float32Array, season: SeasonAgain | None
    ) -> Rescaling:
        """For customers alike in these features, of whom the first ones are at `points`."""
        seasonal = [i for i, name in enumerate(features) if customers.feature(name).is_seasonal]
        return cls(points, seasonal, season)

    def __call__(self, rows: Rows) -> Float32Array:
        """Factors of the features, shape (features,)."""
        key = rows[:_TOLD_BY].tobytes()
        if key not in self._kept:
            self._kept[key] = self._factors(rows)
        return self._kept[key]

    def _factors(self, rows: Rows) -> Float32Array:
        drawn = _spread(self._points[rows])
        factors = np.where(drawn > 0, self._spread / np.where(drawn > 0, drawn, 1.0), 0.0)
        if self._season is not None and not self._season.found(np.random.default_rng(rows[:_TOLD_BY])):
            factors[self._seasonal] = 0.0
        return factors.astype(np.float32)


def _spread(points: Float32Array) -> FloatArray:
    """Standard deviation of each feature with its tails set in, as scaling takes it, shape (features,)."""
    low, high = np.quantile(points, [TAIL, 1 - TAIL], axis=0)
    return np.asarray(np.clip(points, low, high).std(axis=0, dtype=np.float64))
