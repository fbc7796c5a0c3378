"""The studio's controls. Each is bound to the URL under a key of `session`, and says in a line what it changes."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state, words
from dashboard.parts import waiting
from segmentation import formats
from segmentation.analysis import METHODS, PROVISIONAL, features_for
from segmentation.customers import CLIP, CustomerTable, Feature, catalogue
from segmentation.proof import Recommendation
from segmentation.segments.near_duplicates import NearDuplicates, near_duplicates
from segmentation.segments.settings import FEWEST, HEAVIEST, LIGHTEST, MOST, SegmentSettings

SHOWN_METHODS, ADVANCED = ("kmeans", "rfm"), ("mixture", "ward", "hdbscan")
SMALLEST, LEFT_OUT, NUMBER, OTHER = state.SMALLEST, "left_out", "number_of_segments", "other_method"
SENTENCES = {
    "kmeans": "Groups customers who behave alike (k-means). The one to start with.",
    "mixture": "Groups may be stretched and differ in width. When Automatic cuts a group in two.",
    "ward": "Joins the most similar customers step by step. When small, clear groups matter.",
    "hdbscan": "Groups are where many customers are close together. When you want to know who is in between.",
    "rfm": "Fixed rules on recency, orders and spend. When others must be able to check every customer.",
}
PRESET_SENTENCES = {
    "shopify": "Shopify's groups: recency against orders and spend, in fifths, within the shop's usual days between "
    "orders.",
    "klaviyo": "Klaviyo's six groups: recency at 180 and 365 days, orders and spend in thirds.",
}


def method_control() -> str:
    """Automatic or rules, and other methods behind a button; returns the method, one of `METHODS`."""
    state.follow(state.METHOD, METHODS[0])
    now = state.settings().method
    chosen = st.segmented_control(
        "Method",
        [*SHOWN_METHODS, *([now] if now in ADVANCED else [])],
        default=METHODS[0],
        required=True,
        key=state.METHOD,
        bind="query-params",
        format_func=lambda name: words.METHODS.get(name, name),
        wrap=True,
        on_change=state.moved,
    )
    method = chosen if chosen in METHODS else METHODS[0]
    st.caption(SENTENCES[method])
    with st.popover("Advanced", icon=":material/tune:", type="tertiary"):
        state.put(OTHER, method if method in ADVANCED else None)
        st.radio(
            "Other methods",
            ADVANCED,
            index=None,
            key=OTHER,
            format_func=lambda name: words.METHODS[name],
            captions=[SENTENCES[name] for name in ADVANCED],
            on_change=_other_method,
        )
    return method


def _other_method() -> None:
    other = state.recall_value(OTHER, None)
    if other in ADVANCED:
        state.put(state.METHOD, other)
        state.moved()


def number_control(advice: Recommendation | None, method: str) -> None:
    """How many segments: as many as suit the customers, which may change with the data, or the number somebody chose.

    `number_said` says which it is and why, once the segments are known.
    """
    chosen = state.settings().segments
    state.put(NUMBER, chosen or (PROVISIONAL if advice is None else advice.k))
    st.slider(
        "Most segments" if method == "hdbscan" else "Number of segments",
        FEWEST,
        MOST,
        key=NUMBER,
        help="More segments are more alike inside, and harder to serve with different messages.",
        on_change=_number_moved,
    )
    if advice is None:
        st.fragment(_awaited, run_every=waiting.pause())()
    if chosen is not None:
        st.button(
            "Automatic" if advice is None else f"Automatic ({advice.k})",
            key="use_recommended",
            icon=":material/undo:",
            type="tertiary",
            on_click=use_number,
            args=(None,),
            help="As many as suit these customers, also when they change.",
        )


def number_said(advice: Recommendation) -> None:
    """Whether the number is chosen, and which one is recommended or why none is."""
    said = words.plain(advice.sentence, limit=400)
    if state.settings().segments is not None:
        st.caption(f"**Chosen.** {said}")
    else:
        mark = ":material/recommend: " if advice.is_recommended else ""
        st.caption(f"{mark}**Automatic.** {said}")


def _number_moved() -> None:
    state.choose_number(int(state.recall_value(NUMBER, PROVISIONAL)))
    state.moved()


def use_number(number: int | None) -> None:
    """Ask for so many segments from the next run on; None: for as many as suit the customers."""
    state.retuned()
    state.choose_number(number)


def _awaited() -> None:
    """While the recommended number is being worked out; draws the page anew when it is there."""
    job = state.advice_job()
    if job is None or job.finished:
        if state.advice() is not None:
            st.rerun()
        st.caption(
            f"Which number suits these customers could not be worked out. {words.plain(job.text) if job else ''}"
        )
        return
    st.progress(job.progress, text=f"Working out how many segments suit your customers: {words.plain(job.text)}")


def leave_out_missing(customers: CustomerTable) -> None:
    """Leave out chosen features that this data cannot give, as a link or a saved segmentation may name them.

    Call it before anything uses the settings; `features_control` says what was left out.
    """
    chosen = state.settings().features
    able = {feature.name for feature in customers.features}
    kept = tuple(name for name in chosen if name in able)
    if kept != chosen:
        state.retuned()  # merges and names were given to segments that cannot be made here
        state.put(state.FEATURES, list(kept))
        state.keep(LEFT_OUT, (kept, tuple(name for name in chosen if name not in able)))
    anchor = state.settings().anchor
    if anchor and not _features_of(anchor) <= able:
        state.reset(state.ANCHOR)


def _features_of(key: str) -> set[str]:
    """The features of a segmentation and of those it is anchored to."""
    settings = SegmentSettings.from_key(key)
    return {*settings.features, *(_features_of(settings.anchor) if settings.anchor else ())}


def features_control(customers: CustomerTable) -> DeltaGenerator:
    """Which features make customers alike; those the data cannot give are listed with the reason.

    Returns the row of what else there is to set about them.
    """
    labels = {feature.name: feature.label for feature in customers.features}
    usual = list(customers.default_features())
    state.follow(state.FEATURES, usual)
    chosen = st.pills(
        "Group customers by",
        list(labels),
        default=usual,
        selection_mode="multi",
        key=state.FEATURES,
        bind="query-params",
        format_func=lambda name: labels.get(name, name),
        wrap=True,
        help="  \n".join(f"**{feature.label}**: {words.plain(feature.sentence)}" for feature in customers.features),
        on_change=state.moved,
    )
    if not chosen:
        st.caption("None chosen, so the usual ones are used.")
    kept, gone = state.recall(LEFT_OUT, ((), ()))
    still = [name for name in gone if name not in labels]  # another shop, or date, may have them
    if still and tuple(chosen) == kept:
        missing = words.list_of([catalogue().get(name).label for name in still])
        st.caption(f":orange[:material/block:] {missing} not in this data, so left out.")
    names = features_for(customers, state.settings())
    for pair in near_duplicates(customers, names):
        _same(customers, pair, names)
    tools = st.container(horizontal=True, gap="small")
    with tools:
        with st.popover("Weights", icon=":material/balance:", type="tertiary"):
            _weights([customers.feature(name) for name in names])
        far = [(customers.feature(name), customers.outliers(name)) for name in names]
        if any(count for _, count in far):
            with st.popover(formats.count(sum(count for _, count in far), "outlier"), type="tertiary"):
                _outliers(far)
        lacking = [one for one in customers.unavailable if one.feature.grain != "score"]
        if lacking:
            missing = formats.count(len(lacking), "feature")
            with st.popover(f"{missing} not in this data", icon=":material/block:", type="tertiary"):
                for one in lacking:
                    st.markdown(f":gray[**{words.plain(one.feature.label)}**: {words.plain(one.reason)}]")
    return tools


def _outliers(far: list[tuple[Feature, int]]) -> None:
    """What is done about customers who are far out, feature by feature."""
    st.caption(
        f"Spend, orders and days are compared on a logarithmic or square-root scale, and values more than {CLIP:g} "
        "standard deviations out are set in there: one huge order does not make a segment of its own."
    )
    for feature, count in far:
        if count:
            st.markdown(f":gray[**{words.plain(feature.label)}**: {formats.count(count, 'customer')} set in]")


def _same(customers: CustomerTable, pair: NearDuplicates, names: tuple[str, ...]) -> None:
    """A warning that two features say the same, and a click to leave one out."""
    feature, gone = customers.feature(pair.kept), customers.feature(pair.gone)
    st.caption(
        f":orange[:material/content_copy:] {feature.label} and {gone.label} say nearly the same (correlation "
        f"{pair.correlation:.2f}), so it counts twice."
    )
    st.button(
        f"Leave out {gone.label}",
        key=f"leave_out_{gone.name}",
        type="tertiary",
        on_click=use_features,
        args=([name for name in names if name != gone.name],),
    )


def use_features(names: list[str]) -> None:
    """Make customers alike in these features from the next run on."""
    state.retuned()
    state.put(state.FEATURES, names)


def _weights(features: list[Feature]) -> None:
    st.caption("How much each feature counts; 1 is as much as the others.")
    now = dict(state.settings().weights)
    for feature in features:
        state.put(f"weight_{feature.name}", now.get(feature.name, 1.0))
        st.slider(
            feature.label,
            LIGHTEST,
            HEAVIEST,
            step=0.25,
            key=f"weight_{feature.name}",
            format="%.2f ×",
            on_change=_weigh,
            args=([one.name for one in features],),
        )


def _weigh(names: list[str]) -> None:
    told = {name: float(state.recall_value(f"weight_{name}", 1.0)) for name in names}
    state.retuned()
    state.put(state.WEIGHTS, ".".join(f"{name}:{told[name] * 100:.0f}" for name in names if told[name] != 1.0))


def preset_control() -> str:
    """Which shop system's rules."""
    state.follow(state.PRESET, "shopify")
    chosen = st.segmented_control(
        "Rules of",
        list(words.PRESETS),
        default="shopify",
        required=True,
        key=state.PRESET,
        bind="query-params",
        format_func=lambda name: words.PRESETS.get(name, name),
        on_change=_other_preset,
    )
    preset = chosen if chosen in words.PRESETS else "shopify"
    st.caption(PRESET_SENTENCES[preset])
    return preset


def _other_preset() -> None:
    state.retuned()
    state.reset(state.CUTS)


def smallest_control(customers: CustomerTable) -> int:
    """From how many customers on a segment is worth a message of its own; returns that number.

    `set_smallest` says whether somebody chose it.
    """
    top = max(20, customers.n // 4)
    usual = min(max(10, round(customers.n * 0.02)), top)
    state.follow(SMALLEST, usual, low=0, high=top)
    chosen = st.slider(
        "Smallest useful segment",
        0,
        top,
        usual,
        key=SMALLEST,
        bind="query-params",
        help="How many customers a segment needs to be worth a message. Nothing is merged or left out by itself: "
        "smaller ones are marked, and a merge is suggested.",
    )
    return int(min(max(chosen, 0), top))


def set_smallest() -> int | None:
    """The smallest useful segment where somebody chose one; None where the control stands as it was."""
    value = state.recall_value(SMALLEST, None)
    return None if value is None or state.follows(SMALLEST) else int(value)
