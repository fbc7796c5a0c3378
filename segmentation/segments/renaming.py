"""Names made again where segments, or the customers in them, are no longer those that were named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from segmentation.customers import CodeArray, CustomerTable
from segmentation.profiles import GroupProfile, Survey, survey
from segmentation.segments.edits import LONGEST_NAME, PINNED
from segmentation.segments.labelled import Segment, Segmentation
from segmentation.segments.naming import LONGEST, Name, name_segments
from segmentation.segments.predicates import tally
from segmentation.segments.presets import SAYS
from segmentation.segments.settings import SegmentSettings


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """What segments were merged of.

    labels: the part each customer is in, shape (n,); `groups` - 1 for who is in no part any more.
    groups: how many parts there are, and one more.
    parts: by segment, the parts it was merged of; () for one that was not.
    names: by segment, the names of its parts as one; "" for one that was not merged, and where that is too long.
    """

    labels: CodeArray
    groups: int
    parts: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, after: Segmentation, before: Segmentation) -> Merged:
        """The parts of `after`, which are segments of `before`."""
        count = len(before.segments)
        labels = before.labels.copy()
        pinned = [one.index for one in after.segments if one.part >= PINNED]
        labels[np.isin(after.labels, pinned)] = count
        parts = tuple(one.parts if len(one.parts) > 1 else () for one in after.segments)
        said = (" + ".join(before.segments[part].name for part in several) for several in parts)
        return cls(labels, count + 1, parts, tuple(one if len(one) <= LONGEST_NAME else "" for one in said))


def named_again(
    customers: CustomerTable,
    segmentation: Segmentation,
    afresh: Sequence[bool] | None = None,
    before_merge: Segmentation | None = None,
) -> Segmentation:
    """The same with the profiles of these customers, and with names that are true of them: those that were typed or
    still hold stay, others are made again, as are those `afresh`. The name of a merged one is true of each part,
    a segment of `before_merge`."""
    segments, labels = segmentation.segments, segmentation.labels
    surveyed = survey(customers, labels, len(segments))
    again = afresh or [False] * len(segments)
    before = [
        None if new and not one.typed else kept_name(one, profile)
        for one, new, profile in zip(segments, again, surveyed.groups, strict=True)
    ]
    merged = None if before_merge is None else Merged.of(segmentation, before_merge)
    names = names_for(customers, labels, surveyed, segmentation.settings, before, merged=merged)
    again_named = [renamed(*one) for one in zip(segments, names, surveyed.groups, strict=True)]
    return replace(segmentation, segments=tuple(_told_apart(again_named)), profiles=surveyed.groups)


def kept_name(segment: Segment, profile: GroupProfile) -> Name | None:
    """The name that a segment may keep. What a name says of a few customers is said only where it is their rule."""
    ruled = bool(segment.rule) and segment.name in SAYS
    return segment.called if segment.typed or ruled or not profile.few else None


def names_for(
    customers: CustomerTable,
    labels: CodeArray,
    surveyed: Survey,
    settings: SegmentSettings,
    before: Sequence[Name | None],
    avoid: Sequence[str] = (),
    merged: Merged | None = None,
) -> tuple[Name, ...]:
    """A name for each group of the labels, those of `before` where they are still true."""
    counted = tally(customers, labels, len(surveyed.groups))
    if merged is not None:
        finer = tally(customers, merged.labels, merged.groups)
        counted = replace(counted, parts=merged.parts, finer=finer)
    features = [one for one in customers.features if one.grain != "score" or one.name in settings.features]
    return name_segments(customers, counted, surveyed, features, before, avoid, () if merged is None else merged.names)


def renamed(segment: Segment, name: Name, profile: GroupProfile) -> Segment:
    """The segment under another name; one that is too small to describe by its rule, which says nothing of anybody."""
    play = segment.play if segment.part >= PINNED else name.play
    rule = segment.rule[:1].upper() + segment.rule[1:]
    by_rule = profile.few and not name.words and not name.typed and 0 < len(rule) <= LONGEST
    said = rule if by_rule else name.name
    return replace(segment, name=said, play=play, words=name.words, evidence=name.evidence)


def _told_apart(segments: list[Segment]) -> list[Segment]:
    """The segments with a number behind a name that an earlier one has."""
    apart: list[Segment] = []
    taken: set[str] = set()
    for segment in segments:
        tries = [segment.name, *(f"{segment.name} {number}" for number in range(2, len(segments) + 2))]
        name = next(text for text in tries if text not in taken)
        taken.add(name)
        apart.append(replace(segment, name=name))
    return apart
