"""Lifetime value beside the return of a campaign: why both hold where they seem to disagree."""

from __future__ import annotations

from collections.abc import Sequence

from segmentation import formats
from segmentation.analysis.clv import ClvResult
from segmentation.analysis.studies import Study
from segmentation.campaigns import Plan
from segmentation.clv import Terms, joint_covariance, lifetime_value
from segmentation.estimates import Estimate, Unknown

_WHY = (
    "Both hold: value is the margin of the orders that come anyway, a campaign earns by the orders it adds and pays "
    "its offer on all of them."
)


def values_of(study: Study, result: ClvResult, terms: Terms) -> tuple[Estimate, ...] | None:
    """The lifetime value of each segment, in order of place; None where it cannot be known."""
    if result.scores is None or isinstance(result.buying, Unknown) or isinstance(result.outlook, Unknown):
        return None
    labels, groups = study.segmentation.labels, len(study.segmentation.segments)
    covariance = joint_covariance(result.buying, result.spending)
    return lifetime_value(result.scores, covariance, terms, labels, groups, result.outlook)


def reconciled(plan: Plan, values: Sequence[Estimate], months: int, currency: str | None) -> str:
    """Why customers worth more than the average may lose a campaign its money, and those worth less may earn; "" where
    neither is so. Of several segments the one that is worth most is named; `values` are in the order of the plan."""
    people = sum(value.n for value in values)
    usual = sum(value.value for value in values) / max(people, 1)
    losing, earning = list[tuple[float, str]](), list[tuple[float, str]]()
    for row, value in zip(plan.rows, values, strict=True):
        if isinstance(row.profit, Unknown) or not value.n:
            continue
        each, profit = value.value / value.n, row.profit.value
        if each > usual and profit < 0:
            losing.append((value.value, _said(row.name, value, months, currency, f"lose {_money(-profit, currency)}")))
        if each < usual and profit > 0:
            earning.append((value.value, _said(row.name, value, months, currency, f"earn {_money(profit, currency)}")))
    told = [max(found)[1] for found in (losing, earning) if found]
    return " ".join([*told, _WHY]) if told else ""


def _said(name: str, value: Estimate, months: int, currency: str | None, ends: str) -> str:
    each = _money(value.value / value.n, currency)
    return (
        f"“{name}” are worth {_money(value.value, currency)} in {months} months ({each} each), and a campaign to all "
        f"who may be contacted is expected to {ends}."
    )


def _money(value: float, currency: str | None) -> str:
    return formats.compact_money(value, currency)
