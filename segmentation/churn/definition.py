"""From when on a customer counts as lost: learned from how long those who came back stayed away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from segmentation import formats
from segmentation.customers import FloatArray
from segmentation.engine.protocol import Engine
from segmentation.estimates import Unknown
from segmentation.timeline import (
    BACK,
    FEWEST_GAPS,
    LONGEST_WINDOW,
    SHORTEST_WINDOW,
    WINDOWS,
    longest_window,
    usual_pause,
    window_for,
)
from segmentation.workspace import DatasetVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """From when on a customer counts as lost.

    days: days without an order after which one does.
    share_back_within: the share (0..1) of the gaps that were no longer than that.
    gaps: gaps between two buying days of a customer that the shop has seen.
    reason: it in a sentence.
    """

    days: int
    share_back_within: float
    gaps: int
    reason: str


def define(engine: Engine, version: DatasetVersion, as_of: date) -> Definition | Unknown:
    """The days without an order after which a customer of this shop counts as lost, as known before `as_of`.

    Gaps that are still open are not counted, so this is about those who did come back.
    """
    with engine.reading(version) as run:
        table = run.query("buying_gaps", as_of=as_of)
    lengths = np.asarray(table["gap_days"].to_numpy(), dtype=np.float64)
    counts = np.asarray(table["gaps"].to_numpy(), dtype=np.float64)
    return proposed(lengths, counts, version.manifest.first, as_of)


def proposed(lengths: FloatArray, counts: FloatArray, first: date, as_of: date) -> Definition | Unknown:
    """The definition from gap `lengths` in days, ascending, and how often each was seen; shapes (lengths,).

    Unknown where fewer than FEWEST_GAPS gaps are known, or the history since `first` is too short for any window.
    """
    gaps = int(counts.sum())
    usual = usual_pause(zip(lengths.tolist(), counts.astype(int).tolist(), strict=True))
    if usual is None:
        return Unknown(
            f"Customers came back {formats.count(gaps, 'time')} before {formats.day(as_of)}; {FEWEST_GAPS} times are "
            "needed to say after how many days a customer has churned."
        )
    room = longest_window(first, as_of)
    if room < SHORTEST_WINDOW:
        return Unknown(too_short(first, as_of, SHORTEST_WINDOW))
    wished = window_for(usual)
    days = min(wished, room)
    within = float(counts[lengths <= days].sum() / gaps)
    return Definition(
        days=days, share_back_within=within, gaps=gaps, reason=_reason(days, wished, usual, within, gaps, first, as_of)
    )


def too_short(first: date, as_of: date, days: int) -> str:
    """Why a window of this many days cannot be studied."""
    have = (as_of - first).days
    return (
        f"The orders go from {formats.day(first)} to {formats.day(as_of)}, {formats.days(have)}. Predicting "
        f"{formats.days(days)} ahead needs {formats.days(WINDOWS * days)}: to know customers by, to learn what they "
        f"do next, and to test it. {formats.days(max(WINDOWS * days - have, 0))} are missing."
    )


def _reason(days: int, wished: int, usual: float, within: float, gaps: int, first: date, as_of: date) -> str:
    back = f"Customers came back {gaps:,} times, and {formats.percent(within)} of the times within {formats.days(days)}"
    if days < wished:
        have = (as_of - first).days
        return (
            f"{back}. {formats.days(wished)} would cover {formats.percent(BACK)}, but the {formats.days(have)} from "
            f"{formats.day(first)} to {formats.day(as_of)} do not hold three such windows."
        )
    if usual > LONGEST_WINDOW:
        return f"{back}; nobody is given more than a year, although some take longer."
    return f"{back}: whoever has not ordered for that long is unlikely to have just been taking a pause."
