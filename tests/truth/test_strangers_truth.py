"""Exports as strangers' programs write them: never wrong without a word, and seldom a question that the file answers.

`python -m tests.truth.strangers SEED --out DIR` writes a file and its truth; `--judge 0:200` tables the outcomes.
"""

from __future__ import annotations

import os
from functools import cache

import pytest

from tests.truth.strangers.build import FILES, export
from tests.truth.strangers.judge import ASKED, REFUSED, Verdict, judge
from tests.truth.strangers.report import describe

pytestmark = pytest.mark.truth

BATCHES = 40
CHOSEN = range(BATCHES) if os.environ.get("TESSERA_TRUTH") == "full" else (3,)
ASKED_AT_MOST = 0.1


@cache
def _verdicts(batch: int) -> tuple[Verdict, ...]:
    """The verdicts on every fortieth file, from `batch` on."""
    return tuple(judge(export(seed)) for seed in range(batch, FILES, BATCHES))


def _told(verdicts: list[Verdict]) -> str:
    return "\n".join(["", *(describe(verdict) for verdict in verdicts)])


@pytest.mark.parametrize("batch", CHOSEN)
def test_no_file_is_read_wrongly_without_a_word(batch: int) -> None:
    wrong = [verdict for verdict in _verdicts(batch) if verdict.silent_error]
    assert not wrong, _told(wrong)


@pytest.mark.parametrize("batch", CHOSEN)
def test_at_most_a_tenth_of_the_files_that_answer_themselves_is_asked_about(batch: int) -> None:
    settled = [verdict for verdict in _verdicts(batch) if verdict.export.settled]
    asked = [verdict for verdict in settled if verdict.first.kind in (ASKED, REFUSED)]
    assert len(asked) <= ASKED_AT_MOST * len(settled), _told(asked)


@pytest.mark.parametrize("batch", CHOSEN)
def test_every_answer_leads_on_and_one_of_them_to_the_right_figures(batch: int) -> None:
    unfair = [verdict for verdict in _verdicts(batch) if not verdict.question_is_fair]
    assert not unfair, _told(unfair)
