"""Truths as JSON and verdicts as text, so that a failure can be studied."""

from __future__ import annotations

from dataclasses import asdict

from .build import Export
from .judge import ASKED, RIGHT, Outcome, Verdict


def truth_as_json(export: Export) -> dict[str, object]:
    """The truth of a file, for people and for `json.dumps`."""
    plan = export.plan
    readings = []
    for one in export.readings:
        fields = asdict(one)
        fields["must_agree"], fields["may_agree"] = sorted(one.must_agree), sorted(one.may_agree)
        readings.append(fields)
    return {
        "seed": plan.seed,
        "shape": plan.shape,
        "locale": plan.tongue.code,
        "features": list(plan.features),
        "settled": export.settled,
        "question": plan.question,
        "headers": export.headers,
        "readings": readings,
    }


def _outcome(outcome: Outcome) -> str:
    return f"{outcome.kind}: {'; '.join(outcome.off) or outcome.said}" if outcome.kind != RIGHT else RIGHT


def describe(verdict: Verdict) -> str:
    """Seed, shape, locale, traits, what was got and what was right."""
    plan, first = verdict.export.plan, verdict.first
    head = f"{plan.seed:>4} {first.kind:<8} {plan.tongue.code:<6} {plan.shape}"
    if first.kind == RIGHT:
        return head
    lines = [head, f"       {', '.join(plan.features)}", f"       {'; '.join(first.off) or first.said}"]
    if first.kind == ASKED:
        lines += [f"       {answer} → {_outcome(outcome)}" for answer, outcome in verdict.answered.items()]
        lines += [] if verdict.question_is_fair else ["       no answer leads to the right figures"]
    return "\n".join(lines)
