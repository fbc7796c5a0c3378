"""k-means many times over: neighbours are put into cells once, and each fit sees the cells' means and weights.

A few hundred cells carry all that moves a centre, so a fit on resampled customers costs milliseconds. A few steps
over the customers themselves then settle who belongs where. The cells are a coreset: Har-Peled & Mazumdar
(2004), "On coresets for k-means and k-median clustering".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from segmentation.customers import Float32Array, FloatArray

Rows = npt.NDArray[np.intp]

SEED = 20_261_101
MOST = 300
_FEWEST, _PER_CELL = 100, 8
_ROUNDS, _STARTS, _STEPS = 1, 8, 10
_CHUNK = 1 << 13


@dataclass(frozen=True, slots=True, eq=False)
class Coreset:
    """Points, each in one cell with its neighbours.

    points: shape (m, features).
    cell: the cell of each point, shape (m,).
    cells: how many there are.
    """

    points: Float32Array
    cell: Rows
    cells: int

    def stretched(self, factors: Float32Array) -> Coreset:
        """The same cells with the points stretched by these factors, shape (features,)."""
        return replace(self, points=self.points * factors)

    def centres(self, rows: Rows, n_segments: int, *, starts: int = _STARTS) -> Float32Array:
        """k-means centres of these rows (with repetition), shape (at most clusters, features)."""
        from sklearn.cluster import KMeans  # noqa: PLC0415 - takes seconds, and most commands do not cluster

        means, weights = self._means(rows)
        held = weights > 0
        wanted = min(n_segments, int(held.sum()))
        fit = KMeans(wanted, n_init=starts, random_state=SEED).fit(means[held], sample_weight=weights[held])
        return _settled(self.points[rows], np.asarray(fit.cluster_centers_, dtype=np.float32))

    def _means(self, rows: Rows) -> tuple[FloatArray, FloatArray]:
        """Mean and number of the rows in each cell; in double precision, which k-means++ would turn to anyway."""
        at = self.cell[rows]
        weights = np.bincount(at, minlength=self.cells)
        drawn = self.points[rows]
        sums = [np.bincount(at, weights=drawn[:, i], minlength=self.cells) for i in range(drawn.shape[1])]
        means = np.stack(sums, axis=1) / np.maximum(weights, 1)[:, None]
        return means, weights.astype(np.float64)


def coreset_of(points: Float32Array) -> Coreset:
    """Points of shape (m, features), in random order, each in one cell with its neighbours."""
    cells = min(MOST, max(len(points) // _PER_CELL, _FEWEST))
    middles = np.unique(points[:cells], axis=0)
    for _ in range(_ROUNDS):
        at = _nearest(points, middles)
        sizes = np.bincount(at, minlength=len(middles))
        sums = [np.bincount(at, weights=points[:, i], minlength=len(middles)) for i in range(points.shape[1])]
        middles = (np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None])[sizes > 0].astype(np.float32)
    return Coreset(points, _nearest(points, middles), len(middles))


def _settled(points: Float32Array, centres: Float32Array) -> Float32Array:
    """A few of Lloyd's steps over the points; a centre that loses everyone stays where it is."""
    before = None
    for _ in range(_STEPS):
        at = _nearest(points, centres)
        if before is not None and (at == before).all():
            break
        before = at
        member = (at == np.arange(len(centres))[:, None]).astype(np.float32)
        sizes = member.sum(axis=1)
        moved = (member @ points) / np.maximum(sizes, 1)[:, None]
        centres = np.where(sizes[:, None] > 0, moved, centres).astype(np.float32)
    return centres


def _nearest(points: Float32Array, middles: Float32Array) -> Rows:
    half = 0.5 * np.einsum("ij,ij->i", middles, middles)
    nearest = np.empty(len(points), dtype=np.intp)
    for start in range(0, len(points), _CHUNK):
        chunk = points[start : start + _CHUNK]
        nearest[start : start + _CHUNK] = (half - chunk @ middles.T).argmin(axis=1)
    return nearest
