"""Segments of a customer table: by rules or by clusters, then what was changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from segmentation.customers import CodeArray, CustomerTable
from segmentation.errors import WrongCall
from segmentation.profiles import survey
from segmentation.segments.clusters import fit_clusters
from segmentation.segments.edits import PINNED, Edits, Lists, no_lists
from segmentation.segments.labelled import Segment, Segmentation
from segmentation.segments.matching import PALETTE, fresh_colours, match, places
from segmentation.segments.naming import Name
from segmentation.segments.renaming import kept_name, named_again, names_for, renamed
from segmentation.segments.rfm import fit_rfm
from segmentation.segments.settings import SegmentSettings

PINNED_PLAY = "Yours: the play is what you pinned them for."


def segment(
    customers: CustomerTable,
    settings: SegmentSettings,
    *,
    anchor: Segmentation | None = None,
    lists: Lists = no_lists,
) -> Segmentation:
    """Segment the customers; the same settings and customers always give the same labels, names and colours.

    Where the settings name an anchor, or one is given, segments that are still the same keep its names, colours and
    places; an anchor that is only named is computed first. The other segments come in order of revenue. Changes by
    hand are made last. Raises NotEnoughData, FeatureUnavailable or FeatureNotFound, WrongCall for a list that is gone.
    """
    if anchor is not None and settings.anchor not in {None, anchor.settings.key}:
        raise WrongCall(f"The settings are anchored to {settings.anchor}, not to {anchor.settings.key}.")
    if settings.method == "rfm":
        return edited(customers, _by_rules(customers, settings), lists)
    if anchor is not None:
        settings = replace(settings, anchor=anchor.settings.key)
    elif settings.anchor is not None:
        anchor = segment(customers, SegmentSettings.from_key(settings.anchor), lists=lists)
    return edited(customers, _by_clusters(customers, settings, anchor), lists)


def edited(customers: CustomerTable, plain: Segmentation, lists: Lists = no_lists) -> Segmentation:
    """The segmentation with its settings' changes by hand; parts that do not exist are passed over.

    Merged segments keep place and colour of the largest and are named again, as are those whose name is no longer true
    since some of their customers are pinned. A segment whose customers are all pinned stays, empty.
    """
    edits = plain.settings.edits
    if not edits:
        return plain
    together = _together(edits, plain)
    shown_at = np.empty(len(plain.segments), dtype=np.uint8)
    for place, parts in enumerate(together):
        shown_at[list(parts)] = place
    named = dict(edits.names)
    segments = [_joined(plain, parts, place, named) for place, parts in enumerate(together)]
    segments += _pinned(edits, segments, named)
    changed = replace(plain, segments=tuple(segments), shown_at=shown_at[plain.shown_at], lists=lists)
    labels = (
        changed.placed(np.asarray(plain.model.assign(customers)), customers) if edits.pins else shown_at[plain.labels]
    )
    merged = [len(one.parts) > 1 for one in segments]
    return named_again(
        customers, replace(changed, labels=labels), afresh=merged, before_merge=plain if any(merged) else None
    )


def _together(edits: Edits, plain: Segmentation) -> list[tuple[int, ...]]:
    """The parts of each segment, the largest part first, in the order of the places those have."""
    places = range(len(plain.segments))
    merged = [tuple(part for part in parts if part in places) for parts in edits.merges]
    alone = [(part,) for part in places if not any(part in parts for parts in merged)]
    found = [tuple(sorted(parts, key=lambda part: (-plain.sizes[part], part))) for parts in merged if parts]
    return sorted([*found, *alone])


def _joined(plain: Segmentation, parts: tuple[int, ...], place: int, named: Mapping[int, str]) -> Segment:
    main = plain.segments[parts[0]]
    typed = next((named[part] for part in parts if part in named), None)
    is_typed = typed is not None or (main.typed and len(parts) == 1)  # a name of one part is not that of the others
    rule = "; or ".join(filter(None, (plain.segments[part].rule for part in sorted(parts))))
    return replace(main, index=place, name=typed or main.name, rule=rule, parts=parts, typed=is_typed)


def _pinned(edits: Edits, others: list[Segment], named: Mapping[int, str]) -> list[Segment]:
    used = {segment.colour for segment in others}
    colours = fresh_colours(used, set(), len(edits.pins))
    return [
        Segment(
            len(others) + i,
            named.get(PINNED + i, ""),
            colour,
            PINNED_PLAY,
            pin.sentence,
            (PINNED + i,),
            typed=PINNED + i in named,
        )
        for i, (pin, colour) in enumerate(zip(edits.pins, colours, strict=True))
    ]


def _by_rules(customers: CustomerTable, settings: SegmentSettings) -> Segmentation:
    model, labels = fit_rfm(customers, settings.rfm_preset, settings.rfm_cuts)
    groups = [(int(position), model.preset.groups[position]) for position in model.present]
    surveyed = survey(customers, labels, len(groups))
    before = [Name(group.name, group.play, group.words) for _, group in groups]
    names = names_for(customers, labels, surveyed, settings, before)
    return Segmentation(
        settings=settings,
        labels=labels,
        segments=tuple(
            renamed(Segment(place, group.name, position, group.play, group.rule, (place,)), name, profile)
            for place, ((position, group), name, profile) in enumerate(zip(groups, names, surveyed.groups, strict=True))
        ),
        model=model,
        profiles=surveyed.groups,
        shown_at=np.arange(len(groups), dtype=np.uint8),
        table=customers.identity,
    )


def _by_clusters(customers: CustomerTable, settings: SegmentSettings, anchor: Segmentation | None) -> Segmentation:
    model, found = fit_clusters(customers, settings)
    groups = model.groups
    continued = _continued(customers, found, groups, anchor)
    order = places(continued, _by_revenue(customers, found, groups))
    shown_at = np.empty(groups, dtype=np.uint8)
    shown_at[order] = np.arange(groups, dtype=np.uint8)
    labels = shown_at[found]
    segments = [
        None if (old := continued[group]) is None or anchor is None else anchor.segments[old] for group in order
    ]
    surveyed = survey(customers, labels, groups)
    gone = set() if anchor is None else {s.name for s in anchor.segments} - {s.name for s in segments if s is not None}
    before = [None if s is None else kept_name(s, group) for s, group in zip(segments, surveyed.groups, strict=True)]
    names = names_for(customers, labels, surveyed, settings, before, avoid=sorted(gone))
    return Segmentation(
        settings=settings,
        labels=labels,
        segments=tuple(
            Segment(place, name.name, colour, name.play, "", (place,), name.words, name.evidence, name.typed)
            for place, (name, colour) in enumerate(zip(names, _colours(segments, anchor), strict=True))
        ),
        model=model,
        profiles=surveyed.groups,
        shown_at=shown_at,
        table=customers.identity,
    )


def _continued(
    customers: CustomerTable, labels: CodeArray, groups: int, anchor: Segmentation | None
) -> tuple[int | None, ...]:
    if anchor is None:
        return (None,) * groups
    before = anchor.labels if anchor.table == customers.identity else anchor.assign(customers)
    return match(before, labels, len(anchor.segments), groups)


def _by_revenue(customers: CustomerTable, labels: CodeArray, groups: int) -> list[int]:
    """The groups by revenue, the largest first; of equal ones the larger, then the first."""
    revenue = np.bincount(labels, weights=customers.spend, minlength=groups)
    sizes = np.bincount(labels, minlength=groups)
    return [int(group) for group in np.lexsort((np.arange(groups), -sizes, -revenue))]


def _colours(segments: list[Segment | None], anchor: Segmentation | None) -> list[int]:
    if anchor is None:
        return [place % PALETTE for place in range(len(segments))]
    used = {segment.colour for segment in segments if segment is not None}
    fresh = iter(fresh_colours(used, {s.colour for s in anchor.segments}, segments.count(None)))
    return [next(fresh) if segment is None else segment.colour for segment in segments]
