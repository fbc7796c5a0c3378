"""Who is likely to be lost, and for whom an offer pays, from the command line."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from segmentation import formats
from segmentation.churn import (
    USUAL_MARGIN,
    USUAL_OFFER,
    USUAL_SAVED,
    Churn,
    Definition,
    Due,
    Findings,
    Policy,
    PolicySettings,
    define,
    expected_profit,
    known_as_of,
    next_orders,
    policy,
    study_churn,
)
from segmentation.commands.handing_out import hand_out
from segmentation.commands.opening import opened
from segmentation.commands.result import Result
from segmentation.customers import BoolArray, Ground, Reach, prepare, reach
from segmentation.engine import DuckEngine
from segmentation.estimates import Estimate, Unknown
from segmentation.exports import Cell, refuse_target, spreadsheet_csv
from segmentation.records import told
from segmentation.workspace import BasisLog, DatasetVersion, Workspace

HEADERS = (
    "customer_id",
    "chance_to_order",
    "churn_risk",
    "expected_value",
    "expected_profit",
    "contact",
    "due_from",
    "due_to",
    "basis",
)
UNANSWERED = ("auc", "baselines", "calibration_error", "noise_floor", "lift_top_decile", "verdict", "policy", "drivers")


def churn(options: argparse.Namespace) -> Result:
    """Chances to order again, how far they can be relied on, whom to contact, and every customer's score as a file."""
    start = time.perf_counter()
    if options.out is not None:
        refuse_target(options.out, replace=options.force)
    said = PolicySettings(
        offer_cost=USUAL_OFFER if options.offer_cost is None else options.offer_cost,
        save_rate=USUAL_SAVED if options.save_rate is None else options.save_rate,
        margin=USUAL_MARGIN if options.margin is None else options.margin,
    )
    workspace = opened(options)
    version, engine = workspace.latest(options.dataset), DuckEngine.open(workspace.root)
    when = known_as_of(version, options.as_of)
    definition = define(engine, version, when)
    found = study_churn(workspace, engine, version, when, horizon_days=options.horizon)
    head = {
        "dataset": options.dataset,
        "as_of": when.isoformat(),
        "definition_days": _days(definition),
        "horizon_days": options.horizon or _days(definition),
    }
    if isinstance(found, Unknown):
        body = {**head, **dict.fromkeys(UNANSWERED, told(found)), "seconds": {"all": time.perf_counter() - start}}
        warnings = () if options.out is None else (f"{options.out} was not written: there are no scores.",)
        return Result(body, f"{options.dataset}: {found.reason}", warnings)
    settings, assumed = _settings(options, said, found.findings)
    lost_after = None if options.lost_too else found.findings.horizon_days
    who = reach(prepare(workspace, engine, version, when), BasisLog(workspace, version.dataset_id).current())
    possible = found.scores.of_those(who.may)
    asked = possible if lost_after is None else possible.of_those_here(lost_after)
    plan = policy(asked, settings, currency=found.findings.currency)
    written = None
    if options.out is not None:
        contacted = (expected_profit(found.scores.chance, found.scores.value, settings) > 0) & who.may
        if lost_after is not None:
            contacted &= found.scores.here(lost_after)
        written = _write(
            options.out, workspace, engine, version, found, settings, contacted, who.ground, replace=options.force
        )
    seconds = {**found.seconds, "all": time.perf_counter() - start}
    body = {**head, **_body(found.findings, plan, assumed), "basis": who.to_json(), "seconds": seconds}
    if written is not None:
        body["file"] = str(written)
    whom = _whom(plan, who, lost=possible.n - asked.n)
    return Result(body, _text(options.dataset, found.findings, plan, assumed, written, whom))


def _days(definition: Definition | Unknown) -> Any:  # noqa: ANN401 - JSON
    return told(definition) if isinstance(definition, Unknown) else definition.days


def _settings(
    options: argparse.Namespace, said: PolicySettings, findings: Findings
) -> tuple[PolicySettings, tuple[str, ...]]:
    """What the offer is taken to cost and do, and a sentence for everything that nobody said."""
    assumed = []
    if options.offer_cost is None:
        assumed.append(f"An offer is taken to cost {formats.money(USUAL_OFFER, findings.currency)}.")
    if options.save_rate is None:
        assumed.append(f"It is taken to bring back {formats.percent(USUAL_SAVED)} of those who would be lost.")
    if options.margin is not None:
        return said, tuple(assumed)
    if findings.margin_share is None:
        assumed.append(f"The margin is taken to be {formats.percent(USUAL_MARGIN)}; the export has no unit costs.")
        return said, tuple(assumed)
    assumed.append(f"The margin is {formats.percent(findings.margin_share)}, from the unit costs of the test window.")
    own = PolicySettings(offer_cost=said.offer_cost, save_rate=said.save_rate, margin=findings.margin_share)
    return own, tuple(assumed)


