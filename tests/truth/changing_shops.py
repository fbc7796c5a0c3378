"""Simulated shops that break what the models of lifetime value assume, each in a way of its own, and two that do not.

Every customer joins on a day and orders at a rate of her own. A generator changes what it is about: how busy each day
is for everyone, whether orders come by chance or by rhythm, how customers leave, what orders are worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa

from segmentation.clv import Periods, Purchases
from segmentation.customers.season import busiest, calendar_months, rates_of
from segmentation.estimates import Unknown
from segmentation.timeline import periods_before

FIRST = date(2021, 2, 1)
CUSTOMERS = 2_000


@dataclass
class Changing:
    """One shop before its orders are drawn.

    history: days that are seen.
    ahead: days after them that are not.
    level: how busy each day is for those who are customers already, shape (history + ahead,).
    prices: what an order is worth on each day beside the usual, shape (history + ahead,).
    """

    rng: np.random.Generator
    history: int = 0
    ahead: int = 365
    level: np.ndarray = field(default_factory=lambda: np.ones(0))
    prices: np.ndarray = field(default_factory=lambda: np.ones(0))
    joined: np.ndarray = field(default_factory=lambda: np.ones(0))
    rate: np.ndarray = field(default_factory=lambda: np.ones(0))
    leave: np.ndarray = field(default_factory=lambda: np.ones(0))
    value: np.ndarray = field(default_factory=lambda: np.ones(0))
    at_once: bool = False
    tail: float = 0.4

    def __post_init__(self) -> None:
        rng, n = self.rng, CUSTOMERS
        self.history = int(rng.integers(500, 1_300))
        self.level, self.prices = np.ones(self.days), np.ones(self.days)
        self.joined = np.sort((self.history * rng.random(n) ** rng.uniform(0.8, 1.6)).astype(int))
        shape = rng.uniform(0.5, 1.5)
        self.rate = rng.gamma(shape, rng.uniform(0.006, 0.02) / shape, n)
        self.leave = rng.beta(*self.leaving(), n)
        self.value = 45.0 * np.exp(rng.normal(0.0, 0.5, n))

    def leaving(self) -> tuple[float, float]:
        """A beta distribution of the chance to leave after an order."""
        mean, size = self.uniform(0.05, 0.25), self.uniform(2.0, 6.0)
        return mean * size, (1 - mean) * size

    @property
    def days(self) -> int:
        return self.history + self.ahead

    @property
    def time(self) -> np.ndarray:
        """Days since the first, shape (history + ahead,)."""
        return np.arange(self.days)

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def open(self, rhythm: int = 1, present: np.ndarray | None = None) -> Orders:
        """Draw what is ordered.

        With a `rhythm` above 1 a pause is the sum of so many exponential ones, so that orders come more evenly;
        `present` says on which days each customer orders at all, shape (customers, history + ahead).
        """
        rng, n = self.rng, CUSTOMERS
        who, when = [np.arange(n)], [self.joined]
        passed = np.concatenate([[0.0], np.cumsum(self.level)])
        now, stays = passed[self.joined], np.ones(n, bool)
        if self.at_once:
            stays &= rng.random(n) >= self.leave
        while stays.any():
            now = now + rng.gamma(rhythm, 1 / rhythm, n) / np.maximum(self.rate, 1e-9)
            stays &= now < passed[-1]
            some = np.flatnonzero(stays)
            day = np.searchsorted(passed, now[some], side="right") - 1
            there = np.ones(len(some), bool) if present is None else present[some, day]
            who.append(some[there])
            when.append(day[there])
            stays[some[there]] &= rng.random(there.sum()) >= self.leave[some[there]]
        everyone, days = np.concatenate(who), np.concatenate(when)
        drawn = np.exp(rng.normal(-(self.tail**2) / 2, self.tail, len(days)))
        return Orders(self.history, everyone, days, self.value[everyone] * self.prices[days] * drawn)


@dataclass(frozen=True)
class Orders:
    """What the customers of a shop ordered, also after the days that are seen: arrays of one length.

    history: days that are seen.
    who: the customer.
    day: days since the first.
    value: what the order was worth.
    """

    history: int
    who: np.ndarray
    day: np.ndarray
    value: np.ndarray

    @cached_property
    def daily(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Customer, day and value of each buying day: several orders of a day are one."""
        wide = int(self.day.max()) + 1
        keys, of = np.unique(self.who.astype(np.int64) * wide + self.day, return_inverse=True)
        return keys // wide, keys % wide, np.bincount(of, weights=self.value)

    def at(self, end: int) -> Purchases:
        """The histories of those who had ordered before the day `end`, by what was known then."""
        who, day, value = self.daily
        known = day < end
        who, day, value = who[known], day[known], value[known]
        customers, start, count = np.unique(who, return_index=True, return_counts=True)
        first, last = day[start], day[start + count - 1]
        paid = np.add.reduceat(value, start) - value[start]
        paid_days = np.add.reduceat((value > 0).astype(int), start) - (value[start] > 0)
        return Purchases.from_arrays(
            count - 1,
            last - first,
            end - 1 - first,
            paid=paid,
            paid_days=paid_days,
            as_of=self.date(end),
            ids=[f"c{one:05d}" for one in customers.tolist()],
        )

    def periods(self, end: int) -> Periods:
        """What was bought by period up to the day `end`, in the periods that an analysis would look at."""
        grid = periods_before(self.date(int(self.daily[1].min())), self.date(end))
        assert grid is not None
        step, n = grid
        who, day, value = (column[self.daily[1] < end] for column in self.daily)
        first = np.minimum.reduceat(day, np.flatnonzero(np.diff(who, prepend=-1)))[
            np.unique(who, return_inverse=True)[1]
        ]
        again = day > first
        keys = who.astype(np.int64) * n + n - 1 - np.minimum((end - day - 1) // step, n - 1)
        cells, start, of = np.unique(keys, return_index=True, return_inverse=True)

        def sums(of_each: np.ndarray) -> np.ndarray:
            return np.bincount(of, weights=of_each)

        rows = pa.table(
            {
                "customer_id": pa.array([f"c{one:05d}" for one in (cells // n).tolist()]),
                "period": n - 1 - cells % n,
                "first_ago": end - first[start],
                "last_ago": end - np.maximum.reduceat(day, start),
                "repeats": sums(again).astype(int),
                "paid_days": sums(again & (value > 0)).astype(int),
                "paid": sums(np.where(again, value, 0.0)),
            }
        )
        return Periods.of_rows(rows, self.date(end), step, n)

    def season(self, end: int) -> np.ndarray | None:
        """What the months of the year multiply orders by, where a peak season is proven by the day `end`."""
        first, last = self.date(int(self.daily[1].min())), self.date(end)
        days = self.daily[1][self.daily[1] < end]
        of_month = Counter((self.date(int(day)).year, self.date(int(day)).month) for day in days)
        months = calendar_months(of_month, first, last)
        return None if isinstance(busiest(months), Unknown) else rates_of(months)

    def date(self, day: int) -> date:
        return FIRST + timedelta(days=int(day))

    def after(self, end: int, days: int) -> tuple[np.ndarray, np.ndarray]:
        """Buying days and revenue of each of those known at `end` in the days after it, in the order of `at`."""
        who, day, value = self.daily
        known = np.unique(who[day < end])
        here = (day >= end) & (day < end + days) & np.isin(who, known)
        place = np.searchsorted(known, who[here])
        return (
            np.bincount(place, minlength=len(known)).astype(float),
            np.bincount(place, weights=value[here], minlength=len(known)),
        )


# Shops in which the models are true ----------------------------------------------------------------------------------


def as_modelled(shop: Changing) -> Orders:
    """BG/NBD; the spread of an order's value is log-normal instead of gamma."""
    return shop.open()


def leaving_at_once(shop: Changing) -> Orders:
    """MBG/NBD: a customer may leave after the first order."""
    shop.at_once = True
    shop.leave = shop.rng.beta(0.8, shop.uniform(1.5, 3.0), CUSTOMERS)
    return shop.open()


# Shops in which they are not -----------------------------------------------------------------------------------------


def seasonal(shop: Changing) -> Orders:
    """Two or three months of the year bring 1.6 to 3 times the orders of the others."""
    month = np.array([(FIRST + timedelta(days=int(day))).month for day in shop.time])
    peak = (np.arange(int(shop.rng.integers(2, 4))) + int(shop.rng.integers(12))) % 12 + 1
    shop.level = np.where(np.isin(month, peak), shop.uniform(1.6, 3.0), 1.0)
    return shop.open()


def growing(shop: Changing) -> Orders:
    """Customers order more often from year to year, by 30 to 90 %."""
    shop.level = np.exp(np.log1p(shop.uniform(0.3, 0.9)) * shop.time / 365)
    return shop.open()


def shrinking(shop: Changing) -> Orders:
    """Customers order more seldom from year to year, by 25 to 50 %."""
    shop.level = np.exp(np.log1p(-shop.uniform(0.25, 0.5)) * shop.time / 365)
    return shop.open()


def broken(shop: Changing) -> Orders:
    """On a day in the later part of the history all order 1.4 to 2.2 times as often, or as seldom."""
    times = shop.uniform(1.4, 2.2) ** (1 if shop.rng.random() < 0.5 else -1)
    shop.level = np.where(shop.time >= shop.uniform(0.4, 1.0) * shop.history, times, 1.0)
    return shop.open()


def regular(shop: Changing) -> Orders:
    """Orders come by rhythm: pauses are Erlang distributed."""
    return shop.open(rhythm=int(shop.rng.integers(3, 7)))


def dearer(shop: Changing) -> Orders:
    """Prices rise by 10 to 40 % a year, and orders have heavy tails."""
    shop.prices = np.exp(np.log1p(shop.uniform(0.1, 0.4)) * shop.time / 365)
    shop.tail = shop.uniform(0.8, 1.2)
    shop.value = 45.0 * np.exp(shop.rng.normal(0.0, 0.7, CUSTOMERS))
    return shop.open()


def returning(shop: Changing) -> Orders:
    """Customers stay away for months, and come back; nobody leaves for good."""
    shop.leave = np.zeros(CUSTOMERS)
    here, away = shop.uniform(60, 200), shop.uniform(60, 250)
    present = np.ones((CUSTOMERS, shop.days), bool)
    state, left = np.ones(CUSTOMERS, bool), shop.joined + shop.rng.exponential(here, CUSTOMERS)
    for day in range(shop.days):
        turned = left <= day
        state = state ^ turned
        pause = shop.rng.exponential(1.0, CUSTOMERS) * np.where(state, here, away)
        left = np.where(turned, day + np.maximum(pause, 1.0), left)
        present[:, day] = state
    return shop.open(present=present)


Generator = Callable[[Changing], Orders]
TRUE: tuple[Generator, ...] = (as_modelled, leaving_at_once)
UNTRUE: tuple[Generator, ...] = (seasonal, growing, shrinking, broken, regular, dearer, returning)
TRENDING: tuple[Generator, ...] = (growing, shrinking)
