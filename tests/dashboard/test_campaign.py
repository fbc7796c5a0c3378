from __future__ import annotations

import csv
import io

import pytest

from segmentation.analysis import Analysis
from segmentation.assumptions import USUAL
from tests.dashboard.parts import files
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")


def text(app) -> str:
    return "\n".join(one.value for one in [*app.markdown, *app.caption])


def roi(app):
    return next(frame.value for frame in app.dataframe if "ROI" in frame.value.columns)


def extra_orders(app) -> float:
    """The extra orders of the first segment."""
    return float(roi(app)["Extra orders"][0].split()[0])


def test_the_plan_has_a_row_per_segment_with_intervals(screen, shop):
    app = screen("campaign")
    assert not app.exception
    table = roi(app)
    assert list(table.columns[:3]) == ["Segment", "Reachable", "Contacted"]
    assert any("(" in cell for cell in table["Profit"])


def test_what_one_campaign_may_come_to_stands_beside_the_average(screen, shop):
    app = screen("campaign")
    table, said = roi(app), text(app)
    assert list(table.columns).index("One campaign") == list(table.columns).index("Profit") + 1
    assert any(" to " in cell or "–" in cell for cell in table["One campaign"])
    assert any("–" in cell for cell in table["One window"])
    assert "One such campaign ends between" in said
    assert "on average" in said
    assert "“one campaign” holds the luck of a single run too" in said


def test_the_uplift_is_labelled_an_assumption(screen, shop):
    said = text(screen("campaign"))
    assert "assumption" in said
    assert "Nobody has measured it" in said


def test_a_higher_uplift_earns_more(screen, shop):
    app = screen("campaign")
    before = extra_orders(app)
    app.number_input(key="uplift").set_value(60.0)
    app.number_input(key="uplift_high").set_value(90.0).run()
    assert not app.exception
    assert extra_orders(app) > 5 * before


def test_an_offer_that_eats_the_margin_contacts_nobody(screen, shop):
    app = screen("campaign")
    app.segmented_control(key="offer").set_value("percent").run()
    assert app.number_input(key="percent_off").value == 10.0
    app.number_input(key="percent_off").set_value(100.0).run()
    assert not app.exception
    assert app.segmented_control(key="offer").value == "percent"
    assert roi(app)["Contacted"].sum() == 0


def test_an_offer_of_another_kind_begins_with_its_usual_value(screen, shop):
    app = screen("campaign")
    for kind, key, value in (("percent", "percent_off", 10.0), ("amount", "amount_off", 10.0), ("none", "", 0)):
        app.segmented_control(key="offer").set_value(kind).run()
        assert not app.exception
        offers = {one.key: one.value for one in app.number_input if one.key in {"percent_off", "amount_off"}}
        assert offers == ({key: value} if key else {})


UPLIFTS = ("uplift_low", "uplift", "uplift_high")


def uplifts(app):
    return [app.number_input(key=key).value for key in UPLIFTS]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"uplift_low": 50.0}, "the lowest (50 %) is above the likely (5 %)"),
        ({"uplift_low": 50.0, "uplift_high": 10.0}, "the lowest (50 %) is above the likely (5 %)"),
        ({"uplift": 60.0}, "the likely (60 %) is above the highest (10 %)"),
        ({"uplift_high": 1.0}, "the likely (5 %) is above the highest (1 %)"),
        ({"uplift_low": 9.0, "uplift": 8.0, "uplift_high": 7.0}, "the lowest (9 %) is above the likely (8 %)"),
    ],
)
def test_uplifts_out_of_order_are_refused_with_a_sentence_and_left_as_typed(screen, workspace, shop, typed, said):
    app = screen("campaign")
    usual, before = dict(zip(UPLIFTS, uplifts(app), strict=True)), extra_orders(app)
    for key, value in typed.items():
        app.number_input(key=key).set_value(value)
    app.run()
    assert not app.exception
    assert uplifts(app) == list((usual | typed).values())
    (refused,) = [one.value for one in app.warning]
    assert said in refused.replace("\\", "").replace("\u00a0", " ")
    assert extra_orders(app) == before
    assert Analysis.of(workspace, shop).assumptions().values == USUAL


