"""The segment studio: controls, the map, the segments; all live."""

from __future__ import annotations

import streamlit as st

from dashboard import session, studio, words
from dashboard.charts import segments as charts
from dashboard.charts.base import CONFIG
from dashboard.widgets import (
    assumptions,
    controls,
    customer_map,
    roi,
    segment_cards,
    segment_tables,
    selection,
)
from segmentation.segments import RfmModel

APART, TYPICAL, MEMBERS, RETURN = "What sets them apart", "Typical values", "Customers", "Return of a campaign"

version = session.needed_version()
table = session.customers()

st.title("Segments")
grid = st.grid(4, min_column_width=236, gap="small", border=True, dense=True)
with grid.cell():
    method = controls.method_control()
    if method == "rfm":
        controls.preset_control()
    else:
        controls.number_control(session.advice())
map_cell = grid.cell(column_span=3, row_span=2)
tuning = grid.cell()
with tuning:
    if method != "rfm":
        controls.features_control(table)
    smallest = controls.smallest_control(table)

study = session.study()
found = study.segmentation
names, slots = [segment.name for segment in found.segments], [segment.colour for segment in found.segments]
palette = session.palette()

with map_cell:
    customer_map.draw(study)

if isinstance(found.model, RfmModel):
    with tuning, st.expander("Who gets which score", icon=":material/table_rows:"):
        segment_tables.cuts(table, found.model)

selection.draw(study)

with st.container(border=True, gap="xsmall"):
    st.markdown("**Share of customers and of revenue**")
    st.plotly_chart(
        charts.shares(names, slots, study.profiles, palette),
        key="shares",
        theme=None,
        config=CONFIG,
        alt="Bars: each segment's share of customers and of revenue",
    )

segment_cards.cards(study, smallest=smallest)

apart, typical, members, back = st.tabs([APART, TYPICAL, MEMBERS, RETURN], on_change="rerun", key="view")
if apart.open:
    with apart:
        labels = [(feature.name, feature.label) for feature in table.features]
        st.plotly_chart(
            charts.heat_map(names, study.profiles, labels, palette),
            key="heat_map",
            theme=None,
            config=CONFIG,
            alt="Heat map: how far each segment is from everyone, feature by feature",
        )
        st.caption("0 is like everyone; +1 is one standard deviation above. Brown is below, teal is above.")
if typical.open:
    with typical:
        segment_tables.typical_values(study)
if members.open:
    with members:
        place = st.selectbox("Segment", range(len(names)), key="members_of", format_func=lambda i: names[i], width=360)
        place = place if place is not None and place < len(names) else 0
        segment_tables.members(
            table,
            found.labels == place,
            stem=f"segment-{names[place]}",
            key="members",
            identity=f"{table.fingerprint}|{found.settings.key}|{place}",
        )
if back.open:
    with back:
        roi_plan = studio.plan(study, assumptions.read())
        st.markdown(roi.finding(roi_plan, table.currency))
        roi.table(roi_plan, table.currency, key="roi_short", short=True)
        st.caption(" ".join(words.plain(line) for line in roi_plan.assumed[:1]))
        st.page_link("screens/campaign.py", label="Change the assumptions and the budget", icon=":material/tune:")
