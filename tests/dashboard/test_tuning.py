from __future__ import annotations

import pytest

from dashboard.state import studies
from segmentation.analysis import METHODS, PROVISIONAL, StudySettings
from segmentation.customers import CLIP
from tests.dashboard.parts import link, said, stand_in_kept_shop
from tests.dashboard.small_studio import kept_home, know_number, names, opened, prove, shop_in, sizes

ALIKE = ["orders", "active_days", "recency_days"]
"""In this shop orders and the active span say nearly the same."""


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


@pytest.fixture
def home(tmp_path_factory):
    return kept_home(tmp_path_factory)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_makes_segments_and_says_when_it_suits(method):
    app = opened(method=method)
    assert not app.exception
    assert not app.error
    assert len(names(app)) >= 2
    assert sum(sizes(app)) == 288
    assert {"kmeans": "start with", "rfm": "check every customer"}.get(method, "When") in said(app)


def test_a_weight_is_in_the_link_and_makes_other_segments(home):
    know_number(home, weights=(("orders", 4.0),))
    app = opened(segments="9")
    before = sizes(app)
    app.slider(key="weight_orders").set_value(4.0).run()
    assert not app.exception
    assert link(app, "weights") == "orders:400"
    assert sizes(app) != before
    app.slider(key="weight_orders").set_value(1.0).run()
    assert "weights" not in app.query_params
    assert sizes(app) == before


def test_weights_in_a_link_stand_on_their_sliders(home):
    know_number(home, weights=(("orders", 4.0),))
    app = opened(segments="7", weights="orders:400")
    assert app.slider(key="weight_orders").value == 4.0
    assert app.slider(key="weight_spend").value == 1.0


@pytest.mark.parametrize("junk", ["orders:9999", "<b>:200"])
def test_weights_that_make_no_sense_count_once(junk):
    app = opened(segments="7", weights=junk)
    assert not app.exception
    assert app.slider(key="weight_orders").value == 1.0


def test_two_features_that_say_the_same_are_warned_about_and_one_can_be_left_out(home):
    know_number(home, *ALIKE)
    know_number(home, "orders", "recency_days")
    app = opened(segments="7", features=ALIKE)
    assert not app.exception
    assert "say nearly the same (correlation 0.9" in said(app)
    app.button(key="leave_out_active_days").click().run()
    assert not app.exception
    assert set(app.pills(key="features").value) == {"orders", "recency_days"}
    assert "say nearly the same" not in said(app)


def test_customers_who_are_far_out_are_counted_feature_by_feature():
    told = said(opened(segments="7"))
    assert f"values more than {CLIP:g} standard deviations out are set in" in told
    assert "Average order: 1 customer set in" in told.replace("**", "")


def test_a_feature_this_shop_cannot_give_says_why():
    assert "Share of orders in peak season: No two months of the year stand out" in said(opened(segments="7")).replace(
        "**", ""
    )


def test_the_recommended_number_says_why_and_is_one_click_away():
    app = opened()
    usual = app.slider(key="number_of_segments").value
    assert f"Recommended {usual}" in said(app)
    app.slider(key="number_of_segments").set_value(usual + 3).run()
    app.button(key="use_recommended").click().run()
    assert app.slider(key="number_of_segments").value == usual


@pytest.mark.parametrize("segments", ["8", None])
def test_only_automatic_follows_a_recommended_number_and_proofs_that_arrive_later(home, monkeypatch, segments):
    features = ["orders", "spend"]
    asked = {"features": features} | ({} if segments is None else {"segments": segments})
    with monkeypatch.context() as before:
        before.setattr(studies, "_advised", lambda *_: None)
        app = opened(**asked)
        assert app.slider(key="number_of_segments").value == (PROVISIONAL if segments is None else 8)
    know_number(home, *features)
    usual = shop_in(home).number(StudySettings(features=tuple(features))).get().k
    assert usual not in {PROVISIONAL, 8}
    app.run()
    shown = usual if segments is None else 8
    assert app.slider(key="number_of_segments").value == shown
    prove(home, StudySettings(features=tuple(features), segments=8))
    app.run()
    for screen in (app, opened(**asked)):
        assert not screen.exception
        assert screen.slider(key="number_of_segments").value == shown
        assert len(names(screen)) == shown
        assert ("segments" in screen.query_params) == (segments is not None)


def test_a_link_to_a_feature_this_shop_cannot_give_leaves_it_out_and_says_so(home):
    know_number(home, "orders", "spend")
    app = opened(segments="7", features=["orders", "spend", "season_share"])
    assert not app.exception
    assert not app.error
    assert set(app.pills(key="features").value) == {"orders", "spend"}
    assert "Share of orders in peak season not in this data, so left out" in said(app)
