from __future__ import annotations

import json
import re

import pytest

from dashboard.parts import studio
from dashboard.screens.segments.proof_strip import QUESTIONS
from segmentation import cli, formats
from segmentation.analysis import StudySettings
from segmentation.estimates import Unknown
from segmentation.proof import Point, Recommendation, verdicts
from segmentation.proof.number import holds
from segmentation.proof.stability import UNSTABLE
from segmentation.segments import Edits
from tests.dashboard.parts import link, said, stand_in_kept_shop
from tests.dashboard.small_studio import kept_home, opened, prove, shop_in

MANY = StudySettings(segments=9)
"""More segments than this shop has groups: one does not come out again, and one is small."""

FEW = StudySettings(segments=5)

UNTOLD = Unknown("Nobody knows.")
HOSTILE = "<img src=x> [x](javascript:1) :red[y]"


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


@pytest.fixture
def home(tmp_path_factory):
    return kept_home(tmp_path_factory)


def buttons(app, label):
    return [one for one in app.button if one.label == label]


def test_the_strip_answers_each_question_in_the_words_of_the_proofs(home):
    _, proofs = prove(home, MANY)
    app = opened(segments="9")
    assert not app.exception
    told = said(app)
    assert [one.value for one in app.caption if one.value in QUESTIONS] == list(QUESTIONS)
    for verdict in verdicts(proofs):
        assert verdict.headline in told
        assert verdict.evidence.replace("\u00a0", " ") in told
    assert any("\u00a0%" in one.value for one in app.caption), "a number and its unit stay on one line"
    assert "Not measured yet" in told
    assert "after a campaign with a holdout" in told


def test_what_the_segments_explain_is_one_figure_on_the_screen_and_that_of_the_command(home, capsys):
    assert cli.main(["prove", shop_in(home).version.name, "--workspace", str(home), "--json"]) == 0
    proven = json.loads(capsys.readouterr().out)
    app = opened()
    assert not app.exception
    (own,) = re.findall(r"Of next spend they explain ([\d.]+ %|nothing)", said(app))
    share = proven["predictive"]["explained"]["segments"]["value"]
    assert own == (formats.percent(share).replace("\u00a0", " ") if share > 0 else "nothing")
    assert "Automatic." in said(app)
    said_otherwise = re.findall(r"explains? ([\d.]+ %)", said(app))
    assert set(said_otherwise) <= {own}, "no other figure for the same segments"
    assert proven["recommended"]["reason"].replace("\u00a0", " ") in said(app)


@pytest.mark.parametrize("method", ["ward", "mixture", "hdbscan"])
def test_another_method_gets_no_number_recommended_by_proofs_of_clusters(home, method, capsys):
    shop = shop_in(home)
    number = shop.number().get()
    assert number.is_recommended
    told = said(opened(method=method))
    assert "Recommended" not in told
    assert f"No number is recommended for this method: {number.k} suit the customers by k-means" in told
    assert cli.main(["study", shop.version.name, "--workspace", str(home), "--method", method]) == 0
    assert "No number is recommended for this method" in capsys.readouterr().out
    study = shop.study(StudySettings(method=method))
    stable = shop.proofs(study).get().proofs.stable
    told = said(opened(method=method))
    if len(study.segmentation.segments) != number.k:
        assert "No number is recommended for this method" in told
    else:
        average = formats.percent(stable.average).replace("\u00a0", " ")
        assert average in next(line for line in told.splitlines() if "Automatic." in line)
        assert ("Recommended" in told) == holds(stable.average, stable.segments[stable.worst].jaccard.value)


def test_a_server_without_workers_says_how_proofs_are_worked_out():
    app = opened(segments="4")
    assert not app.exception
    assert "`tessera prove` works them out" in said(app)
    assert "Distinct groups?" not in said(app)


class Work:
    """Work on proofs that is under way, or failed."""

    def __init__(self, state):
        self.state, self.progress, self.text = state, 0.4, "Predicting [past](x) months"

    @property
    def finished(self):
        return self.state != "running"


def test_while_proofs_are_worked_out_every_cell_says_so(monkeypatch):
    monkeypatch.setattr(studio, "proofs_job", lambda *_, **__: Work("running"))
    app = opened(segments="4")
    assert not app.exception
    assert said(app).count("Being worked out") == 1


