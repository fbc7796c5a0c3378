"""Save, name, annotate, version, open again, undo: what is kept of a segmentation."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from dashboard import state, words
from segmentation import formats
from segmentation.analysis import Study
from segmentation.segments import freeze
from segmentation.workspace import Saved
from segmentation.workspace.saved_segmentations import LONGEST_NOTE, LONGEST_TITLE

NAME, NOTE, OPENED_NOTE = "save_name", "save_note", "opened_note"


def bar(study: Study) -> None:
    """The buttons beside the title, and which saved segmentation is open."""
    opened = state.saved()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="saving"):
        st.button(
            "Undo",
            key="undo",
            icon=":material/undo:",
            type="tertiary",
            disabled=not state.can_undo(),
            on_click=state.undo,
            help="Back to what was shown before.",
        )
        with st.popover("Copy link", icon=":material/link:", type="tertiary"):
            st.caption("Opens exactly these segments for a colleague on this server.")
            st.code(state.address(state.needed_version().name), language=None, wrap_lines=True)
        with st.popover("Save", icon=":material/bookmark_add:"):
            _save_form(study, opened)
        saved = state.saved_segmentations().all()
        with st.popover(f"Saved ({len(saved)})", icon=":material/bookmarks:", disabled=not saved):
            _saved(saved, opened)
    if opened is not None:
        _opened(study, opened)


def _save_form(study: Study, opened: Saved | None) -> None:
    st.text_input("Name", key=NAME, max_chars=LONGEST_TITLE, value=opened.name if opened else "")
    st.text_area("Note", key=NOTE, max_chars=LONGEST_NOTE, placeholder="What it is for, who decided, until when.")
    st.button("Save these segments", key="save", type="primary", on_click=_save, args=(study,))
    st.caption("The same name again is its next version; nothing is overwritten.")


def _save(study: Study) -> None:
    with state.guard(stop=False):
        saved = state.saved_segmentations().save(
            str(state.recall_value(NAME, "")),
            key=study.segmentation.settings.key,
            body=freeze(study.customers, study.segmentation),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            note=str(state.recall_value(NOTE, "")),
        )
        state.show_saved(saved)
        st.toast(f"Saved as {words.plain(saved.title)}.", icon=":material/bookmark_added:")


def _saved(saved: tuple[Saved, ...], opened: Saved | None) -> None:
    for one in saved:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            here = opened is not None and one.identity == opened.identity
            day = formats.day(datetime.fromisoformat(one.created).date())
            note = f"  \n:gray[{words.plain(one.note, limit=120)}]" if one.note else ""
            st.markdown(f"**{words.plain(one.title)}** · {day}{note}", width="stretch")
            st.button(
                "Open",
                key=f"open_{one.identity}",
                type="tertiary",
                disabled=here,
                on_click=state.open_saved,
                args=(one,),
            )
            st.button(
                "Delete",
                key=f"delete_{one.identity}",
                type="tertiary",
                icon=":material/delete:",
                on_click=_delete,
                args=(one, here),
            )


def _delete(one: Saved, here: bool) -> None:
    with state.guard(stop=False):
        if here:
            state.close_saved()
        state.saved_segmentations().delete(one.identity)


def _opened(study: Study, opened: Saved) -> None:
    same = study.segmentation.settings.key == opened.key
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="opened"):
        if not same:
            st.caption(f":material/bookmark: Based on **{words.plain(opened.title)}**, changed since and not saved.")
            st.button("Back to it as saved", key="reopen", type="tertiary", on_click=state.open_saved, args=(opened,))
        elif study.saved:
            st.caption(
                f":material/bookmark: **{words.plain(opened.title)}**, as it was saved: today's customers are assigned "
                "to its segments, and nothing was fitted again."
            )
            st.button("Make it again from today's customers", key="refit", type="tertiary", on_click=state.close_saved)
        else:
            st.caption(f":material/bookmark: **{words.plain(opened.title)}**")
        with st.popover("Note", type="tertiary", icon=":material/edit_note:"):
            st.text_area("Note", key=OPENED_NOTE, value=opened.note, max_chars=LONGEST_NOTE)
            st.button("Keep the note", key="keep_note", on_click=_annotate, args=(opened.identity,))


def _annotate(identity: str) -> None:
    with state.guard(stop=False):
        state.saved_segmentations().annotate(identity, str(state.recall_value(OPENED_NOTE, "")))
