"""The campaign's chart: what each segment's extra orders are expected to bring, beside what they cost."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.campaigns import PlanRow
from segmentation.estimates import Estimate


def extra_margin(rows: Sequence[PlanRow], slots: Sequence[int], currency: str | None, palette: Palette) -> go.Figure:
    """Extra margin per segment with its interval, best profit first; a line marks the cost.

    Segments without an estimate are left out; the table says why.
    """
    known = [(row, slot) for row, slot in zip(rows, slots, strict=True) if isinstance(row.incremental_margin, Estimate)]
    known.sort(key=lambda pair: -pair[0].profit.value if isinstance(pair[0].profit, Estimate) else 0.0)
    drawn = figure(palette, height=70 + 36 * max(len(known), 1), margin=(4, 4, 12, 40))
    names = [words.for_chart(row.name, limit=34) for row, _ in known]
    costs = [row.cost.value if isinstance(row.cost, Estimate) else None for row, _ in known]
    shades = [palette.segment(slot) for _, slot in known]
    _add_margins(drawn, names, [row for row, _ in known], shades, currency, palette)
    drawn.add_scatter(
        y=names,
        x=costs,
        mode="markers",
        name="Cost",
        hoverinfo="skip",
        marker={"symbol": "line-ns", "size": 22, "line": {"width": 3, "color": palette.bad}},
    )
    unit = currency or "shop currency"
    drawn.update_xaxes(
        title={"text": f"Extra margin (bar, with 95 % interval) and cost (line), {unit}", "font": {"size": 11}},
        showgrid=True,
        gridcolor=palette.border,
        zeroline=True,
        zerolinecolor=rgba(palette.text, 0.4),
        fixedrange=True,
        tickfont={"size": 11, "color": palette.muted},
        tickformat="~s" if max(costs or [0], default=0) else None,
    )
    drawn.update_yaxes(
        autorange="reversed",
        automargin=True,
        fixedrange=True,
        ticksuffix=" ",
        tickfont={"size": 12, "color": palette.text},
        showgrid=False,
    )
    drawn.update_layout(bargap=0.3)
    return drawn


def _add_margins(
    drawn: go.Figure,
    names: Sequence[str],
    rows: Sequence[PlanRow],
    shades: Sequence[str],
    currency: str | None,
    palette: Palette,
) -> None:
    margins = [row.incremental_margin for row in rows if isinstance(row.incremental_margin, Estimate)]
    costs = [row.cost.value if isinstance(row.cost, Estimate) else None for row in rows]
    drawn.add_bar(
        y=names,
        x=[margin.value for margin in margins],
        orientation="h",
        width=0.6,
        name="Extra margin",
        marker={"color": list(shades)},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [margin.high - margin.value for margin in margins],
            "arrayminus": [margin.value - margin.low for margin in margins],
            "color": palette.text,
            "thickness": 1.2,
            "width": 4,
        },
        customdata=[
            [
                formats.money(m.value, currency),
                formats.money_interval(m.low, m.high, currency),
                formats.money(c, currency),
            ]
            for m, c in zip(margins, costs, strict=True)
        ],
        hovertemplate="<b>%{y}</b><br>extra margin %{customdata[0]} (%{customdata[1]})<br>"
        "cost %{customdata[2]}<extra></extra>",
    )
