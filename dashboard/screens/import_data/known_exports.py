"""Which exports are known by their headers: counted and listed as they are registered, a shop's own among them."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from segmentation.errors import WrongCall
from segmentation.meaning.platforms import Holds, platforms

_HOLDS: dict[Holds, str] = {"orders": "Orders", "contacts": "Contacts and consent", "campaigns": "Past campaigns"}


def known_exports() -> None:
    """How many there are, and on demand which."""
    try:
        exports = list(platforms(state.workspace().platforms_folder).values())
    except WrongCall as problem:  # of a description that somebody wrote: ours are known all the same
        exports = list(platforms().values())
        st.caption(words.plain(str(problem)))
    with st.expander(f"{len(exports)} kinds of exports are known by their headers"):
        for holds, title in _HOLDS.items():
            names = sorted((one.name for one in exports if one.holds == holds), key=str.casefold)
            if names:
                st.markdown(f"**{title}:** {', '.join(map(words.plain, names))}")
        st.caption("Any other export is read by what its values prove.")
