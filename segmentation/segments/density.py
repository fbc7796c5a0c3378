"""HDBSCAN on landmarks: groups are where customers crowd; whoever stands between them joins the nearest, as unsure.

Source: Campello, Moulavi & Sander (2013), "Density-based clustering based on hierarchical density estimates".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from segmentation.customers import Float32Array
from segmentation.errors import NotEnoughData
from segmentation.segments.models import Neighbours, Space

Labels = npt.NDArray[np.intp]

LANDMARKS = 1_500
_SHARES = (0.10, 0.06, 0.04, 0.025, 0.015, 0.01)
"""Smallest group tried, as a share of the landmarks, from the coarsest view to the finest."""
_LEAST, _NEIGHBOURS = 5, 10
_REACH = 0.98
_HELD = 2 / 3
"""Dense places hold at least this share of the landmarks; in one crowd the specks found by chance hold less."""


def fit_density(space: Space, points: Float32Array, most: int) -> Neighbours:
    """The finest view with at most `most` groups, from points of shape (m, features).

    Raises NotEnoughData where there are not two dense places.
    """
    landmarks = np.ascontiguousarray(points[:LANDMARKS])
    labels = _views(landmarks, most) if len(landmarks) >= 2 * _LEAST else None
    if labels is None:
        raise NotEnoughData(
            "dense places to make groups of: there are no natural groups in the chosen features",
            have=1,
            need=2,
            next_step="Choose Automatic, or other features.",
        )
    inside = labels >= 0
    group, core = labels[inside].astype(np.uint8), landmarks[inside]
    return Neighbours(space, core, group, _reach(core, group))


def _views(landmarks: Float32Array, most: int) -> Labels | None:
    """The labels of the finest view before there are too many groups, -1 for noise; None where none has two.

    Where there are too many at once, the largest groups are kept and the others count as noise.
    """
    from sklearn.cluster import HDBSCAN  # noqa: PLC0415 - takes seconds, and most commands do not cluster

    best, groups = None, 1
    for share in _SHARES:
        smallest = max(_LEAST, round(share * len(landmarks)))
        neighbours = min(_NEIGHBOURS, smallest)
        labels = HDBSCAN(min_cluster_size=smallest, min_samples=neighbours, copy=True).fit(landmarks).labels_
        n_groups = int(labels.max()) + 1
        if n_groups < 2 or np.mean(labels >= 0) < _HELD:
            continue
        if n_groups > most:
            return best if best is not None else _largest(labels, most)
        if n_groups > groups:
            best, groups = labels, n_groups
    return best


def _largest(labels: Labels, most: int) -> Labels:
    """The labels with all but the largest groups turned to noise."""
    sizes = np.bincount(labels[labels >= 0])
    kept = np.sort(np.argsort(-sizes, kind="stable")[:most])
    place = np.full(len(sizes), -1)
    place[kept] = np.arange(len(kept))
    return np.where(labels >= 0, place[np.maximum(labels, 0)], -1)


def _reach(core: Float32Array, group: npt.NDArray[np.uint8]) -> Float32Array:
    """How far from its nearest neighbour a member of each group usually stands, shape (groups,)."""
    from scipy.spatial import KDTree  # noqa: PLC0415 - as above

    away = KDTree(core).query(core, k=2)[0][:, 1]
    return np.array([np.quantile(away[group == one], _REACH) for one in range(group.max() + 1)], dtype=np.float32)
