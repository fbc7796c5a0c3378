"""Buying histories: how often a customer came back, when last, and for how long the shop has known them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segmentation.customers import FloatArray
from segmentation.engine.protocol import Engine
from segmentation.workspace import DatasetVersion

IntArray = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """Every customer with an order before `as_of`; arrays of shape (n,), in the order of customer tables.

    as_of: the day up to but not including which orders count.
    ids: the customers.
    repeats: days with an order after the first such day.
    recency: days from the first day with an order to the last.
    observed: days from the first day with an order to the end of what was observed.
    paid_days: repeat days that were worth something after refunds.
    paid: what those were worth in shop currency.
    """

    as_of: date
    ids: pa.Array
    repeats: IntArray
    recency: IntArray
    observed: IntArray
    paid_days: IntArray
    paid: FloatArray

    @property
    def n(self) -> int:
        return len(self.repeats)

    @classmethod
    def from_arrays(
        cls,
        repeats: npt.ArrayLike,
        recency: npt.ArrayLike,
        observed: npt.ArrayLike,
        *,
        paid: npt.ArrayLike | None = None,
        paid_days: npt.ArrayLike | None = None,
        as_of: date = date(2026, 1, 1),
        ids: Sequence[str] | None = None,
    ) -> Purchases:
        """Histories from plain columns. With `paid`, every repeat day was, unless `paid_days` says otherwise."""
        times = np.asarray(repeats, dtype=np.int32)
        days = paid_days if paid_days is not None else times if paid is not None else np.zeros_like(times)
        return cls(
            as_of=as_of,
            ids=pa.array(list(ids) if ids is not None else [f"c{i}" for i in range(len(times))]),
            repeats=times,
            recency=np.asarray(recency, dtype=np.int32),
            observed=np.asarray(observed, dtype=np.int32),
            paid_days=np.asarray(days, dtype=np.int32),
            paid=np.zeros(len(times)) if paid is None else np.asarray(paid, dtype=np.float64),
        )

    def first(self, rows: int) -> Purchases:
        """The first customers, who are a random sample."""
        return Purchases(
            self.as_of,
            self.ids[:rows],
            self.repeats[:rows],
            self.recency[:rows],
            self.observed[:rows],
            self.paid_days[:rows],
            self.paid[:rows],
        )


def purchases(engine: Engine, version: DatasetVersion, as_of: date) -> Purchases:
    """The buying histories of a dataset up to but not including `as_of`."""
    with engine.reading(version) as run:
        table = run.query("buying_days", as_of=as_of)

    def column(name: str) -> IntArray:
        return np.asarray(table[name].to_numpy(), dtype=np.int32)

    return Purchases(
        as_of=as_of,
        ids=table["customer_id"].combine_chunks(),
        repeats=column("repeats"),
        recency=column("recency"),
        observed=column("observed"),
        paid_days=column("paid_days"),
        paid=np.asarray(table["paid"].to_numpy(), dtype=np.float64),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """The distinct histories, arrays of shape (h,).

    repeats, recency, observed: as in `Purchases`.
    customers: how many customers have the history.
    of: which history each customer has, shape (n,).
    """

    repeats: IntArray
    recency: IntArray
    observed: IntArray
    customers: FloatArray
    of: npt.NDArray[np.intp]

    @classmethod
    def grouped(cls, purchases: Purchases) -> Histories:
        """Customers with the same history are one, counted."""
        wide = int(purchases.observed.max(initial=0)) + 1
        packed = (purchases.repeats.astype(np.int64) * wide + purchases.recency) * wide + purchases.observed
        keys, of, counts = np.unique(packed, return_inverse=True, return_counts=True)
        rest, observed = np.divmod(keys, wide)
        repeats, recency = np.divmod(rest, wide)
        return cls(
            repeats.astype(np.int32),
            recency.astype(np.int32),
            observed.astype(np.int32),
            counts.astype(np.float64),
            of,
        )

    @property
    def n(self) -> int:
        """How many customers."""
        return len(self.of)

    @property
    def distinct(self) -> int:
        return len(self.repeats)
