"""Customers with what is expected of them: a model's scores as features, for whoever chooses them.

No score enters its own model: lifetime value is learned from orders alone, and churn from tables without scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from segmentation.analysis.churn import CHURN, ChurnResult, ChurnSettings
from segmentation.analysis.dated import NOTHING, TABLES_HELD, Dated
from segmentation.analysis.declared import Answer, Declared, Nothing
from segmentation.analysis.memory import MEMORY
from segmentation.analysis.outlook import outlook_at
from segmentation.churn import risk_at
from segmentation.clv import (
    AGAIN_DAYS,
    chance_within,
    fit_repeat_buying,
    fit_spending,
    forecast_each,
    purchases,
)
from segmentation.customers import CustomerTable, FloatArray, Unavailable, catalogue, default_as_of, prepare
from segmentation.estimates import Unknown
from segmentation.jobs import Progress
from segmentation.proof import MeasuredBaselines, TimeSplits, find_time_splits, measured_baselines
from segmentation.timeline import MEAN_YEAR

EXPECTED_NAMES, RISK_NAMES = ("expected_orders", "expected_spend", "order_chance"), ("lost_risk",)
"""The scores by the model they come from."""

VALUE = "expected_spend"
"""The score that says what a customer is worth: offered where segments keep little of what can be foreseen."""

BASELINES_LAYOUT = 1
MOST_SPLITS = 2
"""Past dates at which a segmentation is tested."""


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores of one model, shape (scores, n), by what was known on the day."""

    values: FloatArray


def customers_of(
    shop: Dated, scores: tuple[str, ...] = (), *, like: CustomerTable | None = None, memory: bool = True
) -> CustomerTable:
    """The customers at the shop's date with these scores among their features, by what was known by then.

    With `like`, values are scaled as in that table, so that its models apply. A score that could not be worked out is
    unavailable with the reason. Raises NotEnoughData when nobody ordered before that date.
    """
    if like is not None or not memory:
        return _made(shop, scores, like)
    if not scores:
        return shop.plain_customers()
    key = (shop.place, scores)
    table: CustomerTable = MEMORY.once("table", key, lambda: _made(shop, scores, None), most=TABLES_HELD)
    return table


def _made(shop: Dated, scores: tuple[str, ...], like: CustomerTable | None) -> CustomerTable:
    if like is None:
        plain = shop.plain_customers()
    else:
        plain = prepare(shop.workspace, shop.engine, shop.version, shop.as_of, like=like.without_scores())
    if not scores:
        return plain
    scored: dict[str, FloatArray] = {}
    lacking: list[Unavailable] = []
    for names, model in ((EXPECTED_NAMES, EXPECTED), (RISK_NAMES, RISK)):
        chosen = [name for name in names if name in scores]
        if not chosen:
            continue
        answer = shop.answer(model, NOTHING).get()
        if isinstance(answer, Unknown):
            lacking += [Unavailable(catalogue().get(name), answer.reason) for name in chosen]
        else:
            scored |= {name: np.asarray(answer.values[names.index(name)], dtype=np.float64) for name in chosen}
    return plain.with_scores(scored, lacking, None if like is None else like.scalings)


def time_splits(shop: Dated, scores: tuple[str, ...], on: date | None = None) -> TimeSplits | Unknown:
    """The past dates to look forward from, before the shop's date (or `on`), whose customers have these scores too."""

    def table(at: date, /, *, like: CustomerTable | None = None) -> CustomerTable:
        return customers_of(shop.at(at), scores, like=like, memory=False)

    return find_time_splits(shop.workspace, shop.engine, shop.version, on or shop.as_of, most=MOST_SPLITS, table=table)


def baselines_of(shop: Dated, splits: TimeSplits) -> MeasuredBaselines:
    """What the methods that know nothing of the segments scored at these splits, kept on disk.

    Scores among the features of the splits' tables change nothing.
    """
    file = shop.file("baselines", BASELINES_LAYOUT, splits.window_days, tuple(split.on for split in splits.splits))
    return shop.once(MeasuredBaselines, file, lambda: measured_baselines(splits))


def _expected(shop: Dated, _settings: Nothing, _progress: Progress) -> Scored | Unknown:
    """As the screen shows it, at a past date by what was known then."""
    buyers, look = purchases(shop.engine, shop.version, shop.as_of), outlook_at(shop)
    if isinstance(look, Unknown):
        return look
    buying = fit_repeat_buying(look.clock.of(buyers), model=look.model)
    if isinstance(buying, Unknown):
        return buying
    orders, spend, _ = forecast_each(buying, fit_spending(buyers), buyers, MEAN_YEAR, look)
    return Scored(np.stack([orders, spend, chance_within(buying, buyers, AGAIN_DAYS, look)]))


def _risk(shop: Dated, _settings: Nothing, _progress: Progress) -> Scored | Unknown:
    """That of the churn screen today; at a past date that of a study made then, whatever was asked for before."""
    if is_past(shop):
        risk = risk_at(shop.workspace, shop.engine, shop.version, shop.as_of)
        return risk if isinstance(risk, Unknown) else Scored(risk[None])
    churn = churn_today(shop).get()
    if isinstance(churn.findings, Unknown):
        return churn.findings
    return Unknown("There are no scores.") if churn.scores is None else Scored(churn.scores.risk[None])


def is_past(shop: Dated) -> bool:
    """Whether orders are known that came on the shop's date or after it."""
    return shop.as_of < default_as_of(shop.version)


def churn_today(shop: Dated) -> Answer[ChurnSettings, ChurnResult]:
    """The study of churn on the day after the last order: of later days nothing more is known."""
    return shop.at(default_as_of(shop.version)).answer(CHURN, ChurnSettings())


def slow_step(shop: Dated) -> Answer[Any, Any]:
    """What takes long where the risk of being lost is among the features."""
    return shop.answer(RISK, NOTHING) if is_past(shop) else churn_today(shop)


# Maps, numbers and proofs may be made from scores: whoever raises these layouts raises theirs too.
EXPECTED: Declared[Nothing, Scored | Unknown] = Declared(
    name="expected", layout=5, settings=Nothing, result=Scored | Unknown, work_out=_expected, lane="models",
    doing="Working out what customers are worth",
)  # fmt: skip
RISK: Declared[Nothing, Scored | Unknown] = Declared(
    name="lost-risk", layout=6, settings=Nothing, result=Scored | Unknown, work_out=_risk, lane="models",
    doing="Finding out who is slipping away",
)  # fmt: skip
