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
ROW = 40


def steps(lines: Sequence[Line], currency: str | None, palette: Palette) -> go.Figure:
    """A waterfall lying on its side: what raises revenue to the right, what lowers it to the left, the sum last.

    The amounts stand below the labels, where a narrow screen has room for them too.
    """
    amounts = [float(line.amount) for line in lines]
    starts = [sum(amounts[:place]) for place in range(len(amounts))]
    written = [signed(line.amount, currency) for line in lines]
    whole = signed(total_of(lines), currency)
    labels = [_label(words.for_chart(line.label), text) for line, text in zip(lines, written, strict=True)]
    drawn = figure(palette, height=16 + ROW * (len(labels) + 1), margin=(4, 4, 8, 4))
    drawn.add_bar(
        y=[*labels, _label(f"<b>{TOTAL}</b>", f"<b>{whole}</b>")],
        x=[*amounts, sum(amounts)],
        base=[*starts, 0.0],
        orientation="h",
        marker={
            "color": [*(palette.good if amount > 0 else palette.bad for amount in amounts), palette.accent],
            "line": {"width": 0},
        },
        hovertemplate=[
            *(
                f"<b>{words.for_chart(line.label)}</b><br>{text}<br>"
                f"before {line.text(line.before, currency)}, now {line.text(line.now, currency)}<extra></extra>"
                for line, text in zip(lines, written, strict=True)
            ),
            f"<b>{TOTAL}</b><br>{whole}<extra></extra>",
        ],
    )
    style_axes(drawn, palette)
    drawn.update_layout(bargap=0.4)
    drawn.update_xaxes(visible=False)
    drawn.update_yaxes(
        autorange="reversed", showgrid=False, zeroline=False, tickfont={"color": palette.text, "size": 12}
    )
    drawn.add_vline(x=0, line={"color": palette.muted, "width": 1}, layer="below")
    return drawn


def _label(name: str, amount: str) -> str:
    return f"{name}  <br>{amount}  "
