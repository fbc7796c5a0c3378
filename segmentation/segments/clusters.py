"""Clusters: fitted on a bounded sample, then everyone is assigned by matrix products."""

from __future__ import annotations

import warnings

import numpy as np

from segmentation.customers import CodeArray, CustomerTable, Float32Array, FloatArray
from segmentation.errors import NotEnoughData
from segmentation.segments.coreset import SEED, coreset_of
from segmentation.segments.density import fit_density
from segmentation.segments.models import Centroids, ClusterModel, Mixture, Space
from segmentation.segments.settings import SegmentSettings
from segmentation.segments.threads import one_thread

SAMPLE = 20_000
"""Customers a model is fitted on; the first rows of a table are a random sample of it."""

SMALLEST = 2
"""A cluster with fewer customers is dissolved into its neighbours."""

FEWEST_CUSTOMERS = 10
"""Customers below which there is nothing to cluster."""

_MIXTURE_SAMPLE = 8_000
_WARD_SAMPLE = 2_500
_SOFTENING = 0.02


def fit_clusters(customers: CustomerTable, settings: SegmentSettings) -> tuple[ClusterModel, CodeArray]:
    """A model with at most `settings.segments` clusters, and the cluster of each customer, shape (n,).

    There are fewer clusters where the customers have fewer different values than that. Raises NotEnoughData below
    two customers per cluster, or where the chosen features are the same for everyone.
    """
    space = chosen_space(customers, settings)
    n_segments = settings.segments
    if customers.n < SMALLEST * n_segments:
        fits = customers.n // SMALLEST
        step = f"Ask for {fits} segments, or add a larger export." if fits >= SMALLEST else "Add a larger export."
        raise NotEnoughData(
            f"customers for {n_segments} segments", have=customers.n, need=SMALLEST * n_segments, next_step=step
        )
    points = space.points(customers)
    sample = points[:SAMPLE]
    kinds = different_points(sample)
    if kinds < SMALLEST:
        raise NotEnoughData(
            "different customers: in the chosen features they are all alike",
            have=kinds,
            need=SMALLEST,
            next_step="Choose other features, or use a longer export.",
        )
    with one_thread():
        model = fit_points(settings, space, sample, min(n_segments, kinds))
        return _populated(model, points)


def fit_points(settings: SegmentSettings, space: Space, points: Float32Array, n_segments: int) -> ClusterModel:
    """A model of the settings' method with at most so many clusters, from points of shape (m, features)."""
    match settings.method:
        case "mixture":
            return _fit_mixture(space, points, n_segments)
        case "ward":
            return _fit_ward(space, points, n_segments)
        case "hdbscan":
            return fit_density(space, points, n_segments)
        case _:
            return _fit_centroids(space, points, n_segments)


def chosen_features(customers: CustomerTable, settings: SegmentSettings) -> tuple[str, ...]:
    """The features to cluster on, in catalogue order. Raises FeatureUnavailable or FeatureNotFound."""
    wanted = settings.features or customers.default_features() or tuple(f.name for f in customers.features)
    for name in wanted:
        customers.feature(name)
    return tuple(feature.name for feature in customers.features if feature.name in wanted)


def chosen_space(customers: CustomerTable, settings: SegmentSettings) -> Space:
    """The features to cluster on and how much each counts. Raises FeatureUnavailable or FeatureNotFound."""
    names, heavy = chosen_features(customers, settings), dict(settings.weights)
    return Space(names, tuple(heavy.get(name, 1.0) for name in names) if heavy else ())


def different_points(points: Float32Array) -> int:
    """How many different rows there are, from one sort of a fixed projection instead of a sort of whole rows."""
    weights = np.random.default_rng(SEED).uniform(1, 2, points.shape[1])
    return int(np.unique(points.astype(np.float64) @ weights).size)


def _fit_centroids(space: Space, points: Float32Array, n_segments: int) -> Centroids:
    return Centroids(space, coreset_of(points).centres(np.arange(len(points)), n_segments))


def _fit_ward(space: Space, points: Float32Array, n_segments: int) -> Centroids:
    """Ward's tree over landmarks, cut at so many groups; everyone joins the nearest group's centre."""
    from scipy.cluster.hierarchy import fcluster, ward  # noqa: PLC0415 - as above

    landmarks = points[:_WARD_SAMPLE].astype(np.float64)
    labels = fcluster(ward(landmarks), t=min(n_segments, different_points(points[:_WARD_SAMPLE])), criterion="maxclust")
    centres = np.stack([landmarks[labels == group].mean(axis=0) for group in range(1, labels.max() + 1)])
    return Centroids(space, centres.astype(np.float32))


def _fit_mixture(space: Space, points: Float32Array, n_segments: int) -> Mixture:
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 - as above
    from sklearn.mixture import GaussianMixture  # noqa: PLC0415

    part = points[:_MIXTURE_SAMPLE].astype(np.float64)
    weights, means, precisions = _first_guess(part, _fit_centroids(space, points[:_MIXTURE_SAMPLE], n_segments))
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
        space=space,
        whitening=whitening.astype(np.float32),
        centres=np.einsum("ki,kij->kj", fit.means_, whitening).astype(np.float32),
        log_prior_offset=(-volume - np.log(np.maximum(fit.weights_, 1e-12))).astype(np.float32),
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
        if len(held) == model.groups:
            return model, labels
        model = model.keep(held)
