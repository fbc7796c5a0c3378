"""Charts of worth: value by group with its doubt, a forecast held against what happened, and payback."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.charts.kpis import style_axes
from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.clv import BASELINES, Holdout, Payback
from segmentation.estimates import Estimate

_ROOM_BESIDE = 108
"""Pixels beside the bars for the longest label: "€ 51.9k · 100 %", on a narrow screen too."""

_LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}


def value_by_group(
    names: Sequence[str], colours: Sequence[str], values: Sequence[Estimate], currency: str | None, palette: Palette
) -> go.Figure:
    """A bar per group with the line of its interval; the figure and its share of the whole beside it."""
    labels = [words.for_chart(name, limit=34) + "  " for name in names]
    total = sum(one.value for one in values)
    drawn = figure(palette, height=54 + 34 * len(labels), margin=(4, 4, _ROOM_BESIDE, 4))
    drawn.add_bar(
        y=labels,
        x=[one.value for one in values],
        orientation="h",
        marker={"color": list(colours), "line": {"width": 0}},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [one.high - one.value for one in values],
            "arrayminus": [one.value - one.low for one in values],
            "color": rgba(palette.text, 0.55),
            "thickness": 1.5,
            "width": 4,
        },
        hovertemplate=[
            f"<b>{label.strip()}</b><br>{formats.money(one.value, currency)}"
            f" ({formats.money_interval(one.low, one.high, currency)})"
            f"<br>{formats.count(one.n, 'customer')}"
            f"<br>{formats.money(one.value / max(one.n, 1), currency, cents=True)} per customer<extra></extra>"
            for label, one in zip(labels, values, strict=True)
        ],
    )
    top = max([one.high for one in values], default=0.0)
    style_axes(drawn, palette)
    drawn.update_layout(
        bargap=0.35, annotations=[_beside(place, one, total, currency, palette) for place, one in enumerate(values)]
    )
    drawn.update_xaxes(visible=False, range=[0, 1.02 * top or 1])
    drawn.update_yaxes(
        autorange="reversed", showgrid=False, zeroline=False, tickfont={"color": palette.text, "size": 12}
    )
    return drawn


def _beside(place: int, one: Estimate, total: float, currency: str | None, palette: Palette) -> dict[str, object]:
    share = f" · {formats.percent(one.value / total)}" if total > 0 else ""
    return {
        "text": f"{formats.compact_money(one.value, currency)}{share}",
        "showarrow": False,
        "x": one.high,
        "y": place,
        "xanchor": "left",
        "xshift": 6,
        "font": {"color": palette.text, "size": 12},
    }


def tenths(holdout: Holdout, palette: Palette) -> go.Figure:
    """Customers in ten groups by what was expected of them: bars of what happened, marks of what was expected."""
    best = min(holdout.baselines, key=lambda one: one.rmse).name
    drawn = figure(palette, height=320, margin=(4, 30, 8, 4), showlegend=True, legend=_LEGEND, bargap=0.35)
    places = [f"{place}" for place in range(1, len(holdout.tenths) + 1)]
    drawn.add_bar(
        x=places,
        y=[one.actual for one in holdout.tenths],
        name="Happened",
        marker={"color": rgba(palette.accent, 0.35), "line": {"width": 0}},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [one.high - one.actual for one in holdout.tenths],
            "arrayminus": [one.actual - one.low for one in holdout.tenths],
            "color": rgba(palette.text, 0.5),
            "thickness": 1.5,
            "width": 4,
        },
        hovertemplate="<b>Tenth %{x}</b><br>%{y:.2f} orders per customer happened<extra></extra>",
    )
    for name, values, colour, symbol in (
        ("Expected", [one.expected for one in holdout.tenths], palette.accent, "circle"),
        ("Plain forecast", [one.plain for one in holdout.tenths], palette.segments[1], "diamond-open"),
    ):
        drawn.add_scatter(
            x=places,
            y=values,
            name=name if name == "Expected" else f"Plain forecast: {BASELINES[best]}",
            mode="markers",
            marker={"color": colour, "size": 10, "symbol": symbol, "line": {"width": 2, "color": colour}},
            hovertemplate=f"<b>Tenth %{{x}}</b><br>%{{y:.2f}} orders per customer<extra>{name}</extra>",
        )
    style_axes(drawn, palette)
    drawn.update_xaxes(title_text="Tenths of the customers, most expected first", type="category")
    drawn.update_yaxes(title_text="Orders per customer", rangemode="tozero", nticks=6)
    return drawn


def payback(payback: Payback, currency: str | None, palette: Palette) -> go.Figure:
    """The margin a new customer has earned by the end of each month, and the cost it has to reach."""
    drawn = figure(palette, height=260, margin=(4, 8, 8, 4))
    months = list(range(len(payback.earned)))
    drawn.add_scatter(
        x=months,
        y=list(payback.earned),
        mode="lines",
        line={"color": palette.accent, "width": 2.5},
        hovertemplate="<b>Month %{x}</b><br>%{customdata}<extra></extra>",
        customdata=[formats.money(value, currency, cents=True) for value in payback.earned],
    )
    drawn.add_hline(
        y=payback.cost,
        line={"color": palette.bad, "width": 1.5, "dash": "dot"},
        annotation={
            "text": f"Cost {formats.money(payback.cost, currency, cents=True)}",
            "font": {"color": palette.bad, "size": 11},
            "x": 1,
            "xanchor": "right",
            "yanchor": "bottom",
        },
    )
    if payback.month is not None:
        drawn.add_scatter(
            x=[payback.month],
            y=[payback.earned[payback.month]],
            mode="markers",
            marker={"size": 10, "color": palette.accent, "line": {"color": palette.background, "width": 2}},
            hovertemplate=f"Payback in month {payback.month}<extra></extra>",
        )
    style_axes(drawn, palette)
    unit = f", {currency}" if currency else ""
    drawn.update_xaxes(title_text="Months after the first order", dtick=6)
    drawn.update_yaxes(title_text=f"Margin earned{unit}", rangemode="tozero", nticks=5, tickformat="~s")
    return drawn
