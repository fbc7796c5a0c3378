"""What a benchmark says: one row per figure, its peer measured in the same run, and the goal it must meet."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
INF = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure. `ours` and `peer` share the unit that `name` ends with; `ratio` is ours / peer."""

    name: str
    ours: float
    peer: float | None
    peer_name: str | None
    ratio: float | None
    goal: str
    met: bool


def against(name: str, ours: float, peer: float, peer_name: str, *, most: float = INF, least: float = 0) -> Row:
    """A figure whose goal is at most `most` times, or at least `least` times, the peer's."""
    ratio = ours / peer
    goal = f"≥ {least:.3g} ×" if least else f"≤ {most:.3g} ×"
    return Row(name=name, ours=ours, peer=peer, peer_name=peer_name, ratio=ratio, goal=goal, met=least <= ratio <= most)


def at_most(name: str, ours: float, most: float) -> Row:
    """A figure with a goal of its own."""
    return Row(name=name, ours=ours, peer=None, peer_name=None, ratio=None, goal=f"≤ {most:g}", met=ours <= most)


def best_of(rounds: int, *works: Callable[[], object]) -> tuple[float, ...]:
    """The shortest time of each work in seconds, over rounds in which they take turns.

    The shortest, because everything else a machine does can only add time; in turns, so that a busy minute hits all.
    """
    shortest = [INF] * len(works)
    for _ in range(rounds):
        for i, work in enumerate(works):
            start = time.perf_counter()
            work()
            shortest[i] = min(shortest[i], time.perf_counter() - start)
    return tuple(shortest)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds and result of one call."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result
