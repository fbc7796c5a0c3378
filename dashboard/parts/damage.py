"""What is damaged, on every screen: shops that cannot be opened, and a list of shops that is gone."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import state, words
from segmentation import formats
from segmentation.errors import RegistryLost
from segmentation.workspace.rebuild import Rebuilt, rebuild

_REBUILT = "rebuilt_list"


def broken_shops() -> None:
    """A line in the sidebar for each shop that cannot be opened, and where to go."""
    broken = state.broken()
    if not broken:
        return
    names = words.list_of([f"**{words.plain(one.name)}**" for one in broken])
    st.warning(f"{names} cannot be opened. *Import* says why, and what can be done.", icon=":material/healing:")


def lost_list() -> None:
    """Where the list of shops is gone or damaged: what was found, and a button that makes it anew; the screen ends."""
    try:
        state.versions()
    except RegistryLost as lost:
        with st.container(border=True, key="lost_list"):
            st.markdown(f"### :material/healing: {words.plain(lost.what, limit=120)}")
            st.markdown(words.LIST_LOST.format(shops=formats.count(lost.shops, "shop")))
            st.button("List the shops anew", key="rebuild", type="primary", on_click=_rebuild, args=(lost.root,))
        st.stop()
    made: Rebuilt | None = state.recall(_REBUILT, None)
    if made is not None:
        state.forget(_REBUILT)
        st.success(
            f"Listed anew: {formats.count(len(made.shops), 'shop')}, {formats.count(made.versions, 'version')}.",
            icon=":material/check_circle:",
        )


def _rebuild(root: str) -> None:
    with state.guard(stop=False):
        state.keep(_REBUILT, rebuild(Path(root)))
