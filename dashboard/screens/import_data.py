"""Import: drop exports, see what was understood, correct it, and see where every row and cent went."""

from __future__ import annotations

import streamlit as st

from dashboard import importing, resuming, session
from dashboard.widgets import import_choices, import_run, shops
from dashboard.widgets import import_parts as parts

st.title("Import")
resuming.restore()
import_run.finished()

if importing.under_way() is not None:
    import_run.progress()
    st.stop()

importing.forget_expired()
import_run.problem()
import_run.changed()
waiting, done = importing.pending(), importing.outcome()
if done is not None:
    import_run.outcome(done)
elif not waiting:
    parts.doors()
else:
    with session.guard(stop=False):
        work = importing.looking()
        if work is not None:
            import_run.looking(work)
            st.stop()
        if not importing.pending():
            st.rerun()
        found = importing.seen()
        tables = [parts.understood(seen, place) for place, seen in enumerate(found)]
        orders = import_choices.decide(table for table in tables if table.seen.holds == "orders")
        importing.note_choices()
        parts.import_controls(waiting, orders)
    st.button("Choose other files", key="discard_file", icon=":material/undo:", on_click=importing.discard)

shops.shops()
