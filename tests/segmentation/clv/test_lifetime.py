"""Lifetime value, its interval and what follows from it."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.clv import (
    MONTHS,
    STEP_DAYS,
    Histories,
    RepeatBuying,
    Scores,
    Spending,
    Terms,
    concentration,
    expected_orders,
    fit_repeat_buying,
    fit_spending,
    forecast_value,
    joint_covariance,
    lifetime_value,
    payback,
    score,
    value_of_each,
)
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.timeline import MEAN_YEAR
from tests.segmentation.clv.simulated import shop


@pytest.fixture(scope="module")
def fitted() -> tuple[RepeatBuying, Spending, Scores]:
    seen = shop(np.random.default_rng(1), 3_000).seen
    buying, spending = fit_repeat_buying(seen), fit_spending(seen)
    assert isinstance(buying, RepeatBuying)
    assert isinstance(spending, Spending)
    return buying, spending, score(buying, spending, seen)


def total(fitted: tuple[RepeatBuying, Spending, Scores], **terms: float) -> float:
    buying, spending, scores = fitted
    return lifetime_value(scores, joint_covariance(buying, spending), Terms(**terms))[0].value


def test_value_grows_with_the_horizon_and_the_margin_and_shrinks_with_the_discount(fitted) -> None:
    by_months = [total(fitted, months=months) for months in MONTHS]
    assert by_months == sorted(by_months)
    assert total(fitted, margin=0.6) == pytest.approx(2 * total(fitted, margin=0.3))
    assert total(fitted, discount=0.2) < total(fitted, discount=0.0)


def test_without_discount_and_costs_value_is_orders_times_what_one_is_worth(fitted) -> None:
    _, _, scores = fitted
    plain = float((scores.orders[:, 3].astype(float) * scores.value).sum())
    assert total(fitted, margin=1.0, discount=0.0, months=12) == pytest.approx(plain, rel=1e-5)


def test_groups_add_up_and_their_intervals_hold_the_value(fitted) -> None:
    buying, spending, scores = fitted
    labels = (np.arange(scores.n) % 3).astype(np.uint8)
    covariance = joint_covariance(buying, spending)
    each = lifetime_value(scores, covariance, Terms(), labels, 3)
    (whole,) = lifetime_value(scores, covariance, Terms())
    assert sum(one.value for one in each) == pytest.approx(whole.value)
    assert all(one.low < one.value < one.high for one in each)
    # what is unsure about the parameters is unsure for all at once, so the whole is less sure than by chance alone
    assert whole.high - whole.low > 0.9 * np.sqrt(sum((one.high - one.low) ** 2 for one in each))


def test_a_year_by_the_command_line_is_a_year_by_the_slider(fitted) -> None:
    buying, spending, scores = fitted
    seen = shop(np.random.default_rng(1), 3_000).seen
    (asked,) = forecast_value(buying, spending, seen, STEP_DAYS * 4)
    (slid,) = lifetime_value(scores, joint_covariance(buying, spending), Terms(margin=1.0, discount=0.0, months=12))
    assert asked.value == pytest.approx(slid.value, rel=1e-4)
    assert asked.high - asked.low == pytest.approx(slid.high - slid.low, rel=0.1)


@pytest.mark.parametrize("months", MONTHS)
def test_orders_within_some_months_are_those_of_the_same_days(fitted, months: int) -> None:
    buying, _, scores = fitted
    histories = Histories.grouped(shop(np.random.default_rng(1), 3_000).seen)
    asked = expected_orders(buying, histories, months * MEAN_YEAR / 12)[histories.of]
    assert scores.orders_within(months) == pytest.approx(asked, rel=1e-5)


def test_without_a_model_of_spending_every_order_is_worth_the_usual(fitted) -> None:
    buying, _, _ = fitted
    seen = shop(np.random.default_rng(1), 3_000).seen
    scores = score(buying, Unknown("too few paid"), seen)
    assert np.unique(scores.value).tolist() == pytest.approx([seen.paid.sum() / seen.paid_days.sum()], rel=1e-5)
    assert lifetime_value(scores, joint_covariance(buying, Unknown("")), Terms())[0].value > 0


@pytest.mark.parametrize("wrong", [{"margin": -0.1}, {"margin": 1.2}, {"discount": -0.1}, {"months": 7}])
def test_terms_that_make_no_sense_are_refused_at_birth(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingOutOfRange):
        Terms(**wrong)


def test_a_few_customers_make_most_of_the_value() -> None:
    found = concentration(np.array([80.0, 10.0, 5.0, 5.0, 0.0]))
    assert (found.customers, found.share) == (1, 0.2)
    assert concentration(np.zeros(4)).customers == 0


def test_a_dearer_customer_pays_back_later_or_never(fitted) -> None:
    buying, _, _ = fitted
    months = [payback(buying, 50.0, 50.0, Terms(), cost).month for cost in (10.0, 25.0, 10_000.0)]
    assert months[0] == 0
    assert months[1] is not None
    assert months[1] > 0
    assert months[2] is None
    assert value_of_each(fitted[2], Terms()).min() >= 0
