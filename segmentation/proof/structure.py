"""Real groups? Whether the customers fall into groups at all, or are one crowd that any segmentation slices up.

k-means makes tight groups of anything. So its groups are compared with those it makes of one smooth crowd with the
same covariance and the same distribution of each feature, less the valleys: only what is tighter than that speaks for
groups. The idea is the gap statistic's (Tibshirani, Walther & Hastie, 2001), "Estimating the number of clusters in a
data set via the gap statistic", with a reference that follows the data instead of a box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from segmentation.customers import CustomerTable, Float32Array, FloatArray
from segmentation.estimates import Unknown
from segmentation.proof.null_model import fit_null_model
from segmentation.proof.shares_of_orders import SharesOfOrders
from segmentation.segments.clusters import different_points
from segmentation.segments.models import Space
from segmentation.segments.threads import one_thread

SAMPLE = 2_000
"""Customers who are looked at: the first of a table, who are a random sample of it."""

FEWEST_CUSTOMERS = 30
FEWEST_KINDS = 3

TOLERANCE = 0.05
"""A crowd is never exactly its model: groups tighter than expected by this share weigh as much as one standard
error, however many customers there are."""

CLEAR = 4.0
"""The separation that whole shops of one kind of customer never reached in simulation; strongly curved crowds may."""

_NULL_DRAWS = 20
_PER_GROUP = 10
_STEPS = 6
_TIGHTEST = 1e-6

Labels = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Separation:
    """How clearly one number of groups stands out.

    k: how many groups.
    size: how much tighter they are than as many slices of one crowd, in standard errors of that comparison.
    """

    k: int
    size: float


@dataclass(frozen=True, slots=True)
class Structure:
    """Whether customers form groups, or are one crowd.

    beyond_one_group: whether `statistic` is above `high`.
    statistic: the largest separation over the numbers of groups tried, in standard errors.
    low, high: what it lies between where there is one group.
    by_number: the separation of each number of groups tried.
    left_out: the chosen features that were not looked at; see `structure_in`.
    """

    beyond_one_group: bool
    statistic: float
    low: float
    high: float
    by_number: tuple[Separation, ...]
    left_out: tuple[str, ...] = ()


def structure_in(
    customers: CustomerTable, space: Space, numbers: Sequence[int] = range(2, 16), *, seed: int
) -> Structure | Unknown:
    """Whether customers form groups in these features.

    Shares of a customer's orders are compared with a crowd that has them by chance, given the orders. What has no value
    for who ordered once is left out: where one crowd has few orders each, it looks like groups. Unknown where nothing
    else is chosen.
    """
    left_out = tuple(name for name in space.features if customers.feature(name).undefined_for_few)
    kept = space.only(name for name in space.features if name not in left_out)
    if not kept.features:
        return Unknown(
            "What has no value for who ordered once cannot show groups, as most customers have few orders. Choose "
            "recency, orders or spend too."
        )
    shape = structure(kept.points(customers)[:SAMPLE], numbers, seed=seed, of_orders=_of_orders(customers, kept))
    return shape if isinstance(shape, Unknown) else replace(shape, left_out=left_out)


def _of_orders(customers: CustomerTable, space: Space) -> SharesOfOrders | None:
    """Which of these features are shares of orders; None where none is, or where orders are not known."""
    columns = tuple(i for i, name in enumerate(space.features) if customers.feature(name).is_share_of_orders)
    if not columns or "orders" not in customers.scalings:
        return None
    shares = np.stack([customers.raw(space.features[i])[:SAMPLE] for i in columns], axis=1)
    orders = np.maximum(customers.raw("orders")[:SAMPLE], 1.0)
    counted = space.features.index("orders") if "orders" in space.features else None
    return SharesOfOrders(columns, shares, orders, counted)


def structure(
    points: Float32Array,
    numbers: Sequence[int] = range(2, 16),
    *,
    seed: int,
    of_orders: SharesOfOrders | None = None,
) -> Structure | Unknown:
    """Whether points of shape (m, features), in standard deviations, hold groups beyond one smooth crowd.

    Costs about half a second for 2,000 points; hand over a sample. `numbers` are the numbers of groups to try, of
    which those are left out that give groups of less than ten; `of_orders` says which columns are shares of orders.
    Unknown with fewer than 30 customers or three different ones.
    """
    if len(points) < FEWEST_CUSTOMERS:
        return Unknown(f"Only {len(points)} customers: fewer than {FEWEST_CUSTOMERS} cannot show groups.")
    moves = np.ptp(points, axis=0) > 0
    moving = points[:, moves]
    kinds = different_points(moving) if moving.shape[1] else 1
    if kinds < FEWEST_KINDS:
        return Unknown("In the chosen features the customers are all alike, so there is nothing to tell groups by.")
    tried = tuple(sorted({k for k in numbers if 2 <= k <= min(kinds, len(points) // _PER_GROUP)})) or (2,)
    with one_thread():
        rng = np.random.default_rng(seed)
        centred = (moving - moving.mean(axis=0, dtype=np.float64)).astype(np.float32)
        null_model = fit_null_model(centred, rng, None if of_orders is None else of_orders.among(moves.tolist()))
        observed = tightness(centred, tried)
        expected = np.stack([tightness(null_model.draw(len(centred), rng), tried) for _ in range(_NULL_DRAWS)])
    sizes = _separation(observed, expected)
    chance = [_separation(one, np.delete(expected, i, axis=0)).max() for i, one in enumerate(expected)]
    low, high = float(np.min(chance)), max(CLEAR, float(np.max(chance)))
    statistic = float(sizes.max())
    return Structure(
        beyond_one_group=statistic > high,
        statistic=statistic,
        low=low,
        high=high,
        by_number=tuple(Separation(k, float(size)) for k, size in zip(tried, sizes, strict=True)),
    )


def _separation(observed: FloatArray, expected: FloatArray) -> FloatArray:
    """Shape (numbers,): how much more scatter the groups explain than slices of crowds do, in standard errors.

    `observed` (numbers,) and `expected` (crowds, numbers) are log shares of the scatter that is left. Both are compared
    as ratios, so that features in which nothing happens do not water the comparison down.
    """
    usual = np.minimum(expected.mean(axis=0), -_TIGHTEST)
    excess = observed / usual - 1
    error = expected.std(axis=0, ddof=1) / -usual
    return np.asarray(excess / np.sqrt(error**2 + TOLERANCE**2))


def tightness(points: Float32Array, numbers: Sequence[int]) -> FloatArray:
    """log(W_k / W_1), shape (numbers,): the share of the scatter left within k groups, of points with mean 0.

    k-means that grows: the group with the most scatter is split along its longest axis, then all settle for a few
    steps. One run gives all numbers without a random start, so data and crowds are measured alike.
    """
    turned = np.ascontiguousarray(points.T)
    total = float(np.einsum("ij,ij->", points, points, dtype=np.float64))
    centres, labels = np.zeros((1, points.shape[1]), dtype=np.float32), np.zeros(len(points), dtype=np.intp)
    left = {1: total}
    for k in range(2, max(numbers) + 1):
        centres = _split(points, centres, labels)
        centres, labels, sizes = _settle(points, turned, centres, labels)
        between = float((sizes * np.einsum("ij,ij->i", centres, centres, dtype=np.float64)).sum())
        left[k] = min(total - between, left[k - 1])
    shares = np.array([left[k] for k in numbers]) / max(total, 1e-12)
    return np.asarray(np.log(np.maximum(shares, _TIGHTEST)))


def _split(points: Float32Array, centres: Float32Array, labels: Labels) -> Float32Array:
    """The centres with that of the most scattered group replaced by two along its longest axis."""
    away = points - centres[labels]
    widest = int(np.bincount(labels, weights=np.einsum("ij,ij->i", away, away), minlength=len(centres)).argmax())
    members = away[labels == widest].astype(np.float64)
    lengths, axes = np.linalg.eigh(members.T @ members / len(members))
    step = (axes[:, -1] * np.sqrt(max(lengths[-1], 0.0)) * np.sqrt(2 / np.pi)).astype(np.float32)
    grown = np.vstack((centres, centres[widest] + step))
    grown[widest] -= step
    return grown


def _settle(
    points: Float32Array, turned: Float32Array, centres: Float32Array, labels: Labels
) -> tuple[Float32Array, Labels, npt.NDArray[np.intp]]:
    """A few steps of Lloyd's: centres, shape (k, features), the nearest one of each point before, and group sizes."""
    groups, rows = len(centres), np.arange(len(points))
    sizes = np.bincount(labels, minlength=groups)
    for _ in range(_STEPS):
        near = (centres @ turned - 0.5 * np.einsum("ij,ij->i", centres, centres)[:, None]).argmax(axis=0)
        if (near == labels).all():
            break
        labels, sizes = near, np.bincount(near, minlength=groups)
        member = np.zeros((groups, len(points)), dtype=np.float32)
        member[labels, rows] = 1
        centres = np.where(sizes[:, None] > 0, member @ points / np.maximum(sizes, 1)[:, None], centres)
        centres = centres.astype(np.float32)
    return centres, labels, sizes
