"""How far the forecast can be trusted: made at an earlier date, and held against what customers did since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow.compute as pc

from segmentation import formats
from segmentation.clv.histories import Histories, Purchases
from segmentation.clv.lifetime import total_orders
from segmentation.clv.outlook import Outlook
from segmentation.clv.repeat_buying import Model, RepeatBuying, expected_orders, fit_repeat_buying
from segmentation.clv.spending import fit_spending, order_value
from segmentation.customers import FloatArray
from segmentation.estimates import Estimate, Unknown

TENTHS = 10
BASELINES = {
    "same_again": "as many orders as in the days before",
    "own_rate": "each customer's own rate so far",
    "average": "everyone the average of the days before",
    "nobody": "nobody orders again",
}
"""The plain forecasts that the model is held against, and what each says."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """How a forecast of orders did.

    name: "model", or one of `BASELINES`.
    mae: mean absolute error, in orders per customer.
    rmse: root of the mean squared error, in orders per customer.
    total: orders expected of all customers together.
    """

    name: str
    mae: float
    rmse: float
    total: float


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of the customers, those of whom most was expected first.

    customers: how many there are.
    expected: orders that the model expected, mean per customer.
    actual: orders that there were, mean per customer.
    low, high: the 95 % interval of `actual`.
    plain: orders that the best plain forecast expected, mean per customer.
    """

    customers: int
    expected: float
    actual: float
    low: float
    high: float
    plain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdout:
    """A forecast made at an earlier date, and what happened.

    on: the day on which it would have been made.
    days: how many days it looked ahead.
    buying: the model as fitted on that day.
    customers: how many were known by then.
    actual: orders after the first that all of them had in those days.
    total: orders that the model expected of all of them, with a 95 % prediction interval.
    correlation: Pearson's, of the orders expected and those that came, over customers.
    model: how the model did.
    baselines: how the plain forecasts did.
    tenths: ten groups of customers, those of whom most was expected first.
    top_share: share (0..1) of the revenue that came from the tenth of whom most revenue was expected.
    winner: the forecast with the least squared error, "model" or one of `BASELINES`; None where chance explains the
        difference.
    verdict: all that in sentences.
    """

    on: date
    days: int
    buying: RepeatBuying
    customers: int
    actual: int
    total: Estimate
    correlation: float
    model: Forecast
    baselines: tuple[Forecast, ...]
    tenths: tuple[Tenth, ...]
    top_share: float
    winner: str | None
    verdict: str


def hold_out(
    before: Purchases,
    then: Purchases,
    now: Purchases,
    look: Outlook | None = None,
    *,
    unit_days: float = 1.0,
    model: Model = "bg",
) -> Holdout | Unknown:
    """The forecast at `then` of what had happened by `now`; `before` is as far back again, for the plain forecasts.

    `look` is what was taken into account by then, with its model; without one, only each customer's own history is.
    """
    days = (now.as_of - then.as_of).days
    passed = then if look is None else look.clock.of(then)
    buying = fit_repeat_buying(passed, unit_days=unit_days, model=model if look is None else look.model)
    if isinstance(buying, Unknown):
        return Unknown(f"By {formats.day(then.as_of)}, when it would have been made: {buying.reason}")
    histories = Histories.grouped(passed)
    ahead = days if look is None else look.clock.ahead(then.as_of, days)
    expected = expected_orders(buying, histories, ahead)[histories.of]
    actual, revenue = _since(then, now)
    recent, _ = _since(before, then, of=then)
    window_days = max((then.as_of - before.as_of).days, 1)
    forecasts = {"model": expected, **_plain(then, recent * days / window_days, days)}
    judged = {name: _judge(name, forecast, actual) for name, forecast in forecasts.items()}
    best = min((one for one in judged.values() if one.name != "model"), key=lambda one: one.rmse)
    winner = _winner(expected, forecasts[best.name], actual, best.name)
    total = total_orders(buying, then, days, look)
    worth = expected * order_value(fit_spending(then), then)
    return Holdout(
        on=then.as_of,
        days=days,
        buying=buying,
        customers=then.n,
        actual=int(actual.sum()),
        total=total,
        correlation=_correlation(expected, actual),
        model=judged.pop("model"),
        baselines=tuple(judged.values()),
        tenths=_tenths(expected, actual, forecasts[best.name]),
        top_share=_top_share(worth, revenue),
        winner=winner,
        verdict=_verdict(winner, judged, days, total, int(actual.sum())),
    )


