"""`python -m tests.truth.strangers SEED… --out DIR` writes files and truths; `--judge 0:200` tables the outcomes."""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

from .build import export
from .judge import Verdict, judge
from .report import describe, truth_as_json

KINDS = ("right", "asked", "refused", "WRONG", "CRASHED")


def _seeds(text: str) -> range:
    parts = [int(part) for part in text.split(":")]
    return range(*parts) if len(parts) > 1 else range(parts[0], parts[0] + 1)


def _table(title: str, groups: dict[str, Counter[str]]) -> None:
    print(f"\n{title:<34}" + "".join(f"{kind:>9}" for kind in KINDS) + f"{'unfair':>9}")
    for name, counts in sorted(groups.items()):
        print(f"{name[:33]:<34}" + "".join(f"{counts[kind]:>9}" for kind in (*KINDS, "unfair")))


def tables(verdicts: list[Verdict]) -> None:
    """Outcomes by shape, by locale and by feature."""
    shapes: dict[str, Counter[str]] = defaultdict(Counter)
    features: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in verdicts:
        plan = verdict.export.plan
        marks = [verdict.first.kind, *([] if verdict.question_is_fair else ["unfair"])]
        shape = f"open: {plan.question}" if plan.question else plan.shape
        for mark in marks:
            shapes[shape][mark] += 1
            shapes["~ all"][mark] += 1
            for feature in (f"locale: {plan.tongue.code}", *plan.features):
                features[feature][mark] += 1
    _table("by feature", features)
    _table("by shape", shapes)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.truth.strangers", description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int)
    parser.add_argument("--out", type=Path, default=Path())
    parser.add_argument("--judge", type=_seeds, metavar="FROM:TO[:STEP]")
    parser.add_argument("--quiet", action="store_true", help="tables only")
    chosen = parser.parse_args()
    for seed in chosen.seeds:
        made = export(seed)
        chosen.out.mkdir(parents=True, exist_ok=True)
        path = chosen.out / f"{seed:04d}-{made.name}"
        path.write_bytes(made.data)
        text = json.dumps(truth_as_json(made), indent=1, ensure_ascii=False)
        (chosen.out / f"{seed:04d}-truth.json").write_text(text, encoding="utf-8")
        print(path)
    verdicts = []
    for seed in chosen.judge or ():
        verdict = judge(export(seed))
        verdicts.append(verdict)
        if not chosen.quiet:
            print(describe(verdict), flush=True)
    if verdicts:
        tables(verdicts)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
