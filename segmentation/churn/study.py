"""The study of churn end to end: definition, model, test, scores."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date

import numpy as np

from segmentation.churn.calibration import reliability
from segmentation.churn.definition import Definition, define
from segmentation.churn.drivers import drivers
from segmentation.churn.lift import lift
from segmentation.churn.model import Fitted, fit, logistic, recency
from segmentation.churn.quality import Quality, areas, brier
from segmentation.churn.record import Churn, Findings, Scores
from segmentation.churn.value import Values, learn_values
from segmentation.churn.windows import (
    MOST_LEARNED,
    MOST_TESTED,
    Sample,
    Window,
    Windows,
    find_windows,
    latest_windows,
    too_few,
)
from segmentation.customers import BoolArray, CustomerTable, FloatArray, default_as_of
from segmentation.engine.protocol import Engine
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Estimate, Unknown
from segmentation.timeline import YEAR
from segmentation.workspace import DatasetVersion, Workspace

SHORTEST_HORIZON, LONGEST_HORIZON = 7, YEAR
FEWEST_PRESENT = 30
"""Customers not lost yet, who ordered and who did not, that an area among them needs each."""


def study_churn(
    workspace: Workspace,
    engine: Engine,
    version: DatasetVersion,
    as_of: date | None = None,
    *,
    horizon_days: int | None = None,
) -> Churn | Unknown:
    """Who is likely to order in the next `horizon_days` (default: the days of the definition), and how well that is
    known. Takes seconds.

    Nothing is known of the days after the last order, so a later `as_of` is taken as the day after it. Unknown where
    the history is too short or too few customers ordered. Raises SettingOutOfRange for a horizon that cannot be.
    """
    if horizon_days is not None and not SHORTEST_HORIZON <= horizon_days <= LONGEST_HORIZON:
        raise SettingOutOfRange("horizon", horizon_days, low=SHORTEST_HORIZON, high=LONGEST_HORIZON)
    when, start = known_as_of(version, as_of), time.perf_counter()
    definition = define(engine, version, when)
    if isinstance(definition, Unknown):
        return definition
    windows = find_windows(workspace, engine, version, when, horizon_days or definition.days)
    if isinstance(windows, Unknown):
        return windows
    return study_windows(windows, definition, {"windows": time.perf_counter() - start})


def risk_at(workspace: Workspace, engine: Engine, version: DatasetVersion, on: date) -> FloatArray | Unknown:
    """Each customer's risk of being lost, shape (n,), from the model a study of that date would end with.

    Nothing from `on` on is used: not the definition of lost, not the windows learned from. A date after the last order
    is taken as the day after it, as in `study_churn`. Unknown where the history is too short or too few ordered.
    """
    when = known_as_of(version, on)
    definition = define(engine, version, when)
    if isinstance(definition, Unknown):
        return definition
    made = latest_windows(workspace, engine, version, when, definition.days)
    if isinstance(made, Unknown):
        return made
    return np.asarray(1.0 - fit(tuple(made.windows.values()), made.features).chances(made.now))


def known_as_of(version: DatasetVersion, as_of: date | None) -> date:
    """The date a study stands on: as asked, but not after the day that follows the last order."""
    latest = default_as_of(version)
    return latest if as_of is None else min(as_of, latest)


def study_windows(
    windows: Windows, definition: Definition, spent: Mapping[str, float] | None = None
) -> Churn | Unknown:
    """The study from customers and outcomes that are at hand. Unknown where too few ordered, or did not."""
    few = too_few(windows)
    if few is not None:
        return few
    start = time.perf_counter()
    tested, known = windows.tested.first(MOST_TESTED), windows.features
    fitted = fit(windows.learned, known)
    chance, ordered = fitted.chances(tested.table, tested.n), tested.ordered
    fitted_at = time.perf_counter()
    baselines = {"logistic": logistic(windows.learned, known, tested), "recency": recency(windows.learned, tested)}
    silent = tested.column("recency_days")
    ranked = areas(np.stack([chance, baselines["logistic"], -silent]), ordered)
    findings = Findings(
        as_of=windows.now.as_of,
        currency=windows.now.currency,
        customers=windows.now.n,
        definition=definition,
        horizon_days=windows.horizon_days,
        features=known,
        learned_on=tuple(window.table.as_of for window in windows.learned),
        latest=tuple(window.table.as_of for window in windows.latest),
        tested_on=tested.table.as_of,
        tested=tested.n,
        ordered=int(ordered.sum()),
        calibrated_by=fitted.calibration.kind,
        model=Quality(auc=ranked.estimate(0), brier=brier(chance, ordered)),
        baselines={
            name: Quality(auc=ranked.estimate(place), brier=brier(baselines[name], ordered))
            for place, name in ((2, "recency"), (1, "logistic"))
        },
        ahead={"recency": ranked.ahead(0, 2), "logistic": ranked.ahead(0, 1)},
        present=_present(np.stack([chance, baselines["logistic"], -silent]), ordered, silent <= windows.horizon_days),
        calibration=reliability(chance, ordered),
        lift=lift(chance, silent, ordered, tested.revenue),
        drivers=drivers(fitted, tested) if ranked.estimate(0).low > 0.5 else (),  # of nothing, nothing drives
    )
    tested_at = time.perf_counter()
    scores = _scores(windows, fitted, tested, chance)
    seconds = {"fit": fitted_at - start, "test": tested_at - fitted_at, "score": time.perf_counter() - tested_at}
    return Churn(findings, scores, {**(spent or {}), **seconds})


def _present(scores: FloatArray, ordered: FloatArray, here: BoolArray) -> dict[str, Estimate]:
    """Areas among customers who were not lost yet; nothing where too few of them ordered, or did not."""
    hit = ordered[here] > 0
    if min(hit.sum(), (~hit).sum()) < FEWEST_PRESENT:
        return {}
    ranked = areas(scores[:, here], ordered[here])
    return {name: ranked.estimate(place) for place, name in enumerate(("model", "logistic", "recency"))}


def _scores(windows: Windows, fitted: Fitted, tested: Sample, chance: FloatArray) -> Scores:
    """Today's scores from a model that has learned from the latest windows, and those of the test."""
    now, past_values = windows.now, _values(windows.learned, fitted)
    latest = fit(windows.latest, windows.features)
    values, chances = _values(windows.latest, latest), latest.chances(now)
    today = np.stack([chances, values.of(_basket(now, now.n), chances), now.raw("recency_days")])
    past = np.stack(
        [
            chance,
            past_values.of(_basket(tested.table, tested.n), chance),
            tested.column("recency_days"),
            tested.ordered,
            past_values.counted(tested.revenue),
        ]
    )
    return Scores(today, past, values.spread)


def _values(windows: tuple[Window, ...], fitted: Fitted) -> Values:
    samples = [window.first(MOST_LEARNED) for window in windows]
    return learn_values(
        np.concatenate([_basket(sample.table, sample.n) for sample in samples]),
        fitted.out_of_fold,
        np.concatenate([sample.ordered for sample in samples]),
        np.concatenate([sample.revenue for sample in samples]),
    )


def _basket(table: CustomerTable, rows: int) -> FloatArray:
    """What a customer spent per order before, shape (rows,), in shop currency; 0 where nothing is known of it."""
    known = {feature.name for feature in table.features}
    return np.asarray(table.raw("average_order")[:rows]) if "average_order" in known else np.zeros(rows)
