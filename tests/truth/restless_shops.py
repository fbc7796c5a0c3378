"""Simulated shops whose months differ: they grow, shrink, have a season, newcomers, a break, heavy tails or promotions.

Each customer joins on a day, orders by chance at a rate of her own while she stays, and every day has a level of the
whole shop beside that: what these levels do is what a baseline from past windows has to bear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from segmentation.customers import CustomerTable, Outcomes
from tests.segmentation.shops import Line, line

FIRST = date(2022, 3, 1)
CUSTOMERS = 1_500


@dataclass
class Restless:
    """One shop before its orders are drawn; a generator changes what it is about.

    level: how busy each day is for everyone, shape (days,).
    joins: how many join on each day beside others, shape (days,).
    rate: orders a day of each customer on a day of level 1, shape (customers,).
    value: what each customer's order is worth on average, shape (customers,).
    stays: mean days a customer stays.
    tail: standard deviation of the logarithm of an order's value.
    """

    rng: np.random.Generator
    days: int = 0
    level: np.ndarray = field(default_factory=lambda: np.ones(0))
    joins: np.ndarray = field(default_factory=lambda: np.ones(0))
    rate: np.ndarray = field(default_factory=lambda: np.ones(0))
    value: np.ndarray = field(default_factory=lambda: np.ones(0))
    joined: np.ndarray = field(default_factory=lambda: np.ones(0))
    stays: float = 500.0
    tail: float = 0.5

    def __post_init__(self) -> None:
        rng = self.rng
        self.days = int(rng.integers(420, 1_150))
        weeks = rng.normal(0.0, rng.uniform(0.0, 0.12), self.days // 7 + 1)
        self.level = np.exp(np.repeat(weeks, 7)[: self.days])
        self.joins = np.ones(self.days)
        self.joins[: self.days // 20] += 4.0  # those who were customers before the history begins
        self.rate = rng.gamma(0.9, rng.uniform(0.015, 0.04), CUSTOMERS) + 0.001
        self.value = 40.0 * np.exp(rng.normal(0.0, 0.5, CUSTOMERS))
        self.stays = float(rng.uniform(250, 900))

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def day(self, low: float, high: float) -> int:
        """A day of the history, by the shares of it that lie before."""
        return int(self.uniform(low, high) * self.days)

    @property
    def time(self) -> np.ndarray:
        """Days since the first, shape (days,)."""
        return np.arange(self.days)

    def month(self) -> np.ndarray:
        """The month of the year of each day, 1 to 12."""
        return np.array([(FIRST + timedelta(days=int(day))).month for day in self.time])

    def join(self) -> None:
        """Draw the day that each customer joins on; the earliest first."""
        chance = self.joins / self.joins.sum()
        self.joined = np.sort(self.rng.choice(self.days, CUSTOMERS, p=chance))

    def open(self) -> Orders:
        """Draw what is ordered."""
        rng, passed = self.rng, np.concatenate([[0.0], np.cumsum(self.level)])
        leave = np.minimum(self.joined + 1 + rng.exponential(self.stays, CUSTOMERS).astype(int), self.days)
        room = passed[leave] - passed[self.joined]
        who = np.repeat(np.arange(CUSTOMERS), rng.poisson(self.rate * room))
        at = passed[self.joined][who] + rng.random(len(who)) * room[who]
        day = np.concatenate([self.joined, np.searchsorted(passed, at, side="right") - 1])
        who = np.concatenate([np.arange(CUSTOMERS), who])
        value = self.value[who] * np.exp(rng.normal(-(self.tail**2) / 2, self.tail, len(who)))
        return Orders(self.days, who, np.minimum(day, self.days - 1), np.round(np.maximum(value, 0.5), 2))


@dataclass(frozen=True)
class Orders:
    """What the customers of a shop ordered: arrays of one length.

    days: length of the history.
    who: the customer.
    day: days since the first.
    value: what the order was worth.
    """

    days: int
    who: np.ndarray
    day: np.ndarray
    value: np.ndarray

    def table(self, at: int, like: CustomerTable | None = None) -> CustomerTable:
        """Those who had ordered before the day `at`, by what was known then."""
        known = self.day < at
        who, day, value = self.who[known], self.day[known], self.value[known]
        orders = np.bincount(who, minlength=CUSTOMERS)
        last, first = np.full(CUSTOMERS, -1), np.full(CUSTOMERS, at)
        np.maximum.at(last, who, day)
        np.minimum.at(first, who, day)
        some = np.flatnonzero(orders)
        spend = np.bincount(who, weights=value, minlength=CUSTOMERS)[some]
        raw = {
            "recency_days": (at - last)[some],
            "orders": orders[some],
            "spend": spend,
            "average_order": spend / orders[some],
            "tenure_days": (at - first)[some],
        }
        return CustomerTable.from_arrays(
            [str(one) for one in some],
            raw,
            as_of=FIRST + timedelta(days=at),
            scalings=like.scalings if like else None,
            ordered=True,
        )

    def outcomes(self, customers: CustomerTable, days: int) -> Outcomes:
        """What they did in the `days` days from the table's date on."""
        start = (customers.as_of - FIRST).days
        then = (self.day >= start) & (self.day < start + days)
        who, some = self.who[then], np.array([int(one) for one in customers.ids.to_pylist()])
        orders = np.bincount(who, minlength=CUSTOMERS)[some].astype(np.float64)
        revenue = np.bincount(who, weights=self.value[then], minlength=CUSTOMERS)[some]
        return Outcomes(
            customers.as_of, customers.as_of + timedelta(days=days), orders, revenue, np.full(len(some), np.nan)
        )

    def lines(self) -> list[Line]:
        """The same as lines of an export, one per order."""
        text = [(FIRST + timedelta(days=day)).isoformat() for day in range(self.days)]
        rows = zip(self.who.tolist(), self.day.tolist(), self.value.tolist(), strict=True)
        return [line(f"c{who}", f"o{i}", text[day], f"{value:.2f}") for i, (who, day, value) in enumerate(rows)]


