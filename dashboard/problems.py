"""How an error looks on a screen: a sentence, and for a full disk a card that says what can go."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from dashboard import words
from segmentation import disk
from segmentation.errors import DiskFull, TesseraError


def show(problem: TesseraError) -> None:
    """Say what happened, how we know and what to do next."""
    if isinstance(problem, DiskFull):
        _full_disk(problem)
    elif words.is_harmless(problem):
        st.info(words.error(problem), icon=":material/info:")
    else:
        st.error(words.error(problem), icon=":material/error:")


def ours(error: Exception) -> TesseraError | None:
    """The error as one of ours: as it is, or that the disk is full where it says so; None for any other."""
    if isinstance(error, TesseraError):
        return error
    home = Path(os.environ.get("TESSERA_HOME") or "workspace").expanduser().resolve()
    return disk.told(error, "Not all that this needs could be written.", home)


def _full_disk(problem: DiskFull) -> None:
    with st.container(border=True):
        st.error(words.error(problem), icon=":material/hard_drive:")
        st.caption(words.FULL_DISK)
