"""Charts of the shop as a whole: its course over time, its segments in a period, one customer's orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.customers.lookup import Order
from segmentation.kpis import Figures, GroupSales, Overview

_MOST_TICKS = 8
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
_SHORT = 150
"""Days up to which a date axis names days: of months, it would name one of them several times."""
_MOST_WHOLE = 5
"""Things up to which an axis names each number: Plotly would name halves of them."""
_AXIS_WORDS = {"day": "Day", "week": "Week", "month": "Month"}


def style_axes(drawn: go.Figure, palette: Palette) -> None:
    """Quiet axes that cannot be dragged, for a figure whose axes say nothing yet."""
    muted = {"color": palette.muted, "size": 11}
    both = {"fixedrange": True, "tickfont": muted, "title": {"font": muted}, "automargin": True}
    # Whole axes at once: Plotly's updates walk the layout for every entry, which takes five times as long.
    drawn.layout.xaxis = {**both, "showgrid": False, "zeroline": False, "linecolor": palette.border}
    drawn.layout.yaxis = {**both, "gridcolor": palette.border, "zeroline": True, "zerolinecolor": palette.border}


def date_ticks(first: date, last: date) -> dict[str, object]:
    """The ticks of a date axis over these days, none of which is named twice: days where they are few, else months."""
    axis: dict[str, object] = {"type": "date", "tickangle": 0}
    days = (last - first).days
    if days <= _SHORT:
        return axis | {"tickformat": "%-d %b\n%Y", "nticks": max(min(_MOST_TICKS, days + 1), 1)}
    months = days / 30.4
    step = next((one for one in _MONTH_STEPS if months / one <= _MOST_TICKS), _MONTH_STEPS[-1])
    return axis | {"tickformat": "%b\n%Y", "tick0": f"{first.year}-01-01", "dtick": f"M{step}"}


def count_ticks(most: float) -> dict[str, object]:
    """The ticks of an axis of things that are counted: whole ones only."""
    if most <= _MOST_WHOLE:
        return {"tickformat": ",d", "dtick": 1, "range": [0, max(most, 1) * 1.06]}
    return {"tickformat": "~s" if most >= 1000 else ",d", "nticks": 5, "rangemode": "tozero"}


def bucket_name(one: Figures, bucket: str) -> str:
    """A bucket as a person reads it: "14 Oct 2026", "8 Oct – 14 Oct 2026", "Oct 2026"."""
    if bucket == "month":
        return f"{one.period.last:%b %Y}"
    return formats.period(one.period.first, one.period.last)


def revenue_over_time(overview: Overview, currency: str | None, palette: Palette) -> go.Figure:
    """Revenue per day, week or month, a bar each, with orders and customers in the hover."""
    drawn = figure(palette, height=300, margin=(4, 8, 8, 4))
    drawn.add_bar(
        x=[one.period.first for one in overview.buckets],
        y=[float(one.revenue) for one in overview.buckets],
        marker={"color": palette.accent, "line": {"width": 0}},
        customdata=[
            [
                bucket_name(one, overview.bucket),
                formats.money(one.revenue, currency),
                formats.count(one.orders, "order"),
                formats.count(one.customers, "customer"),
                formats.number(one.new),
            ]
            for one in overview.buckets
        ],
        hovertemplate=(
            "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]} by %{customdata[3]}"
            " (%{customdata[4]} new)<extra></extra>"
        ),
    )
    style_axes(drawn, palette)
    drawn.update_layout(bargap=0.25)
    first, last = overview.now.period.first, overview.now.period.last
    drawn.update_xaxes(title_text=_AXIS_WORDS[overview.bucket], **date_ticks(first, last))
    drawn.update_yaxes(
        title_text=f"Revenue{', ' + currency if currency else ''}", tickformat="~s", nticks=5, rangemode="tozero"
    )
    return drawn


def new_and_returning(overview: Overview, palette: Palette) -> go.Figure:
    """Customers who ordered, per day, week or month: returning below, new on top."""
    drawn = figure(palette, height=300, margin=(4, 24, 8, 4))
    names = [bucket_name(one, overview.bucket) for one in overview.buckets]
    for label, counts, colour in (
        ("Returning", [one.returning for one in overview.buckets], palette.accent),
        ("New", [one.new for one in overview.buckets], palette.segments[1]),
    ):
        drawn.add_bar(
            x=[one.period.first for one in overview.buckets],
            y=counts,
            name=label,
            marker={"color": colour, "line": {"width": 0}},
            customdata=names,
            hovertemplate=f"<b>%{{customdata}}</b><br>%{{y:,}} {label.lower()}<extra></extra>",
        )
    style_axes(drawn, palette)
    drawn.update_layout(
        barmode="stack",
        bargap=0.25,
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "normal",
            "font": {"color": palette.text},
        },
    )
    first, last = overview.now.period.first, overview.now.period.last
    drawn.update_xaxes(title_text=_AXIS_WORDS[overview.bucket], **date_ticks(first, last))
    most = max((one.customers for one in overview.buckets), default=0)
    drawn.update_yaxes(title_text="Customers", **count_ticks(most))
    return drawn


def revenue_by_group(
    names: Sequence[str],
    slots: Sequence[int],
    groups: Sequence[GroupSales],
    rest: float,
    currency: str | None,
    palette: Palette,
) -> go.Figure:
    """A bar per segment, in the segments' order, with its share of what all of them bring; `rest` is revenue of guests
    and others outside the segments."""
    labels = [words.for_chart(name, limit=34) + "  " for name in names]
    values = [group.revenue for group in groups]
    colours = [palette.segment(slot) for slot in slots]
    if abs(rest) >= 0.005:
        labels, values, colours = [*labels, "Guests and others  "], [*values, rest], [*colours, palette.muted]
    shares = [f" · {formats.percent(group.share)}" if any(one.share for one in groups) else "" for group in groups]
    shares += [""] * (len(values) - len(groups))
    drawn = figure(palette, height=54 + 34 * len(labels), margin=(4, 4, 64, 4))
    drawn.add_bar(
        y=labels,
        x=values,
        orientation="h",
        marker={"color": colours, "line": {"width": 0}},
        text=[f"{formats.compact_money(value, currency)}{share}" for value, share in zip(values, shares, strict=True)],
        textposition="outside",
        cliponaxis=False,
        textfont={"color": palette.text, "size": 12},
        hovertemplate=[
            f"<b>{label.strip()}</b><br>{formats.money(value, currency)}<extra></extra>"
            for label, value in zip(labels, values, strict=True)
        ],
    )
    style_axes(drawn, palette)
    drawn.update_layout(bargap=0.35)
    top = max([*values, 0.0])
    drawn.update_xaxes(visible=False, range=[min([*values, 0.0]), top * 1.28 or 1])
    drawn.update_yaxes(
        autorange="reversed", showgrid=False, zeroline=False, tickfont={"color": palette.text, "size": 12}
    )
    return drawn


def orders_of_customer(orders: Sequence[Order], as_of: date, currency: str | None, palette: Palette) -> go.Figure:
    """A stem per order at its date, as high as the order; refunds in red below the line."""
    drawn = figure(palette, height=220, margin=(4, 8, 8, 4))
    placed = [order for order in orders if order.placed is not None]
    refunds = [order for order in orders if order.refunded > 0]
    drawn.add_bar(
        x=[order.placed for order in placed],
        y=[float(order.sold) for order in placed],
        width=_stem_width(orders, as_of),
        marker={"color": palette.accent, "line": {"width": 0}},
        hovertemplate=[
            f"<b>{formats.day(order.placed)}</b><br>{formats.money(order.sold, currency)}"
            f"<br>Order {words.for_chart(order.order)}<extra></extra>"
            for order in placed
        ],
    )
    drawn.add_bar(
        x=[order.placed or order.first for order in refunds],
        y=[-float(order.refunded) for order in refunds],
        width=_stem_width(orders, as_of),
        marker={"color": rgba(palette.bad, 0.9), "line": {"width": 0}},
        hovertemplate=[
            f"<b>Refunded</b><br>{formats.money(order.refunded, currency)}"
            f"<br>Order {words.for_chart(order.order)}<extra></extra>"
            for order in refunds
        ],
    )
    style_axes(drawn, palette)
    drawn.update_layout(barmode="overlay")
    span = _span(orders, as_of)
    drawn.update_xaxes(
        title_text="Date of order",
        range=[end.isoformat() for end in span],
        **date_ticks(*span),
    )
    drawn.update_yaxes(title_text=f"Order value{', ' + currency if currency else ''}", tickformat="~s", nticks=4)
    return drawn


def _span(orders: Sequence[Order], as_of: date) -> tuple[date, date]:
    first = min([order.first for order in orders], default=as_of)
    pad = max((as_of - first).days // 40, 2)
    return date.fromordinal(first.toordinal() - pad), date.fromordinal(as_of.toordinal() + pad)


def _stem_width(orders: Sequence[Order], as_of: date) -> float:
    """Bar width in milliseconds: a stem, whatever the span."""
    first = min([order.first for order in orders], default=as_of)
    return max((as_of - first).days / 160, 0.5) * 86_400_000
