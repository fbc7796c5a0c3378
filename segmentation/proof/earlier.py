"""The same segmentation at an earlier date, made from what was known then and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from segmentation.customers import CodeArray, CustomerTable
from segmentation.segments import Edits, Lists, Segmentation, SegmentSettings, edited, segment

ChooseNumber = Callable[[CustomerTable], int]
"""The number of segments that would have been recommended for an earlier table."""


def earlier(
    customers: CustomerTable,
    settings: SegmentSettings,
    lists: Lists,
    number: ChooseNumber | None = None,
) -> Callable[[CustomerTable], Segmentation]:
    """How to make these segments of an earlier table; `number` chooses how many where nobody fixed it.

    Groups that resemble the parts merged today are merged. Names are left out, and so are pinned lists, which came
    later; pinned rules are kept.
    """
    rules = tuple(pin for pin in settings.edits.pins if pin.rule is not None)
    plain = replace(settings, anchor=None, edits=Edits())
    today = segment(customers, replace(settings, edits=Edits()), lists=lists) if settings.edits.merges else None

    def fit(then: CustomerTable) -> Segmentation:
        clusters = number(then) if number is not None else settings.clusters
        found = segment(then, replace(plain, clusters=clusters), lists=lists)
        merges: tuple[tuple[int, ...], ...] = ()
        if today is not None:
            alike = today.assign(then.scaled_like(customers.scalings))
            merges = _merges(found.labels, alike, len(found.segments), settings.edits.merges)
        changed = replace(found.settings, edits=Edits(merges=merges, pins=rules))
        return edited(then, replace(found, settings=changed), lists)

    return fit


def _merges(
    labels: CodeArray, alike: CodeArray, groups: int, merges: tuple[tuple[int, ...], ...]
) -> tuple[tuple[int, ...], ...]:
    """Which groups of `labels` to merge: those whose customers are mostly in parts that are merged in `alike`."""
    wide = int(alike.max()) + 1
    shared = np.bincount(labels.astype(np.intp) * wide + alike, minlength=groups * wide).reshape(groups, wide)
    resembles = shared.argmax(axis=1)
    return tuple(tuple(group for group in range(groups) if int(resembles[group]) in parts) for parts in merges)
