"""Cut points of the RFM scores as a person sets them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.errors import SettingOutOfRange, WrongCall
from segmentation.segments import Bands, SegmentSettings, cut_table, segment
from segmentation.segments.bands import share_boundaries
from segmentation.segments.rfm import fit_rfm, tie_safe_boundaries
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")


def scores(customers, measure, *cuts, preset="shopify"):
    """The score of each customer in a measure by its value."""
    model, _ = fit_rfm(customers, preset, cuts)
    row = ("recency_days", "orders", "spend").index(measure)
    return dict(zip(customers.raw(measure).tolist(), model.scores(customers)[row].tolist(), strict=True))


def test_a_limit_in_days_is_inclusive_and_fewer_days_score_higher():
    customers = table_of(recency_days=[30, 31, 90, 91, 180, 181, 365, 366], orders=range(1, 9), spend=range(1, 9))
    found = scores(customers, "recency_days", Bands("recency_days", (30, 90, 180, 365)))
    assert found == {30: 5, 31: 4, 90: 4, 91: 3, 180: 3, 181: 2, 365: 2, 366: 1}


def test_a_limit_in_money_or_orders_belongs_to_the_lower_score():
    customers = table_of(recency_days=range(1, 6), orders=[1, 2, 3, 5, 9], spend=[10, 50, 50.01, 200, 900])
    assert scores(customers, "spend", Bands("spend", (10, 50, 200, 500))) == {10: 1, 50: 2, 50.01: 3, 200: 3, 900: 5}
    assert scores(customers, "orders", Bands("orders", (1, 2, 3, 4))) == {1: 1, 2: 2, 3: 3, 5: 5, 9: 5}


def test_relative_cuts_put_the_asked_share_of_customers_below_each():
    customers = table_of(recency_days=range(1, 101), orders=[1] * 100, spend=range(1, 101))
    model, _ = fit_rfm(customers, "shopify", [Bands("spend", (50, 70, 85, 95), relative=True)])
    assert np.bincount(model.scores(customers)[2])[1:].tolist() == [50, 20, 15, 10, 5]
    model, _ = fit_rfm(customers, "shopify", [Bands("recency_days", (50, 70, 85, 95), relative=True)])
    assert model.scores(customers)[0][customers.raw("recency_days") <= 5].tolist() == [5] * 5


@given(st.lists(st.integers(0, 8), min_size=1, max_size=60), st.lists(st.integers(1, 99), min_size=2, max_size=4))
@settings(max_examples=60)
def test_equal_values_share_a_relative_score_and_more_never_scores_less(values, ends):
    better = np.asarray(values, dtype=float)
    found = np.searchsorted(Bands("spend", tuple(sorted(ends)), relative=True).boundaries(better), better)
    ordered = found[np.argsort(better, kind="stable")]
    assert (np.diff(ordered) >= 0).all()
    assert all(len(set(found[better == value])) == 1 for value in set(values))


def test_relative_cuts_at_fifths_are_the_presets_own():
    values = np.random.default_rng(1).lognormal(size=400).round(1)
    assert (share_boundaries(values, [0.2, 0.4, 0.6, 0.8]) == tie_safe_boundaries(values, 5)).all()
    customers, _ = planted_shop(800)
    own = SegmentSettings(method="rfm", rfm_cuts=(Bands("spend", (20, 40, 60, 80), relative=True),))
    plain = segment(customers, SegmentSettings(method="rfm"))
    assert (segment(customers, own).labels == plain.labels).all()


def test_a_measure_on_which_all_are_equal_keeps_the_middle_score_with_relative_cuts():
    customers = table_of(recency_days=range(1, 6), orders=[2] * 5, spend=range(5))
    assert scores(customers, "orders", Bands("orders", (10, 20, 30, 40), relative=True)) == {2: 3}


def test_cuts_of_one_measure_leave_the_others_as_they_were():
    customers, _ = planted_shop(500)
    plain, _ = fit_rfm(customers, "klaviyo")
    own, _ = fit_rfm(customers, "klaviyo", [Bands("spend", (100, 500))])
    assert (plain.scores(customers)[:2] == own.scores(customers)[:2]).all()
    assert own.limits("spend") == (100.0, 500.0)
    assert own.limits("recency_days") == pytest.approx((180.0, 365.0))


def test_the_presets_own_limits_are_not_changed_by_somebodys_cuts():
    customers, _ = planted_shop(500)
    before = segment(customers, SegmentSettings(method="rfm", rfm_preset="klaviyo"))
    segment(customers, SegmentSettings(method="rfm", rfm_preset="klaviyo", rfm_cuts=(Bands("spend", (1, 2)),)))
    after = segment(customers, SegmentSettings(method="rfm", rfm_preset="klaviyo"))
    assert (before.labels == after.labels).all()


def test_cuts_nobody_reaches_leave_no_empty_segment():
    customers, _ = planted_shop(500)
    cuts = (Bands("recency_days", (9000, 9001, 9002, 9003)), Bands("spend", (1e6, 2e6, 3e6, 4e6)))
    found = segment(customers, SegmentSettings(method="rfm", rfm_cuts=cuts))
    assert sum(found.sizes) == customers.n
    assert min(found.sizes) > 0


def test_the_cut_table_shows_the_limits_somebody_set():
    customers, _ = planted_shop(500)
    model, _ = fit_rfm(customers, "klaviyo", [Bands("orders", (1, 4))])
    lines = {cut.score: cut for cut in cut_table(model, customers) if cut.measure == "orders"}
    assert (lines[1].high, lines[2].low, lines[2].high, lines[3].low) == (1, 2, 4, 5)


@pytest.mark.parametrize(("preset", "ends"), [("shopify", (30, 90)), ("klaviyo", (30, 90, 180, 365))])
def test_a_number_of_cuts_that_does_not_fit_the_preset_is_refused(preset, ends):
    with pytest.raises(WrongCall, match="cut points"):
        fit_rfm(planted_shop(100)[0], preset, [Bands("recency_days", ends)])


@pytest.mark.parametrize(
    ("ends", "relative"), [((), False), ((2, 1), False), ((float("nan"),), False), ((float("inf"),), False)]
)
def test_cuts_that_fall_or_are_no_numbers_are_refused(ends, relative):
    with pytest.raises(WrongCall):
        Bands("spend", ends, relative)


@pytest.mark.parametrize("ends", [(0, 50), (50, 100), (-1, 50)])
def test_relative_cuts_lie_between_nobody_and_everybody(ends):
    with pytest.raises(SettingOutOfRange):
        Bands("spend", ends, relative=True)


@pytest.mark.parametrize("text", ["", "r", "x30", "r30,", "r3O", "m1,nan", "f2,1", "mnan"])
def test_text_that_gives_no_cuts_is_refused(text):
    with pytest.raises((WrongCall, SettingOutOfRange)):
        Bands.from_text(text)


@pytest.mark.parametrize("ends", [(-50.5, -0.001, 1e-12, 1e21), (1 / 3, 2 / 3), (30, 90, 180, 365)])
def test_negative_tiny_and_huge_cuts_come_back_from_a_key(ends):
    wanted = SegmentSettings(method="rfm", rfm_cuts=(Bands("spend", ends),))
    assert SegmentSettings.from_key(wanted.key) == wanted
    assert wanted.key.count("-") == 2
