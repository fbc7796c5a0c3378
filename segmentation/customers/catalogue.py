"""The feature catalogue: what can be said of a customer in one number, read from `features.toml`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from segmentation.errors import FeatureNotFound

Grain = Literal["orders", "lines", "score"]
Transform = Literal["log", "sqrt", "none"]
Place = Literal["neutral", "low", "high"]

_MISSING_COLUMN = {
    "category": "The export has no product category column.",
    "discount": "The export has no discount column.",
    "channel": "The export has no sales channel column.",
    "product": "The export has no product column.",
    "cost": "The export has no unit cost column.",
    "quantity": "The export has no quantity column.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One entry of the catalogue; the fields are explained at the top of `features.toml`."""

    name: str
    label: str
    unit: str
    sentence: str
    grain: Grain
    transform: Transform
    high: str
    low: str
    sql: str = ""
    needs: tuple[str, ...] = ()
    undefined: str = ""
    place: Place = "neutral"
    default: bool = False

    @property
    def is_share_of_orders(self) -> bool:
        """Whether it is the share of a customer's orders that are of some kind."""
        return self.grain == "orders" and self.unit == "share" and not self.undefined

    @property
    def is_seasonal(self) -> bool:
        """Whether it is there only where the shop has a peak season, and follows from its months."""
        return "season" in self.needs

    @property
    def undefined_for_few(self) -> bool:
        """Whether customers with few orders have no value, and stand together in one place."""
        return self.grain == "orders" and bool(self.undefined)


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A feature this dataset cannot give, and why."""

    feature: Feature
    reason: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All features by name, in the order of the file."""

    features: tuple[Feature, ...]
    digest: str = field(default="")

    def get(self, name: str) -> Feature:
        """The feature of that name; raises FeatureNotFound with what was probably meant."""
        for feature in self.features:
            if feature.name == name:
                return feature
        raise FeatureNotFound(name, [feature.name for feature in self.features])

    @property
    def scores(self) -> tuple[Feature, ...]:
        """Those that are a model's answer, added to a customer table by choice."""
        return tuple(feature for feature in self.features if feature.grain == "score")

    def split(
        self, has: Iterable[str], why: Mapping[str, str] | None = None
    ) -> tuple[tuple[Feature, ...], tuple[Unavailable, ...]]:
        """The features a dataset with these columns can give, and the others with their reason; scores aside.

        `why` says of what is no column, as the season is none, why the dataset has it not.
        """
        columns, said = set(has), _MISSING_COLUMN | dict(why or {})
        able, unable = [], []
        for feature in self.features:
            if feature.grain == "score":
                continue
            lacking = [need for need in feature.needs if need not in columns]
            if lacking:
                reasons = [said.get(need, f"The export has no {need} column.") for need in lacking]
                unable.append(Unavailable(feature, " ".join(reasons)))
            else:
                able.append(feature)
        return tuple(able), tuple(unable)


def parse(text: str) -> Catalogue:
    """A catalogue from TOML text in the form of `features.toml`."""
    entries = tomllib.loads(text)
    features = tuple(
        Feature(name=name, **{**entry, "needs": tuple(entry.get("needs", ()))}) for name, entry in entries.items()
    )
    return Catalogue(features, hashlib.sha256(text.encode()).hexdigest()[:12])


@cache
def catalogue() -> Catalogue:
    """The catalogue that Tessera ships."""
    return parse((files("segmentation.customers") / "features.toml").read_text(encoding="utf-8"))
