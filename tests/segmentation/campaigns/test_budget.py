"""Where a budget goes."""

from __future__ import annotations

import numpy as np

from segmentation.campaigns.budget import fill


def filled(reachable, profit, cost, *, fixed=0.0, budget=None) -> list[int]:
    return fill(np.array(reachable), np.array(profit, dtype=float), np.array(cost, dtype=float), fixed, budget).tolist()


def test_without_a_budget_every_segment_that_earns_is_contacted_in_full() -> None:
    assert filled([10, 20, 30], [1.0, -0.1, 0.2], [1, 1, 1]) == [10, 0, 30]


def test_the_best_return_per_money_spent_comes_first_and_the_last_is_filled_in_part() -> None:
    assert filled([10, 10, 10], [1.0, 3.0, 1.0], [1, 2, 4], budget=26) == [6, 10, 0]


def test_a_segment_without_a_result_is_left_out() -> None:
    assert filled([10, 10], [np.nan, 1.0], [1, 1], budget=100) == [0, 10]


def test_a_fixed_cost_that_a_part_cannot_earn_back_leaves_the_segment_out() -> None:
    assert filled([100, 100], [1.0, 0.5], [1, 1], fixed=20, budget=150) == [100, 0]


def test_a_smaller_segment_may_use_what_a_larger_one_cannot() -> None:
    assert filled([1000, 10], [0.05, 0.02], [1.0, 0.1], fixed=0.1, budget=1.5) == [0, 10]


def test_no_budget_contacts_nobody_and_costless_segments_need_none() -> None:
    assert filled([5, 5], [1.0, 1.0], [1.0, 0.0], budget=0) == [0, 5]
