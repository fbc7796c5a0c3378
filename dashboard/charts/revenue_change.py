"""Chart of why revenue changed: each part from where the one before it ends, and the change they add up to."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.charts.kpis import style_axes
from dashboard.palette import Palette
from segmentation.revenue_change import Line, signed, total_of

TOTAL = "Change of revenue"
ROOM = 0.3
"""What is left free on both sides for the amounts, as a share of what the bars take."""


def steps(lines: Sequence[Line], currency: str | None, palette: Palette) -> go.Figure:
    """A waterfall lying on its side: what raises revenue to the right, what lowers it to the left, the sum last."""
    amounts = [float(line.amount) for line in lines]
    starts = [sum(amounts[:place]) for place in range(len(amounts))]
    total, whole = sum(amounts), signed(total_of(lines), currency)
    labels = [words.for_chart(line.label) + "  " for line in lines] + [f"<b>{TOTAL}</b>  "]
    colours = [palette.good if amount > 0 else palette.bad for amount in amounts]
    written = [signed(line.amount, currency) for line in lines]
    drawn = figure(palette, height=30 + 30 * len(labels), margin=(4, 4, 4, 4))
    drawn.add_bar(
        y=labels,
        x=[*amounts, total],
        base=[*starts, 0.0],
        orientation="h",
        marker={"color": [*colours, palette.accent], "line": {"width": 0}},
        hovertemplate=[
            *(
                f"<b>{words.for_chart(line.label)}</b><br>{text}<br>"
                f"before {line.text(line.before, currency)}, now {line.text(line.now, currency)}<extra></extra>"
                for line, text in zip(lines, written, strict=True)
            ),
            f"<b>{TOTAL}</b><br>{whole}<extra></extra>",
        ],
    )
    ends = [start + amount for start, amount in zip([*starts, 0.0], [*amounts, total], strict=True)]
    _amounts(drawn, labels, [*starts, 0.0], ends, [*written, whole], palette)
    low, high = min(*starts, *ends, 0.0), max(*starts, *ends, 0.0)
    room = (high - low) * ROOM or 1.0
    style_axes(drawn, palette)
    drawn.update_layout(bargap=0.3)
    drawn.update_xaxes(visible=False, range=[low - room, high + room])
    drawn.update_yaxes(
        autorange="reversed", showgrid=False, zeroline=False, tickfont={"color": palette.text, "size": 12}
    )
    drawn.add_vline(x=0, line={"color": palette.border, "width": 1}, layer="below")
    return drawn


def _amounts(
    drawn: go.Figure,
    labels: Sequence[str],
    starts: Sequence[float],
    ends: Sequence[float],
    written: Sequence[str],
    palette: Palette,
) -> None:
    """The amounts beside their bars, on the side to which the bar goes."""
    for falls in (False, True):
        chosen = [place for place in range(len(labels)) if (ends[place] < starts[place]) is falls]
        drawn.add_scatter(
            y=[labels[place] for place in chosen],
            x=[ends[place] for place in chosen],
            mode="text",
            text=[f"{written[place]} " if falls else f" {written[place]}" for place in chosen],
            textposition="middle left" if falls else "middle right",
            textfont={"color": palette.text, "size": 12},
            cliponaxis=False,
            hoverinfo="skip",
        )
