"""Whether other customers of the same kind would show the same peak season: orders by month of blocks of customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

import numpy as np
import numpy.typing as npt

from segmentation.customers.month_effects import Month
from segmentation.customers.season import Pair, busiest, calendar_months
from segmentation.engine.protocol import Reading

BLOCKS = 200

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SeasonAgain:
    """The peak season of a shop, and the orders it was found in.

    season: the two months of the year.
    months: the calendar months of the history.
    orders: of each block of customers in each of them, shape (blocks, months).
    """

    season: Pair
    months: tuple[Month, ...]
    orders: Counts

    @classmethod
    def of(cls, season: Pair, first: date, end: date, counted: Sequence[tuple[int, int, int, int]]) -> Self:
        """From rows of block, year, month and orders; the history is from `first` up to but not including `end`."""
        months = calendar_months({}, first, end)
        place = {(one.year, one.month): i for i, one in enumerate(months)}
        orders = np.zeros((BLOCKS, len(months)), dtype=np.int64)
        for block, year, month, count in counted:
            orders[block, place[year, month]] += count
        return cls(season, months, orders)

    def found(self, rng: np.random.Generator) -> bool:
        """Whether customers drawn afresh (as many blocks, with repetition) have their season in the same months."""
        drawn = np.bincount(rng.integers(0, BLOCKS, BLOCKS), minlength=BLOCKS) @ self.orders
        return busiest([replace(m, orders=int(n)) for m, n in zip(self.months, drawn, strict=True)]) == self.season


def season_again(run: Reading, season: Pair, first: date, last: date, as_of: date) -> SeasonAgain:
    """What tells whether a season known on `as_of` comes out again; `first` and `last` as for `busy_season`."""
    end = min(as_of, last + timedelta(days=1))
    table = run.query("orders_by_block", as_of=end, blocks=BLOCKS)
    columns = (table[name].to_pylist() for name in ("block", "year", "month", "orders"))
    return SeasonAgain.of(season, first, end, list(zip(*columns, strict=True)))
