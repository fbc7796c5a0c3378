"""Lifetime value and the return of a campaign side by side: the sentence that says why both hold."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state, words
from segmentation.analysis import Study
from segmentation.analysis.reconciled import reconciled, values_of
from segmentation.campaigns import Plan
from segmentation.clv import Terms, possible_months
from segmentation.estimates import Estimate


def beside_plan(study: Study, plan: Plan) -> None:
    """Beside the ROI table, where lifetime value is known by now."""
    result = state.analysis().clv().peek()
    if result is None:
        return
    months = possible_months((state.as_of() - state.needed_version().manifest.first).days)
    terms = Terms.of(state.assumptions(), min(Terms().months, months[-1]))
    values = values_of(study, result, terms)
    if values is not None:
        _draw(plan, values, terms)


def beside_value(study: Study, values: Sequence[Estimate], terms: Terms) -> None:
    """Beside lifetime value by segment, where somebody looked back for the ROI table by now."""
    shop, assumed = state.analysis(), state.assumptions()
    if shop.look_back(assumed.values.window_days, study.customers.scores).peek() is not None:
        _draw(shop.plan(study, assumed), values, terms)


def _draw(plan: Plan, values: Sequence[Estimate], terms: Terms) -> None:
    if said := reconciled(plan, values, terms.months, state.needed_version().manifest.currency):
        st.caption(f":material/balance: {words.plain(said, limit=700)}")
