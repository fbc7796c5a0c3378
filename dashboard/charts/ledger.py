"""The ledger of an import as a waterfall: from what the file held, reason by reason, to what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

from dashboard.charts.base import figure
from dashboard.palette import Palette
from segmentation import formats
from segmentation.intake import Ledger


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the ledger: `rows` and `revenue` are negative where they are taken away, None where untouched."""

    key: str
    label: str
    rows: int | None
    revenue: Decimal | None


def steps(ledger: Ledger) -> tuple[Step, ...]:
    """The ledger from the file to what was kept, in order; the steps between add up to the difference."""
    rows = {reason: -count for reason, count in ledger.set_aside.items()}
    rows |= {
        "already_present": -ledger.already_present,
        "kept_as_stored": -ledger.kept_as_stored,
        "repeated_row": -ledger.dropped_repeats,
    }
    money = {reason: -amount for reason, amount in ledger.excluded.items()}
    reasons = [*rows, *(reason for reason in money if reason not in rows)]
    between = [
        Step(reason, label(reason), rows.get(reason) or None, money.get(reason) or None)
        for reason in reasons
        if rows.get(reason) or money.get(reason)
    ]
    return (
        Step("file", "In the file", ledger.read, ledger.revenue_file),
        *between,
        Step("kept", "Imported", ledger.loaded, ledger.revenue_kept),
    )


def label(reason: str) -> str:
    """A reason's key as a short label: "unreadable_amount" → "Unreadable amount"."""
    return reason.replace("_", " ").capitalize()


def rows_waterfall(ledger: Ledger, palette: Palette) -> go.Figure:
    """Rows of the file, what became of them, and what was imported."""
    shown = [step for step in steps(ledger) if step.rows is not None]
    return _waterfall(
        [step.label for step in shown],
        [float(step.rows or 0) for step in shown],
        [formats.number(step.rows) for step in shown],
        palette,
    )


def revenue_waterfall(ledger: Ledger, currency: str | None, palette: Palette) -> go.Figure:
    """Revenue of the file, what is excluded and why, and what was kept."""
    shown = [step for step in steps(ledger) if step.revenue is not None]
    return _waterfall(
        [step.label for step in shown],
        [float(step.revenue or 0) for step in shown],
        [formats.compact_money(step.revenue, currency) for step in shown],
        palette,
    )


def _waterfall(labels: Sequence[str], values: Sequence[float], texts: Sequence[str], palette: Palette) -> go.Figure:
    drawn = figure(palette, height=40 + 34 * len(labels), margin=(4, 4, 4, 4))
    drawn.add_waterfall(
        orientation="h",
        y=[f"{text}  " for text in labels],
        x=[*values[:-1], values[-1]],
        measure=["absolute", *["relative"] * (len(labels) - 2), "total"][: len(labels)],
        text=texts,
        textposition="outside",
        cliponaxis=False,
        textfont={"color": palette.text, "size": 12},
        connector={"line": {"color": palette.border, "width": 1}},
        increasing={"marker": {"color": palette.good}},
        decreasing={"marker": {"color": palette.bad}},
        totals={"marker": {"color": palette.accent}},
        hovertemplate="<b>%{y}</b><br>%{text}<extra></extra>",
    )
    top = max([*values, 0.0])
    drawn.update_layout(bargap=0.4)
    drawn.update_xaxes(visible=False, fixedrange=True, range=[min(0.0, *values), top * 1.22 or 1])
    drawn.update_yaxes(
        autorange="reversed",
        fixedrange=True,
        showgrid=False,
        zeroline=False,
        automargin=True,
        tickfont={"color": palette.text, "size": 12},
    )
    return drawn
