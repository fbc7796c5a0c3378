"""How sure each customer's segment is, as four steps that the map can be painted in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dashboard.charts.customer_map import Group
from dashboard.palette import Palette

STEPS = (60, 75, 90)
"""Percent of the repetitions in which a customer came out in the same segment: where a new step begins."""

NAMES = ("below 60 %", "60–75 %", "75–90 %", "90 % and more")


def bins(sure: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], tuple[str, ...]]:
    """The step of each customer, shape (n,), 0 (least sure) to 3, and the names of the steps; `sure` is in percent."""
    return np.digitize(sure, STEPS).astype(np.uint8), NAMES


def ramp(palette: Palette) -> tuple[str, ...]:
    """The colours of the steps: both ends speak, the middle is quiet, and no two look alike to the colour-blind."""
    return palette.bad, palette.diverging[1], palette.diverging[3], palette.accent


def groups(palette: Palette) -> tuple[Group, ...]:
    """The steps as the map paints them."""
    return tuple(
        Group(name, step, colour) for step, (name, colour) in enumerate(zip(NAMES, ramp(palette), strict=True))
    )
