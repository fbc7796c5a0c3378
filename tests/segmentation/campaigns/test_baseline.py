"""The baseline is counted from what the segment's members of that time did afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from segmentation.campaigns import history


@dataclass(frozen=True)
class Window:
    orders: NDArray[np.float64]
    revenue: NDArray[np.float64]
    margin: NDArray[np.float64]

    @property
    def ordered(self) -> NDArray[np.bool_]:
        return self.orders > 0


def window(orders: list[float], revenue: list[float], margin: list[float] | None = None) -> Window:
    return Window(np.array(orders), np.array(revenue), np.array(margin or [np.nan] * len(orders)))


def labels(*values: int) -> NDArray[np.uint8]:
    return np.array(values, dtype=np.uint8)


def test_every_customer_and_buyer_is_counted_in_the_segment_of_that_time() -> None:
    first, second = history(labels(0, 0, 1, 1, 1), window([1, 0, 2, 1, 0], [10, 0, 40, 5, 0]), 2)
    assert (first.customers, first.buyers, first.orders, first.revenue) == (2, 1, 1, 10)
    assert (second.customers, second.buyers, second.orders, second.revenue) == (3, 2, 3, 45)


def test_sums_of_products_are_per_buyer() -> None:
    (only,) = history(labels(0, 0), window([2, 3], [20.0, 60.0], [8.0, 30.0]), 1)
    assert (only.orders_squares, only.revenue_squares, only.orders_revenue) == (13, 4000, 220)
    assert only.margins is not None
    assert (only.margins.margin, only.margins.margin_squares, only.margins.margin_revenue) == (38, 964, 1960)


def test_a_refund_without_an_order_in_the_window_is_left_out() -> None:
    (only,) = history(labels(0, 0), window([1, 0], [30.0, -25.0]), 1)
    assert only.revenue == 30


def test_buyers_without_costs_do_not_enter_the_margin() -> None:
    (only,) = history(labels(0, 0), window([1, 1], [10.0, 90.0], [4.0, np.nan]), 1)
    assert only.margins is not None
    assert (only.margins.buyers, only.margins.revenue, only.margins.margin) == (1, 10, 4)


def test_without_any_cost_there_is_no_margin_history() -> None:
    assert history(labels(0), window([1], [10.0]), 1)[0].margins is None


def test_a_segment_nobody_was_in_is_still_listed() -> None:
    assert [h.customers for h in history(labels(2, 2), window([0, 1], [0, 5.0]), 4)] == [0, 0, 2, 0]


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        history(labels(0, 1), window([1], [5.0]), 2)
    with pytest.raises(ValueError, match="beyond"):
        history(labels(3), window([1], [5.0]), 2)
