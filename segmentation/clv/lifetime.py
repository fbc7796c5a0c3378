"""What customers are likely to spend from here on: expected orders times what an order is worth, with its doubt.

What depends on nobody's choice is worked out once per customer, in steps of a quarter of a year (`Scores`). Margin,
discount rate, horizon and the grouping follow a slider, so `lifetime_value` only adds up.

An interval holds two doubts of the model: that of the parameters, and that of chance, since even a perfect model does
not know who will order. Where forecasts made at earlier dates ask for a wider one, it is as wide as they ask for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from segmentation.assumptions import USUAL, USUAL_MARGIN, ShopAssumptions
from segmentation.clv.histories import Histories, Purchases
from segmentation.clv.intervals import (
    DRAWS,
    SEED,
    SMALL,
    Doubts,
    Wide,
    joint_covariance,
    noise_of,
    orders_by_chance,
    slopes_of,
    sums_of_groups,
)
from segmentation.clv.outlook import Outlook
from segmentation.clv.past_forecasts import Of, kinds_of, log_half_width
from segmentation.clv.repeat_buying import RepeatBuying, chance_again, expected_orders
from segmentation.clv.spending import Spending, order_value
from segmentation.customers import CodeArray, Float32Array, FloatArray
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Estimate, Unknown
from segmentation.timeline import MEAN_YEAR

STEP_DAYS = MEAN_YEAR / 4
STEPS = 8
HORIZONS = (1, 2, 4, 8)
"""Quarters for which an interval can be given: 3, 6, 12 and 24 months."""

MONTHS = tuple(3 * quarters for quarters in HORIZONS)
HORIZON_DAYS = tuple(STEP_DAYS * quarters for quarters in HORIZONS)
SAMPLE = 20_000
AGAIN_DAYS = 90


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
    value: what one order is worth in shop currency at today's prices, shape (n,).
    prices: what it is worth in each quarter over that, shape (STEPS,).
    kinds: the kind of each customer, see `past_forecasts`, shape (n,).
    again: the chance (0..1) to order within AGAIN_DAYS, shape (n,).
    slopes: by how much the revenue expected of the first m customers within each horizon moves with the logarithm of
        each parameter, in shop currency, shape (m, horizons, parameters).
    noise: the variance of that revenue by chance, in shop currency squared, shape (m, horizons).
    """

    orders: Float32Array
    value: Float32Array
    prices: FloatArray
    kinds: CodeArray
    again: Float32Array
    slopes: Float32Array
    noise: Float32Array

    @property
    def n(self) -> int:
        return len(self.value)

    def orders_within(self, months: int) -> FloatArray:
        """The repeat days expected within so many months, of whole quarters, shape (n,)."""
        return np.asarray(self.orders[:, months // 3 - 1], dtype=np.float64)

    def spend_within(self, months: int) -> FloatArray:
        """What those orders are worth in shop currency, shape (n,)."""
        return self.weighted(np.ones(months // 3))

    def weighted(self, weights: FloatArray) -> FloatArray:
        """What the orders of the first quarters are worth where a unit of revenue counts so much, shape (n,)."""
        each = weights * self.prices[: len(weights)]
        # Σ w_k (N_k - N_(k-1)) without the differences in memory
        steps = each - np.append(each[1:], 0.0)
        return np.asarray(self.orders[:, : len(weights)].astype(np.float64) @ steps * self.value)


def score(
    buying: RepeatBuying, spending: Spending | Unknown, purchases: Purchases, look: Outlook | None = None
) -> Scores:
    """What is expected of every customer; without a model of spending every order is worth the usual amount.

    `buying` was fitted on the clock of `look`.
    """
    passed, on = _passed(purchases, look), purchases.as_of
    histories = Histories.grouped(passed)
    quarters = [_ahead(on, STEP_DAYS * step, look) for step in range(1, STEPS + 1)]
    ahead = np.stack([expected_orders(buying, histories, days) for days in quarters], axis=1)
    few, horizons = passed.first(SAMPLE), [quarters[step - 1] for step in HORIZONS]
    rise = 1.0 if look is None else look.value
    return Scores(
        orders=ahead.astype(np.float32)[histories.of],
        value=(order_value(spending, purchases) * rise).astype(np.float32),
        prices=_prices(look),
        kinds=kinds_of(purchases),
        again=chance_again(buying, histories, _ahead(on, AGAIN_DAYS, look)).astype(np.float32)[histories.of],
        slopes=slopes_of(buying, spending, few, horizons),
        noise=noise_of(buying, spending, few, horizons),
    )


def forecast_each(
    buying: RepeatBuying, spending: Spending | Unknown, purchases: Purchases, days: float, look: Outlook
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Orders and spend expected of each customer in the next `days` days, and the chance to order; each shape (n,)."""
    histories, ahead = Histories.grouped(look.clock.of(purchases)), look.clock.ahead(purchases.as_of, days)
    orders = expected_orders(buying, histories, ahead)[histories.of]
    spend = _at_prices(buying, histories, purchases.as_of, days, look) * order_value(spending, purchases)
    return orders, spend, chance_again(buying, histories, ahead)[histories.of]


def chance_within(buying: RepeatBuying, purchases: Purchases, days: float, look: Outlook) -> FloatArray:
    """The chance of each customer to order in the next `days` days, shape (n,)."""
    histories = Histories.grouped(look.clock.of(purchases))
    return chance_again(buying, histories, look.clock.ahead(purchases.as_of, days))[histories.of]


def _passed(purchases: Purchases, look: Outlook | None) -> Purchases:
    return purchases if look is None else look.clock.of(purchases)


def _ahead(on: date, days: float, look: Outlook | None) -> float:
    return days if look is None else look.clock.ahead(on, days)


def _prices(look: Outlook | None) -> FloatArray:
    return (
        np.ones(STEPS)
        if look is None
        else np.array([look.price(STEP_DAYS * k, STEP_DAYS * (k + 1)) for k in range(STEPS)])
    )


def forecast_value(
    buying: RepeatBuying,
    spending: Spending | Unknown,
    purchases: Purchases,
    days: float,
    labels: CodeArray | None = None,
    groups: int = 1,
    look: Outlook | None = None,
    of: Of = "revenue",
) -> tuple[Estimate, ...]:
    """The revenue expected of each group's customers in the next `days` days, in shop currency, not discounted."""
    passed, ahead = _passed(purchases, look), _ahead(purchases.as_of, days, look)
    histories, few = Histories.grouped(passed), passed.first(SAMPLE)
    each = order_value(spending, purchases)
    plain = expected_orders(buying, histories, ahead)[histories.of] * each
    value = (
        plain if look is None or of == "orders" else _at_prices(buying, histories, purchases.as_of, days, look) * each
    )
    doubts = Doubts(
        slopes_of(buying, spending, few, (ahead,))[:, 0],
        noise_of(buying, spending, few, (ahead,))[:, 0],
        joint_covariance(buying, spending),
    )
    wide = None if look is None else Wide(look, days, of, kinds_of(purchases))
    return sums_of_groups(value, plain, doubts, labels, groups, wide)


def forecast_orders(
    buying: RepeatBuying,
    purchases: Purchases,
    days: float,
    labels: CodeArray | None = None,
    groups: int = 1,
    look: Outlook | None = None,
) -> tuple[Estimate, ...]:
    """The repeat days expected of each group's customers in the next `days` days."""
    one = replace(purchases, paid=np.ones(purchases.n), paid_days=np.ones(purchases.n, dtype=np.int32))
    return forecast_value(buying, Unknown("Every order counts as one."), one, days, labels, groups, look, "orders")


def _at_prices(buying: RepeatBuying, histories: Histories, on: date, days: float, look: Outlook) -> FloatArray:
    """Orders of each customer in the next `days` days, each at the prices of its quarter."""
    edges = [*np.arange(0.0, days, STEP_DAYS).tolist(), days] if look.prices != "steady" else [0.0, days]
    total, before = np.zeros(histories.distinct), np.zeros(histories.distinct)
    for start, end in pairwise(edges):
        orders = expected_orders(buying, histories, look.clock.ahead(on, end))
        total += (orders - before) * look.value * look.price(start, end)
        before = orders
    return np.asarray(total[histories.of])


def lifetime_value(
    scores: Scores,
    covariance: FloatArray | None,
    terms: Terms,
    labels: CodeArray | None = None,
    groups: int = 1,
    look: Outlook | None = None,
) -> tuple[Estimate, ...]:
    """The value of each group's customers within the horizon, in shop currency; everyone where there are no labels.

    `covariance` is that of the logarithms of the parameters (see `joint_covariance`); None leaves their doubt out.
    """
    at = HORIZONS.index(terms.steps)
    plain = np.asarray(scores.orders[:, terms.steps - 1] * scores.value, dtype=np.float64)
    doubts = Doubts(scores.slopes[:, at], scores.noise[:, at], covariance)
    wide = None if look is None else Wide(look, terms.steps * STEP_DAYS, "revenue", scores.kinds)
    return sums_of_groups(value_of_each(scores, terms), plain, doubts, labels, groups, wide)


def value_of_each(scores: Scores, terms: Terms) -> FloatArray:
    """The value of every customer within the horizon, shape (n,), in shop currency."""
    return scores.weighted(terms.weights())


def total_orders(buying: RepeatBuying, purchases: Purchases, days: float, look: Outlook | None = None) -> Estimate:
    """The orders that all customers together will have in the next `days` days, with a 95 % prediction interval."""
    asked, days = days, _ahead(purchases.as_of, days, look)
    purchases = _passed(purchases, look)
    histories = Histories.grouped(purchases)

    def total(fit: RepeatBuying) -> float:
        return float(histories.customers @ expected_orders(fit, histories, days))

    middle, logs = total(buying), np.log(buying.parameters)
    doubt = 0.0
    if buying.covariance:
        sides = np.eye(4) * SMALL
        slope = np.array(
            [(total(buying.at(np.exp(logs + s))) - total(buying.at(np.exp(logs - s)))) / (2 * SMALL) for s in sides]
        )
        doubt = float(slope @ np.array(buying.covariance) @ slope)
    few = purchases.first(SAMPLE)
    distinct = Histories.grouped(few)
    usual = expected_orders(buying, distinct, days)[distinct.of]
    rng = np.random.default_rng(SEED)
    spread = np.mean([(orders_by_chance(buying, few, days, rng) - usual) ** 2 for _ in range(DRAWS)])
    around = 1.96 * float(np.sqrt(doubt + float(spread) * purchases.n))
    half = 0.0 if look is None else log_half_width(look.past, asked, "orders")
    low, high = min(max(middle - around, 0.0), middle * np.exp(-half)), max(middle + around, middle * np.exp(half))
    return Estimate(middle, float(low), float(high), purchases.n)
