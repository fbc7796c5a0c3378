"""Customers on their way from the segments of one segmentation to those of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import figure
from dashboard.palette import Palette, rgba
from segmentation import formats

ROW, AIR, THICKNESS = 44, 14, 14
"""Pixels: of height for each segment, between two segments, and of a segment's width."""

_EDGE = 0.001  # Plotly takes a place of exactly 0 for none given

Places = list[float]


def flows(
    before_names: Sequence[str],
    before_slots: Sequence[int],
    after_names: Sequence[str],
    after_slots: Sequence[int],
    counts: npt.NDArray[np.integer],
    palette: Palette,
) -> go.Figure:
    """Two columns of segments in their own order, and bands for the customers they share.

    `counts` is the number of customers, shape (before, after). Segments without customers are left out.
    """
    left, right = (np.flatnonzero(counts.sum(axis=axis)).tolist() for axis in (1, 0))
    shared = np.asarray(counts)[np.ix_(left, right)]
    height = 24 + ROW * max(len(left), len(right), 2)
    drawn = figure(palette, height=height, margin=(2, 4, 2, 20))
    if not shared.sum():
        return drawn
    names = (
        [words.for_chart(before_names[i], limit=34) for i in left],
        [words.for_chart(after_names[j], limit=34) for j in right],
    )
    shades = [palette.segment(before_slots[i]) for i in left], [palette.segment(after_slots[j]) for j in right]
    drawn.add_sankey(
        arrangement="fixed",
        node=_nodes(names, shades, shared, height - 24),
        link=_links(names, shades[0], shared),
        # Plotly lights up a node's bands by itself; the text needs no outline on so quiet a ground.
        textfont={"size": 12, "color": palette.text, "shadow": f"0 0 3px {palette.background}"},
    )
    for side, text in ((0, "Compared with"), (1, "Shown")):
        drawn.add_annotation(
            text=text,
            showarrow=False,
            xref="paper",
            yref="paper",
            x=side,
            y=0,
            xanchor=("left", "right")[side],
            yanchor="top",
            font={"size": 11, "color": palette.muted},
        )
    return drawn


def _nodes(
    names: tuple[list[str], list[str]],
    shades: tuple[list[str], list[str]],
    shared: npt.NDArray[np.integer],
    height: int,
) -> dict[str, object]:
    sizes = shared.sum(axis=1), shared.sum(axis=0)
    total = int(shared.sum())
    room = (height - AIR * (max(map(len, sizes)) - 1)) / total
    told = [
        f"<b>{name}</b><br>{formats.count(int(size), 'customer')} ({formats.percent(size / total)}), {when}"
        for side, when in ((0, "before"), (1, "after"))
        for name, size in zip(names[side], sizes[side], strict=True)
    ]
    return {
        "label": [*names[0], *names[1]],
        "color": [*shades[0], *shades[1]],
        "x": [_EDGE] * len(sizes[0]) + [1 - _EDGE] * len(sizes[1]),
        "y": [*_middles(sizes[0], room, height), *_middles(sizes[1], room, height)],
        "pad": AIR,
        "thickness": THICKNESS,
        "line": {"width": 0},
        "customdata": told,
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _middles(sizes: npt.NDArray[np.integer], room: float, height: int) -> Places:
    """Where the middle of each segment of a column lies, 0 (top) to 1, the column in the middle of the height."""
    tall = sizes * room
    top = (height - tall.sum() - AIR * (len(sizes) - 1)) / 2
    starts = top + np.concatenate(([0.0], np.cumsum(tall + AIR)[:-1]))
    return [float(middle) for middle in np.clip((starts + tall / 2) / height, _EDGE, 1 - _EDGE)]


def _links(names: tuple[list[str], list[str]], shades: list[str], shared: npt.NDArray[np.integer]) -> dict[str, object]:
    pairs = [(int(i), int(j)) for i, j in zip(*np.nonzero(shared), strict=True)]
    told = [
        f"{formats.count(int(shared[i, j]), 'customer')}: {names[0][i]} → {names[1][j]}"
        f" ({formats.percent(shared[i, j] / shared[i].sum())} of {names[0][i]})"
        for i, j in pairs
    ]
    return {
        "source": [i for i, _ in pairs],
        "target": [len(names[0]) + j for _, j in pairs],
        "value": [int(shared[i, j]) for i, j in pairs],
        "color": [rgba(shades[i], 0.3) for i, _ in pairs],
        "hovercolor": [rgba(shades[i], 0.55) for i, _ in pairs],
        "customdata": told,
        "hovertemplate": "%{customdata}<extra></extra>",
    }
