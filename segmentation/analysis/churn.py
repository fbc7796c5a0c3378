"""Churn: the definition, the test of the model, every customer's chances, and whose next order is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmentation.analysis.dated import Dated
from segmentation.analysis.declared import Declared
from segmentation.churn import Definition, Due, Findings, Scores, define, next_orders, study_churn
from segmentation.estimates import Unknown
from segmentation.jobs import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnSettings:
    """`horizon_days` without an order make a customer lost; None: what the shop's own pauses propose."""

    horizon_days: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ChurnResult:
    """Who is slipping away.

    definition: from when on a customer counts as lost, by the shop's own pauses.
    findings: the test of the chances, and what they rest on.
    scores: every customer's chance, value and silence; None where the findings are unknown.
    due: when each customer's next order is to be expected.
    seconds: how long each step took.
    """

    definition: Definition | Unknown
    findings: Findings | Unknown
    scores: Scores | None
    due: Due | Unknown
    seconds: Mapping[str, float] = field(default_factory=dict)


def _churn(shop: Dated, settings: ChurnSettings, progress: Progress) -> ChurnResult:
    workspace, engine, version, as_of = shop.workspace, shop.engine, shop.version, shop.as_of
    progress(0.1, "Learning who came back, and testing it")
    churn = study_churn(workspace, engine, version, as_of, horizon_days=settings.horizon_days)
    definition = define(engine, version, as_of) if isinstance(churn, Unknown) else churn.findings.definition
    progress(0.9, "Finding whose order is due")
    due = next_orders(engine, version, as_of)
    if isinstance(churn, Unknown):
        return ChurnResult(definition, churn, None, due)
    return ChurnResult(definition, churn.findings, churn.scores, due, churn.seconds)


CHURN: Declared[ChurnSettings, ChurnResult] = Declared(
    name="churn",
    layout=6,
    settings=ChurnSettings,
    result=ChurnResult,
    work_out=_churn,
    lane="models",
    doing="Finding out who is slipping away",
)
