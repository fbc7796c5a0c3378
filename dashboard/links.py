"""Segmentation settings as they stand in a link: the widget's label or the plain value, checked.

Streamlit writes a widget's *label* into the URL; people and other screens write plain values. Both are read.
"""

from __future__ import annotations

from dashboard.words import METHODS, PRESETS
from segmentation.customers import catalogue

KEYS = METHOD, SEGMENTS, FEATURES, PRESET = "method", "segments", "features", "preset"
FEWEST, MOST = 2, 12
"""How many segments the studio's control offers."""

Value = str | int | tuple[str, ...]


def read(key: str, found: tuple[object, ...]) -> Value | None:
    """The setting that `found` (what the URL or a widget holds) stands for; None for anything else."""
    texts = tuple(str(one) for one in found)
    match key:
        case "method":
            return _one(texts, METHODS)
        case "preset":
            return _one(texts, PRESETS)
        case "segments":
            return _number(texts)
        case "features":
            labels = {feature.name: feature.label for feature in catalogue().features}
            return tuple(name for text in texts if (name := _one((text,), labels))) or None
        case _:
            return None


def _one(texts: tuple[str, ...], known: dict[str, str]) -> str | None:
    wanted = texts[-1].casefold() if texts else ""
    return next((name for name, label in known.items() if wanted in {name.casefold(), label.casefold()}), None)


def _number(texts: tuple[str, ...]) -> int | None:
    text = texts[-1] if texts else ""
    if not (text.isascii() and text.isdigit() and len(text) < 3):
        return None
    return int(text) if FEWEST <= int(text) <= MOST else None
