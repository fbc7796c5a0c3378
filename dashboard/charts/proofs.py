"""Charts of the proofs: which segments come out again, what predicts, and what each number of segments scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

import plotly.graph_objects as go

from dashboard import words
from dashboard.charts import dots
from dashboard.charts.base import figure
from dashboard.charts.dots import ROW, Layout, Row
from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.estimates import Estimate, Unknown
from segmentation.proof.backtest import Backtest, MethodResult
from segmentation.proof.backtest_wording import NAMES
from segmentation.proof.number import Point, Recommendation
from segmentation.proof.stability import DOUBTFUL, STABLE, UNSTABLE

Measure = Literal[
    "explained_spend",
    "explained_spend_rank",
    "explained_orders",
    "explained_bought_again",
    "separation",
    "capture",
]

BANDS = (
    ("unstable", 0.0, UNSTABLE),
    ("doubtful", UNSTABLE, DOUBTFUL),
    ("stable", DOUBTFUL, STABLE),
    ("very stable", STABLE, 1.0),
)
"""The bands of the mean Jaccard, as words and ends."""

WIDEST = 40
"""Percent at which the axis of the stability chart begins, unless a segment lies below."""

SINGLE = " (small marks: each past date by itself)"

HALF, NEAR = 0.4, 3
"""Half the width of the recommended number's band; numbers this near have no room for two centred words."""

TITLE = 0.3
"""The part of a panel's height that its title takes."""

_MEASURES: dict[str, tuple[str, float, str]] = {
    "explained_spend": ("Share of next spend explained, %", 0.0, "average of everyone"),
    "explained_spend_rank": ("Share of the rank of next spend explained, %", 0.0, "average of everyone"),
    "explained_orders": ("Share of next orders explained, %", 0.0, "average of everyone"),
    "explained_bought_again": ("Share of buying again explained, %", 0.0, "average of everyone"),
    "separation": ("Pairs of customers put in the right order, %", 0.5, "chance"),
    "capture": ("Revenue that comes from the best predicted fifth, %", 0.2, "chance"),
}


def stability(
    names: Sequence[str], slots: Sequence[int], jaccards: Sequence[Estimate], palette: Palette, *, banded: bool
) -> go.Figure:
    """How much of each segment comes out again, with its interval, in the segments' own order.

    `banded` puts the usual words behind the figures; leave it out where there is one crowd only, because then a high
    figure does not speak for a type of customer.
    """
    rows = [
        Row(
            words.for_chart(name, limit=34),
            palette.segment(slot),
            estimate,
            f"<b>{words.for_chart(name)}</b><br>found again when re-tested: {formats.percent(estimate.value)}"
            f" ({dots.interval(estimate.low, estimate.high)})"
            f"<br>made again {formats.count(estimate.n, 'time')}{f': {_band(estimate.value)}' if banded else ''}",
        )
        for name, slot, estimate in zip(names, slots, jaccards, strict=True)
    ]
    start = max(0, min(WIDEST, 10 * int(min(estimate.low for estimate in jaccards) * 10)))
    zones, labels = _zones(palette, start) if banded else ([], [])
    drawn = figure(
        palette,
        height=(66 if banded else 50) + ROW * len(rows),
        margin=(4, 20 if banded else 4, dots.room(rows), 40),
        xaxis={**dots.across(palette, "Found again when re-tested (Jaccard), %"), "range": [start, 100], "dtick": 20},
        yaxis=dots.down(rows, palette),
        shapes=zones,
        annotations=[*labels, *dots.values(rows, palette)],
    )
    dots.add_rows(drawn, rows, palette)
    return drawn


