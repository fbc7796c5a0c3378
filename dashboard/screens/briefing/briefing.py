"""Briefing: the manager's page. Which segments there are, what they are worth, what changed, what to do next."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard import state, words
from dashboard.charts import segments as charts
from dashboard.parts import kpi_cards, revenue_change
from dashboard.parts.chart import chart
from dashboard.parts.period import LAST_30, LAST_90, LAST_365, usual_choice
from dashboard.screens.briefing import parts
from segmentation import formats
from segmentation.estimates import Unknown
from segmentation.kpis import Period

WINDOWS = {LAST_30: 30, LAST_90: 90, LAST_365: 365}

version = state.needed_version()
study = state.study()
segments = study.segmentation.segments

st.title("Briefing")
with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
    st.caption(
        f"{words.plain(version.name)}, as of {formats.day(study.customers.as_of)} · "
        f"{formats.count(study.customers.n, 'customer')} in {formats.count(len(segments), 'segment')}"
    )
    parts.report_button(version, study)
usual = usual_choice(version.manifest.first, version.manifest.last)
usual = usual if usual in WINDOWS else LAST_90
state.follow("window", usual)
chosen = st.segmented_control(
    "What changed in the last",
    list(WINDOWS),
    default=usual,
    required=True,
    key="window",
    bind="query-params",
)
days = WINDOWS.get(chosen or "", 90)
on = study.customers.as_of
window = Period(max(on - timedelta(days=days), version.manifest.first), on - timedelta(days=1))
shop = state.analysis()
overview, moved = state.get(shop.overview(window)), state.get(shop.migration(study, days))
sales, within = state.get(shop.sales(study, window)), f"the last {formats.days(window.days)}"

with st.container(border=True):
    st.markdown("**In short**")
    careful = [words.plain(shop.careful(), limit=500)] if shop.careful() else []
    lines = [parts.headline(study, sales, within), *parts.sentences(version, study, overview, moved), *careful]
    st.markdown("\n".join(f"- {line}" for line in lines))

st.subheader(f"The shop in {within}")
kpi_cards.cards(
    overview, version.manifest.currency, only=("Revenue", "Orders", "Customers", "Average order", "Margin rate")
)
kpi_cards.beside(overview)
revenue_change.card(overview, version.manifest.currency, key="briefing_why", said=False)

st.subheader("The segments")
with st.container(border=True):
    st.markdown(f"**Who they are, and who brought the revenue of {within}**")
    chart(
        "briefing_shares",
        f"Two bars: each segment's share of customers and of the revenue of {within}",
        charts.shares,
        [s.name for s in segments],
        [s.colour for s in segments],
        parts.in_period(study, sales),
        state.palette(),
        f"revenue of {within}",
    )
    parts.segment_table(study, sales, window.days, moved, version.manifest.currency, days)

with st.grid(2, min_column_width=380, gap="small"):
    with st.container(border=True, height="stretch"):
        st.markdown(f"**Who moved in the last {days} days**")
        if isinstance(moved, Unknown):
            st.caption(words.unknown(moved))
        else:
            parts.moves(study, moved)
    with st.container(border=True, height="stretch"):
        st.markdown("**What to do next**")
        parts.next_steps(study)
