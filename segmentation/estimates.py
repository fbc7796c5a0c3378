"""A number carries its doubt: `Estimate` where the data answers, `Unknown` where it does not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval and the number of observations it rests on.

    `value`, `low` and `high` share the unit the holder states; `n` counts customers unless it says otherwise.
    """

    value: float
    low: float
    high: float
    n: int

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"An estimate lies inside its interval, not {self.low} <= {self.value} <= {self.high}.")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the data cannot answer, and the sentence that says why."""

    reason: str
