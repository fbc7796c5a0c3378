"""Segmentation settings as they stand in a link, checked, and written back.

Streamlit writes a widget's *label* into the URL; people and other screens write plain values. Both are read. What no
widget holds (weights, cut points, changes by hand) is one short text each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

from dashboard.words import LOST_AFTER, METHODS, PRESETS, SIDES
from segmentation.analysis import StudySettings
from segmentation.customers import catalogue
from segmentation.errors import TesseraError
from segmentation.segments import FEWEST, MOST, Bands, Edits
from segmentation.segments.settings import Weights, checked_weights, read_weights

KEYS = METHOD, FEATURES, PRESET = "method", "features", "preset"
"""Settings with a widget of their own, bound to the URL under the same key."""

TEXTS = SEGMENTS, WEIGHTS, CUTS, EDITS = "segments", "weights", "cuts", "edits"
"""Settings that are kept as text. No number of segments is the recommended one: it is never left out otherwise."""

ANCHOR, SAVED = "anchor", "saved"
SMALLEST = "smallest"
"""From how many customers on a segment is useful: no setting of the segments, but of what is said of them."""
FIELDS = {
    METHOD: "method",
    SEGMENTS: "segments",
    FEATURES: "features",
    PRESET: "rfm_preset",
    WEIGHTS: "weights",
    CUTS: "rfm_cuts",
    EDITS: "edits",
    ANCHOR: "anchor",
}
"""Which field of `StudySettings` a key stands for."""

_APART = "."

_FORMER = {
    "clusters": "kmeans",
    "mixture": "mixture",
    "density": "hdbscan",
    "tenure": "tenure_days",
    "active span": "active_days",
    "typical gap": "gap_days",
    "category breadth": "breadth",
    "season share": "season_share",
    "main channel share": "main_channel_share",
}
"""What choices were called before: links that people kept say so still."""

Value = str | int | tuple[str, ...] | Weights | tuple[Bands, ...] | Edits


def read(key: str, values: tuple[object, ...]) -> Value | None:
    """The setting that `values` (what the URL or a widget holds) stands for; None for anything else."""
    texts = tuple(str(one) for one in values)
    match key:
        case "method":
            return _one(texts, METHODS)
        case "preset":
            return _one(texts, PRESETS)
        case "segments":
            return _number(texts)
        case "features":
            return tuple(name for text in texts if (name := _one((text,), _feature_labels()))) or None
        case "weights":
            return _checked(texts, _weights)
        case "cuts":
            return _checked(texts, lambda text: tuple(Bands.from_text(one) for one in text.split("-")))
        case "edits":
            return _checked(texts, Edits.from_text)
        case _:
            return None


def written(key: str, settings: StudySettings) -> str | list[str]:
    """What a link says of a setting, as its widget would; empty where it has its usual value."""
    name = FIELDS[key]
    value = getattr(settings, name)
    usual = next(field for field in fields(StudySettings) if field.name == name)
    if value is None or value == usual.default or not value:
        return ""
    match key:
        case "method":
            return METHODS[value]
        case "preset":
            return PRESETS[value]
        case "features":
            return [catalogue().get(feature).label for feature in value]
        case "weights":
            return _APART.join(f"{feature}:{weight * 100:.0f}" for feature, weight in value)
        case "cuts":
            return "-".join(bands.text for bands in value)
        case "edits":
            return str(value.text)
        case _:
            return str(value)


def spelled_out(query: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same link with each choice by its label, as its widget writes it; what is no choice stays as it is."""
    choices: dict[str, Mapping[str, str]] = {
        METHOD: METHODS,
        PRESET: PRESETS,
        FEATURES: _feature_labels(),
        "lost_after": LOST_AFTER,
        "worth_by": SIDES,
    }
    return {key: [_label(text, choices.get(key, {})) for text in texts] for key, texts in query.items()}


def _label(text: str, choices: Mapping[str, str]) -> str:
    name = _one((text,), choices)
    return text if name is None else choices[name]


def _feature_labels() -> dict[str, str]:
    return {feature.name: feature.label for feature in catalogue().features}


def _one(texts: tuple[str, ...], known: Mapping[str, str]) -> str | None:
    wanted = texts[-1].casefold() if texts else ""
    found = next((name for name, label in known.items() if wanted in {name.casefold(), label.casefold()}), None)
    return _FORMER[wanted] if found is None and _FORMER.get(wanted) in known else found


def _number(texts: tuple[str, ...]) -> int | None:
    text = texts[-1] if texts else ""
    if not (text.isascii() and text.isdigit() and len(text) < 3):
        return None
    return int(text) if FEWEST <= int(text) <= MOST else None


def _weights(text: str) -> Weights:
    known = {feature.name for feature in catalogue().features}
    told = [one.partition(":") for one in text.split(_APART)]
    return checked_weights(read_weights((name, percent) for name, _, percent in told if name in known))


def _checked(texts: tuple[str, ...], parse: Callable[[str], Value]) -> Value | None:
    if not texts or not texts[-1]:
        return None
    try:
        return parse(texts[-1]) or None
    except TesseraError:
        return None
