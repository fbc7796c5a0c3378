"""What customers are likely to spend from here on: expected orders times what an order is worth, with its doubt.

What depends on nobody's choice is worked out once per customer, in steps of a quarter of a year (`Scores`). Margin,
discount rate, horizon and the grouping follow a slider, so `lifetime_value` only adds up.

An interval holds two doubts: that of the parameters, and that of chance, since even a perfect model does not know who
will order. Both come from a random sample of customers and count for as many as there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.assumptions import USUAL, USUAL_MARGIN, ShopAssumptions
from segmentation.clv.histories import Histories, Purchases
from segmentation.clv.repeat_buying import RepeatBuying, alive, chance_again, expected_orders
from segmentation.clv.spending import Spending, expected_value
from segmentation.customers import CodeArray, Float32Array, FloatArray
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Estimate, Unknown
from segmentation.timeline import MEAN_YEAR

STEP_DAYS = MEAN_YEAR / 4
STEPS = 8
HORIZONS = (1, 2, 4, 8)
"""Quarters for which an interval can be given: 3, 6, 12 and 24 months."""

MONTHS = tuple(3 * quarters for quarters in HORIZONS)
_HORIZON_DAYS = tuple(STEP_DAYS * quarters for quarters in HORIZONS)
SAMPLE, DRAWS, FEWEST_IN_GROUP = 20_000, 8, 100
AGAIN_DAYS = 90
_SMALL = 1e-4  # a step in the logarithm of a parameter
_SEED = 20_261_126


def possible_months(history_days: int) -> tuple[int, ...]:
    """The horizons in months that this much history can answer: at most twice as long; the shortest in any case."""
    return tuple(months for months in MONTHS if months * MEAN_YEAR / 12 <= 2 * history_days) or MONTHS[:1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What turns orders into money.

    margin: the share (0..1) of revenue left after the cost of the goods.
    discount: the discount rate a year (0.1 is 10 %).
    months: how far ahead, one of `MONTHS`.
    """

    margin: float = USUAL_MARGIN
    discount: float = USUAL.discount
    months: int = 12

    def __post_init__(self) -> None:
        if not 0 <= self.margin <= 1:
            raise SettingOutOfRange("margin", self.margin, low=0, high=1)
        if not 0 <= self.discount <= 1:
            raise SettingOutOfRange("discount", self.discount, low=0, high=1)
        if self.months not in MONTHS:
            raise SettingOutOfRange("months", self.months, allowed=[str(months) for months in MONTHS])

    @classmethod
    def of(cls, shop: ShopAssumptions, months: int = 12) -> Terms:
        """The terms that a shop's assumptions give."""
        return cls(margin=shop.margin.share, discount=shop.values.discount, months=months)

    @property
    def steps(self) -> int:
        """The horizon in quarters."""
        return self.months // 3

    def weights(self) -> FloatArray:
        """What a unit of revenue in each quarter adds to value, shape (steps,): paid in its middle."""
        years = (np.arange(self.steps) + 0.5) * STEP_DAYS / MEAN_YEAR
        return np.asarray(self.margin * (1 + self.discount) ** -years)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What is expected of each customer, in the order of the customer table.

    orders: repeat days expected by the end of each quarter from the as-of date on, shape (n, STEPS).
    value: what one order is worth in shop currency, shape (n,).
    again: the chance (0..1) to order within AGAIN_DAYS, shape (n,).
    slopes: by how much the revenue expected of the first m customers within each horizon moves with the logarithm of
        each parameter, in shop currency, shape (m, horizons, parameters).
    noise: the variance of that revenue by chance, in shop currency squared, shape (m, horizons).
    """

    orders: Float32Array
    value: Float32Array
    again: Float32Array
    slopes: Float32Array
    noise: Float32Array

    @property
    def n(self) -> int:
        return len(self.value)

    def orders_within(self, months: int) -> FloatArray:
        """The repeat days expected within so many months, of whole quarters, shape (n,)."""
        return np.asarray(self.orders[:, months // 3 - 1], dtype=np.float64)


def score(buying: RepeatBuying, spending: Spending | Unknown, purchases: Purchases) -> Scores:
    """What is expected of every customer; without a model of spending every order is worth the usual amount."""
    histories = Histories.grouped(purchases)
    ahead = np.stack([expected_orders(buying, histories, STEP_DAYS * step) for step in range(1, STEPS + 1)], axis=1)
    few = purchases.first(SAMPLE)
    return Scores(
        orders=ahead.astype(np.float32)[histories.of],
        value=order_value(spending, purchases).astype(np.float32),
        again=chance_again(buying, histories, AGAIN_DAYS).astype(np.float32)[histories.of],
        slopes=_slopes(buying, spending, few, _HORIZON_DAYS),
        noise=_noise(buying, spending, few, _HORIZON_DAYS),
    )


def forecast_value(
    buying: RepeatBuying,
    spending: Spending | Unknown,
    purchases: Purchases,
    days: float,
    labels: CodeArray | None = None,
    groups: int = 1,
) -> tuple[Estimate, ...]:
    """The revenue expected of each group's customers in the next `days` days, in shop currency, not discounted."""
    histories, few = Histories.grouped(purchases), purchases.first(SAMPLE)
    value = expected_orders(buying, histories, days)[histories.of] * order_value(spending, purchases)
    doubts = _Doubts(
        _slopes(buying, spending, few, (days,))[:, 0],
        _noise(buying, spending, few, (days,))[:, 0],
        joint_covariance(buying, spending),
    )
    return _by_group(value, value, doubts, labels, groups)


