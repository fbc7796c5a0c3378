"""Features that say the same are found, and the right one is left out."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.segments.near_duplicates import ALIKE, near_duplicates
from tests.segmentation.planted import table_of

pytestmark = pytest.mark.filterwarnings("error")


def shop(n=600):
    """Spend follows orders closely; the average order has nothing to do with either; recency is the same for all."""
    rng = np.random.default_rng(4)
    orders = 1 + rng.poisson(6, n)
    return table_of(
        recency_days=np.full(n, 30.0),
        orders=orders,
        spend=orders * 20.0 * rng.lognormal(0, 0.05, n),
        average_order=rng.lognormal(3, 0.5, n),
        gap_days=rng.lognormal(3, 0.5, n),
    )


def test_two_features_that_say_the_same_are_found_with_how_much_alike_they_are():
    customers = shop()
    (found,) = near_duplicates(customers, ["orders", "spend", "average_order"])
    assert {found.kept, found.gone} == {"orders", "spend"}
    exact = np.corrcoef(customers.scaled(["orders", "spend"]).T)[0, 1]
    assert found.correlation == pytest.approx(exact, abs=1e-6)
    assert found.correlation >= ALIKE


def test_independent_features_are_no_twins():
    assert near_duplicates(shop(), ["orders", "average_order", "gap_days"]) == ()


def test_features_that_are_opposites_say_the_same():
    rng = np.random.default_rng(4)
    share = rng.random(500)
    customers = table_of(discount_share=share, weekend_share=1 - share, orders=np.ones(500))
    assert len(near_duplicates(customers, ["discount_share", "weekend_share"])) == 1


def test_of_three_that_say_the_same_one_stays():
    rng = np.random.default_rng(4)
    base = rng.lognormal(3, 0.6, 500)
    nearly = [base * rng.lognormal(0, noise, 500) for noise in (0.05, 0.08)]
    customers = table_of(spend=base, average_order=nearly[0], gap_days=nearly[1])
    found = near_duplicates(customers, ["spend", "average_order", "gap_days"])
    gone = [pair.gone for pair in found]
    assert len(gone) == len(set(gone)) == 2
    assert len({pair.kept for pair in found} - set(gone)) == 1


def test_a_feature_that_is_the_same_for_everyone_has_no_twin():
    assert near_duplicates(shop(), ["recency_days", "orders"]) == ()
    assert near_duplicates(shop(), ["recency_days"]) == near_duplicates(shop(), []) == ()
