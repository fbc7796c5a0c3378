"""Which customers a box or a lasso on the map holds, evaluated over everyone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from segmentation.atlas.map import Floats
from segmentation.errors import WrongCall

Bools = NDArray[np.bool_]
Corners = NDArray[np.float64]


def inside_box(across: tuple[float, float], up: tuple[float, float], coordinates: Floats) -> Bools:
    """True for customers in the box between `across` (x) and `up` (y), its edges included, in any order of ends.

    Returns bool (n_customers,). The comparison is exact: no rounding decides who is in.
    """
    x, y = coordinates[:, 0], coordinates[:, 1]
    left, right = np.float64(min(across)), np.float64(max(across))
    low, high = np.float64(min(up)), np.float64(max(up))
    return (x >= left) & (x <= right) & (y >= low) & (y <= high)


def inside(polygon: ArrayLike, coordinates: Floats) -> Bools:
    """True for customers inside the polygon by the even-odd rule, bool (n_customers,).

    `polygon` is corners (n_corners, 2) in map units, open or closed; where its line crosses itself, what is enclosed
    twice is outside. An upright rectangle counts its edges as inside, exactly. Fewer than three corners hold nobody.
    Raises WrongCall where the corners are not finite pairs.
    """
    corners = _corners(polygon)
    if len(corners) < 3:
        return np.zeros(len(coordinates), dtype=np.bool_)
    if _is_box(corners):
        (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
        return inside_box((left, right), (low, high), coordinates)
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    candidates = np.flatnonzero(inside_box((left, right), (low, high), coordinates))
    held = np.zeros(len(coordinates), dtype=np.bool_)
    held[candidates] = _even_odd(corners, coordinates[candidates].astype(np.float64))
    return held


def _even_odd(corners: Corners, points: NDArray[np.float64]) -> Bools:
    """Even-odd test; every edge looks only at the points at its own height, found by one sort."""
    order = np.argsort(points[:, 1], kind="stable")
    x, y = points[order, 0], points[order, 1]
    odd = np.zeros(len(points), dtype=np.bool_)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        if y0 > y1:
            x0, y0, x1, y1 = x1, y1, x0, y0
        first, last = np.searchsorted(y, (y0, y1), side="left")
        at_height = slice(first, last)
        odd[at_height] ^= x[at_height] < x0 + (y[at_height] - y0) * ((x1 - x0) / (y1 - y0))
    held = np.empty_like(odd)
    held[order] = odd
    return held


def _corners(polygon: ArrayLike) -> Corners:
    corners = np.asarray(polygon, dtype=np.float64)
    if corners.size == 0:
        return np.zeros((0, 2))
    if corners.ndim != 2 or corners.shape[1] != 2 or not np.isfinite(corners).all():
        raise WrongCall("A lasso is a list of x, y pairs.", evidence=f"This one has the shape {corners.shape}.")
    closed = len(corners) > 1 and bool((corners[0] == corners[-1]).all())
    return corners[:-1] if closed else corners


def _is_box(corners: Corners) -> bool:
    """Whether four corners go round an upright rectangle."""
    if len(corners) != 4:
        return False
    steps = np.roll(corners, -1, axis=0) - corners
    across = steps[:, 1] == 0
    return bool(
        ((steps == 0).sum(axis=1) == 1).all()
        and across[0] == across[2]
        and across[0] != across[1]
        and across[1] == across[3]
    )
