from __future__ import annotations

import numpy as np
import pytest

from dashboard.parts import studio
from tests.dashboard.parts import opened, said, stand_in_kept_shop


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


def test_the_segment_the_reasons_and_what_would_move_them_are_told():
    app = opened("why", screen="customer", more=", 3")
    assert not app.exception
    text = said(app)
    assert "### " in text
    assert "comes next" in text
    assert "typical here is" in text
    assert "What would move them" in text


def test_under_rules_the_rule_and_the_scores_are_the_reason():
    text = said(opened("why", screen="customer", more=", 3", method="rfm"))
    assert "Because of the rule: R " in text
    assert "theirs: R " in text


def test_somebody_in_a_pinned_segment_is_there_by_hand():
    text = said(opened("why", screen="customer", more=", 3", edits="call%7Eorders%7E1%7Ex!n100=Mine"))
    assert "You pinned them to “Mine”" in text
    assert "typical here is" not in text


def test_a_hostile_segment_name_is_shown_letter_by_letter():
    edits = "!".join(f"n{part}=%3Cimg%20src%3Dx%3E%20%5Bx%5D%28javascript%3A1%29" for part in range(12))
    app = opened("why", screen="customer", more=", 3", edits=edits)
    assert not app.exception
    shown = "\n".join(one.value for one in app.markdown)
    assert "img src" in said(app)
    assert "<img" not in shown.replace("\\<", "")
    assert "](" not in shown


def test_how_sure_a_segment_is_appears_once_it_is_known(monkeypatch):
    monkeypatch.setattr(studio, "confidence", lambda study: np.full(study.customers.n, 75, dtype=np.uint8))
    monkeypatch.setattr(studio, "proofs", lambda _: None)  # how often they were repeated is not known, whoever asked
    assert "In this segment again in 75 % of repetitions" in said(opened("why", screen="customer", more=", 3"))
