"""What customers are worth, from the command line."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from segmentation import formats
from segmentation import study as story
from segmentation.commands.handing_out import hand_out
from segmentation.commands.opening import opened
from segmentation.commands.result import Result
from segmentation.engine import DuckEngine
from segmentation.errors import DataError, SettingOutOfRange, WrongCall
from segmentation.estimates import Estimate, Unknown
from segmentation.exports import refuse_target, spreadsheet_csv
from segmentation.predicting import dates_of_holdout
from segmentation.proving import StoredNumber
from segmentation.workspace import DatasetVersion, Workspace
from segmentation.worth import (
    Histories,
    Holdout,
    Purchases,
    RepeatBuying,
    Spending,
    chance_again,
    expected_orders,
    fit_repeat_buying,
    fit_spending,
    forecast_value,
    hold_out,
    order_value,
    purchases,
)

UNITS = {"day": 1.0, "week": 7.0}
COLUMNS = ("customer_id", "expected_orders", "value_per_order", "expected_value", "chance_to_order", "as_of", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was fitted, to whom it is applied, and how it did at an earlier date."""

    customers: Purchases
    buying: RepeatBuying | Unknown
    spending: Spending | Unknown
    holdout: Holdout | Unknown
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Value:
    """What the customers are expected to spend within the horizon, together and by segment."""

    total: Estimate | Unknown
    segments: dict[str, Estimate] | Unknown


def worth(options: argparse.Namespace) -> Result:
    """Expected orders and value; with a calibration end, the parameters are those fitted up to it."""
    if options.out is not None:
        refuse_target(options.out, replace=options.force)
    workspace = opened(options)
    version, engine = workspace.latest(options.dataset), DuckEngine.open(workspace.root)
    as_of, horizon = options.as_of or story.default_as_of(version), options.horizon
    if horizon < 1:
        raise SettingOutOfRange("--horizon", horizon, low=1, high="twice the history")
    found = _fit(engine, version, as_of, options)
    start = time.perf_counter()
    value = _value(workspace, engine, version, as_of, found, horizon)
    found.seconds["value"] = time.perf_counter() - start
    body: dict[str, Any] = {
        "dataset": options.dataset,
        "as_of": as_of.isoformat(),
        "repeat_buying": _buying(found.buying),
        "spending": _spending(found.spending),
        "holdout": _holdout(found.holdout),
        "value": {
            "horizon_days": horizon,
            "total": _unknown(value.total) if isinstance(value.total, Unknown) else _estimate(value.total),
            "segments": _unknown(value.segments)
            if isinstance(value.segments, Unknown)
            else [{"segment": name, **_estimate(one)} for name, one in value.segments.items()],
        },
        "seconds": found.seconds,
    }
    if options.out is not None:
        body["file"] = _write_scores(options, workspace, version, found, as_of, horizon)
    return Result(body, _text(options.dataset, found, value, horizon, version.manifest.currency))


def _fit(engine: DuckEngine, version: DatasetVersion, as_of: date, options: argparse.Namespace) -> _Found:
    """The models of the day, or of the calibration end, and what they did between an earlier date and that day."""
    start = time.perf_counter()
    today = purchases(engine, version, as_of)
    end = options.calibration_end
    if end is not None and not version.manifest.first <= end < as_of - timedelta(days=1):
        raise SettingOutOfRange("--calibration-end", end, low=version.manifest.first, high=as_of - timedelta(days=2))
    dates = dates_of_holdout(version, as_of, None if end is None else end + timedelta(days=1))
    read = time.perf_counter()
    unit = {"unit_days": UNITS[options.unit], "model": options.model}
    holdout: Holdout | Unknown
    if isinstance(dates, Unknown):
        holdout = dates
    else:
        before, then = (purchases(engine, version, on) for on in dates)
        holdout = hold_out(before, then, today, **unit)
    held = time.perf_counter()
    fitted = today if end is None else purchases(engine, version, end + timedelta(days=1))
    buying, spending = fit_repeat_buying(fitted, **unit), fit_spending(fitted)
    seconds = {"read": read - start, "holdout": held - read, "fit": time.perf_counter() - held}
    return _Found(customers=today, buying=buying, spending=spending, holdout=holdout, seconds=seconds)


