"""A chart on a screen: drawn once for equal content, whoever looks at it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import ParamSpec

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.base import CONFIG, finished
from segmentation.analysis import MEMORY

CHARTS_HELD = 300
"""Charts that are held at most, the latest: one takes from 20 to 200 kB."""

Shown = ParamSpec("Shown")


def chart(key: str, alt: str, draw: Callable[Shown, go.Figure], *shown: Shown.args, **more: Shown.kwargs) -> None:
    """The figure that `draw` makes of what follows, under the widget's `key`; `alt` says it in words.

    Drawing takes many times as long as telling whether the same was drawn before.
    """
    content = hashlib.sha256()
    for piece in _pieces((draw.__module__, draw.__qualname__, shown, more)):
        content.update(piece)
    figure = MEMORY.once("charts", content.digest(), lambda: finished(draw(*shown, **more)), most=CHARTS_HELD)
    st.plotly_chart(figure, key=key, theme=None, config=CONFIG, alt=alt)


def _pieces(value: object) -> Iterator[bytes]:
    """All that tells a value from every other; raises TypeError where that is not known."""
    if value is None or isinstance(value, str | bool | int | float | date | Decimal | np.generic):
        told = repr(value)
        yield f"{type(value).__name__} {len(told)} {told}".encode(errors="surrogatepass")
    elif isinstance(value, np.ndarray) and not value.dtype.hasobject:
        yield f"array {value.dtype} {value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif is_dataclass(value):
        yield type(value).__qualname__.encode()
        for field in fields(value):
            yield from _pieces(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from _pieces(list(value.items()))
    elif isinstance(value, Sequence):
        yield f"several {len(value)}".encode()
        for one in value:
            yield from _pieces(one)
    else:
        raise TypeError(f"What a chart shows cannot be compared: {type(value).__name__}.")
