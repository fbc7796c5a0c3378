"""A remedy is offered only where it is worked out to help."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from segmentation.estimates import Unknown
from segmentation.profiles import survey
from segmentation.proof.number import Point, Recommendation
from segmentation.proof.remedies import Recorded, by_dropping, by_merging, by_number
from segmentation.proof.stability import stability
from segmentation.segments import Segment, SegmentSettings, segment
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")

N = 600
SHOWN = np.repeat(np.arange(3, dtype=np.uint8), [300, 200, 100])
PLACES = np.arange(3, dtype=np.uint8)
UNTOLD = Unknown("Nothing had happened yet.")


@pytest.fixture(scope="module")
def found():
    customers = planted_shop(N)[0]
    whole = segment(customers, SegmentSettings(segments=3))
    return replace(
        whole,
        labels=SHOWN,
        segments=tuple(Segment(i, f"S{i}", i, "") for i in range(3)),
        profiles=survey(customers, SHOWN, 3).groups,
    )


def remedy(found, refit, seed=1):
    recorded = Recorded(refit)
    now = stability(SHOWN, PLACES, recorded, fitted_on=N, seed=seed, refits=8)
    return by_merging(found, SHOWN, PLACES, now, recorded, fitted_on=N, seed=seed), now


def swapping(one, other):
    """A refit in which these two groups are drawn by lot among themselves."""
    rng = np.random.default_rng(1)

    def refit(_rows):
        mixed = SHOWN.copy()
        among = np.isin(SHOWN, (one, other))
        mixed[among] = rng.choice([one, other], among.sum())
        return mixed

    return refit


@pytest.mark.parametrize(("one", "other"), [(1, 2), (0, 2), (0, 1)])
def test_two_segments_that_swap_customers_are_merged_into_the_larger_with_the_effect_told(found, one, other):
    mend, now = remedy(found, swapping(one, other))
    assert mend.kind == "merge"
    assert mend.merge == (one, other)
    assert mend.before == now.segments[now.worst].jaccard.value < 0.7
    assert mend.after == 1.0


def test_segments_that_come_out_again_need_no_merge(found):
    assert remedy(found, lambda _: SHOWN)[0] is None


def test_a_merge_that_helps_little_is_not_offered(found):
    rng = np.random.default_rng(1)
    mend, now = remedy(found, lambda _: rng.permutation(SHOWN))
    assert now.segments[now.worst].jaccard.value < 0.4
    assert mend is None or mend.after >= mend.before + 0.03


def test_two_segments_are_never_merged_into_one(found):
    shown = np.minimum(SHOWN, 1)
    rng = np.random.default_rng(1)
    recorded = Recorded(lambda _: rng.integers(0, 2, N).astype(np.uint8))
    now = stability(shown, PLACES[:2], recorded, fitted_on=N, seed=1, refits=8)
    assert by_merging(found, shown, PLACES[:2], now, recorded, fitted_on=N, seed=1) is None


def test_what_was_recorded_comes_again_in_the_same_order():
    turn = iter(range(3))
    recorded = Recorded(lambda _: np.full(2, next(turn)))
    first = [recorded(np.arange(2)) for _ in range(3)]
    for _ in range(2):
        again = recorded.again()
        assert [again(np.arange(2)).tolist() for _ in range(3)] == [one.tolist() for one in first]


def advice(k, *stabilities):
    return Recommendation(
        k, "", tuple(Point(n, UNTOLD, one, UNTOLD, one) for n, one in enumerate(stabilities, start=2))
    )


def test_the_recommended_number_is_offered_where_it_holds_better():
    mend = by_number(advice(2, 0.9, 0.8, 0.6), 4, 0.6)
    assert (mend.kind, mend.number, mend.before, mend.after) == ("number", 2, 0.6, 0.9)


@pytest.mark.parametrize("k", [2, 3, 17])
def test_another_number_is_not_offered_where_it_is_taken_holds_no_better_or_nothing_is_known(k):
    assert by_number(advice(2, 0.9, 0.89), k, 0.89) is None
    assert by_number(None, k, 0.5) is None


# Dropping a feature -------------------------------------------------------------------------------------------


def kinds_and_noise(n=500):
    """Three clear kinds of customer by recency and spend, and a feature of pure noise."""
    rng = np.random.default_rng(5)
    kind = rng.integers(0, 3, n)
    return table_of(
        recency_days=np.array([5, 60, 700])[kind] * rng.lognormal(0, 0.1, n),
        spend=np.array([900, 30, 250])[kind] * rng.lognormal(0, 0.1, n),
        weekend_share=rng.random(n),
    )


def dropped(weight, names=("recency_days", "spend", "weekend_share"), method="kmeans"):
    customers = kinds_and_noise()
    settings = SegmentSettings(method=method, segments=3, features=names, weights=(("weekend_share", weight),))
    return by_dropping(customers, segment(customers, settings), seed=1)


def test_a_feature_of_heavy_noise_is_the_one_to_leave_out_with_the_effect_told():
    mend = dropped(2.0)
    assert (mend.kind, mend.feature) == ("drop", "weekend_share")
    assert mend.before < 0.85 < 0.95 < mend.after


def test_no_feature_is_left_out_where_segments_hold_already_or_only_few_are_left():
    assert dropped(0.25) is None
    assert dropped(1.0, names=("spend",)) is None


@pytest.mark.parametrize("method", ["mixture", "ward"])
def test_beside_k_means_no_feature_is_tried(method):
    assert dropped(2.0, method=method) is None
