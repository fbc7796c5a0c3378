"""Made-up shops in which every customer's true chance to order is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from segmentation.churn import Definition, Window, Windows
from segmentation.customers import CustomerTable, Outcomes

AS_OF, DAYS = date(2026, 1, 1), 90
DEFINITION = Definition(days=DAYS, share_back_within=0.9, gaps=1_000, reason="Planted.")
FEATURES = ("recency_days", "orders", "spend", "average_order", "gap_days")
Chance = Callable[[dict[str, np.ndarray]], np.ndarray]


def likely(raw: dict[str, np.ndarray]) -> np.ndarray:
    """A truth that recency alone cannot tell: silence counts less for those who order often."""
    odds = 1.6 - 1.3 * np.log1p(raw["recency_days"] / 40) + 0.9 * np.log(raw["orders"])
    return np.asarray(1 / (1 + np.exp(-odds)))


def blind(raw: dict[str, np.ndarray]) -> np.ndarray:
    """A truth that no feature tells."""
    return np.full(len(raw["orders"]), 0.4)


def by_recency(raw: dict[str, np.ndarray]) -> np.ndarray:
    """A truth that is told by recency, and by nothing else."""
    return np.asarray(0.75 * np.exp(-raw["recency_days"] / 120) + 0.02)


def customers(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    orders = 1.0 + rng.poisson(rng.gamma(1.0, 3.0, n))
    basket = rng.lognormal(3.7, 0.4, n)
    return {
        "recency_days": np.floor(rng.exponential(110, n)) + 1,
        "orders": orders,
        "spend": orders * basket,
        "average_order": basket,
        "gap_days": np.where(orders > 1, rng.gamma(2.0, 25.0, n), np.nan),
    }


@dataclass(frozen=True)
class Drawn:
    """A window with everybody's true chance, in the order of its table."""

    window: Window
    truth: np.ndarray


def draw(rng: np.random.Generator, n: int, when: date, chance: Chance = likely) -> Drawn:
    """Customers at a date, ordered as drawn (the rows are a random sample anyway), and what they did."""
    raw = customers(rng, n)
    truth = chance(raw)
    ordered = (rng.random(n) < truth).astype(float)
    revenue = ordered * raw["average_order"] * rng.lognormal(0, 0.3, n)
    ids = [f"c{i}" for i in range(n)]
    table = CustomerTable.from_arrays(ids, raw, as_of=when, currency="EUR", ordered=True)
    then = Outcomes(when, when + timedelta(days=DAYS), ordered, revenue, 0.5 * revenue)
    return Drawn(Window(table, then), truth)


def world(
    rng: np.random.Generator, n: int = 2_000, chance: Chance = likely, later: Chance | None = None
) -> tuple[Windows, Drawn, Drawn]:
    """The windows of a shop, the tested one with its truth, and today with its truth and its future.

    `later` is the truth from the tested window on, where it is not the one that was learned.
    """
    step = timedelta(days=DAYS)
    learned = draw(rng, n, AS_OF - 2 * step, chance)
    tested, today = draw(rng, n, AS_OF - step, later or chance), draw(rng, n, AS_OF, later or chance)
    windows = Windows(
        horizon_days=DAYS,
        learned=(learned.window,),
        tested=tested.window,
        latest=(tested.window,),
        now=today.window.table,
        features=FEATURES,
    )
    return windows, tested, today
