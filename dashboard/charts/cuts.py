"""The distribution of recency, orders or spend, with the cut points that make scores of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.palette import Palette, rgba
from segmentation import formats

Floats = npt.NDArray[np.float64]

HEIGHT = 132
BINS = 56
"""Bins across the chart at most."""

NARROWEST = 0.022
"""A band narrower than this part of the chart has no room for its score; its hovers say it."""

TAIL = 0.005
"""So many of the customers may lie below the first value of a logarithmic axis; they join its first bin."""

MOST_TICKS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """Bins on the chart's own axis: `edges` (bins + 1,) and customers (bins,); `spans` say each in natural units."""

    edges: Floats
    customers: Floats
    spans: tuple[tuple[float, float], ...]


def histogram(
    levels: npt.ArrayLike,
    counts: npt.ArrayLike,
    ends: Sequence[float],
    palette: Palette,
    *,
    unit: str,
    currency: str | None,
    label: str,
    log: bool,
) -> go.Figure:
    """Customers by their value of a measure, the cut points as lines, and the score of each band above it.

    `levels` (m,) ascending and `counts` (m,) are the different values and their customers; `ends` the cut points,
    ascending, each the last value of its band. Both are in `unit` as the catalogue names it. On a measure in days the
    first band scores highest, on any other the last. With `log` the axis is logarithmic, and values of 0 or less join
    the first bin, as do the lowest half percent.
    """
    values, held = np.asarray(levels, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    scores = list(range(len(ends) + 1, 0, -1)) if unit == "days" else list(range(1, len(ends) + 2))
    whole = bool(len(values)) and bool((values == np.round(values)).all())
    log = log and bool((values > 0).any())
    binned = _binned(values, held, log=log, whole=whole)
    low, high = float(binned.edges[0]), float(binned.edges[-1])
    lines = _on_axis(np.asarray(ends, dtype=np.float64) + (0.5 if whole else 0.0), log=log).tolist()
    drawn = figure(
        palette,
        height=HEIGHT,
        margin=(4, 18, 4, 34),
        bargap=0,
        xaxis=_across((low, high), palette, title=_title(label, unit, currency), log=log, money=unit == "money"),
        yaxis={"visible": False, "fixedrange": True, "rangemode": "tozero"},
        shapes=[_line(at, palette) for at in lines if low < at < high],
        annotations=_scores(lines, scores, (low, high), palette),
    )
    _add_bars(drawn, binned, lines, scores, palette, unit=unit, currency=currency)
    return drawn


def _binned(values: Floats, held: Floats, *, log: bool, whole: bool) -> Binned:
    """Bins of whole numbers where the values are, and bins equally wide on the axis otherwise."""
    if not len(values):
        return Binned(np.array([0.0, 1.0]), np.zeros(1), ((0.0, 0.0),))
    floor = _floor(values, held) if log else float(values.min())
    borders = _borders(np.maximum(values, floor), whole=whole)
    places = _on_axis(borders, log=log)
    narrowest = (places[-1] - places[0]) / BINS
    if whole and log:
        grid = _merged(places, narrowest)
    elif whole:
        step = np.ceil(narrowest)
        grid = np.arange(places[0], places[-1] + step, step)
    else:
        grid = np.linspace(places[0], places[-1], BINS + 1)
    below = np.interp(grid, places, np.concatenate(([0.0], np.cumsum(held))))
    natural = 10.0**grid if log else grid
    first, last = (np.ceil(natural[:-1]), np.floor(natural[1:])) if whole else (natural[:-1], natural[1:])
    if values.min() < floor:
        first[0] = -np.inf
    return Binned(grid, np.diff(below), tuple(zip(first.tolist(), last.tolist(), strict=True)))


def _floor(values: Floats, held: Floats) -> float:
    """Where a logarithmic axis begins: a few customers who spent next to nothing must not fill half of it."""
    positive = values > 0
    share = np.cumsum(held[positive]) / max(float(held[positive].sum()), 1.0)
    return float(values[positive][min(int(np.searchsorted(share, TAIL)), len(share) - 1)])


def _borders(shown: Floats, *, whole: bool) -> Floats:
    """Borders around each value, shape (m + 1,), ascending: half-way to its neighbours, for whole numbers a half."""
    middle = (shown[1:] + shown[:-1]) / 2
    if whole:
        middle = np.where(np.diff(shown) > 0, np.ceil(middle) - 0.5, middle)
        ends = shown[0] - 0.5, shown[-1] + 0.5
    else:
        ends = shown[0] - (abs(shown[0]) or 1.0) * 1e-3, shown[-1] + (abs(shown[-1]) or 1.0) * 1e-3
    return np.maximum.accumulate(np.concatenate((ends[:1], middle, ends[1:])))


def _merged(edges: Floats, at_least: float) -> Floats:
    """The edges without those that would leave a bin narrower than this."""
    kept = [float(edges[0])]
    for edge in edges[1:]:
        if edge - kept[-1] >= at_least - 1e-12:
            kept.append(float(edge))
    if kept[-1] < edges[-1]:
        kept.append(float(edges[-1]))
    return np.asarray(kept)


def _on_axis(value: npt.ArrayLike, *, log: bool) -> Floats:
    """The place on the chart's axis; 0 and less, which a logarithm cannot place, lie left of everything."""
    natural = np.asarray(value, dtype=np.float64)
    return np.log10(np.maximum(natural, 1e-9)) if log else natural


def _title(label: str, unit: str, currency: str | None) -> str:
    counted = {"money": currency or "shop currency", "days": "days", "orders": "orders"}.get(unit, unit)
    text = f"Customers by {words.for_chart(label[:1].lower() + label[1:])}"
    return text if counted.lower() in label.lower() else f"{text}, {counted}"


def _across(extent: tuple[float, float], palette: Palette, *, title: str, log: bool, money: bool) -> dict[str, object]:
    axis: dict[str, object] = {
        "range": list(extent),
        "title": {"text": title, "font": {"size": 11, "color": palette.muted}, "standoff": 2},
        "tickfont": {"size": 11, "color": palette.muted},
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": palette.border,
        "ticks": "",
        "fixedrange": True,
        "tickformat": "~s" if money else ",~f",
        "nticks": MOST_TICKS,
    }
    if log:
        ticks = _log_ticks(*extent)
        axis |= {"tickvals": [float(np.log10(tick)) for tick in ticks], "ticktext": [formats.compact(t) for t in ticks]}
    return axis


def _log_ticks(low: float, high: float) -> list[float]:
    """Round numbers between two powers of ten, not too many: 1, 2, 5, 10 … or 1, 10, 100 …"""
    decades = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    for leads in ((1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        ticks = [lead * 10.0**decade for decade in decades for lead in leads]
        inside = [tick for tick in ticks if low <= np.log10(tick) <= high]
        if len(inside) <= MOST_TICKS:
            break
    return inside


def _line(at: float, palette: Palette) -> dict[str, object]:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": float(at),
        "x1": float(at),
        "y0": 0,
        "y1": 1.08,
        "line": {"color": palette.text, "width": 1.25},
    }


def _scores(
    lines: Sequence[float], scores: Sequence[int], extent: tuple[float, float], palette: Palette
) -> list[dict[str, object]]:
    """Each band's score above its middle, where the band is on the chart and has room."""
    low, high = extent
    marks = [low, *(min(max(float(at), low), high) for at in lines), high]
    return [
        {
            "text": f"<b>{score}</b>",
            "showarrow": False,
            "xref": "x",
            "yref": "paper",
            "x": (start + stop) / 2,
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": 12, "color": palette.accent},
        }
        for start, stop, score in zip(marks[:-1], marks[1:], scores, strict=True)
        if stop - start >= NARROWEST * (high - low)
    ]


def _add_bars(
    drawn: go.Figure,
    binned: Binned,
    lines: Sequence[float],
    scores: Sequence[int],
    palette: Palette,
    *,
    unit: str,
    currency: str | None,
) -> None:
    middles = (binned.edges[:-1] + binned.edges[1:]) / 2
    mine = [scores[band] for band in np.searchsorted(np.asarray(lines, dtype=np.float64), middles, side="left")]
    told = [
        f"{_span(*span, unit, currency)}<br>{formats.count(round(float(customers)), 'customer')}, score {score}"
        for span, customers, score in zip(binned.spans, binned.customers, mine, strict=True)
    ]
    drawn.add_bar(
        x=middles,
        y=binned.customers,
        width=np.diff(binned.edges),
        marker={
            "color": [rgba(palette.accent, 0.25 + 0.65 * (score - 1) / max(len(scores) - 1, 1)) for score in mine],
            "line": {"color": palette.background, "width": 0.5},
        },
        customdata=told,
        hovertemplate="%{customdata}<extra></extra>",
    )


def _span(low: float, high: float, unit: str, currency: str | None) -> str:
    if low == -np.inf:
        return f"{formats.in_unit(high, unit, currency)} or less"
    if high <= low:
        return formats.in_unit(low, unit, currency)
    if unit == "money":
        return formats.money_interval(low, high, currency)
    return f"{formats.number(low)}–{formats.in_unit(high, unit, currency)}"
