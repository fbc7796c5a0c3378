"""What every chart shares: an empty figure in the app's manners, and a picture made from numbers."""

from __future__ import annotations

import base64
from typing import Any

import plotly.graph_objects as go

from dashboard.palette import Palette

FONT = "Inter, sans-serif"
CONFIG = {"displaylogo": False, "displayModeBar": "hover", "toImageButtonOptions": {"format": "png", "scale": 2}}
"""The options every `st.plotly_chart` is drawn with."""


class _Figure(go.Figure):
    """A figure that is copied and written once for everybody who looks at it, when it is finished."""

    written: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The figure as Plotly's JavaScript takes it."""
        written: dict[str, Any] = super().to_dict() if self.written is None else self.written
        return written


def finished(drawn: go.Figure) -> go.Figure:
    """The same figure, which nobody changes any more."""
    if isinstance(drawn, _Figure):
        drawn.written = drawn.to_dict()
    return drawn


def figure(
    palette: Palette,
    *,
    height: int,
    title: str = "",
    margin: tuple[int, int, int, int] = (8, 8, 8, 8),
    **more: object,
) -> go.Figure:
    """An empty figure: transparent, the theme's type, `margin` in pixels as left, top, right, bottom.

    `more` are entries of the layout: given here they cost a fraction of what an update costs later.
    """
    left, top, right, bottom = margin
    # One dictionary at birth: an empty figure copies Plotly's own template, and each later update walks the layout.
    layout: dict[str, object] = {
        "template": "none",
        "height": height,
        "margin": {"l": left, "t": top + (34 if title else 0), "r": right, "b": bottom, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 12, "color": palette.text},
        "hoverlabel": {
            "bgcolor": palette.background,
            "bordercolor": palette.border,
            "font": {"family": FONT, "size": 12, "color": palette.text},
            "align": "left",
        },
        "showlegend": False,
        "dragmode": False,
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette.muted, "activecolor": palette.accent},
    }
    if title:
        layout["title"] = {
            "text": title,
            "font": {"size": 14, "color": palette.text},
            "x": 0,
            "y": 1,
            "yanchor": "top",
            "xanchor": "left",
            "pad": {"t": 4},
        }
    return _Figure(layout={**layout, **more})


def png(picture: bytes) -> str:
    """A PNG file as a `data:` address."""
    return "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
