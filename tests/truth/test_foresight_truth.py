"""What can be foreseen, and how much segments keep of it, in shops made up order by order (`foresight_shops`).

`TESSERA_TRUTH=full` runs all shops; otherwise a tenth, with one shop of each kind allowed to be unlucky.
"""

from __future__ import annotations

import os
from functools import cache

import numpy as np
import pytest

from segmentation.customers import CustomerTable
from segmentation.proof.backtest import Backtest, backtest
from segmentation.segments import Segmentation, SegmentSettings, segment
from tests.truth import foresight_shops as shops

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
SHOPS = 40 if FULL else 4
UNLUCKY = 2 if FULL else 1
CUSTOMERS = (800, 3_000)
SETTINGS = SegmentSettings(segments=5, features=("recency_days", "orders", "spend", "average_order"))
PAST_SPEND = {"spend_so_far", "last_window", "boosted_trees"}


def fit(customers: CustomerTable) -> Segmentation:
    return segment(customers, SETTINGS)


@cache
def proven(kind: shops.Shop) -> tuple[Backtest, ...]:
    rng = np.random.default_rng(31)
    found = [backtest(kind(rng, int(rng.integers(*CUSTOMERS))).splits(), fit, resamples=200) for _ in range(SHOPS)]
    assert all(isinstance(one, Backtest) for one in found)
    return tuple(one for one in found if isinstance(one, Backtest))


def mean(found: tuple[Backtest, ...], method: str) -> float:
    return float(np.mean([one.explained[method].value for one in found]))


@pytest.mark.parametrize(
    ("kind", "winners"),
    [
        (shops.own_rates, {"spend_so_far", "boosted_trees"}),
        (shops.whales, {"spend_so_far", "boosted_trees"}),
        (shops.growing, PAST_SPEND),
        (shops.moods, {"last_window", "boosted_trees"}),
        (shops.twice_a_year, {"boosted_trees"}),
        (shops.four_kinds, {"segments", "boosted_trees", "rfm"}),
        (shops.all_alike, {"level"}),
    ],
)
def test_the_winner_is_who_can_know(kind: shops.Shop, winners: set[str]) -> None:
    named = [one.winner for one in proven(kind)]
    assert sum(winner not in winners for winner in named) <= UNLUCKY, named


@pytest.mark.parametrize("kind", [shops.own_rates, shops.whales, shops.growing, shops.moods])
def test_segments_are_never_said_to_predict_best_where_past_spend_says_more(kind: shops.Shop) -> None:
    for one in proven(kind):
        assert one.foresight is not None
        assert one.foresight.standing in {"part", "little"}
        assert "use scores to rank" in one.verdict


def test_segments_that_are_the_kinds_keep_what_can_be_foreseen_and_often_predict_best() -> None:
    standing = [None if one.foresight is None else one.foresight.standing for one in proven(shops.four_kinds)]
    assert sum(one not in {"best", "level", "near"} for one in standing) <= UNLUCKY, standing
    assert standing.count("best") >= SHOPS // 4
    assert mean(proven(shops.four_kinds), "segments") > 1.5 * mean(proven(shops.four_kinds), "last_window")


def test_where_next_spend_is_luck_no_method_explains_anything_or_does_much_worse_than_the_average() -> None:
    for method in ("segments", "rfm", "spend_so_far", "last_window", "boosted_trees"):
        assert -0.02 < mean(proven(shops.all_alike), method) < 0.005


def test_each_number_says_most_where_the_shop_is_made_so() -> None:
    assert mean(proven(shops.own_rates), "spend_so_far") > mean(proven(shops.own_rates), "last_window") + 0.05
    assert mean(proven(shops.moods), "last_window") > mean(proven(shops.moods), "spend_so_far") + 0.03
    trees = mean(proven(shops.twice_a_year), "boosted_trees")
    assert trees > 2 * max(mean(proven(shops.twice_a_year), name) for name in ("spend_so_far", "last_window"))
