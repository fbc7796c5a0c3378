"""The studio's controls. Each is bound to the URL under a key of `session`, and says in a line what it changes."""

from __future__ import annotations

import streamlit as st

from dashboard import session, words
from dashboard.links import FEWEST, MOST
from segmentation import formats
from segmentation.customers import CustomerTable
from segmentation.segments import Recommendation
from segmentation.study import METHODS

SMALLEST = "smallest"
SENTENCES = {
    "kmeans": "k-means: everyone joins the nearest of several typical customers.",
    "mixture": "Gaussian mixture: like clusters, but groups may be stretched and differ in width.",
    "rfm": "Fixed rules on recency, orders and spend, as shop systems use them.",
}
PRESET_SENTENCES = {
    "shopify": "Shopify's groups: recency against orders and spend together, in fifths.",
    "klaviyo": "Klaviyo's six groups: recency at 180 and 365 days, orders and spend in thirds.",
}


def method_control() -> str:
    """Rules or clusters; returns the method, one of `METHODS`."""
    session.follow(session.METHOD, METHODS[0])
    chosen = st.segmented_control(
        "Group by",
        METHODS,
        required=True,
        key=session.METHOD,
        bind="query-params",
        format_func=lambda name: words.METHODS.get(name, name),
        wrap=True,
    )
    method = chosen if chosen in METHODS else METHODS[0]
    st.caption(SENTENCES[method])
    return method


def number_control(advice: Recommendation) -> None:
    """How many segments, with the recommended number, why, and a way back to it."""
    session.follow(session.SEGMENTS, min(max(advice.k, FEWEST), MOST), low=FEWEST, high=MOST)
    count = st.slider(
        "Number of segments",
        FEWEST,
        MOST,
        key=session.SEGMENTS,
        bind="query-params",
        help="More segments are more alike inside, and harder to serve with different messages.",
    )
    st.caption(f":material/recommend: Recommended {words.plain(advice.reason, limit=400)}")
    if count != advice.k:
        st.button(
            f"Use the recommended {advice.k}",
            key="use_recommended",
            icon=":material/undo:",
            type="tertiary",
            on_click=session.put,
            args=(session.SEGMENTS, advice.k),
        )


def features_control(customers: CustomerTable) -> None:
    """Which features make customers alike; those the data cannot give are listed with the reason."""
    labels = {feature.name: feature.label for feature in customers.features}
    session.follow(session.FEATURES, list(customers.default_features()))
    chosen = st.pills(
        "Alike in",
        list(labels),
        selection_mode="multi",
        key=session.FEATURES,
        bind="query-params",
        format_func=lambda name: labels.get(name, name),
        wrap=True,
        help="  \n".join(f"**{feature.label}**: {words.plain(feature.sentence)}" for feature in customers.features),
    )
    if not chosen:
        st.caption("None chosen, so the usual ones are used.")
    if customers.unavailable:
        missing = formats.count(len(customers.unavailable), "feature")
        with st.popover(f"{missing} not in this data", icon=":material/block:", type="tertiary"):
            for one in customers.unavailable:
                st.markdown(f":gray[**{words.plain(one.feature.label)}**: {words.plain(one.reason)}]")


def preset_control() -> str:
    """Which shop system's rules."""
    session.follow(session.PRESET, "shopify")
    chosen = st.segmented_control(
        "Rules of",
        list(words.PRESETS),
        required=True,
        key=session.PRESET,
        bind="query-params",
        format_func=lambda name: words.PRESETS.get(name, name),
    )
    preset = chosen if chosen in words.PRESETS else "shopify"
    st.caption(PRESET_SENTENCES[preset])
    return preset


def smallest_control(customers: CustomerTable) -> int:
    """From how many customers on a segment is worth a message of its own; returns that number."""
    usual = max(10, round(customers.n * 0.02))
    top = max(20, customers.n // 4)
    session.follow(SMALLEST, min(usual, top), low=0, high=top)
    chosen = st.slider(
        "Smallest useful segment",
        0,
        top,
        key=SMALLEST,
        bind="query-params",
        help="Only a mark on the cards: nothing is merged or left out.",
    )
    st.caption("Customers a segment needs to be worth a message; smaller ones are marked.")
    return int(min(max(chosen, 0), top))
