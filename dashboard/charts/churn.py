"""Charts of churn: do the chances come true, what contacting the riskiest catches, and what it earns."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.charts.base import figure
from dashboard.charts.kpis import style_axes
from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.churn import Lift, Policy, Reliability

_LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"}
_LEFT = 8


def reliability(reliability: Reliability, palette: Palette) -> go.Figure:
    """The share that ordered against the chance that was said, with intervals, beside the line of perfect chances."""
    drawn = figure(palette, height=320, margin=(_LEFT, 30, 8, 4), showlegend=True, legend=_LEGEND)
    drawn.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name="As said",
        line={"color": palette.muted, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    drawn.add_scatter(
        x=[100 * one.predicted for one in reliability.bins],
        y=[100 * one.observed.value for one in reliability.bins],
        mode="markers",
        name="As it came",
        marker={"size": 9, "color": palette.accent},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [100 * (one.observed.high - one.observed.value) for one in reliability.bins],
            "arrayminus": [100 * (one.observed.value - one.observed.low) for one in reliability.bins],
            "color": rgba(palette.accent, 0.6),
            "thickness": 1.5,
            "width": 0,
        },
        hovertemplate=[
            f"Said {formats.percent(one.predicted)}, came {formats.percent(one.observed.value)}"
            f" ({formats.percent_interval(one.observed.low, one.observed.high)})"
            f"<br>{formats.count(one.observed.n, 'customer')}<extra></extra>"
            for one in reliability.bins
        ],
    )
    style_axes(drawn, palette)
    drawn.update_xaxes(title_text="Chance to order that was said, %", range=[-2, 102], dtick=20)
    drawn.update_yaxes(title_text="Who ordered, %", range=[-2, 102], dtick=20)
    return drawn


def lift(lift: Lift, palette: Palette) -> go.Figure:
    """The share of lost customers caught by contacting the riskiest first, beside recency alone and beside luck."""
    drawn = figure(palette, height=320, margin=(_LEFT, 30, 8, 4), showlegend=True, legend=_LEGEND)
    across = [0.0, *(100 * one.contacted for one in lift.points)]
    for name, values, line in (
        ("Perfect", [one.perfect for one in lift.points], {"color": palette.muted, "width": 1, "dash": "dash"}),
        ("By chance", [one.random for one in lift.points], {"color": palette.muted, "width": 1, "dash": "dot"}),
        ("Longest silent first", [one.recency for one in lift.points], {"color": palette.segments[1], "width": 2}),
        ("The model", [one.model for one in lift.points], {"color": palette.accent, "width": 2.5}),
    ):
        drawn.add_scatter(
            x=across,
            y=[0.0, *(100 * value for value in values)],
            mode="lines",
            name=name,
            line=line,
            hovertemplate=f"<b>{name}</b><br>%{{x:.0f}} % contacted, %{{y:.0f}} % of the lost caught<extra></extra>",
        )
    style_axes(drawn, palette)
    drawn.update_xaxes(title_text="Customers contacted, riskiest first, %", range=[0, 100], dtick=20)
    drawn.update_yaxes(title_text="Lost customers caught, %", range=[0, 102], dtick=20)
    return drawn


def profit(policy: Policy, currency: str | None, palette: Palette) -> go.Figure:
    """What contacting the most promising earns by how many they are, with its 95 % interval; the choice is marked."""
    drawn = figure(palette, height=280, margin=(_LEFT, 14, 8, 4))
    there_and_back = [*policy.curve, *policy.curve[::-1]]
    drawn.add_scatter(
        x=[one.contact for one in there_and_back],
        y=[*(one.low for one in policy.curve), *(one.high for one in policy.curve[::-1])],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=rgba(palette.accent, 0.15),
        hoverinfo="skip",
    )
    drawn.add_scatter(
        x=[one.contact for one in policy.curve],
        y=[one.net_profit for one in policy.curve],
        mode="lines",
        line={"color": palette.accent, "width": 2.5},
        customdata=[
            [
                formats.count(one.contact, "customer"),
                formats.money(one.net_profit, currency),
                formats.money_interval(one.low, one.high, currency),
            ]
            for one in policy.curve
        ],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]} (%{customdata[2]})<extra></extra>",
    )
    style_axes(drawn, palette)
    drawn.add_vline(
        x=policy.contact,
        line={"color": palette.text, "width": 1.25, "dash": "dot"},
        annotation={
            "text": f"Chosen: {policy.contact:,}",
            "font": {"color": palette.text, "size": 11},
            "yanchor": "bottom",
            "y": 1,
        },
    )
    unit = f", {currency}" if currency else ""
    drawn.update_xaxes(
        title_text="Customers contacted, most promising first", rangemode="tozero", nticks=8, tickformat=","
    )
    drawn.update_yaxes(title_text=f"Net profit{unit}", nticks=6, tickformat="~s", zerolinecolor=palette.muted)
    return drawn
