"""Campaign: whom to contact, what it costs and what it should return, under assumptions anyone can change."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.charts import campaign as charts
from dashboard.parts import assumptions, basis, reconciled, roi
from dashboard.parts.chart import chart
from dashboard.screens.campaign import past_campaigns
from segmentation import formats
from segmentation.estimates import Estimate, Unknown

version = state.needed_version()
study, shop, assumed = state.study(), state.analysis(), state.assumptions()
currency = study.customers.currency
slots = [segment.colour for segment in study.segmentation.segments]

st.title("Campaign")
grid = st.grid(4, min_column_width=236, gap="small", border=True, dense=True)
with grid.cell():
    assumptions.uplift_controls(assumed)
result = grid.cell(column_span=3, row_span=2)
with grid.cell():
    assumptions.cost_controls(assumed, currency)

unlimited = shop.plan(study, assumed)

with result:
    assumptions.budget_control(unlimited.total.spent, currency)
    plan = shop.plan(study, assumed, budget=assumptions.budget()) if unlimited.total.spent else unlimited
    total = plan.total
    st.markdown(roi.finding(plan, currency))
    if not isinstance(total.profit, Unknown):
        roi.totals(plan, currency)
    if any(isinstance(row.incremental_margin, Estimate) for row in plan.rows):
        chart(
            "extra_margin",
            f"Bars: extra margin of each segment and its cost. {formats.count(total.chosen, 'customer')} "
            "contacted within the budget",
            charts.extra_margin,
            plan.rows,
            slots,
            currency,
            state.palette(),
        )

roi.table(plan, currency, key="roi", identity=study.segmentation.settings.key)
basis.beside(state.reached(), key="roi")
reconciled.beside_plan(study, unlimited)

with st.container(border=True, gap="xsmall"):
    st.markdown("**What this rests on**")
    lines = [line for line in (*plan.assumed, *plan.notes, shop.careful()) if line]
    st.markdown("\n".join(f"- {words.plain(line, limit=500)}" for line in lines))

credited = state.get(shop.past_campaigns())
if credited:
    past_campaigns.past(credited, currency)
