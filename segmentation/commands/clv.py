"""Customer lifetime value, from the command line."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from segmentation import formats
from segmentation.analysis import Analysis, ClvResult, ClvSettings
from segmentation.assumptions import Margin, ShopAssumptions
from segmentation.clv import (
    Holdout,
    Outlook,
    RepeatBuying,
    Spending,
    Terms,
    followed,
    forecast_each,
    forecast_orders,
    forecast_value,
    joint_covariance,
    lifetime_value,
    possible_months,
    why_so_wide,
)
from segmentation.commands.figures import figure, unknown
from segmentation.commands.handing_out import hand_out
from segmentation.commands.opening import for_this_call, opened_shop
from segmentation.commands.result import Result
from segmentation.errors import DataError, NotEnoughData, SettingOutOfRange, WrongCall
from segmentation.estimates import Estimate, Unknown
from segmentation.exports import refuse_target, spreadsheet_csv
from segmentation.timeline import MEAN_YEAR
from segmentation.workspace.codec import to_json

UNITS = {"day": 1.0, "week": 7.0}
COLUMNS = ("customer_id", "expected_orders", "value_per_order", "expected_value", "chance_to_order", "as_of", "model")


@dataclass(frozen=True, slots=True)
class _Value:
    """What the customers are expected to spend and order within the horizon, together and by segment."""

    total: Estimate | Unknown
    segments: dict[str, Estimate] | Unknown
    orders: Estimate | Unknown
    orders_of: dict[str, Estimate] | Unknown

    @classmethod
    def unknown(cls, reason: str) -> _Value:
        return cls(*[Unknown(reason)] * 4)


@dataclass(frozen=True, slots=True)
class _Lifetime:
    """What all customers leave within `terms.months` months, and the margin that counts."""

    total: Estimate
    terms: Terms
    margin: Margin

    def to_json(self) -> dict[str, Any]:
        return {**to_json(self.terms), "margin_source": self.margin.source, "total": figure(self.total)}

    def sentence(self, currency: str | None) -> str:
        """ "Lifetime value in 12 months: € 1,000 (€ 900–1,100), at a margin of 30 % (assumed) …"."""
        spread = formats.money_interval(self.total.low, self.total.high, currency)
        said = (
            f"Lifetime value in {self.terms.months} months: {formats.money(self.total.value, currency)} ({spread}), at "
            f"a margin of {formats.percent(self.terms.margin)} ({self.margin.source}), "
            f"discounted by {formats.percent(self.terms.discount)} a year"
        )
        return f"{said}\n{self.margin.beyond()}".strip()


def clv(options: argparse.Namespace) -> Result:
    """Expected orders and value; with a calibration end, the parameters are those fitted up to it."""
    if options.out is not None:
        refuse_target(options.out, replace=options.force)
    shop, horizon = opened_shop(options), options.horizon
    assumed = for_this_call(shop, options, "margin", "discount")
    if horizon < 1:
        raise SettingOutOfRange("--horizon", horizon, low=1, high="twice the history")
    end = options.calibration_end
    _check_end(shop, end)
    settings = ClvSettings(fitted_until=end, unit_days=UNITS[options.unit], model=options.model)
    result = shop.clv(settings).get()
    start = time.perf_counter()
    value, lifetime = _value(shop, result, horizon), _lifetime(shop, result, assumed, horizon)
    seconds = {**result.seconds, "value": time.perf_counter() - start}
    body: dict[str, Any] = {
        "dataset": options.dataset,
        "as_of": shop.as_of.isoformat(),
        "repeat_buying": _buying(result.buying),
        "spending": _spending(result.spending),
        "holdout": _holdout(result.holdout),
        "value": _horizon(horizon, value.total, value.segments),
        "orders": _horizon(horizon, value.orders, value.orders_of),
        "outlook": _outlook(result.outlook, horizon),
        "lifetime_value": unknown(lifetime) if isinstance(lifetime, Unknown) else lifetime.to_json(),
        "assumptions": assumed.to_json(),
        "careful": shop.careful(),
        "seconds": seconds,
    }
    if options.out is not None:
        body["file"] = _write_scores(options, shop, result, horizon)
    return Result(body, _text(shop, result, value, lifetime, horizon))


def _check_end(shop: Analysis, end: date | None) -> None:
    """Raise where the models cannot learn up to this day and be held against what happened after it."""
    first, last = shop.version.manifest.first, shop.as_of - timedelta(days=2)
    if end is not None and last < first:
        raise NotEnoughData(
            "days of orders to learn from some and hold back others",
            have=(shop.as_of - first).days,
            need=2,
            next_step="Leave --calibration-end away, or add a longer export.",
        )
    if end is not None and not first <= end <= last:
        raise SettingOutOfRange("--calibration-end", end, low=first, high=last)


def _value(shop: Analysis, result: ClvResult, horizon: int) -> _Value:
    history = (shop.as_of - shop.version.manifest.first).days
    if isinstance(result.buying, Unknown) or isinstance(result.outlook, Unknown):
        why = next(one.reason for one in (result.buying, result.outlook) if isinstance(one, Unknown))
        return _Value.unknown(why)
    if horizon > 2 * history:
        return _Value.unknown(
            f"The history is {history} days long; it says nothing about more than {2 * history} days ahead."
        )
    customers, look = shop.purchases().get(), result.outlook
    (total,) = forecast_value(result.buying, result.spending, customers, horizon, look=look)
    (orders,) = forecast_orders(result.buying, customers, horizon, look=look)
    try:
        segments = shop.study().segmentation
    except DataError as error:
        return _Value(total, Unknown(str(error)), orders, Unknown(str(error)))
    names, groups = [one.name for one in segments.segments], (segments.labels, len(segments.segments), look)
    each = forecast_value(result.buying, result.spending, customers, horizon, *groups)
    ordered = forecast_orders(result.buying, customers, horizon, *groups)
    return _Value(total, dict(zip(names, each, strict=True)), orders, dict(zip(names, ordered, strict=True)))


def _lifetime(shop: Analysis, result: ClvResult, assumed: ShopAssumptions, horizon: int) -> _Lifetime | Unknown:
    """The margin of all customers together, as the screen shows it, over the months that are nearest to the horizon."""
    if isinstance(result.buying, Unknown):
        return result.buying
    if result.scores is None or isinstance(result.outlook, Unknown):
        return Unknown("There are no scores.")
    offered = possible_months((shop.as_of - shop.version.manifest.first).days)
    terms = Terms.of(assumed, min(offered, key=lambda months: abs(months * MEAN_YEAR / 12 - horizon)))
    covariance = joint_covariance(result.buying, result.spending)
    (total,) = lifetime_value(result.scores, covariance, terms, look=result.outlook)
    return _Lifetime(total, terms, assumed.margin)


def _write_scores(options: argparse.Namespace, shop: Analysis, result: ClvResult, horizon: int) -> str:
    """Every customer's scores as CSV, each row with its date and model."""
    for one in (result.buying, result.outlook):
        if isinstance(one, Unknown):
            raise WrongCall("There are no scores to write.", evidence=one.reason, next_step="Leave --out away.")
    assert not isinstance(result.buying, Unknown)
    assert not isinstance(result.outlook, Unknown)
    customers = shop.purchases().get()
    orders, spend, chance = forecast_each(result.buying, result.spending, customers, horizon, result.outlook)
    value = np.where(orders > 0, spend / np.maximum(orders, 1e-12), 0.0)
    rows = zip(
        customers.ids.to_pylist(),
        np.round(orders, 4).tolist(),
        np.round(value, 2).tolist(),
        np.round(spend, 2).tolist(),
        np.round(chance, 4).tolist(),
        strict=True,
    )
    stamp = (shop.as_of.isoformat(), result.buying.name)
    data = spreadsheet_csv(COLUMNS, ((*row, *stamp) for row in rows))
    written = hand_out(
        shop.workspace,
        options.out,
        data,
        content="scores",
        version=shop.version,
        rows=customers.n,
        replace=options.force,
    )
    return str(written)


