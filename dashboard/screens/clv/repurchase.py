"""How soon customers order a second time, as a card."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.charts import repurchase as charts
from dashboard.parts import downloads, tables
from dashboard.parts.chart import chart
from segmentation import formats
from segmentation.analysis import NOTHING
from segmentation.analysis.repurchase import REPURCHASE
from segmentation.customers.repurchase import LANDMARKS, Curve, Repurchase
from segmentation.estimates import Unknown


def card() -> None:
    """The curves, what they say in a sentence, and the figures."""
    repurchase = state.get(state.analysis().answer(REPURCHASE, NOTHING))
    st.markdown("**How soon do customers order a second time?**")
    if isinstance(repurchase, Unknown):
        st.info(words.unknown(repurchase), icon=":material/info:")
        return
    st.caption(sentence(repurchase))
    chart(
        "repurchase_curves",
        "Curves: share of customers who have ordered again by days since the first order, by quarter of it",
        charts.curves,
        repurchase,
        state.palette(),
    )
    st.caption(
        "Kaplan–Meier: who has not ordered again yet counts for as long as their orders are known. A curve ends where "
        "too few are still waited for. The band is the 95 % interval of all customers. Several orders of a day count "
        "as one."
    )
    headers = ["First order", "Customers", *(f"Within {days} days" for days in LANDMARKS)]
    rows = [(one.name, one.customers, *(_value(one, days) for days in LANDMARKS)) for one in repurchase.cohorts]
    rows.append(
        (
            repurchase.everyone.name,
            repurchase.everyone.customers,
            *(_value(repurchase.everyone, days) for days in LANDMARKS),
        )
    )
    with st.expander("Figures by quarter", icon=":material/table_rows:"):
        tables.table(
            tables.in_percent(pd.DataFrame(rows, columns=headers), *headers[2:]),
            downloads.csv("repurchase", headers, rows),
            alt="Share of customers who have ordered again, by quarter of the first order",
            key="repurchase_figures",
            columns={"Customers": tables.count_column("Customers")}
            | {name: tables.percent_column(name) for name in headers[2:]},
        )


def sentence(repurchase: Repurchase) -> str:
    """The share within the longest landmark that the curve reaches, and when half of them were back."""
    everyone = repurchase.everyone
    days = max((days for days in LANDMARKS if days <= everyone.end), default=everyone.end)
    share = everyone.by(days)
    assert not isinstance(share, Unknown)
    first = (
        f"Within {formats.days(days)} of the first order {formats.percent(share.value)} "
        f"({formats.percent_interval(share.low, share.high)}) ordered again."
    )
    half = everyone.half_within
    return f"{first} Half of them did within {formats.days(half)}." if half is not None else first


def _value(one: Curve, days: int) -> float | None:
    share = one.by(days)
    return None if isinstance(share, Unknown) else share.value
