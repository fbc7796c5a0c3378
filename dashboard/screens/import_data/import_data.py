"""Import: drop exports, see what was understood, correct it, and see where every row and cent went."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.screens.import_data import choices, importing, resuming, running, shops
from dashboard.screens.import_data import parts as parts

st.title("Import")
resuming.restore()
running.finished()

if importing.under_way() is not None:
    running.progress()
    st.stop()

importing.forget_expired()
running.problem()
running.changed()
waiting, done = importing.pending(), importing.outcome()
if done is not None:
    running.outcome(done)
elif not waiting:
    parts.doors()
else:
    with state.guard(stop=False):
        work = importing.looking()
        if work is not None:
            running.looking(work)
            st.stop()
        if not importing.pending():
            st.rerun()
        inspections = importing.seen()
        tables = [parts.understood(one, place) for place, one in enumerate(inspections)]
        orders = choices.decide(table for table in tables if table.inspection.holds == "orders")
        importing.note_choices()
        parts.import_controls(waiting, orders)
    st.button("Choose other files", key="discard_file", icon=":material/undo:", on_click=importing.discard)

shops.shops()
