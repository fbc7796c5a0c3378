"""A segment stays itself while you tune: which new segment is which old one."""

from __future__ import annotations

import numpy as np

from segmentation.customers import CodeArray

MOST_STAY = 0.5
"""A segment is still itself only when more than this share of its former customers is in it ..."""

STILL_SIMILAR = 1 / 3
"""... and when those they share are at least this part of everyone in the old or the new one (Jaccard)."""

PALETTE = 10
"""Colour slots of the palette; more segments than that begin again from the first."""


def match(before: CodeArray, after: CodeArray, groups_before: int, groups_after: int) -> tuple[int | None, ...]:
    """For each new segment the old one it continues, or None.

    `before` and `after` label the same customers, shape (n,). Pairs are chosen so that the similarity summed over
    all pairs is greatest, then kept where both rules above hold; a segment continues at most one other.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to load, and most commands tune nothing

    pairs = before.astype(np.intp) * groups_after + after
    shared = np.bincount(pairs, minlength=groups_before * groups_after).reshape(groups_before, groups_after)
    old, new = shared.sum(axis=1, keepdims=True), shared.sum(axis=0, keepdims=True)
    alike = shared / np.maximum(old + new - shared, 1)
    matched: list[int | None] = [None] * groups_after
    for i, j in zip(*linear_sum_assignment(alike, maximize=True), strict=True):
        if shared[i, j] > MOST_STAY * old[i, 0] and alike[i, j] >= STILL_SIMILAR:
            matched[int(j)] = int(i)
    return tuple(matched)


def carried(
    merges: tuple[tuple[int, ...], ...], continued: tuple[int | None, ...]
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """Merges of old segments as merges of the new ones that continue them, and the old merges that are lost: those of
    which not every part goes on. `continued` is as `match` gives it."""
    now = {old: new for new, old in enumerate(continued) if old is not None}
    alive = [parts for parts in merges if all(part in now for part in parts)]
    lost = tuple(parts for parts in merges if parts not in alive)
    return tuple(tuple(sorted(now[part] for part in parts)) for parts in alive), lost


def places(continued: tuple[int | None, ...], rank: list[int]) -> list[int]:
    """The order in which the new segments are shown: a list of new segments by place.

    One that continues an old segment keeps its place where there still is one; the others fill the gaps in the
    order of `rank`, which lists the new segments from the first to the last.
    """
    order: list[int | None] = [None] * len(continued)
    for segment, old in enumerate(continued):
        if old is not None and old < len(order):
            order[old] = segment
    placed = {segment for segment in order if segment is not None}
    moved = sorted((old, s) for s, old in enumerate(continued) if old is not None and s not in placed)
    waiting = iter([s for _, s in moved] + [s for s in rank if continued[s] is None])
    return [next(waiting) if segment is None else segment for segment in order]


def fresh_colours(kept: set[int], former: set[int], needed: int) -> list[int]:
    """The next free palette slots: first those nobody had, then those of segments that are gone, then again."""
    never = [slot for slot in range(PALETTE) if slot not in kept | former]
    gone = [slot for slot in range(PALETTE) if slot in former - kept]
    free = never + gone
    return (free + [i % PALETTE for i in range(needed)])[:needed]
