"""Everyone as a picture: what lies below the few marks a browser can draw."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentation.atlas.map import Floats

Pixels = NDArray[np.uint8]
MARKS = 20_000
MARGIN = 0.04
FAINTEST, STRONGEST = 0.18, 0.85
NOBODYS_COLOUR = {False: "#6b7280", True: "#9ca3af"}


def marks(customers: int, limit: int = MARKS) -> slice:
    """The rows to draw one by one: the first `limit`, which are a random sample of everyone."""
    return slice(0, min(customers, limit))


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A density image and the part of the map it covers.

    pixels: RGBA, uint8, shape (height, width, 4); the first row is at the top (the largest y).
    across, up: ends of the x and the y range, in map units.
    """

    pixels: Pixels
    across: tuple[float, float]
    up: tuple[float, float]

    def png(self) -> bytes:
        """The picture as a PNG file."""
        height, width, _ = self.pixels.shape
        # Every line of a PNG opens with the number of its filter; 0 is none.
        lines = np.zeros((height, 1 + width * 4), dtype=np.uint8)
        lines[:, 1:] = self.pixels.reshape(height, width * 4)
        header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)  # 8 bits a channel, colour type 6: RGBA
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(lines.tobytes(), 1)), _chunk(b"IEND", b""))
        )


def _chunk(kind: bytes, content: bytes) -> bytes:
    """One part of a PNG file: length, kind, content, checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def density_image(
    coordinates: Floats,
    labels: NDArray[np.uint8] | None = None,
    palette: Sequence[str] = (),
    size: tuple[int, int] = (480, 360),
    *,
    dark: bool = False,
) -> Picture:
    """Draw everyone: colour by segment, opacity by the logarithm of how many customers share a pixel.

    `labels` (n_customers,) index `palette` (colours as #rrggbb), which repeats when it is short; without them all
    are grey. `size` is (width, height) in pixels. A pixel with several segments gets their mean colour. The picture
    has a transparent background; `dark` chooses the grey and lifts the opacity for a dark one.
    """
    width, height = size
    across, up = _extent(coordinates[:, 0]), _extent(coordinates[:, 1])
    column = _bins(coordinates[:, 0], across, width)
    pixel = (height - 1 - _bins(coordinates[:, 1], up, height)) * width + column
    colours = _colours(palette if labels is not None and len(palette) else [NOBODYS_COLOUR[dark]])
    if labels is None or len(colours) == 1:
        counts = _blurred([np.bincount(pixel, minlength=width * height)], size)[0]
        return Picture(_shade(np.broadcast_to(colours[0], (height, width, 3)), counts, dark), across, up)
    red, green, blue = colours[labels % len(colours)].T
    sums = [np.bincount(pixel, weights, width * height) for weights in (None, red, green, blue)]
    counts, *mixed = _blurred(sums, size)
    channels = np.stack(mixed, axis=2) / np.maximum(counts, np.float32(1e-6))[:, :, None]
    return Picture(_shade(channels, counts, dark), across, up)


def _shade(channels: Floats, counts: Floats, dark: bool) -> Pixels:
    """RGBA from mean colours (h, w, 3) and blurred counts (h, w)."""
    pixels = np.zeros((*counts.shape, 4), dtype=np.uint8)
    most = float(counts.max(initial=0.0))
    if most <= 0:
        return pixels
    depth = np.log1p(counts) / np.log1p(most)
    low, high = (FAINTEST + 0.07, STRONGEST + 0.1) if dark else (FAINTEST, STRONGEST)
    # Below half a customer the blur alone put something there: let it fade out.
    alpha = (low + (high - low) * depth) * np.minimum(counts * 2.0, 1.0)
    pixels[:, :, :3] = np.clip(channels + 0.5, 0, 255)
    pixels[:, :, 3] = alpha * 255.0 + 0.5
    return pixels


def _blurred(sums: Sequence[NDArray[np.float64] | NDArray[np.intp]], size: tuple[int, int]) -> Floats:
    """Sums per pixel as planes, float32 (planes, height, width), each pixel shared with its neighbours (1, 2, 1)."""
    width, height = size
    planes = np.stack(sums).astype(np.float32).reshape(len(sums), height, width)
    upright = planes * np.float32(0.5)
    upright[:, 1:] += planes[:, :-1] * np.float32(0.25)
    upright[:, :-1] += planes[:, 1:] * np.float32(0.25)
    blurred = upright * np.float32(0.5)
    blurred[:, :, 1:] += upright[:, :, :-1] * np.float32(0.25)
    blurred[:, :, :-1] += upright[:, :, 1:] * np.float32(0.25)
    return blurred


def _extent(values: Floats) -> tuple[float, float]:
    """The range of the values with a margin; a range of width 1 around a single value."""
    if len(values) == 0:
        return (-0.5, 0.5)
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * MARGIN or 0.5
    return (low - margin, high + margin)


def _bins(values: Floats, extent: tuple[float, float], bins: int) -> NDArray[np.int32]:
    low, high = extent
    place = (values - np.float32(low)) * np.float32(bins / (high - low))
    return np.clip(place.astype(np.int32), 0, bins - 1)


def _colours(palette: Sequence[str]) -> Floats:
    """Colours written #rrggbb as float32 (n, 3), 0 to 255."""
    return np.array([[int(c.lstrip("#")[i : i + 2], 16) for i in (0, 2, 4)] for c in palette], dtype=np.float32)
