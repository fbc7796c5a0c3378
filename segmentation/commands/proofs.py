"""Proving a segmentation from the command line."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from typing import Any

from segmentation.analysis import Analysis, StudySettings
from segmentation.commands.figures import figure, unknown
from segmentation.commands.opening import asked_study, opened_shop
from segmentation.commands.result import Result
from segmentation.errors import DataError
from segmentation.estimates import Unknown
from segmentation.explain import Rules
from segmentation.proof import (
    Backtest,
    Foresight,
    Proofs,
    Recommendation,
    Stable,
    Structure,
    beside,
    usability,
    verdicts,
)


def prove(options: argparse.Namespace) -> Result:
    """Whether a shop's segments hold: real, stable, predictive, usable; how many; and the rules that match them."""
    start = time.perf_counter()
    shop, settings = opened_shop(options), asked_study(options)
    advice = _advice(shop, settings)
    study = shop.study(settings, wait=not isinstance(advice, Unknown))
    proofs = shop.proofs(study).get().proofs
    if not isinstance(advice, Unknown) and options.method != "rfm":
        advice = beside(advice, proofs, study.segmentation)
    if options.smallest is not None:
        limited = usability(study.segmentation, smallest=options.smallest, order_rate=proofs.order_rate)
        proofs = replace(proofs, usable=limited)
    rules = shop.rules(study).get()
    body = {
        "dataset": options.dataset,
        "method": options.method,
        "k": len(proofs.names),
        "structure": _structure(proofs.structure),
        "stable": _stable(proofs.stable, proofs.names),
        "predictive": _predictive(proofs.predictive),
        "unknown_then": list(proofs.unknown_then),
        "usable": [
            {"segments": [proofs.names[i] for i in breach.segments], "reason": breach.reason, "remedy": breach.remedy}
            for breach in proofs.usable.breaches
        ],
        "recommended": _recommended(advice),
        "rules": _rules(rules),
        "careful": shop.careful(),
        "seconds": {"all": time.perf_counter() - start},
    }
    return Result(body, _text(options.dataset, proofs, advice, rules, shop.careful()))


def _advice(shop: Analysis, settings: StudySettings) -> Recommendation | Unknown:
    try:
        return shop.number(settings).get()
    except DataError as error:
        return Unknown(str(error))


def _structure(structure: Structure | Unknown) -> dict[str, Any]:
    if isinstance(structure, Unknown):
        return unknown(structure)
    return {
        "beyond_one_group": structure.beyond_one_group,
        "statistic": structure.statistic,
        "reference": [structure.low, structure.high],
    }


def _stable(stable: Stable | Unknown, names: tuple[str, ...]) -> dict[str, Any]:
    if isinstance(stable, Unknown):
        return unknown(stable)
    worst = stable.segments[stable.worst]
    return {
        "worst": {"name": names[stable.worst], "jaccard": worst.jaccard.value},
        "segments": [
            {
                "name": name,
                "jaccard": one.jaccard.value,
                "low": one.jaccard.low,
                "high": one.jaccard.high,
                "band": one.band if stable.banded else {"unknown": "There are no natural groups: no band is claimed."},
            }
            for name, one in zip(names, stable.segments, strict=False)
        ],
        "swaps": [
            {"segments": [names[swap.one], names[swap.other]], "share": swap.share}
            for swap in stable.swaps
            if swap.share
        ],
        "refits": stable.refits,
    }


def _predictive(backtest: Backtest | Unknown) -> dict[str, Any]:
    if isinstance(backtest, Unknown):
        return unknown(backtest)
    return {
        "window_days": backtest.window_days,
        "cuts": [cut.on.isoformat() for cut in backtest.cuts],
        "explained": {one.method: figure(one.average.explained_spend) for one in backtest.methods},
        "separation": {one.method: figure(one.average.separation) for one in backtest.methods},
        "capture": {one.method: figure(one.average.capture) for one in backtest.methods},
        "winner": backtest.winner,
        "leaders": list(backtest.leaders),
        "foreseen": _foreseen(backtest.foresight),
        "verdict": backtest.verdict,
    }


def _foreseen(ours: Foresight | None) -> dict[str, Any]:
    if ours is None:
        return unknown(Unknown("No method does better than expecting the average of everyone."))
    return {"by": ours.best, "share": ours.share, "kept": ours.kept, "standing": ours.standing}


def _recommended(advice: Recommendation | Unknown) -> dict[str, Any]:
    if isinstance(advice, Unknown):
        return unknown(advice)
    curve = [
        {
            "k": point.k,
            "structure": unknown(point.structure) if isinstance(point.structure, Unknown) else point.structure,
            "stability": point.stability,
            "worst": point.worst,
            "explained": unknown(point.explained) if isinstance(point.explained, Unknown) else point.explained,
        }
        for point in advice.curve
    ]
    return {"k": advice.recommended, "shown": advice.k, "reason": advice.reason, "curve": curve}


def _rules(rules: Rules | Unknown) -> dict[str, Any]:
    if isinstance(rules, Unknown):
        return unknown(rules)
    return {
        "agreement": rules.agreement.value,
        "sql": rules.sql,
        "segments": [{"segment": one.segment, "sentence": one.sentence} for one in rules.segments],
    }


def _text(dataset: str, proofs: Proofs, advice: Recommendation | Unknown, rules: Rules | Unknown, careful: str) -> str:
    lines = [f"{dataset}: {len(proofs.names)} segments", *((careful,) if careful else ()), ""]
    for verdict in verdicts(proofs):
        lines += [f"{verdict.question:<14}{verdict.headline}", f"{'':<14}{verdict.evidence}"]
    if isinstance(proofs.predictive, Backtest):
        lines += ["", proofs.predictive.verdict]
    recommended = not isinstance(advice, Unknown) and advice.is_recommended
    lines += ["", f"Recommended:  {advice.reason}" if recommended else advice.reason]
    if isinstance(rules, Unknown):
        return "\n".join([*lines, f"Definition:   {rules.reason}"])
    lines += ["", f"Segment definition, which matches {rules.agreement.value:.0%} of customers:"]
    lines += [f"- {proofs.names[one.segment]}: {one.sentence}" for one in rules.segments]
    return "\n".join(lines)
