"""On what basis a shop writes to its customers, from the command line."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from segmentation.commands.opening import opened
from segmentation.commands.result import Result
from segmentation.customers import ConsentCounts, Ground, count_consent, ground
from segmentation.engine import engine_of
from segmentation.errors import WrongCall
from segmentation.workspace import BasisLog, Statement

BESIDE_CONSENT = "The data holds consent: customers whose consent is unknown stay out, whatever is stated."


def basis(options: argparse.Namespace) -> Result:
    """Show the basis in force; with `--state` state one, with `--withdraw` take it back."""
    if options.note and not (options.state or options.withdraw):
        raise WrongCall("A note belongs to a statement.", next_step="Add --state BASIS, or --withdraw.")
    workspace = opened(options)
    version = workspace.latest(options.dataset)
    log = BasisLog(workspace, version.dataset_id)
    at, by = datetime.now(UTC).isoformat(timespec="seconds"), options.by
    if options.state:
        log.state(options.state, at=at, note=options.note, by=by)
    elif options.withdraw:
        log.withdraw(at=at, note=options.note, by=by)
    counts = count_consent(engine_of(workspace.root), version)
    said = log.all()
    in_force = ground(column=counts.column, refusals=counts.refused > 0, stated=log.current())
    body = {
        "dataset": version.name,
        **in_force.to_json(),
        "stated": None if in_force.stated is None else _entry(in_force.stated),
        "consent": {"column": counts.column, "agreed": counts.agreed, "refused": counts.refused},
        "log": [_entry(one) for one in said],
    }
    warnings = (BESIDE_CONSENT,) if options.state and counts.column else ()
    return Result(body, _text(version.name, in_force, counts, said), warnings)


def _entry(said: Statement) -> dict[str, str | None]:
    return {"basis": said.basis, "note": said.note, "by": said.by, "at": said.at}


def _text(name: str, ground: Ground, counts: ConsentCounts, said: tuple[Statement, ...]) -> str:
    lines = [
        f"{name}: {counts.agreed:,} contacts agreed to marketing, {counts.refused:,} refused.",
        ground.sentence,
    ]
    if said:
        lines += ["", "Stated so far"]
        lines += [f"  {one.sentence}{f': {one.note}' if one.note else '.'}" for one in said]
    return "\n".join(lines)
