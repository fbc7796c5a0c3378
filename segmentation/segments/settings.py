"""What a segmentation was asked for. Equal settings on equal data give the same segments, names and colours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast, get_args

from segmentation.choices import Method, Preset
from segmentation.errors import SettingOutOfRange, WrongCall
from segmentation.segments.bands import Bands
from segmentation.segments.edits import Edits

Weights = tuple[tuple[str, float], ...]

FEWEST, MOST = 2, 20
LIGHTEST, HEAVIEST = 0.25, 4.0
LONGEST_KEY, MOST_ANCHORS = 6_000, 4
_FEATURE = re.compile(r"[a-z][a-z0-9_]*")
_ANCHORED_TO, _EDITED, _WEIGHS = "~", "!", ":"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSettings:
    """How to segment.

    method: how groups are found.
    segments: how many there are to be, 2 to 20; not for rfm.
    features: what customers are to be alike in; none for the catalogue's default ones. Their order does not matter. Not
        for rfm.
    weights: how much a feature counts where not once. Not for rfm.
    rfm_preset: named groups and their cells, for rfm alone.
    rfm_cuts: cut points in place of the preset's own, for rfm alone.
    anchor: the `key` of the settings whose names, colours and places are kept where a segment is still the same.
    edits: changes by hand, made last.
    """

    method: Method = "kmeans"
    segments: int = 6
    features: tuple[str, ...] = ()
    weights: Weights = ()
    rfm_preset: Preset = "shopify"
    rfm_cuts: tuple[Bands, ...] = ()
    anchor: str | None = None
    edits: Edits = field(default_factory=Edits)

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise SettingOutOfRange("method", self.method, allowed=get_args(Method))
        if self.rfm_preset not in get_args(Preset):
            raise SettingOutOfRange("rfm_preset", self.rfm_preset, allowed=get_args(Preset))
        if not FEWEST <= self.segments <= MOST:
            raise SettingOutOfRange("segments", self.segments, low=FEWEST, high=MOST)
        for name in self.features:
            if not _FEATURE.fullmatch(name):
                raise WrongCall(f"“{name}” cannot be the name of a feature.")
        object.__setattr__(self, "features", tuple(sorted(set(self.features))))
        chosen = tuple((name, weight) for name, weight in self.weights if name in self.features)
        object.__setattr__(self, "weights", checked_weights(chosen))
        if len({bands.measure for bands in self.rfm_cuts}) < len(self.rfm_cuts):
            raise WrongCall("A measure has one set of cut points.")
        object.__setattr__(self, "rfm_cuts", tuple(sorted(self.rfm_cuts, key=lambda bands: bands.text)))
        if self.anchor is not None:
            SegmentSettings.from_key(self.anchor)

    @property
    def measures(self) -> frozenset[str]:
        """Every feature that is named: to be alike in, in rules of pinned segments, and in what it is anchored to."""
        own = {*self.features, *self.edits.features}
        return frozenset(own if self.anchor is None else own | SegmentSettings.from_key(self.anchor).measures)

    @property
    def key(self) -> str:
        """A short stable text that says the same, safe in a URL: `kmeans-6-orders.spend:200!m0.1~kmeans-5`."""
        if self.method == "rfm":
            own = "-".join(["rfm", self.rfm_preset, *(bands.text for bands in self.rfm_cuts)])
        else:
            heavy = dict(self.weights)
            told = [f"{name}{_WEIGHS}{heavy[name] * 100:.0f}" if name in heavy else name for name in self.features]
            own = "-".join([self.method, str(self.segments), *([".".join(told)] if told else [])])
        edited = f"{own}{_EDITED}{self.edits.text}" if self.edits else own
        return edited if self.anchor is None else f"{edited}{_ANCHORED_TO}{self.anchor}"

    @classmethod
    def from_key(cls, key: str) -> SegmentSettings:
        """The settings a key stands for. Raises WrongCall where it is none, SettingOutOfRange where a part is off."""
        if len(key) > LONGEST_KEY or key.count(_ANCHORED_TO) > MOST_ANCHORS:
            raise WrongCall("The name of the segmentation is too long.", evidence=f"It has {len(key):,} characters.")
        whole, _, anchor = key.partition(_ANCHORED_TO)
        own, _, edits = whole.partition(_EDITED)
        method, _, rest = own.partition("-")
        changed, anchored = Edits.from_text(edits), anchor or None
        if method == "rfm":
            preset, *cuts = rest.split("-")
            bands = tuple(Bands.from_text(cut) for cut in cuts)
            return cls(method="rfm", rfm_preset=cast("Preset", preset), rfm_cuts=bands, anchor=anchored, edits=changed)
        number, _, features = rest.partition("-")
        if not (number.isascii() and number.isdigit()):
            raise WrongCall(f"“{key}” does not name a segmentation.", next_step="It looks like kmeans-6-orders.spend.")
        told = [one.partition(_WEIGHS) for one in features.split(".")] if features else []
        return cls(
            method=cast("Method", method),
            segments=int(number),
            features=tuple(name for name, _, _ in told),
            weights=read_weights((name, percent) for name, _, percent in told if percent),
            anchor=anchored,
            edits=changed,
        )


def checked_weights(weights: Weights) -> Weights:
    """Weights by feature name, those of 1 left out. Raises SettingOutOfRange."""
    for name, weight in weights:
        if not LIGHTEST <= weight <= HEAVIEST:
            raise SettingOutOfRange(f"weight of {name}", weight, low=LIGHTEST, high=HEAVIEST)
    rounded = {name: round(float(weight), 2) for name, weight in weights}
    return tuple(sorted((name, weight) for name, weight in rounded.items() if weight != 1))


def read_weights(texts: Iterable[tuple[str, str]]) -> Weights:
    """Weights from feature names and percentages as text. Raises WrongCall."""
    weights = []
    for name, percent in texts:
        if not (percent.isascii() and percent.isdigit() and len(percent) < 4):
            raise WrongCall(f"“{percent}” is no weight for {name}.", next_step="A weight is a percentage, like 200.")
        weights.append((name, int(percent) / 100))
    return tuple(weights)
