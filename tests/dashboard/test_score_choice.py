"""Scores in the studio: chosen, used like any feature, and gone again when they are no longer wanted."""

from __future__ import annotations

from segmentation.analysis import Analysis
from tests.dashboard.shops import write_shop

ALIKE = ["Recency", "Expected spend"]


def offered(app) -> list[str]:
    return list(app.pills(key="features").options)


def test_a_chosen_score_is_offered_and_stays_in_the_link(screen, shop):
    app = screen("segments")
    assert "Expected spend" not in offered(app)
    app.checkbox(key="score_expected_spend").check().run()
    assert not app.exception
    assert "Expected spend" in offered(app)
    assert app.query_params["scores"] == "expected_spend"
    app.pills(key="features").set_value(["recency_days", "expected_spend"]).run()
    assert not app.exception
    assert list(app.pills(key="features").value) == ["recency_days", "expected_spend"]


def test_a_link_that_names_a_score_shows_it(screen, shop):
    app = screen("segments", features=ALIKE)
    assert not app.exception
    assert app.checkbox(key="score_expected_spend").value
    assert list(app.pills(key="features").value) == ["recency_days", "expected_spend"]


def test_a_score_that_goes_is_nothing_customers_are_alike_in(screen, shop):
    app = screen("segments", features=ALIKE)
    app.checkbox(key="score_expected_spend").uncheck().run()
    assert not app.exception
    assert "Expected spend" not in offered(app)
    assert list(app.pills(key="features").value) == ["recency_days"]


def test_the_risk_can_be_chosen_once_churn_was_worked_out(screen, workspace):
    shop = write_shop(workspace, customers=900)
    app = screen("segments")
    assert app.checkbox(key="score_lost_risk").disabled
    Analysis.of(workspace, shop).churn().get()
    app.run()
    assert not app.checkbox(key="score_lost_risk").disabled
    app.checkbox(key="score_lost_risk").check().run()
    assert not app.exception
    assert "Risk of being lost" in offered(app)


def test_a_segment_by_hand_can_ask_for_a_score(screen, shop):
    app = screen("segments", hand="all~expected_spend~50~x~expected_orders~0.5~x")
    app.session_state["view"] = "Segment builder"
    app.run()
    assert not app.exception
    said = [text.value.replace("\u00a0", " ") for text in app.markdown]
    assert any("likely to spend at least € 50 in a year" in text for text in said)
    assert app.number_input(key="hand_low_1").value == 0.5


def test_what_cannot_be_expected_says_why(screen, workspace):
    write_shop(workspace, customers=60)
    app = screen("segments", scores="expected_spend")
    assert not app.exception
    assert app.checkbox(key="score_expected_spend").disabled
    assert any("came back on another day" in caption.value for caption in app.caption)
