"""Invented customers of a large shop, straight as a table: for benchmarks of what comes after the import."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from segmentation.analysis import LookBack, PastWindow
from segmentation.analysis.figures import SAMPLED
from segmentation.customers import Consent, CustomerTable, Outcomes
from segmentation.timeline import baseline_dates

AS_OF = date(2026, 1, 1)
WINDOW_DAYS = 30
CATEGORIES = ("Tea", "Coffee", "Cups", "Gifts", "Books", "Other")

# Six kinds of customers: share, days since the last order, further orders, basket, discount habit.
SHARE = np.array([0.08, 0.20, 0.12, 0.25, 0.20, 0.15])
RECENCY = np.array([15, 40, 30, 400, 150, 300])
FURTHER = np.array([12, 4, 0.2, 0.1, 1.5, 3])
BASKET = np.array([90, 50, 35, 40, 140, 30])
DISCOUNT = np.array([0.15, 0.15, 0.4, 0.2, 0.1, 0.8])


def customers(n: int, *, as_of: date = AS_OF, like: CustomerTable | None = None) -> CustomerTable:
    """A table of n customers with the features of the catalogue; the same ones every time."""
    rng = np.random.default_rng(n)
    kind = rng.choice(len(SHARE), n, p=SHARE)
    orders = 1 + rng.poisson(FURTHER[kind])
    basket = BASKET[kind] * rng.lognormal(0, 0.4, n)
    recency = np.floor(RECENCY[kind] * rng.gamma(2, 0.5, n)) + 1
    active = np.where(orders > 1, np.floor(rng.gamma(2, 60, n) * np.sqrt(orders)), 0)
    refund = np.where(rng.random(n) < 0.15, rng.beta(1, 5, n), 0)
    spend = orders * basket * (1 - refund)
    raw = {
        "recency_days": recency,
        "tenure_days": recency + active,
        "active_days": active,
        "orders": orders,
        "spend": spend,
        "average_order": basket,
        "gap_days": np.where(orders > 1, active / np.maximum(orders - 1, 1), np.nan),
        "breadth": np.minimum(1 + rng.poisson(orders * 0.5), 9),
        "discount_share": rng.binomial(orders, DISCOUNT[kind]) / orders,
        "refund_share": refund,
        "weekend_share": rng.binomial(orders, 0.3) / orders,
        "main_channel_share": rng.binomial(orders, 0.7) / orders,
        "trend": np.where(recency < 360, rng.uniform(-1, 1, n), np.nan),
    }
    return CustomerTable.from_arrays(
        [f"C{10_000_000 + i}" for i in range(n)],
        raw,
        as_of=as_of,
        currency="EUR",
        consent=Consent((agreed := rng.random(n) < 0.6), ~agreed, column=True),
        categories=CATEGORIES,
        category_spend=rng.dirichlet(np.full(len(CATEGORIES), 0.7), n) * spend[:, None],
        fingerprint=f"bench-{n}-{as_of}",
        scalings=like.scalings if like else None,
    )


def look_back(now: CustomerTable) -> LookBack:
    """The same customers one campaign window earlier, samples of older ones, and what they did in each window."""
    recent, years = baseline_dates(AS_OF - timedelta(days=1_095), AS_OF, WINDOW_DAYS)
    return LookBack(
        tuple(_window(now, on, min(now.n, SAMPLED) if age else now.n) for age, on in enumerate(recent)),
        tuple((_window(now, a, min(now.n, SAMPLED)), _window(now, b, min(now.n, SAMPLED))) for a, b in years),
    )


def _window(now: CustomerTable, start: date, n: int) -> PastWindow:
    rng = np.random.default_rng(1)
    then = customers(n, as_of=start, like=now)
    orders = rng.poisson(np.exp(-then.raw("recency_days") / 120) * 0.8).astype(np.float64)
    revenue = orders * then.raw("average_order")
    return PastWindow(then, Outcomes(start, start + timedelta(days=WINDOW_DAYS), orders, revenue, revenue * 0.4))
