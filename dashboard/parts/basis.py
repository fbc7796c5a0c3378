"""On what basis the shop writes to its customers: the form where it is stated, and the line beside what leaves."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from segmentation.customers import Ground, Reach
from segmentation.workspace import BASES, Statement
from segmentation.workspace.basis import ABOUT, LABELS, LONGEST_NAME, LONGEST_NOTE

BASIS, NOTE, NAME = "basis", "basis_note", "basis_name"
TITLE = "On what basis do you write to your customers?"


def beside(reach: Reach, *, key: str) -> None:
    """The basis in force, beside a download; where none is stated, the way to state it."""
    line = words.plain(reach.ground.finding, limit=400)
    if reach.ground.is_missing:
        line += " State on what basis you write to them."
    with st.container(gap="xsmall", key=f"{key}_basis"):
        st.caption(line)
        if reach.ground.is_missing:
            st.page_link("screens/health/health.py", label="State the basis", icon=":material/gavel:")


def form(ground: Ground) -> None:
    """State the basis, see what is stated and since when, take it back; nothing where the data holds consent."""
    if ground.rule == "consent_column":
        return
    log = state.basis_log().all()
    with st.container(border=True, key="basis_form"):
        st.markdown(f"**{TITLE}**")
        if ground.stated is None:
            st.caption(f"{words.plain(ground.finding, limit=400)} Who refused is left out, whatever is stated.")
            _choose("State this basis")
        else:
            _stated(ground.stated)
            with st.expander("State another basis", icon=":material/edit:"):
                _choose("State this basis instead")
        if log:
            with st.expander(f"Stated so far ({len(log)})", icon=":material/history:"):
                st.markdown("\n".join(f"- {_told(one)}" for one in reversed(log)))


def _stated(said: Statement) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(_told(said), width="stretch")
        st.button("Withdraw", key="basis_withdraw", icon=":material/undo:", on_click=_withdraw)
    st.caption("Who refused is left out, whatever is stated. The basis stands beside every list of customers.")


def _choose(label: str) -> None:
    chosen = st.radio(
        "Basis",
        BASES,
        index=None,
        key=BASIS,
        format_func=lambda name: LABELS[name],
        captions=[ABOUT[name] for name in BASES],
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input("Note", key=NOTE, max_chars=LONGEST_NOTE, placeholder="Where the proof is kept", width=420)
        st.text_input("Your name", key=NAME, max_chars=LONGEST_NAME, width=220, placeholder="May stay empty")
        ready = chosen is not None  # a disabled primary button cannot be read
        st.button(
            label, key="basis_state", type="primary" if ready else "secondary", disabled=not ready, on_click=_state
        )


def _state() -> None:
    with state.guard(stop=False):
        state.state_basis(
            str(state.recall_value(BASIS, "")),
            note=str(state.recall_value(NOTE, "")),
            by=str(state.recall_value(NAME, "")),
        )
        state.put(NOTE, "")
        state.put(BASIS, None)


def _withdraw() -> None:
    with state.guard(stop=False):
        state.withdraw_basis(by=str(state.recall_value(NAME, "")))


def _told(said: Statement) -> str:
    note = f"  \n:gray[{words.plain(said.note, limit=LONGEST_NOTE)}]" if said.note else ""
    return f"{words.plain(said.sentence, limit=300)}.{note}"
