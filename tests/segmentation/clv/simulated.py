"""Shops whose customers behave exactly as the models say, with parameters that are known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from segmentation.clv import Purchases

WEEK = 7.0


@dataclass(frozen=True)
class Shop:
    """What was seen of the customers up to a day, and what they did in the `days` days after it."""

    seen: Purchases
    orders: np.ndarray
    revenue: np.ndarray


def shop(
    rng: np.random.Generator,
    n: int,
    *,
    r: float = 0.6,
    alpha: float = 60.0,
    a: float = 0.8,
    b: float = 2.5,
    days: int = 180,
    history: int = 540,
    leaves_at_once: bool = False,
    spending: tuple[float, float, float] = (6.0, 4.0, 60.0),
) -> Shop:
    """Customers who came in the first half of the history; times in days, as the engine counts them.

    A purchase that falls on a day with another is moved on by a day where that changes nothing but the day's count.
    """
    observed = rng.integers(history // 2, history, n)
    rate, leaving = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    p, q, gamma = spending
    level = rng.gamma(q, 1 / gamma, n)
    repeats, last, later, paid = np.zeros(n, int), np.zeros(n), np.zeros(n, int), np.zeros(n)
    now, stays, revenue = np.zeros(n), np.ones(n, bool), np.zeros(n)
    if leaves_at_once:
        stays &= rng.random(n) >= leaving
    while stays.any():
        now = now + rng.exponential(1 / np.maximum(rate, 1e-12))
        bought, after = stays & (now <= observed), stays & (now > observed) & (now <= observed + days)
        repeats[bought] += 1
        last[bought] = now[bought]
        paid[bought] += rng.gamma(p, 1 / level[bought])
        later[after] += 1
        revenue[after] += rng.gamma(p, 1 / level[after])
        stays &= (now <= observed + days) & (rng.random(n) >= leaving)
    seen = Purchases.from_arrays(
        repeats,
        np.round(last),
        observed,
        paid=np.where(repeats > 0, np.maximum(paid, 0.01), 0.0),
        as_of=date(2026, 1, 1),
    )
    return Shop(seen, later, revenue)
