"""The study of churn end to end: definition, model, test, scores."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from segmentation.churn.calibration import reliability
from segmentation.churn.definition import Definition, define
from segmentation.churn.drivers import drivers
from segmentation.churn.learners import KINDS, Kind
from segmentation.churn.lift import lift
from segmentation.churn.model import Fitted, fit, fit_kind
from segmentation.churn.quality import Quality, areas, brier
from segmentation.churn.recalibration import Recalibrated, Recalibration, losses, mean_of
from segmentation.churn.record import Churn, Findings, Scores
from segmentation.churn.trials import Trials, hold_trials, put_right
from segmentation.churn.value import Values, learn_values
from segmentation.churn.windows import (
    MOST_LEARNED,
    MOST_TESTED,
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

TOO_SHORT_TO_PUT_RIGHT = (
    "Whether chances should be put right by how far earlier ones were off cannot be tried: "
    "that takes a window before those the tested model learned from, with enough customers of both kinds."
)
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
    windows = find_windows(workspace, engine, version, when, definition.days)
    if not isinstance(windows, Unknown):
        chosen = _choose(hold_trials(windows, windows.tested.first(MOST_TESTED)))
        chances = fit_kind(chosen.kind, windows.latest, windows.features).chances(windows.now)
        return np.asarray(1.0 - (chances if chosen.now is None else chosen.now.apply(chances)))
    made = latest_windows(workspace, engine, version, when, definition.days)  # enough to learn from, too few to test on
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
    tested = windows.tested.first(MOST_TESTED)
    trials = hold_trials(windows, tested)
    fitted_at = time.perf_counter()
    chosen = _choose(trials)
    findings = _findings(windows, definition, trials, chosen)
    tested_at = time.perf_counter()
    scores = _scores(windows, trials, chosen)
    seconds = {"fit": fitted_at - start, "test": tested_at - fitted_at, "score": time.perf_counter() - tested_at}
    return Churn(findings, scores, {**(spent or {}), **seconds})


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    """Who scores, and what its chances are put right by.

    kind: who scores.
    recalibrated: what putting right comes to; Unknown with too short a history.
    then: what the chances of the test window are put right by; None where that is not kept.
    chance: those chances, shape (tested,).
    """

    kind: Kind
    recalibrated: Recalibrated | Unknown
    then: Recalibration | None
    chance: FloatArray

    @property
    def now(self) -> Recalibration | None:
        """What today's chances are put right by; None where that is not kept."""
        if self.then is None or isinstance(self.recalibrated, Unknown):
            return None
        return Recalibration(self.recalibrated.now_level, self.recalibrated.now_slope)


def _choose(trials: Trials) -> _Chosen:
    kind = trials.best
    tried, chance = put_right(trials, kind), trials.chances[kind]
    if tried is None:
        return _Chosen(kind, Unknown(TOO_SHORT_TO_PUT_RIGHT), None, chance)
    said, then = tried
    return _Chosen(kind, said, then, chance if then is None else then.apply(chance))


def _findings(windows: Windows, definition: Definition, trials: Trials, chosen: _Chosen) -> Findings:
    tested, chance = trials.tested, chosen.chance
    ordered, silent = tested.ordered, tested.column("recency_days")
    ways = np.stack([chance, *(-silent if kind == "recency" else trials.chances[kind] for kind in KINDS)])
    ranked, fitted = areas(ways, ordered), trials.fitted[chosen.kind]
    places = {kind: 1 + place for place, kind in enumerate(KINDS)}
    before = trials.before
    return Findings(
        as_of=windows.now.as_of,
        currency=windows.now.currency,
        customers=windows.now.n,
        definition=definition,
        horizon_days=windows.horizon_days,
        features=windows.features,
        learned_on=tuple(window.table.as_of for window in windows.learned),
        latest=tuple(window.table.as_of for window in windows.latest),
        tested_on=tested.table.as_of,
        tested=tested.n,
        ordered=int(ordered.sum()),
        calibrated_by=fitted.calibration.kind,
        scored_by=chosen.kind,
        foretold_on=(tested.table.as_of, *(() if before is None else (before.sample.table.as_of,))),
        held_out={str(kind): said for kind, said in trials.losses.items()},
        recalibrated=chosen.recalibrated,
        model=_quality(ranked.estimate(0), chance, ordered),
        models={kind: _quality(ranked.estimate(at), trials.chances[kind], ordered) for kind, at in places.items()},
        ahead={kind: ranked.ahead(0, at) for kind, at in places.items() if kind != chosen.kind},
        present=_present(ways, ordered, silent <= windows.horizon_days),
        calibration=reliability(chance, ordered),
        lift=lift(chance, silent, ordered, tested.revenue),
        drivers=drivers(fitted, tested) if ranked.estimate(0).low > 0.5 else (),  # of nothing, nothing drives
    )


def _quality(auc: Estimate, chance: FloatArray, ordered: FloatArray) -> Quality:
    return Quality(auc=auc, brier=brier(chance, ordered), log_loss=mean_of(losses(chance, ordered)))


def _present(scores: FloatArray, ordered: FloatArray, here: BoolArray) -> dict[str, Estimate]:
    """Areas among customers who were not lost yet; nothing where too few of them ordered, or did not."""
    hit = ordered[here] > 0
    if min(hit.sum(), (~hit).sum()) < FEWEST_PRESENT:
        return {}
    ranked = areas(scores[:, here], ordered[here])
    return {name: ranked.estimate(place) for place, name in enumerate(("model", *KINDS))}


def _scores(windows: Windows, trials: Trials, chosen: _Chosen) -> Scores:
    """Today's scores from a model that has learned from the latest windows, and those of the test."""
    now, tested = windows.now, trials.tested
    past_values = _values(windows.learned, trials.fitted[chosen.kind])
    latest = fit_kind(chosen.kind, windows.latest, windows.features)
    values, chances = _values(windows.latest, latest), latest.chances(now)
    worth = values.of(_basket(now, now.n), chances)  # by the chances that the values were learned beside
    today = np.stack([chances if chosen.now is None else chosen.now.apply(chances), worth, now.raw("recency_days")])
    past = np.stack(
        [
            chosen.chance,
            past_values.of(_basket(tested.table, tested.n), trials.chances[chosen.kind]),
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
