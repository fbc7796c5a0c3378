"""Segments of a customer table: who is in which, what they are called, and how to find them again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from segmentation.customers import CodeArray, CustomerTable
from segmentation.errors import WrongCall
from segmentation.profiles import GroupProfile, survey
from segmentation.segments.clusters import fit_clusters
from segmentation.segments.matching import PALETTE, fresh_colours, match, places
from segmentation.segments.naming import Name, name_segments
from segmentation.segments.rfm import fit_rfm
from segmentation.segments.settings import SegmentSettings


class Model(Protocol):
    """Whatever can say which group each customer of a table is in."""

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Group of each customer, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its place, name, palette slot, a suggested play, and its rule where it was made by one."""

    index: int
    name: str
    colour: int
    play: str
    rule: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """Every customer of a table in exactly one segment.

    `labels`, shape (n,), holds the place of each customer's segment; `segments` and `profiles` are in order of place.
    `shown_at[group]` is the place of each of the model's groups; `table` says which customer table was labelled.
    """

    settings: SegmentSettings
    labels: CodeArray
    segments: tuple[Segment, ...]
    model: Model
    profiles: tuple[GroupProfile, ...]
    shown_at: CodeArray = field(repr=False)
    table: str = ""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Customers in each segment, in order of place."""
        return tuple(profile.customers for profile in self.profiles)

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Place of each customer of another table, shape (n,); the table must be scaled like the one fitted on."""
        return np.asarray(self.shown_at[self.model.assign(customers)])


def segment(customers: CustomerTable, settings: SegmentSettings, *, anchor: Segmentation | None = None) -> Segmentation:
    """Segment the customers; the same settings and customers always give the same labels, names and colours.

    Where the settings name an anchor, or one is given, segments that are still the same keep its names, colours and
    places; an anchor that is only named is computed first. The other segments come in order of revenue.
    Raises NotEnoughData, FeatureUnavailable or FeatureNotFound.
    """
    if anchor is not None and settings.anchor not in {None, anchor.settings.key}:
        raise WrongCall(f"The settings are anchored to {settings.anchor}, not to {anchor.settings.key}.")
    if settings.method == "rfm":
        return _by_rules(customers, settings)
    if anchor is not None:
        settings = replace(settings, anchor=anchor.settings.key)
    elif settings.anchor is not None:
        anchor = segment(customers, SegmentSettings.from_key(settings.anchor))
    return _by_clusters(customers, settings, anchor)


def _by_rules(customers: CustomerTable, settings: SegmentSettings) -> Segmentation:
    model, labels = fit_rfm(customers, settings.rfm_preset)
    groups = [(int(position), model.preset.groups[position]) for position in model.present]
    return Segmentation(
        settings=settings,
        labels=labels,
        segments=tuple(
            Segment(place, group.name, position, group.play, group.rule)
            for place, (position, group) in enumerate(groups)
        ),
        model=model,
        profiles=survey(customers, labels, len(groups)).groups,
        shown_at=np.arange(len(groups), dtype=np.uint8),
        table=_identity(customers),
    )


def _by_clusters(customers: CustomerTable, settings: SegmentSettings, anchor: Segmentation | None) -> Segmentation:
    model, found = fit_clusters(customers, settings)
    groups = len(model.centres)
    continued = _continued(customers, found, groups, anchor)
    order = places(continued, _by_revenue(customers, found, groups))
    shown_at = np.empty(groups, dtype=np.uint8)
    shown_at[order] = np.arange(groups, dtype=np.uint8)
    labels = shown_at[found]
    kept = [None if (old := continued[group]) is None or anchor is None else anchor.segments[old] for group in order]
    seen = survey(customers, labels, groups)
    names = name_segments(
        seen,
        customers.features,
        kept=[None if s is None else Name(s.name, s.play) for s in kept],
        avoid=() if anchor is None else [s.name for s in anchor.segments],
    )
    return Segmentation(
        settings=settings,
        labels=labels,
        segments=tuple(
            Segment(place, name.name, colour, name.play)
            for place, (name, colour) in enumerate(zip(names, _colours(kept, anchor), strict=True))
        ),
        model=model,
        profiles=seen.groups,
        shown_at=shown_at,
        table=_identity(customers),
    )


def _continued(
    customers: CustomerTable, found: CodeArray, groups: int, anchor: Segmentation | None
) -> tuple[int | None, ...]:
    if anchor is None:
        return (None,) * groups
    before = anchor.labels if anchor.table == _identity(customers) else anchor.assign(customers)
    return match(before, found, len(anchor.segments), groups)


def _by_revenue(customers: CustomerTable, found: CodeArray, groups: int) -> list[int]:
    """The groups by revenue, the largest first; of equal ones the larger, then the first."""
    revenue = np.bincount(found, weights=customers.spend, minlength=groups)
    sizes = np.bincount(found, minlength=groups)
    return [int(group) for group in np.lexsort((np.arange(groups), -sizes, -revenue))]


def _colours(kept: list[Segment | None], anchor: Segmentation | None) -> list[int]:
    if anchor is None:
        return [place % PALETTE for place in range(len(kept))]
    used = {segment.colour for segment in kept if segment is not None}
    fresh = iter(fresh_colours(used, {s.colour for s in anchor.segments}, kept.count(None)))
    return [next(fresh) if segment is None else segment.colour for segment in kept]


def _identity(customers: CustomerTable) -> str:
    return f"{customers.fingerprint}@{customers.as_of.isoformat()}#{customers.n}"
