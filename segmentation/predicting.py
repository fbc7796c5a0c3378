"""What customers are worth and who is slipping away, worked out once for a dataset and kept on disk.

worth = StoredWorth.of(workspace, version, customers)
worth.compute(engine)          # heavy: seconds; also a task of a worker process (`compute_worth`)
slipping = StoredChurn.of(workspace, version, customers, horizon_days=90)
slipping.compute(engine)       # the same; `compute_churn`
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from segmentation import churn
from segmentation.customers import CustomerTable, prepare
from segmentation.engine.protocol import Engine
from segmentation.estimates import Unknown
from segmentation.keeping import Plain, Where, engine_of, keep_array, load, load_array, must_be_kept, save, silent
from segmentation.proof import Progress
from segmentation.records import read, told
from segmentation.workspace import DatasetVersion, Workspace
from segmentation.worth import (
    Holdout,
    Purchases,
    RepeatBuying,
    Scores,
    Spending,
    fit_repeat_buying,
    fit_spending,
    hold_out,
    purchases,
    score,
)

LAYOUT = 3
"""Raise when anything here is worked out differently, so that older results are not read."""

HELD_OUT, LONGEST, SHORTEST = 1 / 3, 365, 28
"""The share of the history that is held out, within these days."""
_ARRAYS = ("orders", "value", "again", "slopes", "noise")


@dataclass(frozen=True, slots=True)
class Models:
    """What was fitted to everything up to the as-of date, and how the same did at an earlier date."""

    buying: RepeatBuying | Unknown
    spending: Spending | Unknown
    holdout: Holdout | Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """The models, and what they say of every customer; no scores where customers coming back could not be modelled."""

    models: Models
    scores: Scores | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWorth:
    """Where the worth of the customers is kept, whoever works it out."""

    where: Where

    @classmethod
    def of(cls, workspace: Workspace, version: DatasetVersion, customers: CustomerTable) -> StoredWorth:
        return cls(where=Where.of(workspace, version, customers))

    @property
    def file(self) -> Path:
        return self.where.file("worth", LAYOUT)

    @property
    def job(self) -> str:
        """A name for the work of computing it."""
        return f"worth/{self.file.stem}"

    def ask(self) -> dict[str, Plain]:
        """The arguments of `compute_worth`."""
        return {"stored": json.dumps(told(self))}

    def load(self) -> Worth | None:
        """What is kept; None where it is not known yet."""
        models = load(Models, self.file)
        if models is None or isinstance(models.buying, Unknown):
            return None if models is None else Worth(models, None)
        arrays: list[Any] = [load_array(self._array(name)) for name in _ARRAYS]
        return None if any(one is None for one in arrays) else Worth(models, Scores(*arrays))

    def compute(self, engine: Engine, progress: Progress = silent) -> Worth:
        """Work it out and keep it."""
        kept = self.load()
        if kept is not None:
            return kept
        _, version = self.where.open()
        as_of = date.fromisoformat(self.where.as_of)
        progress(0.1, "Reading who came back")
        found = purchases(engine, version, as_of)
        progress(0.3, "Learning how customers come back")
        buying, spending = fit_repeat_buying(found), fit_spending(found)
        progress(0.5, "Holding it against what happened")
        models = Models(buying, spending, held_out(engine, version, as_of, found))
        scores = None
        if not isinstance(buying, Unknown):
            progress(0.8, "Scoring every customer")
            scores = score(buying, spending, found)
            for name in _ARRAYS:
                keep_array(self._array(name), getattr(scores, name))
        save(self.file, models)
        return Worth(models, scores)

    def _array(self, name: str) -> Path:
        return self.file.with_suffix(f".{name}.npy")


def held_out(engine: Engine, version: DatasetVersion, as_of: date, now: Purchases) -> Holdout | Unknown:
    """The forecast made as long before `as_of` as a third of the history, and what happened since."""
    dates = dates_of_holdout(version, as_of)
    if isinstance(dates, Unknown):
        return dates
    before, then = (purchases(engine, version, on) for on in dates)
    return hold_out(before, then, now)


def dates_of_holdout(version: DatasetVersion, as_of: date, on: date | None = None) -> tuple[date, date] | Unknown:
    """When a forecast is made that can be held against what happened by `as_of` (`on`, where that is given), and the
    date as long before it, from which plain forecasts learn."""
    first = version.manifest.first
    history = (as_of - first).days
    days = min(int(history * HELD_OUT), LONGEST) if on is None else (as_of - on).days
    if days < SHORTEST and on is None:
        return Unknown(
            f"The history is {history} days long; {SHORTEST * 3} are needed to hold a forecast against what happened."
        )
    then = as_of - timedelta(days=days)
    return max(then - timedelta(days=days), first + timedelta(days=1)), then


def compute_worth(*, stored: str, progress: Progress = silent) -> None:
    """A worker's task: what `StoredWorth.ask` asked for."""
    wanted = read(StoredWorth, json.loads(stored))
    wanted.compute(engine_of(wanted.where.root), progress)
    must_be_kept(wanted)


