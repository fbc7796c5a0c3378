"""Shares of orders in a crowd come by chance from as many orders as each customer has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from segmentation.customers import CustomerTable, catalogue
from segmentation.estimates import Unknown
from segmentation.proof.null_model import fit_null_model
from segmentation.proof.shares_of_orders import Leaning, SharesOfOrders, one_hump
from segmentation.proof.structure import Structure, structure, structure_in
from segmentation.proof.verdicts import real
from segmentation.segments.models import Space

pytestmark = pytest.mark.filterwarnings("error")

N = 1_500
NUMBERS = range(2, 9)


def shop(seed: int, leaning: np.ndarray | None = None, *, fewest: int = 1) -> CustomerTable:
    """Customers with few orders each, of which some have a discount by chance; `leaning` is each one's chance."""
    rng = np.random.default_rng(seed)
    orders = fewest + rng.poisson(rng.gamma(0.7, 2.0, N)).astype(float)
    chance = rng.beta(2, 4, N) if leaning is None else leaning
    basket = rng.lognormal(3.5, 0.5, N)
    raw = {
        "recency_days": np.floor(rng.exponential(120, N)) + 1,
        "orders": orders,
        "spend": orders * basket,
        "average_order": basket,
        "gap_days": np.where(orders > 1, rng.gamma(2, 30, N), np.nan),
        "discount_share": rng.binomial(orders.astype(int), chance) / orders,
    }
    ids = np.arange(N).astype(str).tolist()
    return CustomerTable.from_arrays(ids, raw, as_of=date(2026, 5, 1), ordered=True)


SPACE = Space(("recency_days", "orders", "spend", "average_order", "discount_share"))


def found(customers: CustomerTable, space: Space = SPACE) -> Structure:
    shape = structure_in(customers, space, NUMBERS, seed=3)
    assert isinstance(shape, Structure)
    return shape


def test_a_share_of_few_orders_makes_no_groups_of_one_crowd() -> None:
    for seed in range(3):
        customers = shop(seed)
        smooth = structure(SPACE.points(customers), NUMBERS, seed=3)
        assert isinstance(smooth, Structure)
        assert found(customers).statistic < smooth.statistic - 0.5
        assert found(customers).statistic < 2.0


def test_customers_of_many_orders_who_always_or_never_take_discounts_stand_out_more_than_before() -> None:
    kinds = np.where(np.random.default_rng(5).random(N) < 0.5, 0.03, 0.97)
    customers = shop(6, kinds, fewest=7)
    smooth = structure(SPACE.points(customers), NUMBERS, seed=3)
    assert isinstance(smooth, Structure)
    assert found(customers).statistic > smooth.statistic + 0.5
    assert found(customers).statistic > found(shop(6, fewest=7)).statistic + 0.5


def test_orders_count_also_where_customers_are_not_to_be_alike_in_them() -> None:
    space = SPACE.only(["recency_days", "average_order", "discount_share"])
    assert found(shop(1), space).statistic < 2.0


def test_what_has_no_value_for_who_ordered_once_is_left_out_and_said() -> None:
    customers = shop(2)
    wide = replace(SPACE, features=(*SPACE.features, "gap_days"))
    shape = found(customers, wide)
    assert shape.left_out == ("gap_days",)
    assert shape.statistic == found(customers).statistic
    assert real(shape).evidence.endswith(" Without Days between orders, which have no value where orders are few.")
    assert "Without" not in real(found(customers)).evidence
    alone = structure_in(customers, Space(("gap_days",)), seed=3)
    assert isinstance(alone, Unknown)
    assert "Choose recency, orders or spend too." in alone.reason


def test_a_crowd_has_shares_of_whole_orders_and_the_means_of_the_data() -> None:
    customers = shop(4)
    points = SPACE.points(customers)
    centred = points - points.mean(axis=0)
    raw = customers.raw("discount_share")
    given = SharesOfOrders((4,), raw[:, None], customers.raw("orders"), 1)
    drawn = fit_null_model(centred, np.random.default_rng(1), given).draw(N, np.random.default_rng(2))
    assert drawn.shape == points.shape
    assert drawn.mean(axis=0) == pytest.approx(centred.mean(axis=0), abs=1e-3)
    assert drawn.std(axis=0) == pytest.approx(centred.std(axis=0), rel=1e-3)
    once, levels = drawn[:, 1] < np.median(drawn[:, 1]) + 1e-3, np.round(drawn[:, 4], 4)
    singles = levels[once & (drawn[:, 1] == drawn[:, 1].min())]
    assert len(np.unique(singles)) == 2  # one order: none or all with a discount
    assert np.corrcoef(drawn.T)[2, 3] == pytest.approx(np.corrcoef(points.T)[2, 3], abs=0.06)


def test_the_leaning_of_a_crowd_is_found_again_by_moments() -> None:
    rng = np.random.default_rng(7)
    orders = 1.0 + rng.poisson(4, 40_000)
    shares = rng.binomial(orders.astype(int), rng.beta(3, 6, 40_000)) / orders
    assert one_hump(shares, orders) == pytest.approx((3, 6), rel=0.05)


@pytest.mark.parametrize("mean", [0.02, 0.3, 0.5, 0.9])
def test_a_leaning_never_has_two_humps(mean: float) -> None:
    rng = np.random.default_rng(8)
    orders = np.full(5_000, 6.0)
    shares = (rng.random(5_000) < mean).astype(float)  # all or nothing
    one, other = one_hump(shares, orders)
    assert max(one, other) == pytest.approx(1.0)
    assert one / (one + other) == pytest.approx(shares.mean(), abs=1e-9)


def test_where_everyone_ordered_once_chance_says_it_all() -> None:
    shares = np.repeat([0.0, 1.0], [300, 100])
    one, other = one_hump(shares, np.ones(400))
    assert one / (one + other) == pytest.approx(0.25)
    column = shares * 2.0 - 0.5
    drawn = Leaning.of(shares, np.ones(400), column).draw(
        np.random.default_rng(1).random(20_000), np.ones(20_000, dtype=np.int64), np.random.default_rng(2)
    )
    assert set(drawn.tolist()) == {-0.5, 1.5}
    assert (drawn == 1.5).mean() == pytest.approx(0.25, abs=0.01)


def test_customers_of_whom_only_refunds_are_known_do_not_move_the_place_of_a_share() -> None:
    shares, column = np.array([np.nan, 0.0, 0.5, 1.0, 0.0]), np.array([0.3, -1.0, 0.0, 1.0, -1.0])
    leaning = Leaning.of(shares, np.array([1.0, 4, 4, 4, 4]), column)
    assert leaning.at.tolist() == [0.0, 0.5, 1.0]
    assert leaning.to.tolist() == [-1.0, 0.0, 1.0]


def test_columns_that_do_not_move_are_left_out_of_the_shares_too() -> None:
    given = SharesOfOrders((1, 3), np.array([[0.0, 1.0]]), np.ones(1), 2)
    kept = given.among([True, False, True, True])
    assert kept is not None
    assert (kept.columns, kept.counted_in, kept.shares.tolist()) == ((2,), 1, [[1.0]])
    without = given.among([True, True, False, True])
    assert without is not None
    assert (without.columns, without.counted_in) == ((1, 2), None)
    assert given.among([True, False, True, False]) is None


def test_the_catalogue_knows_which_features_are_shares_of_orders() -> None:
    known = catalogue().features
    shares = {one.name for one in known if one.is_share_of_orders}
    assert shares == {"discount_share", "weekend_share", "season_share", "main_channel_share"}
    assert {one.name for one in known if one.undefined_for_few} == {"gap_days", "refund_share", "trend"}
