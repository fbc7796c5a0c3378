"""What explains a segmentation: its rules, its drivers, its cut points, and a segment made by hand beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from segmentation.analysis.dated import Dated
from segmentation.analysis.declared import Declared
from segmentation.analysis.scores import customers_of
from segmentation.analysis.studies import SEGMENTS, SegmentsSettings
from segmentation.customers import BoolArray, CodeArray
from segmentation.estimates import Unknown
from segmentation.explain import Driver, Rules, describe_rules, features_of
from segmentation.explain import drivers as strongest
from segmentation.jobs import Progress
from segmentation.profiles import GroupProfile, survey
from segmentation.segments import Conditions, Cut, Overlap, RfmModel, Segment, compare, cut_table
from segmentation.segments.renaming import named_again

HELD = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class HandmadeSettings:
    """Conditions, as their text, beside a segmentation."""

    beside: SegmentsSettings
    conditions: str


@dataclass(frozen=True, slots=True, eq=False)
class Handmade:
    """A segment made by hand.

    mask: who is in it, bool (n,).
    profile: its profile.
    everyone: the profile of everyone.
    overlap: how it lies over the segments.
    segments: these, with the names they have if none is pinned.
    """

    mask: BoolArray
    profile: GroupProfile
    everyone: GroupProfile
    overlap: Overlap | Unknown
    segments: tuple[Segment, ...]


def _rules(shop: Dated, settings: SegmentsSettings, _progress: Progress) -> Rules | Unknown:
    segmentation = shop.answer(SEGMENTS, settings).get()
    names = [segment.name for segment in segmentation.segments]
    return describe_rules(customers_of(shop, settings.scores), segmentation.labels, names)


def _drivers(shop: Dated, settings: SegmentsSettings, _progress: Progress) -> tuple[tuple[Driver, ...], ...]:
    customers, segmentation = customers_of(shop, settings.scores), shop.answer(SEGMENTS, settings).get()
    features = features_of(customers, segmentation)
    return strongest(customers, segmentation.labels, len(segmentation.segments), features)


def _cuts(shop: Dated, settings: SegmentsSettings, _progress: Progress) -> tuple[Cut, ...]:
    model = shop.answer(SEGMENTS, settings).get().model
    return cut_table(model, customers_of(shop, settings.scores)) if isinstance(model, RfmModel) else ()


def _unsure(shop: Dated, settings: SegmentsSettings, _progress: Progress) -> tuple[int, ...] | None:
    segmentation = shop.answer(SEGMENTS, settings).get()
    between = segmentation.unsure(customers_of(shop, settings.scores))
    if between is None:
        return None
    return tuple(np.bincount(segmentation.labels[between], minlength=len(segmentation.segments)).tolist())


def _machine_labels(shop: Dated, settings: SegmentsSettings, _progress: Progress) -> CodeArray:
    segmentation = shop.answer(SEGMENTS, settings).get()
    if not segmentation.settings.edits.pins:
        return segmentation.labels
    return segmentation.shown_at[segmentation.model.assign(customers_of(shop, settings.scores))]


def _handmade(shop: Dated, settings: HandmadeSettings, _progress: Progress) -> Handmade:
    customers = customers_of(shop, settings.beside.scores)
    mask = Conditions.from_text(settings.conditions).mask(customers)
    profiles = survey(customers, mask.view("uint8"), 2)
    labels, segments = shop.answer(MACHINE_LABELS, settings.beside).get(), _unpinned(shop, settings.beside)
    return Handmade(mask, profiles.groups[1], profiles.everyone, compare(mask, labels, len(segments)), segments)


def _unpinned(shop: Dated, settings: SegmentsSettings) -> tuple[Segment, ...]:
    """The segments as they are called where none is pinned."""
    segmentation = shop.answer(SEGMENTS, settings).get()
    edits = segmentation.settings.edits
    if not edits.pins:
        return segmentation.segments
    if not settings.saved:
        plain = replace(segmentation.settings, edits=replace(edits, pins=()))
        return shop.answer(SEGMENTS, replace(settings, key=plain.key)).get().segments
    labels, segments = shop.answer(MACHINE_LABELS, settings).get(), segmentation.segments[: -len(edits.pins)]
    alone = replace(segmentation, labels=labels, segments=segments)
    return named_again(customers_of(shop, settings.scores), alone).segments


RULES: Declared[SegmentsSettings, Rules | Unknown] = Declared(
    name="rules", layout=1, settings=SegmentsSettings, result=Rules | Unknown, work_out=_rules, held=HELD,
    doing="Looking for simple rules",
)  # fmt: skip
DRIVERS: Declared[SegmentsSettings, tuple[tuple[Driver, ...], ...]] = Declared(
    name="drivers", layout=1, settings=SegmentsSettings, result=tuple, work_out=_drivers, held=HELD
)
CUTS: Declared[SegmentsSettings, tuple[Cut, ...]] = Declared(
    name="cuts", layout=1, settings=SegmentsSettings, result=tuple, work_out=_cuts, held=HELD
)
UNSURE: Declared[SegmentsSettings, tuple[int, ...] | None] = Declared(
    name="unsure", layout=1, settings=SegmentsSettings, result=tuple, work_out=_unsure, held=HELD
)
MACHINE_LABELS: Declared[SegmentsSettings, CodeArray] = Declared(
    name="machine-labels", layout=1, settings=SegmentsSettings, result=np.ndarray, work_out=_machine_labels, held=12
)
HANDMADE: Declared[HandmadeSettings, Handmade] = Declared(
    name="handmade", layout=1, settings=HandmadeSettings, result=Handmade, work_out=_handmade, held=32
)
