"""Scores where they are easily forgotten: on a drawn map, in saved segments, in another shop, on other screens."""

from __future__ import annotations

import pytest

from dashboard.parts import studio
from segmentation.analysis import Analysis
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")

LASSO = {"x": [-999, 999, 999, -999], "y": [-999, -999, 999, 999]}
ALIKE = ["Recency", "Expected spend"]


def saved(screen, **settings) -> str:
    """The id of segments saved under these settings."""
    app = screen("segments", **settings)
    app.text_input(key="save_name").set_value("Kept").run()
    app.button(key="save").click().run()
    found = app.query_params["saved"]
    return found[0] if isinstance(found, list) else found


def headings(app) -> set[str]:
    return {str(column) for one in app.dataframe for column in one.value.columns}


def test_drawing_on_the_map_ends_whoever_looked_at_it_before(screen, shop, workspace, monkeypatch):
    analysis = Analysis.of(workspace, shop)
    analysis.map(analysis.customers().default_features()).get()
    picks = []
    pick = studio.pick
    monkeypatch.setattr(studio, "pick", lambda *drawn: (picks.append(drawn), pick(*drawn)) if len(picks) < 9 else None)
    for scores in ("", "expected_spend", ""):
        picks.clear()
        app = screen("segments", **({"scores": scores} if scores else {}))
        selection = {"points": [], "point_indices": [], "box": [], "lasso": [LASSO]}
        app.session_state["customer_map"] = {"selection": selection}
        app.run()
        assert not app.exception
        assert len(picks) == 1
        assert any("Your selection" in text.value for text in app.markdown)


def test_saved_segments_on_an_earlier_day_show_the_scores_of_this_visitor(screen, shop):
    link = {"saved": saved(screen, segments="4"), "as_of": "2026-03-01"}
    for scores in ({}, {"scores": "expected_spend"}, {}):
        app = screen("segments", **link, **scores)
        app.session_state["view"] = "Typical values"
        app.run()
        assert not app.exception
        assert any("Expected spend" in one for one in headings(app)) == bool(scores)


def test_segments_are_compared_with_saved_ones_that_name_a_score(screen, shop):
    identity = saved(screen, features=ALIKE)
    app = screen("segments")
    app.session_state["view"] = "Compare"
    app.run()
    app.selectbox(key="compare_with").set_value(identity).run()
    assert not app.exception
    assert not app.error
    assert any("of customers stay together" in text.value for text in app.markdown)


@pytest.mark.parametrize("name", ["overview", "briefing", "campaign"])
def test_a_shop_that_cannot_give_a_score_does_without_it_and_says_so(screen, workspace, name):
    write_shop(workspace, customers=60)
    app = screen(name, features=ALIKE)
    assert not app.exception
    assert not app.error
    assert any("Expected spend is left out" in box.value for box in app.warning)


def test_a_score_that_something_else_needs_cannot_be_unticked(screen, shop):
    app = screen("segments", hand="all~expected_spend~50~x")
    assert app.checkbox(key="score_expected_spend").value
    assert app.checkbox(key="score_expected_spend").disabled
    assert any("segment builder" in caption.value for caption in app.caption)
