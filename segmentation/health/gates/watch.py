"""Gates of what keeps an eye on the segments."""

from __future__ import annotations

from collections.abc import Callable

from segmentation.health.gates.verdicts import COMPARED_DAYS, Gate, gate, span, verdict
from segmentation.health.measure import Health

MOVES_DAYS = 90


def _moves(health: Health) -> Gate:
    needed, least = 2 * MOVES_DAYS, 2 * COMPARED_DAYS
    return gate(
        verdict(enough=health.days >= needed, possible=health.days >= least),
        key="moves",
        name="Who moved between segments",
        screen="Briefing",
        threshold=f"{needed} days of history; not possible below {least}",
        evidence=span(health),
        costs=f"Moves are known for the last {COMPARED_DAYS} days only."
        if health.days >= least
        else "There is nothing earlier to compare with.",
        next_step="Add the exports of earlier months.",
    )


WATCH: tuple[Callable[[Health], Gate], ...] = (_moves,)
