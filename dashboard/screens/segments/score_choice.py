"""Which scores of the models are among the features: to be alike in, in conditions, and in what describes a segment."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.screens.segments import controls
from segmentation.analysis.scores import RISK_NAMES
from segmentation.customers import CustomerTable, catalogue


def popover(customers: CustomerTable) -> None:
    """A choice of scores; what nobody has worked out yet says where that is done."""
    with st.popover("Scores", icon=":material/insights:", type="tertiary"):
        st.caption(
            "What the models of Lifetime value and Churn expect of each customer. A score chosen here describes the "
            "segments, and customers can be grouped by it or picked by it in the segment builder. At past dates it is "
            "worked out again from what was known then."
        )
        shown = customers.scores
        lacking = {one.feature.name: one.reason for one in customers.unavailable if one.feature.grain == "score"}
        unknown = RISK_NAMES[0] not in (*shown, *lacking) and state.analysis().churn().peek() is None
        held = state.held_scores()
        for feature in catalogue().scores:
            key = f"score_{feature.name}"
            state.put(key, feature.name in shown)
            st.checkbox(
                feature.label,
                key=key,
                help=words.plain(feature.sentence),
                disabled=feature.name in (*lacking, *held) or (unknown and feature.name in RISK_NAMES),
                on_change=_choose,
                args=(feature.name,),
            )
            if feature.name in lacking:
                st.caption(words.plain(lacking[feature.name]))
            elif feature.name in held:
                st.caption("Needed by a pinned segment, by the segment builder, or by names kept from before.")
        if unknown:
            st.caption("Who is slipping away has not been worked out for this date yet.")
            st.page_link("screens/churn/churn.py", label="Work it out", icon=":material/trending_down:")


def _choose(name: str) -> None:
    """A score was ticked or not; one that goes is nothing customers are alike in any more."""
    now = state.chosen_scores()
    if state.recall_value(f"score_{name}", False):
        state.choose_scores([*now, name])
        return
    state.choose_scores([one for one in now if one != name])
    alike = state.settings().features
    if name in alike:
        controls.use_features([one for one in alike if one != name])
