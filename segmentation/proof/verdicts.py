"""The proof strip: each proof as one word of judgement, a headline and the evidence, in a shop's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentation import formats
from segmentation.customers import catalogue
from segmentation.estimates import Unknown
from segmentation.proof.backtest import Backtest
from segmentation.proof.foresight import ADVICE, Foresight
from segmentation.proof.proofs import FIXED, Proofs, Stable
from segmentation.proof.stability import Band
from segmentation.proof.structure import Structure
from segmentation.proof.usability import Usability

State = Literal["good", "fair", "poor", "unknown"]
_RIVALS = {
    "rfm": "RFM cells",
    "recency": "recency",
    "score": "one RFM score",
    "spend_so_far": "spend so far",
    "last_window": "the last window's spend",
    "boosted_trees": "boosted trees",
}
_STATES: dict[Band, State] = {"very stable": "good", "stable": "good", "doubtful": "fair", "unstable": "poor"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cell of the strip.

    question: what is asked.
    state: how it stands.
    headline: the answer in a few words.
    evidence: why, in a sentence or two.
    short: the answer in a word or two, for a line of all of them.
    """

    question: str
    state: State
    headline: str
    evidence: str
    short: str = ""


def verdicts(proofs: Proofs) -> tuple[Verdict, ...]:
    """Distinct groups? Stable? Predictive? Usable? In this order."""
    return (
        real(proofs.structure),
        stable(proofs.stable, proofs.names),
        predictive(proofs.predictive, len(proofs.names), proofs.unknown_then),
        usable(proofs.usable),
    )


def real(structure: Structure | Unknown) -> Verdict:
    """Whether there are groups beyond one smooth crowd."""
    question = "Distinct groups?"
    if isinstance(structure, Unknown):
        return Verdict(question, "unknown", "Cannot be told", structure.reason, "cannot be told")
    measured = (
        f"separation {structure.statistic:.1f}, in simulations without groups it stays below {structure.high:.1f}"
    )
    labels = ", ".join(catalogue().get(name).label for name in structure.left_out)
    without = f" Without {labels}, which have no value where orders are few." if labels else ""
    if structure.beyond_one_group:
        return Verdict(
            question,
            "good",
            "Clear groups",
            f"The groups are tighter than chance would make them: {measured}.{without}",
            "yes",
        )
    return Verdict(
        question,
        "fair",
        "No natural groups",
        f"Useful for planning, but not types of people: {measured}.{without}",
        "no natural groups",
    )


def stable(stability: Stable | Unknown, names: tuple[str, ...]) -> Verdict:
    """Whether the segments come out again."""
    question = "Stable?"
    if isinstance(stability, Unknown):
        fixed = stability == FIXED
        said = "Fixed rules" if fixed else "Cannot be told"
        return Verdict(question, "good" if fixed else "unknown", said, stability.reason, said.lower())
    worst = stability.segments[stability.worst]
    share = formats.percent(worst.jaccard.value)
    between = formats.percent_interval(worst.jaccard.low, worst.jaccard.high)
    who = f"“{names[stability.worst]}”"
    if not stability.banded:
        return Verdict(
            question,
            "fair",
            f"Found again: {share}",
            f"{who}, the least stable, is found again when re-tested: {share} ({between}). Without natural groups that "
            "says how stable the split is, not that there is a type of customer.",
            share,
        )
    state = _STATES[worst.band]
    swap = next((s for s in stability.swaps if stability.worst in (s.one, s.other)), None)
    partner = None if swap is None else names[swap.other if swap.one == stability.worst else swap.one]
    with_whom = f" It changes customers mostly with “{partner}”." if partner and state != "good" else ""
    return Verdict(
        question,
        state,
        worst.band.capitalize(),
        f"The least stable, {who}, is found again when re-tested: {share} ({between}).{with_whom}",
        f"{worst.band}, {share}",
    )


def predictive(backtest: Backtest | Unknown, shown: int, absent: tuple[str, ...] = ()) -> Verdict:
    """How much the segments keep of what can be foreseen of next spend; `absent` are the features that were left out
    because they were not known at a past date."""
    question = "Predictive?"
    if isinstance(backtest, Unknown):
        return Verdict(question, "unknown", "Not enough history", backtest.reason, "too little history")
    state, headline, told = _standing(backtest.foresight)
    shares = backtest.explained
    ours = shares["segments"]
    others = {
        method: name for method, name in _RIVALS.items() if backtest.foresight is None or method != backtest.winner
    }
    beside = ", ".join(f"{name} {_explained(shares[method].value)}" for method, name in others.items())
    between = f" ({formats.percent(ours.low)} to {formats.percent(ours.high)})" if ours.value > 0 else ""
    then = _then(tuple(cut.groups for cut in backtest.cuts), shown, absent)
    return Verdict(
        question,
        state,
        headline,
        f"{told}Of next spend they explain {_explained(ours.value)}{between}, {beside}.{then}",
        headline.lower().removeprefix("predict "),
    )


def _standing(ours: Foresight | None) -> tuple[State, str, str]:
    """State, headline and the sentence about what can be foreseen, ending with a space."""
    if ours is None:
        return "poor", "Nothing can be foreseen", "No method does better than expecting the average of everyone. "
    if ours.standing == "best":
        return "good", "Predict best", ""
    if ours.standing == "level":
        return "good", "As good as the best", ""
    foreseen = f"Of what can be foreseen ({formats.percent(ours.share)}, by {_RIVALS[ours.best]}), these segments keep "
    chance = "The difference may be chance. " if ours.chance else ""
    if ours.standing == "near":
        return "good", "Nearly as good as the best", f"{foreseen}{ours.in_words}. {chance}"
    state: State = "fair" if ours.standing == "part" else "poor"
    return state, f"Predict {ours.in_words} of it", f"{foreseen}{ours.in_words}: {ADVICE}. {chance}"


def _then(groups: tuple[int, ...], shown: int, absent: tuple[str, ...]) -> str:
    """What was different at the past dates, beginning with a space: what was not known, and how many segments."""
    if absent:
        labels = ", ".join(catalogue().get(name).label for name in absent)
        return f" That is without what was not known at a past date: {labels}."
    if all(count == shown for count in groups):
        return ""
    told = " and ".join(dict.fromkeys(str(count) for count in groups))
    return f" At the past dates there were {told} segments, as many as suited the customers then."


def _explained(share: float) -> str:
    return formats.percent(share) if share > 0 else "nothing"


def usable(usability: Usability) -> Verdict:
    """Whether a team can work with the segments."""
    question = "Usable?"
    if not usability.breaches and usability.least < usability.smallest:
        return Verdict(
            question,
            "unknown",
            "Too few customers",
            f"The smallest segment has {formats.count(usability.least, 'customer')}, and it takes "
            f"{usability.smallest:,} to describe one and to write to it. With the orders of more customers this can be "
            "told.",
        )
    if not usability.breaches:
        return Verdict(
            question,
            "good",
            "Ready to use",
            f"Each has {usability.smallest:,} customers or more, and no two are alike. In the smallest, the "
            f"smallest lift that a campaign with a holdout would show: {usability.detectable * 100:.0f} points.",
            "yes",
        )
    first = usability.breaches[0]
    more = f" And {len(usability.breaches) - 1} more." if len(usability.breaches) > 1 else ""
    counted = formats.count(len(usability.breaches), "thing")
    told = f"{first.reason} {first.remedy}{more}"
    return Verdict(question, "fair", f"{counted} to fix", told, f"{len(usability.breaches)} to fix")
