"""Clusters: fitted on a bounded sample, then everyone is assigned by matrix products.

A model keeps the names of its features and works on any customer table scaled like the one it was fitted on, so the
same segments can be looked up at another date.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.customers import CodeArray, CustomerTable, Float32Array, FloatArray
from segmentation.errors import NotEnoughData
from segmentation.segments.settings import SegmentSettings
from segmentation.segments.threads import one_thread

SAMPLE = 20_000
"""Customers a model is fitted on; the first rows of a table are a random sample of it."""

SMALLEST = 2
"""A cluster with fewer customers is dissolved into its neighbours."""

SEED = 20_261_101
_ROUGH_SAMPLE, _STARTS = 4_000, 4
_MIXTURE_SAMPLE = 8_000
_SOFTENING = 0.02
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Centroids:
    """k-means: a customer belongs to the nearest centre. `centres` has shape (clusters, features), scaled units."""

    features: tuple[str, ...]
    centres: Float32Array

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Cluster of each customer, shape (n,)."""
        with one_thread():
            return self.nearest(customers.scaled(self.features))

    def nearest(self, points: Float32Array) -> CodeArray:
        """Cluster of each point, shape (n,), from points of shape (n, features); of equal ones the first."""
        half = 0.5 * np.einsum("ij,ij->i", self.centres, self.centres)[:, None]
        return _smallest(points, lambda chunk: half - self.centres @ chunk.T)

    def keep(self, clusters: npt.NDArray[np.intp]) -> Centroids:
        """The model without the other clusters."""
        return Centroids(self.features, self.centres[clusters])


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Gaussian mixture: a customer belongs to the most probable component.

    `whitening` has shape (clusters, features, features), `centres` (clusters, features) holds the whitened means,
    `handicap` (clusters,) what each component is behind by before anyone is measured.
    """

    features: tuple[str, ...]
    whitening: Float32Array
    centres: Float32Array
    handicap: Float32Array

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Cluster of each customer, shape (n,)."""
        with one_thread():
            return self.nearest(customers.scaled(self.features))

    def nearest(self, points: Float32Array) -> CodeArray:
        """Cluster of each point, shape (n,), from points of shape (n, features); of equal ones the first."""
        return _smallest(points, self._unlikeliness)

    def keep(self, clusters: npt.NDArray[np.intp]) -> Mixture:
        """The model without the other clusters."""
        return Mixture(self.features, self.whitening[clusters], self.centres[clusters], self.handicap[clusters])

    def _unlikeliness(self, chunk: Float32Array) -> Float32Array:
        found = np.empty((len(self.centres), len(chunk)), dtype=np.float32)
        for row, whitening, centre, handicap in zip(found, self.whitening, self.centres, self.handicap, strict=True):
            away = chunk @ whitening - centre
            np.einsum("ij,ij->i", away, away, out=row)
            row *= 0.5
            row += handicap
        return found


ClusterModel = Centroids | Mixture


def fit_clusters(customers: CustomerTable, settings: SegmentSettings) -> tuple[ClusterModel, CodeArray]:
    """A model with at most `settings.clusters` clusters, and the cluster of each customer, shape (n,).

    There are fewer clusters where the customers have fewer different values than that. Raises NotEnoughData below
    two customers per cluster, or where the chosen features are the same for everyone.
    """
    names = chosen_features(customers, settings)
    wanted = settings.clusters
    if customers.n < SMALLEST * wanted:
        fits = customers.n // SMALLEST
        step = f"Ask for {fits} segments, or add a larger export." if fits >= SMALLEST else "Add a larger export."
        raise NotEnoughData(
            f"customers for {wanted} segments", have=customers.n, need=SMALLEST * wanted, next_step=step
        )
    points = customers.scaled(names)
    sample = points[:SAMPLE]
    kinds = different_points(sample)
    if kinds < SMALLEST:
        raise NotEnoughData(
            "different customers: in the chosen features they are all alike",
            have=kinds,
            need=SMALLEST,
            next_step="Choose other features, or use a longer export.",
        )
    fit = _fit_mixture if settings.method == "mixture" else _fit_centroids
    with one_thread():
        model = fit(names, sample, min(wanted, kinds))
        return _populated(model, points)


