"""Who is likely to be lost, and for whom an offer pays, from the command line."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from segmentation import formats
from segmentation.analysis import MARGIN_DAYS, Analysis, due_windows, prospects
from segmentation.assumptions import Margin, ShopAssumptions
from segmentation.campaigns import score_list
from segmentation.churn import Definition, Findings, Policy, PolicySettings, Recalibrated, known_as_of, policy
from segmentation.commands.figures import figure
from segmentation.commands.handing_out import hand_out
from segmentation.commands.opening import for_this_call, opened_shop
from segmentation.commands.result import Result
from segmentation.customers import Reach
from segmentation.estimates import Estimate, Unknown
from segmentation.exports import refuse_target
from segmentation.workspace.codec import to_json

UNANSWERED = ("auc", "baselines", "calibration_error", "noise_floor", "lift_top_decile", "verdict", "policy", "drivers")


def churn(options: argparse.Namespace) -> Result:
    """Chances to order again, how far they can be relied on, whom to contact, and every customer's score as a file."""
    start = time.perf_counter()
    if options.out is not None:
        refuse_target(options.out, replace=options.force)
    shop = opened_shop(options)
    shop = shop.at(known_as_of(shop.version, shop.as_of))
    assumed = for_this_call(shop, options, "offer_cost", "save_rate", "margin")
    settings = PolicySettings.of(assumed)
    result = shop.churn(options.horizon).get()
    findings, scores = result.findings, result.scores
    head = {
        "dataset": options.dataset,
        "as_of": shop.as_of.isoformat(),
        "definition_days": _days(result.definition),
        "horizon_days": options.horizon or _days(result.definition),
    }
    if isinstance(findings, Unknown) or scores is None:
        unknown = findings if isinstance(findings, Unknown) else Unknown("There are no scores.")
        body = {**head, **dict.fromkeys(UNANSWERED, to_json(unknown)), "seconds": {"all": time.perf_counter() - start}}
        warnings = () if options.out is None else (f"{options.out} was not written: there are no scores.",)
        return Result(body, f"{options.dataset}: {unknown.reason}", warnings)
    lines = _unsaid(options, shop, assumed)
    lost_after = None if options.lost_too else findings.horizon_days
    who = shop.reach()
    possible = scores.of_those(who.may)
    asked = possible if lost_after is None else possible.of_those_here(lost_after)
    plan = policy(asked, settings, currency=findings.currency)
    written = None
    if options.out is not None:
        expected = prospects(scores, settings, findings.horizon_days)
        customers = shop.plain_customers()
        due = None if isinstance(result.due, Unknown) else due_windows(result.due)
        listed = score_list(customers, expected, due, who, lost_too=options.lost_too)
        written = hand_out(
            shop.workspace,
            options.out,
            listed.csv,
            content="scores",
            version=shop.version,
            rows=customers.n,
            replace=options.force,
        )
    seconds = {**result.seconds, "all": time.perf_counter() - start}
    body = {
        **head,
        **_body(findings, plan, lines),
        "assumptions": assumed.to_json(),
        "basis": who.to_json(),
        "careful": shop.careful(),
        "seconds": seconds,
    }
    if written is not None:
        body["file"] = str(written)
    whom = _whom(plan, who, lost=possible.n - asked.n)
    return Result(body, _text(options.dataset, findings, plan, lines, written, whom, body["careful"]))


def _days(definition: Definition | Unknown) -> Any:  # noqa: ANN401 - JSON
    return to_json(definition) if isinstance(definition, Unknown) else definition.days


def _unsaid(options: argparse.Namespace, shop: Analysis, assumed: ShopAssumptions) -> tuple[str, ...]:
    """A sentence for everything that the call did not say: what it is taken to be, and where that is from."""
    offer = formats.money(assumed.values.offer_cost, shop.version.manifest.currency)
    saved = formats.percent(assumed.values.save_rate)
    lines = []
    if options.offer_cost is None:
        is_usual = assumed.source("offer_cost") == "assumed"
        lines.append(f"An offer is taken to cost {offer}{_ENDS[is_usual]}")
    if options.save_rate is None:
        is_usual = assumed.source("save_rate") == "assumed"
        lines.append(f"Save rate: {saved} of those who would leave{_ENDS[is_usual]}")
    if options.margin is None:
        lines.append(_margin(shop, assumed.margin))
    return tuple(lines)


_ENDS = {True: ".", False: ", as stated for this shop."}


