"""What a customer like her spends in the horizon if she orders at all: what saving her is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.customers import FloatArray

BASKETS, RISKS = 5, 3
CAP = 0.99
"""Spend counts up to this quantile of what buyers spent, so that one wholesaler does not decide."""

HELD_BACK = 30
"""A group counts as if this many buyers who spend like all others were in it too."""


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Mean spend of those who ordered, by what they spent per order before and by how likely they were to order.

    baskets: where a fifth of the average orders ends and the next begins, in shop currency.
    chances: the same for the thirds of the chance (0..1).
    means: mean spend in the horizon in shop currency, shape (fifths, thirds).
    cap: the most that counts of a customer's spend, in shop currency.
    spread: mean square of a buyer's spend over the square of its expected value.
    """

    baskets: FloatArray
    chances: FloatArray
    means: FloatArray
    cap: float
    spread: float

    def of(self, basket: FloatArray, chance: FloatArray) -> FloatArray:
        """Expected spend in the horizon if the customer orders, shape (n,)."""
        return np.asarray(self.means[_place(self.baskets, basket), _place(self.chances, chance)])

    def counted(self, revenue: FloatArray) -> FloatArray:
        """What counts of the spend in a window: nothing below zero, nothing above the cap."""
        return np.clip(revenue, 0.0, self.cap)


def learn_values(basket: FloatArray, chance: FloatArray, ordered: FloatArray, revenue: FloatArray) -> Values:
    """Learn from customers with an average order `basket`, a `chance` they did not take part in, and what they did.

    Arrays of shape (n,). Those who are likely to order often spend more once they order, so both count. Small groups
    are held back towards the mean of all buyers.
    """
    hit = ordered > 0
    spent = np.maximum(revenue[hit], 0.0)
    cap = float(np.quantile(spent, CAP))
    spent = np.minimum(spent, cap)
    baskets, chances = _limits(basket, BASKETS), _limits(chance, RISKS)
    cell = _place(baskets, basket[hit]) * RISKS + _place(chances, chance[hit])
    size = BASKETS * RISKS
    people, sums = np.bincount(cell, minlength=size), np.bincount(cell, weights=spent, minlength=size)
    means = (sums + HELD_BACK * spent.mean()) / (people + HELD_BACK)
    squares = float((spent**2).mean() / np.maximum((means[cell] ** 2).mean(), 1e-12))
    return Values(baskets, chances, means.reshape(BASKETS, RISKS), cap, squares)


def _limits(values: FloatArray, groups: int) -> FloatArray:
    known = values[np.isfinite(values)]
    return np.quantile(known, np.arange(1, groups) / groups) if known.size else np.zeros(groups - 1)


def _place(limits: FloatArray, values: FloatArray) -> npt.NDArray[np.intp]:
    return np.searchsorted(limits, np.nan_to_num(values), side="right")