def _value(
    workspace: Workspace, engine: DuckEngine, version: DatasetVersion, as_of: date, found: _Found, horizon: int
) -> _Value:
    history = (as_of - version.manifest.first).days
    if isinstance(found.buying, Unknown):
        return _Value(found.buying, found.buying)
    if horizon > 2 * history:
        reason = f"The history is {history} days long; it says nothing about more than {2 * history} days ahead."
        return _Value(Unknown(reason), Unknown(reason))
    (total,) = forecast_value(found.buying, found.spending, found.customers, horizon)
    try:
        customers = story.prepare(workspace, engine, version, as_of)
        names = story.features_for(customers, story.StudySettings())
        advice = StoredNumber.of(workspace, version, customers, names).compute(engine)
        shown = story.run(customers, story.StudySettings(), advice=advice).segmentation
    except DataError as error:
        return _Value(total, Unknown(str(error)))
    each = forecast_value(found.buying, found.spending, found.customers, horizon, shown.labels, len(shown.segments))
    return _Value(total, {one.name: value for one, value in zip(shown.segments, each, strict=True)})


def _write_scores(
    options: argparse.Namespace, workspace: Workspace, version: DatasetVersion, found: _Found, as_of: date, horizon: int
) -> str:
    """Every customer's scores as CSV, each row with its date and model."""
    if isinstance(found.buying, Unknown):
        raise WrongCall("There are no scores to write.", evidence=found.buying.reason, next_step="Leave --out away.")
    histories = Histories.grouped(found.customers)
    orders = expected_orders(found.buying, histories, horizon)[histories.of]
    value = order_value(found.spending, found.customers)
    chance = chance_again(found.buying, histories, horizon)[histories.of]
    rows = zip(
        found.customers.ids.to_pylist(),
        np.round(orders, 4).tolist(),
        np.round(value, 2).tolist(),
        np.round(orders * value, 2).tolist(),
        np.round(chance, 4).tolist(),
        strict=True,
    )
    stamp = (as_of.isoformat(), found.buying.name)
    data = spreadsheet_csv(COLUMNS, ((*row, *stamp) for row in rows))
    written = hand_out(
        workspace,
        options.out,
        data,
        content="scores",
        version=version,
        rows=found.customers.n,
        replace=options.force,
    )
    return str(written)


# As JSON --------------------------------------------------------------------------------------------------------


def _unknown(found: Unknown) -> dict[str, Any]:
    return {"unknown": found.reason}


def _estimate(one: Estimate) -> dict[str, float]:
    return {"value": one.value, "low": one.low, "high": one.high}


def _buying(fit: RepeatBuying | Unknown) -> dict[str, Any]:
    if isinstance(fit, Unknown):
        return _unknown(fit)
    names = ("r", "alpha", "a", "b")
    return {
        "model": fit.name,
        "parameters": dict(zip(names, fit.parameters, strict=True)),
        "standard_errors": dict(zip(names, fit.errors, strict=True)) if fit.errors else {"unknown": fit.edge},
        "log_likelihood": fit.log_likelihood,
        "customers": fit.customers,
        "distinct_histories": fit.distinct,
    }


def _spending(fit: Spending | Unknown) -> dict[str, Any]:
    if isinstance(fit, Unknown):
        return _unknown(fit)
    return {
        "p": fit.p,
        "q": fit.q,
        "gamma": fit.gamma,
        "log_likelihood": fit.log_likelihood,
        "customers": fit.customers,
        "correlation_of_orders_and_value": _estimate(fit.depends),
    }


def _holdout(found: Holdout | Unknown) -> dict[str, Any]:
    if isinstance(found, Unknown):
        return _unknown(found)
    return {
        "from": found.on.isoformat(),
        "days": found.days,
        "actual_orders": found.actual,
        "expected_orders": found.model.total,
        "interval": [found.total.low, found.total.high],
        "correlation": found.correlation,
        "mae": found.model.mae,
        "rmse": found.model.rmse,
        "top_decile_revenue": found.top_share,
        "baselines": {one.name: {"mae": one.mae, "rmse": one.rmse, "total": one.total} for one in found.baselines},
        "winner": found.winner or {"unknown": "The difference is within chance."},
        "verdict": found.verdict,
    }


# As text --------------------------------------------------------------------------------------------------------


def _text(dataset: str, found: _Found, value: _Value, horizon: int, currency: str | None) -> str:
    lines = [f"{dataset}: {formats.count(found.customers.n, 'customer')} on {found.customers.as_of:%d %b %Y}", ""]
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
    if isinstance(found.holdout, Unknown):
        return "\n".join([*lines, "", found.holdout.reason])
    lines += ["", found.holdout.verdict, "", f"{'Forecast':<12}  {'MAE':>7}  {'RMSE':>7}  {'Orders':>9}"]
    for one in (found.holdout.model, *found.holdout.baselines):
        lines.append(f"{one.name:<12}  {one.mae:>7.3f}  {one.rmse:>7.3f}  {one.total:>9,.0f}")
    return "\n".join([*lines, f"{'happened':<12}  {'':>7}  {'':>7}  {found.holdout.actual:>9,}"])
