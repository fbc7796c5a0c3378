"""How many segments: silhouette and gap on a sample, and the number in plain words.

Sources: Rousseeuw (1987), "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis";
Tibshirani, Walther & Hastie (2001), "Estimating the number of clusters in a data set via the gap statistic".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from segmentation.customers import CodeArray, CustomerTable, Float32Array
from segmentation.errors import NotEnoughData
from segmentation.segments.clusters import SEED, chosen_features, different_points, find_centres
from segmentation.segments.models import Centroids, Space
from segmentation.segments.settings import SegmentSettings
from segmentation.segments.threads import one_thread

FEWEST_CUSTOMERS = 10
HANDY = range(4, 9)
"""Numbers of segments a small team can serve with different messages."""

WORTH_DESCRIBING = 20
"""Customers a segment should have on average; below ten it could not even be described."""

CLOSE = 0.8
"""A handy number is preferred while its silhouette is at least this part of the best one."""

LEVEL = 0.95
"""Silhouettes this close to each other do not decide anything."""

_FITTED, _MEASURED, _GAP_ROWS, _REFERENCES = 6_000, 2_500, 1_500, 4
_CLEAR = 0.5
_WEAK = 0.25


@dataclass(frozen=True, slots=True)
class Point:
    """One number of segments: its silhouette (-1 to 1) and its gap with standard error (log units)."""

    k: int
    silhouette: float
    gap: float
    gap_error: float


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A number of segments, why, and what the alternatives score."""

    k: int
    reason: str
    curve: tuple[Point, ...]


def recommend(
    customers: CustomerTable, features: tuple[str, ...] = (), *, low: int = 2, high: int = 12
) -> Recommendation:
    """The number of segments that suits these customers in these features (none: the default ones).

    Tries `low` to `high`, fewer where the customers have fewer different values; k-means on a sample, a second or
    two at any size. Raises NotEnoughData below ten customers or where all are alike.
    """
    names = chosen_features(customers, SegmentSettings(features=features))
    if customers.n < FEWEST_CUSTOMERS:
        raise NotEnoughData("customers to compare segment numbers", have=customers.n, need=FEWEST_CUSTOMERS)
    points = customers.scaled(names)[:_FITTED]
    kinds = different_points(points[:_GAP_ROWS])
    if kinds < low:
        raise NotEnoughData("different customers: in the chosen features they are all alike", have=kinds, need=low)
    most = min(high, kinds, customers.n // WORTH_DESCRIBING)
    with one_thread():
        curve = _curve(points, range(low, max(low, most) + 1))
    return Recommendation(*choose(curve), curve)


def choose(curve: tuple[Point, ...]) -> tuple[int, str]:
    """The recommended number and the reason.

    It has the best silhouette, or is a handier number with a silhouette close to it. Of handy numbers that are as
    good as level, the one nearest to where the gap stops growing.
    """
    best = max(curve, key=lambda p: (p.silhouette, -p.k))
    handy = [p for p in curve if p.k in HANDY and p.silhouette >= CLOSE * best.silhouette]
    level = [p for p in handy if p.silhouette >= LEVEL * max(h.silhouette for h in handy)]
    enough = _gap_stops(curve)
    chosen = min(level, key=lambda p: (abs(p.k - enough), p.k)) if level else best
    reason = f"{chosen.k}: {_why(chosen, best)}{_next(chosen, curve)}"
    if chosen.silhouette < _WEAK:
        reason += ". The groups run into each other, so take the number that you can serve"
    return chosen.k, f"{reason}."


def _gap_stops(curve: tuple[Point, ...]) -> int:
    """The smallest number whose gap the next one does not beat by a standard error (Tibshirani et al., eq. 4)."""
    return next((p.k for p, after in pairwise(curve) if p.gap >= after.gap - after.gap_error), curve[-1].k)


def _why(chosen: Point, best: Point) -> str:
    if chosen.k == best.k:
        how = "clear separation" if chosen.silhouette >= _CLEAR else "separation of those tried"
        return f"the best {how} (silhouette {chosen.silhouette:.2f})".replace("best clear", "clearest")
    return (
        f"nearly as well separated as {best.k} (silhouette {chosen.silhouette:.2f} against {best.silhouette:.2f}) "
        "and more useful for different messages"
    )


def _next(chosen: Point, curve: tuple[Point, ...]) -> str:
    after = next((p for p in curve if p.k == chosen.k + 1), None)
    if after is None or after.silhouette > chosen.silhouette:
        return ""
    if after.gap - after.gap_error <= chosen.gap:
        return f"; {after.k} splits a group without gaining"
    return f"; {after.k} is less clear (silhouette {after.silhouette:.2f})"


def _curve(points: Float32Array, numbers: range) -> tuple[Point, ...]:
    distances = _distances(points[:_MEASURED])
    sample = points[:_GAP_ROWS]
    references = _references(sample, np.random.default_rng(SEED))
    found = []
    for k in numbers:
        model = Centroids(Space(()), find_centres(points, k))
        expected = [_log_spread(r, Centroids(Space(()), find_centres(r, k, starts=1))) for r in references]
        gap = float(np.mean(expected)) - _log_spread(sample, model)
        error = float(np.std(expected)) * np.sqrt(1 + 1 / len(references))
        found.append(Point(k, silhouette(distances, model.nearest(points[:_MEASURED])), gap, float(error)))
    return tuple(found)


def silhouette(distances: Float32Array, labels: CodeArray) -> float:
    """Mean silhouette of points with these pairwise distances, shape (m, m), and labels, shape (m,).

    A point alone in its cluster counts as 0, as in Rousseeuw (1987); 0 too where there is only one cluster.
    """
    present, at = np.unique(labels, return_inverse=True)
    if present.size < 2:
        return 0.0
    member = np.eye(present.size, dtype=np.float32)[at]
    sums, sizes = distances @ member, member.sum(axis=0)
    rows = np.arange(len(at))
    own = sums[rows, at] / np.maximum(sizes[at] - 1, 1)
    others = sums / sizes
    others[rows, at] = np.inf
    nearest = others.min(axis=1)
    widest = np.maximum(np.maximum(own, nearest), 1e-12)
    return float(np.where(sizes[at] > 1, (nearest - own) / widest, 0.0).mean(dtype=np.float64))


def _distances(points: Float32Array) -> Float32Array:
    squares = np.einsum("ij,ij->i", points, points)
    apart = np.maximum(squares[:, None] + squares - 2 * (points @ points.T), 0)
    np.fill_diagonal(apart, 0)
    return np.asarray(np.sqrt(apart))


def _references(sample: Float32Array, rng: np.random.Generator) -> list[Float32Array]:
    """Structureless data in the box of the sample's principal axes."""
    centre = sample.mean(axis=0, dtype=np.float64)
    _, _, axes = np.linalg.svd(sample - centre, full_matrices=False)
    turned = (sample - centre) @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    draws = [rng.uniform(low, high, size=turned.shape) @ axes + centre for _ in range(_REFERENCES)]
    return [draw.astype(np.float32) for draw in draws]


def _log_spread(points: npt.NDArray[np.float32], model: Centroids) -> float:
    away = points - model.centres[model.nearest(points)]
    return float(np.log(max(float((away.astype(np.float64) ** 2).sum()), 1e-12)))
