"""A chart on a screen: drawn once for equal content, whoever looks at it."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from typing import ParamSpec

import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.base import CONFIG
from segmentation.analysis import MEMORY

CHARTS_HELD = 120
"""Charts that are held at most, the latest: one takes from 20 to 200 kB."""

Shown = ParamSpec("Shown")


def chart(key: str, alt: str, draw: Callable[Shown, go.Figure], *shown: Shown.args, **more: Shown.kwargs) -> None:
    """The figure that `draw` makes of what follows, under the widget's `key`; `alt` says it in words.

    Drawing takes several times as long as telling whether the same was drawn before: what is shown is pickled, so that
    nothing that differs passes for the same.
    """
    content = pickle.dumps((draw.__module__, draw.__qualname__, shown, more))
    figure = MEMORY.once("charts", hashlib.sha256(content).digest(), lambda: draw(*shown, **more), most=CHARTS_HELD)
    st.plotly_chart(figure, key=key, theme=None, config=CONFIG, alt=alt)
