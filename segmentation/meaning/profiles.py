"""What the values of a column look like: enough to tell an order number from a customer's, without any header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from segmentation.notation import looks_like_date, looks_like_number, share
from segmentation.notation.dates import counted_dates

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE = re.compile(r"\+?[\d\s()./-]{7,20}")
_JUDGED = 800
_FULL_NAME = re.compile(r"[^\W\d_][^\d@]*\s[^\d@]+")


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """Shares are of the filled values, 0 to 1. `distinct` is the share of different values; `returns` the share of
    values that come back after another one stood between; `rising` the share of steps that do not go down."""

    filled: float
    dates: float
    numbers: float
    decimals: float
    addresses: float
    names: float
    distinct: float
    returns: float
    rising: float
    longest: int
    values: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return self.filled == 0


def profile(column: Sequence[str]) -> ColumnProfile:
    """The profile of a column from its first sampled values."""
    cells = column[:_JUDGED]
    values = tuple(stripped for cell in cells if (stripped := cell.strip()))
    different = set(values)
    return ColumnProfile(
        filled=len(values) / len(cells) if cells else 0.0,
        dates=share(values, looks_like_date) or float(counted_dates(values) is not None and len(different) > 1) / 2,
        numbers=share(values, looks_like_number),
        decimals=share(values, _has_decimals),
        addresses=share(values, ADDRESS.fullmatch),
        names=share(values, _FULL_NAME.fullmatch),
        distinct=len(different) / len(values) if values else 0.0,
        returns=_returns(values),
        rising=_rising(values),
        longest=max(map(len, values), default=0),
        values=values,
    )


def _has_decimals(value: str) -> bool:
    return looks_like_number(value) and ("." in value or "," in value)


def _returns(values: Sequence[str]) -> float:
    """Share of values that were left and come back: customers do, the lines of one order stay together."""
    last_seen: dict[str, int] = {}
    back = 0
    for at, value in enumerate(values):
        if value in last_seen and last_seen[value] != at - 1:
            back += 1
        last_seen[value] = at
    return back / len(values) if values else 0.0


def _rising(values: Sequence[str]) -> float:
    keys = [(int(value), "") if value.isdigit() and len(value) < 19 else (0, value) for value in values]
    steps = list(pairwise(keys))
    return sum(before <= after for before, after in steps) / len(steps) if steps else 0.0
