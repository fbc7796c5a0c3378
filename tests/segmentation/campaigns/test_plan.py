"""The ROI table: figures that follow from each other, and sentences where there are none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from segmentation.assumptions import Assumptions, Margin, ShopAssumptions
from segmentation.campaigns import MarginHistory, PlanRow, SegmentHistory, plan, plan_table
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Estimate, Unknown


def buyers_like(customers: int, buyers: int, *, each: float = 1.5, value: float = 50.0, margin: float | None = 0.4):
    """A segment whose buyers placed 1 or 2 × `each` - 1 orders, half and half, of values around `value`."""
    orders = np.tile([1.0, 2.0 * each - 1.0], buyers // 2 + 1)[:buyers]
    revenue = orders * value * np.tile([0.7, 1.3, 1.3, 0.7], buyers // 4 + 1)[:buyers]
    earned = revenue * (margin or 0.0)
    margins = MarginHistory(
        buyers=buyers,
        margin=earned.sum(),
        margin_squares=(earned**2).sum(),
        revenue=revenue.sum(),
        revenue_squares=(revenue**2).sum(),
        margin_revenue=(earned * revenue).sum(),
    )
    return SegmentHistory(
        customers=customers,
        buyers=buyers,
        orders=orders.sum(),
        orders_squares=(orders**2).sum(),
        revenue=revenue.sum(),
        revenue_squares=(revenue**2).sum(),
        orders_revenue=(orders * revenue).sum(),
        margins=margins if margin is not None and buyers else None,
    )


def one(history: SegmentHistory | Unknown, assumptions: Assumptions | None = None, customers: int = 1000) -> PlanRow:
    histories = history if isinstance(history, Unknown) else [history]
    return plan(["A"], [customers], None, histories, assumptions or Assumptions()).rows[0]


def value(figure: Estimate | Unknown | float) -> float:
    assert not isinstance(figure, Unknown), figure
    return figure.value if isinstance(figure, Estimate) else figure


STEADY = buyers_like(1000, 300)


def test_profit_is_extra_margin_less_cost_and_roi_is_profit_per_cost() -> None:
    row = one(STEADY, Assumptions(offer_kind="percent", offer_value=0.02, fixed_cost=20.0))
    assert value(row.profit) == pytest.approx(value(row.incremental_margin) - value(row.cost))
    assert value(row.roi) == pytest.approx(value(row.profit) / value(row.cost))


def test_weekly_buyers_bring_more_extra_orders_than_their_number() -> None:
    certain = Assumptions(uplift_low=0.10, uplift_mid=0.10, uplift_high=0.10)
    row = one(buyers_like(1000, 1000, each=4.0), certain)
    assert value(row.incremental_orders) == pytest.approx(1000 * 4.0 * 0.10, rel=0.01)


def test_a_discount_is_paid_on_orders_that_would_have_come_anyway() -> None:
    nothing_gained = Assumptions(
        uplift_low=0, uplift_mid=0, uplift_high=0, offer_kind="amount", offer_value=2.0, contact_cost=0.0
    )
    row = one(STEADY, nothing_gained)
    assert value(row.cost) == pytest.approx(1000 * 0.30 * 1.5 * 2.0, rel=0.01)


def test_percent_and_amount_off_cost_the_same_where_they_are_the_same_money() -> None:
    percent = one(STEADY, Assumptions(offer_kind="percent", offer_value=0.10))
    amount = one(STEADY, Assumptions(offer_kind="amount", offer_value=0.10 * value(percent.order_value)))
    assert value(percent.cost) == pytest.approx(value(amount.cost), rel=0.002)


def test_at_the_break_even_uplift_the_expected_profit_is_zero() -> None:
    base = Assumptions(offer_kind="percent", offer_value=0.05, fixed_cost=30.0)
    u = value(one(STEADY, base).break_even_uplift)
    at = replace(base, uplift_low=u, uplift_mid=u, uplift_high=u)
    assert value(one(STEADY, at).profit) == pytest.approx(0.0, abs=1e-6)


def test_an_offer_above_the_margin_says_that_no_uplift_can_pay_for_it() -> None:
    row = one(STEADY, Assumptions(offer_kind="percent", offer_value=0.45))
    assert isinstance(row.break_even_uplift, Unknown)
    assert "no uplift can pay" in row.break_even_uplift.reason
    assert value(row.profit) < 0


def test_without_an_uplift_nothing_is_ever_profitable_and_nobody_is_contacted() -> None:
    nothing = Assumptions(uplift_low=0, uplift_mid=0, uplift_high=0)
    result = plan(["A", "B"], [500, 500], None, [STEADY, buyers_like(400, 20)], nothing)
    assert [value(row.chance_of_loss) for row in result.rows] == [1.0, 1.0]
    assert result.total.chosen == 0
    assert isinstance(result.total.profit, Unknown)


def test_only_customers_with_consent_are_contacted() -> None:
    result = plan(["A"], [1000], [250], [STEADY], Assumptions())
    assert result.rows[0].chosen == 250
    assert not any("consent column" in note for note in result.notes)


def test_without_a_consent_column_the_plan_says_so() -> None:
    assert any("no consent column" in note for note in plan(["A"], [1000], None, [STEADY], Assumptions()).notes)


@pytest.mark.parametrize(
    ("history", "customers", "sentence"),
    [
        (Unknown("The history is shorter than the window."), 1000, "shorter than the window"),
        (buyers_like(0, 0), 1000, "Nobody was in this segment"),
        (buyers_like(8, 4), 1000, "Only 8 customers"),
        (buyers_like(1000, 300), 9, "9 customers: too few to describe"),
    ],
)
def test_a_segment_without_a_baseline_says_why(
    history: SegmentHistory | Unknown, customers: int, sentence: str
) -> None:
    histories = history if isinstance(history, Unknown) else [STEADY, history]
    names = ["B"] if isinstance(history, Unknown) else ["A", "B"]
    row = plan(names, [1000, customers][-len(names) :], None, histories, Assumptions()).rows[-1]
    for figure in (row.baseline_rate, row.profit, row.roi, row.chance_of_loss, row.break_even_uplift):
        assert isinstance(figure, Unknown)
        assert sentence in figure.reason
    assert (row.chosen, row.spent) == (0, 0.0)


def test_a_shop_where_nobody_ordered_has_no_plan_but_says_why() -> None:
    row = one(buyers_like(500, 0))
    assert isinstance(row.profit, Unknown)
    assert "nothing to lift" in row.profit.reason


def test_a_segment_whose_orders_were_all_refunded_says_so() -> None:
    refunded = replace(buyers_like(500, 20), revenue=0.0, orders_revenue=0.0)
    row = plan(["A", "B"], [500, 500], None, [STEADY, refunded], Assumptions()).rows[1]
    assert isinstance(row.order_value, Unknown)
    assert "refunded" in row.order_value.reason


def test_no_segments_make_an_empty_plan() -> None:
    assert plan([], [], None, [], Assumptions()).rows == ()


def test_a_segment_without_buyers_borrows_the_shops_order_value_with_more_doubt() -> None:
    rows = plan(["A", "B", "C"], [500] * 3, None, [STEADY, STEADY, buyers_like(400, 0)], Assumptions()).rows
    own, borrowed = rows[0].order_value, rows[2].order_value
    assert isinstance(own, Estimate)
    assert isinstance(borrowed, Estimate)
    assert borrowed.value == pytest.approx(own.value, rel=0.05)
    assert borrowed.high - borrowed.low > 2 * (own.high - own.low)
    assert value(rows[2].baseline_rate) < 0.01


def test_the_margin_counts_only_where_there_are_no_costs() -> None:
    stated = plan(["A"], [1000], None, [buyers_like(1000, 300, margin=None)], Assumptions(margin=0.25))
    known = plan(["A"], [1000], None, [STEADY], Assumptions(margin=0.25))
    assert value(stated.rows[0].margin_rate) == 0.25
    assert stated.margin == Margin(0.25, "stated")
    assert not stated.own_margins
    assert any("as stated" in line for line in stated.assumed)
    assert value(known.rows[0].margin_rate) == pytest.approx(0.4)
    assert known.own_margins
    assert not any(line.startswith("Margin") for line in known.assumed)


def test_a_margin_stated_over_the_unit_costs_counts_for_every_segment() -> None:
    assumed = ShopAssumptions(measured=0.4).state(margin=0.25)
    result = plan(["A"], [1000], None, [STEADY], assumed.values, margin=assumed.margin)
    assert value(result.rows[0].margin_rate) == 0.25
    assert any("25 % of order value, as stated in place of" in line for line in result.assumed)


@pytest.mark.parametrize(
    ("assumed", "share", "said"),
    [
        (ShopAssumptions(), 0.3, "nobody stated one"),
        (ShopAssumptions(measured=0.6), 0.6, "measured from the unit costs"),
        (ShopAssumptions().state(margin=0.2), 0.2, "as stated; no unit costs"),
    ],
)
def test_where_the_window_has_no_costs_the_margin_of_the_shop_counts_with_its_source(
    assumed: ShopAssumptions, share: float, said: str
) -> None:
    bare = buyers_like(1000, 300, margin=None)
    result = plan(["A"], [1000], None, [bare], assumed.values, margin=assumed.margin)
    assert value(result.rows[0].margin_rate) == share
    assert any(said in line for line in result.assumed)


def test_goods_sold_below_cost_lose_money() -> None:
    row = one(buyers_like(1000, 300, margin=-0.1))
    assert value(row.incremental_margin) < 0
    assert value(row.chance_of_loss) == 1.0


def test_the_same_plan_comes_out_twice() -> None:
    assert one(STEADY) == one(STEADY)


def test_a_campaign_that_costs_nothing_has_no_return_on_its_cost() -> None:
    row = one(STEADY, Assumptions(contact_cost=0.0))
    assert isinstance(row.roi, Unknown)
    assert "Nothing is spent" in row.roi.reason
    assert row.chosen == 1000


def test_the_total_is_the_sum_of_the_contacted_segments() -> None:
    result = plan(["A", "B"], [1000, 800], None, [STEADY, buyers_like(900, 90)], Assumptions())
    assert result.total.chosen == 1800
    assert result.total.spent == pytest.approx(sum(row.spent for row in result.rows))
    assert value(result.total.profit) == pytest.approx(sum(value(row.profit) for row in result.rows))


def test_a_budget_is_never_overspent_and_goes_to_the_best_segment_first() -> None:
    histories = [buyers_like(1000, 300, value=20.0), buyers_like(1000, 300, value=80.0)]
    result = plan(["low", "high"], [1000, 1000], None, histories, Assumptions(contact_cost=0.05), budget=65.0)
    low, high = result.rows
    assert high.chosen == 1000
    assert low.chosen == 300
    assert result.total.spent <= 65.0 + 1e-9


def test_the_season_and_the_days_of_the_baseline_are_named() -> None:
    notes = plan(["A"], [1000], None, [STEADY], Assumptions(window_days=30), as_of=date(2026, 11, 1)).notes
    assert "2 October 2026 to 31 October 2026" in notes[0]
    assert "season" in notes[1]


def test_few_expected_orders_are_called_luck() -> None:
    notes = plan(["Tiny"], [20], None, [STEADY], Assumptions()).notes
    assert any("“Tiny”" in note and "luck" in note for note in notes)


@pytest.mark.parametrize(
    "wrong",
    [
        {"uplift_low": 0.2},
        {"uplift_mid": float("nan")},
        {"margin": 1.5},
        {"offer_kind": "gift"},
        {"offer_kind": "percent", "offer_value": 10.0},
        {"window_days": 0},
    ],
)
def test_assumptions_that_cannot_be_are_refused_at_birth(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingOutOfRange):
        Assumptions(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("budget", [-1.0, float("nan"), 1e13])
def test_a_budget_that_cannot_be_is_refused(budget: float) -> None:
    with pytest.raises(SettingOutOfRange, match="budget"):
        plan(["A"], [1000], None, [STEADY], Assumptions(), budget=budget)


def test_the_table_has_a_cell_for_every_header_and_a_remark_for_every_gap() -> None:
    result = plan(["A", "B"], [1000, 5], None, [STEADY, STEADY], Assumptions())
    headers, rows = plan_table(result, "EUR")
    assert all(len(row) == len(headers) for row in rows)
    assert "Profit (EUR)" in headers
    assert rows[0][-1] == ""
    assert rows[1][-1] == "5 customers: too few to describe."
