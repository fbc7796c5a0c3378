"""The one shell that runs the story for a dataset and settings; the CLI and the dashboard both call it.

customers = Tables(workspace, engine, version).at()        # heavy, kept on disk
result    = run(customers, StudySettings(segments=6))      # fast: a retune
back      = look_back(workspace, engine, version, customers, days=30)
roi       = campaign(result, back, Assumptions())          # fast
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import get_args

import numpy as np

from segmentation.campaigns import Assumptions, Plan, SegmentHistory, history, plan
from segmentation.customers import CustomerTable, Outcomes, catalogue, default_as_of, outcomes, prepare, reach
from segmentation.engine.protocol import Engine
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.profiles import GroupProfile
from segmentation.proof import Recommendation
from segmentation.scored import Tables, scores_among
from segmentation.segments import (
    FEWEST,
    MOST,
    Bands,
    Edits,
    Lists,
    Segmentation,
    SegmentSettings,
    no_lists,
    segment,
)
from segmentation.segments.settings import Method, Preset, Weights, checked_weights
from segmentation.workspace import DatasetVersion, Statement, Workspace

METHODS: tuple[Method, ...] = get_args(Method)

PROVISIONAL = 5
"""How many segments are shown while the recommended number is not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySettings:
    """How to look at the customers. No features: the catalogue's defaults; no number: the recommended one.

    The rest is as in `SegmentSettings`; `anchor` is the key of the segmentation whose names and colours are kept.
    """

    method: Method = "kmeans"
    segments: int | None = None
    features: tuple[str, ...] = ()
    weights: Weights = ()
    rfm_preset: Preset = "shopify"
    rfm_cuts: tuple[Bands, ...] = ()
    anchor: str | None = None
    edits: Edits = field(default_factory=Edits)

    @property
    def scores(self) -> tuple[str, ...]:
        """The scores that are named: to be alike in, in rules of pinned segments, in what this is anchored to."""
        anchored = SegmentSettings.from_key(self.anchor).measures if self.anchor else ()
        return scores_among([*self.features, *self.edits.features, *anchored])

    def without_scores(self, names: Iterable[str]) -> StudySettings:
        """The same without these: nothing to be alike in, and no names or pinned rules that come from them."""
        gone = set(names)
        anchored = SegmentSettings.from_key(self.anchor).measures if self.anchor else frozenset()
        return replace(
            self,
            features=tuple(name for name in self.features if name not in gone),
            anchor=None if gone & anchored else self.anchor,
            edits=Edits() if gone & {*self.features, *self.edits.features} else self.edits,
        )

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SettingOutOfRange("method", self.method, allowed=METHODS)
        if self.segments is not None and not FEWEST <= self.segments <= MOST:
            raise SettingOutOfRange("segments", self.segments, low=FEWEST, high=MOST)
        object.__setattr__(self, "weights", checked_weights(self.weights))

    @classmethod
    def of(cls, settings: SegmentSettings) -> StudySettings:
        """The settings that give this segmentation."""
        return cls(
            method=settings.method,
            segments=None if settings.method == "rfm" else settings.clusters,
            features=settings.features,
            weights=settings.weights,
            rfm_preset=settings.rfm_preset,
            rfm_cuts=settings.rfm_cuts,
            anchor=settings.anchor,
            edits=settings.edits,
        )


@dataclass(frozen=True, slots=True)
class Study:
    """A segmentation of every customer with its profiles. `seconds` says how long each stage took."""

    customers: CustomerTable
    settings: StudySettings
    segmentation: Segmentation
    recommendation: Recommendation | None
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def profiles(self) -> tuple[GroupProfile, ...]:
        """One profile per segment, in the segments' order."""
        return self.segmentation.profiles


@dataclass(frozen=True, slots=True, eq=False)
class LookBack:
    """The customers as they were `days` days before the as-of date, and what they did in those days."""

    then: CustomerTable
    outcomes: Outcomes


