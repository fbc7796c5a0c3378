"""The audit log from the command line: its entries, and whether they are as they were written."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from segmentation import formats
from segmentation.commands.opening import opened
from segmentation.commands.result import Result
from segmentation.workspace.audit_check import AuditLog, check

_MOST_SAID = 10


def audit(options: argparse.Namespace) -> Result:
    """The entries, oldest first; with `verify` only whether they are whole, with exit code 1 where they are not."""
    workspace = opened(options)
    log = check(workspace)
    body: dict[str, Any] = {
        "entries": len(log.entries),
        "known": log.known,
        "log": [_told(number, entry) for number, entry in enumerate(log.entries, start=1)],
        "last": log.last,
        "sound": log.sound,
        "problems": [{"entry": one.entry, "problem": one.why} for one in log.wrong],
    }
    if options.verb == "verify":
        return Result(body, _verdict(log), exit_code=0 if log.sound else 1)
    names = {one.dataset_id: one.name for one in workspace.contents()}
    if log.gone:
        return Result(body, _verdict(log), exit_code=1)
    lines = [_line(entry, names) for entry in log.entries] or ["Nothing is entered yet."]
    warnings = () if log.sound else ("The audit log is not as it was written: see tessera audit verify.",)
    return Result(body, "\n".join(lines), warnings)


def _verdict(log: AuditLog) -> str:
    if log.sound:
        entries = formats.count(len(log.entries), "entry", "entries")
        return f"{entries}, as they were written. Hash of the last one: {log.last}"
    if log.gone:
        lines = [f"The audit log is missing; {formats.count(log.known, 'entry', 'entries')} had been entered."]
        return "\n".join([*lines, "Bring audit.log back from your last backup; what came after it is lost."])
    lines = ["The audit log is not as it was written.", *(one.sentence for one in log.wrong[:_MOST_SAID])]
    if len(log.wrong) > _MOST_SAID:
        lines.append(f"… and {len(log.wrong) - _MOST_SAID:,} more.")
    lines.append("Keep audit.log as it is, and compare it with the one in your last backup.")
    return "\n".join(lines)


def _told(number: int, entry: Mapping[str, Any] | None) -> dict[str, Any]:
    """One entry for a program; of a line that cannot be read only its number."""
    return {"n": number, "unreadable": True} if entry is None else dict(entry)


def _line(entry: Mapping[str, Any] | None, names: Mapping[str, str]) -> str:
    """One entry for a person; a shop by its name where it still has one."""
    if entry is None:
        return "(cannot be read)"
    shop = names.get(str(entry["dataset"]), str(entry["dataset"])[:8])
    version = "" if entry["version"] is None else f" version {entry['version']}"
    rows = f"{entry['rows']:,} rows" if isinstance(entry["rows"], int) else ""
    digests = " ".join(str(one)[:12] for one in entry["sha256"]) if isinstance(entry["sha256"], list) else ""
    parts = (f"{entry['n']!s:>5}", entry["at"], entry["by"], f"{entry['what']} {entry['content']}", shop + version)
    return "  ".join(str(one) for one in (*parts, rows, digests) if one)
