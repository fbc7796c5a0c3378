from __future__ import annotations

import re

import pytest

from segmentation.segments import Bands
from tests.dashboard.parts import link, said, stand_in_kept_shop
from tests.dashboard.small_studio import kept_home, know_number, names, opened, sizes

HOSTILE = "<img src=x> [x](y:1) :red[z]"
TUNED = {"segments": "7", "features": ["orders", "spend", "recency_days"], "weights": "orders:200"}


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


def act(app, place, action):
    """Choose an action on a card."""
    return app.menu_button(key=f"actions_{place}").click(action).run()


def rename(app, place, name):
    act(app, place, "rename")
    app.text_input(key="edit_name").set_value(name)
    return app.button(key="rename").click().run()


def merge(app, one, other):
    act(app, one, "merge")
    app.selectbox(key="edit_with").set_value(other).run()
    return app.button(key="merge").click().run()


def test_another_name_is_on_the_card_on_the_map_and_in_the_link(screen):
    app = screen("segments", segments="7")
    app = rename(app, 2, "Tea lovers")
    assert not app.exception
    assert "Tea lovers" in names(app)[2]
    assert any("Tea lovers" in chart.proto.spec for chart in app.get("plotly_chart")[:1])
    assert link(app, "edits").endswith("=Tea%20lovers")
    assert not [one for one in app.text_input if one.key == "edit_name"], "the dialog is closed"


def test_the_same_name_twice_is_told_apart():
    app = rename(rename(opened(segments="7"), 0, "Ours"), 1, "Ours")
    assert names(app)[:2] == ["Ours", "Ours 2"]


def test_an_empty_name_brings_the_usual_one_back():
    app = opened(segments="7")
    before = names(app)
    app = rename(rename(app, 0, "Ours"), 0, " ")
    assert names(app) == before
    assert "edits" not in app.query_params


def test_a_hostile_name_is_text_everywhere(screen):
    app = rename(screen("segments", segments="7"), 0, HOSTILE)
    assert not app.exception
    assert names(app)[0] == HOSTILE
    for one in [*app.markdown, *app.caption]:
        shown = one.value.replace("\\<", "").replace("\\[", "").replace("\\]", "")
        assert "<img" not in shown
        assert "](y" not in shown
        assert ":red[z" not in shown
    assert all("<img" not in chart.proto.spec for chart in app.get("plotly_chart"))


def test_two_merged_segments_are_one_with_all_their_customers():
    app = opened(segments="7")
    before = sizes(app)
    app = merge(app, 1, 4)
    assert not app.exception
    assert len(sizes(app)) == 6
    assert before[1] + before[4] in sizes(app)
    assert sum(sizes(app)) == sum(before)
    assert link(app, "edits") == "m1.4"


def test_a_name_stays_with_its_customers_while_the_number_is_tuned():
    app = rename(opened(segments="7"), 0, "Ours")
    before = sizes(app)[names(app).index("Ours")]
    app.slider(key="number_of_segments").set_value(8).run()
    assert not app.exception
    assert "edits" not in app.query_params
    assert "Ours" in names(app)
    assert abs(sizes(app)[names(app).index("Ours")] - before) < before / 2
    again = opened(segments="8", anchor=link(app, "anchor"))
    assert (names(again), sizes(again)) == (names(app), sizes(app))


def without_figures(name: str) -> str:
    """A name that is a figure follows its customers: of "Discount on 54 % of orders" all but the number stays."""
    return re.sub(r"[\d.,]+", "", name)


def test_a_merge_goes_on_with_its_segments_and_undo_brings_it_back_as_it_was():
    app = merge(opened(segments="7"), 1, 4)
    merged = (names(app), sizes(app))
    app.slider(key="number_of_segments").set_value(8).run()
    assert not app.exception
    assert len(names(app)) == 7
    assert link(app, "edits").startswith("m")
    together = merged[0][next(i for i, size in enumerate(merged[1]) if size not in sizes(opened(segments="7")))]
    assert without_figures(together) in map(without_figures, names(app))
    app.button(key="undo").click().run()
    assert not app.exception
    assert (names(app), sizes(app)) == merged
    assert link(app, "edits") == "m1.4"


def test_a_merge_goes_on_where_a_score_is_among_the_features():
    app = merge(opened(segments="7", features=["recency_days", "orders", "order_chance"]), 1, 4)
    app.slider(key="number_of_segments").set_value(8).run()
    assert not app.exception
    assert not app.error
    assert link(app, "edits").startswith("m") or any("No longer merged" in one.value for one in app.toast)


def test_a_merge_of_segments_that_do_not_go_on_ends_and_is_said_to():
    app = merge(opened(segments="9"), 0, 8)
    app.slider(key="number_of_segments").set_value(2).run()
    assert not app.exception
    assert len(names(app)) == 2
    assert "edits" not in app.query_params
    assert any("No longer merged" in one.value for one in app.toast)


def test_all_changes_can_be_taken_back_at_once():
    app = opened(segments="7")
    before = (names(app), sizes(app))
    app = merge(rename(app, 0, "Ours"), 1, 4)
    assert "Your changes: 1 merged and 1 renamed." in said(app)
    app.button(key="unedit").click().run()
    assert (names(app), sizes(app)) == before
    assert "edits" not in app.query_params


def test_undo_restores_the_number_the_features_and_the_weights_one_step_at_a_time(tmp_path_factory):
    home = kept_home(tmp_path_factory)
    know_number(home, *TUNED["features"], weights=(("orders", 2.0),))
    know_number(home, *TUNED["features"])
    app = opened(**TUNED)
    assert app.button(key="undo").disabled
    first = (names(app), sizes(app))
    app.slider(key="weight_orders").set_value(1.0).run()
    app.slider(key="number_of_segments").set_value(4).run()
    app.button(key="undo").click().run()
    assert app.slider(key="number_of_segments").value == 7
    assert "weights" not in app.query_params
    app.button(key="undo").click().run()
    assert link(app, "weights") == TUNED["weights"]
    assert (names(app), sizes(app)) == first
    assert set(app.pills(key="features").value) == set(TUNED["features"])
    assert app.button(key="undo").disabled


def test_undo_restores_cut_points_and_the_rules():
    cuts = Bands("spend", (10.0, 20.0, 30.0, 400.0)).text
    app = opened(method="rfm", cuts=cuts)
    first = (names(app), sizes(app))
    app.segmented_control(key="preset").set_value("klaviyo").run()
    assert "cuts" not in app.query_params
    app.button(key="undo").click().run()
    assert link(app, "cuts") == cuts
    assert (names(app), sizes(app)) == first


@pytest.mark.parametrize("junk", ["m1.99", "m0.1!m1.2"])
def test_changes_in_a_link_that_make_no_sense_are_passed_over(junk):
    app = opened(segments="7", edits=junk)
    assert not app.exception
    assert len(names(app)) == 7


def test_a_list_of_customers_that_is_gone_is_said_and_not_hidden():
    app = opened(segments="7", edits="l0123456789abcdef")
    assert not app.exception
    assert "is not kept here" in app.warning[0].value
    assert len(names(app)) == 7
