"""Customers with what is expected of them: a model's scores as features, for whoever chooses them.

    tables = Tables(workspace, engine, version, scores=("expected_spend", "lost_risk"))
    now = tables.at(as_of)
    then = tables.at(date, like=now)      # learned again from what was known by that date, on the scales of `now`

No score enters its own model: worth is learned from orders alone, and churn from tables without scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from segmentation.churn import risk_at
from segmentation.customers import CustomerTable, FloatArray, Unavailable, catalogue, default_as_of, prepare
from segmentation.engine.protocol import Engine
from segmentation.estimates import Unknown
from segmentation.keeping import keep_array, load_array
from segmentation.predicting import LAYOUT, StoredChurn
from segmentation.workspace import DatasetVersion, Workspace
from segmentation.worth import (
    AGAIN_DAYS,
    YEAR,
    Histories,
    chance_again,
    expected_orders,
    fit_repeat_buying,
    fit_spending,
    order_value,
    purchases,
)

WORTH, RISK = ("expected_orders", "expected_spend", "order_chance"), ("lost_risk",)
"""The scores by the model they come from."""


def scores_among(names: Iterable[str]) -> tuple[str, ...]:
    """Which of these features are scores, in the order of the catalogue."""
    wanted = set(names)
    return tuple(feature.name for feature in catalogue().scores if feature.name in wanted)


@dataclass(frozen=True, slots=True)
class Tables:
    """The customers of a version at any date, with these scores among their features."""

    workspace: Workspace
    engine: Engine
    version: DatasetVersion
    scores: tuple[str, ...] = ()

    def at(self, on: date | None = None, *, like: CustomerTable | None = None) -> CustomerTable:
        """The customers at a date (default: the day after the last order), scored by what was known by then.

        With `like`, values are scaled as in that table, so that its models apply. A score that could not be worked
        out is unavailable with the reason. Raises NotEnoughData when nobody ordered before that date.
        """
        base = None if like is None else like.without_scores()
        plain = prepare(self.workspace, self.engine, self.version, on, like=base)
        known: dict[str, FloatArray] = {}
        lacking: list[Unavailable] = []
        for names, work_out in ((WORTH, self._worth), (RISK, self._risk)):
            chosen = [name for name in names if name in self.scores]
            found = self._kept(names[0], plain.as_of, work_out) if chosen else None
            if isinstance(found, Unknown):
                lacking += [Unavailable(catalogue().get(name), found.reason) for name in chosen]
            elif found is not None:
                known |= {name: found[names.index(name)] for name in chosen}
        return plain.with_scores(known, lacking, None if like is None else like.scalings)

    def _kept(self, name: str, on: date, work_out: Callable[[date], FloatArray | Unknown]) -> FloatArray | Unknown:
        """Scores of one model, shape (scores, n), from disk where they are known."""
        file = self.workspace.cache(self.version.fingerprint) / f"{name}-{LAYOUT}-{on.isoformat()}.npy"
        kept = load_array(file)
        if kept is not None:
            return np.asarray(kept, dtype=np.float64)
        found = work_out(on)
        if not isinstance(found, Unknown):
            keep_array(file, found)
        return found

    def _worth(self, on: date) -> FloatArray | Unknown:
        found = purchases(self.engine, self.version, on)
        buying = fit_repeat_buying(found)
        if isinstance(buying, Unknown):
            return buying
        histories = Histories.grouped(found)
        orders = expected_orders(buying, histories, YEAR)[histories.of]
        spend = orders * order_value(fit_spending(found), found)
        return np.stack([orders, spend, chance_again(buying, histories, AGAIN_DAYS)[histories.of]])

    def _risk(self, on: date) -> FloatArray | Unknown:
        plain = prepare(self.workspace, self.engine, self.version, on)
        stored = StoredChurn.of(self.workspace, self.version, plain)
        kept = stored.compute(self.engine) if on == default_as_of(self.version) else stored.load()
        if kept is not None and isinstance(kept.risk.findings, Unknown):
            return kept.risk.findings
        if kept is not None and kept.scores is not None:
            return kept.scores.risk[None]
        found = risk_at(self.workspace, self.engine, self.version, on)
        return found if isinstance(found, Unknown) else found[None]
