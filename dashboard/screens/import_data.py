"""Import: drop an export, see what was understood, correct it, and see where every row and cent went."""

from __future__ import annotations

import streamlit as st

from dashboard import importing, session
from dashboard.widgets import import_parts as parts
from dashboard.widgets import import_run

st.title("Import")
import_run.finished()

if importing.under_way() is not None:
    import_run.progress()
    st.stop()

import_run.problem()
upload, done = importing.pending(), importing.outcome()
if done is not None:
    import_run.outcome(done)
elif upload is None:
    parts.doors()
else:
    with session.guard(stop=False):
        seen = importing.look(upload, None, None)
        with st.container(border=True):
            parts.recognised(seen)
            preview = st.container()
        with st.container(border=True):
            st.markdown("**What the columns mean**")
            mapping = parts.mapping_controls(seen)
        with preview:
            parts.first_rows(seen, mapping)
        given = parts.answers(importing.look(upload, mapping, None))
        with st.container(border=True):
            name = parts.shop_name()
            drop = st.toggle(
                "Leave out rows that repeat an earlier row exactly",
                key="drop_repeats",
                help="Kept unless you say so: two identical purchases look the same as a copied row.",
                persist_state="session",
            )
            if (
                st.button(
                    "Import", key="import_now", type="primary", icon=":material/download_done:", disabled=name is None
                )
                and name
            ):
                session.forget(importing.PROBLEM)
                mapping.require(seen.headers, file=upload.name)
                importing.start(upload, name, mapping.answered(given).to_toml(), drop_repeats=drop)
                st.rerun()
    st.button("Choose another file", key="discard_file", icon=":material/undo:", on_click=importing.discard)

import_run.shops()
