"""The cards of the segments: what can be done on each, and what stands before them."""

from __future__ import annotations

import pytest

from dashboard.screens.segments.editing import ACTIONS
from tests.dashboard.parts import leaves, link, said, stand_in_kept_shop
from tests.dashboard.small_studio import names, opened, sizes
from tests.dashboard.test_editing import act, merge, rename


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


def test_every_card_offers_every_action():
    app = opened(segments="5")
    assert [one.key for one in app.menu_button] == [f"actions_{place}" for place in range(5)]
    assert {tuple(one.options) for one in app.menu_button} == {tuple(ACTIONS.values())}


def test_two_segments_cannot_be_merged_into_one_crowd():
    app = opened(segments="2")
    assert all(ACTIONS["merge"] not in one.options for one in app.menu_button)


def test_the_customers_of_a_card_are_listed_and_handed_out_and_are_as_many_as_it_says():
    app = opened(segments="5")
    expected = sizes(app)[2]
    app = act(app, 2, "members")
    assert not app.exception
    (listed,) = [one.value for one in app.dataframe if "Customer" in one.value.columns]
    assert len(listed) == min(expected, 500)
    assert leaves(app, "card_members_csv") == expected


def test_the_list_of_a_card_can_be_taken_without_looking_at_it():
    app = opened(segments="5")
    expected = sizes(app)[0]
    app = act(app, 0, "list")
    assert not app.exception
    assert not app.dataframe
    assert leaves(app, "card_list_csv") == expected


def test_an_action_stays_open_when_the_screen_is_drawn_again():
    app = act(opened(segments="5"), 1, "rename")
    app.run()
    assert [one.key for one in app.text_input if one.key == "edit_name"] == ["edit_name"]


def test_a_merge_says_before_how_many_they_are_together():
    app = opened(segments="5")
    both = sizes(app)[1] + sizes(app)[3]
    act(app, 1, "merge")
    app.selectbox(key="edit_with").set_value(3).run()
    assert f"Together: {both:,} customers" in said(app)
    app.button(key="merge").click().run()
    assert both in sizes(app)


def test_a_name_given_to_one_segment_is_not_that_of_two():
    app = merge(rename(opened(segments="5"), 1, "Tea lovers"), 1, 3)
    assert not app.exception
    assert "Tea lovers" not in names(app)
    assert link(app, "edits") == "m1.3"
    app.button(key="undo").click().run()
    assert "Tea lovers" in names(app)


def test_a_name_given_to_merged_segments_stays_while_the_number_is_tuned():
    app = merge(opened(segments="7"), 1, 4)
    place = next(i for i, one in enumerate(sizes(app)) if one not in sizes(opened(segments="7")))
    app = rename(app, place, "Ours")
    app.slider(key="number_of_segments").set_value(8).run()
    assert not app.exception
    assert "Ours" in names(app) or any("No longer merged" in one.value for one in app.toast)


def test_undo_takes_back_the_first_change_whatever_it_was():
    changes = {
        "number": lambda app: app.slider(key="number_of_segments").set_value(6).run(),
        "method": lambda app: app.segmented_control(key="method").set_value("rfm").run(),
        "other method": lambda app: app.radio(key="other_method").set_value("ward").run(),
        "features": lambda app: app.pills(key="features").set_value(["orders", "spend"]).run(),
        "smallest": lambda app: app.slider(key="smallest").set_value(60).run(),
        "name": lambda app: rename(app, 0, "Ours"),
        "merge": lambda app: merge(app, 0, 1),
    }
    for what, change in changes.items():
        app = opened(segments="5")
        before = (names(app), sizes(app), app.slider(key="smallest").value, app.query_params)
        assert app.button(key="undo").disabled, what
        app = change(app)
        assert not app.exception, what
        assert not app.button(key="undo").disabled, what
        app.button(key="undo").click().run()
        assert (names(app), sizes(app), app.slider(key="smallest").value, app.query_params) == before, what
        assert app.button(key="undo").disabled, what


def test_other_methods_are_behind_advanced_and_stay_chosen():
    app = opened()
    assert app.segmented_control(key="method").options == ["Automatic", "RFM rules"]
    app.radio(key="other_method").set_value("ward").run()
    assert not app.exception
    assert app.segmented_control(key="method").value == "ward"
    assert link(app, "method") == "Ward"
    app.segmented_control(key="method").set_value("kmeans").run()
    assert app.radio(key="other_method").value is None
    assert app.segmented_control(key="method").options == ["Automatic", "RFM rules"]


@pytest.mark.parametrize(("former", "now"), [("Clusters", "kmeans"), ("Density", "hdbscan"), ("Mixture", "mixture")])
def test_a_link_with_a_former_name_of_a_method_still_leads_there(screen, former, now):
    app = screen("segments", method=former)
    assert not app.exception
    assert app.segmented_control(key="method").value == now


def test_a_link_with_former_names_of_features_still_leads_there(screen):
    app = screen("segments", features=["Tenure", "Orders"])
    assert not app.exception
    assert set(app.pills(key="features").value) == {"tenure_days", "orders"}


def test_the_link_to_copy_says_the_shop_and_what_was_chosen(screen):
    app = screen("segments", segments="5", features=["orders", "spend"])
    (told,) = [one.value for one in app.code if "segments=5" in one.value]
    assert "shop=Shop" in told
    assert "features=Orders&features=Spend" in told
