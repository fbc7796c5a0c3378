"""The proof strip: does this segmentation deserve trust, and what would make it better."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
STABLE, PREDICTIVE, USABLE, PAYS = "Stable?", "Predictive?", "Usable?", "Profitable?"
QUESTIONS = ("Distinct groups?", STABLE, PREDICTIVE, USABLE, PAYS)
SHOWN_BREACHES = 2


def draw(study: Study, *, smallest: int | None) -> Proofs | None:
    """The strip with what is known by now; returns the proofs once they are there.

    `smallest` is a limit somebody set for the size of a segment.
    """
    proofs = studio.proofs(study)
    with st.container(key="proof_strip", horizontal=True, vertical_alignment="center", gap="small"):
        if proofs is None:
            _waiting(study)
            return None
        if smallest is not None:
            proofs = replace(
                proofs, usable=usability(study.segmentation, smallest=smallest, order_rate=proofs.order_rate)
            )
        offers = list(_offers(study, proofs))
        for verdict in (*verdicts(proofs), PROFITABLE):
            _verdict(verdict, [offer for offer in offers if offer.question == verdict.question])
    return proofs


PROFITABLE = Verdict(
    PAYS,
    "unknown",
    "Not measured yet",
    "Whether writing to these segments pays is known after a campaign with a holdout: plan one.",
    "not measured yet",
)


@dataclass(frozen=True, slots=True)
class _Offer:
    """What would help, beside the `question` it belongs to: a sentence, and a button that does it."""

    question: str
    text: str
    label: str
    act: Callable[..., None]
    arguments: tuple[object, ...]
    key: str = ""


def _verdict(verdict: Verdict, offers: Sequence[_Offer]) -> None:
    """A word or two, which open to the sentence, the figures and what would help."""
    icon, colour = MARKS[verdict.state]
    name = verdict.question.removesuffix("?").split()[0]
    label = f"{name}: {words.plain(verdict.short)}"
    with st.popover(label, icon=icon, type="tertiary", key=f"proof_{name.lower()}"):
        st.caption(verdict.question)
        st.badge(words.plain(verdict.headline), icon=icon, color=colour)
        st.markdown(words.plain(verdict.evidence, limit=600))
        if name == "Predictive" and (caution := state.analysis().careful()):
            st.caption(f":material/warning: {words.plain(caution, limit=500)}")
        if verdict is PROFITABLE:
            st.page_link("screens/campaign/campaign.py", label="Plan a holdout", icon=":material/campaign:")
        for offer in offers:
            st.markdown(offer.text)
            st.button(
                offer.label,
                key=offer.key,
                icon=":material/auto_fix_high:",
                on_click=offer.act,
                args=offer.arguments,
            )


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
    st.fragment(_watch, run_every=waiting.pause())(study)


def _watch(study: Study) -> None:
    """Follow the work; draw the page anew when it ended."""
    if studio.proofs(study) is not None:
        st.rerun()
    job = studio.proofs_job(study)
    if job is None or job.state == "failed":
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge("Being worked out", icon=":material/hourglass_top:", color="gray")
        st.progress(job.progress, text=f"{' '.join(QUESTIONS)} {words.plain(job.text)}")


# What would help --------------------------------------------------------------------------------------------


def _offers(study: Study, proofs: Proofs) -> Iterator[_Offer]:
    offers = [_of_remedy(study, remedy) for remedy in (*proofs.remedies, *_other_number(study, proofs))]
    merged = {frozenset(remedy.merge) for remedy in proofs.remedies if remedy.merge}
    breaches = [breach for breach in proofs.usable.breaches if frozenset(breach.merge) not in merged]
    offers += [_of_breach(study, breach) for breach in breaches[:SHOWN_BREACHES]]
    for number, offer in enumerate(offers):
        yield replace(offer, key=f"remedy_{number}")


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


def _of_remedy(study: Study, remedy: Remedy) -> _Offer:
    effect = f"{formats.percent(remedy.after)} instead of {formats.percent(remedy.before)}"
    match remedy.kind:
        case "merge":
            assert remedy.merge is not None
            one, other = (words.plain(study.segmentation.segments[place].name) for place in remedy.merge)
            text = (
                f"Merge **{one}** and **{other}**: the least stable segment is then found again when re-tested: "
                f"{effect}."
            )
            return _Offer(STABLE, text, "Merge these two", merge, (study, *remedy.merge))
        case "drop":
            label = study.customers.feature(remedy.feature).label
            names = [name for name in study.segmentation.settings.features if name != remedy.feature]
            text = (
                f"Leave out **{words.plain(label)}**: the least stable segment is then found again when re-tested: "
                f"{effect}."
            )
            return _Offer(STABLE, text, f"Leave out {label}", controls.use_features, (names,))
        case "add":
            label = catalogue().get(remedy.feature).label
            names = [*study.segmentation.settings.features, remedy.feature]
            text = (
                f"Group customers by **{words.plain(label)}** too: as many segments then keep {effect} of what can be "
                "foreseen of next spend."
            )
            return _Offer(PREDICTIVE, text, f"Add {label}", controls.use_features, (names,))
        case _:
            text = f"Use **{remedy.number} segments**: on average they are found again when re-tested: {effect}."
            return _Offer(STABLE, text, f"Use {remedy.number} segments", controls.use_number, (remedy.number,))


def _of_breach(study: Study, breach: Breach) -> _Offer:
    return _Offer(
        USABLE,
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
