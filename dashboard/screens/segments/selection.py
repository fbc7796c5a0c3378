"""The people picked on the map: what sets them apart, who they are, and a file."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import words
from dashboard.parts import segment_cards, studio
from dashboard.parts.studio import Picked, Selection
from dashboard.screens.segments import by_hand, segment_tables
from segmentation import formats
from segmentation.analysis import Study

LISTED = 200
"""Height of the list of customers beside the map, in pixels."""


def draw(study: Study, picked: Picked) -> None:
    """Who was picked, as a column beside the map."""
    table = study.customers
    selection = studio.picked_customers(table, picked)
    with st.container(key="selection", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(
                f"**Your selection: {formats.count(selection.profile.customers, 'customer')}**", width="content"
            )
            st.button("Clear", key="clear_selection", icon=":material/close:", type="tertiary", on_click=studio.unpick)
        if not studio.on_shown_map(study, picked):
            st.caption("Drawn on another map of the same customers, so its outline is not shown on this one.")
        if selection.profile.customers == 0:
            st.caption("Nobody is inside the line you drew.")
            return
        st.caption(f"{segment_cards.sizes(selection.profile)}  \n{_where(study, selection)}")
        st.markdown(segment_cards.apart(selection.profile))
        segment_tables.members(
            study,
            selection.mask,
            how="Customers picked on the map",
            stem="selection",
            key="selection_members",
            height=LISTED,
        )
        by_hand.pin_selection(study, selection.mask)


def _where(study: Study, selection: Selection) -> str:
    """Which segments the picked people are in, the commonest first."""
    counts = np.bincount(study.segmentation.labels[selection.mask], minlength=len(study.segmentation.segments))
    order = [int(place) for place in np.argsort(-counts, kind="stable") if counts[place]]
    shown = [
        f"{words.plain(study.segmentation.segments[place].name)} "
        f"({formats.percent(counts[place] / selection.profile.customers)})"
        for place in order[:4]
    ]
    return f"In {words.list_of(shown)}" + (f" and {len(order) - 4} more" if len(order) > 4 else "")
