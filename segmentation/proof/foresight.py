"""What can be foreseen of next spend, how much of it the segments keep, and the words for that share.

What can be foreseen is what the best method explains out of sample. The words change at the shares below and nowhere
else, so that equal figures are told in equal words, whatever method made the segments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from segmentation.estimates import Estimate

Standing = Literal["best", "level", "near", "part", "little"]
"""`best`: ahead of every other method beyond chance; `level`: they explain most, others may do as well; `near`: as much
as NEARLY_ALL of the best; `part`: as much as HALF of it; `little`: less."""

NEARLY_ALL, HALF = 0.9, 0.42
"""The shares of what can be foreseen from which segments stand near the best, and keep half of it in words."""

IN_WORDS = (
    (0.05, "next to nothing"),
    (0.15, "a tenth"),
    (0.225, "a fifth"),
    (0.29, "a quarter"),
    (HALF, "a third"),
    (0.58, "half"),
    (0.71, "two thirds"),
    (0.8, "three quarters"),
    (NEARLY_ALL, "most"),
)
"""The words for a share below each limit; the limits lie halfway between what the words mean."""

ADVICE = "use them to talk, use scores to rank"
"""What to do where segments keep less than NEARLY_ALL of what can be foreseen."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """How the segments stand beside the best method.

    best: the method that explains most.
    share: what it explains, and so what can be foreseen (0..1).
    kept: what the segments explain of that (0..1).
    alone: whether no other method can be told from the best.
    chance: whether the segments cannot be told from the best.
    """

    best: str
    share: float
    kept: float
    alone: bool
    chance: bool

    @property
    def standing(self) -> Standing:
        if self.best == "segments":
            return "best" if self.alone else "level"
        if self.kept >= NEARLY_ALL:
            return "near"
        return "part" if self.kept >= HALF else "little"

    @property
    def in_words(self) -> str:
        """The share that the segments keep."""
        return next((word for limit, word in IN_WORDS if self.kept < limit), "nearly all")


def foresight(explained: Mapping[str, Estimate], winner: str, leaders: Sequence[str]) -> Foresight | None:
    """How the segments stand, from each method's share of spend explained; None where nothing can be foreseen.

    `leaders` cannot be told from the `winner`, itself included.
    """
    if winner == "level":
        return None
    best = explained[winner].value
    kept = min(max(explained["segments"].value / best, 0.0), 1.0)
    return Foresight(winner, best, kept, len(leaders) == 1, "segments" in leaders)
