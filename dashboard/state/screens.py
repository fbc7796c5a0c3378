"""Which screen a run draws, and the way to another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.state import links
from dashboard.state.shop import SHOP


def asked_screen() -> str:
    """The screen this run was asked for, as Streamlit knows it; to be looked up before anything else."""
    run = get_script_run_ctx()
    return "" if run is None else run.page_script_hash


def is_going_back() -> bool:
    """Whether the visitor went back or forward in the browser: the address of that screen counts, and nothing else."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation


def choose_screen(asked: str, screens: Sequence[st.Page]) -> st.Page:
    """The screen to draw: Streamlit's choice, or on to the one that was `asked` for where Streamlit chose another.

    A visitor's runs share one note of the screen that is wanted. A run that draws its own screen anew (because work
    has ended, say) as the visitor leaves for another one may write that note after theirs: their click would be lost.
    """
    page = st.navigation(list(screens), position="hidden")
    run = get_script_run_ctx()
    wanted = None if run is None else run.pages_manager.get_pages().get(asked)
    if wanted is not None and wanted["url_pathname"] != page.url_path:
        _open(next(one for one in screens if one.url_path == wanted["url_pathname"]))
    return page


def spell_out_link(page: st.Page) -> None:
    """Open a link that calls a choice by its plain name again, by its label.

    Streamlit takes what is no label out of the URL, whatever the screen then shows: it would be gone at a reload.
    """
    told = {key: st.query_params.get_all(key) for key in st.query_params}
    meant = links.spelled_out(told)
    if meant != told and not is_going_back():
        st.switch_page(page, query_params=meant)


def address(shop: str) -> str:
    """A link that shows a colleague what this visitor looks at, with the name of the shop."""
    told = {SHOP: [shop], **{key: st.query_params.get_all(key) for key in st.query_params}}
    return f"{(st.context.url or '').partition('?')[0]}?{urlencode(told, doseq=True, quote_via=quote)}"


def go_to(screen: str) -> NoReturn:
    """Open another screen of the same shop, with the settings in the URL."""
    _open(f"screens/{screen}/{screen}.py")


def _open(page: str | st.Page) -> NoReturn:
    st.switch_page(page, query_params={key: st.query_params.get_all(key) for key in st.query_params})
