"""What a segment is made by: how much of its distance from everyone else each feature carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from segmentation.customers import CodeArray, CustomerTable, FloatArray

_CHUNK = 1 << 16
_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Driver:
    """A feature that sets a segment apart from everyone else.

    feature: its name.
    share: its share (0..1) of what separates the segment.
    direction: on which side of the others the segment is.
    distance: how far its mean lies from theirs, in standard deviations within the two.
    """

    feature: str
    share: float
    direction: Literal["above", "below"]
    distance: float


def drivers(
    customers: CustomerTable, labels: CodeArray, groups: int, features: Sequence[str]
) -> tuple[tuple[Driver, ...], ...]:
    """The drivers of each of the `groups` segments of `labels`, shape (n,), the strongest first.

    A feature's separation is the squared difference of means over the variance within, on the clustering scale; a
    segment's shares add up to 1. Features that do not separate are left out, so a segment that is like everyone
    else, is empty or is everyone has no drivers. Features that rise and fall together share what they say.
    Source: Fisher (1936), "The use of multiple measurements in taxonomic problems", for one feature at a time.
    """
    sizes, sums, squares = _moments(customers, labels, groups, features)
    others = customers.n - sizes
    both = np.maximum(sizes * others, 1)[:, None]
    # the difference from everyone else: mean inside less mean outside
    apart = (sums * others[:, None] - (sums.sum(axis=0) - sums) * sizes[:, None]) / both
    inside = squares - sums**2 / np.maximum(sizes, 1)[:, None]
    outside = (squares.sum(axis=0) - squares) - (sums.sum(axis=0) - sums) ** 2 / np.maximum(others, 1)[:, None]
    within = np.maximum(inside + outside, 0.0) / customers.n
    distance = apart / np.sqrt(np.maximum(within, _FLAT))
    distance[(sizes == 0) | (others == 0)] = 0.0
    return tuple(_ranked(features, row) for row in distance)


def _moments(
    customers: CustomerTable, labels: CodeArray, groups: int, features: Sequence[str]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Customers per group, shape (groups,), and sums and sums of squares of the scaled features, (groups, features)."""
    sizes = np.bincount(labels, minlength=groups).astype(np.float64)
    sums, squares = np.zeros((groups, len(features))), np.zeros((groups, len(features)))
    for column, name in enumerate(features):
        scaled = customers.scaled((name,))[:, 0]
        for start in range(0, customers.n, _CHUNK):
            at, part = labels[start : start + _CHUNK], scaled[start : start + _CHUNK].astype(np.float64)
            sums[:, column] += np.bincount(at, weights=part, minlength=groups)
            squares[:, column] += np.bincount(at, weights=part * part, minlength=groups)
    return sizes, sums, squares


def _ranked(features: Sequence[str], distance: FloatArray) -> tuple[Driver, ...]:
    separation = distance**2
    total = float(separation.sum())
    order = [i for i in np.argsort(-separation, kind="stable") if separation[i] > _FLAT]
    return tuple(
        Driver(
            feature=features[i],
            share=float(separation[i]) / total,
            direction="above" if distance[i] > 0 else "below",
            distance=float(distance[i]),
        )
        for i in order
    )
