"""One campaign: its customers' luck comes on top of the doubt about their average."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from segmentation.assumptions import Assumptions
from segmentation.campaigns import Plan, PlanRow, SegmentHistory, plan, plan_table
from segmentation.estimates import Estimate, Unknown
from tests.segmentation.campaigns.test_plan import STEADY, buyers_like


def planned(customers: int, history: SegmentHistory = STEADY, **changes: float) -> Plan:
    return plan(["A"], [customers], None, [history], replace(Assumptions(), **changes))  # type: ignore[arg-type]


def pairs(row: PlanRow) -> list[tuple[Estimate, Estimate]]:
    both = (
        (row.baseline_rate, row.single_rate),
        (row.incremental_orders, row.single_orders),
        (row.profit, row.single_profit),
        (row.roi, row.single_roi),
    )
    for mean, single in both:
        assert isinstance(mean, Estimate)
        assert isinstance(single, Estimate)
    return both  # type: ignore[return-value]


def wider(mean: Estimate, single: Estimate) -> float:
    return (single.high - single.low) / (mean.high - mean.low)


def test_one_campaign_expects_the_same_and_may_end_further_away() -> None:
    for mean, single in pairs(planned(300).rows[0]):
        assert single.value == mean.value
        assert single.low <= mean.low < mean.high <= single.high
        assert wider(mean, single) > 1.1


def test_luck_matters_less_the_more_customers_are_contacted() -> None:
    few, many = (planned(customers).rows[0] for customers in (100, 100_000))
    for (mean, single), (large_mean, large_single) in zip(pairs(few), pairs(many), strict=True):
        assert wider(mean, single) > 1.5 * wider(large_mean, large_single)
        assert wider(large_mean, large_single) < 1.1


def test_the_order_rate_of_one_window_varies_like_a_binomial_where_the_rate_is_known() -> None:
    rate = planned(400, buyers_like(1_000_000, 300_000)).rows[0].single_rate
    assert isinstance(rate, Estimate)
    assert (rate.high - rate.low) / 2 == pytest.approx(1.96 * np.sqrt(0.3 * 0.7 / 400), rel=0.08)


def test_a_small_campaign_that_pays_on_average_may_still_lose() -> None:
    row = planned(60, uplift_low=0.1, uplift_mid=0.1, uplift_high=0.1).rows[0]
    assert isinstance(row.profit, Estimate)
    assert row.profit.value > 0
    assert row.chance_of_loss == 0.0
    assert isinstance(row.single_chance_of_loss, float)
    assert 0.05 < row.single_chance_of_loss < 0.6


def test_without_an_uplift_one_campaign_always_loses_what_it_costs() -> None:
    row = planned(500, uplift_low=0, uplift_mid=0, uplift_high=0).rows[0]
    assert row.single_chance_of_loss == 1.0
    assert isinstance(row.single_profit, Estimate)
    assert row.single_profit.low == row.single_profit.high == pytest.approx(-500 * 0.05)


def test_the_total_of_one_campaign_averages_the_luck_of_its_segments() -> None:
    result = plan(["A", "B", "C"], [200] * 3, None, [STEADY] * 3, Assumptions())
    total, row = result.total.single_profit, result.rows[0].single_profit
    assert isinstance(total, Estimate)
    assert isinstance(row, Estimate)
    assert total.value == pytest.approx(3 * row.value, rel=0.01)
    assert (total.high - total.low) < 2.7 * (row.high - row.low)


def test_a_row_without_figures_has_none_of_one_campaign_either() -> None:
    row = planned(5).rows[0]
    for figure in (row.single_rate, row.single_orders, row.single_profit, row.single_roi, row.single_chance_of_loss):
        assert isinstance(figure, Unknown)
        assert "too few" in figure.reason


def test_the_table_shows_the_interval_of_one_campaign() -> None:
    result = planned(300)
    headers, rows = plan_table(result, "EUR")
    at = headers.index("One campaign: profit (EUR), low")
    single = result.rows[0].single_profit
    assert isinstance(single, Estimate)
    assert rows[0][at : at + 2] == (single.low, single.high)
    assert "One window: order rate without campaign, low" in headers
