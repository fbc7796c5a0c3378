"""Averages over a segment's buyers on a logarithmic scale, with their sampling variance from the buyers' spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segmentation.campaigns.baseline import FloatArray, SegmentHistory

BORROWED_BUYERS = 10.0
BORROWED_FREEDOM = 3.0  # degrees of freedom that the borrowed spread adds; other segments' spread is a rough guide
UNMEASURED_SPREAD = np.array([[0.25, 0.25], [0.25, 1.25]])


def order_averages(
    histories: Sequence[SegmentHistory], seen: NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log orders per buyer and log order value, shape (segments, 2), and their covariance, shape (segments, 2, 2).

    The third value is how buyers differ: squared coefficients of variation of orders and of order value, shape
    (2, segments), those of the shop for a segment that is not `seen`.
    """
    size = len(histories)
    means, covariance = np.zeros((size, 2)), np.zeros((size, 2, 2))
    spreads, freedom = np.zeros((size, 2, 2)), np.zeros(size)
    for i in map(int, np.flatnonzero(seen)):
        h = histories[i]
        n, orders, revenue = h.buyers, h.orders / h.buyers, h.revenue / h.buyers
        means[i] = np.log(orders), np.log(revenue / orders)
        # Squared coefficients of variation between buyers; n / (n - 1) makes them unbiased.
        cross = h.orders_revenue / n / (orders * revenue) - 1.0
        raw = [[h.orders_squares / n / orders**2 - 1.0, cross], [cross, h.revenue_squares / n / revenue**2 - 1.0]]
        freedom[i] = max(n - 1, 0.0)  # of windows that count in part there may be half a buyer
        spreads[i] = np.array(raw) * (n / (n - 1) if n > 1 else 0.0)
    total = freedom.sum()
    pooled = (freedom[:, None, None] * spreads).sum(axis=0) / total if total else UNMEASURED_SPREAD
    to_logs = np.array([[1.0, 0.0], [-1.0, 1.0]])  # (orders, revenue) per buyer -> (orders per buyer, value per order)
    differ = np.tile(np.diag(to_logs @ pooled @ to_logs.T)[:, None], size)
    for i in map(int, np.flatnonzero(seen)):
        spread = (freedom[i] * spreads[i] + BORROWED_BUYERS * pooled) / (freedom[i] + BORROWED_BUYERS)
        in_logs = to_logs @ spread @ to_logs.T
        differ[:, i] = np.diag(in_logs)
        covariance[i] = in_logs / histories[i].buyers * widening(freedom[i])
    for axis in (0, 1):  # identical buyers differ by 0, which rounding may turn into a little less
        covariance[:, axis, axis] = np.maximum(covariance[:, axis, axis], 0.0)
    return means, covariance, np.maximum(differ, 0.0)


def widening(freedom: float) -> float:
    """How much a variance that was itself estimated must grow: that of Student's t beside the normal."""
    known = freedom + BORROWED_FREEDOM
    return known / (known - 2.0)
