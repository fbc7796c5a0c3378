from __future__ import annotations

import re

import pytest

from segmentation.analysis import StudySettings
from segmentation.segments import freeze
from tests.dashboard.parts import said, stand_in_kept_shop
from tests.dashboard.small_studio import empty_shelf, kept_home, names, opened, prove, sizes

NOW = "2026-07-02T10:00:00+00:00"
HOSTILE = "<img src=x> [x](y:1)"


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


@pytest.fixture
def home(tmp_path_factory):
    return kept_home(tmp_path_factory)


@pytest.fixture
def saved(shop, home):
    """Five segments, saved and proven."""
    study, _ = prove(home, StudySettings(segments=5))
    found = study.segmentation
    return empty_shelf(home).save(HOSTILE, key=found.settings.key, body=freeze(study.customers, found), created=NOW)


def stays(app) -> int:
    found = re.search(r"([\d.]+) % of customers stay together", said(app))
    assert found
    return float(found[1])


def downloads(app):
    return [button.proto.label for button in app.get("download_button")]


def test_the_recommended_segments_beside_themselves_are_the_same():
    app = opened(beside=True)
    assert not app.exception
    assert "That is what you are looking at" in said(app)
    assert not downloads(app)


def test_other_segments_say_how_many_stay_together_and_draw_the_flows():
    app = opened(beside=True, segments="9")
    assert not app.exception
    assert 50 < stays(app) <= 100
    assert "adjusted Rand index 0." in said(app)
    assert [chart.proto.alt for chart in app.get("plotly_chart")] == [
        "Flows of customers from the segments compared with to the segments shown"
    ]
    assert downloads(app) == ["Download CSV"]


def test_a_saved_one_can_be_compared_with_and_is_the_same_as_itself(saved):
    app = opened(beside=True, segments="9")
    app.selectbox(key="compare_with").set_value(saved.identity).run()
    assert not app.exception
    assert stays(app) > 50
    for one in [*app.markdown, *app.caption]:
        assert "<img" not in one.value.replace("\\<", "")
        assert "](y" not in one.value.replace("\\]", "")
    assert all("<img" not in chart.proto.spec for chart in app.get("plotly_chart"))
    app.slider(key="number_of_segments").set_value(5).run()
    assert "That is what you are looking at" in said(app)


def test_what_was_gained_is_told_question_by_question_once_both_are_proven(saved, home):
    prove(home, StudySettings(segments=9))
    app = opened(beside=True, segments="9")
    assert "shown when both have been worked out" in said(app)
    app.selectbox(key="compare_with").set_value(saved.identity).run()
    (table,) = (one.value for one in app.table)
    assert list(table["Question"]) == ["Distinct groups?", "Stable?", "Predictive?", "Usable?"]
    assert "Doubtful" in table["Shown"].iloc[1]


def test_other_names_move_nobody_and_a_merge_keeps_everyone_together():
    before = stays(opened(beside=True, segments="9"))
    renamed = opened(beside=True, segments="9", edits="n0=Ours")
    assert "Ours" in names(renamed)
    assert stays(renamed) == before
    assert stays(opened(beside=True, segments="9", edits="m0.1")) >= before


def test_rules_beside_clusters_are_compared_as_well():
    app = opened(beside=True, method="rfm")
    assert not app.exception
    assert 0 < stays(app) < 100
    assert sum(sizes(app)) > 0
