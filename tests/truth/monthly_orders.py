"""Simulated shops as orders by calendar month, with and without a peak season: 24 to 60 months, whole or cut off."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from segmentation.customers.month_effects import Month
from segmentation.customers.season import YEAR, Pair, calendar_months

Rates = np.ndarray
"""Orders a month, shape (months,)."""


class Shop:
    """The calendar of one shop, and the chance it is made by."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.first = date(2019, 1, 1) + timedelta(days=int(rng.integers(365)))
        days = 2 * YEAR + 1 + int(rng.integers(3 * YEAR)) * int(rng.integers(2))
        self.end = self.first + timedelta(days=days)
        self.months = calendar_months({}, self.first, self.end)
        self.n = len(self.months)
        self.time = np.arange(self.n)
        self.of_year = np.array([one.month for one in self.months])
        self.level = float(np.exp(rng.uniform(np.log(60), np.log(3000))))

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def between(self, low: float, high: float) -> int:
        """A month of the history, by the shares of it that lie before."""
        return int(self.uniform(low, high) * self.n)

    def flat(self) -> Rates:
        return np.full(self.n, self.level)

    def orders(self, rates: Rates, spread: float = 0.05) -> tuple[Month, ...]:
        """Counts of orders that vary more than Poisson's do, by `spread` as a share of the rate, from day to day."""
        shape = spread**-2
        days = np.array([one.days / monthrange(one.year, one.month)[1] for one in self.months])
        counts = self.rng.poisson(rates * days * self.rng.gamma(shape, 1 / shape, self.n))
        drawn = {(one.year, one.month): int(n) for one, n in zip(self.months, counts, strict=True)}
        return calendar_months(drawn, self.first, self.end)


# Without a season --------------------------------------------------------------------------------------------------


def flat(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.flat())


def exponential(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.level / 4 * np.exp(shop.uniform(0.02, 0.12) * shop.time * 24 / shop.n))


def linear(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.level * (shop.uniform(0.05, 0.3) + shop.time / shop.n))


def s_shaped(shop: Shop) -> tuple[Month, ...]:
    """Slow, then from a tenth to nine tenths within 4 to 14 months, then level."""
    steep = 4.4 / shop.uniform(4, 14)
    return shop.orders(shop.level * (0.15 + 1 / (1 + np.exp(-steep * (shop.time - shop.between(0.25, 0.75))))))


def sudden_jump(shop: Shop) -> tuple[Month, ...]:
    times = np.where(shop.time >= shop.between(0.15, 0.85), shop.uniform(1.5, 4), 1)
    return shop.orders(shop.level * times)


def sudden_fall(shop: Shop) -> tuple[Month, ...]:
    times = np.where(shop.time >= shop.between(0.15, 0.85), 1 / shop.uniform(1.5, 4), 1)
    return shop.orders(shop.level * times)


def shrinking(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.level * np.exp(-shop.uniform(0.02, 0.1) * shop.time * 24 / shop.n))


def newcomers(shop: Shop) -> tuple[Month, ...]:
    """From some month on another kind of customer joins for a few months: each orders once or twice and is gone."""
    start, months = shop.between(0.2, 0.8), int(shop.uniform(2, 8))
    joined = np.where((shop.time >= start) & (shop.time < start + months), shop.uniform(0.5, 2), 0.0)
    again = np.convolve(joined, 0.5 ** np.arange(1, 9))[: shop.n]
    return shop.orders(shop.level * (1 + joined + 0.3 * again))


def one_off_burst(shop: Shop) -> tuple[Month, ...]:
    """One or two neighbouring months, once."""
    start, months = shop.between(0, 0.95), 1 + int(shop.rng.integers(2))
    burst = (shop.time >= start) & (shop.time < start + months)
    return shop.orders(shop.level * np.where(burst, shop.uniform(2, 6), 1))


def closed_for_a_while(shop: Shop) -> tuple[Month, ...]:
    start, months = shop.between(0.1, 0.9), int(shop.uniform(1, 5))
    return shop.orders(shop.level * np.where((shop.time >= start) & (shop.time < start + months), 0.05, 1))


