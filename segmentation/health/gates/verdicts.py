"""What a gate says, and the floors and words that several gates share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segmentation import formats
from segmentation.health.measure import Health

Verdict = Literal["enough", "thin", "not possible"]
ENOUGH: Verdict = "enough"
THIN: Verdict = "thin"
NOT_POSSIBLE: Verdict = "not possible"
VERDICTS: tuple[Verdict, ...] = (ENOUGH, THIN, NOT_POSSIBLE)

CUSTOMERS, BUYERS_AGAIN, RHYTHM_ORDERS = 500, 100, 3
HALF_YEAR = 180
COMPARED_DAYS = 30
MOSTLY = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The verdict on one analysis, in sentences.

    key: what the analysis is called in code.
    name: what people call it.
    screen: the screen it is on.
    verdict: enough, thin or not possible.
    threshold: what it takes.
    evidence: what there is.
    costs: what is lost; "" where there is enough.
    next_step: what to do about it; "" where there is enough.
    """

    key: str
    name: str
    screen: str
    verdict: Verdict
    threshold: str
    evidence: str
    costs: str = ""
    next_step: str = ""


def verdict(*, enough: bool, possible: bool = True) -> Verdict:
    """What follows from having enough, or at least as much as the analysis works with."""
    return ENOUGH if enough else THIN if possible else NOT_POSSIBLE


def gate(verdict: Verdict, *, costs: str, next_step: str, **said: str) -> Gate:
    """A gate that says what is missing only where something is."""
    silent = verdict == ENOUGH
    return Gate(verdict=verdict, costs="" if silent else costs, next_step="" if silent else next_step, **said)


def span(health: Health) -> str:
    """How long the history is."""
    return f"{formats.days(health.days)}, {formats.period(health.first, health.last)}."
