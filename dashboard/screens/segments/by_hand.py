"""A segment put together by hand: conditions without SQL, who meets them, and a pin that keeps them together."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.parts import segment_cards
from dashboard.screens.segments import conditions_form, segment_tables
from segmentation import formats, glossary
from segmentation.analysis import Handmade, Study
from segmentation.customers import BoolArray, CustomerTable
from segmentation.estimates import Unknown
from segmentation.profiles import Quartiles
from segmentation.segments import Conditions, Pin
from segmentation.segments.edits import LONGEST_NAME

TYPICAL = ("recency_days", "orders", "spend", "average_order")
NAME, PICKED_NAME = "hand_name", "selection_name"
LONGEST = 800


def draw(study: Study) -> None:
    """The builder, who meets the conditions, and the segments pinned so far."""
    with state.guard(stop=False):
        conditions = conditions_form.draw(study.customers)
        if conditions is not None:
            _found(study, conditions, state.get(state.analysis().handmade(study, conditions)))
    _pinned(study)


def pin_selection(study: Study, mask: BoolArray) -> None:
    """A name and a button that pin the customers where `mask`, shape (n,), is true."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _name(PICKED_NAME)
        st.button(
            "Pin these customers as a segment",
            key="pin_selection",
            icon=":material/push_pin:",
            disabled=not mask.any(),
            on_click=_pin_list,
            args=(study, mask),
        )


# Who meets the conditions -----------------------------------------------------------------------------------


def _found(study: Study, conditions: Conditions, handmade: Handmade) -> None:
    table = study.customers
    sentence = words.plain(conditions.sentence(table.currency), limit=LONGEST)
    st.markdown(f"**Customers who {sentence}**")
    if not handmade.profile.customers:
        st.caption(":material/group_off: Nobody meets these conditions: widen one of them, or take one away.")
        return
    _figures(table, handmade)
    _beside_the_segments(study, handmade)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _name(NAME)
        st.button(
            "Pin as a segment",
            key="pin_rule",
            icon=":material/push_pin:",
            type="primary",
            on_click=_pin_rule,
            args=(study, conditions),
        )
    st.caption("A pinned segment takes its customers out of the others and stays while you tune the rest.")
    people = formats.count(handmade.profile.customers, "customer")
    with st.expander(f"The {people}, and a file", icon=":material/group:", on_change="rerun", key="hand_people") as box:
        if box.open:
            segment_tables.members(
                study,
                handmade.mask,
                how=f"Customers who {conditions.sentence(table.currency)}",
                stem="by-hand",
                key="hand_members",
            )
    with st.expander("The rule as SQL", icon=":material/code:"):
        st.code(f"WHERE {conditions.sql()}", language="sql", wrap_lines=True)


def _figures(table: CustomerTable, handmade: Handmade) -> None:
    profile, everyone = handmade.profile, handmade.everyone
    with st.grid(6, min_column_width=140, gap="small"):
        _metric(
            "Customers",
            formats.number(profile.customers),
            f"{formats.percent(profile.share_of_customers)} of all",
            help_=glossary.about("Customers"),
        )
        _metric(
            "All-time revenue",
            formats.compact_money(profile.revenue, table.currency),
            f"{formats.percent(profile.share_of_revenue)} of all",
            help_=glossary.about("All-time revenue"),
        )
        for name in TYPICAL:
            if name in profile.typical:
                feature, usual = table.feature(name), everyone.typical.get(name)
                own = formats.in_unit(profile.typical[name].median, feature.unit, table.currency)
                _metric(feature.label, own, _usual(usual, feature.unit, table), help_=_half(profile.typical[name]))
    if profile.few:
        st.caption(words.too_few(profile.customers))


def _metric(label: str, value: str, beside: str, *, help_: str | None = None) -> None:
    st.metric(label, value, beside, delta_color="off", delta_arrow="off", border=True, height="stretch", help=help_)


def _usual(usual: Quartiles | None, unit: str, table: CustomerTable) -> str:
    return "" if usual is None else f"typical {formats.in_unit(usual.median, unit, table.currency)}"


