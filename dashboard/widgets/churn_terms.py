"""When a customer counts as lost, and what an offer costs and does; bound to the URL."""

from __future__ import annotations

import streamlit as st

from dashboard import session, words
from dashboard.widgets import assumptions
from segmentation import formats
from segmentation.churn import USUAL_MARGIN, USUAL_OFFER, USUAL_SAVED, PolicySettings
from segmentation.errors import SettingOutOfRange

LOST, COST, SAVED, MARGIN = "lost_after", "offer_cost", "save_rate", assumptions.MARGIN
LOST_TOO = "lost_too"
PROPOSED = words.PROPOSED
MOST_COST = 50.0


def horizon() -> int | None:
    """Draw the choice of when a customer counts as lost; None for what the shop's own pauses propose."""
    asked = str(session.asked(LOST))
    labels = words.LOST_AFTER
    session.put(LOST, next((name for name, label in labels.items() if asked in {name, label}), PROPOSED))
    chosen = st.segmented_control(
        "A customer counts as lost without an order for",
        list(labels),
        default=PROPOSED,
        required=True,
        key=LOST,
        bind="query-params",
        wrap=True,
        format_func=lambda name: labels.get(name, name),
    )
    return None if chosen in {None, PROPOSED} else int(chosen)


def offer(currency: str | None, measured_margin: float | None) -> PolicySettings:
    """Draw what an offer costs, saves and leaves; returns what the controls say."""
    unit = currency or "shop currency"
    st.slider(
        f"Offer, {unit} for each who takes it",
        0.0,
        MOST_COST,
        USUAL_OFFER,
        0.5,
        key=COST,
        bind="query-params",
        help="Paid on everyone who takes it, also on those who would have ordered anyway.",
    )
    st.slider(
        "Saved by it, % of those who would be lost",
        1.0,
        50.0,
        100 * USUAL_SAVED,
        1.0,
        key=SAVED,
        bind="query-params",
        help="Nobody has measured this yet: a holdout does. The result stands and falls with it.",
    )
    usual = 100 * (USUAL_MARGIN if measured_margin is None else measured_margin)
    about = "From your unit costs." if measured_margin is not None else "The export has no unit costs: state it."
    assumptions.margin_control("Margin, % of revenue", float(round(usual)), about)
    st.markdown(":orange-badge[assumption] :small[What an offer saves is not measured.]")
    return read(usual)


def lost_too(days: int, lost: int) -> bool:
    """Draw whether those who count as lost already are offered it too; returns whether they are."""
    return st.checkbox(
        f"Also {formats.number(lost)} lost already",
        key=LOST_TOO,
        bind="query-params",
        help=f"They have not ordered for more than {formats.days(days)}. Offers seldom bring such customers back, "
        "so the share saved above is likely too high for them.",
    )


def read(usual_margin: float) -> PolicySettings:
    """The settings in the URL; what cannot be takes its usual value."""
    try:
        return PolicySettings(
            offer_cost=assumptions.number(COST, USUAL_OFFER),
            save_rate=assumptions.number(SAVED, 100 * USUAL_SAVED) / 100,
            margin=assumptions.number(MARGIN, round(usual_margin)) / 100,
        )
    except SettingOutOfRange:
        return PolicySettings()
