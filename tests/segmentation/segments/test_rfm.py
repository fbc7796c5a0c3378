import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.customers import FloatArray
from segmentation.segments import SegmentSettings, cut_table, segment
from segmentation.segments.bands import Bands
from segmentation.segments.presets import KLAVIYO, PRESETS, SHOPIFY
from segmentation.segments.rfm import fit_rfm, tie_safe_boundaries
from segmentation.segments.rhythm import Rhythm, rhythm
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")


def scores_of(values: FloatArray, scores: int = 5) -> FloatArray:
    return np.searchsorted(tie_safe_boundaries(values, scores), values, side="left") + 1


def test_equal_values_get_equal_scores_on_random_data_full_of_ties():
    rng = np.random.default_rng(1)
    for _ in range(200):
        values = rng.integers(0, rng.integers(1, 12), rng.integers(1, 60)).astype(float)
        scores = scores_of(values)
        for value in np.unique(values):
            assert len(set(scores[values == value])) == 1


def test_a_larger_value_never_scores_lower():
    values = np.random.default_rng(2).lognormal(size=500).round(1)
    assert (np.diff(scores_of(values)[np.argsort(values)]) >= 0).all()


def test_a_score_counts_the_share_of_customers_strictly_worse():
    values = np.random.default_rng(3).integers(0, 30, 400).astype(float)
    worse = (values[:, None] > values).mean(axis=1)
    assert (scores_of(values) == np.floor(5 * worse + 1e-12) + 1).all()


def test_without_ties_scores_are_quintiles():
    assert np.bincount(scores_of(np.arange(1000.0)))[1:].tolist() == [200] * 5


def test_sixty_percent_one_time_buyers_share_the_lowest_score():
    orders = np.array([1.0] * 60 + [2.0] * 20 + [3.0] * 20)
    assert scores_of(orders).tolist() == [1] * 60 + [4] * 20 + [5] * 20


def test_a_measure_on_which_all_are_equal_gives_everyone_the_middle_score():
    assert set(scores_of(np.full(7, 4.0))) == {3}
    assert set(scores_of(np.full(7, 4.0), 3)) == {2}


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda p: p.name)
def test_every_combination_of_scores_has_exactly_one_group_and_every_group_a_combination(preset):
    everything = range(1, preset.highest + 1)
    groups = [preset.group_of(r, f, m) for r, f, m in itertools.product(everything, repeat=3)]
    assert set(groups) == set(range(len(preset.groups)))
    assert preset.cells().ravel().tolist() == groups


def test_shopify_halves_of_fm_are_rounded_up():
    names = [SHOPIFY.groups[SHOPIFY.group_of(5, f, m)].name for f, m in [(1, 1), (1, 2), (3, 4), (4, 4)]]
    assert names == ["New", "Active", "Champions", "Champions"]


@pytest.mark.parametrize(
    ("r", "fm", "name"),
    [
        (5, 5, "Champions"),
        (4, 4, "Loyal"),
        (3, 5, "Loyal"),
        (4, 3, "Active"),
        (5, 1, "New"),
        (4, 1, "Promising"),
        (3, 3, "Needs attention"),
        (3, 2, "Almost lost"),
        (2, 4, "At risk"),
        (1, 5, "Previously loyal"),
        (1, 1, "Dormant"),
    ],
)
def test_shopify_cells_carry_the_names_people_know(r, fm, name):
    assert SHOPIFY.groups[SHOPIFY.group_of(r, fm, fm)].name == name


def test_klaviyo_lists_each_of_the_27_codes_once():
    codes = [code for group in KLAVIYO.groups for code in group.rule.split()]
    assert len(codes) == len(set(codes)) == 27


def test_klaviyo_counts_day_180_as_recent_and_day_181_not():
    customers = table_of(recency_days=[180, 181, 365, 366], orders=[1, 2, 3, 4], spend=[10, 20, 30, 40])
    model, _ = fit_rfm(customers, "klaviyo")
    by_day = dict(zip(customers.raw("recency_days").tolist(), model.scores(customers)[0].tolist(), strict=True))
    assert by_day == {180: 3, 181: 2, 365: 2, 366: 1}


