"""The same segmentation at an earlier date, made from what was known then and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from segmentation.customers import CodeArray, CustomerTable
from segmentation.proof.time_splits import TimeSplits
from segmentation.segments import Edits, Lists, Segmentation, edited, segment

ChooseNumber = Callable[[CustomerTable], int]
"""The number of segments that would have been recommended for an earlier table."""


def earlier(
    customers: CustomerTable, segmentation: Segmentation, lists: Lists, number: ChooseNumber | None = None
) -> Callable[[CustomerTable], Segmentation]:
    """How to make the segments `segmentation` among `customers` of an earlier table.

    `number` chooses how many where nobody fixed it. Features that were not known yet are left out; so are names, and
    pinned lists, which came later. Groups that resemble segments merged today are merged; pinned rules are kept, unless
    they ask about something that was not known yet.
    """
    settings = segmentation.settings
    merged = [segment.index for segment in segmentation.segments if len(segment.parts) > 1]

    def fit(then: CustomerTable) -> Segmentation:
        known = {feature.name for feature in then.features}
        plain = replace(
            settings,
            features=tuple(name for name in settings.features if name in known),
            segments=settings.segments if number is None else number(then),
            anchor=None,
            edits=Edits(),
        )
        made = segment(then, plain, lists=lists)
        rules = tuple(
            pin for pin in settings.edits.pins if pin.rule is not None and known.issuperset(pin.rule.features)
        )
        merges: tuple[tuple[int, ...], ...] = ()
        if merged and known.issuperset(settings.features):
            alike = segmentation.shown_at[
                segmentation.model.assign(segmentation.alike(then.scaled_like(customers.scalings)))
            ]
            merges = _merges(made.labels, alike, len(made.segments), merged)
        changed = replace(made.settings, edits=Edits(merges=merges, pins=rules))
        return edited(then, replace(made, settings=changed), lists)

    return fit


def unknown_then(tables: Iterable[CustomerTable], features: Iterable[str]) -> tuple[str, ...]:
    """Which features were not known yet in one of these tables of past dates."""
    known = set.intersection(*({feature.name for feature in then.features} for then in tables))
    return tuple(name for name in features if name not in known)


def without_any(splits: TimeSplits, features: Sequence[str]) -> bool:
    """Whether there was a past date at which none of these features was known yet."""
    return bool(features) and any(
        {feature.name for feature in split.then.features}.isdisjoint(features) for split in splits.splits
    )


def _merges(labels: CodeArray, alike: CodeArray, groups: int, merged: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Which groups of `labels` to merge: those whose customers are mostly in the same merged segment of `alike`."""
    wide = int(alike.max()) + 1
    shared = np.bincount(labels.astype(np.intp) * wide + alike, minlength=groups * wide).reshape(groups, wide)
    resembles = shared.argmax(axis=1)
    return tuple(tuple(group for group in range(groups) if int(resembles[group]) == place) for place in merged)
