from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.screens.segments import cut_points
from segmentation.segments import MEASURES, Bands, SegmentSettings, segment
from tests.dashboard.parts import kept_table, link, opened, said, stand_in_kept_shop


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


@pytest.fixture
def table(tmp_path_factory):
    return kept_table(tmp_path_factory)


def fitted(table, *cuts, preset="shopify"):
    return segment(table, SegmentSettings(method="rfm", rfm_preset=preset, rfm_cuts=cuts)).model


@pytest.mark.parametrize("preset", ["shopify", "klaviyo"])
def test_each_measure_has_its_histogram_and_the_fields_of_the_preset(preset):
    app = opened("cut_points", method="rfm", preset=preset)
    assert not app.exception
    assert len(app.get("plotly_chart")) == 3
    moving = [one for one in (*app.slider, *app.number_input) if str(one.key).startswith("cut_")]
    assert len(moving) == 3 * (4 if preset == "shopify" else 2)
    assert "always share a score" in said(app)


def test_a_moved_cut_point_pushes_its_neighbours_and_is_in_the_link():
    app = opened("cut_points", method="rfm")
    app.slider(key="cut_p0_spend").set_value(70.0).run()
    assert not app.exception
    assert link(app, "cuts") == "m70,70,70,80p"
    assert app.slider(key="cut_p2_spend").value == 70


def test_a_measure_can_be_cut_in_its_own_unit_and_set_back():
    app = opened("cut_points", method="rfm")
    app.segmented_control(key="cut_by_recency_days").set_value("absolute").run()
    assert link(app, "cuts").startswith("r")
    assert not link(app, "cuts").endswith("p")
    app.slider(key="cut_a0_recency_days").set_value(30).run()
    assert link(app, "cuts").startswith("r30,")
    app.button(key="cuts_usual_recency_days").click().run()
    assert "cuts" not in app.query_params


@pytest.mark.parametrize("cuts", ["m0.001,1,2,3p", "r-5,0,1,2", "f1e12,2e12,3e12,4e12", "r2.5,3.5,4.5,5.5"])
def test_no_cut_points_in_a_link_break_the_fields(cuts):
    assert not opened("cut_points", method="rfm", cuts=cuts).exception


def test_segments_without_scores_have_no_cut_points():
    app = opened("cut_points")
    assert not app.exception
    assert not [one for one in app.slider if str(one.key).startswith("cut_")]


@pytest.mark.parametrize("preset", ["shopify", "klaviyo"])
@pytest.mark.parametrize("measure", MEASURES)
def test_changing_to_the_measures_unit_changes_nobodys_score(table, preset, measure):
    before = fitted(table, preset=preset)
    same = cut_points.absolute(table, measure, cut_points.last_values(before, measure))
    assert np.array_equal(fitted(table, same, preset=preset).scores(table), before.scores(table))


@pytest.mark.parametrize("measure", MEASURES)
def test_changing_to_shares_changes_the_score_of_hardly_anybody(table, measure):
    limits = {"recency_days": (44, 200, 400, 700), "orders": (1, 2, 4, 8), "spend": (20, 90, 140, 650)}[measure]
    before = fitted(table, Bands(measure, tuple(map(float, limits))))
    shares = cut_points.relative(table, measure, cut_points.last_values(before, measure))
    moved = fitted(table, shares).scores(table) != before.scores(table)
    assert moved.any(axis=0).mean() < 0.02


@pytest.mark.parametrize("cuts", [(), (Bands("recency_days", (30.0, 90.0, 180.0, 365.0)),)])
def test_the_last_value_of_a_band_is_in_it_and_the_next_is_not(table, cuts):
    model = fitted(table, *cuts)
    days, scores = table.raw("recency_days"), model.scores(table)[0]
    for end in cut_points.last_values(model, "recency_days"):
        assert scores[days <= end].min() > scores[days > end].max()


def test_where_everyone_has_the_same_value_there_are_cut_points_all_the_same(table):
    model = fitted(table)
    model = type(model)(model.preset, (model.boundaries[0], np.full(4, np.inf), np.full(4, -np.inf)), model.present)
    for measure in MEASURES:
        found = cut_points.absolute(table, measure, cut_points.last_values(model, measure))
        assert len(found.ends) == 4


@given(
    st.lists(st.floats(0, 100), min_size=2, max_size=4).map(sorted), st.data(), st.floats(0, 100, allow_subnormal=False)
)
def test_pushing_keeps_cut_points_in_order_and_puts_the_moved_one_where_it_was_asked_for(ends, data, value):
    place = data.draw(st.integers(0, len(ends) - 1))
    found = cut_points.moved(tuple(ends), place, value)
    assert list(found) == sorted(found)
    assert found[place] == value
