"""Overview: the figures of a period, how they changed, their course, and the segments' part in them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.charts import kpis as charts
from dashboard.parts import downloads, kpi_cards, revenue_change, tables
from dashboard.parts.chart import chart
from dashboard.parts.period import period_picker
from segmentation import formats
from segmentation.estimates import Unknown

version = state.needed_version()
currency = version.manifest.currency
palette = state.palette()

st.title("Overview")
period, yearly = period_picker(version)
shop = state.analysis()
overview = state.get(shop.overview(period, yearly=yearly))
compared = (
    f"compared with {period.against(overview.before.period)}"
    if not isinstance(overview.before, Unknown)
    else f"not compared: {words.unknown(overview.before)[:1].lower()}{words.unknown(overview.before)[1:]}"
)
st.caption(f"{formats.period(period.first, period.last)} ({formats.days(period.days)}), {compared}")

held = version.manifest
beyond = held.revenue - overview.now.revenue if period.first <= held.first and period.last >= held.last else 0
if beyond:  # only what pays back is dated after the last order or before the first
    st.caption(
        "Refunds dated before the first order or after the last, "
        f"{words.plain(formats.money(beyond, currency, cents=True))}, are in no figure here."
    )

kpi_cards.cards(overview, currency)
kpi_cards.beside(overview)
revenue_change.card(overview, currency, key="overview_why", figures=True)

with st.grid(2, min_column_width=420, gap="small"):
    with st.container(border=True):
        st.markdown(f"**Revenue by {overview.bucket}**")
        chart(
            "overview_revenue",
            f"Bar chart: revenue by {overview.bucket}, {formats.period(period.first, period.last)}",
            charts.revenue_over_time,
            overview,
            currency,
            palette,
        )
    with st.container(border=True):
        st.markdown(f"**Customers who ordered, by {overview.bucket}**")
        chart(
            "overview_customers",
            f"Stacked bars: returning and new customers by {overview.bucket}",
            charts.new_and_returning,
            overview,
            palette,
        )

with state.guard(stop=False):
    study = state.study()
    segments = study.segmentation.segments
    groups = state.get(shop.sales(study, period))
    rest = float(overview.now.revenue) - sum(group.revenue for group in groups)
    with st.container(border=True):
        st.markdown("**Revenue by segment in this period**")
        chart(
            "overview_segments",
            "Bar chart: revenue of each segment in the period",
            charts.revenue_by_group,
            [s.name for s in segments],
            [s.colour for s in segments],
            groups,
            rest,
            currency,
            palette,
        )
        st.caption(
            "Segments as they are now; what each of them bought in the period. Shares are of what all segments bought: "
            "guests and others are outside."
        )

course = pd.DataFrame(
    [
        (one.period.first, one.period.last, float(one.revenue), one.orders, one.customers, one.new, one.returning)
        for one in overview.buckets
    ],
    columns=["From", "To", "Revenue", "Orders", "Customers", "New", "Returning"],
)
with st.expander(f"The figures by {overview.bucket}", icon=":material/table_rows:"):
    tables.table(
        course,
        downloads.csv("overview", list(course.columns), course.itertuples(index=False, name=None)),
        alt=f"Revenue, orders and customers by {overview.bucket}",
        key="overview_course",
        columns={"Revenue": tables.money_column("Revenue", currency, cents=True)},
    )