# As JSON --------------------------------------------------------------------------------------------------------


def _buying(fit: RepeatBuying | Unknown) -> dict[str, Any]:
    if isinstance(fit, Unknown):
        return unknown(fit)
    names = ("r", "alpha", "a", "b")
    return {
        "model": fit.name,
        "parameters": dict(zip(names, fit.parameters, strict=True)),
        "standard_errors": dict(zip(names, fit.errors, strict=True)) if fit.errors else {"unknown": fit.edge},
        "log_likelihood": fit.log_likelihood,
        "customers": fit.customers,
        "distinct_histories": fit.distinct,
    }


def _horizon(days: int, total: Estimate | Unknown, segments: dict[str, Estimate] | Unknown) -> dict[str, Any]:
    return {
        "horizon_days": days,
        "total": figure(total),
        "segments": unknown(segments)
        if isinstance(segments, Unknown)
        else [{"segment": name, **figure(one)} for name, one in segments.items()],
    }


def _outlook(look: Outlook | Unknown, days: int) -> dict[str, Any]:
    if isinstance(look, Unknown):
        return unknown(look)
    return {
        "rates": look.rates,
        "growth_in_a_year": look.growth,
        "season": look.season,
        "prices": look.prices,
        "price_growth_in_a_year": look.dearer,
        "earlier_forecasts": [
            {
                "from": one.on.isoformat(),
                "days": one.days,
                "expected_orders": sum(one.expected),
                "actual_orders": sum(one.actual),
                "expected_revenue": sum(one.expected_revenue),
                "actual_revenue": sum(one.actual_revenue),
            }
            for one in look.past
        ],
        "followed": followed(look),
        "interval": why_so_wide(look, days),
    }