@pytest.mark.parametrize("preset", ["shopify", "klaviyo"])
def test_every_customer_is_in_exactly_one_group_that_is_not_empty(preset):
    customers, _ = planted_shop(2_000)
    found = segment(customers, SegmentSettings(method="rfm", rfm_preset=preset))
    assert sum(found.sizes) == customers.n
    assert min(found.sizes) > 0
    assert found.labels.max() == len(found.segments) - 1
    assert (found.assign(customers) == found.labels).all()


def test_a_group_keeps_its_colour_when_others_are_empty():
    customers = table_of(recency_days=[1, 2, 3, 400, 500], orders=[9, 9, 9, 1, 1], spend=[900, 800, 700, 5, 6])
    found = segment(customers, SegmentSettings(method="rfm"))
    colours = {group.rule: position for position, group in enumerate(SHOPIFY.groups)}
    assert len(found.segments) < len(SHOPIFY.groups)
    assert [s.colour for s in found.segments] == [colours[s.rule] for s in found.segments]
    assert [s.index for s in found.segments] == list(range(len(found.segments)))


def test_the_cut_table_covers_every_customer_without_overlap():
    customers, _ = planted_shop(1_000)
    model, _ = fit_rfm(customers, "shopify")
    cuts = cut_table(model, customers)
    for measure in ("recency_days", "orders", "spend"):
        lines = [cut for cut in cuts if cut.measure == measure]
        assert sum(cut.customers for cut in lines) == customers.n
        ends = sorted((cut.low, cut.high) for cut in lines)
        assert all(before[1] < after[0] for before, after in itertools.pairwise(ends))
    recent = [cut for cut in cuts if cut.measure == "recency_days"]
    assert recent[0].score > recent[-1].score
    assert recent[0].high < recent[-1].low


def group_names(**raw: object) -> list[str]:
    """The group of the rules that each customer is in, by its usual name: segments may be called otherwise."""
    customers = table_of(**raw)
    found = segment(customers, SegmentSettings(method="rfm"))
    usual = {group.rule: group.name for group in SHOPIFY.groups}
    names = [usual[found.segments[place].rule] for place in found.labels]
    by_id = dict(zip(customers.ids.to_pylist(), names, strict=True))
    return [by_id[one] for one in sorted(by_id, key=lambda one: int(one.lstrip("c")))]


ACTIVE = {"Champions", "Loyal", "Active", "New", "Promising"}
LAPSED = {"At risk", "Previously loyal", "Dormant", "Almost lost", "Needs attention"}


@pytest.mark.parametrize("late", [10, 40, 70])
def test_who_ordered_two_days_ago_is_never_fading_because_the_others_ordered_yesterday(late):
    """Where dates tie, two days ago is the worst fifth; whatever share of the shop it is, that is no reason."""
    days = [1] * (100 - late) + [2] * late
    assert set(group_names(recency_days=days, orders=[1] * 100, spend=[20] * 100)) <= ACTIVE
    spread = np.random.default_rng(4).lognormal(3, 1, 100)
    assert set(group_names(recency_days=days, orders=[1, 2, 3, 4] * 25, spend=spread)) <= ACTIVE


def test_customers_who_all_ordered_on_one_day_are_active_if_that_was_lately_and_lapsing_if_not():
    for day, names in ((2, ACTIVE), (400, LAPSED)):
        assert set(group_names(recency_days=[day] * 50, orders=[1] * 50, spend=[20] * 50)) <= names


def test_where_everybody_has_been_away_for_years_nobody_is_a_champion():
    days = np.linspace(500, 900, 100).round()
    names = group_names(recency_days=days, orders=[1, 2, 3, 4] * 25, spend=np.arange(100.0))
    assert not {"Champions", "Active", "New", "Promising"} & set(names)


