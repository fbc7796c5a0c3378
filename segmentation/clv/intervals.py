"""The intervals of sums over customers: the model's own doubt and chance, and what earlier forecasts ask for.

The model's doubt comes from a random sample of customers and counts for as many as there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.clv.histories import Histories, Purchases
from segmentation.clv.outlook import Outlook
from segmentation.clv.past_forecasts import KINDS, Of, log_half_width
from segmentation.clv.repeat_buying import RepeatBuying, alive, expected_orders
from segmentation.clv.spending import Spending, expected_value, order_value
from segmentation.customers import BoolArray, CodeArray, Float32Array, FloatArray
from segmentation.estimates import Estimate, Unknown

DRAWS, FEWEST_IN_GROUP = 8, 100
SMALL = 1e-4  # a step in the logarithm of a parameter
SEED = 20_261_126


@dataclass(frozen=True, slots=True, eq=False)
class Doubts:
    """What a random sample of customers says of the doubt of one forecast, see `Scores`."""

    slopes: Float32Array  # shape (m, parameters)
    noise: Float32Array  # shape (m,)
    covariance: FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class Wide:
    """How wide past forecasts ask an interval to be, for a group of these kinds of customers, see `past_forecasts`."""

    look: Outlook
    days: float
    of: Of
    kinds: CodeArray

    def half(self, value: FloatArray, rows: BoolArray | None) -> float:
        """As a logarithm; of all customers where there are no rows."""
        if rows is None:
            return log_half_width(self.look.past, self.days, self.of)
        shares = np.bincount(self.kinds[rows], weights=value[rows], minlength=KINDS).astype(np.float64)
        return log_half_width(self.look.past, self.days, self.of, shares)


def sums_of_groups(
    value: FloatArray,
    plain: FloatArray,
    doubts: Doubts,
    labels: CodeArray | None,
    groups: int,
    wide: Wide | None = None,
) -> tuple[Estimate, ...]:
    """Sums of `value` with intervals; the doubt is that of `plain`, of which value is a share."""
    label = np.zeros(len(value), dtype=np.intp) if labels is None else labels.astype(np.intp)
    totals = np.bincount(label, weights=value, minlength=groups)
    whole = np.bincount(label, weights=plain, minlength=groups)
    people, sample = np.bincount(label, minlength=groups), label[: len(doubts.noise)]
    estimates = []
    for group in range(groups):
        here = np.flatnonzero(sample == group)
        rows = here if len(here) >= FEWEST_IN_GROUP else slice(None)
        doubt = float(doubts.noise[rows].mean(dtype=np.float64)) * people[group]
        if doubts.covariance is not None:
            slope = doubts.slopes[rows].mean(axis=0, dtype=np.float64) * people[group]
            doubt += float(slope @ doubts.covariance @ slope)
        middle, share = float(totals[group]), float(totals[group] / whole[group]) if whole[group] else 0.0
        around = 1.96 * float(np.sqrt(doubt)) * share
        low, high = max(middle - around, 0.0), middle + around
        if wide is not None and middle > 0:
            half = wide.half(value, None if labels is None else label == group)
            low, high = min(low, middle * np.exp(-half)), max(high, middle * np.exp(half))
        estimates.append(Estimate(middle, float(low), float(high), int(people[group])))
    return tuple(estimates)


def joint_covariance(buying: RepeatBuying, spending: Spending | Unknown) -> FloatArray | None:
    """The covariance of the logarithms of r, alpha, a, b, p, q and gamma, shape (7, 7), which are fitted apart."""
    if not buying.covariance:
        return None
    whole = np.zeros((7, 7))
    whole[:4, :4] = buying.covariance
    if not isinstance(spending, Unknown) and spending.covariance:
        whole[4:, 4:] = spending.covariance
    return whole


def slopes_of(
    buying: RepeatBuying, spending: Spending | Unknown, few: Purchases, horizons: Sequence[float]
) -> Float32Array:
    """By how much the revenue expected of each moves with the logarithm of each parameter, shape (m, horizons, 7)."""
    histories, value = Histories.grouped(few), order_value(spending, few)
    slopes = np.zeros((few.n, len(horizons), 7), dtype=np.float32)
    logs = np.log(buying.parameters)
    for at, days in enumerate(horizons):
        for i, side in enumerate(np.eye(4) * SMALL):
            up, down = (expected_orders(buying.at(np.exp(logs + s)), histories, days) for s in (side, -side))
            slopes[:, at, i] = ((up - down) / (2 * SMALL))[histories.of] * value
        if isinstance(spending, Unknown):
            continue
        orders, log_spend = expected_orders(buying, histories, days)[histories.of], np.log(spending.parameters)
        for i, side in enumerate(np.eye(3) * SMALL):
            up, down = (expected_value(spending.at(np.exp(log_spend + s)), few) for s in (side, -side))
            slopes[:, at, 4 + i] = (up - down) / (2 * SMALL) * orders
    return slopes


def noise_of(
    buying: RepeatBuying, spending: Spending | Unknown, few: Purchases, horizons: Sequence[float]
) -> Float32Array:
    """The variance of that revenue by chance, shape (m, horizons)."""
    histories, value = Histories.grouped(few), order_value(spending, few)
    rng = np.random.default_rng(SEED)
    noise = np.zeros((few.n, len(horizons)), dtype=np.float32)
    for at, days in enumerate(horizons):
        usual = expected_orders(buying, histories, days)[histories.of] * value
        squares = np.zeros(few.n)
        for _ in range(DRAWS):
            orders = orders_by_chance(buying, few, days, rng)
            squares += (_revenue_by_chance(spending, few, orders, value, rng) - usual) ** 2
        noise[:, at] = squares / DRAWS
    return noise


def orders_by_chance(fit: RepeatBuying, few: Purchases, days: float, rng: np.random.Generator) -> FloatArray:
    """Orders in the next days, drawn for each customer from what the model says of a history like theirs."""
    histories = Histories.grouped(few)
    stays = rng.random(few.n) < alive(fit, histories)[histories.of]
    late = fit.alpha + few.observed / fit.unit_days
    rate = rng.gamma(fit.r + few.repeats) / late
    leaves = np.maximum(rng.beta(fit.a, np.maximum(fit.b + few.repeats + fit.shift, 1e-9)), 1e-12)
    orders = rng.poisson(np.minimum(rate * days / fit.unit_days, 1e6))
    return np.asarray(np.where(stays, np.minimum(orders, rng.geometric(leaves)), 0), dtype=np.float64)


def _revenue_by_chance(
    spending: Spending | Unknown, few: Purchases, orders: FloatArray, value: FloatArray, rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    if isinstance(spending, Unknown):
        return orders * value
    level = rng.gamma(spending.p * few.paid_days + spending.q) / (spending.gamma + few.paid)
    drawn = rng.gamma(np.maximum(spending.p * orders, 1e-12)) / np.maximum(level, 1e-12)
    return np.where(orders > 0, drawn, 0.0)
