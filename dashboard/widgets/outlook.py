"""What to expect of one customer: orders, spend, risk and the next order, each with its date and model."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import session, words
from segmentation import formats
from segmentation.estimates import Unknown
from segmentation.predicting import Slipping, Worth
from segmentation.worth import AGAIN_DAYS

_YEAR = 3  # the place of twelve months among the quarters


def draw(row: int, currency: str | None) -> None:
    """The figures that are known by now; what is still worked out says so, and what cannot be known says why."""
    worth, slipping = session.worth(), session.slipping(None)
    if worth is None:
        session.worth_job()
    if slipping is None:
        session.slipping_job(None)
    with st.grid(4, min_column_width=170, gap="small"):
        _worth(worth, row, currency)
        _churn(slipping, row)
    models = [] if worth is None or isinstance(worth.models.buying, Unknown) else [worth.models.buying.name]
    if slipping is not None and not isinstance(slipping.risk.findings, Unknown):
        models.append(f"churn model, lost after {formats.days(slipping.risk.findings.horizon_days)}")
    if models:
        st.caption(f"As of {formats.day(session.as_of())}, by {' and '.join(models)}.")


def _worth(found: Worth | None, row: int, currency: str | None) -> None:
    if found is None or found.scores is None:
        buying = None if found is None else found.models.buying
        _nothing("Orders in 12 months", buying if isinstance(buying, Unknown) else None)
        return
    orders, value = float(found.scores.orders[row, _YEAR]), float(found.scores.value[row])
    st.metric("Orders in 12 months", formats.number(orders, decimals=1), border=True, height="stretch")
    st.metric(
        "Spend in 12 months",
        formats.money(orders * value, currency),
        border=True,
        height="stretch",
        help=f"Expected, at {formats.money(value, currency, cents=True)} an order.",
    )
    st.metric(
        f"Orders within {AGAIN_DAYS} days",
        formats.percent(float(found.scores.again[row])),
        border=True,
        height="stretch",
        help="The chance of at least one order.",
    )


def _churn(found: Slipping | None, row: int) -> None:
    if found is None or found.scores is None:
        why = None if found is None else found.risk.findings
        due = "" if found is None else _next_order(found, row) or ""
        _nothing("Risk of being lost", why if isinstance(why, Unknown) else None, due)
        return
    st.metric(
        "Risk of being lost",
        formats.percent(float(found.scores.risk[row])),
        _next_order(found, row),
        delta_color="off",
        delta_arrow="off",
        border=True,
        height="stretch",
    )


def _next_order(found: Slipping, row: int) -> str | None:
    """When the next order is due; None where that cannot be said of anybody."""
    if found.due is None:
        return None
    if np.isnat(found.due.end[row]):
        return "no rhythm known yet"
    start, end = (days[row].astype(object) for days in (found.due.start, found.due.end))
    late = int(found.due.late_days[row])
    if late:
        return f"{formats.days(late)} late"
    return f"next order {formats.day(start)} – {formats.day(end)}"


def _nothing(label: str, why: Unknown | None, beside: str = "") -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(label)
        st.caption("Being worked out: look again in a moment." if why is None else words.unknown(why))
        if beside:
            st.caption(beside[:1].upper() + beside[1:] + ".")