def _since(then: Purchases, now: Purchases, *, of: Purchases | None = None) -> tuple[FloatArray, FloatArray]:
    """Orders and revenue of each customer between the two dates, shape (n,), for the customers known at `then`, or
    those of `of`, where somebody who was not known yet had the orders after the first."""
    who = of or then
    at = np.asarray(pc.fill_null(pc.index_in(who.ids, value_set=now.ids), 0))
    earlier = np.asarray(pc.fill_null(pc.index_in(who.ids, value_set=then.ids), -1))
    known = earlier >= 0
    orders, paid = now.repeats[at].astype(np.float64), now.paid[at].copy()
    if then.n:
        orders -= np.where(known, then.repeats[np.maximum(earlier, 0)], 0)
        paid -= np.where(known, then.paid[np.maximum(earlier, 0)], 0.0)
    return np.maximum(orders, 0.0), np.maximum(paid, 0.0)


def _plain(then: Purchases, recent: FloatArray, days: int) -> dict[str, FloatArray]:
    watched = np.maximum(then.observed, 1)
    return {
        "same_again": recent,
        "own_rate": then.repeats / watched * days,
        "average": np.full(then.n, recent.mean()),
        "nobody": np.zeros(then.n),
    }


def _judge(name: str, forecast: FloatArray, actual: FloatArray) -> Forecast:
    off = forecast - actual
    return Forecast(name, float(np.abs(off).mean()), float(np.sqrt((off**2).mean())), float(forecast.sum()))


def _winner(expected: FloatArray, plain: FloatArray, actual: FloatArray, name: str) -> str | None:
    """Who has the smaller squared error, where the difference is beyond chance."""
    gain = (plain - actual) ** 2 - (expected - actual) ** 2
    error = gain.std() / np.sqrt(len(gain))
    if abs(gain.mean()) <= 1.96 * error:
        return None
    return "model" if gain.mean() > 0 else name


def _verdict(winner: str | None, plain: dict[str, Forecast], days: int, total: Estimate, actual: int) -> str:
    best = BASELINES[min(plain.values(), key=lambda one: one.rmse).name]
    off = f"For {days} days it expected {total.value:,.0f} orders, and there were {actual:,}"
    gap = formats.change(total.value, actual)
    off += f" ({gap})." if gap else "."
    if not total.low <= actual <= total.high:
        off += " That is outside its interval: something came that no earlier forecast had shown."
    off += _nearer(plain, total.value, actual)
    if winner == "model":
        return f"The model tells customers apart better than the best plain forecast ({best}). {off}"
    if winner is None:
        return f"The model does not beat the best plain forecast ({best}) by more than chance. {off}"
    return f"A plain forecast does better here: {best}. {off}"


def _nearer(plain: dict[str, Forecast], model: float, actual: int) -> str:
    """Which plain forecast of the total came nearer, with its figure; "" where none did."""
    name, one = min(plain.items(), key=lambda pair: abs(pair[1].total - actual))
    if abs(one.total - actual) >= abs(model - actual):
        return ""
    return f" In total a plain forecast came nearer: {BASELINES[name]}, {one.total:,.0f}."


def _tenths(expected: FloatArray, actual: FloatArray, plain: FloatArray) -> tuple[Tenth, ...]:
    order = np.argsort(-expected, kind="stable")
    tenths = []
    for rows in np.array_split(order, TENTHS):
        mean, around = float(actual[rows].mean()), 1.96 * float(actual[rows].std() / np.sqrt(max(len(rows), 1)))
        low, high = max(mean - around, 0.0), mean + around
        tenths.append(Tenth(len(rows), float(expected[rows].mean()), mean, low, high, float(plain[rows].mean())))
    return tuple(tenths)


def _top_share(worth: FloatArray, revenue: FloatArray) -> float:
    top = np.argsort(-worth, kind="stable")[: max(len(worth) // TENTHS, 1)]
    whole = float(revenue.sum())
    return float(revenue[top].sum()) / whole if whole > 0 else 0.0


def _correlation(one: FloatArray, other: FloatArray) -> float:
    spread = float(one.std() * other.std())
    return float(((one - one.mean()) * (other - other.mean())).mean() / spread) if spread > 0 else 0.0
