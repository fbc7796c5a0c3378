"""Shares of a customer's orders in a crowd: drawn by chance for as many orders as each customer has.

Somebody with one order has a share of 0 or 1, with two 0, 1/2 or 1. A crowd in which everyone leans a little this way
or that therefore lies on few values, which hang together with the number of orders. So each customer's leaning is
drawn from a beta distribution with one hump, and their orders are drawn by it.
Source: Skellam (1948), "A probability distribution derived from the binomial distribution by regarding the probability
of success as variable between the sets of trials".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from segmentation.customers import FloatArray

_LEAST_SPREAD = 1e-3
_QUANTILES = 256


@dataclass(frozen=True, slots=True, eq=False)
class SharesOfOrders:
    """Which columns of points are shares of orders, and what they are in natural units.

    columns: their places among the columns.
    shares: in natural units (0..1), NaN where undefined, shape (m, len(columns)).
    orders: of each customer, shape (m,), at least 1.
    counted_in: the column that follows from the orders; None where there is none.
    """

    columns: tuple[int, ...]
    shares: FloatArray
    orders: FloatArray
    counted_in: int | None = None

    def among(self, kept: Sequence[bool]) -> SharesOfOrders | None:
        """The same for the columns that are kept; None where no share is."""
        place = np.cumsum(kept) - 1
        held = [i for i, column in enumerate(self.columns) if kept[column]]
        if not held:
            return None
        counted = self.counted_in if self.counted_in is not None and kept[self.counted_in] else None
        return SharesOfOrders(
            tuple(int(place[self.columns[i]]) for i in held),
            self.shares[:, held],
            self.orders,
            None if counted is None else int(place[counted]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Leaning:
    """How much the customers of a crowd lean towards one kind of order.

    chances: the quantiles of the chance that an order is of that kind (0..1), at the middles of equal shares of the
        customers, ascending.
    at, to: shares of orders, ascending, and where they lie in the column of the points.
    """

    chances: FloatArray
    at: FloatArray
    to: FloatArray

    @classmethod
    def of(cls, shares: FloatArray, orders: FloatArray, column: FloatArray) -> Leaning:
        """The leaning of customers with these shares, shape (m,), which lie at these places of a column.

        Who has no share, as only refunds are known of them, says nothing.
        """
        known = ~np.isnan(shares)
        at, first = np.unique(shares[known], return_index=True)
        levels = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
        chances = np.asarray(betaincinv(*one_hump(shares[known], orders[known]), levels))
        return cls(chances, at, column[known][first])

    def draw(self, levels: FloatArray, orders: npt.NDArray[np.int64], rng: np.random.Generator) -> FloatArray:
        """Places of customers who lean as these shares of the crowd (0..1) do, with so many orders; shape (n,)."""
        grid = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
        chance = np.clip(np.interp(levels, grid, self.chances), 0.0, 1.0)
        return np.asarray(np.interp(rng.binomial(orders, chance) / orders, self.at, self.to))


def one_hump(shares: FloatArray, orders: FloatArray) -> tuple[float, float]:
    """The beta distribution of the chance, by moments, flattened at most until it has no second hump.

    One of the parameters is 1 or more: with both below it, chances near 0 and near 1 would be two kinds.
    """
    mean = float(np.clip((shares * orders).sum() / orders.sum(), 1e-3, 1 - 1e-3))
    spread = float((orders * (shares - mean) ** 2).sum()) / (mean * (1 - mean)) - len(orders)
    more = float((orders - 1).sum())
    together = max(spread / more, _LEAST_SPREAD) if more > 0 else _LEAST_SPREAD
    size = max(1.0 / min(together, 1.0) - 1.0, 1.0 / max(mean, 1 - mean))
    return mean * size, (1 - mean) * size
