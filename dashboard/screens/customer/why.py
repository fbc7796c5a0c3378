"""Why a customer is in their segment: the reasons, the next segment, what would move them, and how sure it is."""

from __future__ import annotations

import streamlit as st

from dashboard import state, words
from dashboard.parts import plays, segment_cards, shares, studio
from segmentation import formats
from segmentation.analysis import Study
from segmentation.estimates import Unknown
from segmentation.explain import Why, why
from segmentation.segments import RfmModel

LONGEST = 400
SMALLEST_ODDS = 0.01


def draw(study: Study, row: int) -> None:
    """The segment of the customer in `row` of the table, and why."""
    explained = why(study.customers, study.segmentation, row)
    segment, profile = study.segmentation.segments[explained.segment], study.profiles[explained.segment]
    st.markdown(f"### {segment_cards.titled(segment, state.palette())}")
    st.caption(f"{segment_cards.sizes(profile, shares.lately(study)[explained.segment])}{_sure(study, row)}")
    if segment.rule and not explained.by_hand:
        st.markdown(f"Because of the rule: {words.plain(segment.rule)}{_scores(study, row)}.")
    st.markdown(words.plain(explained.sentence, limit=LONGEST))
    _doubt(study, row)
    if explained.reasons:
        st.markdown("\n".join(f"- {words.plain(reason.sentence, limit=LONGEST)}" for reason in explained.reasons))
    _moves(explained)
    if segment.play:
        known = plays.known(study)
        play = segment.play if known is None else known[segment.index]
        st.markdown(f":material/lightbulb: {words.plain(play, limit=LONGEST)}")


def _doubt(study: Study, row: int) -> None:
    """What the method itself says about how clear the membership is."""
    odds = study.segmentation.membership(study.customers, row)
    if odds is not None:
        likely = sorted(range(len(odds)), key=lambda place: -odds[place])[:3]
        told = [
            f"{words.plain(study.segmentation.segments[place].name)} {formats.percent(odds[place])}"
            for place in likely
            if odds[place] >= SMALLEST_ODDS
        ]
        st.caption(f"By the mixture they belong to {words.list_of(told)}.")
    between = study.segmentation.unsure(study.customers)
    if between is not None and between[row]:
        st.caption("They stand between the dense groups: this is the nearest one, and nobody can be sure.")


def _moves(why: Why) -> None:
    st.markdown("**What would move them**")
    if not why.moves:
        st.caption("No change in a single figure that could be expected would put them in another segment.")
        return
    st.markdown("\n".join(f"- {words.plain(move.sentence, limit=LONGEST)}" for move in why.moves))


def _scores(study: Study, row: int) -> str:
    """ " (R 5, F 3, M 4)" under rules on scores."""
    model = study.segmentation.model
    if not isinstance(model, RfmModel):
        return ""
    scores = model.scores(study.customers)[:, row]
    return f" (theirs: {', '.join(f'{letter} {int(score)}' for letter, score in zip('RFM', scores, strict=True))})"


def _sure(study: Study, row: int) -> str:
    """ " · in the same segment in 18 of 20 repetitions", where that is known."""
    sure, proofs = studio.confidence(study), studio.proofs(study)
    if sure is None or row >= len(sure):
        return ""
    if proofs is None or isinstance(proofs.stable, Unknown):
        return f"  \nIn this segment again in {formats.percent(sure[row] / 100)} of repetitions on other customers"
    repeated = proofs.stable.refits
    times = round(float(sure[row]) / 100 * repeated)
    return f"  \nIn this segment again in {times} of {repeated} repetitions on other customers"
