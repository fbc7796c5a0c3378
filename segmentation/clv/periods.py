"""What a random sample of customers bought in each period of a history, from which any past date is seen again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from segmentation.clv.histories import IntArray, Purchases
from segmentation.customers import FloatArray
from segmentation.engine.protocol import Engine
from segmentation.workspace import DatasetVersion

SAMPLE = 5_000
"""Customers at most: what they do together is known to a few percent, and a past forecast takes a tenth of a second."""


@dataclass(frozen=True, slots=True, eq=False)
class Periods:
    """Customers by periods of `step` days, the last of which ends where `as_of` begins; the first may be longer.

    as_of: the day up to but not including which orders count.
    step: days of a period.
    ids: the customers.
    first: the first buying day of each, in days before `as_of` (the day before it is 1), shape (n,).
    last: the last buying day up to the end of each period, likewise, shape (n, periods); as `first` before that.
    repeats: buying days in each period after the first such day of all, shape (n, periods).
    paid_days: those that were worth something, shape (n, periods).
    paid: what they were worth in shop currency, shape (n, periods).
    """

    as_of: date
    step: int
    ids: pa.Array
    first: IntArray
    last: IntArray
    repeats: IntArray
    paid_days: IntArray
    paid: FloatArray

    @property
    def n(self) -> int:
        """How many periods."""
        return int(self.repeats.shape[1])

    def known(self, periods: int, prices: FloatArray | None = None) -> Purchases:
        """The histories of those who had ordered by the end of that many periods, by what was known then.

        With `prices`, a level for each of them, what was paid is in money of level 1.
        """
        ago = self.ago(periods)
        rows = np.flatnonzero(self.first > ago)
        done = slice(0, periods)
        last = self.last[rows, periods - 1] if periods else self.first[rows]
        return Purchases(
            as_of=self.as_of - timedelta(days=ago),
            ids=self.ids.take(pa.array(rows)),
            repeats=self.repeats[rows, done].sum(axis=1, dtype=np.int32),
            recency=(self.first[rows] - last).astype(np.int32),
            observed=(self.first[rows] - ago - 1).astype(np.int32),
            paid_days=self.paid_days[rows, done].sum(axis=1, dtype=np.int32),
            paid=(self.paid[rows, done] / (1.0 if prices is None else prices[done])).sum(axis=1),
        )

    def bought(self, start: int, end: int) -> tuple[FloatArray, FloatArray]:
        """Repeat days and revenue from period `start` up to but not including `end`, of each in `known(start)`."""
        rows, after = self.first > self.ago(start), slice(start, end)
        return self.repeats[rows, after].sum(axis=1, dtype=np.float64), self.paid[rows, after].sum(axis=1)

    def ago(self, periods: int) -> int:
        """The end of that many periods, in days before `as_of`."""
        return (self.n - periods) * self.step

    @classmethod
    def of_rows(cls, rows: pa.Table, as_of: date, step: int, periods: int) -> Periods:
        """From a row per customer and period, `period` counting back from 0, sorted by customer and time."""
        ids = rows["customer_id"].combine_chunks()
        who = np.asarray(ids.dictionary_encode().indices.to_numpy(), dtype=np.int64)
        place = periods - 1 - np.asarray(rows["period"].to_numpy(), dtype=np.int64)
        people = int(who.max(initial=-1)) + 1

        def table(name: str, kind: type) -> np.ndarray:
            cells: np.ndarray = np.zeros((people, periods), dtype=kind)
            cells[who, place] = rows[name].to_numpy()
            return cells

        first = np.zeros(people, dtype=np.int32)
        first[who] = rows["first_ago"].to_numpy()
        last = table("last_ago", np.int32)
        last = np.where(last > 0, last, np.iinfo(np.int32).max)
        return cls(
            as_of=as_of,
            step=step,
            ids=ids.unique(),
            first=first,
            last=np.minimum(np.minimum.accumulate(last, axis=1), first[:, None]).astype(np.int32),
            repeats=table("repeats", np.int32),
            paid_days=table("paid_days", np.int32),
            paid=table("paid", np.float64),
        )


def periods_of(engine: Engine, version: DatasetVersion, as_of: date, step: int, periods: int) -> Periods:
    """What the first SAMPLE customers bought up to but not including `as_of`."""
    with engine.reading(version) as run:
        rows = run.query("buying_periods", as_of=as_of, most=SAMPLE, step=step, oldest=periods - 1)
    return Periods.of_rows(rows, as_of, step, periods)