def backtest(backtest: Backtest, palette: Palette, measure: Measure = "explained_spend") -> go.Figure:
    """What your segments and the baselines predict, each with its interval and a small mark for every single cut.

    The line is what somebody scores who expects the same of everyone.
    """
    title, nothing, said = _MEASURES[measure]
    several = len(backtest.cuts) > 1
    rows = [_method(one, measure, palette, strong=one.method in backtest.leaders) for one in backtest.methods]
    single = [(place, getattr(cut, measure)) for place, one in enumerate(backtest.methods) for cut in one.by_cut]
    ends = [nothing, *(end for row in rows for end in (row.figure.low, row.figure.high))]
    ends += [one.value for _, one in single]
    air = (max(ends) - min(ends)) * 0.04 or 0.01
    around = [100 * (min(ends) - air), 100 * (max(ends) + air)]
    drawn = figure(
        palette,
        height=66 + ROW * len(rows),
        margin=(4, 20, dots.room(rows), 40),
        xaxis={**dots.across(palette, f"{title}{SINGLE if several else ''}"), "range": around},
        yaxis=dots.down(rows, palette),
        shapes=[dots.upright(100 * nothing, palette)],
        annotations=[dots.above(said, 100 * nothing, palette), *dots.values(rows, palette)],
    )
    if several:
        drawn.add_scatter(
            x=[100 * one.value for _, one in single],
            y=[place + 0.3 for place, _ in single],
            mode="markers",
            marker={"symbol": "line-ns", "size": 6, "line": {"width": 1.5, "color": rgba(palette.muted, 0.75)}},
            customdata=[
                f"{rows[place].name}, customers of {formats.day(cut.on)}<br>{formats.percent(one.value)}"
                f" ({dots.interval(one.low, one.high)})"
                for (place, one), cut in zip(single, [*backtest.cuts] * len(rows), strict=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    dots.add_rows(drawn, rows, palette)
    return drawn


def _method(one: MethodResult, measure: Measure, palette: Palette, *, strong: bool) -> Row:
    ours = one.method == "segments"
    name = NAMES[one.method][:1].upper() + NAMES[one.method][1:]
    mean: Estimate = getattr(one.average, measure)
    groups = "each customer" if one.groups is None else formats.count(one.groups, "group")
    hover = (
        f"<b>{name}</b> ({groups})<br>{formats.percent(mean.value)}"
        f" ({dots.interval(mean.low, mean.high)})<br>{formats.count(mean.n, 'customer')}"
    )
    if one.ahead is not None:
        ahead: Estimate = getattr(one.ahead, measure)
        points = [f"{value * 100:+.1f}".replace("-", "−") for value in (ahead.value, ahead.low, ahead.high)]
        hover += f"<br>your segments: {points[0]} points ({points[1]} to {points[2]})"
    return Row(name, palette.accent if ours else palette.muted, mean, hover, strong)


def curve(recommendation: Recommendation, n_segments: int, palette: Palette) -> go.Figure:
    """Stability, prediction and separation of every number of segments, one panel each, over the same numbers.

    A band marks the recommended number where there is one, a dotted line the shown one. What is unknown leaves a gap; a
    panel that knows nothing is left out.
    """
    panels = [panel for panel in _panels(recommendation.curve) if any(value is not None for value in panel.values)]
    numbers = [point.k for point in recommendation.curve]
    height = 66 + 66 * len(panels)
    share = 1 / max(len(panels), 1)
    quiet = {"showgrid": False, "zeroline": False, "fixedrange": True, "ticks": ""}
    layout: Layout = {
        "xaxis": {
            **dots.across(palette, "Number of segments"),
            "range": [min(numbers) - 0.6, max(numbers) + 0.6],
            "tickvals": numbers,
            "showgrid": False,
            "anchor": f"y{len(panels)}" if len(panels) > 1 else "y",
        }
    }
    notes = _marked(recommendation.recommended, n_segments, numbers, palette)
    for place, panel in enumerate(panels):
        top = 1 - place * share
        layout["yaxis" if place == 0 else f"yaxis{place + 1}"] = {
            **quiet,
            **_scale(panel, palette),
            "domain": [top - share, top - share * TITLE],
        }
        notes.append(_panel_title(panel.title, top - share * TITLE, palette))
    drawn = figure(
        palette,
        height=height,
        margin=(38, 18, 8, 38),
        shapes=_marks(recommendation.recommended, n_segments, palette),
        **layout,
    )
    drawn.update_layout(annotations=notes)
    told = [_told(point) for point in recommendation.curve]
    for place, panel in enumerate(panels):
        drawn.add_scatter(
            x=numbers,
            y=panel.values,
            yaxis="y" if place == 0 else f"y{place + 1}",
            mode="lines+markers",
            connectgaps=False,
            cliponaxis=False,
            line={"color": palette.accent, "width": 1.75},
            marker={
                "size": [9 if k == recommendation.recommended else 5 for k in numbers],
                "color": palette.accent,
                "opacity": 1,
            },
            customdata=told,
            hovertemplate="%{customdata}<extra></extra>",
        )
    return drawn


@dataclass(frozen=True, slots=True)
class _Panel:
    """A panel of the curve: its title with unit, its figures, and the least air above and below them in that unit."""

    title: str
    values: list[float | None]
    air: float


def _panels(points: Sequence[Point]) -> list[_Panel]:
    return [
        _Panel("Found again when re-tested (Jaccard), %", [_known(point.stability, 100) for point in points], 2.0),
        _Panel("Share of next spend explained, %", [_known(point.explained, 100) for point in points], 1.0),
        _Panel("Separation beyond chance, standard errors", [_known(point.structure) for point in points], 0.3),
    ]


def _known(value: float | Unknown, times: float = 1) -> float | None:
    return None if isinstance(value, Unknown) or not isfinite(value) else float(value) * times


def _told(point: Point) -> str:
    said = [
        f"<b>{formats.count(point.k, 'segment')}</b>",
        f"{formats.percent(point.stability)} found again, {formats.percent(point.worst)} of the least stable",
    ]
    explained, structure = _known(point.explained), _known(point.structure)
    if explained is not None:
        said.append(f"{formats.percent(explained)} of next spend explained")
    if structure is not None:
        said.append(f"separation {formats.number(structure, decimals=1)} standard errors")
    return "<br>".join(said)


def _scale(panel: _Panel, palette: Palette) -> Layout:
    """The y axis of a panel: its own range with air, two or three round ticks, the figure's 0 where it is inside."""
    known = [value for value in panel.values if value is not None]
    low, high = min(known), max(known)
    air = max((high - low) * 0.15, panel.air)
    return {
        "range": [low - air, high + air],
        "nticks": 4,
        "tickfont": {"size": 10, "color": palette.muted},
        "showgrid": True,
        "gridcolor": palette.border,
        "zeroline": True,
        "zerolinecolor": rgba(palette.text, 0.4),
    }


def _panel_title(text: str, up: float, palette: Palette) -> Layout:
    return {
        "text": text,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": up,
        "xanchor": "left",
        "yanchor": "bottom",
        "font": {"size": 11, "color": palette.text},
    }


def _marks(recommended: int | None, shown: int, palette: Palette) -> list[Layout]:
    """The band of the recommended number, where there is one, and the line of the shown one."""
    line = {**dots.upright(shown, palette), "y1": 1, "line": {"color": palette.text, "width": 1.25, "dash": "dot"}}
    if recommended is None:
        return [line]
    band = {
        "type": "rect",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": recommended - HALF,
        "x1": recommended + HALF,
        "y0": 0,
        "y1": 1,
        "fillcolor": rgba(palette.accent, 0.16),
        "line": {"width": 0},
    }
    return [band, line]


def _marked(recommended: int | None, shown: int, numbers: Sequence[int], palette: Palette) -> list[Layout]:
    """What the band and the line are, above them; in one text where they are neighbours at an end of the axis."""
    if recommended is None:
        return [_inside("shown", shown, numbers, palette)]
    if recommended == shown:
        return [_inside("recommended, and shown", shown, numbers, palette)]
    first, last = sorted((recommended, shown))
    texts = {recommended: "recommended", shown: "shown"}
    if last - first > NEAR:
        return [_inside(text, k, numbers, palette) for k, text in texts.items()]
    if first - numbers[0] < 2 or numbers[-1] - last < 2:
        both = f"{first} {texts[first]}, {last} {texts[last]}"
        return [_inside(both, first if first - numbers[0] < 2 else last, numbers, palette)]
    sides = ((first, "right"), (last, "left"))
    return [{**dots.above(texts[k], k, palette), "xanchor": side} for k, side in sides]


def _inside(text: str, k: int, numbers: Sequence[int], palette: Palette) -> Layout:
    """A word above a number, held by its outer end near an end of the axis, so that nothing is cut off."""
    if k - numbers[0] < 2:
        return {**dots.above(text, k - HALF, palette), "xanchor": "left"}
    if numbers[-1] - k < 2:
        return {**dots.above(text, k + HALF, palette), "xanchor": "right"}
    return dots.above(text, k, palette)


def _band(value: float) -> str:
    return next((word for word, _, high in BANDS[:-1] if value < high), BANDS[-1][0])


def _zones(palette: Palette, start: int) -> tuple[list[Layout], list[Layout]]:
    """The bands as quiet grounds from `start` (percent) on, and their words above them."""
    tints = (rgba(palette.bad, 0.1), rgba(palette.bad, 0.04), rgba(palette.good, 0.07), rgba(palette.good, 0.15))
    grounds = [
        {
            "type": "rect",
            "layer": "below",
            "xref": "x",
            "yref": "paper",
            "x0": max(100 * low, start),
            "x1": 100 * high,
            "y0": 0,
            "y1": 1,
            "fillcolor": tint,
            "line": {"width": 0},
        }
        for (_, low, high), tint in zip(BANDS, tints, strict=True)
    ]
    places = [(word, max(100 * low, start)) for word, low, _ in BANDS]
    return grounds, [{**dots.above(word, at, palette), "xanchor": "left", "xshift": 2} for word, at in places]
