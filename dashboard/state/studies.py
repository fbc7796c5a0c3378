"""Segments and the recommended number for what a visitor asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.state import answers, choices, people, shop, tuning
from dashboard.state.links import EDITS
from segmentation.analysis import Analysis, Answer, Study, StudySettings, resolve
from segmentation.errors import CallError, DataError, FeatureUnavailable
from segmentation.jobs import Job
from segmentation.proof import Recommendation
from segmentation.workspace import Saved

PATIENT, LONGEST_WAIT = "patient", 180.0
"""Whether a screen waits for the recommended number, and for how many seconds; the studio goes on without it."""


def study() -> Study:
    """Segments and profiles of the current shop under the current settings.

    A saved segmentation that was not changed is shown as it was saved: with customers who came later, nothing is
    fitted again.
    """
    current, chosen = answers.analysis(), _asked()
    missing = set(tuning.settings().scores) - set(chosen.scores)
    if missing:
        st.warning(people.left_out(people.customers(), missing), icon=":material/block:")
    saved = tuning.saved()
    if saved is not None and current.is_outdated(saved) and _is(saved, current, chosen):
        with st.spinner("Assigning customers…"):
            return current.saved_study(saved, people.scores())
    chosen = _with_merges(current, chosen)
    try:
        return _made(current, chosen)
    except (CallError, FeatureUnavailable) as problem:
        if not chosen.edits.pins:
            raise
        st.warning(f"What was pinned is left out. {words.error(problem)}", icon=":material/push_pin:")
        return _made(current, replace(chosen, edits=replace(chosen.edits, pins=())))


def _with_merges(current: Analysis, chosen: StudySettings) -> StudySettings:
    """The settings with the merges that were there before a control was moved, as far as their segments go on."""
    before = choices.recall(tuning.MERGED_BEFORE, "")
    if not before:
        return chosen
    edits, lost = current.carried(before, chosen)
    choices.forget(tuning.MERGED_BEFORE)
    tuning.edit(edits)
    choices.write_url(EDITS, edits.text)  # the rest of the link was written before
    for names in lost:
        st.toast(
            f"No longer merged, since these segments did not go on: {words.plain(names)}.", icon=":material/call_split:"
        )
    return replace(chosen, edits=edits)


def standard() -> Study:
    """The segmentation nobody tuned: the recommended number, the usual features."""
    return _made(answers.analysis(), StudySettings())


def saved_study(identity: str) -> Study:
    """A saved segmentation over the customers shown: as it was made, or its segments with everyone assigned.

    Raises SegmentationNotFound, FeatureUnavailable.
    """
    return answers.analysis().saved_study(shop.saved_segmentations().get(identity), people.scores())


def advice() -> Recommendation | None:
    """The recommended number of segments for the chosen features; None while it is being worked out."""
    return _advised(answers.analysis(), _asked())


def advice_job() -> Job | None:
    """The work on the recommended number; None where it is known or nobody can do it."""
    number = _number(answers.analysis(), _asked())
    jobs = answers.workers_for(number)
    return None if jobs is None or number.peek() is not None else number.under_way(jobs)


def ask_again() -> None:
    """Work the recommended number out once more, after it failed."""
    answers.ask(_number(answers.analysis(), _asked()), again=True)


def be_patient(wait: bool) -> None:
    """Say whether this screen waits for the recommended number, or shows a few segments until it is there."""
    choices.keep(PATIENT, wait)


def _asked() -> StudySettings:
    """The settings, without scores that these customers cannot have."""
    chosen, table = tuning.settings(), people.customers()
    missing = [name for name in chosen.scores if name not in table.scores]
    return chosen.without_scores(missing) if missing else chosen


def _made(current: Analysis, chosen: StudySettings) -> Study:
    """The segments, after the recommended numbers that decide them were waited for, where this screen waits."""
    _advised(current, chosen)
    if chosen.anchor is None and chosen != StudySettings():
        _advised(current, StudySettings())
    with st.spinner("Finding segments…"):
        return current.study(chosen, scores=people.scores(), wait=False)


def _advised(current: Analysis, chosen: StudySettings) -> Recommendation | None:
    if chosen.method == "rfm":
        return None
    number = _number(current, chosen)
    return answers.wait(number, LONGEST_WAIT if choices.recall(PATIENT, True) else 0.0)


def _number(current: Analysis, chosen: StudySettings) -> Answer[Any, Recommendation]:
    return current.number(chosen, people.scores())


def _is(saved: Saved, current: Analysis, chosen: StudySettings) -> bool:
    """Whether these settings are still those of the saved segmentation."""
    try:
        return resolve(people.customers(), chosen, _advised(current, chosen)).key == saved.key
    except DataError:  # a feature that today's data cannot give: the saved model says so itself
        return True
