"""Churn: who is slipping away, whom it pays to write to, and whose next order is due."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.parts import waiting
from dashboard.screens.churn import parts, terms
from segmentation.analysis import prospects
from segmentation.churn import policy
from segmentation.estimates import Unknown

version = state.needed_version()
currency = version.manifest.currency

st.title("Churn")
with st.container(border=True):
    horizon = terms.horizon()
    result = waiting.until(state.analysis().churn(horizon), key="churn")
    if not isinstance(result.definition, Unknown):
        st.caption(words.plain(result.definition.reason, limit=400))
    if careful := state.analysis().careful():
        st.markdown(f":orange-badge[check this] :small[{words.plain(careful, limit=500)}]")

customers, findings = state.plain_customers(), result.findings
who = state.reached()
if isinstance(findings, Unknown) or result.scores is None:
    st.info(words.unknown(findings) if isinstance(findings, Unknown) else words.KEPT_BADLY, icon=":material/info:")
    st.caption("A shorter time above may do, where customers pause less than it.")
    st.page_link("screens/import_data/import_data.py", label="Add an earlier export", icon=":material/upload_file:")
else:
    grid = st.grid(4, min_column_width=236, gap="small", border=True)
    with grid.cell():
        st.markdown("**What an offer costs and does**")
        settings = terms.offer(state.assumptions(), currency)
        lost_after = findings.horizon_days
        here = result.scores.here(lost_after)
        everyone = terms.lost_too(lost_after, int((who.may & ~here).sum()))
    with grid.cell(column_span=3):
        possible = result.scores.of_those(who.may)
        asked = possible if everyone else possible.of_those_here(lost_after)
        parts.chosen(policy(asked, settings, currency=currency), currency)
    with st.container(border=True):
        model = f"churn, lost after {lost_after} days"
        offers = prospects(result.scores, settings, lost_after)
        parts.contact_list(customers, offers, currency, lost_too=everyone, model=model, who=who)
    with st.container(border=True):
        parts.proof(findings)
    with st.container(border=True):
        parts.drivers(findings)

with st.container(border=True):
    parts.due_lists(customers, result.due, currency, who)
