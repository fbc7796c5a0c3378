"""The rows that the imports of a dataset rejected, as files that can be mended and imported again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from segmentation import formats
from segmentation.commands.handing_out import hand_out
from segmentation.commands.opening import opened
from segmentation.commands.result import Result
from segmentation.errors import SettingOutOfRange
from segmentation.exports import refuse_target
from segmentation.intake import REASONS, Rejected
from segmentation.intake import rejected as rejected_rows


def rejected(options: argparse.Namespace) -> Result:
    """How many rows were rejected and why; with `--out` the rows themselves, one file for each set of columns."""
    if options.reason is not None and options.reason not in REASONS:
        raise SettingOutOfRange("--reason", options.reason, allowed=REASONS)
    if options.out is not None:
        refuse_target(options.out, replace=options.force)
    workspace = opened(options)
    version = workspace.latest(options.dataset)
    handed = rejected_rows(version, options.reason)
    paths = _paths(options.out, handed)
    for path in paths:
        refuse_target(path, replace=options.force)
    written = [
        hand_out(
            workspace,
            path,
            one.csv(),
            content="rejected rows",
            version=version,
            rows=len(one.rows),
            replace=options.force,
        )
        for path, one in zip(paths, handed, strict=False)
    ]
    reasons: dict[str, int] = {}
    for one in handed:
        for reason, rows in one.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + rows
    files: list[dict[str, Any]] = [
        {"written": str(path), "rows": len(one.rows), "columns": list(one.columns)}
        for path, one in zip(written, handed, strict=False)
    ]
    body = {"dataset": options.dataset, "rows": sum(reasons.values()), "reasons": reasons, "files": files}
    return Result(body, _text(reasons, files))


def _paths(out: Path | None, rejected: tuple[Rejected, ...]) -> list[Path]:
    """Where each file goes: the first where it was asked for, further ones beside it with a number."""
    if out is None:
        return []
    return [out if at == 0 else out.with_name(f"{out.stem}-{at + 1}{out.suffix}") for at in range(len(rejected))]


def _text(reasons: dict[str, int], files: list[dict[str, Any]]) -> str:
    if not reasons:
        return "No row was rejected."
    lines = [f"{rows:>12,}  {reason}: {REASONS[reason]}" for reason, rows in reasons.items()]
    lines += [f"{formats.count(one['rows'], 'row')} → {one['written']}" for one in files]
    if files:
        lines.append("Fix the rows and import the file again: the columns that begin with “Tessera” are left out then.")
    return "\n".join(lines)
