"""When a customer counts as lost, bound to the URL; and what an offer costs and does, which is the shop's."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.parts import shop_values
from dashboard.parts.shop_values import Control
from segmentation import formats
from segmentation.assumptions import ShopAssumptions
from segmentation.churn import PolicySettings

LOST, LOST_TOO = "lost_after", "lost_too"
COST, SAVED = Control("offer_cost", "offer_cost"), Control("save_rate", "save_rate", 100)
PROPOSED = words.PROPOSED


def horizon() -> int | None:
    """Draw the choice of when a customer counts as lost; None for what the shop's own pauses propose."""
    asked = str(state.asked(LOST))
    labels = words.LOST_AFTER
    state.put(LOST, next((name for name, label in labels.items() if asked in {name, label}), PROPOSED))
    chosen = st.segmented_control(
        "Churned after",
        list(labels),
        default=PROPOSED,
        required=True,
        key=LOST,
        bind="query-params",
        wrap=True,
        format_func=lambda name: labels.get(name, name),
    )
    return None if chosen in {None, PROPOSED} else int(chosen)


def offer(shop: ShopAssumptions, currency: str | None) -> PolicySettings:
    """Draw what an offer costs, saves and leaves; returns what counts."""
    shop_values.slider(
        COST,
        f"Offer, {currency or 'shop currency'} for each who takes it",
        shop,
        high=50.0,
        step=0.5,
        help="Paid on everyone who takes it, also on those who would have ordered anyway.",
    )
    shop_values.slider(
        SAVED,
        "Save rate, %",
        shop,
        low=1.0,
        high=50.0,
        step=1.0,
        help="Nobody has measured this yet: a holdout does. The result stands and falls with it.",
    )
    shop_values.margin(shop, "What is left of revenue after the cost of goods.")
    st.markdown(":orange-badge[assumption] :small[What an offer saves is not measured.]")
    shop_values.said(shop_values.CHURN, shop_values.MARGIN, COST, SAVED)
    return PolicySettings.of(shop)


def lost_too(days: int, lost: int) -> bool:
    """Draw whether those who count as lost already are offered it too; returns whether they are."""
    return st.checkbox(
        f"Also {formats.number(lost)} lost already",
        key=LOST_TOO,
        bind="query-params",
        help=f"They have not ordered for more than {formats.days(days)}. Offers seldom bring such customers back, "
        "so the share saved above is likely too high for them.",
    )
