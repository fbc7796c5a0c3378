"""Segments of a customer table: who is in which, what they are called, and how to find them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from segmentation.customers import BoolArray, CodeArray, CustomerTable, Scaling
from segmentation.errors import WrongCall
from segmentation.profiles import GroupProfile, Survey, survey
from segmentation.segments.clusters import fit_clusters
from segmentation.segments.edits import PINNED, Edits, Lists, no_lists
from segmentation.segments.matching import PALETTE, fresh_colours, match, places
from segmentation.segments.models import Mixture, Neighbours
from segmentation.segments.naming import LONGEST, Name, name_segments
from segmentation.segments.predicates import tally
from segmentation.segments.rfm import fit_rfm
from segmentation.segments.settings import SegmentSettings

PINNED_PLAY = "Yours: the play is what you pinned them for."


class Model(Protocol):
    """Whatever can say which group each customer of a table is in."""

    @property
    def groups(self) -> int:
        """How many groups there are."""
        ...

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Group of each customer, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment.

    index: its place.
    name: what it is called.
    colour: its slot in the palette.
    play: what to do with it, in a sentence.
    rule: the rule that made it, in words; "" where none did.
    parts: numbers of what it is made of, which stay the same; several where segments were merged.
    words: the keys of the words in its name, see `predicates`; none in a figure and in a name given by hand.
    evidence: why it is called so, in sentences.
    typed: whether a person gave the name.
    """

    index: int
    name: str
    colour: int
    play: str
    rule: str = ""
    parts: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    typed: bool = False

    @property
    def called(self) -> Name:
        """Its name with what is known of it."""
        return Name(self.name, self.play, self.words, self.evidence, self.typed)

    @property
    def part(self) -> int:
        """What a name given by hand is kept under: the first of its parts."""
        return self.parts[0] if self.parts else self.index


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """Every customer of a table in exactly one segment. Pinned segments come last, and take their customers from the
    others.

    settings: how it was made.
    labels: the place of each customer's segment, shape (n,).
    segments: in order of place.
    model: what puts a customer into a group.
    profiles: of the segments, in order of place.
    shown_at: the place of each of the model's groups, shape (groups,).
    table: which customer table was labelled.
    lists: gives the customers of a pinned list.
    scalings: those of the table fitted on, where that was another one.
    """

    settings: SegmentSettings
    labels: CodeArray
    segments: tuple[Segment, ...]
    model: Model
    profiles: tuple[GroupProfile, ...]
    shown_at: CodeArray = field(repr=False)
    table: str = ""
    lists: Lists = field(default=no_lists, repr=False)
    scalings: Mapping[str, Scaling] | None = field(default=None, repr=False)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Customers in each segment, in order of place."""
        return tuple(profile.customers for profile in self.profiles)

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Place of each customer of another table, shape (n,); the table must be scaled like the one fitted on."""
        return self.placed(self.model.assign(self.alike(customers)), customers)

    def alike(self, customers: CustomerTable) -> CustomerTable:
        """The customers on the scales the model was made in."""
        return customers if self.scalings is None else customers.scaled_like(self.scalings)

    def unsure(self, customers: CustomerTable) -> BoolArray | None:
        """Who stands in no dense place and was given to the nearest group, shape (n,); None beside density groups."""
        return self.model.unsure(self.alike(customers)) if isinstance(self.model, Neighbours) else None

    def membership(self, customers: CustomerTable, row: int) -> tuple[float, ...] | None:
        """How probable each segment is for one customer, in order of place; None beside a mixture."""
        if not isinstance(self.model, Mixture):
            return None
        point = self.model.space.points(self.alike(customers))[row : row + 1]
        odds = np.bincount(
            self.shown_at, weights=self.model.membership(point)[0].astype(np.float64), minlength=len(self.segments)
        )
        return tuple(float(share) for share in odds)

    def placed(self, groups: CodeArray, customers: CustomerTable) -> CodeArray:
        """Place of each customer of a table, shape (n,), from the model's groups for them."""
        labels = np.asarray(self.shown_at[groups])
        first = len(self.segments) - len(self.settings.edits.pins)
        for place, pin in enumerate(self.settings.edits.pins, start=first):
            labels[pin.mask(customers, self.lists)] = place
        return labels


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
    return named_again(customers, replace(changed, labels=labels), afresh=[len(s.parts) > 1 for s in segments])


def named_again(
    customers: CustomerTable, segmentation: Segmentation, afresh: Sequence[bool] | None = None
) -> Segmentation:
    """The same with the profiles of these customers, and with names that are true of them: those that were typed or
    still hold stay, others are made again, as are those `afresh`."""
    segments, labels = segmentation.segments, segmentation.labels
    surveyed = survey(customers, labels, len(segments))
    again = afresh or [False] * len(segments)
    before = [one.called if one.typed or not new else None for one, new in zip(segments, again, strict=True)]
    names = _names(customers, labels, surveyed, segmentation.settings, before)
    renamed = [_renamed(*one) for one in zip(segments, names, surveyed.groups, strict=True)]
    return replace(segmentation, segments=tuple(_told_apart(renamed)), profiles=surveyed.groups)


def _names(
    customers: CustomerTable,
    labels: CodeArray,
    surveyed: Survey,
    settings: SegmentSettings,
    before: Sequence[Name | None],
    avoid: Sequence[str] = (),
) -> tuple[Name, ...]:
    counted = tally(customers, labels, len(surveyed.groups))
    features = [one for one in customers.features if one.grain != "score" or one.name in settings.features]
    return name_segments(customers, counted, surveyed, features, before, avoid)


def _renamed(segment: Segment, name: Name, profile: GroupProfile) -> Segment:
    """The segment under another name; one that is too small to describe by its rule, which says nothing of anybody."""
    play = segment.play if segment.part >= PINNED else name.play
    rule = segment.rule[:1].upper() + segment.rule[1:]
    by_rule = profile.few and not name.words and not name.typed and 0 < len(rule) <= LONGEST
    said = rule if by_rule else name.name
    return replace(segment, name=said, play=play, words=name.words, evidence=name.evidence)


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
    rule = "; or ".join(filter(None, (plain.segments[part].rule for part in sorted(parts))))
    return replace(
        main, index=place, name=typed or main.name, rule=rule, parts=parts, typed=main.typed or typed is not None
    )


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


def _by_rules(customers: CustomerTable, settings: SegmentSettings) -> Segmentation:
    model, labels = fit_rfm(customers, settings.rfm_preset, settings.rfm_cuts)
    groups = [(int(position), model.preset.groups[position]) for position in model.present]
    surveyed = survey(customers, labels, len(groups))
    before = [Name(group.name, group.play, group.words) for _, group in groups]
    names = _names(customers, labels, surveyed, settings, before)
    return Segmentation(
        settings=settings,
        labels=labels,
        segments=tuple(
            _renamed(Segment(place, group.name, position, group.play, group.rule, (place,)), name, profile)
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
    before = [None if s is None else s.called for s in segments]
    names = _names(customers, labels, surveyed, settings, before, avoid=sorted(gone))
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
