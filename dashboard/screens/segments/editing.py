"""Changes by hand: another name for a segment, two made into one, and all of it taken back."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from segmentation.analysis import Study
from segmentation.segments.edits import LONGEST_NAME, PINNED, Edits

WHICH, NAME, WITH = "edit_which", "edit_name", "edit_with"


def popover(study: Study) -> None:
    """Rename or merge segments."""
    segments = study.segmentation.segments
    names = [segment.name for segment in segments]
    with st.popover("Edit segments", icon=":material/edit:", type="tertiary"):
        place = st.selectbox("Segment", range(len(names)), key=WHICH, format_func=lambda i: names[i])
        place = place if place is not None and place < len(names) else 0
        st.text_input(
            "Another name",
            key=NAME,
            max_chars=LONGEST_NAME,
            placeholder=names[place],
            on_change=_rename,
            args=(study, place),
        )
        able = [i for i in range(len(names)) if i != place and segments[i].part < PINNED]
        if len(able) > 1 and segments[place].part < PINNED:
            other = st.selectbox("Merge it with", able, key=WITH, index=None, format_func=lambda i: names[i])
            st.button(
                "Merge",
                key="merge",
                icon=":material/merge:",
                disabled=other is None,
                on_click=_merge,
                args=(study, place),
            )
        if study.segmentation.settings.edits:
            st.button("Take all changes back", key="unedit", type="tertiary", on_click=state.edit, args=(Edits(),))
            st.caption(words.plain(_told(study)))


def _rename(study: Study, place: int) -> None:
    name = str(state.recall_value(NAME, ""))
    state.put(NAME, "")
    state.edit(study.segmentation.settings.edits.named(study.segmentation.segments[place].part, name))


def _merge(study: Study, place: int) -> None:
    other = state.recall_value(WITH, None)
    segments = study.segmentation.segments
    if isinstance(other, int) and other < len(segments):
        edits = study.segmentation.settings.edits
        state.edit(edits.merged(segments[place].parts, segments[other].parts))
        state.put(WITH, None)


def _told(study: Study) -> str:
    edits = study.segmentation.settings.edits
    parts = [f"{len(edits.merges)} merged" if edits.merges else "", f"{len(edits.pins)} pinned" if edits.pins else ""]
    parts.append(f"{len(edits.names)} renamed" if edits.names else "")
    return "Changed by hand: " + words.list_of([part for part in parts if part]) + "."