def features_for(customers: CustomerTable, settings: StudySettings) -> tuple[str, ...]:
    """The chosen features in catalogue order, or the defaults this dataset can give.

    Raises FeatureNotFound or FeatureUnavailable for a name that cannot be used.
    """
    for name in settings.features:
        customers.feature(name)
    chosen = set(settings.features or customers.default_features())
    return tuple(feature.name for feature in customers.features if feature.name in chosen)


def resolve(customers: CustomerTable, settings: StudySettings, advice: Recommendation | None) -> SegmentSettings:
    """The complete settings of a segmentation: features named, the number of segments decided."""
    clusters = settings.segments or (advice.k if advice else PROVISIONAL)
    return SegmentSettings(
        method=settings.method,
        clusters=clusters,
        features=features_for(customers, settings),
        weights=settings.weights,
        rfm_preset=settings.rfm_preset,
        rfm_cuts=settings.rfm_cuts,
        anchor=settings.anchor,
        edits=settings.edits,
    )


def run(
    customers: CustomerTable,
    settings: StudySettings,
    *,
    advice: Recommendation | None = None,
    anchor: Segmentation | None = None,
    lists: Lists = no_lists,
) -> Study:
    """Labels, names and profiles for every customer; fast enough to follow a slider.

    `anchor` saves computing the segmentation that `settings.anchor` names again; `lists` gives pinned customer lists.
    Raises NotEnoughData.
    """
    seconds: dict[str, float] = {}
    complete = resolve(customers, settings, advice)
    with _timed(seconds, "segments"):
        found = segment(customers, complete, anchor=anchor, lists=lists)
    return Study(customers, settings, found, advice, seconds)


def look_back(
    workspace: Workspace, engine: Engine, version: DatasetVersion, customers: CustomerTable, *, days: int
) -> LookBack | Unknown:
    """The baseline for a campaign of `days` days; Unknown when the history is too short for one."""
    then = customers.as_of - timedelta(days=days)
    if then - timedelta(days=days) < version.manifest.first:
        return Unknown(
            f"The history starts on {version.manifest.first:%d %b %Y}; a campaign of {days} days needs at least "
            f"{2 * days} days before {customers.as_of:%d %b %Y}."
        )
    earlier = Tables(workspace, engine, version, customers.scores).at(then, like=customers)
    return LookBack(earlier, outcomes(engine, version, earlier, days=days))


def unknown_then(found: Segmentation, then: CustomerTable) -> Unknown | None:
    """Why these segments cannot be found in an earlier table: something they are made of was not known yet."""
    settings = found.settings
    needed = {*settings.edits.features, *(() if settings.method == "rfm" else settings.features)}
    missing = needed - {feature.name for feature in then.features}
    labels = ", ".join(feature.label for feature in catalogue().features if feature.name in missing)
    return Unknown(f"Not known yet on {then.as_of:%d %b %Y}: {labels}.") if missing else None


def campaign(study: Study, back: LookBack | Unknown, assumptions: Assumptions, stated: Statement | None = None) -> Plan:
    """The ROI table: each segment's plan under these assumptions, for whom the `stated` basis and the data reach."""
    found = study.segmentation
    groups = len(found.segments)
    past: tuple[SegmentHistory, ...] | Unknown
    if isinstance(back, Unknown):
        past = back
    else:
        past = unknown_then(found, back.then) or history(found.assign(back.then), back.outcomes, groups)
    who = reach(study.customers, stated)
    reachable = None if who.is_everyone else np.bincount(found.labels[who.may], minlength=groups).tolist()
    names, as_of = [segment.name for segment in found.segments], study.customers.as_of
    return plan(names, found.sizes, reachable, past, assumptions, as_of=as_of, basis=who.ground.sentence)


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - start


__all__ = [
    "METHODS",
    "LookBack",
    "Study",
    "StudySettings",
    "Tables",
    "campaign",
    "default_as_of",
    "features_for",
    "look_back",
    "prepare",
    "resolve",
    "run",
    "unknown_then",
]
