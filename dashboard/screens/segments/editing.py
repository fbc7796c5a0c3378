"""What can be done with one segment from its card: another name, a merge, its customers, a campaign, its list."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import state, words
from dashboard.screens.segments import segment_tables
from segmentation import formats
from segmentation.analysis import Study
from segmentation.segments import Segment
from segmentation.segments.edits import LONGEST_NAME, PINNED, Edits

RENAME, MERGE, MEMBERS, CAMPAIGN, LIST = "rename", "merge", "members", "campaign", "list"
ACTIONS = {
    RENAME: ":material/edit: Rename",
    MERGE: ":material/merge: Merge with…",
    MEMBERS: ":material/group: Show customers",
    CAMPAIGN: ":material/campaign: Plan a campaign",
    LIST: ":material/download: Download the list",
}
NAME, WITH, OPEN = "edit_name", "edit_with", "open_action"


def menu(study: Study, segment: Segment) -> None:
    """The actions of a segment behind one button."""
    able = [name for name in ACTIONS if name != MERGE or _partners(study, segment)]
    key = _key(segment)
    st.menu_button(
        "Actions",
        able,
        key=key,
        type="tertiary",
        icon=":material/more_horiz:",
        format_func=lambda name: ACTIONS[name],
        on_click=_open,
        args=(key, segment.index),
    )


def dialog(study: Study) -> None:
    """The action that was chosen on a card, until it is done or closed."""
    action, place = state.recall(OPEN, ("", 0))
    if not action or place >= len(study.segmentation.segments):
        return
    segment = study.segmentation.segments[place]
    if action == CAMPAIGN:
        _close()
        state.go_to("campaign")
    name = words.plain(segment.name)
    title, draw, width = {
        RENAME: (f"Rename {name}", _rename, "small"),
        MERGE: (f"Merge {name} with another segment", _merge, "small"),
        MEMBERS: (f"Customers: {name}", _members, "large"),
        LIST: (f"Download the list: {name}", _list, "small"),
    }[action]
    _dialog(title, width, draw, study, segment)


def changes(study: Study) -> None:
    """What was changed by hand, and a button that takes all of it back; nothing where nothing was."""
    if study.segmentation.settings.edits:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(words.plain(_told(study)), width="content")
            st.button("Take all changes back", key="unedit", type="tertiary", on_click=state.edit, args=(Edits(),))


def _key(segment: Segment) -> str:
    return f"actions_{segment.index}"


def _open(key: str, place: int) -> None:
    state.keep(OPEN, (state.recall_value(key, ""), place))


def _close() -> None:
    state.forget(OPEN)


def _dialog(title: str, width: str, draw: Callable[[Study, Segment], None], study: Study, segment: Segment) -> None:
    st.dialog(title, width="large" if width == "large" else "small", on_dismiss=_close)(draw)(study, segment)


def _rename(study: Study, segment: Segment) -> None:
    with st.form("rename", border=False):
        name = st.text_input("New name", key=NAME, max_chars=LONGEST_NAME, placeholder=segment.name)
        st.caption("Leave it empty for the name that Tessera gives.")
        if st.form_submit_button("Rename", key="rename", type="primary"):
            state.edit(study.segmentation.settings.edits.named(segment.part, name or ""))
            _done()


def _merge(study: Study, segment: Segment) -> None:
    segments, profiles = study.segmentation.segments, study.profiles
    other = st.selectbox(
        "Merge with", _partners(study, segment), key=WITH, index=None, format_func=lambda place: segments[place].name
    )
    if other is not None:
        both = [profiles[segment.index], profiles[other]]
        count = sum(one.customers for one in both)
        revenue = sum(one.share_of_revenue for one in both)
        st.caption(
            f"Together: {formats.count(count, 'customer')} ({formats.percent(count / study.customers.n)}) · "
            f"{formats.percent(revenue)} of revenue. The new name will be true of both."
        )
    if st.button("Merge", key="merge", icon=":material/merge:", disabled=other is None) and other is not None:
        state.edit(study.segmentation.settings.edits.merged(segment.parts, segments[other].parts))
        _done()


def _done() -> None:
    _close()
    st.rerun()


def _members(study: Study, segment: Segment) -> None:
    segment_tables.members_at(study, segment.index, key="card_members")


def _list(study: Study, segment: Segment) -> None:
    segment_tables.members_at(study, segment.index, key="card_list", listed=False)


def _partners(study: Study, segment: Segment) -> list[int]:
    """The places of the segments that this one can be merged with: none where that would leave one segment only."""
    segments = study.segmentation.segments
    able = [one.index for one in segments if one.index != segment.index and one.part < PINNED]
    return able if len(able) > 1 and segment.part < PINNED else []


def _told(study: Study) -> str:
    edits = study.segmentation.settings.edits
    parts = [f"{len(edits.merges)} merged" if edits.merges else "", f"{len(edits.pins)} pinned" if edits.pins else ""]
    parts.append(f"{len(edits.names)} renamed" if edits.names else "")
    return "Your changes: " + words.list_of([part for part in parts if part]) + "."
