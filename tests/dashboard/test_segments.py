from __future__ import annotations

import pytest

from dashboard.parts import segment_cards, studio
from segmentation.profiles import GroupProfile
from tests.dashboard.shops import write_shop
from tests.segmentation.shops import line, store

pytestmark = pytest.mark.usefixtures("known_results")

EVERYONE = {"x": [-99, 99, 99, -99], "y": [-99, -99, 99, 99]}
NOBODY = {"x": [98, 99, 99], "y": [98, 98, 99]}


def drawn(app, lasso):
    """Draw around customers on the map."""
    app.session_state["customer_map"] = {"selection": {"points": [], "point_indices": [], "box": [], "lasso": [lasso]}}
    return app.run()


def markdown(app) -> str:
    return "\n".join(one.value for one in app.markdown)


def captions(app) -> str:
    return "\n".join(one.value for one in app.caption)


def test_the_studio_opens_with_controls_map_and_cards(screen, shop):
    app = screen("segments")
    assert not app.exception
    assert app.slider(key="number_of_segments").value == session_number(app)
    charts = app.get("plotly_chart")
    assert [bool(chart.proto.alt) for chart in charts] == [True] * 3
    assert "Close together = behave alike" in captions(app)
    assert "Recommended" in captions(app)


def session_number(app) -> int:
    """The number of segments that the title of the map says."""
    title = next(one.value for one in app.markdown if " segments of " in one.value)
    return int(title.strip("*").split(" ")[0])


def test_each_card_says_why_its_segment_is_called_so(screen, shop):
    app = screen("segments")
    reasons = [one.value for one in app.markdown if "of the rest of the shop: " in one.value]
    assert len(reasons) == session_number(app)
    assert any(one.startswith("- ") and "are lapsed, " in one for one in reasons)


def test_another_number_of_segments_is_shown_at_once(screen, shop):
    app = screen("segments")
    app.slider(key="number_of_segments").set_value(7).run()
    assert not app.exception
    assert session_number(app) == 7


def test_the_recommended_number_is_one_click_away(screen, shop):
    app = screen("segments")
    usual = app.slider(key="number_of_segments").value
    app.slider(key="number_of_segments").set_value(usual + 3).run()
    app.button(key="use_recommended").click().run()
    assert app.slider(key="number_of_segments").value == usual


def test_a_number_that_was_chosen_stays_where_the_recommended_one_is_the_same(screen, shop):
    usual = screen("segments").slider(key="number_of_segments").value
    app = screen("segments", segments=str(usual))
    assert app.query_params["segments"] == str(usual)
    assert "**Chosen.**" in captions(app)
    app.button(key="use_recommended").click().run()
    assert "segments" not in app.query_params
    assert "**Automatic.**" in captions(app)


@pytest.mark.parametrize(("asked", "shown"), [("20", 20), ("99", None), ("1", None), ("7", 7)])
def test_a_number_in_a_link_stays_within_what_the_control_offers(screen, shop, asked, shown):
    app = screen("segments", segments=asked)
    assert not app.exception
    assert app.slider(key="number_of_segments").value == (shown or session_number(app))
    assert ("segments" in app.query_params) == (shown is not None)


@pytest.mark.parametrize("junk", [{"segments": "x"}, {"method": "magic"}, {"features": ["nope"]}, {"smallest": "-5"}])
def test_a_link_that_makes_no_sense_opens_the_usual_segments(screen, shop, junk):
    app = screen("segments", **junk)
    assert not app.exception
    assert app.segmented_control(key="method").value == "kmeans"


def test_rules_of_a_shop_system_show_their_cuts(screen, shop):
    app = screen("segments", method="rfm")
    assert not app.exception
    assert app.segmented_control(key="preset").value == "shopify"
    assert not [one for one in app.slider if str(one.key).startswith("cut_")], "the limits are behind one button"
    app.session_state["cuts_open"] = True
    app.run()
    cuts = next(frame.value for frame in app.dataframe if "Score" in frame.value.columns)
    assert set(cuts["Measure"]) == {"Recency", "Orders", "Spend"}
    app.segmented_control(key="preset").set_value("klaviyo").run()
    assert not app.exception