Generator = Callable[[Restless], None]


def growing(shop: Restless) -> None:
    """More join each year, and all order a little more often."""
    shop.joins = shop.joins * shop.uniform(1.5, 4.0) ** (shop.time / 365)
    shop.level = shop.level * shop.uniform(1.0, 1.5) ** (shop.time / 365)
    shop.join()


def shrinking(shop: Restless) -> None:
    """Fewer join each year, and all order less and less often."""
    shop.joins = shop.joins * shop.uniform(0.2, 0.7) ** (shop.time / 365)
    shop.level = shop.level * shop.uniform(0.45, 0.85) ** (shop.time / 365)
    shop.join()


def seasonal(shop: Restless) -> None:
    """Two months are busy, those half a year away are quiet, and more join when it is busy."""
    peak, month = int(shop.rng.integers(1, 13)), shop.month()
    away = np.minimum((month - peak) % 12, (peak - month) % 12)
    effect = shop.uniform(0.2, 0.45) * np.cos(2 * np.pi * away / 12) + np.log(shop.uniform(1.0, 1.8)) * (away == 0)
    shop.level = shop.level * np.exp(effect)
    shop.joins = shop.joins * np.exp(effect)
    shop.join()


def newcomers(shop: Restless) -> None:
    """From a day on many join who order seldom and little."""
    start = shop.day(0.3, 0.8)
    shop.joins[start:] *= shop.uniform(2.0, 5.0)
    shop.join()
    late = shop.joined >= start
    shop.rate[late] *= shop.uniform(0.2, 0.6)
    shop.value[late] *= shop.uniform(0.3, 0.8)


def sudden_break(shop: Restless) -> None:
    """From a day on everyone orders more often or less often than before."""
    times = shop.uniform(0.5, 0.8) if shop.rng.random() < 0.6 else shop.uniform(1.25, 1.8)
    shop.level[shop.day(0.2, 0.9) :] *= times
    shop.join()


def heavy_tails(shop: Restless) -> None:
    """A few customers order many times as often as the others, and a few orders are worth a hundred others."""
    rng = shop.rng
    shop.rate = 0.012 * np.exp(rng.normal(-0.7, shop.uniform(1.0, 1.4), CUSTOMERS)).clip(0.02, 20.0)
    shop.value = 30.0 * (rng.pareto(shop.uniform(1.6, 2.5), CUSTOMERS) + 1.0)
    shop.tail = shop.uniform(0.9, 1.4)
    shop.join()


def promotions(shop: Restless) -> None:
    """A week of a promotion every month or two, at no fixed day, with fewer orders in the two weeks after it."""
    start = 0
    while (start := start + int(shop.rng.integers(25, 75))) < shop.days:
        shop.level[start : start + 7] *= shop.uniform(1.5, 3.0)
        shop.level[start + 7 : start + 21] *= shop.uniform(0.7, 0.95)
    shop.join()


GENERATORS: tuple[Generator, ...] = (
    growing, shrinking, seasonal, newcomers, sudden_break, heavy_tails, promotions,
)  # fmt: skip
