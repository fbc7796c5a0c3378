"""Charts of what the data covers: orders week by week with their gaps, and months by year."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.base import figure
from dashboard.charts.kpis import count_ticks, date_ticks
from dashboard.palette import Palette, ink_on, rgba
from segmentation import formats
from segmentation.health import Health

WEEK = 7
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def orders_by_week(health: Health, palette: Palette) -> go.Figure:
    """Orders of each week back from the last day, as an area; days without orders that chance does not explain stand
    out. A first week that is not whole is left out."""
    weeks = len(health.counts) // WEEK
    counts = health.counts[len(health.counts) - weeks * WEEK :].reshape(weeks, WEEK).sum(axis=1)
    starts = [health.last - timedelta(days=WEEK * (weeks - week) - 1) for week in range(weeks)]
    drawn = figure(palette, height=260, margin=(4, 8, 8, 4))
    drawn.add_scatter(
        x=starts,
        y=counts,
        mode="lines",
        line={"color": palette.accent, "width": 1.5, "shape": "hv"},
        fill="tozeroy",
        fillcolor=rgba(palette.accent, 0.18),
        customdata=[formats.period(start, start + timedelta(days=WEEK - 1)) for start in starts],
        hovertemplate="<b>%{customdata}</b><br>%{y:,} orders<extra></extra>",
    )
    for gap in health.gaps:
        drawn.add_vrect(
            x0=gap.first,
            x1=gap.last + timedelta(days=1),
            fillcolor=rgba(palette.bad, 0.16),
            line={"color": palette.bad, "width": 1},
        )
    muted = {"color": palette.muted, "size": 11}
    drawn.update_xaxes(
        **date_ticks(health.first, health.last),
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        tickfont=muted,
        linecolor=palette.border,
        automargin=True,
    )
    drawn.update_yaxes(
        title_text="Orders per week",
        **count_ticks(max(counts, default=0)),
        gridcolor=palette.border,
        zerolinecolor=palette.border,
        fixedrange=True,
        tickfont=muted,
        title_font=muted,
        automargin=True,
    )
    return drawn


def months_by_year(health: Health, palette: Palette) -> go.Figure:
    """A cell per month and year: its orders where the month is whole, pale where the data covers a part of it."""
    years = sorted({month.year for month in health.months})
    shape = (len(years), len(MONTHS))
    orders, hover = np.full(shape, np.nan), np.full(shape, "", dtype=object)
    text = np.full(shape, "", dtype=object)
    partial = np.full(shape, np.nan)
    for month in health.months:
        at = years.index(month.year), month.month - 1
        (orders if month.whole else partial)[at] = month.orders
        text[at] = formats.compact(month.orders)
        part = "" if month.whole else "<br>The data covers a part of the month."
        hover[at] = f"{MONTHS[month.month - 1]} {month.year}</b><br>{formats.count(month.orders, 'order')}{part}<b>"
    drawn = figure(palette, height=64 + 34 * len(years), margin=(4, 4, 4, 4))
    most = float(np.nanmax(orders)) if np.isfinite(orders).any() else 1.0
    cells = {"x": list(range(12)), "y": list(range(len(years))), "xgap": 2, "ygap": 2, "showscale": False}
    grey = rgba(palette.muted, 0.22)
    for z, colours in (
        (np.where(np.isnan(partial), np.nan, 0.0), [[0, grey], [1, grey]]),
        (orders, [[0, palette.surface], [1, palette.accent]]),
    ):
        drawn.add_heatmap(
            z=z,
            zmin=0,
            zmax=most,
            colorscale=colours,
            customdata=hover,
            hovertemplate="<b>%{customdata}</b><extra></extra>",
            **cells,
        )
    drawn.update_layout(annotations=_labels(text, orders, most, palette))
    plain = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "",
        "automargin": True,
        "tickfont": {"color": palette.muted, "size": 11},
    }
    drawn.update_xaxes(side="top", tickvals=list(range(12)), ticktext=MONTHS, range=[-0.5, 11.5], **plain)
    drawn.update_yaxes(
        tickvals=list(range(len(years))),
        ticktext=[f"{year}  " for year in years],
        range=[len(years) - 0.5, -0.5],
        **plain,
    )
    return drawn


def _labels(text: np.ndarray, orders: np.ndarray, most: float, palette: Palette) -> list[dict]:
    """The count inside each cell, in the ink that reads on it."""
    return [
        {
            "x": month,
            "y": year,
            "text": text[year, month],
            "showarrow": False,
            "font": {
                "size": 11,
                "color": ink_on(palette.accent) if orders[year, month] > 0.6 * most else palette.text,
            },
        }
        for year in range(text.shape[0])
        for month in range(text.shape[1])
        if text[year, month]
    ]
