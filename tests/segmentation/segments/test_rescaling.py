"""Other customers decide other scales, and may have no season: what that changes about each feature."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from segmentation.customers import CustomerTable, SeasonAgain
from segmentation.segments import Refitting, SegmentSettings, segment
from segmentation.segments.rescaling import Rescaling
from tests.segmentation.customers.test_season import TWO_YEARS, months

pytestmark = pytest.mark.filterwarnings("error")

FLAT = dict.fromkeys(range(1, 13), 100.0)


class Never:
    """A season that no other customers show."""

    season = (11, 12)

    def found(self, _rng):
        return False


class Always(Never):
    def found(self, _rng):
        return True


def points(n=2_000, seed=1):
    return np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32)


def test_all_rows_change_nothing():
    found = Rescaling(points())(np.arange(2_000))
    assert found == pytest.approx(np.ones(3))


def test_a_feature_that_spreads_half_as_wide_among_the_rows_is_stretched_twice():
    both = points()
    both[:1_000, 1] *= 0.5
    found = Rescaling(both)(np.arange(1_000))
    half, usual = both[:1_000, 1].std(), both[:, 1].std()
    assert found[1] == pytest.approx(usual / half, rel=0.02)
    assert found[[0, 2]] == pytest.approx(np.ones(2), rel=0.1)


def test_where_a_feature_is_the_same_for_all_rows_it_counts_for_nothing():
    both = points()
    both[:500, 2] = 3.0
    assert Rescaling(both)(np.arange(500))[2] == 0
    both[:, 2] = 3.0
    assert Rescaling(both)(np.arange(500))[2] == 0


def test_one_absurd_customer_does_not_decide_a_scale():
    both = points()
    both[7, 0] = 3_000.0
    assert Rescaling(both)(np.arange(8, 2_000))[0] == pytest.approx(1.0, abs=0.05)


def test_without_the_season_its_features_count_for_nothing():
    rows = np.arange(2_000)
    assert (Rescaling(points(), [1], Never())(rows) == 0).tolist() == [False, True, False]
    assert (Rescaling(points(), [1], Always())(rows) == 0).tolist() == [False, False, False]
    assert (Rescaling(points(), [1], None)(rows) == 0).tolist() == [False, False, False]


def test_a_refit_without_the_season_is_by_the_other_features():
    rng = np.random.default_rng(3)
    other, season = rng.integers(0, 2, 400), rng.integers(0, 2, 400)
    raw = {
        "recency_days": np.ones(400),
        "orders": 1 + 20 * other + rng.random(400),
        "spend": np.ones(400),
        "season_share": np.clip(season + rng.normal(0, 0.02, 400), 0, 1),
    }
    table = CustomerTable.from_arrays([str(i) for i in range(400)], raw, as_of=date(2026, 1, 1), season=(11, 12))
    four = segment(table, SegmentSettings(segments=2, features=("orders", "season_share")))
    again = Refitting.of(table, four, Never())(np.arange(400))
    orders = table.raw("orders")
    assert {tuple(np.unique(again[orders > 10])), tuple(np.unique(again[orders < 10]))} in ({(0,), (1,)}, {(1,), (0,)})


# The season -----------------------------------------------------------------------------------------------------


def seasonal(times: float, blocks_with_a_season: int = 200) -> SeasonAgain:
    """A shop in which so many of the 200 blocks of customers order so many times more in November and December."""
    usual, busy = months(FLAT), months(FLAT | {11: 100 * times, 12: 100 * times})
    counted = [
        (block, one.year, one.month, one.orders)
        for block in range(200)
        for one in (busy if block < blocks_with_a_season else usual)
    ]
    return SeasonAgain.of((11, 12), date(2023, 3, 1), TWO_YEARS, counted)


def again(season: SeasonAgain) -> float:
    return float(np.mean([season.found(np.random.default_rng(seed)) for seed in range(40)]))


def test_a_clear_season_of_all_customers_is_found_again_and_none_is_not():
    assert again(seasonal(2.0)) == 1.0
    assert again(seasonal(1.0)) == 0.0


def test_a_season_of_few_customers_is_found_again_sometimes():
    assert 0.1 < again(seasonal(5.0, blocks_with_a_season=20)) < 0.95


def test_the_same_draw_gives_the_same_answer():
    found = seasonal(5.0, blocks_with_a_season=20)
    assert found.found(np.random.default_rng(5)) == found.found(np.random.default_rng(5))
