"""Segments: what was asked for, the recommended number, and the segmentation with its profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from segmentation.analysis.dated import Dated, scores_among
from segmentation.analysis.declared import Declared
from segmentation.analysis.scores import baselines_of, customers_of, time_splits
from segmentation.choices import METHODS, Method, Preset
from segmentation.customers import CustomerTable, SeasonAgain, season_again
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.jobs import Progress
from segmentation.profiles import GroupProfile
from segmentation.proof import Recommendation, Structure, recommend, structure_in
from segmentation.proof.number import MOST_RECOMMENDED
from segmentation.segments import FEWEST, MOST, Bands, Edits, Segmentation, SegmentSettings, segment, thaw
from segmentation.segments.clusters import SAMPLE, chosen_space
from segmentation.segments.models import Space
from segmentation.segments.rescaling import Rescaling
from segmentation.segments.settings import Weights, checked_weights

PROVISIONAL = 5
"""How many segments are shown while the recommended number is not known yet."""

LAYOUT = 8
RECOMMENDED, FEW_REFITS = range(2, MOST_RECOMMENDED + 1), 6
"""What is tried at an earlier date, where only the number that would have been recommended is asked for."""

SEED = 20_261_101


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySettings:
    """How to look at the customers; what is not told here is as in `SegmentSettings`.

    method: how groups are found.
    segments: how many; None for the recommended number.
    features: what customers are to be alike in; none for the catalogue's defaults.
    weights, rfm_preset, rfm_cuts: as there.
    anchor: the key of the segmentation whose names and colours are kept; where none is named, that of the usual
        features and the recommended number.
    edits: as there.
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
            segments=None if settings.method == "rfm" else settings.segments,
            features=settings.features,
            weights=settings.weights,
            rfm_preset=settings.rfm_preset,
            rfm_cuts=settings.rfm_cuts,
            anchor=settings.anchor,
            edits=settings.edits,
        )


@dataclass(frozen=True, slots=True)
class Study:
    """A segmentation of every customer with its profiles.

    customers: the customers, with the scores that are shown.
    settings: what was asked for.
    segmentation: the segments, and who is in which.
    recommendation: the recommended number where it was asked for and is known.
    saved: the id of the saved segmentation whose segments everyone was assigned to, "" where they were made anew.
    seconds: how long each stage took.
    """

    customers: CustomerTable
    settings: StudySettings
    segmentation: Segmentation
    recommendation: Recommendation | None
    saved: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def profiles(self) -> tuple[GroupProfile, ...]:
        """One profile per segment, in the segments' order."""
        return self.segmentation.profiles

    @property
    def identity(self) -> SegmentsSettings:
        """What its labels follow from, beside the customers."""
        return SegmentsSettings(key=self.segmentation.settings.key, saved=self.saved, scores=self.customers.scores)


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
    n_segments = settings.segments or (advice.k if advice else PROVISIONAL)
    return SegmentSettings(
        method=settings.method,
        segments=n_segments,
        features=features_for(customers, settings),
        weights=settings.weights,
        rfm_preset=settings.rfm_preset,
        rfm_cuts=settings.rfm_cuts,
        anchor=settings.anchor,
        edits=settings.edits,
    )


# The segmentation -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentsSettings:
    """The `key` of a segmentation, the id of the `saved` one it is assigned by, and the scores in its profiles."""

    key: str
    saved: str = ""
    scores: tuple[str, ...] = ()


def _segments(shop: Dated, settings: SegmentsSettings, _progress: Progress) -> Segmentation:
    customers, lists = customers_of(shop, settings.scores), shop.saved_segmentations.list_of
    if settings.saved:
        return thaw(shop.saved_segmentations.get(settings.saved).body).on(customers, lists)
    complete = SegmentSettings.from_key(settings.key)
    anchor = None
    if complete.anchor is not None:
        held = SegmentsSettings(key=complete.anchor, scores=settings.scores)
        anchor = shop.answer(SEGMENTS, held).peek()
    return segment(customers, complete, anchor=anchor, lists=lists)


SEGMENTS: Declared[SegmentsSettings, Segmentation] = Declared(
    name="segments",
    layout=1,
    settings=SegmentsSettings,
    result=Segmentation,
    work_out=_segments,
    held=96,
    doing="Finding segments",
)


# The recommended number -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSettings:
    """The features to be alike in, in catalogue order, and what they weigh."""

    features: tuple[str, ...]
    weights: Weights = ()


def _number(shop: Dated, settings: NumberSettings, progress: Progress) -> Recommendation:
    scores = scores_among(settings.features)
    customers = customers_of(shop, scores)
    progress(0.1, "Looking back at earlier months")
    splits = time_splits(shop, scores)
    if not isinstance(splits, Unknown):
        progress(0.3, "Predicting past months by spend so far")
        baselines_of(shop, splits)  # the proofs need them next
    progress(0.4, "Looking for groups")
    chosen = SegmentSettings(features=settings.features, weights=settings.weights)
    shape = structure_of(shop, customers, chosen)
    progress(0.5, "Trying 2 to 15 segments")
    space = chosen_space(customers, chosen)
    rescaling = _rescaling(shop, customers, space)
    return recommend(space.points(customers), space, shape, splits, rescaling=rescaling)


NUMBER: Declared[NumberSettings, Recommendation] = Declared(
    name="number",
    layout=LAYOUT,
    settings=NumberSettings,
    result=Recommendation,
    work_out=_number,
    lane="models",
    held=96,
    doing="Finding out how many segments suit your customers",
)


def structure_of(shop: Dated, customers: CustomerTable, settings: SegmentSettings) -> Structure | Unknown:
    """Whether there are groups in these features, kept on disk: it does not depend on how they are cut."""
    space = chosen_space(customers, settings)
    file = shop.file("structure", LAYOUT, space.features, space.weights)
    kind = Structure | Unknown
    return shop.once(kind, file, lambda: structure_in(customers, space, seed=SEED))


def season_of(shop: Dated, customers: CustomerTable, features: Iterable[str]) -> SeasonAgain | None:
    """What tells whether other customers would show the same season, kept on disk; None where none of these features
    follows from it."""
    season = customers.season
    if season is None or not any(customers.feature(name).is_seasonal for name in features):
        return None

    def work_out() -> SeasonAgain:
        with shop.engine.reading(shop.version) as run:
            return season_again(run, season, shop.version.manifest.first, shop.version.manifest.last, shop.as_of)

    return shop.once(SeasonAgain, shop.file("season-again", LAYOUT, season), work_out)


def _rescaling(shop: Dated, customers: CustomerTable, space: Space) -> Rescaling:
    season = season_of(shop, customers, space.features)
    return Rescaling.of(customers, space.features, space.points(customers)[:SAMPLE], season)


def number_then(shop: Dated, then: CustomerTable, customers: CustomerTable, settings: SegmentSettings) -> int:
    """The number of segments that would have been recommended for an earlier table, kept on disk."""
    known = {feature.name for feature in then.features}
    space = chosen_space(customers, settings).only(known)

    def work_out() -> Recommendation:
        shape = structure_in(then, space, RECOMMENDED, seed=SEED)
        splits = time_splits(shop, scores_among(settings.measures), then.as_of)
        rescaling = _rescaling(shop.at(then.as_of), then, space)
        return recommend(
            space.points(then),
            space,
            shape,
            splits,
            rescaling=rescaling,
            numbers=RECOMMENDED,
            refits=FEW_REFITS,
            close_refits=FEW_REFITS,
        )

    file = shop.file("number-then", LAYOUT, then.plain, space.features, space.weights)
    return shop.once(Recommendation, file, work_out).k
