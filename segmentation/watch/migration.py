"""How customers moved between the segments of one segmentation from an earlier date to its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from segmentation.customers import CustomerTable
from segmentation.segments import Segmentation


@dataclass(frozen=True, slots=True)
class Move:
    """Customers who changed their segment.

    source: the place of the one they were in then; None for new customers.
    target: the place of the one they are in now.
    customers: how many there are.
    """

    source: int | None
    target: int
    customers: int


@dataclass(frozen=True, slots=True, eq=False)
class Migration:
    """Sizes and flows between two dates, by the same segmentation. Nobody is lost: every customer of either date is in
    exactly one
    cell.

    then, now: the two dates.
    flows: customers by segment then (rows; the last one: not yet a customer) and now (columns), shape (groups + 1,
        groups).
    """

    then: date
    now: date
    flows: npt.NDArray[np.int64]

    @property
    def before(self) -> tuple[int, ...]:
        """Customers in each segment then."""
        return tuple(int(size) for size in self.flows[:-1].sum(axis=1))

    @property
    def after(self) -> tuple[int, ...]:
        """Customers in each segment now."""
        return tuple(int(size) for size in self.flows.sum(axis=0))

    @property
    def new(self) -> tuple[int, ...]:
        """Customers of each segment who had not ordered yet then."""
        return tuple(int(size) for size in self.flows[-1])

    def moves(self, most: int = 5) -> tuple[Move, ...]:
        """The largest flows between different segments, new customers left out."""
        groups = self.flows.shape[1]
        found = [
            Move(source, target, int(self.flows[source, target]))
            for source in range(groups)
            for target in range(groups)
            if source != target and self.flows[source, target] > 0
        ]
        return tuple(sorted(found, key=lambda move: (-move.customers, move.source, move.target))[:most])


def migration(segmentation: Segmentation, then: CustomerTable, now: CustomerTable) -> Migration:
    """Who moved where between two customer tables of one shop; `then` must be scaled like `now`."""
    groups = len(segmentation.segments)
    labels_then, labels_now = segmentation.assign(then), segmentation.labels
    row = pc.index_in(now.ids, value_set=then.ids)
    known = np.asarray(pc.is_valid(row))
    came_from = np.full(now.n, groups, dtype=np.int64)
    came_from[known] = labels_then[np.asarray(row.drop_null())]
    flat = np.bincount(came_from * groups + labels_now, minlength=(groups + 1) * groups)
    return Migration(then.as_of, now.as_of, flat.reshape(groups + 1, groups))
