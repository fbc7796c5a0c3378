"""Repeat buying, spending and value against shops whose customers behave exactly as the models say.

`TESSERA_TRUTH=full` makes 200 shops; otherwise a tenth, with wider bounds.
"""

from __future__ import annotations

import os
from functools import cache

import numpy as np
import pytest

from segmentation.clv import (
    RepeatBuying,
    Spending,
    fit_repeat_buying,
    fit_spending,
    forecast_value,
    total_orders,
)
from tests.segmentation.clv.simulated import Shop, shop

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
RUNS = 200 if FULL else 20
LEAST, MOST = (0.92, 0.98) if FULL else (0.75, 1.0)
BUYING = {"r": 0.6, "alpha": 60.0, "a": 0.8, "b": 2.5}
SPENDING = (6.0, 4.0, 60.0)
CUSTOMERS, DAYS = 3_000, 180


@cache
def shops() -> list[tuple[Shop, RepeatBuying, Spending]]:
    found = []
    for seed in range(RUNS):
        made = shop(np.random.default_rng([seed, 7]), CUSTOMERS, **BUYING, days=DAYS, spending=SPENDING)
        buying, spending = fit_repeat_buying(made.seen), fit_spending(made.seen)
        assert isinstance(buying, RepeatBuying)
        assert isinstance(spending, Spending)
        found.append((made, buying, spending))
    return found


def covered(inside: list[bool]) -> None:
    """Whether 95 % intervals hold the truth in about 95 % of the shops."""
    share = float(np.mean(inside))
    assert LEAST <= share <= MOST, f"{share:.1%} of {len(inside)} intervals hold the truth"


@pytest.mark.parametrize("place", range(4), ids=BUYING)
def test_the_interval_of_a_parameter_holds_it(place: int) -> None:
    truth = np.log(list(BUYING.values())[place])
    errors = [np.sqrt(fit.covariance[place][place]) for _, fit, _ in shops()]
    logs = [np.log(fit.parameters[place]) for _, fit, _ in shops()]
    covered([abs(log - truth) <= 1.96 * error for log, error in zip(logs, errors, strict=True)])


@pytest.mark.parametrize("place", range(3), ids=["p", "q", "gamma"])
def test_the_interval_of_a_parameter_of_spending_holds_it(place: int) -> None:
    truth = np.log(SPENDING[place])
    errors = [np.sqrt(fit.covariance[place][place]) for _, _, fit in shops()]
    logs = [np.log(fit.parameters[place]) for _, _, fit in shops()]
    covered([abs(log - truth) <= 1.96 * error for log, error in zip(logs, errors, strict=True)])


def test_the_interval_of_all_orders_holds_those_that_came() -> None:
    inside = []
    for made, buying, _ in shops():
        found = total_orders(buying, made.seen, DAYS)
        inside.append(found.low <= made.orders.sum() <= found.high)
    covered(inside)


def test_the_interval_of_all_revenue_holds_what_came() -> None:
    inside = []
    for made, buying, spending in shops():
        (found,) = forecast_value(buying, spending, made.seen, DAYS)
        inside.append(found.low <= made.revenue.sum() <= found.high)
    covered(inside)


def test_the_interval_of_a_group_holds_what_its_customers_did() -> None:
    """The third who ordered last: nobody knew what they would do when they were put together."""
    inside = []
    for made, buying, spending in shops():
        late = (made.seen.observed - made.seen.recency).argsort().argsort() < made.seen.n // 3
        _, found = forecast_value(buying, spending, made.seen, DAYS, late.astype(np.uint8), 2)
        inside.append(found.low <= made.revenue[late].sum() <= found.high)
    covered(inside)


def test_the_variant_finds_a_shop_where_customers_leave_at_once() -> None:
    errors = []
    for seed in range(max(RUNS // 10, 4)):
        made = shop(np.random.default_rng([seed, 9]), CUSTOMERS, **BUYING, leaves_at_once=True)
        plain, variant = (fit_repeat_buying(made.seen, model=model) for model in ("bg", "mbg"))
        assert isinstance(plain, RepeatBuying)
        assert isinstance(variant, RepeatBuying)
        errors.append(abs(variant.r - BUYING["r"]) / variant.errors[0])
        assert variant.log_likelihood > plain.log_likelihood
    assert np.mean(errors) < 2.0