# Churn ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Risk:
    """What a study of churn leaves as JSON: the definition, what was found, and the lists of whose order is due."""

    definition: churn.Definition | Unknown
    findings: churn.Findings | Unknown
    spread: float
    due: churn.DueSummary | Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Slipping:
    """Who is slipping away: what was found, and every customer's scores and next order where there are any."""

    risk: Risk
    scores: churn.Scores | None
    due: churn.Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChurn:
    """Where the study of churn is kept; `horizon_days` None is what the shop's own pauses propose."""

    where: Where
    horizon_days: int | None = None

    @classmethod
    def of(
        cls, workspace: Workspace, version: DatasetVersion, customers: CustomerTable, horizon_days: int | None = None
    ) -> StoredChurn:
        return cls(where=Where.of(workspace, version, customers), horizon_days=horizon_days)

    @property
    def file(self) -> Path:
        return self.where.file("churn", LAYOUT, self.horizon_days)

    @property
    def job(self) -> str:
        """A name for the work of computing it."""
        return f"churn/{self.file.stem}"

    def ask(self) -> dict[str, Plain]:
        """The arguments of `compute_churn`."""
        return {"stored": json.dumps(told(self))}

    def load(self) -> Slipping | None:
        """What is kept; None where it is not known yet."""
        risk = load(Risk, self.file)
        if risk is None:
            return None
        scores, due = None, None
        if not isinstance(risk.findings, Unknown):
            today, past = self._read("today"), self._read("past")
            if today is None or past is None:
                return None
            scores = churn.Scores(today, past, risk.spread)
        if not isinstance(risk.due, Unknown):
            days = self._read("due")
            if days is None:
                return None
            due = churn.Due(risk.due, days[0], days[1])
        return Slipping(risk, scores, due)

    def compute(self, engine: Engine, progress: Progress = silent) -> Slipping:
        """Work it out and keep it."""
        kept = self.load()
        if kept is not None:
            return kept
        workspace, version = self.where.open()
        as_of = date.fromisoformat(self.where.as_of)
        progress(0.1, "Learning who came back, and testing it")
        found = churn.study_churn(workspace, engine, version, as_of, horizon_days=self.horizon_days)
        definition = churn.define(engine, version, as_of) if isinstance(found, Unknown) else found.findings.definition
        progress(0.9, "Finding whose order is due")
        due = churn.next_orders(engine, version, as_of)
        findings, scores = (found, None) if isinstance(found, Unknown) else (found.findings, found.scores)
        summary, days = (due, None) if isinstance(due, Unknown) else (due.summary, due)
        if scores is not None:
            keep_array(self._array("today"), scores.today)
            keep_array(self._array("past"), scores.past)
        if days is not None:
            keep_array(self._array("due"), np.stack([days.start, days.end]))
        risk = Risk(definition, findings, 1.0 if scores is None else scores.spread, summary)
        save(self.file, risk)
        return Slipping(risk, scores, days)

    def _array(self, name: str) -> Path:
        return self.file.with_suffix(f".{name}.npy")

    def _read(self, name: str) -> Any:  # noqa: ANN401 - numbers or dates
        return load_array(self._array(name))


def compute_churn(*, stored: str, progress: Progress = silent) -> None:
    """A worker's task: what `StoredChurn.ask` asked for."""
    wanted = read(StoredChurn, json.loads(stored))
    wanted.compute(engine_of(wanted.where.root), progress)
    must_be_kept(wanted)


# After an import ------------------------------------------------------------------------------------------------


def refresh(*, root: str, dataset: str, number: int, progress: Progress = silent) -> None:
    """A worker's task: work out for a version what somebody wanted to know of an older one of the same dataset."""
    workspace, engine = Workspace.open(root), engine_of(root)
    history = workspace.usable(dataset)
    version = next((one for one in history if one.number == number), None)
    older = {kind for one in history if one.number < number for kind in _known(workspace, one)}
    if version is None or not older:
        return
    customers = prepare(workspace, engine, version)
    wanted: list[StoredWorth | StoredChurn] = []
    if "worth" in older:
        wanted.append(StoredWorth.of(workspace, version, customers))
    if "churn" in older:
        wanted.append(StoredChurn.of(workspace, version, customers))
    for one in wanted:
        one.compute(engine, progress)
        must_be_kept(one)


def _known(workspace: Workspace, version: DatasetVersion) -> Iterator[str]:
    """What is kept of a version, at any date and for any horizon."""
    return (kind for kind in ("worth", "churn") if any(workspace.cache(version.fingerprint).glob(f"{kind}-*.json")))