def test_work_on_proofs_that_failed_says_why_and_can_be_tried_again(monkeypatch):
    asked = []
    monkeypatch.setattr(studio, "proofs_job", lambda *_, again=False: asked.append(again) or Work("failed"))
    app = opened(segments="4")
    assert "Predicting [past](x) months" in said(app)
    assert not any("](x)" in one.value for one in app.caption)
    app.button(key="proofs_again").click().run()
    assert True in asked


def test_a_merge_that_would_help_is_one_click_and_the_title_counts_one_less(home, screen):
    prove(home, MANY)
    app = screen("segments", segments="9")
    assert not app.exception
    title = next(one.value for one in app.markdown if " segments of " in one.value)
    assert title.startswith("**9 segments")
    assert "the least stable segment is then found again when re-tested" in said(app)
    buttons(app, "Merge these two")[0].click().run()
    assert not app.exception
    title = next(one.value for one in app.markdown if " segments of " in one.value)
    assert title.startswith("**8 segments")
    assert link(app, "edits").startswith("m")


def test_the_recommended_number_is_one_click_where_the_segments_shown_do_not_hold(home):
    prove(home, MANY)
    app = opened(segments="9")
    (button,) = (one for one in app.button if one.label.startswith("Use ") and one.key.startswith("remedy_"))
    number = int(button.label.split()[1])
    assert f"Use {number} segments: on average they are found again when re-tested:" in said(app).replace("**", "")
    button.click().run()
    assert app.slider(key="number_of_segments").value == number


def test_nothing_is_called_recommended_beside_segments_that_do_not_come_out_again(home):
    chosen = StudySettings(segments=9, features=("orders", "spend"))
    number = shop_in(home).number(chosen)
    number.file.keep(Recommendation(9, "9: because.", (Point(9, UNTOLD, 0.9, UNTOLD, 0.8),)))
    said_before = said(opened(segments="9", features=["orders", "spend"]))
    assert "Recommended 9: because." in said_before
    shop = shop_in(home)
    proofs = shop.proofs(shop.study(chosen)).get().proofs
    assert proofs.stable.segments[proofs.stable.worst].jaccard.value < UNSTABLE
    told = said(opened(segments="9", features=["orders", "spend"]))
    assert "Recommended" not in told
    assert "No number is recommended: 9 suit the customers best, but of the segments shown the least stable" in told


def test_the_value_of_customers_is_one_click_where_the_segments_keep_little_of_what_can_be_foreseen(home):
    _, proofs = prove(home, StudySettings(segments=3))
    (remedy,) = (one for one in proofs.remedies if one.kind == "add")
    app = opened(segments="3")
    assert not app.exception
    assert "of what can be foreseen of next spend" in said(app)
    assert f"{remedy.after:.0%}"[:-1] in said(app)
    (button,) = buttons(app, "Add Expected spend")
    before = list(app.pills(key="features").value)
    button.click().run()
    assert not app.exception
    assert set(app.pills(key="features").value) == {*before, "expected_spend"}
    assert "Expected spend" in app.pills(key="features").options
    assert app.slider(key="number_of_segments").value == 3


def test_a_higher_limit_for_useful_segments_is_complained_about_at_once(home):
    prove(home, FEW)
    app = opened(segments="5")
    assert "Ready to use" in said(app)
    app.slider(key="smallest").set_value(50).run()
    assert not app.exception
    assert "Ready to use" not in said(app)
    assert "has only" in said(app)
    before = len(link(app, "edits"))
    buttons(app, "Merge these two")[0].click().run()
    assert len(link(app, "edits")) > before


def test_rules_can_be_too_small_to_use_as_well_and_mending_them_merges_groups(home):
    study, _ = prove(home, StudySettings(method="rfm"))
    app = opened(method="rfm", smallest="60")
    assert not app.exception
    small = min(study.segmentation.segments, key=lambda one: study.segmentation.sizes[one.index])
    assert f"“{small.name}” has only" in said(app)
    buttons(app, "Merge these two")[0].click().run()
    assert not app.exception
    assert link(app, "edits").startswith("m")


def test_the_name_somebody_gave_a_segment_stays_text_in_the_strip(home):
    names = tuple((part, f"{HOSTILE} {part}") for part in range(5))
    prove(home, StudySettings(segments=5, edits=Edits(names=names)))
    app = opened(segments="5", edits=Edits(names=names).text)
    assert not app.exception
    assert f"“{HOSTILE}" in said(app)
    for one in [*app.markdown, *app.caption]:
        shown = one.value.replace("\\<", "").replace("\\[", "").replace("\\]", "")
        assert "<img" not in shown
        assert "](" not in shown
        assert ":red[" not in shown
