"""What a segmentation was asked for. Equal settings on equal data give the same segments, names and colours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

from segmentation.errors import SettingOutOfRange, WrongCall

Method = Literal["kmeans", "mixture", "rfm"]
Preset = Literal["shopify", "klaviyo"]

FEWEST, MOST = 2, 20
_FEATURE = re.compile(r"[a-z][a-z0-9_]*")
_ANCHORED_TO = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSettings:
    """How to segment.

    `clusters` and `features` matter to kmeans and mixture, `rfm_preset` to rfm. No features means the catalogue's
    default ones; their order does not matter. `anchor` is the `key` of the settings whose names, colours and places
    are kept where a segment is still the same.
    """

    method: Method = "kmeans"
    clusters: int = 6
    features: tuple[str, ...] = ()
    rfm_preset: Preset = "shopify"
    anchor: str | None = None

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise SettingOutOfRange("method", self.method, allowed=get_args(Method))
        if self.rfm_preset not in get_args(Preset):
            raise SettingOutOfRange("rfm_preset", self.rfm_preset, allowed=get_args(Preset))
        if not FEWEST <= self.clusters <= MOST:
            raise SettingOutOfRange("clusters", self.clusters, low=FEWEST, high=MOST)
        for name in self.features:
            if not _FEATURE.fullmatch(name):
                raise WrongCall(f"“{name}” cannot be the name of a feature.")
        object.__setattr__(self, "features", tuple(sorted(set(self.features))))
        if self.anchor is not None:
            SegmentSettings.from_key(self.anchor)

    @property
    def key(self) -> str:
        """A short stable text that says the same, safe in a URL: `kmeans-6-orders.spend~kmeans-5-orders.spend`."""
        if self.method == "rfm":
            own = f"rfm-{self.rfm_preset}"
        else:
            own = "-".join([self.method, str(self.clusters), *([".".join(self.features)] if self.features else [])])
        return own if self.anchor is None else f"{own}{_ANCHORED_TO}{self.anchor}"

    @classmethod
    def from_key(cls, key: str) -> SegmentSettings:
        """The settings a key stands for. Raises WrongCall where it is none, SettingOutOfRange where a part is off."""
        own, _, anchor = key.partition(_ANCHORED_TO)
        method, _, rest = own.partition("-")
        if method == "rfm":
            return cls(method="rfm", rfm_preset=cast("Preset", rest), anchor=anchor or None)
        number, _, features = rest.partition("-")
        if not (number.isascii() and number.isdigit()):
            raise WrongCall(f"“{key}” does not name a segmentation.", next_step="It looks like kmeans-6-orders.spend.")
        return cls(
            method=cast("Method", method),
            clusters=int(number),
            features=tuple(features.split(".")) if features else (),
            anchor=anchor or None,
        )
