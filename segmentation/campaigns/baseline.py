"""What people of a segment did in a window without this campaign: the ground a plan stands on.

The people are those who *were* in the segment when the window began, and the window lies after that day. Measuring
the customers who are in the segment today would be circular: they are there because of what they did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class WindowOutcomes(Protocol):
    """What each customer did in the window; arrays of one length, money in the shop's currency.

    `margin` is NaN for a customer whose goods have no known cost.
    """

    @property
    def ordered(self) -> NDArray[np.bool_]:
        """Whether the customer ordered at least once."""
        ...

    @property
    def orders(self) -> FloatArray:
        """Number of orders."""
        ...

    @property
    def revenue(self) -> FloatArray:
        """Revenue after refunds."""
        ...

    @property
    def margin(self) -> FloatArray:
        """Revenue less the cost of the goods."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginHistory:
    """Margin of the buyers whose goods have a known cost; money in shop currency. Counts as in `SegmentHistory`.

    buyers: how many there are.
    margin: sum of their margins.
    margin_squares: sum of the squares of each one's margin.
    revenue: sum of what they spent.
    revenue_squares: sum of the squares of what each spent.
    margin_revenue: sum of each one's margin times what she spent.
    """

    buyers: float
    margin: float
    margin_squares: float
    revenue: float
    revenue_squares: float
    margin_revenue: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentHistory:
    """Sufficient statistics of one segment's window; money in shop currency. The sums of products carry how much buyers
    differ. Where several windows are one, older ones count in part, so counts need not be whole.

    customers: everyone who was in the segment when the window began.
    buyers: those who ordered in it.
    orders: sum of their orders.
    orders_squares: sum of the squares of each one's orders.
    revenue: sum of what they spent.
    revenue_squares: sum of the squares of what each spent.
    orders_revenue: sum of each one's orders times what she spent.
    margins: of those whose goods have a cost; None where there are none.
    """

    customers: float
    buyers: float
    orders: float
    orders_squares: float
    revenue: float
    revenue_squares: float
    orders_revenue: float
    margins: MarginHistory | None = None


def history(labels_then: NDArray[np.uint8], outcomes: WindowOutcomes, groups: int) -> tuple[SegmentHistory, ...]:
    """One `SegmentHistory` per segment from the labels of the day the window began, shape (n,).

    Refunds of customers who did not order in the window belong to earlier orders and are left out.
    Raises ValueError where labels and outcomes differ in length or a label is beyond `groups`.
    """
    if len(labels_then) != len(outcomes.ordered):
        raise ValueError(f"{len(labels_then)} labels do not fit {len(outcomes.ordered)} outcomes.")
    if len(labels_then) and int(labels_then.max()) >= groups:
        raise ValueError(f"Label {labels_then.max()} is beyond {groups} groups.")
    people = np.bincount(labels_then, minlength=groups)
    who = np.flatnonzero(outcomes.ordered)
    label = labels_then[who].astype(np.intp)
    orders, revenue = np.asarray(outcomes.orders)[who], np.asarray(outcomes.revenue)[who]
    sums = _sums(label, groups, orders, orders * orders, revenue, revenue * revenue, orders * revenue)
    buyers = np.bincount(label, minlength=groups)
    margins = _margins(label, groups, np.asarray(outcomes.margin)[who], revenue)
    return tuple(
        SegmentHistory(
            customers=int(people[g]),
            buyers=int(buyers[g]),
            orders=float(sums[0, g]),
            orders_squares=float(sums[1, g]),
            revenue=float(sums[2, g]),
            revenue_squares=float(sums[3, g]),
            orders_revenue=float(sums[4, g]),
            margins=margins[g],
        )
        for g in range(groups)
    )


def _margins(
    label: NDArray[np.intp], groups: int, margin: FloatArray, revenue: FloatArray
) -> list[MarginHistory | None]:
    costed = np.flatnonzero(np.isfinite(margin))
    label, margin, revenue = label[costed], margin[costed], revenue[costed]
    buyers = np.bincount(label, minlength=groups)
    sums = _sums(label, groups, margin, margin * margin, revenue, revenue * revenue, margin * revenue)
    return [
        MarginHistory(
            buyers=int(buyers[g]),
            margin=float(sums[0, g]),
            margin_squares=float(sums[1, g]),
            revenue=float(sums[2, g]),
            revenue_squares=float(sums[3, g]),
            margin_revenue=float(sums[4, g]),
        )
        if buyers[g]
        else None
        for g in range(groups)
    ]


def _sums(label: NDArray[np.intp], groups: int, *values: FloatArray) -> FloatArray:
    """Sum of each value within each group, shape (len(values), groups)."""
    return np.stack([np.bincount(label, weights=value, minlength=groups) for value in values])