def test_uplifts_put_in_order_again_count(screen, workspace, shop):
    app = screen("campaign")
    app.number_input(key="uplift_low").set_value(50.0).run()
    app.number_input(key="uplift_high").set_value(90.0).run()
    assert app.warning
    app.number_input(key="uplift").set_value(60.0).run()
    assert not app.warning
    assert uplifts(app) == [50.0, 60.0, 90.0]
    found = Analysis.of(workspace, shop).assumptions().values
    assert (found.uplift_low, found.uplift_mid, found.uplift_high) == (0.5, 0.6, 0.9)


def test_uplifts_that_were_refused_are_there_with_the_sentence_after_another_screen(screen, shop):
    app = screen("campaign")
    app.number_input(key="uplift_low").set_value(50.0).run()
    app.switch_page("screens/overview/overview.py").run()
    app.switch_page("screens/campaign/campaign.py").run()
    assert len(app.warning) == 1
    assert uplifts(app) == [50.0, 5.0, 10.0]


def test_a_window_that_is_not_among_the_usual_ones_is_shown(screen, workspace, shop):
    Analysis.of(workspace, shop).assume(window_days=45)
    app = screen("campaign")
    assert not app.exception
    assert app.segmented_control(key="campaign_window").value == 45
    assert app.segmented_control(key="campaign_window").options == ["14", "30", "45", "60", "90"]


def test_a_smaller_budget_contacts_fewer(screen, workspace, shop):
    Analysis.of(workspace, shop).assume(uplift_mid=0.8, uplift_high=1.2, contact_cost=1.0)
    app = screen("campaign")
    everyone = roi(app)["Contacted"].sum()
    assert everyone > 0
    app.slider(key="budget").set_value(app.slider(key="budget").max // 3).run()
    assert 0 < roi(app)["Contacted"].sum() < everyone


@pytest.mark.parametrize("junk", [{"budget": "99999999"}, {"budget": "nan"}, {"budget": "1e300"}, {"window": "-4"}])
def test_a_link_that_makes_no_sense_still_opens_a_plan(screen, shop, junk):
    app = screen("campaign", **junk)
    assert not app.exception
    assert len(roi(app)) > 1


def test_without_unit_costs_the_margin_has_to_be_stated(screen, workspace):
    write_shop(workspace, costs=False)
    app = screen("campaign")
    assert not app.exception
    assert app.number_input(key="margin").value == 30.0
    assert app.number_input(key="margin").label == "Margin, % of revenue (assumed)"
    assert "nobody stated one" in text(app)
    app.number_input(key="margin").set_value(35.0).run()
    assert app.number_input(key="margin").label == "Margin, % of revenue (stated)"
    assert "as stated" in text(app)


def test_with_unit_costs_the_margin_is_measured_and_none_is_assumed(screen, shop):
    app = screen("campaign")
    assert app.number_input(key="margin").value == 40.0
    assert app.number_input(key="margin").label == "Margin, % of revenue (measured)"
    assert "Margin:" not in text(app)


def test_the_plan_can_be_downloaded(screen, shop):
    app = screen("campaign")
    (plan,) = files(app).values()
    rows = list(csv.DictReader(io.StringIO(plan.decode("utf-8-sig"))))
    assert [row["Segment"] for row in rows] == list(roi(app)["Segment"])
    assert sum(float(row["Contacted within budget"]) for row in rows) == roi(app)["Contacted"].sum()


def test_a_window_longer_than_the_history_says_why_there_is_no_plan(screen, workspace):
    write_shop(workspace, customers=900)
    app = screen("campaign", as_of="2024-02-10")
    assert not app.exception
    assert any("The history starts on" in one.value for one in app.info)
    assert any("needs at least 60 days before 10 Feb 2024" in one.value for one in app.info)


def test_past_campaigns_are_shown_as_credited_and_not_as_measured(screen, workspace):
    write_shop(workspace, campaigns=True)
    app = screen("campaign")
    assert not app.exception
    shown = app.dataframe[-1].value
    assert shown["Campaign"][0] == "Spring"
    assert shown["Order rate"][0].replace("\u00a0", " ") == "2 % (1.3–3 %)"
    assert any("Attributed, not measured" in caption.value for caption in app.caption)


def test_without_past_campaigns_there_is_no_empty_table(screen, shop):
    assert not any("Attributed" in caption.value for caption in screen("campaign").caption)
