"""How the tables of one shop belong together: one line for each, with its key and what was found by it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import words
from segmentation.intake.joins import Join


def lines(joins: Sequence[Join], needs: str = "") -> None:
    """The tables that were joined and what each was taken for, or which others a table needs."""
    if needs:
        st.warning(words.plain(needs, limit=600), icon=":material/join:")
    used = [one for one in joins if one.taken_for != "not used"]
    idle = [one.table for one in joins if one.taken_for == "not used"]
    if not used:
        return
    listed = "\n".join(f"- {words.plain(one.sentence, limit=500)}" for one in used)
    rest = f"\n- Not used: {words.plain(words.list_of(idle), limit=500)}." if idle else ""
    st.markdown(f":material/join: **These tables belong together.**\n{listed}{rest}")


__all__ = ["lines"]
