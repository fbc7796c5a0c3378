"""The map of customers: a picture of everyone, coloured by segment, with a layer on top that answers the mouse.

The layer has no markers of its own, so a lasso travels to the server as its outline alone instead of as one record
per mark; who lies inside is worked out there, over everyone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from dashboard import words
from dashboard.charts.base import FONT, figure, png
from dashboard.charts.canvas import MARKS, Canvas
from dashboard.palette import Palette, rgba
from segmentation import formats
from segmentation.customers import CustomerTable

Floats = npt.NDArray[np.floating]
Labels = npt.NDArray[np.uint8]

HEIGHT = 620
LABEL_WIDTH, LABEL_HEIGHT = 6.6, 17.0
PLOT_WIDTH, PLOT_HEIGHT = 780.0, 620.0


@dataclass(frozen=True, slots=True)
class Group:
    """A segment as the map needs it: its name and palette place; its position among the others is its label.

    A `colour` (`#RRGGBB`) of its own takes the place of the palette's.
    """

    name: str
    slot: int
    colour: str | None = None

    def shade(self, palette: Palette) -> str:
        """The colour the group is painted in."""
        return self.colour or palette.segment(self.slot)


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Something else the picture is painted by, while names and hovers stay the segments'.

    `labels`, shape (n,), index `groups`; `title` stands before their key.
    """

    title: str
    labels: Labels
    groups: Sequence[Group]

    def says(self, label: int) -> str:
        """A group of the overlay in a hover, safe for a chart."""
        return words.for_chart(f"{self.title}: {self.groups[label].name}")


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What a hover says about the customers painted as marks: ids safe for a chart, and recency, orders, spend.

    `told` is float32 (m, 3) in days, orders and shop currency, m at most `MARKS`.
    """

    ids: npt.NDArray[np.object_]
    told: npt.NDArray[np.float32]

    @classmethod
    def of(cls, customers: CustomerTable) -> Marks:
        """The first customers of the table, which are a random sample."""
        shown = slice(0, MARKS)
        ids = np.array([words.for_chart(one) for one in customers.ids[shown].to_pylist()], dtype=object)
        columns = [customers.raw(name)[shown] for name in ("recency_days", "orders", "spend")]
        return cls(ids, np.column_stack(columns).astype(np.float32).round(2))


def customer_map(
    canvas: Canvas,
    coords: Floats,
    marks: Marks,
    labels: Labels,
    groups: Sequence[Group],
    palette: Palette,
    *,
    outline: Sequence[tuple[float, float]] = (),
    currency: str | None = None,
    overlay: Overlay | None = None,
) -> go.Figure:
    """The map: `coords` (n, 2) and `labels` (n,) of everyone, `outline` a polygon somebody drew, in map units.

    With an `overlay` the picture shows that instead of the segments, with a key at its foot.
    """
    seen, by = (labels, groups) if overlay is None else (overlay.labels, overlay.groups)
    painted = png(canvas.png(seen, [group.shade(palette) for group in by], palette))
    shown = len(marks.ids)
    names = _names(coords[:shown], labels[:shown], groups, palette, canvas)
    if overlay is not None:
        names.append(_key(overlay, palette))
    ground = _ground(canvas, painted)
    drawn = figure(palette, height=HEIGHT, margin=(0, 0, 0, 0), annotations=names, **ground)
    for label, group in enumerate(groups):
        mine = np.flatnonzero(labels[:shown] == label)
        if len(mine):
            more = [] if overlay is None else [overlay.says(label) for label in overlay.labels[mine]]
            _add_hovers(drawn, group, coords[mine], marks.ids[mine], marks.told[mine], palette, currency, more)
    # Plotly offers lasso and box only where something could be selected: one mark that is nowhere.
    drawn.add_scatter(x=[None], y=[None], mode="markers", hoverinfo="skip")
    if len(outline):
        path = "M" + "L".join(f"{x:.5g},{y:.5g}" for x, y in outline) + "Z"
        drawn.add_shape(
            type="path",
            path=path,
            xref="x",
            yref="y",
            layer="above",
            line={"color": palette.text, "width": 1.5, "dash": "dot"},
            fillcolor=rgba(palette.text, 0.07),
        )
    return drawn


def _ground(canvas: Canvas, painted: str) -> dict[str, object]:
    """The layout of the map: bare axes over the painted picture, and what a mouse does on it."""
    (left, right), (bottom, top) = canvas.across, canvas.up
    bare = {
        "showgrid": False,
        "zeroline": False,
        "showticklabels": False,
        "ticks": "",
        "showline": False,
        "automargin": False,
    }
    picture = {
        "source": painted,
        "xref": "x",
        "yref": "y",
        "x": left,
        "y": top,
        "sizex": right - left,
        "sizey": top - bottom,
        "sizing": "stretch",
        "layer": "below",
    }
    return {
        "images": [picture],
        "xaxis": {**bare, "range": list(canvas.across)},
        "yaxis": {**bare, "range": list(canvas.up)},
        "dragmode": "lasso",
        "hovermode": "closest",
        "hoverdistance": 12,
        "newselection": {"line": {"width": 1.5, "dash": "dot"}},
    }


def _add_hovers(
    drawn: go.Figure,
    group: Group,
    coords: Floats,
    ids: npt.NDArray[np.object_],
    told: npt.NDArray[np.float32],
    palette: Palette,
    currency: str | None,
    more: Sequence[str] = (),
) -> None:
    x, y = (np.ascontiguousarray(coords[:, side], dtype=np.float32) for side in (0, 1))
    drawn.add_scatter(
        x=x,
        y=y,
        mode="none",
        name="",
        customdata=told,
        ids=ids,
        text=more or None,
        hovertemplate=(
            f"<b>%{{id}}</b><br>{words.for_chart(group.name)}<br>last order %{{customdata[0]:,.0f}} days ago<br>"
            f"%{{customdata[1]:,.0f}} orders · {formats.symbol(currency)}%{{customdata[2]:,.0f}}"
            f"{'<br>%{text}' if more else ''}<extra></extra>"
        ),
        hoverlabel={"bordercolor": group.shade(palette)},
    )


def _names(
    coords: Floats, labels: Labels, groups: Sequence[Group], palette: Palette, canvas: Canvas
) -> list[dict[str, object]]:
    """The names of the segments that are shown, each where most of it is."""
    (left, right), (bottom, top) = canvas.across, canvas.up
    shown = [(label, group) for label, group in enumerate(groups) if (labels == label).any()]
    if not shown:
        return []
    centres = np.array([_middle(coords[labels == label]) for label, _ in shown])
    pixels = (centres - (left, bottom)) / (right - left, top - bottom) * (PLOT_WIDTH, PLOT_HEIGHT)
    names = [words.for_chart(group.name, limit=32) for _, group in shown]
    placed = spread(pixels, [len(group.name[:32]) * LABEL_WIDTH for _, group in shown])
    halo = ", ".join([f"0 0 {blur}px {palette.background}" for blur in (2, 2, 3, 3, 4)])
    font = {"family": FONT, "size": 12, "weight": 600, "color": palette.text, "shadow": halo}
    told: list[dict[str, object]] = []
    for name, (across, up) in zip(names, placed, strict=True):
        side, turned = _anchor(across, len(name) * LABEL_WIDTH / 2)
        told.append(
            {
                "text": name,
                "showarrow": False,
                "xref": "x",
                "yref": "y",
                "xanchor": side,
                "x": left + turned / PLOT_WIDTH * (right - left),
                "y": bottom + up / PLOT_HEIGHT * (top - bottom),
                "font": font,
            }
        )
    return told


def _key(overlay: Overlay, palette: Palette) -> dict[str, object]:
    """The colours of an overlay and what they mean, in one line at the foot of the map."""
    entries = [
        f'<span style="color:{group.shade(palette)}">●</span> {words.for_chart(group.name)}' for group in overlay.groups
    ]
    return {
        "text": "   ".join([f"{words.for_chart(overlay.title)}:", *entries]),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "bottom",
        "bgcolor": rgba(palette.background, 0.85),
        "borderpad": 4,
        "font": {"family": FONT, "size": 12, "color": palette.text},
    }


def _anchor(across: float, half: float) -> tuple[str, float]:
    """By which end a name is held, and where: near an edge by its outer end, so that nothing is cut off."""
    if across < PLOT_WIDTH / 4:
        return "left", across - half
    if across > PLOT_WIDTH * 3 / 4:
        return "right", across + half
    return "center", across


def _middle(coords: Floats) -> Floats:
    """The customer nearest to the middle: a name stands on its segment also where that has a hole or two halves."""
    away = coords - np.median(coords, axis=0)
    return coords[np.argmin((away**2).sum(axis=1))]


def spread(centres: Floats, widths: Sequence[float]) -> Floats:
    """Centres of labels in pixels, moved up or down until no two labels of these widths cover each other.

    Returns shape (n, 2). Labels stay inside the plot; those nearest to the bottom are placed first.
    """
    placed = np.array(centres, dtype=np.float64).reshape(-1, 2)
    half = np.asarray(widths, dtype=np.float64) / 2
    placed[:, 0] = np.clip(
        placed[:, 0], np.minimum(half, PLOT_WIDTH / 2), np.maximum(PLOT_WIDTH - half, PLOT_WIDTH / 2)
    )
    placed[:, 1] = np.clip(placed[:, 1], LABEL_HEIGHT / 2, PLOT_HEIGHT - LABEL_HEIGHT / 2)
    done: list[int] = []
    for i in np.argsort(placed[:, 1], kind="stable"):
        candidates = [placed[i, 1] + step * LABEL_HEIGHT / 2 * sign for step in range(60) for sign in (1, -1)]
        inside = [up for up in candidates if LABEL_HEIGHT / 2 <= up <= PLOT_HEIGHT - LABEL_HEIGHT / 2]
        free = (up for up in inside if not any(_covers(placed[i, 0], up, half[i], placed[j], half[j]) for j in done))
        placed[i, 1] = next(free, placed[i, 1])
        done.append(int(i))
    return placed


def _covers(across: float, up: float, half: float, other: Floats, other_half: float) -> bool:
    return bool(abs(across - other[0]) < half + other_half and abs(up - other[1]) < LABEL_HEIGHT)
