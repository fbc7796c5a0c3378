"""What a fit leaves behind: small arrays that say which group any customer is in.

A model keeps the names and weights of its features and works on any customer table scaled like the one it was fitted
on, so the same segments can be looked up at another date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from segmentation.customers import BoolArray, CodeArray, CustomerTable, Float32Array
from segmentation.segments.threads import one_thread

_CHUNK = 1 << 16
_SMALL_CHUNK = 1 << 13


@dataclass(frozen=True, slots=True)
class Space:
    """What customers are alike in.

    features: names, in catalogue order.
    weights: how much each counts (1: as much as the others); empty where all count the same.
    """

    features: tuple[str, ...]
    weights: tuple[float, ...] = ()

    def only(self, features: Iterable[str]) -> Space:
        """The space of these of its features."""
        wanted = set(features)
        kept = [i for i, name in enumerate(self.features) if name in wanted]
        weights = tuple(self.weights[i] for i in kept) if self.weights else ()
        return Space(tuple(self.features[i] for i in kept), weights)

    def points(self, customers: CustomerTable) -> Float32Array:
        """The customers in this space, shape (n, features), in weighted standard deviations."""
        scaled = customers.scaled(self.features)
        return scaled * np.asarray(self.weights, dtype=np.float32) if self.weights else scaled


@dataclass(frozen=True, slots=True, eq=False)
class Centroids:
    """A customer belongs to the nearest centre.

    space: what customers are alike in.
    centres: shape (clusters, features), in the space's units.
    """

    space: Space
    centres: Float32Array

    @property
    def groups(self) -> int:
        return len(self.centres)

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Cluster of each customer, shape (n,)."""
        with one_thread():
            return self.nearest(self.space.points(customers))

    def nearest(self, points: Float32Array) -> CodeArray:
        """Cluster of each point, shape (n,), from points of shape (n, features); of equal ones the first."""
        half = 0.5 * np.einsum("ij,ij->i", self.centres, self.centres)[:, None]
        return _smallest(points, lambda chunk: half - self.centres @ chunk.T)

    def keep(self, clusters: npt.NDArray[np.intp]) -> Centroids:
        """The model without the other clusters."""
        return replace(self, centres=self.centres[clusters])


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Gaussian mixture: a customer belongs to the most probable component.

    space: what customers are alike in.
    whitening: Cholesky factor of each component's precision, shape (clusters, features, features).
    centres: the whitened means, shape (clusters, features).
    log_prior_offset: what each component's size and volume add to its negative log density, shape (clusters,).
    """

    space: Space
    whitening: Float32Array
    centres: Float32Array
    log_prior_offset: Float32Array

    @property
    def groups(self) -> int:
        return len(self.centres)

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Cluster of each customer, shape (n,)."""
        with one_thread():
            return self.nearest(self.space.points(customers))

    def nearest(self, points: Float32Array) -> CodeArray:
        """Cluster of each point, shape (n,), from points of shape (n, features); of equal ones the first."""
        return _smallest(points, self._unlikeliness)

    def membership(self, points: Float32Array) -> Float32Array:
        """How probable each component is for each point, shape (n, clusters); rows add up to 1."""
        away = self._unlikeliness(points).T
        odds = np.exp(away.min(axis=1, keepdims=True) - away)
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def keep(self, clusters: npt.NDArray[np.intp]) -> Mixture:
        """The model without the other clusters."""
        return Mixture(self.space, self.whitening[clusters], self.centres[clusters], self.log_prior_offset[clusters])

    def _unlikeliness(self, chunk: Float32Array) -> Float32Array:
        unlikeliness = np.empty((len(self.centres), len(chunk)), dtype=np.float32)
        rows = zip(unlikeliness, self.whitening, self.centres, self.log_prior_offset, strict=True)
        for row, whitening, centre, offset in rows:
            away = chunk @ whitening - centre
            np.einsum("ij,ij->i", away, away, out=row)
            row *= 0.5
            row += offset
        return unlikeliness


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Groups of any shape: a customer joins the group of the nearest landmark.

    space: what customers are alike in.
    landmarks: shape (landmarks, features), in the space's units.
    group: the group of each landmark, shape (landmarks,).
    reach: a customer farther than this from the nearest landmark of a group is in no dense place, shape (groups,): the
        nearest group takes her, marked as unsure.
    """

    space: Space
    landmarks: Float32Array
    group: CodeArray
    reach: Float32Array

    @property
    def groups(self) -> int:
        return len(self.reach)

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Group of each customer, shape (n,)."""
        with one_thread():
            return self.nearest(self.space.points(customers))

    def nearest(self, points: Float32Array) -> CodeArray:
        """Group of each point, shape (n,), from points of shape (n, features)."""
        return self._found(points)[0]

    def unsure(self, customers: CustomerTable) -> BoolArray:
        """Who lies outside every dense place, shape (n,)."""
        with one_thread():
            found, away = self._found(self.space.points(customers))
        return np.asarray(away > self.reach[found])

    def keep(self, groups: npt.NDArray[np.intp]) -> Neighbours:
        """The model without the other groups."""
        mine = np.isin(self.group, groups)
        return Neighbours(
            self.space,
            self.landmarks[mine],
            np.searchsorted(groups, self.group[mine]).astype(np.uint8),
            self.reach[groups],
        )

    def _found(self, points: Float32Array) -> tuple[CodeArray, Float32Array]:
        labels, away = np.zeros(len(points), dtype=np.uint8), np.zeros(len(points), dtype=np.float32)
        half = 0.5 * np.einsum("ij,ij->i", self.landmarks, self.landmarks)
        for start in range(0, len(points), _SMALL_CHUNK):
            chunk = points[start : start + _SMALL_CHUNK]
            scores = half - chunk @ self.landmarks.T
            best = scores.argmin(axis=1)
            labels[start : start + len(chunk)] = self.group[best]
            squares = np.einsum("ij,ij->i", chunk, chunk) + 2 * scores[np.arange(len(chunk)), best]
            away[start : start + len(chunk)] = np.sqrt(np.maximum(squares, 0))
        return labels, away


ClusterModel = Centroids | Mixture | Neighbours


def _smallest(points: Float32Array, scores: Callable[[Float32Array], Float32Array]) -> CodeArray:
    """Row of the smallest score for each point; `scores` gives shape (clusters, points in the chunk)."""
    labels = np.zeros(len(points), dtype=np.uint8)
    for start in range(0, len(points), _CHUNK):
        part = labels[start : start + _CHUNK]
        rows = scores(points[start : start + _CHUNK])
        best = rows[0].copy()
        for cluster, row in enumerate(rows[1:], start=1):
            np.copyto(part, np.uint8(cluster), where=row < best)
            np.minimum(best, row, out=best)
    return labels
