"""Data health: what this shop's data can and cannot answer, by which threshold, and what to upload next."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.charts import health as charts
from dashboard.parts import basis
from dashboard.parts.chart import chart
from dashboard.screens.health import parts as parts
from segmentation import formats
from segmentation.customers import ground
from segmentation.estimates import Unknown
from segmentation.health import findings, gates, health_of

version = state.needed_version()
health = state.get(health_of(state.analysis()))
stated = state.stated()
judged = gates(health, stated)
palette = state.palette()

st.title("Data health")
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.markdown(parts.verdict(judged))
    parts.gates_download(version.name, judged)
parts.facts(health)
basis.form(ground(column=health.consent.column, refusals=health.consent.refused > 0, stated=stated))

st.subheader("What the data can answer")
parts.gate_cards(judged)

st.subheader("Data warnings")
with st.container(border=True):
    parts.findings(findings(health))

st.subheader("What the data covers")
with st.grid(2, min_column_width=420, gap="small"):
    with st.container(border=True, height="stretch"):
        st.markdown("**Orders by week**" + (", days without orders marked" if health.gaps else ""))
        chart(
            "health_weeks",
            f"Orders per week, {formats.period(health.first, health.last)}, "
            f"with {formats.count(len(health.gaps), 'gap')}",
            charts.orders_by_week,
            health,
            palette,
        )
    with st.container(border=True, height="stretch"):
        st.markdown("**Orders by month and year**")
        chart(
            "health_months",
            "Heat map: orders of each month and year; pale where the data covers a part of the month",
            charts.months_by_year,
            health,
            palette,
        )
        if not all(month.whole for month in health.months):
            st.caption("Grey: the data covers a part of the month only.")

with st.container(border=True):
    st.markdown("**Columns**")
    parts.columns(health)

if not isinstance(health.outliers, Unknown) and health.outliers.orders:
    with st.expander(
        f"The largest of {formats.count(health.outliers.orders, 'unusual order')}", icon=":material/table_rows:"
    ):
        parts.large_orders(health.outliers, health.currency)
elif isinstance(health.outliers, Unknown):
    st.caption(words.unknown(health.outliers))
