"""The proofs in full: what comes out again, what predicts, and how many segments there could be."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.charts import proofs as charts
from dashboard.parts import downloads, tables
from dashboard.parts.chart import chart
from segmentation import formats
from segmentation.analysis import Study
from segmentation.estimates import Estimate, Unknown
from segmentation.proof import Proofs, Recommendation, Scores, Stable

MEASURES = {
    "explained_spend": "Spend explained",
    "explained_spend_rank": "Rank of spend explained",
    "explained_orders": "Orders explained",
    "explained_bought_again": "Bought again, explained",
    "separation": "Rank separation",
    "capture": "Revenue of the best fifth",
}
METHODS = {
    "segments": "Your segments",
    "rfm": "RFM cells (5 × 5 × 5)",
    "recency": "Recency alone",
    "score": "One RFM score",
    "spend_so_far": "Spend so far, a line",
    "last_window": "Last window's spend, a line",
    "boosted_trees": "Boosted trees",
}
EACH = "–"
"""Stands for the groups of a method that expects something of each customer."""

SHOWN_SWAPS = 4


def draw(study: Study, proofs: Proofs | None, advice: Recommendation | None) -> None:
    """All of it, as far as it is known."""
    if proofs is None:
        st.caption("The proofs are being worked out.")
        return
    grid = st.grid(2, min_column_width=440, gap="small")
    with grid.container(border=True, gap="xsmall", height="stretch"):
        _stable(study, proofs.stable)
    with grid.container(border=True, gap="xsmall", height="stretch"):
        _predictive(study, proofs)
    if advice is not None:
        with st.container(border=True, gap="xsmall"):
            _numbers(study, advice)


def _stable(study: Study, stable: Stable | Unknown) -> None:
    st.markdown("**Are the segments found again when re-tested?**")
    if isinstance(stable, Unknown):
        st.caption(words.unknown(stable))
        return
    segments = study.segmentation.segments[: len(stable.segments)]
    chart(
        "stability",
        "How far each segment is found again when re-tested, with interval",
        charts.stability,
        [segment.name for segment in segments],
        [segment.colour for segment in segments],
        [one.jaccard for one in stable.segments],
        state.palette(),
        banded=stable.banded,
    )
    what = (
        f"Made again {stable.refits} times from other customers of the same kind: customers in both divided by "
        "customers in either (Jaccard), with the 95 % interval of the average."
    )
    none = " There are no natural groups, so no band is claimed." if not stable.banded else ""
    st.caption(what + none)
    swaps = [
        f"{words.plain(segments[swap.one].name)} ⇄ {words.plain(segments[swap.other].name)}: "
        f"{formats.percent(swap.share)}"
        for swap in stable.swaps[:SHOWN_SWAPS]
        if swap.share >= 0.01 and max(swap.one, swap.other) < len(segments)
    ]
    if swaps:
        st.caption("  \n".join(["**Who changes sides**, as a share of both", *swaps]))


def _predictive(study: Study, proofs: Proofs) -> None:
    backtest, currency = proofs.predictive, study.customers.currency
    st.markdown("**Do they predict what customers do next?**")
    if isinstance(backtest, Unknown):
        st.caption(words.unknown(backtest))
        return
    measure = st.selectbox(
        "Measure", list(MEASURES), key="proof_measure", format_func=MEASURES.get, label_visibility="collapsed"
    )
    chart(
        "backtest",
        "What your segments predict beside RFM cells, recency alone, one score, past spend and boosted trees",
        charts.backtest,
        backtest,
        state.palette(),
        measure=measure or "explained_spend",
    )
    st.caption(words.plain(backtest.verdict, limit=700))
    cuts = ", ".join(formats.day(cut.on) for cut in backtest.cuts)
    st.caption(
        f"Segments as of an earlier date; averages learned in the {backtest.window_days} days before {cuts} and scored "
        f"on the {backtest.window_days} days after. Spend counts up to "
        f"{formats.money(backtest.cuts[0].cap, currency)} a customer. Features and number were chosen before."
    )
    if proofs.unknown_then:
        labels = [words.plain(study.customers.feature(name).label) for name in proofs.unknown_then]
        st.caption(f"Left out at a past date, where it was not known yet: {words.list_of(labels)}.")
    headers = ["Method", "Groups", *MEASURES.values()]
    rows = [
        (METHODS[one.method], EACH if one.groups is None else f"{one.groups:,}", *_figures(one.average))
        for one in backtest.methods
    ]
    tables.table(
        pd.DataFrame([(*row[:2], *map(_shown, row[2:])) for row in rows], columns=headers),
        downloads.csv(
            "backtest",
            ["Method", "Groups", *(f"{name}{end}" for name in MEASURES.values() for end in ("", ", low", ", high"))],
            [(*row[:2], *(x for one in row[2:] for x in (one.value, one.low, one.high))) for row in rows],
        ),
        alt="The backtest in figures",
        key="backtest_figures",
    )


def _figures(scores: Scores) -> tuple[Estimate, ...]:
    return tuple(getattr(scores, name) for name in MEASURES)


def _shown(one: Estimate) -> str:
    return f"{formats.percent(one.value)} ({formats.percent_interval(one.low, one.high)})"


def _numbers(study: Study, advice: Recommendation) -> None:
    st.markdown("**How many segments?**")
    chart(
        "number_curve",
        "Stability, spend explained and separation for 2 to 15 segments",
        charts.curve,
        advice,
        len(study.segmentation.segments),
        state.palette(),
    )
    st.caption(words.plain(advice.sentence, limit=400))
    st.caption(
        "For comparing numbers: k-means segments of a sample, as many at every past date. How much of next spend the "
        "segments shown explain is said above, where past dates have as many as suited the customers then, unless a "
        "number was chosen."
    )
