"""Chart of how soon customers order a second time: a curve per cohort of first orders."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.charts.kpis import style_axes
from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.customers.repurchase import Curve, Repurchase

_LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}
_FAINTEST, _STRONGEST = 0.4, 1.0


def curves(found: Repurchase, palette: Palette) -> go.Figure:
    """The share that has ordered again by each day: everyone with the interval, cohorts from pale (old) to strong."""
    drawn = figure(palette, height=340, margin=(4, 8, 8, 4), showlegend=True, legend=_LEGEND, hovermode="x unified")
    many = max(len(found.cohorts) - 1, 1)
    for place, one in enumerate(found.cohorts):
        strength = _FAINTEST + (_STRONGEST - _FAINTEST) * place / many
        _line(drawn, one, rgba(palette.accent, strength), width=1.5)
    days, _ = _steps(found.everyone)
    low, high = _stepped(found.everyone.low), _stepped(found.everyone.high)
    drawn.add_scatter(
        x=[*days, *reversed(days)],
        y=[*high, *reversed(low)],
        fill="toself",
        mode="lines",
        fillcolor=rgba(palette.text, 0.12),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
    _line(drawn, found.everyone, palette.text, width=2.5)
    style_axes(drawn, palette)
    drawn.update_xaxes(title_text="Days since the first order", rangemode="tozero")
    drawn.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=6)
    return drawn


def _line(drawn: go.Figure, one: Curve, colour: str, *, width: float) -> None:
    days, share = _steps(one)
    drawn.add_scatter(
        x=days,
        y=share,
        name=f"{words.for_chart(one.name)} ({formats.number(one.customers)})",
        mode="lines",
        line={"color": colour, "width": width, "shape": "hv"},
        hovertemplate="%{y:.0%}",
    )


def _steps(one: Curve) -> tuple[list[int], list[float]]:
    return [0, *one.days, one.waited], _stepped(one.share)


def _stepped(values: tuple[float, ...]) -> list[float]:
    return [0.0, *values, values[-1] if values else 0.0]
