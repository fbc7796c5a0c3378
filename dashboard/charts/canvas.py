"""The customers as a picture: a canvas that knows who owns each pixel, painted anew in milliseconds per retune.

Marks are painted here and not by the browser. WebGL is what could draw them there, and it needs `eval`, which the
Content-Security-Policy refuses, and two to three seconds after every change on a machine without a graphics card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from dashboard.palette import Palette, rgb

Floats = npt.NDArray[np.floating]
MARKS = 12_000
"""At most this many customers are painted as marks that answer the mouse; the crowd behind them is everyone."""

WIDTH, HEIGHT = 1400, 1040
COARSE = 2
"""The crowd is painted in squares of this many pixels, so that single customers far out are still seen."""

NOBODY = -1
CROWD, RIM, CORE = 8, 9, 10
"""Strengths of a pixel: 1 to CROWD for the crowd behind the marks, then a mark's rim, then its inside."""

_OPACITY = np.concatenate([[0.0], np.linspace(0.16, 0.5, CROWD), [0.55, 0.92]])


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Who is seen at each pixel of a map, and how strongly.

    `owner` int32 (HEIGHT, WIDTH) is a row of the customer table or NOBODY; `strength` uint8 of the same shape is
    0 to CORE. `across` and `up` are the ends of the x and the y range in map units.
    """

    owner: npt.NDArray[np.int32]
    strength: npt.NDArray[np.uint8]
    across: tuple[float, float]
    up: tuple[float, float]
    _painted: npt.NDArray[np.intp] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_painted", np.flatnonzero(self.owner != NOBODY))

    @classmethod
    def of(cls, coords: Floats) -> Canvas:
        """Lay out everyone, coordinates of shape (n, 2), the first rows a random sample: they become the marks."""
        across, up = _extent(coords[:, 0]), _extent(coords[:, 1])
        x = _pixels(coords[:, 0], across, WIDTH)
        y = HEIGHT - 1 - _pixels(coords[:, 1], up, HEIGHT)
        owner = np.full((HEIGHT, WIDTH), NOBODY, dtype=np.int32)
        strength = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
        if len(coords) > MARKS:
            _paint_crowd(owner, strength, x, y)
        _paint_marks(owner, strength, x[:MARKS], y[:MARKS])
        return cls(owner, strength, across, up)

    def png(self, labels: npt.NDArray[np.uint8], slots: Sequence[int | str], palette: Palette) -> bytes:
        """The picture as a PNG file: `labels` (n,) index `slots`, palette places or colours of the groups."""
        shades = [slot if isinstance(slot, str) else palette.segment(slot) for slot in slots]
        colours = list(dict.fromkeys(shades))
        place = np.array([colours.index(shade) for shade in shades], dtype=np.uint8)
        first = place * np.uint8(CORE + 1)  # of each group's colours, from faint to full
        seen = np.zeros(self.owner.size, dtype=np.uint8)
        seen[self._painted] = first[labels[self.owner.ravel()[self._painted]]] + self.strength.ravel()[self._painted]
        painted = Image.fromarray(seen.reshape(self.owner.shape), mode="P")
        table = np.repeat([rgb(colour) for colour in colours], CORE + 1, axis=0)
        painted.putpalette(table.astype(np.uint8).tobytes())
        opacity = np.tile((_OPACITY * 255).astype(np.uint8), len(colours)).tobytes()
        kept = BytesIO()
        painted.save(kept, format="PNG", transparency=opacity, compress_level=1)
        return kept.getvalue()


def _extent(values: Floats) -> tuple[float, float]:
    """The range of the values with a little air; never empty, also for nobody or a single place."""
    if len(values) == 0:
        return -1.0, 1.0
    low, high = float(values.min()), float(values.max())
    air = (high - low) * 0.05 or 1.0
    return low - air, high + air


def _pixels(values: Floats, extent: tuple[float, float], size: int) -> npt.NDArray[np.int32]:
    low, high = extent
    return ((values - low) * (size / (high - low))).astype(np.int32).clip(0, size - 1)


def _paint_crowd(
    owner: npt.NDArray[np.int32], strength: npt.NDArray[np.uint8], x: npt.NDArray[np.int32], y: npt.NDArray[np.int32]
) -> None:
    """Everyone in squares: the first customer of a square gives it its colour, the number of customers its strength."""
    width, height = WIDTH // COARSE, HEIGHT // COARSE
    square = (y // COARSE) * width + x // COARSE
    counts = np.bincount(square, minlength=width * height)
    first = np.full(width * height, NOBODY, dtype=np.int32)
    first[square[::-1]] = np.arange(len(square), dtype=np.int32)[::-1]
    depth = np.log1p(counts) / np.log1p(max(counts.max(initial=1), 2))
    level = np.where(counts > 0, np.ceil(depth * CROWD).clip(1, CROWD), 0).astype(np.uint8)
    grow = np.ones((COARSE, COARSE), dtype=np.uint8)
    owner[:] = np.kron(first.reshape(height, width), grow)
    strength[:] = np.kron(level.reshape(height, width), grow)


def _paint_marks(
    owner: npt.NDArray[np.int32], strength: npt.NDArray[np.uint8], x: npt.NDArray[np.int32], y: npt.NDArray[np.int32]
) -> None:
    """A disc per customer, earlier rows on top, each with a softer rim so that neighbours stay apart."""
    radius = 6.5 if len(x) <= 3_000 else 5.5 if len(x) <= 8_000 else 4.5
    reach = int(np.ceil(radius))
    rows = np.arange(len(x), dtype=np.int32)[::-1]
    top = np.full(owner.size, np.iinfo(np.int32).max, dtype=np.int32)
    level = np.zeros(owner.size, dtype=np.uint8)
    for right in range(-reach, reach + 1):
        for down in range(-reach, reach + 1):
            distance = float(np.hypot(right, down))
            if distance > radius:
                continue
            column, row = x[rows] + right, y[rows] + down
            inside = (column >= 0) & (column < WIDTH) & (row >= 0) & (row < HEIGHT)
            pixel, who = (row * WIDTH + column)[inside], rows[inside]
            over = who < top[pixel]
            top[pixel[over]] = who[over]
            on_top = top[pixel] == who
            level[pixel[on_top]] = RIM if distance > radius - 1.1 else CORE
    marked = (level > 0).reshape(owner.shape)
    owner[marked] = top.reshape(owner.shape)[marked]
    strength[marked] = level.reshape(owner.shape)[marked]