def few_orders(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(np.full(shop.n, shop.uniform(2, 15)), 0.2)


def restless(shop: Shop) -> tuple[Month, ...]:
    """Campaigns at any time: the months differ by a quarter, each on its own."""
    return shop.orders(shop.flat(), 0.25)


def wandering(shop: Shop) -> tuple[Month, ...]:
    """Each month moves away from the one before by about 8 %, without returning."""
    return shop.orders(shop.level * np.exp(np.cumsum(shop.rng.normal(0, 0.08, shop.n))))


def launch(shop: Shop) -> tuple[Month, ...]:
    """All come in the first months, and fewer and fewer order again."""
    return shop.orders(shop.level * (0.2 + shop.uniform(1, 5) * np.exp(-shop.time / shop.uniform(1, 4))))


Generator = Callable[[Shop], tuple[Month, ...]]

WITHOUT: tuple[Generator, ...] = (
    flat, exponential, linear, s_shaped, sudden_jump, sudden_fall, shrinking, newcomers, one_off_burst,
    closed_for_a_while, few_orders, restless, wandering, launch,
)  # fmt: skip


# With a season -----------------------------------------------------------------------------------------------------

CHRISTMAS, SUMMER, NEW_YEAR = (11, 12), (7, 8), (12, 1)


def season(shop: Shop, pair: Pair, low: float = 1.6, high: float = 3.0) -> Rates:
    """What a month's rate is multiplied by: the pair's months bring so many times the orders of the others."""
    return np.where(np.isin(shop.of_year, pair), shop.uniform(low, high), 1.0)


def christmas(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.flat() * season(shop, CHRISTMAS))


def summer(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.flat() * season(shop, SUMMER))


def across_the_new_year(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.flat() * season(shop, NEW_YEAR))


def christmas_at_least(shop: Shop) -> tuple[Month, ...]:
    """The weakest season that must be found."""
    return shop.orders(shop.flat() * season(shop, CHRISTMAS, 1.6, 1.6))


def christmas_beside_growth(shop: Shop) -> tuple[Month, ...]:
    growth = np.exp(shop.uniform(0.02, 0.1) * shop.time * 24 / shop.n)
    return shop.orders(shop.level / 4 * growth * season(shop, CHRISTMAS))


def summer_beside_decline(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.level * np.exp(-shop.uniform(0.02, 0.06) * shop.time * 24 / shop.n) * season(shop, SUMMER))


def summer_beside_a_jump(shop: Shop) -> tuple[Month, ...]:
    jump = np.where(shop.time >= shop.between(0.2, 0.8), shop.uniform(1.3, 2), 1)
    return shop.orders(shop.level * jump * season(shop, SUMMER))


def overdispersed_christmas(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(shop.flat() * season(shop, CHRISTMAS), shop.uniform(0.1, 0.2))


def one_month_peak(shop: Shop) -> tuple[Month, ...]:
    """December alone, so that it brings with either neighbour 1.6 times the orders of the others or more."""
    return shop.orders(shop.flat() * np.where(shop.of_year == 12, shop.uniform(2.2, 4), 1.0))


def few_orders_in_summer(shop: Shop) -> tuple[Month, ...]:
    return shop.orders(np.full(shop.n, shop.uniform(20, 60)) * season(shop, SUMMER, 1.8, 3))


WITH: dict[Generator, Pair] = {
    christmas: CHRISTMAS,
    summer: SUMMER,
    across_the_new_year: NEW_YEAR,
    christmas_at_least: CHRISTMAS,
    christmas_beside_growth: CHRISTMAS,
    summer_beside_decline: SUMMER,
    summer_beside_a_jump: SUMMER,
    overdispersed_christmas: CHRISTMAS,
    one_month_peak: (12, 12),
    few_orders_in_summer: SUMMER,
}
"""The pair that is right; of one month, either pair that holds it."""
