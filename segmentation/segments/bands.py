"""Cut points of the RFM scores as a person sets them: in days, orders and money, or as shares of the customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Literal

import numpy as np

from segmentation.customers import FloatArray
from segmentation.errors import SettingOutOfRange, WrongCall

Measure = Literal["recency_days", "orders", "spend"]
MEASURES: tuple[Measure, ...] = ("recency_days", "orders", "spend")
_MINUS = "n"  # a key parts its pieces by a real one
_LETTERS = {"r": MEASURES[0], "f": MEASURES[1], "m": MEASURES[2]}


@dataclass(frozen=True, slots=True)
class Bands:
    """The cut points of one measure, ascending.

    Absolute `ends` are in the measure's unit: up to the first one (included) is the first band. Relative ones are
    percent of the customers: the worst 20 %, up to 40 %, and so on; equal values always share a band.
    """

    measure: Measure
    ends: tuple[float, ...]
    relative: bool = False

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise SettingOutOfRange("measure", self.measure, allowed=MEASURES)
        if not self.ends or not all(isfinite(end) for end in self.ends):
            raise WrongCall("Cut points must be numbers.")
        object.__setattr__(self, "ends", tuple(float(f"{end:.10g}") + 0.0 for end in self.ends))  # as in `text`
        if any(after < before for before, after in pairwise(self.ends)):
            raise WrongCall("Cut points must not fall.", evidence=f"They are {', '.join(f'{e:g}' for e in self.ends)}.")
        if self.relative and not 0 < self.ends[0] <= self.ends[-1] < 100:
            raise SettingOutOfRange("cut points", self.ends, low="above 0 %", high="below 100 %")

    def boundaries(self, better: FloatArray) -> FloatArray:
        """Boundaries for values turned so that more is better, ascending: a score counts those strictly below."""
        if self.relative:
            return share_boundaries(better, [end / 100 for end in self.ends])
        if self.measure == "recency_days":
            # strictly below: someone exactly at the limit is still inside it
            return np.asarray([np.nextafter(-days, -np.inf) for days in reversed(self.ends)])
        return np.asarray(self.ends, dtype=np.float64)

    @property
    def text(self) -> str:
        """Short and safe in a URL: `r30,90,180,365` or `f20,40,60,80p`; a minus is `n`."""
        letter = next(letter for letter, measure in _LETTERS.items() if measure == self.measure)
        ends = ",".join(f"{end:.10g}" for end in self.ends).replace("+", "").replace("-", _MINUS)
        return letter + ends + ("p" if self.relative else "")

    @classmethod
    def from_text(cls, text: str) -> Bands:
        """The cut points a text stands for. Raises WrongCall or SettingOutOfRange."""
        measure = _LETTERS.get(text[:1])
        try:
            ends = tuple(float(end) for end in text[1:].removesuffix("p").replace(_MINUS, "-").split(","))
        except ValueError:
            measure, ends = None, ()
        if measure is None:
            raise WrongCall(f"“{text}” does not give cut points.", next_step="They look like r30,90,180,365.")
        return cls(measure, ends, text.endswith("p"))


def share_boundaries(values: FloatArray, shares: Sequence[float]) -> FloatArray:
    """Boundaries at these shares (0 to 1, ascending) of the customers, tie-safe; larger values score higher.

    A value is beyond a boundary when at least that share of all values is strictly below it. Where everyone has the
    same value it says nothing, and everyone gets the middle score.
    """
    worst, best = values.min(), values.max()
    if worst == best:
        middle = (len(shares) + 2) // 2
        return np.where(np.arange(1, len(shares) + 1) < middle, -np.inf, np.inf)
    ranks = np.maximum(np.ceil(np.asarray(shares) * values.size - 1e-9).astype(np.intp) - 1, 0)
    return np.asarray(np.partition(values, np.unique(ranks))[ranks])