def _body(findings: Findings, plan: Policy, assumed: tuple[str, ...]) -> dict[str, Any]:
    reliability = findings.calibration
    return {
        "auc": _estimate(findings.model.auc),
        "baselines": {name: _estimate(one.auc) for name, one in findings.baselines.items()},
        "calibration_error": reliability.error,
        "noise_floor": reliability.noise_floor,
        "lift_top_decile": findings.lift.top_decile,
        "verdict": findings.verdict,
        "auc_not_yet_lost": _estimate(findings.present["model"])
        if findings.present
        else {"unknown": "Too few customers were not lost yet at the test date."},
        "policy": {
            "customers": plan.customers,
            "contact": plan.contact,
            "churners_caught": plan.churners_caught,
            "offers_wasted": plan.offers_wasted,
            "net_profit": _estimate(plan.net_profit),
            "everyone": _estimate(plan.everyone.net_profit),
            "longest_silent": _estimate(plan.silent.net_profit),
            "settings": told(plan.settings),
            "assumed": list(assumed),
            "sentence": plan.sentence,
        },
        "drivers": told(findings.drivers),
        "definition": told(findings.definition),
        "tested_on": findings.tested_on.isoformat(),
        "lift": told(findings.lift),
    }


def _estimate(one: Estimate | Unknown) -> dict[str, Any]:
    if isinstance(one, Unknown):
        return {"unknown": one.reason}
    return {"value": one.value, "low": one.low, "high": one.high}


def _write(
    out: Path,
    workspace: Workspace,
    engine: DuckEngine,
    version: DatasetVersion,
    found: Churn,
    settings: PolicySettings,
    contacted: BoolArray,
    basis: Ground,
    *,
    replace: bool,
) -> Path:
    when = found.findings.as_of
    ids = prepare(workspace, engine, version, when).ids.to_pylist()
    due = next_orders(engine, version, when)
    data = spreadsheet_csv(HEADERS, _rows(ids, found, settings, contacted, due, basis))
    return hand_out(workspace, out, data, content="scores", version=version, rows=len(ids), replace=replace)


def _rows(
    ids: list[str], found: Churn, settings: PolicySettings, contacted: BoolArray, due: Due | Unknown, basis: Ground
) -> Iterator[tuple[Cell, ...]]:
    scores = found.scores
    profit = expected_profit(scores.chance, scores.value, settings)
    nothing: list[date | None] = [None] * len(ids)
    starts, ends = (nothing, nothing) if isinstance(due, Unknown) else (due.start.tolist(), due.end.tolist())
    columns = (scores.chance, scores.risk, scores.value, profit)
    for place, customer in enumerate(ids):
        chance, risk, value, earned = (float(np.round(column[place], 4)) for column in columns)
        yield customer, chance, risk, value, earned, bool(contacted[place]), starts[place], ends[place], basis.short


def _text(
    dataset: str, findings: Findings, plan: Policy, assumed: tuple[str, ...], written: Path | None, whom: list[str]
) -> str:
    days, tested = formats.days(findings.horizon_days), formats.day(findings.tested_on)
    lines = [
        f"{dataset}: {findings.customers:,} customers on {formats.day(findings.as_of)}",
        "",
        findings.definition.reason,
        "",
        f"Tested on {findings.tested:,} customers of {tested}, of whom {findings.ordered:,} ordered within {days}.",
        findings.verdict,
        _riskiest(findings),
        "",
        *(f"- {driver.sentence}" for driver in findings.drivers[:5]),
        "",
        *whom,
        plan.sentence,
        *(f"{said}: {_earned(net, findings.currency)}" for said, net in _beside(plan)),
        *assumed,
    ]
    return "\n".join([*lines, f"Wrote {written}."] if written is not None else lines)


def _whom(plan: Policy, who: Reach, *, lost: int) -> list[str]:
    """Whom an offer may go to: on what basis, how many that leaves out, and who counts as lost already."""
    left = len(who.may) - int(who.may.sum())
    lines = [who.ground.sentence + (f" That leaves out {formats.count(left, 'customer')}." if left else "")]
    if not lost:
        return [*lines, f"An offer to any of the {plan.customers:,}, also to those who count as lost already:"]
    gone = formats.count(lost, "customer")
    those = f"An offer to the {plan.customers:,} who are not lost yet"
    return [*lines, f"{those} ({gone} count as lost already; --lost-too adds them):"]


def _riskiest(findings: Findings) -> str:
    lost = findings.lift.lost
    riskiest = formats.percent(min(findings.lift.top_decile * lost, 1.0))
    return f"Of the riskiest tenth {riskiest} were lost, of everyone {formats.percent(lost)}."


def _beside(plan: Policy) -> tuple[tuple[str, Estimate | Unknown], ...]:
    longest = f"Contacting the {plan.silent.contact:,} longest silent instead"
    return ("Contacting everyone instead", plan.everyone.net_profit), (longest, plan.silent.net_profit)


def _earned(net: Estimate | Unknown, currency: str | None) -> str:
    if isinstance(net, Unknown):
        return net.reason
    return f"{formats.money(net.value, currency)} ({formats.money_interval(net.low, net.high, currency)})"
