"""What turns expected orders into money: the horizon, bound to the URL, and the shop's margin, discount and cost."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.parts import assumptions, shop_values
from dashboard.parts.shop_values import Control
from segmentation import formats
from segmentation.assumptions import ShopAssumptions
from segmentation.clv import MONTHS, Terms, possible_months

HORIZON = "horizon"
DISCOUNT, COST = Control("discount", "discount", 100), Control("acquisition", "acquisition_cost")
_ABOUT_MARGIN = "What is left of revenue after the cost of goods. It decides every figure here."


def controls(shop: ShopAssumptions, currency: str | None, history_days: int) -> Terms:
    """Draw the controls; returns what they say."""
    months = possible_months(history_days)
    usual = min(Terms().months, months[-1])
    if _whole(HORIZON) not in months:
        state.put(HORIZON, usual)
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
            shop_values.margin(shop, _ABOUT_MARGIN)
        with columns[1]:
            about = "Money next year is worth that much less than money today."
            shop_values.number(DISCOUNT, "Discount rate, % a year", shop, high=100.0, step=1.0, form="%.0f", help=about)
        with columns[2]:
            label = f"Acquisition cost{f', {currency}' if currency else ''}"
            about = "Advertising and first discounts per new customer."
            shop_values.number(COST, label, shop, high=1e6, step=1.0, form="%.2f", help=about)
        shop_values.said(shop_values.WORTH, shop_values.MARGIN, DISCOUNT, COST)
    chosen = _whole(HORIZON)
    return Terms.of(shop, chosen if chosen in months else usual)


def _whole(key: str) -> int:
    return int(assumptions.number(key, 0))
