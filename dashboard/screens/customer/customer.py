"""Customer: look one up by id or e-mail; their orders, segment and why, and how they stand among everyone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.charts import kpis as charts
from dashboard.charts.base import CONFIG
from dashboard.parts import downloads, tables
from dashboard.screens.customer import outlook, parts
from segmentation.customers import lookup

version = state.needed_version()
engine, currency = state.engine(), version.manifest.currency

st.title("Customer")
chosen = parts.search(engine, version)
study = None
with state.guard(stop=chosen is None):
    study = state.study()
if chosen is None and study is not None:
    chosen = parts.examples(engine, version, study, currency)
if chosen is None:
    st.stop()

on = state.as_of()
every, orders = (lookup.orders_of(engine, version, chosen.customer, day) for day in (None, on))
row = None if study is None else lookup.row_of(study.customers, chosen.customer)
st.subheader(words.plain(chosen.name or chosen.customer))
about = [chosen.customer if chosen.name else "", lookup.masked_email(chosen.email)]
if any(about):
    st.caption(" · ".join(words.plain(one) for one in about if one))
parts.headline(orders, on, currency)
parts.later(every, orders, on, currency)

grid = st.grid(2, min_column_width=360, gap="small")
with grid.container(border=True, height="stretch"):
    st.markdown("**Orders over time**")
    st.plotly_chart(
        charts.orders_of_customer(orders, on, currency, state.palette()),
        theme=None,
        config=CONFIG,
        key="customer_orders",
        alt=f"Order values over time: {parts.counted(orders)}",
    )
if study is not None:
    with grid.container(border=True, height="stretch"):
        st.markdown("**Segment, and why**")
        parts.segment_and_why(study, row)

waiting = None
if study is not None and row is not None:
    with st.container(border=True):
        st.markdown("**What to expect**")
        waiting = outlook.draw(row, currency)
    with st.container(border=True):
        st.markdown("**Beside everyone else**")
        parts.standing_table(study, row, currency)

with st.container(border=True):
    st.markdown(f"**{parts.counted(orders)}**")
    frame = parts.order_frame(orders)
    tables.table(
        frame,
        downloads.csv(
            f"orders-{chosen.customer}",
            list(frame.columns),
            frame.itertuples(index=False, name=None),
            content="orders of a customer",
        ),
        alt="The customer's orders, latest first",
        key="customer_orders_list",
        columns={"Date": tables.date_column("Date")}
        | {name: tables.money_column(name, currency, cents=True) for name in ("Value", "Refunded", "Discount")},
    )
with st.expander(
    "Every line as it was imported", icon=":material/receipt_long:", on_change="rerun", key="lines"
) as box:
    if box.open:
        lines = lookup.lines_of(engine, version, chosen.customer)
        tables.table(
            pd.DataFrame(lines.to_pylist(), columns=lines.column_names),
            downloads.arrow(f"lines-{chosen.customer}", lines, content="orders of a customer"),
            alt="The customer's order lines, latest first",
            key="customer_lines",
            columns={"ordered_on": tables.date_column("Date")} | parts.LINE_COLUMNS,
        )
outlook.follow(waiting)
