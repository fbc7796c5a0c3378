"""How commands print a figure as JSON: its value and interval, or why there is none."""

from __future__ import annotations

from typing import Any

from segmentation.estimates import Estimate, Unknown
from segmentation.workspace.codec import to_json


def figure(one: Estimate | Unknown) -> dict[str, Any]:
    """The value with its interval, or `{"unknown": reason}`."""
    if isinstance(one, Unknown):
        return unknown(one)
    return {"value": one.value, "low": one.low, "high": one.high}


def unknown(one: Unknown) -> dict[str, Any]:
    """`{"unknown": reason}`."""
    said: dict[str, Any] = to_json(one)
    return said