def order_value(spending: Spending | Unknown, purchases: Purchases) -> FloatArray:
    """What an order of each customer is worth, shape (n,)."""
    if isinstance(spending, Unknown):
        return np.full(purchases.n, float(purchases.paid.sum() / max(purchases.paid_days.sum(), 1)))
    return expected_value(spending, purchases)


def lifetime_value(
    scores: Scores, covariance: FloatArray | None, terms: Terms, labels: CodeArray | None = None, groups: int = 1
) -> tuple[Estimate, ...]:
    """The value of each group's customers within the horizon, in shop currency; everyone where there are no labels.

    `covariance` is that of the logarithms of the parameters (see `joint_covariance`); None leaves their doubt out.
    """
    at = HORIZONS.index(terms.steps)
    plain = np.asarray(scores.orders[:, terms.steps - 1] * scores.value, dtype=np.float64)
    doubts = _Doubts(scores.slopes[:, at], scores.noise[:, at], covariance)
    return _by_group(value_of_each(scores, terms), plain, doubts, labels, groups)


@dataclass(frozen=True, slots=True, eq=False)
class _Doubts:
    """What a random sample of customers says of the doubt of one forecast, see `Scores`."""

    slopes: Float32Array  # shape (m, parameters)
    noise: Float32Array  # shape (m,)
    covariance: FloatArray | None


def _by_group(
    value: FloatArray, plain: FloatArray, doubts: _Doubts, labels: CodeArray | None, groups: int
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
        estimates.append(Estimate(middle, max(middle - around, 0.0), middle + around, int(people[group])))
    return tuple(estimates)


def value_of_each(scores: Scores, terms: Terms) -> FloatArray:
    """The value of every customer within the horizon, shape (n,), in shop currency."""
    weights = terms.weights()
    # Σ w_k (N_k - N_(k-1)) without the differences in memory
    steps = weights - np.append(weights[1:], 0.0)
    return np.asarray(scores.orders[:, : terms.steps].astype(np.float64) @ steps * scores.value)


def joint_covariance(buying: RepeatBuying, spending: Spending | Unknown) -> FloatArray | None:
    """The covariance of the logarithms of r, alpha, a, b, p, q and gamma, shape (7, 7), which are fitted apart."""
    if not buying.covariance:
        return None
    whole = np.zeros((7, 7))
    whole[:4, :4] = buying.covariance
    if not isinstance(spending, Unknown) and spending.covariance:
        whole[4:, 4:] = spending.covariance
    return whole


def total_orders(buying: RepeatBuying, purchases: Purchases, days: float) -> Estimate:
    """The orders that all customers together will have in the next `days` days, with a 95 % prediction interval."""
    histories = Histories.grouped(purchases)

    def total(fit: RepeatBuying) -> float:
        return float(histories.customers @ expected_orders(fit, histories, days))

    middle, logs = total(buying), np.log(buying.parameters)
    doubt = 0.0
    if buying.covariance:
        sides = np.eye(4) * _SMALL
        slope = np.array(
            [(total(buying.at(np.exp(logs + s))) - total(buying.at(np.exp(logs - s)))) / (2 * _SMALL) for s in sides]
        )
        doubt = float(slope @ np.array(buying.covariance) @ slope)
    few = purchases.first(SAMPLE)
    distinct = Histories.grouped(few)
    usual = expected_orders(buying, distinct, days)[distinct.of]
    rng = np.random.default_rng(_SEED)
    spread = np.mean([(_orders_by_chance(buying, few, days, rng) - usual) ** 2 for _ in range(DRAWS)])
    around = 1.96 * float(np.sqrt(doubt + float(spread) * purchases.n))
    return Estimate(middle, max(middle - around, 0.0), middle + around, purchases.n)


def _slopes(
    buying: RepeatBuying, spending: Spending | Unknown, few: Purchases, horizons: Sequence[float]
) -> Float32Array:
    histories, value = Histories.grouped(few), order_value(spending, few)
    slopes = np.zeros((few.n, len(horizons), 7), dtype=np.float32)
    logs = np.log(buying.parameters)
    for at, days in enumerate(horizons):
        for i, side in enumerate(np.eye(4) * _SMALL):
            up, down = (expected_orders(buying.at(np.exp(logs + s)), histories, days) for s in (side, -side))
            slopes[:, at, i] = ((up - down) / (2 * _SMALL))[histories.of] * value
        if isinstance(spending, Unknown):
            continue
        orders, log_spend = expected_orders(buying, histories, days)[histories.of], np.log(spending.parameters)
        for i, side in enumerate(np.eye(3) * _SMALL):
            up, down = (expected_value(spending.at(np.exp(log_spend + s)), few) for s in (side, -side))
            slopes[:, at, 4 + i] = (up - down) / (2 * _SMALL) * orders
    return slopes


def _noise(
    buying: RepeatBuying, spending: Spending | Unknown, few: Purchases, horizons: Sequence[float]
) -> Float32Array:
    histories, value = Histories.grouped(few), order_value(spending, few)
    rng = np.random.default_rng(_SEED)
    noise = np.zeros((few.n, len(horizons)), dtype=np.float32)
    for at, days in enumerate(horizons):
        usual = expected_orders(buying, histories, days)[histories.of] * value
        squares = np.zeros(few.n)
        for _ in range(DRAWS):
            orders = _orders_by_chance(buying, few, days, rng)
            squares += (_revenue_by_chance(spending, few, orders, value, rng) - usual) ** 2
        noise[:, at] = squares / DRAWS
    return noise


def _orders_by_chance(fit: RepeatBuying, few: Purchases, days: float, rng: np.random.Generator) -> FloatArray:
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