@pytest.mark.parametrize(("pause", "days", "active"), [(7, 8, False), (30, 8, True), (90, 60, True), (30, 60, False)])
def test_what_counts_as_lately_is_the_pause_of_the_shops_own_customers(pause, days, active):
    """Most ordered yesterday, a tenth `days` days ago: within a typical pause they are active, beyond it not."""
    names = group_names(
        recency_days=[1] * 90 + [days] * 10, orders=[3] * 100, spend=[60] * 100, gap_days=[float(pause)] * 100
    )
    assert (set(names[90:]) <= ACTIVE) == active


def test_a_rhythm_needs_customers_who_came_back():
    few = table_of(recency_days=[1] * 100, orders=[2] * 100, gap_days=[7.0] * 29 + [np.nan] * 71)
    enough = table_of(recency_days=[1] * 100, orders=[2] * 100, gap_days=[7.0] * 30 + [np.nan] * 70)
    assert rhythm(few) == rhythm(table_of(recency_days=[1] * 9, orders=[1] * 9)) == Rhythm(30.0, 365.0)
    assert rhythm(enough) == Rhythm(7.0, 7.0)
    assert rhythm(enough, np.flatnonzero(np.isnan(enough.raw("gap_days")))) == Rhythm(30.0, 365.0)


@given(st.lists(st.integers(1, 900), min_size=1, max_size=80), st.integers(1, 400))
@settings(max_examples=60)
def test_guarded_scores_tie_where_dates_tie_and_never_rise_with_days_away(days, pause):
    customers = table_of(recency_days=days, orders=[2] * len(days), spend=[1] * len(days), gap_days=[pause] * len(days))
    model, _ = fit_rfm(customers, "shopify")
    away, scored = customers.raw("recency_days"), model.scores(customers)[0].astype(int)
    limits = rhythm(customers)
    assert (model.boundaries[0][:-1] <= model.boundaries[0][1:]).all()
    assert (np.diff(scored[np.argsort(away, kind="stable")]) <= 0).all()
    assert all(len(set(scored[away == day])) == 1 for day in set(away))
    assert (scored[away <= limits.near] >= 4).all()
    assert (scored[away > limits.far] <= 3).all()


def test_cut_points_that_somebody_set_are_not_guarded():
    customers = table_of(recency_days=[1, 2, 3, 4], orders=[1] * 4, spend=[1] * 4)
    model, _ = fit_rfm(customers, "shopify", [Bands("recency_days", (1, 2, 3, 4))])
    assert sorted(model.scores(customers)[0].tolist()) == [2, 3, 4, 5]


def test_rules_made_today_can_place_customers_of_another_date_even_in_groups_that_are_empty_today():
    today = table_of(recency_days=[1, 2, 3, 4, 5, 6], orders=[9, 9, 8, 8, 7, 7], spend=[90, 80, 70, 60, 50, 40])
    found = segment(today, SegmentSettings(method="rfm"))
    then = table_of(recency_days=[500, 1, 3], orders=[1, 9, 2], spend=[1, 900, 40])
    assert found.assign(then).max() < len(found.segments)


@pytest.mark.parametrize("preset", ["shopify", "klaviyo"])
def test_one_customer_and_identical_customers_are_grouped_without_a_warning(preset):
    settings = SegmentSettings(method="rfm", rfm_preset=preset)
    for n in (1, 40):
        customers = table_of(recency_days=[30] * n, orders=[1] * n, spend=[20] * n)
        assert segment(customers, settings).sizes == (n,)


def test_undefined_and_negative_spend_are_the_lowest_score():
    customers = table_of(recency_days=[1, 2, 3, 4, 5], orders=[1, 2, 3, 4, 5], spend=[np.nan, -50, 10, 1e12, 30])
    model, _ = fit_rfm(customers, "shopify")
    spend = customers.raw("spend")
    m = model.scores(customers)[2]
    assert m[np.isnan(spend)] == 1
    assert m[spend == 1e12] == 5
    assert m[spend == -50] < m[spend == 10]