def _margin(shop: Analysis, margin: Margin) -> str:
    share = formats.percent(margin.share)
    if margin.source == "measured":
        said = f"The margin is {share}, from the unit costs of the last {formats.days(MARGIN_DAYS)}."
        return f"{said} {margin.beyond()}".strip()
    if margin.source == "stated":
        return f"The margin is {share}, as stated for this shop."
    none = "no sale of the last year has one" if "cost" in shop.version.manifest.has else "the export has no unit costs"
    return f"The margin is taken to be {share}; {none}."


def _body(findings: Findings, plan: Policy, assumed: tuple[str, ...]) -> dict[str, Any]:
    reliability = findings.calibration
    return {
        "auc": figure(findings.model.auc),
        "baselines": {name: figure(one.auc) for name, one in findings.baselines.items()},
        "calibration_error": reliability.error,
        "noise_floor": reliability.noise_floor,
        "lift_top_decile": findings.lift.top_decile,
        "verdict": findings.verdict,
        "auc_not_yet_lost": figure(findings.present["model"])
        if findings.present
        else {"unknown": "Too few customers were not lost yet at the test date."},
        "policy": {
            "customers": plan.customers,
            "contact": plan.contact,
            "churners_caught": plan.churners_caught,
            "offers_wasted": plan.offers_wasted,
            "net_profit": figure(plan.net_profit),
            "everyone": figure(plan.everyone.net_profit),
            "longest_silent": figure(plan.silent.net_profit),
            "settings": to_json(plan.settings),
            "assumed": list(assumed),
            "sentence": plan.sentence,
        },
        "scored_by": findings.scored_by,
        "models": {name: _model(findings, name) for name in findings.models},
        "held_out_on": [on.isoformat() for on in findings.foretold_on],
        "log_loss": figure(findings.model.log_loss),
        "brier": figure(findings.model.brier),
        "recalibration": _recalibration(findings.recalibrated),
        "drivers": to_json(findings.drivers),
        "definition": to_json(findings.definition),
        "tested_on": findings.tested_on.isoformat(),
        "lift": to_json(findings.lift),
    }


def _model(findings: Findings, name: str) -> dict[str, Any]:
    one = findings.models[name]
    held_out = {
        "log_loss_held_out": findings.cross_validated[name],
        "log_loss_by_window": list(findings.held_out[name]),
    }
    return {"auc": figure(one.auc), "brier": figure(one.brier), "log_loss": figure(one.log_loss), **held_out}


def _recalibration(found: Recalibrated | Unknown) -> Any:  # noqa: ANN401 - JSON
    if isinstance(found, Unknown):
        return to_json(found)
    return {
        "kept": found.kept,
        "learned_on": found.learned_on.isoformat(),
        "level": found.level,
        "slope": found.slope,
        "gain": figure(found.gain),
        "calibration_error": {"before": found.before.error, "after": found.after.error},
        "calibration_slope": {"before": found.slope_before, "after": found.slope_after},
        "today": {"level": found.now_level, "slope": found.now_slope},
        "sentence": found.sentence,
    }


def _text(
    dataset: str,
    findings: Findings,
    plan: Policy,
    assumed: tuple[str, ...],
    written: Path | None,
    whom: list[str],
    careful: str,
) -> str:
    days, tested = formats.days(findings.horizon_days), formats.day(findings.tested_on)
    lines = [
        f"{dataset}: {findings.customers:,} customers on {formats.day(findings.as_of)}",
        "",
        findings.definition.reason,
        *((careful,) if careful else ()),
        "",
        f"Tested on {findings.tested:,} customers of {tested}, of whom {findings.ordered:,} ordered within {days}.",
        findings.verdict,
        _put_right(findings.recalibrated),
        _riskiest(findings),
        "",
        *(f"- {driver.sentence}" for driver in findings.drivers[:5]),
        "",
        *whom,
        plan.sentence,
        *(() if plan.flat is None else (plan.flat,)),
        *(f"{said}: {_earned(net, findings.currency)}" for said, net in _beside(plan)),
        *assumed,
    ]
    return "\n".join([*lines, f"Wrote {written}."] if written is not None else lines)


def _whom(plan: Policy, who: Reach, *, lost: int) -> list[str]:
    """Whom an offer may go to: on what basis, how many that leaves out, and who counts as lost already."""
    left = len(who.may) - int(who.may.sum())
    lines = [who.ground.sentence + (f" That leaves out {formats.count(left, 'customer')}." if left else "")]
    if not lost:
        return [*lines, f"An offer to any of the {plan.customers:,}, also to those who have churned already:"]
    gone = formats.count(lost, "customer")
    those = f"An offer to the {plan.customers:,} who are not lost yet"
    return [*lines, f"{those} ({gone} have churned already; --lost-too adds them):"]


def _put_right(found: Recalibrated | Unknown) -> str:
    return found.reason if isinstance(found, Unknown) else found.sentence


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
