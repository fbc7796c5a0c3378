from __future__ import annotations

import numpy as np
import pytest

from segmentation.segments import Conditions
from tests.dashboard.parts import kept_table, link, opened, said, stand_in_kept_shop

BOTH = "all~orders~4~x~discount_share~x~0.25"


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


@pytest.fixture
def table(tmp_path_factory):
    return kept_table(tmp_path_factory)


def customers_found(app) -> int:
    return int(next(one.value for one in app.metric if one.label == "Customers").replace(",", ""))


def expected(text, table) -> int:
    return int(np.count_nonzero(Conditions.from_text(text).mask(table)))


def test_a_link_with_conditions_shows_its_rows_and_how_many_meet_them(table):
    app = opened("by_hand", hand=BOTH)
    assert not app.exception
    assert [app.selectbox(key=f"hand_feature_{i}").value for i in range(2)] == ["orders", "discount_share"]
    assert app.number_input(key="hand_low_1").value == 25
    assert customers_found(app) == expected(BOTH, table)
    assert "Customers who ordered at least 4 times and used a discount on at most 25 % of orders" in said(app)


def test_moving_a_value_changes_the_customers_and_the_link_at_once(table):
    app = opened("by_hand", hand=BOTH)
    app.number_input(key="hand_low_0").set_value(12).run()
    assert link(app, "hand") == "all~orders~12~x~discount_share~x~0.25"
    assert customers_found(app) == expected("all~orders~12~x~discount_share~x~0.25", table)


def test_any_of_these_finds_everyone_who_meets_one_condition(table):
    app = opened("by_hand", hand=BOTH)
    app.segmented_control(key="hand_join").set_value("any").run()
    assert customers_found(app) == expected(BOTH.replace("all", "any"), table)
    assert " or " in said(app)


def test_between_never_has_its_ends_in_the_wrong_order():
    app = opened("by_hand", hand="all~orders~4~x")
    app.selectbox(key="hand_how_0").set_value("between").run()
    assert not app.exception
    app.number_input(key="hand_low_0").set_value(500).run()
    assert not app.error
    assert link(app, "hand") == "all~orders~500~500"


def test_conditions_can_be_added_changed_and_removed():
    app = opened("by_hand", hand="all~orders~4~x")
    app.button(key="hand_add").click().run()
    app.selectbox(key="hand_feature_1").set_value("weekend_share").run()
    assert not app.exception
    assert "at weekends" in said(app) or "at a weekend" in said(app)
    app.button(key="hand_remove_0").click().run()
    assert link(app, "hand").startswith("all~weekend_share~")
    app.button(key="hand_clear").click().run()
    assert not app.exception
    assert not app.metric
    assert "hand" not in app.query_params


def test_conditions_nobody_meets_say_so_and_cannot_be_pinned():
    app = opened("by_hand", hand="all~orders~100000~x")
    assert "Nobody meets these conditions" in said(app)
    assert not [one for one in app.button if one.key == "pin_rule"]


@pytest.mark.parametrize("junk", ["x", "all~nope~1~2", "all~orders~x~x", "all~orders~9~1", "all~orders~1e999~x"])
def test_a_link_that_describes_no_segment_gets_a_sentence_and_the_form_stays(junk):
    app = opened("by_hand", hand=junk)
    assert not app.exception
    assert len(app.error) == 1
    app.button(key="hand_add").click().run()
    assert not app.exception
    assert app.metric


@pytest.mark.parametrize("text", ["all~spend~-1e300~x", "all~orders~-3~2.5", "not~1", "any~not-spend~10~20"])
def test_no_number_in_a_link_breaks_the_form(text):
    assert not opened("by_hand", hand=text).exception


def test_both_ways_of_joining_in_one_link_are_told_and_can_be_undone():
    app = opened("by_hand", hand="all~orders~4~x~any~spend~100~x~recency_days~x~90")
    assert "and also either spent at least € 100 or ordered within the last 90 days" in said(app)
    app.button(key="hand_rest").click().run()
    assert link(app, "hand") == "all~orders~4~x"


def test_a_pinned_rule_becomes_a_segment_that_can_be_unpinned(table):
    app = opened("by_hand", hand="all~orders~12~x")
    before = app.dataframe[0].value
    app.text_input(key="hand_name").set_value("[VIP](x)").run()
    app.button(key="pin_rule").click().run()
    assert not app.exception
    assert link(app, "edits") == "call%7Eorders%7E12%7Ex!n100=%5BVIP%5D%28x%29"
    pinned = next(one.value for one in app.markdown if "VIP" in one.value)
    assert "[VIP](x)" not in pinned
    assert f"{expected('all~orders~12~x', table)} customers" in pinned
    assert app.dataframe[0].value.equals(before)  # the machine's segments, not the pinned one, are compared with
    app.button(key="unpin_0").click().run()
    assert "edits" not in app.query_params


def test_a_list_of_customers_can_be_pinned():
    app = opened("by_hand", more=")\n    by_hand.pin_selection(state.study(), state.study().segmentation.labels == 0")
    app.button(key="pin_selection").click().run()
    assert not app.exception
    assert link(app, "edits").startswith("l")
    assert "a list of customers" in said(app)
