"""The segment studio: controls, the map, the proofs in a line, a card for each segment, the rest in tabs; all live."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.charts import segments as charts
from dashboard.parts import assumptions, basis, roi, segment_cards, studio
from dashboard.parts.chart import chart
from dashboard.screens.segments import (
    by_hand,
    comparison,
    controls,
    customer_map,
    cut_points,
    editing,
    proof_details,
    proof_strip,
    rfm_grid,
    rules_view,
    saving,
    score_choice,
    segment_tables,
    selection,
)

APART, TYPICAL, MEMBERS, PROVEN = "What sets them apart", "Typical values", "Customers", "Proofs"
RULES, BY_HAND, COMPARED, RETURN = "Segment definition", "Segment builder", "Compare", "Campaign ROI"

version = state.needed_version()
table = state.customers()
controls.leave_out_missing(table)

head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
grid = st.grid(7, min_column_width=80, gap="small", border=True, dense=True)  # controls stay beside the map at 800 px
with grid.cell(column_span=2):
    method = controls.method_control()
    if method == "rfm":
        controls.preset_control()
    else:
        controls.number_control(state.advice(), method)
        why = st.container()
picked = studio.picked(table)
map_cell = grid.cell(column_span=5 if picked is None else 3, row_span=2)
beside_map = None if picked is None else grid.cell(column_span=2, row_span=2)
tuning = grid.cell(column_span=2)
with tuning:
    with st.container() if method == "rfm" else controls.features_control(table):
        score_choice.popover(table)
    smallest = controls.smallest_control(table)

study = state.study()
segmentation = study.segmentation
names, slots = (
    [segment.name for segment in segmentation.segments],
    [segment.colour for segment in segmentation.segments],
)
palette = state.palette()
state.shown(segmentation.settings.key)

with head:
    st.title("Segments", width="content")
    saving.bar(study)
with map_cell:
    customer_map.draw(study)
if picked is not None and beside_map is not None:
    with beside_map:
        selection.draw(study, picked)
if method == "rfm":
    with st.expander("Change the score limits", icon=":material/tune:", on_change="rerun", key="cuts_open") as limits:
        if limits.open:
            cut_points.draw(study)

proofs = proof_strip.draw(study, smallest=controls.set_smallest())
advice = None if method == "rfm" else proof_strip.advice_beside(study, proofs)
if advice is not None:
    with why:
        controls.number_said(advice)

advise = segment_cards.cards(study, smallest=smallest, actions=editing.menu)
editing.changes(study)
editing.dialog(study)

if method == "rfm":
    with st.container(border=True, gap="xsmall"):
        rfm_grid.draw(study)
with st.container(border=True, gap="xsmall"):
    st.markdown("**Share of customers and of all-time revenue**")
    chart(
        "shares",
        "Bars: each segment's share of customers and of all-time revenue",
        charts.shares,
        names,
        slots,
        study.profiles,
        palette,
    )

tabs = st.tabs([APART, TYPICAL, MEMBERS, PROVEN, RULES, BY_HAND, COMPARED, RETURN], on_change="rerun", key="view")
apart, typical, members, proven, rules, hand, beside, back = tabs
with apart:
    if apart.open:
        segment_tables.heat_map(study)
with typical:
    if typical.open:
        segment_tables.typical_values(study)
with members:
    if members.open:
        segment_tables.members_of(study)
with proven:
    if proven.open:
        proof_details.draw(study, proofs, advice)
with rules:
    if rules.open:
        rules_view.draw(study)
with hand:
    if hand.open:
        by_hand.draw(study)
with beside:
    if beside.open:
        comparison.draw(study, proofs)
with back:
    if back.open:
        roi_plan = state.analysis().plan(study, budget=assumptions.budget())
        st.markdown(roi.finding(roi_plan, table.currency))
        roi.table(roi_plan, table.currency, key="roi_short", short=True)
        basis.beside(state.reached(), key="roi_short")
        st.caption(" ".join(words.plain(line) for line in roi_plan.assumed[:1]))
        st.page_link(
            "screens/campaign/campaign.py", label="Change the assumptions and the budget", icon=":material/tune:"
        )
advise()
