"""The customers of the shop that is looked at, with the scores somebody wants among their features."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from dashboard.session import shop, state, tuning
from segmentation.customers import CustomerTable
from segmentation.errors import TesseraError
from segmentation.scored import scores_among
from segmentation.segments import Conditions
from segmentation.study import Tables
from segmentation.workspace import DatasetVersion, Workspace

SCORES = tuning.SCORES
TABLES_KEPT = 6


def customers() -> CustomerTable:
    """The customer table of the current shop at `as_of()`. Raises TesseraError where there can be none."""
    return _table(scores())


def plain_customers() -> CustomerTable:
    """The same customers without scores: what a model may learn from."""
    return _table(())


def scores() -> tuple[str, ...]:
    """The scores among the features: chosen, or named by the segmentation or the form for segments by hand."""
    return scores_among([*chosen_scores(), *tuning.settings().scores, *_asked_by_hand()])


def chosen_scores() -> tuple[str, ...]:
    """The scores somebody chose to see."""
    return scores_among(str(state.asked(SCORES) or "").split(tuning.APART))


def choose_scores(names: Iterable[str]) -> None:
    """Have these scores among the features from the next run on."""
    state.put(SCORES, tuning.APART.join(scores_among(names)))


def _asked_by_hand() -> tuple[str, ...]:
    try:
        return Conditions.from_text(str(state.asked(tuning.HAND) or "")).features
    except TesseraError:  # the form says so itself
        return ()


def _table(names: tuple[str, ...]) -> CustomerTable:
    current = shop.needed_version()
    return _customers(str(shop.workspace().root), current.fingerprint, shop.as_of(), names, current)


@st.cache_resource(max_entries=TABLES_KEPT, show_spinner="Working out who your customers are…")
def _customers(
    root: str,
    fingerprint: str,  # noqa: ARG001 - part of the cache key
    when: date,
    names: tuple[str, ...],
    _version: DatasetVersion,
) -> CustomerTable:
    return Tables(Workspace.open(root), shop.engine_at(root), _version, names).at(when)
