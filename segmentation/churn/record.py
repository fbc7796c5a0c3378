"""What a study of churn found: a record that can be written as JSON, and the scores, which are arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from segmentation import formats
from segmentation.churn.calibration import Reliability
from segmentation.churn.definition import Definition
from segmentation.churn.drivers import Driver
from segmentation.churn.learners import Kind
from segmentation.churn.lift import Lift
from segmentation.churn.quality import Quality
from segmentation.churn.recalibration import Recalibrated
from segmentation.customers import BoolArray, FloatArray
from segmentation.estimates import Estimate, Unknown

LABELS: Mapping[str, str] = {
    "trees": "boosted trees",
    "logistic": "a plain logistic regression",
    "recency": "recency alone",
}
"""What people call each kind of model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The test of the chances, and what they rest on; everything here goes through `workspace.codec`.

    as_of: the day whose customers are scored.
    currency: the shop's currency.
    customers: how many are scored.
    definition: from when on one counts as lost.
    horizon_days: how many days the chances look ahead.
    features: the names of what was known in all windows.
    learned_on: days on which the windows began that the tested model has learned from.
    latest: those that the model of today's chances has learned from.
    tested_on: the day on which the test window began.
    tested: customers tested, as they stood on that day.
    ordered: those of them who ordered in the window.
    calibrated_by: how raw chances were turned into calibrated ones.
    scored_by: the kind of model that scores the customers: the lowest mean log loss in the windows held out, of the
        trees and whatever beat them in each.
    foretold_on: the days on which those windows began, the test window first.
    held_out: the mean log loss of each kind of model in each of them.
    recalibrated: whether its chances are put right by how far those of an earlier date were off.
    model: how well the chances of the kind that scores, put right where that is kept, told who orders.
    models: the same of every kind as it stands; of "recency" the longest silent is ranked last.
    ahead: by how much the area under the ROC curve of the model that scores is larger than that of each other one.
    present: the same areas among customers who were not lost yet, who are harder to tell apart; empty with too few.
    calibration: how far the chances were from what happened.
    lift: whom contacting the riskiest first would have reached.
    drivers: the features the chances rest on, the strongest first; none where the model told nothing.
    """

    as_of: date
    currency: str | None
    customers: int
    definition: Definition
    horizon_days: int
    features: tuple[str, ...]
    learned_on: tuple[date, ...]
    latest: tuple[date, ...]
    tested_on: date
    tested: int
    ordered: int
    calibrated_by: str
    scored_by: Kind
    foretold_on: tuple[date, ...]
    held_out: Mapping[str, tuple[float, ...]]
    recalibrated: Recalibrated | Unknown
    model: Quality
    models: Mapping[str, Quality]
    ahead: Mapping[str, Estimate]
    present: Mapping[str, Estimate]
    calibration: Reliability
    lift: Lift
    drivers: tuple[Driver, ...]

    @property
    def baselines(self) -> Mapping[str, Quality]:
        """The plain models, which stand beside whatever scores."""
        return {name: self.models[name] for name in ("recency", "logistic")}

    @property
    def cross_validated(self) -> Mapping[str, float]:
        """The mean log loss of each kind over the windows held out, by which it is chosen who scores."""
        return {name: sum(values) / len(values) for name, values in self.held_out.items()}

    @property
    def choice(self) -> str:
        """Who scores the customers and why, for people."""
        mean, mine = self.cross_validated, LABELS[self.scored_by]
        rest = " and ".join(f"{LABELS[name]} {mean[name]:.3f}" for name in mean if name != self.scored_by)
        where = "the test window" if len(self.foretold_on) == 1 else f"{len(self.foretold_on)} windows held out"
        verb = "score" if self.scored_by == "trees" else "scores"
        first = f"{mine[0].upper()}{mine[1:]} {verb} the customers"
        figures = f"log loss in {where}: {mean[self.scored_by]:.3f}; {rest}"
        if mean[self.scored_by] > min(mean.values()):
            return f"{first}, because nothing plainer beat them in each window held out ({figures})."
        return f"{first}, with the lowest {figures}."

    @property
    def verdict(self) -> str:
        """Whether the chances can be relied on, and whether something plainer does as well."""
        mine = self.model.auc
        shown = f"AUC {mine.value:.2f}, {mine.low:.2f}–{mine.high:.2f}"
        if mine.low <= 0.5:
            return f"The chances tell no better than tossing a coin who will order ({shown}). Do not act on them."
        return f"{self._ranking(shown)} {self.choice} {self.calibration.sentence}"

    def _ranking(self, shown: str) -> str:
        """How well who scores ranks, beside the best of the others."""
        strongest = max(self.ahead, key=lambda name: self.models[name].auc.value)
        best, ahead = self.models[strongest].auc, self.ahead[strongest]
        said, beside = LABELS[strongest], f"{best.value:.2f}, {best.low:.2f}–{best.high:.2f}"
        when = f"who orders in the next {formats.days(self.horizon_days)}"
        if ahead.high < 0:
            tell = "tell" if strongest == "trees" else "tells"
            return f"{said[0].upper()}{said[1:]} {tell} better than the model {when}: AUC {beside} against {shown[4:]}."
        if ahead.low <= 0:
            return f"The model and {said} tell equally well {when} ({shown} and {beside})."
        return f"The model tells best {when} ({shown}); the next best is {said} ({beside})."


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Two arrays that can each be kept as a .npy file, and what `policy` needs beside them.

    today: rows aligned with the customer table at `as_of`, shape (3, customers): the chance (0..1) to order in the
        horizon, what the customer spends then if she orders in shop currency, and the days since her last order.
    past: the same at the test date, then 1 for who ordered in the window, and what counts of her spend, shape (5,
        tested).
    spread: mean square of a buyer's spend over the square of what was expected.
    """

    today: FloatArray
    past: FloatArray
    spread: float

    def __post_init__(self) -> None:
        if len(self.today) != 3 or len(self.past) != 5:
            raise ValueError(f"Scores have 3 and 5 rows, not {len(self.today)} and {len(self.past)}.")

    @property
    def n(self) -> int:
        return int(self.today.shape[1])

    def here(self, days: int) -> BoolArray:
        """Who is not lost yet: has ordered within the last `days`, shape (n,)."""
        return np.asarray(self.silent <= days)

    def of_those_here(self, days: int) -> Scores:
        """The scores of customers who are not lost yet, today and at the test."""
        return Scores(self.today[:, self.here(days)], self.past[:, self.past_silent <= days], self.spread)

    def of_those(self, rows: BoolArray) -> Scores:
        """Today's scores where `rows`, shape (n,), is true; those of the test stay as they are."""
        return Scores(self.today[:, rows], self.past, self.spread)

    @property
    def chance(self) -> FloatArray:
        """Chance to order within the horizon, shape (n,)."""
        return np.asarray(self.today[0])

    @property
    def risk(self) -> FloatArray:
        """Chance to be lost: not to order within the horizon, shape (n,)."""
        return np.asarray(1.0 - self.today[0])

    @property
    def value(self) -> FloatArray:
        """Expected spend in the horizon of a customer like her if she orders, shape (n,)."""
        return np.asarray(self.today[1])

    @property
    def silent(self) -> FloatArray:
        """Days since the last order, shape (n,)."""
        return np.asarray(self.today[2])

    @property
    def past_chance(self) -> FloatArray:
        return np.asarray(self.past[0])

    @property
    def past_value(self) -> FloatArray:
        return np.asarray(self.past[1])

    @property
    def past_silent(self) -> FloatArray:
        return np.asarray(self.past[2])

    @property
    def past_ordered(self) -> FloatArray:
        return np.asarray(self.past[3])

    @property
    def past_spend(self) -> FloatArray:
        return np.asarray(self.past[4])


@dataclass(frozen=True, slots=True, eq=False)
class Churn:
    """A study of churn.

    findings: the test, and what the chances rest on.
    scores: every customer's chance.
    seconds: how long each step took.
    """

    findings: Findings
    scores: Scores
    seconds: Mapping[str, float]

    @property
    def chance(self) -> FloatArray:
        """Chance to order within the horizon, shape (n,), aligned with the customer table at `findings.as_of`."""
        return self.scores.chance