def chosen_features(customers: CustomerTable, settings: SegmentSettings) -> tuple[str, ...]:
    """The features to cluster on, in catalogue order. Raises FeatureUnavailable or FeatureNotFound."""
    wanted = settings.features or customers.default_features() or tuple(f.name for f in customers.features)
    for name in wanted:
        customers.feature(name)
    return tuple(feature.name for feature in customers.features if feature.name in wanted)


def different_points(points: Float32Array) -> int:
    """How many different rows there are, from one sort of a fixed projection instead of a sort of whole rows."""
    weights = np.random.default_rng(SEED).uniform(1, 2, points.shape[1])
    return int(np.unique(points.astype(np.float64) @ weights).size)


def find_centres(points: Float32Array, clusters: int, *, starts: int = _STARTS) -> Float32Array:
    """k-means centres, shape (clusters, features): several starts on a part of the points, the best one on all."""
    from sklearn.cluster import KMeans  # noqa: PLC0415 - takes seconds, and most commands do not cluster

    rough = KMeans(clusters, n_init=starts, random_state=SEED).fit(points[:_ROUGH_SAMPLE])
    if len(points) <= _ROUGH_SAMPLE:
        return np.asarray(rough.cluster_centers_, dtype=np.float32)
    fine = KMeans(clusters, init=rough.cluster_centers_, n_init=1, max_iter=100).fit(points)
    return np.asarray(fine.cluster_centers_, dtype=np.float32)


def _fit_centroids(names: tuple[str, ...], points: Float32Array, clusters: int) -> Centroids:
    clusters = min(clusters, different_points(points[:_ROUGH_SAMPLE]))
    return Centroids(names, find_centres(points, clusters))


def _fit_mixture(names: tuple[str, ...], points: Float32Array, clusters: int) -> Mixture:
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - as above
    from sklearn.mixture import GaussianMixture  # noqa: PLC0415

    part = points[:_MIXTURE_SAMPLE].astype(np.float64)
    weights, means, precisions = _first_guess(part, _fit_centroids(names, points[:_MIXTURE_SAMPLE], clusters))
    fit = GaussianMixture(
        len(means),
        reg_covar=_SOFTENING,
        random_state=SEED,
        max_iter=60,
        weights_init=weights,
        means_init=means,
        precisions_init=precisions,
    )
    with warnings.catch_warnings():  # sixty rounds are enough to label by, converged or not
        warnings.simplefilter("ignore", ConvergenceWarning)
        fit.fit(part)
    whitening = np.asarray(fit.precisions_cholesky_, dtype=np.float64)
    volume = np.log(np.einsum("kii->ki", whitening)).sum(axis=1)
    return Mixture(
        features=names,
        whitening=whitening.astype(np.float32),
        centres=np.einsum("ki,kij->kj", fit.means_, whitening).astype(np.float32),
        handicap=(-volume - np.log(np.maximum(fit.weights_, 1e-12))).astype(np.float32),
    )


def _first_guess(points: FloatArray, start: Centroids) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weights, means and precisions of the k-means clusters: one good start instead of several blind ones."""
    labels = start.nearest(points.astype(np.float32))
    clusters, width = start.centres.shape
    weights = (np.bincount(labels, minlength=clusters) + 1) / (len(points) + clusters)
    means, precisions = np.empty((clusters, width)), np.empty((clusters, width, width))
    for cluster in range(clusters):
        members = points[labels == cluster]
        means[cluster] = members.mean(axis=0) if len(members) else start.centres[cluster]
        away = members - means[cluster]
        precisions[cluster] = np.linalg.inv(away.T @ away / max(len(members), 1) + _SOFTENING * np.eye(width))
    return weights, means, precisions


def _populated(model: ClusterModel, points: Float32Array) -> tuple[ClusterModel, CodeArray]:
    """Dissolve clusters that hold almost nobody, and label everyone; ends because each round loses a cluster."""
    while True:
        labels = model.nearest(points)
        sizes = np.bincount(labels)
        held = np.flatnonzero(sizes >= SMALLEST)
        clusters = len(model.centres)
        if len(held) == clusters:
            return model, labels
        model = model.keep(held)


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
