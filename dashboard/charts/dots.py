"""Estimates as rows: a name, a dot with its 95 % interval, and the figure beside it; and the axes they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.estimates import Estimate

Layout = dict[str, object]

ROW = 28
"""Pixels of height for a row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a chart of estimates: what it is called (safe for a chart), its colour, its share, and its hover."""

    name: str
    colour: str
    figure: Estimate
    hover: str
    strong: bool = False


def room(rows: Sequence[Row]) -> int:
    """The right margin in pixels that the figures beside the rows need."""
    return 118 if any(row.figure.low < 0 for row in rows) else 96


def interval(low: float, high: float) -> str:
    """Shares 0.12 and 0.18 as "12–18 %"; "−6 to 2 %" where a dash would be read as a minus."""
    if low >= 0:
        return formats.percent_interval(low, high)
    return f"{formats.percent(low).removesuffix('%').rstrip()} to {formats.percent(high)}".replace("-", "−")


def above(text: str, at: float, palette: Palette) -> Layout:
    """A quiet word above the plot."""
    return {
        "text": text,
        "showarrow": False,
        "xref": "x",
        "yref": "paper",
        "x": at,
        "y": 1,
        "yanchor": "bottom",
        "font": {"size": 11, "color": palette.muted},
    }


def upright(at: float, palette: Palette) -> Layout:
    """A line from the foot of the plot to its top."""
    return {
        "type": "line",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "line": {"color": rgba(palette.text, 0.45), "width": 1.25},
    }


def across(palette: Palette, title: str) -> Layout:
    """The x axis of a chart of figures."""
    muted = {"color": palette.muted, "size": 11}
    return {
        "title": {"text": title, "font": muted, "standoff": 6},
        "tickfont": muted,
        "showgrid": True,
        "gridcolor": palette.border,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
    }


def down(rows: Sequence[Row], palette: Palette) -> Layout:
    """The y axis: the rows' names, from the top, in order."""
    return {
        "tickvals": list(range(len(rows))),
        "ticktext": [f"<b>{row.name}</b>  " if row.strong else f"{row.name}  " for row in rows],
        "tickfont": {"size": 12, "color": palette.text},
        "range": [len(rows) - 0.5, -0.5],
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
        "automargin": True,
    }


def values(rows: Sequence[Row], palette: Palette) -> list[Layout]:
    """Each row's figure with its interval in a column of its own, right of the plot."""
    return [
        {
            "text": f"<b>{formats.percent(row.figure.value).replace('-', '−')}</b> "
            f'<span style="color:{palette.muted};font-size:10px">'
            f"{interval(row.figure.low, row.figure.high).removesuffix('%').rstrip()}</span>",
            "showarrow": False,
            "xref": "paper",
            "yref": "y",
            "x": 1,
            "y": place,
            "xanchor": "left",
            "xshift": 8,
            "font": {"size": 12, "color": palette.text},
        }
        for place, row in enumerate(rows)
    ]


def add_rows(drawn: go.Figure, rows: Sequence[Row], palette: Palette) -> None:
    """A dot and the line of its interval for each row, in its colour; the x axis is in percent."""
    for place, row in enumerate(rows):
        one = row.figure
        drawn.add_scatter(
            x=[100 * one.value],
            y=[place],
            mode="markers",
            cliponaxis=False,
            marker={"size": 10, "color": row.colour, "line": {"color": palette.background, "width": 1.5}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [100 * (one.high - one.value)],
                "arrayminus": [100 * (one.value - one.low)],
                "color": row.colour,
                "thickness": 2.5,
                "width": 0,
            },
            customdata=[row.hover],
            hovertemplate="%{customdata}<extra></extra>",
        )
