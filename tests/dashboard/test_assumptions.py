"""What is stated on one screen counts for the whole shop: on every other one, in the report, on the command line."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from segmentation.analysis import Analysis
from segmentation.assumptions import USUAL, Assumptions
from segmentation.cli import main
from segmentation.workspace import DatasetVersion, StatedAssumptions, Workspace
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")
Screen = Callable[..., AppTest]
WITH_MARGIN = ("clv", "churn", "campaign")
TITLES = {"clv": "Lifetime value", "churn": "Churn", "campaign": "Campaign"}
RETURN = "Campaign ROI"


@pytest.fixture
def shop(workspace: Workspace) -> DatasetVersion:
    """A shop with enough customers to say who is slipping away, and with unit costs: 40 % are left."""
    return write_shop(workspace, customers=900)


def margin(app: AppTest) -> tuple[float, str]:
    """The margin that a screen shows, and its source."""
    assert not app.exception
    control = app.number_input(key="margin")
    return control.value, control.label.rpartition("(")[2].rstrip(")")


def changed(app: AppTest) -> str:
    """What the screen says about a change."""
    return "".join(one.value for one in app.caption if "Changed for the whole shop" in one.value)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def profits(app: AppTest) -> list[str]:
    assert not app.exception
    return list(next(one.value for one in app.dataframe if "ROI" in one.value.columns)["Profit"])


@pytest.mark.parametrize("costs", [True, False], ids=["costs", "no costs"])
@pytest.mark.parametrize("first", WITH_MARGIN)
def test_a_margin_changed_on_one_screen_is_read_on_every_other_in_the_report_and_by_the_commands(
    screen: Screen, workspace: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path, first: str, costs: bool
) -> None:
    write_shop(workspace, customers=900, costs=costs)
    app = screen(first)
    assert margin(app) == ((40.0, "measured") if costs else (30.0, "assumed"))
    assert changed(app) == ""
    app.number_input(key="margin").set_value(45.0).run()
    assert margin(app) == (45.0, "stated")
    others = [name for name in WITH_MARGIN if name != first]
    for place in (*(TITLES[name] for name in others), "Segments", "report", "the command line"):
        assert place in changed(app)
    assert TITLES[first] not in changed(app)

    for name in others:
        app.switch_page(f"screens/{name}/{name}.py").run()
        assert margin(app) == margin(screen(name)) == (45.0, "stated")  # this visitor, and one who comes anew
        assert changed(app) == ""

    out = tmp_path / "report.html"
    said = {"value": 0.45, "source": "stated"}
    assert answer(capsys, "report", "Shop", "--out", str(out))["assumptions"]["margin"] == said
    page = html.unescape(re.sub(r"<[^>]+>", "", out.read_text(encoding="utf-8")))
    assert "Margin: 45 % of order value, as stated" in page.replace("\u00a0", " ")
    clv, churn = answer(capsys, "clv", "Shop"), answer(capsys, "churn", "Shop")
    assert (clv["lifetime_value"]["margin"], clv["lifetime_value"]["margin_source"]) == (0.45, "stated")
    assert churn["policy"]["settings"]["margin"] == 0.45
    assert any("45" in line and "as stated for this shop" in line for line in churn["policy"]["assumed"])


def test_the_studio_plans_with_what_was_stated_on_the_campaign_screen(screen: Screen, shop: DatasetVersion) -> None:
    campaign = screen("campaign")
    before = profits(campaign)
    campaign.number_input(key="margin").set_value(90.0).run()
    campaign.number_input(key="contact").set_value(0.5).run()
    assert profits(campaign) != before
    studio = screen("segments")
    studio.session_state["view"] = RETURN
    assert profits(studio.run()) == profits(campaign)


@pytest.mark.parametrize(
    ("name", "key", "value", "kept"),
    [
        ("clv", "discount", 25.0, Assumptions(discount=0.25)),
        ("clv", "acquisition", 60.0, Assumptions(acquisition_cost=60.0)),
        ("campaign", "contact", 0.5, Assumptions(contact_cost=0.5)),
        ("campaign", "fixed", 40.0, Assumptions(fixed_cost=40.0)),
        ("campaign", "uplift", 7.0, Assumptions(uplift_mid=0.07)),
        ("campaign", "uplift_high", 57.0, Assumptions(uplift_high=0.57)),
    ],
)
def test_every_number_is_kept_with_the_shop_and_stands_there_for_the_next_visitor(
    screen: Screen, workspace: Workspace, shop: DatasetVersion, name: str, key: str, value: float, kept: Assumptions
) -> None:
    app = screen(name)
    app.number_input(key=key).set_value(value).run()
    assert not app.exception
    assert "whole shop" in changed(app)
    assert StatedAssumptions(workspace, shop.dataset_id).current() == kept
    assert screen(name).number_input(key=key).value == value


def test_what_churn_asks_for_and_the_window_are_kept_too(
    screen: Screen, workspace: Workspace, shop: DatasetVersion
) -> None:
    app = screen("churn")
    app.slider(key="offer_cost").set_value(7.5).run()
    app.slider(key="save_rate").set_value(29.0).run()
    assert "also on the command line." in changed(app)
    app.switch_page("screens/campaign/campaign.py").run()
    app.segmented_control(key="campaign_window").set_value(60).run()
    assert not app.exception
    expected = Assumptions(offer_cost=7.5, save_rate=0.29, window_days=60)
    assert StatedAssumptions(workspace, shop.dataset_id).current() == expected
    again = screen("churn")
    assert [again.slider(key=key).value for key in ("offer_cost", "save_rate")] == [7.5, 29.0]
    assert screen("campaign").segmented_control(key="campaign_window").value == 60


def test_of_two_visitors_the_last_word_counts_and_the_other_sees_it_with_the_next_run(
    screen: Screen, shop: DatasetVersion
) -> None:
    ann, bob = screen("clv"), screen("campaign")
    ann.number_input(key="margin").set_value(45.0).run()
    assert margin(bob.run()) == (45.0, "stated")
    bob.number_input(key="margin").set_value(50.0).run()
    assert margin(ann.run()) == (50.0, "stated")
    ann.number_input(key="discount").set_value(20.0).run()  # another value leaves the margin as it is
    assert margin(bob.run()) == (50.0, "stated")


def test_a_margin_that_is_put_back_is_measured_again(
    screen: Screen, workspace: Workspace, shop: DatasetVersion
) -> None:
    app = screen("clv")
    app.number_input(key="margin").set_value(61.0).run()
    app.number_input(key="margin").set_value(40.0).run()
    assert margin(app) == (40.0, "measured")
    assert StatedAssumptions(workspace, shop.dataset_id).current() == USUAL


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("clv", {"margin": "99", "discount": "77", "acquisition": "x"}),
        ("churn", {"margin": "1", "offer_cost": "50", "save_rate": "nan"}),
        ("campaign", {"margin": "99", "uplift": "80", "offer": "bribe", "contact": "-1", "uplift_low": "90"}),
        ("campaign", {"offer": "% off", "offer_value": "100", "window": "90"}),
    ],
)
def test_a_link_of_before_states_nothing(
    screen: Screen, workspace: Workspace, shop: DatasetVersion, name: str, query: dict[str, str]
) -> None:
    app = screen(name, **query)
    for _ in range(2):
        assert margin(app) == (40.0, "measured")
        app.run()
    assert "margin" not in app.query_params
    assert StatedAssumptions(workspace, shop.dataset_id).current() == USUAL


def test_what_is_kept_and_cannot_be_read_opens_every_screen_with_the_usual_values(
    screen: Screen, workspace: Workspace, shop: DatasetVersion
) -> None:
    Analysis.of(workspace, shop).assume(margin=0.9)
    with workspace.registry() as registry:
        registry.execute("UPDATE assumptions SET text = '{'")
    for name in WITH_MARGIN:
        assert margin(screen(name)) == (40.0, "measured")


def test_each_shop_has_its_own(screen: Screen, workspace: Workspace, shop: DatasetVersion) -> None:
    write_shop(workspace, "Other", customers=300)
    app = screen("clv", shop="Shop")
    app.number_input(key="margin").set_value(45.0).run()
    app.selectbox(key="shop").set_value("Other").run()
    assert margin(app) == (40.0, "measured")
    app.selectbox(key="shop").set_value("Shop").run()
    assert margin(app) == (45.0, "stated")


@pytest.mark.parametrize("there", ["clv", "campaign", "churn"])
def test_a_change_is_not_said_of_another_shop(
    screen: Screen, workspace: Workspace, shop: DatasetVersion, there: str
) -> None:
    write_shop(workspace, "Other", customers=900, seed=2)
    app = screen(there, shop="Shop")
    app.number_input(key="margin").set_value(45.0).run()
    assert changed(app)
    app.selectbox(key="shop").set_value("Other").run()
    assert margin(app) == (40.0, "measured")
    assert changed(app) == ""
    app.selectbox(key="shop").set_value("Shop").run()
    assert changed(app) == ""


@pytest.mark.parametrize("name", WITH_MARGIN)
def test_a_shop_that_sells_below_cost_is_told_so_beside_its_margin(
    screen: Screen, workspace: Workspace, name: str
) -> None:
    write_shop(workspace, customers=900, cost_share="1.3")
    app = screen(name)
    assert margin(app) == (0.0, "measured")
    said = [one.value for one in app.caption if "The unit costs give" in one.value]
    used = "each segment counts with the margin of what it bought" if name == "campaign" else "0 % is used"
    assert [re.sub(r"[\\\u2060]", "", one).replace("\u00a0", " ") for one in said] == [
        f"The unit costs give a margin of -30 %; {used}."
    ]
    app.number_input(key="margin").set_value(20.0).run()
    assert margin(app) == (20.0, "stated")
    assert not [one for one in app.caption if "The unit costs give" in one.value]
