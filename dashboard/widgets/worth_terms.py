"""What turns expected orders into money: horizon, margin, discount rate and acquisition cost, bound to the URL."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.widgets import assumptions
from segmentation import formats
from segmentation.clv import MONTHS, YEAR, Terms
from segmentation.errors import SettingOutOfRange

HORIZON, MARGIN, DISCOUNT, COST = "horizon", assumptions.MARGIN, "discount", "acquisition"
USUAL = Terms()
USUAL_COST = 25.0
_ABOUT_MARGIN = "What is left of revenue after the cost of goods. It decides every figure here."


def offered(history_days: int) -> tuple[int, ...]:
    """The horizons in months that this much history can answer: at most twice as long; the shortest in any case."""
    return tuple(months for months in MONTHS if months * YEAR / 12 <= 2 * history_days) or MONTHS[:1]


def controls(currency: str | None, history_days: int) -> Terms:
    """Draw the controls; returns what they say."""
    months = offered(history_days)
    usual = min(USUAL.months, months[-1])
    if _whole(HORIZON) not in months:
        session.put(HORIZON, usual)
    with st.container(border=True):
        st.segmented_control(
            "How far ahead, months",
            months,
            default=usual,
            required=True,
            key=HORIZON,
            bind="query-params",
            help="At most twice as far as the history reaches back.",
        )
        if months != MONTHS:
            st.caption(
                f"The history is {formats.days(history_days)} long, too short to look further ahead than "
                f"{months[-1]} months."
            )
        columns = st.columns(3, gap="small")
        with columns[0]:
            assumptions.margin_control("Margin, % of revenue", 100 * USUAL.margin, _ABOUT_MARGIN)
        with columns[1]:
            st.number_input(
                "Discount, % a year", 0.0, 100.0, 100 * USUAL.discount, 1.0, key=DISCOUNT, bind="query-params",
                format="%.0f", help="Money next year is worth that much less than money today.",
            )  # fmt: skip
        with columns[2]:
            st.number_input(
                f"Acquisition cost{f', {currency}' if currency else ''}", 0.0, 100_000.0, USUAL_COST, 1.0,
                key=COST, bind="query-params", format="%.2f", help="Advertising and first discounts per new customer.",
            )  # fmt: skip
    return read()


def read() -> Terms:
    """The terms in the URL; what cannot be takes its usual value."""
    try:
        return Terms(
            margin=assumptions.number(MARGIN, 100 * USUAL.margin) / 100,
            discount=assumptions.number(DISCOUNT, 100 * USUAL.discount) / 100,
            months=int(assumptions.number(HORIZON, USUAL.months)),
        )
    except SettingOutOfRange:
        return USUAL


def _whole(key: str) -> int:
    return int(assumptions.number(key, 0))


def cost() -> float:
    """What a new customer costs, in shop currency."""
    return max(assumptions.number(COST, USUAL_COST), 0.0)
