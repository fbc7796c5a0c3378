"""Shops made up order by order, in which what can be foreseen is known: by whom, by past spend or by nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from segmentation.customers import CustomerTable, FloatArray, Outcomes
from segmentation.proof.time_splits import TimeSplit, TimeSplits

WINDOW, HISTORY = 90, 540
"""Days of a window, and of a whole history: one cut, 90 days before its end."""

FIRST = date(2024, 3, 1)


@dataclass(frozen=True)
class Orders:
    """The orders of a shop: who (0 to n - 1), on which day since the first, and for how much."""

    customer: np.ndarray
    day: np.ndarray
    amount: FloatArray
    n: int

    def between(self, start: int, end: int) -> tuple[FloatArray, FloatArray]:
        """Orders and spend of everyone from one day up to another, shape (n,) each."""
        inside = (self.day >= start) & (self.day < end)
        who = self.customer[inside]
        return (
            np.bincount(who, minlength=self.n).astype(float),
            np.bincount(who, weights=self.amount[inside], minlength=self.n).astype(float),
        )

    def table(self, on: int, like: CustomerTable | None = None) -> tuple[CustomerTable, np.ndarray]:
        """The customers with an order before a day, in the order of their numbers, and these numbers."""
        inside = self.day < on
        first, last = np.full(self.n, on), np.full(self.n, -1)
        np.minimum.at(first, self.customer[inside], self.day[inside])
        np.maximum.at(last, self.customer[inside], self.day[inside])
        orders, spend = (one[last >= 0] for one in self.between(0, on))
        who = np.flatnonzero(last >= 0)
        raw = {
            "recency_days": (on - last[who]).astype(float),
            "tenure_days": (on - first[who]).astype(float),
            "orders": orders,
            "spend": spend,
            "average_order": spend / orders,
        }
        made = CustomerTable.from_arrays(
            who.astype(str).tolist(),
            raw,
            as_of=FIRST + timedelta(days=on),
            fingerprint=f"day {on}",
            scalings=None if like is None else like.scalings,
            ordered=True,
        )
        return made, who

    def splits(self) -> TimeSplits:
        """One cut a window before the end."""
        cut, before = HISTORY - WINDOW, HISTORY - 2 * WINDOW
        then, who_then = self.table(before)
        now, who_now = self.table(cut, then)
        split = TimeSplit(
            then,
            self._did(before, who_then),
            now,
            self._did(cut, who_now),
            self.between(before - WINDOW, before)[1][who_then],
            self.between(before, cut)[1][who_now],
        )
        return TimeSplits(WINDOW, (split,))

    def _did(self, start: int, who: np.ndarray) -> Outcomes:
        orders, spend = self.between(start, start + WINDOW)
        day = FIRST + timedelta(days=start)
        return Outcomes(day, day + timedelta(days=WINDOW), orders[who], spend[who], np.full(len(who), np.nan))


Shop = Callable[[np.random.Generator, int], Orders]


def own_rates(rng: np.random.Generator, n: int) -> Orders:
    """Everyone keeps a rate and a basket of their own, spread without groups: past spend says it all."""
    return _steady(rng, rng.gamma(0.8, 0.02, n), rng.lognormal(3.2, 0.8, n), np.zeros(n, int))


def whales(rng: np.random.Generator, n: int) -> Orders:
    """As `own_rates`, with baskets from a few to thousands."""
    return _steady(rng, rng.gamma(1.5, 0.012, n), rng.lognormal(3.0, 1.4, n), np.zeros(n, int))


def growing(rng: np.random.Generator, n: int) -> Orders:
    """As `own_rates`, with most customers come in the last third."""
    joined = (HISTORY * rng.beta(2.0, 1.0, n)).astype(int)
    return _steady(rng, rng.gamma(0.8, 0.025, n), rng.lognormal(3.2, 0.8, n), joined)


def moods(rng: np.random.Generator, n: int) -> Orders:
    """Everyone's rate is drawn anew now and then: the last window says more than the whole past."""
    basket = rng.lognormal(3.2, 0.8, n)
    customers, days = [], []
    rate = rng.gamma(0.5, 1.2, n)
    for month in range(0, HISTORY, 30):
        rate = np.where(rng.random(n) < 0.1, rng.gamma(0.5, 1.2, n), rate)
        bought = rng.poisson(rate)
        customers.append(np.repeat(np.arange(n), bought))
        days.append(month + rng.integers(0, 30, bought.sum()))
    who = np.concatenate(customers)
    return Orders(who, np.concatenate(days), basket[who] * rng.lognormal(0.0, 0.3, len(who)), n)


def four_kinds(rng: np.random.Generator, n: int) -> Orders:
    """Small baskets every week, big ones every other month, those who spent a lot and have gone, those who came once.

    What they spent so far does not put the kinds in order, and inside a kind who spends more is luck."""
    kind = rng.choice(4, n, p=[0.25, 0.25, 0.25, 0.25])
    rate = np.array([0.14, 0.02, 0.12, 0.0])[kind]
    until = np.where(kind == 2, 200, HISTORY)
    bought = np.where(kind == 3, 1, rng.poisson(rate * until))
    who = np.repeat(np.arange(n), bought)
    day = (rng.random(len(who)) * until[who]).astype(int)
    return Orders(who, day, np.array([12.0, 240.0, 70.0, 45.0])[kind[who]] * rng.lognormal(0.0, 0.25, len(who)), n)


def twice_a_year(rng: np.random.Generator, n: int) -> Orders:
    """A basket every month, a big order every half year, and those who have gone. Who ordered big lately will not do so
    soon: next spend rises and falls with the days since the last order."""
    kind = rng.choice(3, n, p=[0.35, 0.4, 0.25])
    customers, days, amounts = [], [], []
    for every, size, group, until in ((30, 25.0, 0, HISTORY), (180, 240.0, 1, HISTORY), (45, 60.0, 2, 200)):
        who = np.flatnonzero(kind == group)
        phase = rng.integers(0, every, len(who))
        for turn in range(HISTORY // every):
            day = phase + turn * every + rng.integers(-every // 10, every // 10 + 1, len(who))
            came = (day >= 0) & (day < until)
            customers.append(who[came])
            days.append(day[came])
            amounts.append(size * rng.lognormal(0.0, 0.25, came.sum()))
    return Orders(np.concatenate(customers), np.concatenate(days), np.concatenate(amounts), n)


def all_alike(rng: np.random.Generator, n: int) -> Orders:
    """Everyone has the same rate and the same baskets: who spends next is luck."""
    return _steady(rng, np.full(n, 0.012), np.full(n, 30.0), np.zeros(n, int))


def _steady(rng: np.random.Generator, rate: FloatArray, basket: FloatArray, joined: np.ndarray) -> Orders:
    """Orders at a steady rate a day from when each customer joined, of baskets around their own."""
    bought = rng.poisson(rate * (HISTORY - joined))
    who = np.repeat(np.arange(len(rate)), bought)
    day = joined[who] + (rng.random(len(who)) * (HISTORY - joined[who])).astype(int)
    return Orders(who, day, basket[who] * rng.lognormal(0.0, 0.4, len(who)), len(rate))
