"""Past spend as a prediction: one straight line in each customer's own rate of spend, or in the last window's spend.

A line says what one number per customer can say without groups. It is learned by least squares on the window of
learning and stays the same at the split; it expects nothing beyond what was seen in that window.
"""

from __future__ import annotations

import numpy as np

from segmentation.customers import CustomerTable, FloatArray
from segmentation.proof.baselines import Method, Pair, Prediction

HIGHEST = 0.99
"""Past spend counts up to this quantile of those who spent, so that one wholesaler does not tilt the line."""


def by_spend_so_far(pair: Pair) -> Prediction:
    """A line in the rate of spend: spend so far over the days since the first order, at least a window."""
    then, now = (_rate(table, pair.days) for table in (pair.then, pair.now))
    return by_line("spend_so_far", then, now, pair.learned)


def by_last_window(pair: Pair) -> Prediction:
    """A line in what someone spent in the window before."""
    return by_line("last_window", pair.lately_then, pair.lately_now, pair.learned)


def by_line(method: Method, then: FloatArray, now: FloatArray, learned: FloatArray) -> Prediction:
    """A line for each outcome in one number of each customer, shape (n then,) and (n now,).

    `learned` is of shape (outcomes, n then). Where that number is the same for everyone, the average is expected.
    """
    spent = then[then > 0]
    highest = float(np.quantile(spent, HIGHEST)) if spent.size else 0.0
    known, asked = (np.clip(values, 0.0, highest) for values in (then, now))
    away = known - known.mean()
    spread = float((away**2).sum())
    slopes = (learned * away).sum(axis=1) / spread if spread > 0 else np.zeros(len(learned))
    expected = learned.mean(axis=1)[:, None] + slopes[:, None] * (asked - known.mean())
    return Prediction.of_each(method, within(expected, learned))


def within(expected: FloatArray, learned: FloatArray) -> FloatArray:
    """Expectations, shape (outcomes, n now), kept between the least and the most that was learned of each outcome."""
    return np.clip(expected, learned.min(axis=1)[:, None], learned.max(axis=1)[:, None])


def _rate(customers: CustomerTable, days: int) -> FloatArray:
    """Spend a day since the first order; of a customer of less than a window, a day of that window."""
    since = customers.raw("tenure_days") if "tenure_days" in customers.scalings else np.zeros(customers.n)
    return np.asarray(customers.spend / np.maximum(since, days))
