"""One gate per analysis of the app: does the data carry it, by which threshold, on what evidence, and what would help.

The thresholds are the floors other tools ask for where they publish them (500 buyers, 180 days, 100 of each kind:
Klaviyo, Adobe), and the app's own limits where an analysis stops working. A gate that is thin lets you in and says
what to be careful with; one that is not possible names the column or the history that is missing.
"""

from __future__ import annotations

from collections.abc import Callable

from segmentation.health.gates.act import ACT, consent
from segmentation.health.gates.predict import PREDICT
from segmentation.health.gates.understand import UNDERSTAND
from segmentation.health.gates.verdicts import ENOUGH, NOT_POSSIBLE, THIN, VERDICTS, Gate, Verdict
from segmentation.health.gates.watch import WATCH
from segmentation.health.measure import Health
from segmentation.workspace import Statement

__all__ = ["ENOUGH", "JUDGES", "NOT_POSSIBLE", "THIN", "VERDICTS", "Gate", "Verdict", "gates"]

JUDGES: tuple[Callable[[Health], Gate], ...] = (*UNDERSTAND, *PREDICT, *ACT, *WATCH)


def gates(health: Health, stated: Statement | None = None) -> tuple[Gate, ...]:
    """The gates of everything the app can do, in the order of its screens; `stated` is the shop's basis for writing."""
    return tuple(consent(health, stated) if judge is consent else judge(health) for judge in JUDGES)