def _half(quartiles: Quartiles) -> str:
    return (
        "The middle customer. Half of them lie between "
        f"{formats.number(quartiles.low, decimals=1)} and {formats.number(quartiles.high, decimals=1)}."
    )


def _beside_the_segments(study: Study, handmade: Handmade) -> None:
    overlap = handmade.overlap
    if isinstance(overlap, Unknown):
        st.caption(words.unknown(overlap))
        return
    segments, palette = handmade.segments, state.palette()
    nearest = segment_cards.titled(segments[overlap.closest], palette)
    st.markdown(
        f"Most like {nearest}: the two share {formats.percent(overlap.similarity)} of everyone who is in either."
    )
    if study.segmentation.settings.edits.pins:
        st.caption("Compared with the segments as they would be if none were pinned.")
    order = sorted(range(len(overlap.inside)), key=lambda place: -overlap.inside[place])
    st.dataframe(
        {
            "Segment": [segments[place].name for place in order if overlap.inside[place]],
            "Customers": [overlap.inside[place] for place in order if overlap.inside[place]],
            "Share of these": [overlap.share[place] * 100 for place in order if overlap.inside[place]],
            "Share of the segment": [overlap.covered[place] * 100 for place in order if overlap.inside[place]],
        },
        hide_index=True,
        key="hand_overlap",
        height="content",
        alt="In which segments these customers are",
        column_config={
            "Customers": st.column_config.NumberColumn(format="%,d", width="small"),
            "Share of these": _bar("How many of the customers in this audience are in the segment."),
            "Share of the segment": _bar("How much of the segment is in this audience."),
        },
    )


def _bar(about: str) -> object:
    return st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.1f %%", help=about)


# Pinning ----------------------------------------------------------------------------------------------------


def _name(key: str) -> None:
    st.text_input(
        "Name of the segment",
        key=key,
        max_chars=LONGEST_NAME,
        placeholder="If empty, by what is true of them",
        persist_state="session",
        width=280,
    )


def _pin_rule(study: Study, conditions: Conditions) -> None:
    _pin(study, Pin(rule=conditions), NAME)


def _pin_list(study: Study, mask: BoolArray) -> None:
    with state.guard(stop=False):
        _pin(study, Pin(listed=state.saved_segmentations().keep_list(study.customers.ids.filter(mask))), PICKED_NAME)


def _pin(study: Study, pin: Pin, key: str) -> None:
    with state.guard(stop=False):
        state.edit(study.segmentation.settings.edits.pinned(pin, str(state.recall_value(key, "") or "")))
        state.put(key, "")


def _pinned(study: Study) -> None:
    """The segments pinned so far, each with a way to take it apart again."""
    edits, segmentation = study.segmentation.settings.edits, study.segmentation
    if not edits.pins:
        return
    first, palette = len(segmentation.segments) - len(edits.pins), state.palette()
    with st.container(border=True, gap="xsmall", key="pinned"):
        st.markdown("**Pinned segments**")
        for index, pin in enumerate(edits.pins):
            segment, profile = segmentation.segments[first + index], segmentation.profiles[first + index]
            said = pin.rule.sentence(study.customers.currency) if pin.rule is not None else pin.sentence
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(
                    f"{segment_cards.titled(segment, palette)} · {segment_cards.sizes(profile)}  \n"
                    f":gray[{words.plain(said, limit=LONGEST)}]",
                    width="stretch",
                )
                if pin.rule is not None:
                    st.button(
                        "Change",
                        key=f"change_pin_{index}",
                        icon=":material/edit:",
                        type="tertiary",
                        on_click=conditions_form.take,
                        args=(pin.rule,),
                        help="Take its conditions into the form above; pin the changed ones and unpin these.",
                    )
                st.button(
                    "Unpin",
                    key=f"unpin_{index}",
                    icon=":material/keep_off:",
                    type="tertiary",
                    on_click=state.edit,
                    args=(edits.unpinned(index),),
                )
