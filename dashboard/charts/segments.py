"""Charts about segments: their shares of customers and revenue, and what sets them apart."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.palette import Palette, contrast, ink_on, rgb
from segmentation import formats
from segmentation.profiles import GroupProfile

SMALLEST_LABEL = 0.055
"""A part of the bar narrower than this share has no room for its percentage; its hover says it."""

MANY = 8
"""From more segments than this on, their names stand upright above the heat map."""

STRONG = 1.5
"""Standard deviations at which the heat map's colour is full."""


def shares(
    names: Sequence[str],
    slots: Sequence[int],
    profiles: Sequence[GroupProfile],
    palette: Palette,
    revenue: str = "all-time revenue",
) -> go.Figure:
    """Two bars, each adding up to everyone: shares of customers and of revenue, by segment; `revenue` says of which."""
    drawn = figure(
        palette,
        height=104,
        margin=(0, 0, 0, 0),
        barmode="stack",
        bargap=0,
        uniformtext={"minsize": 9, "mode": "hide"},
        xaxis={"visible": False, "range": [0, 1], "fixedrange": True},
        yaxis={
            "autorange": "reversed",
            "fixedrange": True,
            "ticklabelposition": "outside",
            "showgrid": False,
            "ticksuffix": "  ",
            "ticks": "",
            "automargin": True,
            "tickfont": {"color": palette.muted, "size": 12},
        },
    )
    bars = ("Customers", "Revenue")
    for name, slot, profile in zip(names, slots, profiles, strict=True):
        parts = (profile.share_of_customers, max(profile.share_of_revenue, 0.0))
        colour = palette.segment(slot)
        safe = words.for_chart(name)
        drawn.add_bar(
            y=bars,
            x=parts,
            orientation="h",
            name=safe,
            width=0.8,
            marker={"color": colour, "line": {"color": palette.background, "width": 1}},
            text=[formats.percent(part) if part >= SMALLEST_LABEL else "" for part in parts],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"color": ink_on(colour), "size": 11},
            hovertemplate=[
                f"<b>{safe}</b><br>{formats.percent(share)} of {what}<extra></extra>"
                for share, what in zip(
                    (profile.share_of_customers, profile.share_of_revenue), ("customers", revenue), strict=True
                )
            ],
        )
    return drawn


def heat_map(
    names: Sequence[str], profiles: Sequence[GroupProfile], labels: Sequence[tuple[str, str]], palette: Palette
) -> go.Figure:
    """Standardised differences: a row per feature, a column per segment, everyone's average in the middle.

    `labels` are (feature name, what a person reads). A group too small to describe has an empty column.
    """
    values = np.array(
        [[np.nan if p.few else p.differences.get(name, np.nan) for p in profiles] for name, _ in labels], dtype=float
    ).reshape(len(labels), len(profiles))
    rows = [words.for_chart(text) for _, text in labels]
    columns = [words.for_chart(name) for name in names]
    upright = len(names) > MANY
    width = 40 if upright else 16 if len(names) < 6 else 11
    heads = [
        "<br>".join(
            [words.for_chart(part) for part in wrap(name, width, break_long_words=False, break_on_hyphens=False)[:5]]
            + (["(too few)"] if p.few else [])
        )
        for name, p in zip(names, profiles, strict=True)
    ]
    lines = max((head.count("<br>") + 1 for head in heads), default=1)
    top = 12 + 6 * max(map(len, names), default=1) if upright else 12 + 14 * lines
    quiet = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": "", "showline": False}
    across = {
        "range": [-0.5, len(columns) - 0.5],
        "tickvals": list(range(len(columns))),
        "ticktext": heads,
        "side": "top",
        "tickangle": -90 if upright else 0,
        "tickfont": {"size": 11, "color": palette.text},
    }
    down = {
        "tickvals": list(range(len(rows))),
        "ticktext": rows,
        "range": [len(rows) - 0.5, -0.5],
        "automargin": True,
        "tickfont": {"size": 12, "color": palette.text},
        "ticksuffix": "  ",
    }
    axes = {"xaxis": {**quiet, **across}, "yaxis": {**quiet, **down}}
    drawn = figure(palette, height=top + 27 * len(rows) + 4, margin=(0, top, 0, 4), **axes)
    drawn.add_heatmap(
        z=values.round(3),
        x=list(range(len(columns))),
        y=list(range(len(rows))),
        zmin=-STRONG,
        zmax=STRONG,
        colorscale=[[i / 4, colour] for i, colour in enumerate(palette.diverging)],
        xgap=2,
        ygap=2,
        showscale=False,
        hoverongaps=False,
        customdata=np.array([[[column, row] for column in columns] for row in rows], dtype=object),
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}: %{z:+.1f} standard deviations<extra></extra>",
    )
    _add_cell_texts(drawn, values, palette)
    return drawn


def _add_cell_texts(drawn: go.Figure, values: npt.NDArray[np.float64], palette: Palette) -> None:
    """The numbers in the cells, each in the ink that reads best there; one trace is quicker than an annotation each."""
    cells = [(int(i), int(j), float(values[i, j])) for i, j in np.ndindex(values.shape) if np.isfinite(values[i, j])]
    drawn.add_scatter(
        x=[j for _, j, _ in cells],
        y=[i for i, _, _ in cells],
        mode="text",
        text=[signed(value) for *_, value in cells],
        textfont={"size": 11, "color": [readable(value, palette) for *_, value in cells]},
        hoverinfo="skip",
    )


def signed(value: float) -> str:
    """One decimal with its sign, a real minus, and no sign for nothing: "+0.4", "−1.2", "0.0"."""
    text = f"{value:+.1f}"
    return "0.0" if float(text) == 0 else text.replace("-", "−")


def readable(value: float, palette: Palette) -> str:
    """The text colour for a cell of this value: whichever reads best on the cell's own colour."""
    place = (np.clip(value, -STRONG, STRONG) + STRONG) / (2 * STRONG) * 4
    low = min(int(place), 3)
    mixed = [
        round(a + (b - a) * (place - low))
        for a, b in zip(rgb(palette.diverging[low]), rgb(palette.diverging[low + 1]), strict=True)
    ]
    cell = "#{:02X}{:02X}{:02X}".format(*mixed)
    return palette.text if contrast(palette.text, cell) >= 4.5 else ink_on(cell)
