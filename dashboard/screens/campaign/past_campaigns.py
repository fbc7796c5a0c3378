"""Past campaigns beside a plan: what the mailing platform credited them with, labelled as that."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.parts import downloads, tables
from segmentation import formats
from segmentation.campaigns import PastCampaign
from segmentation.estimates import Unknown

HEADERS = (
    "Campaign",
    "Channel",
    "Sent",
    "Recipients",
    "Credited orders",
    "Order rate",
    "Order rate, low",
    "Order rate, high",
    "Credited revenue",
    "Revenue per recipient",
)


def past(campaigns: Sequence[PastCampaign], currency: str | None) -> None:
    """The table, with what its figures are and are not."""
    with st.container(border=True, gap="xsmall"):
        st.markdown("**Past campaigns, as the mailing platform credited them**")
        st.caption(
            "Attributed, not measured: a platform credits a campaign with every order placed soon after it was opened, "
            "also those that would have come anyway. For comparison only; nothing of it enters the plan."
        )
        tables.table(
            pd.DataFrame([_shown(one) for one in campaigns]),
            downloads.csv("past-campaigns", HEADERS, [_plain(one) for one in campaigns]),
            alt="Past campaigns: recipients, credited orders and revenue",
            key="past_campaigns",
            columns={
                "Campaign": st.column_config.TextColumn(pinned=True),
                "Sent": tables.date_column("Sent"),
                "Recipients": tables.count_column("Recipients"),
                "Credited orders": tables.count_column("Credited orders", help="Recipients credited with an order."),
                "Order rate": st.column_config.TextColumn(
                    help="Share of recipients credited with an order, with its 95 % interval."
                ),
                "Credited revenue": tables.money_column("Credited revenue", currency),
                "Per recipient": tables.money_column("Per recipient", currency, cents=True),
            },
        )


def _shown(one: PastCampaign) -> dict[str, object]:
    rate = one.order_rate
    return {
        "Campaign": one.name,
        "Channel": one.channel,
        "Sent": one.sent_on,
        "Recipients": one.recipients,
        "Credited orders": one.orders,
        "Order rate": formats.NOTHING
        if isinstance(rate, Unknown)
        else f"{formats.percent(rate.value)} ({formats.percent_interval(rate.low, rate.high)})",
        "Credited revenue": None if one.revenue is None else float(one.revenue),
        "Per recipient": None if isinstance(one.revenue_per_recipient, Unknown) else one.revenue_per_recipient,
    }


def _plain(one: PastCampaign) -> tuple[object, ...]:
    rate = one.order_rate
    shares = (None, None, None) if isinstance(rate, Unknown) else (rate.value, rate.low, rate.high)
    each = None if isinstance(one.revenue_per_recipient, Unknown) else one.revenue_per_recipient
    return (one.name, one.channel, one.sent_on, one.recipients, one.orders, *shares, one.revenue, each)
