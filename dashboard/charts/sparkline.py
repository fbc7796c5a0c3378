"""A course in miniature, as an SVG picture: for cards, where axes would only be in the way."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.palette import Palette

WIDTH, HEIGHT, PAD = 240, 44, 3


def sparkline(values: Sequence[float], palette: Palette) -> str:
    """The values from left to right between their smallest and largest, the last one marked. At least two values."""
    low, high = min(values), max(values)
    room = HEIGHT - 2 * PAD
    across = (WIDTH - 2 * PAD) / (len(values) - 1)
    points = [
        (PAD + i * across, PAD + room * (1 - (value - low) / (high - low) if high > low else 0.5))
        for i, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<polygon points="{PAD},{HEIGHT} {line} {last_x:.1f},{HEIGHT}" fill="{palette.accent}" fill-opacity="0.12"/>'
        f'<polyline points="{line}" fill="none" stroke="{palette.accent}" stroke-width="1.6" stroke-linejoin="round"/>'
        f'<circle cx="{last_x:.1f}" cy="{last_y:.1f}" r="2.6" fill="{palette.accent}"/></svg>'
    )
