"""A small shop whose customers' behaviour is planted, so that tests know the right answer."""

from __future__ import annotations

from datetime import date

import numpy as np

from segmentation.customers import CustomerTable

AS_OF = date(2026, 1, 1)
CATEGORIES = ("Tea", "Coffee", "Cups", "Gifts")


def planted_shop(n: int = 3_000, seed: int = 5, *, shuffle: int | None = None) -> tuple[CustomerTable, np.ndarray]:
    """Six behaviours, and which of them made each customer of the table, shape (n,).

    0 champions, 1 regulars, 2 new, 3 lapsed one-time buyers, 4 big baskets going away, 5 discount hunters.
    `shuffle` is a seed for handing the rows over in another order.
    """
    rng = np.random.default_rng(seed)
    kind = rng.choice(6, n, p=[0.1, 0.2, 0.15, 0.25, 0.15, 0.15])
    recency = np.floor(np.array([15, 40, 30, 500, 160, 330])[kind] * rng.gamma(20, 0.05, n)) + 1
    orders = 1 + rng.poisson(np.array([14, 4, 0, 0, 1.5, 4])[kind])
    basket = np.array([90, 50, 35, 40, 190, 25])[kind] * rng.lognormal(0, 0.15, n)
    span = np.where(orders > 1, np.floor(30 * (orders - 1) * rng.gamma(20, 0.05, n)) + 1, 0)
    discounted = np.round(orders * np.array([0.05, 0.1, 0.1, 0.1, 0.0, 0.95])[kind])
    spend = orders * basket * np.where(rng.random(n) < 0.1, 0.9, 1.0)
    raw = {
        "recency_days": recency,
        "tenure_days": recency + span,
        "orders": orders.astype(float),
        "spend": spend,
        "average_order": basket,
        "gap_days": np.where(orders > 1, span / np.maximum(orders - 1, 1), np.nan),
        "breadth": np.minimum(1.0 + rng.poisson(orders * 0.4), 8),
        "discount_share": discounted / orders,
        "weekend_share": rng.binomial(orders, 0.3) / orders,
    }
    mix = rng.dirichlet(np.ones(4), n)
    mix[kind == 4] = [0.1, 0.7, 0.1, 0.1]
    ids = np.array([f"c{i:06d}" for i in range(n)])
    turn = np.arange(n) if shuffle is None else np.random.default_rng(shuffle).permutation(n)
    table = CustomerTable.from_arrays(
        list(ids[turn]),
        {name: values[turn] for name, values in raw.items()},
        as_of=AS_OF,
        currency="EUR",
        categories=CATEGORIES,
        category_spend=(mix * spend[:, None])[turn],
        fingerprint=f"planted-{n}-{seed}",
    )
    at = {name: i for i, name in enumerate(ids)}
    return table, kind[[at[name] for name in table.ids.to_pylist()]]


def table_of(**raw: object) -> CustomerTable:
    """A table of these columns; customers are called c0, c1, ... in the order given (the table orders them itself)."""
    columns = {name: np.asarray(values, dtype=float) for name, values in raw.items()}
    n = len(next(iter(columns.values())))
    return CustomerTable.from_arrays([f"c{i}" for i in range(n)], columns, as_of=AS_OF)
