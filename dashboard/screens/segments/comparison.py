"""Two segmentations side by side: who goes where, how far they agree, and which holds better."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.charts import flows as charts
from dashboard.parts import downloads, studio, tables
from dashboard.parts.chart import chart
from segmentation import formats
from segmentation.analysis import Study
from segmentation.proof import Proofs, Verdict, verdicts
from segmentation.segments import agreement

BASE = "compare_with"
STANDARD = "standard"


def draw(study: Study, proofs: Proofs | None) -> None:
    """What is shown beside a saved segmentation, or beside the standard one."""
    kept = {one.identity: one.title for one in state.saved_segmentations().all()}
    options = [STANDARD, *kept]
    base = st.selectbox(
        "Compare with",
        options,
        key=BASE,
        format_func=lambda one: kept.get(one, "The usual segments"),
        width=360,
    )
    with state.guard(stop=False):
        if base in kept:
            _draw(study, state.saved_study(base), proofs)
        else:
            _draw(study, state.standard(), proofs)


def _draw(study: Study, before: Study, proofs: Proofs | None) -> None:
    one, other = before.segmentation, study.segmentation
    if one.settings.key == other.settings.key and np.array_equal(one.labels, other.labels):
        st.caption("That is what you are looking at: change something, or choose another one.")
        return
    compared = agreement(one.labels, other.labels, len(one.segments), len(other.segments))
    st.markdown(
        f"**{formats.percent(compared.stay)} of customers stay together**  \n:gray[in the segment most of their old "
        f"segment goes to; adjusted Rand index {compared.adjusted_rand:.2f} (1: the same groups, 0: no more alike than "
        "by chance)]"
    )
    chart(
        "flows",
        "Flows of customers from the segments compared with to the segments shown",
        charts.flows,
        [segment.name for segment in one.segments],
        [segment.colour for segment in one.segments],
        [segment.name for segment in other.segments],
        [segment.colour for segment in other.segments],
        compared.flows,
        state.palette(),
    )
    _gained(studio.proofs(before), proofs)
    rows = [
        (one.segments[i].name, other.segments[j].name, int(compared.flows[i, j]))
        for i, j in zip(*np.nonzero(compared.flows), strict=True)
    ]
    tables.download_button(downloads.csv("comparison", ["From", "To", "Customers"], rows), key="flows_csv")


def _gained(before: Proofs | None, now: Proofs | None) -> None:
    """The proofs of both, question by question."""
    if before is None or now is None:
        st.caption("What was gained in the proofs is shown when both have been worked out: open each once.")
        return
    rows = [
        {"Question": was.question, "Compared with": _told(was), "Shown": _told(now_is)}
        for was, now_is in zip(verdicts(before), verdicts(now), strict=True)
    ]
    st.table(pd.DataFrame(rows), border="horizontal", hide_index=True, alt="The proofs of both segmentations")


def _told(verdict: Verdict) -> str:
    return f"**{words.plain(verdict.headline)}**. {words.plain(verdict.evidence, limit=400)}"
