"""Segments that are too small, too alike or too many are named, each with the merge that mends it."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from segmentation.profiles import survey
from segmentation.proof.usability import (
    HOLDOUT,
    LEAST_DIFFERENCE,
    MEASURABLE,
    detectable_lift,
    distances,
    needed_customers,
    usability,
)
from segmentation.segments import Segment, SegmentSettings, segment
from tests.segmentation.planted import table_of

pytestmark = pytest.mark.filterwarnings("error")


def groups(sizes, middles):
    """Segments of these sizes around these (recency, spend), called S0, S1, ..."""
    rng = np.random.default_rng(3)
    which = np.repeat(np.arange(len(sizes)), sizes)
    days, money = np.asarray(middles, dtype=float)[which].T
    noise = rng.lognormal(0, 0.05, (2, len(which)))
    customers = table_of(recency_days=days * noise[0], orders=which + 1.0, spend=money * noise[1])
    label = (customers.raw("orders") - 1).astype(np.uint8)
    return shown(table_of_two(customers), label, len(sizes))


def table_of_two(customers):
    """The table without the column that carried the labels."""
    ids = customers.ids.to_pylist()
    raw = {name: customers.raw(name) for name in ("recency_days", "spend")}
    return type(customers).from_arrays(ids, raw, as_of=customers.as_of, ordered=True)


def shown(customers, labels, count):
    found = segment(customers, SegmentSettings(segments=2))
    return replace(
        found,
        labels=labels,
        segments=tuple(Segment(i, f"S{i}", i, "") for i in range(count)),
        profiles=survey(customers, labels, count).groups,
    )


FAR = [(10, 20), (100, 200), (600, 2_000)]


def test_well_sized_different_segments_have_nothing_to_mend():
    found = usability(groups([400, 400, 400], FAR))
    assert found.breaches == ()
    assert found.smallest == 60


def test_a_small_segment_is_to_be_merged_with_the_one_most_like_it():
    (breach,) = usability(groups([600, 570, 30], [(10, 20), (500, 2_000), (450, 1_800)]), smallest=50).breaches[:1]
    assert breach.segments == (2,)
    assert breach.merge == (1, 2)
    assert "“S2” has only 30 customers" in breach.reason
    assert breach.remedy == "Merge it with “S1”, the segment most like it."


def test_the_smallest_segment_comes_first():
    found = usability(groups([600, 40, 30], FAR), smallest=50)
    assert [breach.segments for breach in found.breaches[:2]] == [(2,), (1,)]


def test_the_one_to_keep_is_the_larger_also_when_both_are_small():
    sizes = [600, 20, 30]
    for breach in usability(groups(sizes, [(10, 20), (500, 2_000), (450, 1_800)]), smallest=50).breaches:
        keep, gone = breach.merge
        assert sizes[keep] >= sizes[gone]


def test_a_segment_too_small_to_describe_goes_to_the_smallest_other_one_and_says_so():
    found = groups([600, 100, 5], FAR)
    (breach,) = usability(found).breaches
    assert breach.merge == (1, 2)
    assert breach.remedy.endswith("the smallest other one.")


def test_a_segment_is_never_said_to_be_most_like_one_that_nobody_can_describe():
    found = groups([600, 100, 30, 5], [(10, 20), (500, 2_000), (450, 1_800), (10, 20)])
    breach = next(b for b in usability(found, smallest=50).breaches if b.segments == (2,))
    assert breach.merge == (1, 2)


def test_two_segments_nobody_could_tell_apart_are_to_be_merged_into_the_larger():
    found = usability(groups([300, 400, 500], [(10, 20), (100, 200), (101, 201)]))
    assert [breach.segments for breach in found.breaches] == [(1, 2)]
    assert found.breaches[0].merge == (2, 1)
    assert "nobody could tell them apart" in found.breaches[0].reason


def test_alike_means_less_than_half_a_standard_deviation_in_every_feature():
    found = groups([300, 400, 500], [(10, 20), (100, 200), (101, 201)])
    apart = distances(found.profiles)
    assert apart[1, 2] < LEAST_DIFFERENCE < apart[0, 1]
    assert np.isinf(np.diag(apart)).all()
    assert (apart == apart.T).all()


def test_more_than_eight_segments_are_more_than_a_team_serves():
    grid = [(10 * 6**i, 20 * 6**j) for i in range(3) for j in range(3)]
    grid[8] = (360 * 0.5, 720 * 0.5)
    found = usability(groups([100] * 9, grid))
    (breach,) = found.breaches
    assert "9 segments are more than a team usually serves" in breach.reason
    assert set(breach.merge) == set(breach.segments)
    assert usability(groups([100] * 8, grid[:8])).breaches == ()


def test_two_segments_are_never_merged_into_one():
    found = groups([1_000, 12], [(10, 20), (10, 20)])
    assert usability(found, smallest=500).breaches == ()


def test_a_small_shop_is_asked_for_a_twentieth_of_its_customers_only():
    assert usability(groups([100, 100, 100], FAR)).smallest == 15
    assert usability(groups([100, 100, 100], FAR)).breaches == ()


@pytest.mark.parametrize("sizes", [[6, 6], [4, 4, 4], [30, 30, 30], [20, 20, 20]])
def test_a_very_small_shop_is_asked_for_as_many_as_can_be_described(sizes):
    found = usability(groups(sizes, FAR))
    assert (found.smallest, found.least) == (10, min(sizes))
    assert bool(found.breaches) == (len(sizes) > 2 and min(sizes) < 10)


def test_a_persons_own_limit_counts_instead():
    found = usability(groups([400, 400, 400], FAR), smallest=500)
    assert found.smallest == 500
    assert len(found.breaches) == 3


def test_a_shop_in_which_few_order_needs_fewer_customers_to_show_a_lift_of_fifteen_points():
    sizes = [20_000, 250, 20_000]
    assert len(usability(groups(sizes, FAR), order_rate=0.03).breaches) == 0
    assert len(usability(groups(sizes, FAR), order_rate=0.4).breaches) == 1


# How many customers -----------------------------------------------------------------------------------------


def fleiss(before, after, allocation):
    """The smaller group in a two-proportion test, from Fleiss, Levin & Paik (2003), equation 4.19."""
    mean = (before + allocation * after) / (allocation + 1)
    level, power = norm.ppf(0.975), norm.ppf(0.8)
    root = level * sqrt((allocation + 1) * mean * (1 - mean))
    root += power * sqrt(allocation * before * (1 - before) + after * (1 - after))
    return root**2 / (allocation * (after - before) ** 2)


def test_the_textbook_formula_gives_the_published_figure_for_equal_groups():
    # Fleiss's well-known example of equal groups: 60 % against 70 % needs 356 in each group (80 % power, 5 %)
    assert fleiss(0.6, 0.7, 1) == pytest.approx(356, abs=1)


@pytest.mark.parametrize("rate", [0.02, 0.05, 0.15, 0.3, 0.5])
@pytest.mark.parametrize("lift", [0.05, 0.15, 0.3])
def test_the_customers_needed_are_those_of_the_textbook(rate, lift):
    control = fleiss(rate, rate + lift, (1 - HOLDOUT) / HOLDOUT)
    assert needed_customers(rate, lift) == pytest.approx(control / HOLDOUT, abs=1.01)


@pytest.mark.parametrize("rate", [0.05, 0.15, 0.4])
def test_a_segment_of_the_needed_size_shows_the_lift_in_four_of_five_campaigns(rate):
    size = needed_customers(rate)
    control = round(size * HOLDOUT)
    rng = np.random.default_rng(8)
    kept = rng.binomial(control, rate, 20_000) / control
    written = rng.binomial(size - control, rate + MEASURABLE, 20_000) / (size - control)
    mean = (kept * control + written * (size - control)) / size
    error = np.sqrt(mean * (1 - mean) * (1 / control + 1 / (size - control)))
    assert np.mean(np.abs(written - kept) > 1.959964 * error) == pytest.approx(0.8, abs=0.04)


def test_the_lift_that_can_be_seen_is_the_one_the_size_was_made_for():
    for rate in (0.05, 0.15, 0.5):
        assert detectable_lift(needed_customers(rate), rate) == pytest.approx(MEASURABLE, abs=0.001)
    assert detectable_lift(50, 0.15) > detectable_lift(500, 0.15) > detectable_lift(5_000, 0.15) > 0
    assert detectable_lift(1, 0.15) == 1.0
    assert detectable_lift(0, 0.0) == 1.0
