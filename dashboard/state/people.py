"""The customers of the shop that is looked at, with the scores somebody wants among their features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import streamlit as st

from dashboard import words
from dashboard.state import answers, choices, tuning
from dashboard.state.one_run import once
from segmentation.analysis import scores_among
from segmentation.analysis.scores import RISK_NAMES, slow_step
from segmentation.customers import CustomerTable, catalogue
from segmentation.errors import TesseraError
from segmentation.segments import Conditions

SCORES = tuning.SCORES
LONGEST_WAIT = 180.0


def customers(also: Iterable[str] = ()) -> CustomerTable:
    """The customer table of the current shop at `as_of()`, with what is needed and `also` these scores.

    Raises TesseraError where there can be none.
    """
    names = scores_among([*scores(), *also])
    if RISK_NAMES[0] in names:  # that takes too long for a page
        answers.wait(slow_step(answers.analysis()), LONGEST_WAIT)
    return _table(names)


def plain_customers() -> CustomerTable:
    """The same customers without scores: what a model may learn from."""
    return _table(())


def scores() -> tuple[str, ...]:
    """The scores among the features: chosen, or named by the segmentation or the form for segments by hand."""
    return scores_among([*chosen_scores(), *tuning.settings().scores, *_asked_by_hand()])


def held_scores() -> tuple[str, ...]:
    """The scores that something else than a choice needs: names kept from before, a pinned rule, the form by hand."""
    settings = tuning.settings()
    return scores_among([*replace(settings, features=()).scores, *_asked_by_hand()])


def left_out(table: CustomerTable, missing: Iterable[str]) -> str:
    """A sentence for scores that are asked for and cannot be had."""
    names = set(missing)
    said = {one.feature.name: words.plain(one.reason, limit=300) for one in table.unavailable}
    labels = {feature.name: feature.label for feature in catalogue().scores}
    told = [f"{labels[name]} is left out. {said.get(name, '')}" for name in labels if name in names]
    return "  \n".join(told)


def chosen_scores() -> tuple[str, ...]:
    """The scores somebody chose to see."""
    return scores_among(str(choices.asked(SCORES) or "").split(tuning.APART))


def choose_scores(names: Iterable[str]) -> None:
    """Have these scores among the features from the next run on."""
    choices.put(SCORES, tuning.APART.join(scores_among(names)))


def _asked_by_hand() -> tuple[str, ...]:
    try:
        return Conditions.from_text(str(choices.asked(tuning.HAND) or "")).features
    except TesseraError:  # the form says so itself
        return ()


def _table(names: tuple[str, ...]) -> CustomerTable:
    def work_out() -> CustomerTable:
        with st.spinner("Working out who your customers are…"):
            return answers.analysis().customers(names)

    return once(("customers", names), work_out)
