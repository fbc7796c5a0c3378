"""The proof strip: does this segmentation deserve trust, and what would make it better."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

import streamlit as st

from dashboard import state, words
from dashboard.parts import studio, waiting
from dashboard.screens.segments import controls
from segmentation import formats
from segmentation.analysis import Study
from segmentation.customers import catalogue
from segmentation.proof import (
    Breach,
    Proofs,
    Recommendation,
    Remedy,
    Stable,
    Verdict,
    beside,
    by_number,
    usability,
    verdicts,
)

MARKS = {
    "good": (":material/check_circle:", "green"),
    "fair": (":material/error:", "orange"),
    "poor": (":material/cancel:", "red"),
    "unknown": (":material/help:", "gray"),
}
QUESTIONS = ("Real groups?", "Stable?", "Predictive?", "Usable?", "Profitable?")
SHOWN_BREACHES = 2


def draw(study: Study, *, smallest: int | None) -> Proofs | None:
    """The strip with what is known by now; returns the proofs once they are there.

    `smallest` is a limit somebody set for the size of a segment.
    """
    proofs = studio.proofs(study)
    with st.container(key="proof_strip", gap="small"):
        if proofs is None:
            _waiting(study)
            return None
        if smallest is not None:
            proofs = replace(
                proofs, usable=usability(study.segmentation, smallest=smallest, order_rate=proofs.order_rate)
            )
        with st.grid(len(QUESTIONS), min_column_width=210, gap="small"):
            for verdict in (*verdicts(proofs), PROFITABLE):
                _cell(verdict)
        if careful := state.analysis().careful():
            st.caption(f":material/warning: {words.plain(careful, limit=500)}")
        _remedies(study, proofs)
    return proofs


PROFITABLE = Verdict(
    "Profitable?",
    "unknown",
    "Not measured yet",
    "Whether writing to these segments pays is known after a campaign with a holdout: plan one.",
)


def _cell(verdict: Verdict) -> None:
    icon, colour = MARKS[verdict.state]
    key = "proof_" + verdict.question.removesuffix("?").split()[0].lower()
    with st.container(border=True, height="stretch", gap="xsmall", key=key):
        st.caption(verdict.question)
        st.badge(words.plain(verdict.headline), icon=icon, color=colour)
        st.caption(words.plain(verdict.evidence, limit=600))
        if verdict is PROFITABLE:
            st.space("stretch")
            st.page_link("screens/campaign/campaign.py", label="Plan a holdout", icon=":material/campaign:")


def _waiting(study: Study) -> None:
    job = studio.proofs_job(study)
    if job is None:
        st.caption(
            ":material/help: The proofs are worked out by a worker process, and this server runs without one. "
            "`tessera prove` works them out."
        )
        return
    if job.state == "failed":
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(words.plain(job.text), width="stretch")
            st.button(
                "Try again",
                key="proofs_again",
                type="tertiary",
                icon=":material/refresh:",
                on_click=studio.proofs_job,
                args=(study,),
                kwargs={"again": True},
            )
        return
    with st.grid(len(QUESTIONS), min_column_width=210, gap="small"):
        for question in QUESTIONS:
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.caption(question)
                st.badge("Being worked out", icon=":material/hourglass_top:", color="gray")
    st.fragment(_watch, run_every=waiting.pause())(study)


def _watch(study: Study) -> None:
    """Follow the work; draw the page anew when it ended."""
    if studio.proofs(study) is not None:
        st.rerun()
    job = studio.proofs_job(study)
    if job is None or job.state == "failed":
        st.rerun()
    st.progress(job.progress, text=words.plain(job.text))


# What would help --------------------------------------------------------------------------------------------


def _remedies(study: Study, proofs: Proofs) -> None:
    offers = [_of_remedy(study, remedy) for remedy in (*proofs.remedies, *_other_number(study, proofs))]
    merged = {frozenset(remedy.merge) for remedy in proofs.remedies if remedy.merge}
    breaches = [breach for breach in proofs.usable.breaches if frozenset(breach.merge) not in merged]
    offers += [_of_breach(study, breach) for breach in breaches[:SHOWN_BREACHES]]
    if not offers:
        return
    with st.container(border=True, gap="xsmall", key="remedies"):
        st.markdown("**What would help**")
        for number, (text, label, act, argument) in enumerate(offers):
            with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
                st.markdown(text, width="stretch")
                st.button(label, key=f"remedy_{number}", icon=":material/auto_fix_high:", on_click=act, args=argument)


def advice_beside(study: Study, proofs: Proofs | None) -> Recommendation | None:
    """What is said of the recommended number beside these segments; None while it is not known."""
    advice = state.advice()
    return advice if advice is None else beside(advice, proofs, study.segmentation)


def _other_number(study: Study, proofs: Proofs) -> tuple[Remedy, ...]:
    """The recommended number, where the segments shown do not hold and it would."""
    settings = study.segmentation.settings
    stable = proofs.stable
    if settings.method != "kmeans" or not (isinstance(stable, Stable) and stable.banded and stable.shaky):
        return ()
    now = fmean(segment.jaccard.value for segment in stable.segments)
    remedy = by_number(advice_beside(study, proofs), settings.segments, now)
    return () if remedy is None else (remedy,)


def _of_remedy(study: Study, remedy: Remedy) -> tuple[str, str, object, tuple[object, ...]]:
    effect = f"{formats.percent(remedy.after)} instead of {formats.percent(remedy.before)}"
    match remedy.kind:
        case "merge":
            assert remedy.merge is not None
            one, other = (words.plain(study.segmentation.segments[place].name) for place in remedy.merge)
            text = f"Merge **{one}** and **{other}**: the least steady segment then comes out again to {effect}."
            return text, "Merge these two", merge, (study, *remedy.merge)
        case "drop":
            label = study.customers.feature(remedy.feature).label
            names = [name for name in study.segmentation.settings.features if name != remedy.feature]
            text = f"Leave out **{words.plain(label)}**: the least steady segment then comes out again to {effect}."
            return text, f"Drop {label}", controls.use_features, (names,)
        case "add":
            label = catalogue().get(remedy.feature).label
            names = [*study.segmentation.settings.features, remedy.feature]
            text = (
                f"Let customers be alike in **{words.plain(label)}** too: as many segments then keep {effect} of what "
                "can be foreseen of next spend."
            )
            return text, f"Add {label}", controls.use_features, (names,)
        case _:
            text = f"Use **{remedy.number} segments**: on average they come out again to {effect}."
            return text, f"Use {remedy.number} segments", controls.use_number, (remedy.number,)


def _of_breach(study: Study, breach: Breach) -> tuple[str, str, object, tuple[object, ...]]:
    return (
        f"{words.plain(breach.reason, limit=300)} {words.plain(breach.remedy, limit=300)}",
        "Merge these two",
        merge,
        (study, *breach.merge),
    )


def merge(study: Study, one: int, other: int) -> None:
    """Make one segment of these two places from the next run on."""
    segments = study.segmentation.segments
    edits = study.segmentation.settings.edits
    state.edit(edits.merged(segments[one].parts, segments[other].parts))
