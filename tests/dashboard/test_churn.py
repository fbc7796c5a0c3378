"""Churn: what the screen says, and that its controls do what they say."""

from __future__ import annotations

from argparse import Namespace

import numpy as np
import pytest

from dashboard.charts import churn as charts
from dashboard.palette import LIGHT
from segmentation.analysis import Analysis
from segmentation.churn import CurvePoint, Lift, LiftPoint, PolicySettings, Scores, policy
from segmentation.commands.churn import churn
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")

UNSEEN = str.maketrans("\u00a0", " ", "\\\u2060")


def figure(app, label: str) -> float:
    """One of the screen's figures as a number."""
    text = next(metric.value for metric in app.metric if metric.label == label)
    text = text.replace("\u00a0", "").replace(",", "").lstrip("€")
    return float(text.removesuffix("k")) * (1_000 if text.endswith("k") else 1)


@pytest.fixture
def lively(workspace):
    """A shop with enough customers of both kinds."""
    return write_shop(workspace, customers=900)


def test_the_screen_says_when_customers_count_as_lost_and_how_well_that_is_known(screen, lively):
    app = screen("churn")
    assert not app.exception
    assert any("came back" in caption.value for caption in app.caption)
    assert any("AUC" in box.value for box in [*app.success, *app.warning])
    assert [metric.label for metric in app.metric] == ["Contact", "Of these lost", "Offers wasted", "Net profit"]


def test_the_screen_and_the_command_line_contact_the_same_number_for_the_same_profit(screen, lively, workspace):
    unsaid = dict.fromkeys(("as_of", "horizon", "offer_cost", "save_rate", "margin", "out"))
    told = churn(Namespace(workspace=workspace.root, json=True, dataset="Shop", lost_too=False, **unsaid))
    app = screen("churn")
    assert figure(app, "Contact") == told.json["policy"]["contact"] > 0
    (shown,) = (text.value for text in app.markdown if text.value.startswith(("Contact", "By their chances")))
    assert shown.translate(UNSEEN) in told.text.translate(UNSEEN)


def test_the_screen_says_who_scores_whether_chances_are_put_right_and_what_of_the_curve_is_proven(
    screen, lively, workspace
):
    app = screen("churn")
    unsaid = dict.fromkeys(("as_of", "horizon", "offer_cost", "save_rate", "margin", "out"))
    told = churn(Namespace(workspace=workspace.root, json=True, dataset="Shop", lost_too=False, **unsaid))
    (verdict,) = (box.value for box in [*app.success, *app.warning] if "AUC" in box.value)
    assert verdict.translate(UNSEEN) == told.json["verdict"].translate(UNSEEN)
    assert "customers, " in verdict
    captions = [one.value.translate(UNSEEN) for one in app.caption]
    right = told.json["recalibration"]
    assert (right.get("sentence") or right["unknown"]).translate(UNSEEN) in captions
    higher = [one for one in captions if one.startswith("The curve is highest at")]
    assert all("is not proven" in one and one in told.text.translate(UNSEEN) for one in higher)
    assert bool(higher) == ("The curve is highest at" in told.text)


def test_a_dearer_offer_is_made_to_fewer(screen, lively):
    app = screen("churn")
    app.slider(key="offer_cost").set_value(0.5).run()
    cheap = figure(app, "Contact")
    app.slider(key="offer_cost").set_value(40.0).run()
    assert not app.exception
    assert figure(app, "Contact") < cheap


def test_the_list_holds_whom_the_figures_count(screen, workspace, lively):
    Analysis.of(workspace, lively).assume(offer_cost=1.0)
    app = screen("churn")
    assert not app.exception
    heading = next(text.value for text in app.markdown if text.value.startswith("**Whom to contact"))
    assert f"{figure(app, 'Contact'):,.0f}" in heading
    profits = app.dataframe[0].value["Expected profit"]
    assert (profits > 0).all()
    assert profits.is_monotonic_decreasing


def test_another_horizon_is_tested_anew_and_stays_in_the_link(screen, lively):
    app = screen("churn", lost_after="60")
    assert app.segmented_control(key="lost_after").value == "60"
    assert any("in the next 60" in caption.value for caption in app.caption)


def test_values_beyond_the_ends_of_their_sliders_are_shown(screen, workspace, lively):
    Analysis.of(workspace, lively).assume(offer_cost=120.0, save_rate=0.8)
    app = screen("churn")
    assert not app.exception
    assert [app.slider(key=key).value for key in ("offer_cost", "save_rate")] == [120.0, 80.0]


def test_too_little_history_is_explained_and_nothing_is_guessed(screen, workspace):
    write_shop(workspace, customers=30)
    app = screen("churn")
    assert not app.exception
    assert app.info
    assert not app.metric


def scores() -> Scores:
    rng = np.random.default_rng(1)
    today = np.stack([rng.random(400), np.full(400, 90.0), np.arange(400.0)])
    past = np.stack([rng.random(300), np.full(300, 90.0), np.arange(300.0), rng.random(300) < 0.5, np.full(300, 45.0)])
    return Scores(today, past, 1.5)


def test_the_profit_chart_marks_the_choice():
    found = policy(scores(), PolicySettings())
    drawn = charts.profit(found, "EUR", LIGHT)
    band, line = drawn.data
    assert list(line.x) == [one.contact for one in found.curve]
    assert (min(band.y), max(band.y)) == (min(one.low for one in found.curve), max(one.high for one in found.curve))
    assert f"{found.contact:,}" in drawn.layout.annotations[0].text
    assert isinstance(found.curve[0], CurvePoint)


def test_the_lift_chart_starts_with_nobody_and_shows_the_model_beside_the_plain_rule():
    points = tuple(
        LiftPoint(contacted=at / 10, model=at / 10, recency=at / 20, random=at / 10, perfect=1.0) for at in range(1, 11)
    )
    found = Lift(points=points, lost=0.5, top_decile=1.2, recency_top_decile=1.1, will_order=0.3, revenue_captured=0.2)
    drawn = charts.lift(found, LIGHT)
    assert [one.name for one in drawn.data][-2:] == ["Longest silent first", "The model"]
    assert all(one.x[0] == 0 and one.y[0] == 0 for one in drawn.data)


def test_an_offer_that_pays_for_nobody_says_so(screen, workspace, lively):
    Analysis.of(workspace, lively).assume(offer_cost=50.0, save_rate=0.01, margin=0.01)
    app = screen("churn")
    assert not app.exception
    assert any(text.value == "**Whom to contact: nobody**" for text in app.markdown)
    assert any("A cheaper offer" in caption.value for caption in app.caption)


def test_those_who_are_lost_already_are_asked_only_where_that_is_wanted(screen, workspace, lively):
    Analysis.of(workspace, lively).assume(offer_cost=1.0)
    app = screen("churn", lost_after="60")
    few = figure(app, "Contact")
    app.checkbox(key="lost_too").check().run()
    assert not app.exception
    assert figure(app, "Contact") > few
    heading = next(text.value for text in app.markdown if text.value.startswith("**Whom to contact"))
    assert f"{figure(app, 'Contact'):,.0f}" in heading
