"""What became of the shop a visitor looks at, on every screen: gone, with the way to others, or changed by others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard import state, words
from segmentation.errors import TesseraError

MOST = 6
_SAID = "shop_missing_said"


def draw(*, stop: bool) -> None:
    """Say that the shop is gone, and end the screen there if `stop`; or what others changed about it."""
    said = state.missing()
    state.keep(_SAID, said is not None)
    if said is not None:
        _missing(said, importing=not stop)
        if stop:
            st.stop()
        return
    changed = state.news()
    if changed is not None:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="shop_news"):
            st.markdown(f":material/update: {changed}", width="stretch")
            st.button("Close", key="close_news", type="tertiary", on_click=state.put_away)


def _missing(said: str, *, importing: bool) -> None:
    """What became of a shop that is not there, and the way to others."""
    others = [one.name for one in state.versions()]
    with st.container(border=True, key="shop_missing"):
        st.markdown(f":material/storefront: {said}")
        with st.container(horizontal=True, vertical_alignment="center"):
            for place, name in enumerate(others[:MOST]):
                st.button(
                    f"Look at “{words.plain(name, limit=60)}”",
                    key=f"look_at_{place}",
                    icon=":material/visibility:",
                    on_click=state.choose_shop,
                    args=(name,),
                )
            if not importing:
                label = "All shops, and import" if others else "Import an export"
                st.page_link("screens/import_data/import_data.py", label=label, icon=":material/upload_file:")


@contextmanager
def instead_of_errors() -> Iterator[None]:
    """Where a screen fails because its shop was deleted while it was drawn, say that."""
    try:
        yield
    except (TesseraError, OSError):
        if not failed():
            raise
        st.stop()


def failed() -> bool:
    """After a failure: say that the shop was deleted meanwhile; False where it was not, or that is said already."""
    try:
        said = None if state.recall(_SAID, False) else state.missing()
    except (TesseraError, OSError):  # a lost list of shops, a full disk: that is told instead
        return False
    if said is not None:
        state.keep(_SAID, True)
        _missing(said, importing=False)
    return said is not None