def _spending(fit: Spending | Unknown) -> dict[str, Any]:
    if isinstance(fit, Unknown):
        return unknown(fit)
    return {
        "p": fit.p,
        "q": fit.q,
        "gamma": fit.gamma,
        "log_likelihood": fit.log_likelihood,
        "customers": fit.customers,
        "correlation_of_orders_and_value": figure(fit.depends),
    }


def _holdout(holdout: Holdout | Unknown) -> dict[str, Any]:
    if isinstance(holdout, Unknown):
        return unknown(holdout)
    return {
        "from": holdout.on.isoformat(),
        "days": holdout.days,
        "actual_orders": holdout.actual,
        "expected_orders": holdout.model.total,
        "interval": [holdout.total.low, holdout.total.high],
        "correlation": holdout.correlation,
        "mae": holdout.model.mae,
        "rmse": holdout.model.rmse,
        "top_decile_revenue": holdout.top_share,
        "baselines": {one.name: {"mae": one.mae, "rmse": one.rmse, "total": one.total} for one in holdout.baselines},
        "winner": holdout.winner or {"unknown": "The difference is within chance."},
        "verdict": holdout.verdict,
    }


# As text --------------------------------------------------------------------------------------------------------


def _text(shop: Analysis, result: ClvResult, value: _Value, lifetime: _Lifetime | Unknown, horizon: int) -> str:
    currency, customers = shop.version.manifest.currency, shop.purchases().get()
    lines = [f"{shop.version.name}: {formats.count(customers.n, 'customer')} on {shop.as_of:%d %b %Y}", ""]
    if isinstance(value.total, Unknown):
        return "\n".join([*lines, value.total.reason])
    spread = formats.money_interval(value.total.low, value.total.high, currency)
    lines.append(f"Expected revenue in {horizon} days: {formats.money(value.total.value, currency)} ({spread})")
    if isinstance(value.segments, Unknown):
        lines.append(value.segments.reason)
    else:
        width = max(map(len, value.segments))
        lines += [
            f"  {name:<{width}}  {formats.money(one.value, currency):>12}  "
            f"({formats.money_interval(one.low, one.high, currency)})"
            for name, one in value.segments.items()
        ]
    if not isinstance(result.outlook, Unknown):
        lines += ["", followed(result.outlook), why_so_wide(result.outlook, horizon)]
    if careful := shop.careful():
        lines += ["", careful]
    lines += ["", lifetime.reason if isinstance(lifetime, Unknown) else lifetime.sentence(currency)]
    if isinstance(result.holdout, Unknown):
        return "\n".join([*lines, "", result.holdout.reason])
    lines += ["", result.holdout.verdict, "", f"{'Forecast':<12}  {'MAE':>7}  {'RMSE':>7}  {'Orders':>9}"]
    for one in (result.holdout.model, *result.holdout.baselines):
        lines.append(f"{one.name:<12}  {one.mae:>7.3f}  {one.rmse:>7.3f}  {one.total:>9,.0f}")
    return "\n".join([*lines, f"{'happened':<12}  {'':>7}  {'':>7}  {result.holdout.actual:>9,}"])
