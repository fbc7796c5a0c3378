"""A card per segment: who they are, what sets them apart, what to do; also for a selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import ceil

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state, words
from dashboard.palette import Palette
from dashboard.parts import plays, shares
from segmentation import formats
from segmentation.analysis import Study
from segmentation.profiles import GroupProfile
from segmentation.segments import Segment

MOST_ABREAST = 5
"""Cards in one row of a wide window; rows are filled evenly."""

LONGEST_REASON = 400


def swatch(colour: str) -> str:
    """A small square in exactly this colour, as Markdown."""
    return f':color[■]{{foreground="{colour}"}}'


def titled(segment: Segment, palette: Palette) -> str:
    """A segment's name with its colour, as Markdown."""
    return f"{swatch(palette.segment(segment.colour))} **{words.plain(segment.name)}**"


def cards(
    study: Study, *, smallest: int = 0, actions: Callable[[Study, Segment], None] | None = None
) -> Callable[[], None]:
    """A card for each segment; those with fewer than `smallest` customers are marked, and at the foot of each are the
    `actions`.

    What is returned is called once the screen stands: where nobody has looked back yet it does, and puts what campaigns
    would bring in place of the usual plays.
    """
    palette = state.palette()
    known = plays.known(study)
    places: list[DeltaGenerator] = []
    between = state.get(state.analysis().unsure(study))
    lately = shares.lately(study)
    rows = ceil(len(study.profiles) / MOST_ABREAST)
    with st.grid(ceil(len(study.profiles) / rows), min_column_width=210, gap="small"):
        for segment, profile in zip(study.segmentation.segments, study.profiles, strict=True):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _card(
                    segment,
                    sizes(profile, lately[segment.index]),
                    profile,
                    palette,
                    smallest,
                    between[segment.index] if between else 0,
                )
                places.append(st.empty())
                _play(places[-1], segment.play if known is None else known[segment.index])
                _foot(study, segment, actions)
    return partial(_advise, study, places) if known is None else lambda: None


def _advise(study: Study, places: Sequence[DeltaGenerator]) -> None:
    for place, play in zip(places, plays.worked_out(study), strict=True):
        _play(place, play)


def _play(place: DeltaGenerator, play: str) -> None:
    place.caption(f":material/lightbulb: {words.plain(play, limit=LONGEST_REASON)}")


def _card(segment: Segment, said: str, profile: GroupProfile, palette: Palette, smallest: int, between: int) -> None:
    st.markdown(titled(segment, palette))
    st.caption(said)
    if profile.customers < smallest:
        st.badge("smaller than useful", icon=":material/compress:", color="orange")
    if between:
        st.caption(f":material/help: {formats.count(between, 'customer')} in between and unsure")
    if segment.rule:
        st.caption(f":material/rule: {words.plain(segment.rule)}")
    st.markdown(apart(profile))
    st.space("stretch")


def _foot(study: Study, segment: Segment, actions: Callable[[Study, Segment], None] | None) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="small"):
        if segment.evidence:
            icon = ":material/fact_check:"
            with st.popover("Why?", help="Why this name", type="tertiary", icon=icon, key=f"named_{segment.index}"):
                st.markdown(named(segment))
        if actions is not None:
            actions(study, segment)


def named(segment: Segment) -> str:
    """Why a segment is called what it is called, as a Markdown list."""
    return "\n".join(f"- {words.plain(line, limit=LONGEST_REASON)}" for line in segment.evidence)


def sizes(profile: GroupProfile, lately: str = "") -> str:
    """Size and shares in a line, and how much of the revenue is one customer's where that is much; `lately` is the
    share of a period beside that of all time."""
    alone = f", {formats.percent(profile.from_one)} of it from one customer" if profile.rests_on_one else ""
    return (
        f"{formats.count(profile.customers, 'customer')} ({formats.percent(profile.share_of_customers)}) · "
        f"{formats.percent(profile.share_of_revenue)} of all-time revenue{alone}{lately}"
    )


def apart(profile: GroupProfile) -> str:
    """What sets a group apart, as a Markdown list; for a small group why nothing is said."""
    if profile.few:
        return f":gray[{words.plain(words.too_few(profile.customers))}]"
    lines = [words.plain(difference.sentence) for difference in profile.strongest]
    if profile.buys:
        liked = [f"{words.plain(category, limit=40)} ({lift:.1f}×)" for category, lift in profile.buys[:2]]
        lines.append(f"buy more {words.list_of(liked)}")
    if not lines:
        lines.append("much like everyone else")
    return "\n".join(f"- {line}" for line in lines)
