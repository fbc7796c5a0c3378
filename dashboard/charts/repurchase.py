"""Chart of how soon customers order a second time: a curve per cohort of first orders."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.charts.kpis import style_axes
from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.customers.repurchase import Curve, Repurchase

_LEGEND = {
    "orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal", "entrywidth": 62,
    "itemclick": False, "itemdoubleclick": False,
}  # fmt: skip
_DASHES = ("solid", "dash")
_EVERYONE = "All"


def curves(repurchase: Repurchase, palette: Palette) -> go.Figure:
    """The share that has ordered again by each day: everyone with the interval, and cohorts from brown (old) to teal
    (new), every other one dashed. Each ends where its curve does."""
    drawn = figure(palette, height=380, margin=(4, 8, 8, 4), showlegend=True, legend=_LEGEND, hovermode="x unified")
    cohorts = [one for one in repurchase.cohorts if one.end > 0]
    for place, (one, colour) in enumerate(zip(cohorts, palette.in_order(len(cohorts)), strict=True)):
        _line(drawn, one, one.name, {"color": colour, "width": 2, "dash": _DASHES[place % len(_DASHES)]})
    for edge, fill in ((repurchase.everyone.low, None), (repurchase.everyone.high, "tonexty")):
        drawn.add_scatter(
            x=repurchase.everyone.days,
            y=edge,
            fill=fill,
            mode="lines",
            fillcolor=rgba(palette.text, 0.12),
            line={"width": 0, "shape": "hv"},
            hoverinfo="skip",
            showlegend=False,
        )
    _line(drawn, repurchase.everyone, _EVERYONE, {"color": palette.text, "width": 3})
    style_axes(drawn, palette)
    drawn.update_xaxes(title_text="Days since the first order", rangemode="tozero")
    drawn.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=6)
    return drawn


def _line(drawn: go.Figure, one: Curve, name: str, line: dict[str, object]) -> None:
    drawn.add_scatter(
        x=one.days,
        y=one.share,
        name=words.for_chart(name),
        mode="lines",
        line={"shape": "hv", **line},
        hovertemplate=f"%{{y:.0%}} of {formats.number(one.customers)}",
    )