def test_fewer_features_make_other_segments(screen, shop):
    app = screen("segments")
    app.pills(key="features").set_value(["recency_days", "orders"]).run()
    assert not app.exception
    assert list(app.pills(key="features").value) == ["recency_days", "orders"]


def test_no_feature_at_all_means_the_usual_ones_and_says_so(screen, shop):
    app = screen("segments")
    app.pills(key="features").set_value([]).run()
    assert not app.exception
    assert "the usual ones are used" in captions(app)


def test_small_segments_are_marked(screen, shop):
    app = screen("segments")
    app.slider(key="smallest").set_value(72).run()
    assert "smaller than useful" in markdown(app)


def test_a_lasso_says_who_is_inside(screen, shop):
    app = drawn(screen("segments"), EVERYONE)
    assert not app.exception
    assert "Your selection: 288 customers" in markdown(app)
    assert any("Customer" in frame.value.columns and len(frame.value) == 288 for frame in app.dataframe)


def test_a_selection_survives_another_number_of_segments(screen, shop):
    app = drawn(screen("segments"), EVERYONE)
    del app.session_state["customer_map"]
    app.slider(key="number_of_segments").set_value(6).run()
    assert session_number(app) == 6
    assert "Your selection: 288 customers" in markdown(app)


def test_an_empty_lasso_says_so(screen, shop):
    app = drawn(screen("segments"), NOBODY)
    assert "Nobody is inside" in captions(app)


def test_a_selection_can_be_cleared(screen, shop):
    app = drawn(screen("segments"), EVERYONE)
    del app.session_state["customer_map"]
    app.button(key="clear_selection").click().run()
    assert "Your selection" not in markdown(app)


@pytest.mark.parametrize("view", ["Typical values", "Customers", "Campaign ROI"])
def test_every_view_opens(screen, shop, view):
    app = screen("segments")
    app.session_state["view"] = view
    app.run()
    assert not app.exception
    assert len(app.dataframe) > 0


def test_names_from_the_file_are_shown_letter_by_letter(screen, shop):
    app = screen("segments")
    said = markdown(app)
    assert "<img" not in said.replace("\\<", "")
    assert ":material/home:" not in said


def test_a_group_below_ten_only_says_its_size():
    few = GroupProfile(7, 0.1, 20.0, 0.05, True, {}, {}, (), (), {})
    assert "too few to describe" in segment_cards.apart(few)


def test_a_server_without_workers_keeps_the_first_map(screen, shop):
    app = screen("segments")
    assert not app.exception
    assert not app.get("progress")


class SlowMap:
    """A map that is under way, or ended as told."""

    def __init__(self, state: str = "running") -> None:
        self.state, self.progress, self.text = state, 0.4, "Placing customers"

    @property
    def finished(self) -> bool:
        return self.state != "running"

    def cancel(self) -> None:
        self.state = "cancelled"


def test_while_a_better_map_is_made_the_screen_says_how_far_it_is(screen, shop, monkeypatch):
    monkeypatch.setattr(studio, "map_job", lambda *_, **__: SlowMap())
    app = screen("segments")
    assert not app.exception
    assert app.button(key="map_cancel").label == "Cancel"


def test_a_map_that_failed_can_be_tried_again(screen, shop, monkeypatch):
    monkeypatch.setattr(studio, "map_job", lambda *_, **__: SlowMap("failed"))
    app = screen("segments")
    assert app.button(key="map_again").label == "Try again"


def test_a_shop_with_very_few_customers_says_what_is_missing(screen, workspace):
    write_shop(workspace, customers=3)
    app = screen("segments")
    assert not app.exception
    assert app.error or app.info


def test_a_feature_that_another_shop_has_is_not_said_to_be_missing_there(screen, workspace, shop):
    store(
        workspace,
        [
            line(f"c{who}", f"{who}-{n}", f"2026-0{1 + n}-{1 + who % 28:02d}", str(5 + who + n))
            for who in range(90)
            for n in range(1 + who % 5)
        ],
        name="Bare",
    )
    features = ["orders", "spend"]
    app = screen("segments", shop="Bare", segments="3", features=[*features, "breadth"])
    missing = "Categories bought not in this data, so left out"
    assert missing in captions(app)
    app.selectbox(key="shop").set_value("Shop").run()
    assert not app.exception
    assert set(app.pills(key="features").value) == set(features)
    assert missing not in captions(app)
