"""What became of an import whose server was ended in the middle: it is complete, or nothing of it is stored.

What was there before is noted on disk with the files that wait (`held`), so that a new server can tell for the browser
that began it. A version counts as this import's where the audit log says that this visitor imported these very files;
where the log is damaged or lost, the files' names decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from segmentation.errors import DatasetNotFound, TesseraError
from segmentation.workspace import DatasetVersion, Workspace, audit_check
from segmentation.workspace.checked import digest

NO_ENTRY = "This import was stored before the server was ended; the audit log has no entry of it."


def note(workspace: Workspace, out: str, dataset: str, mappings: Sequence[str]) -> dict[str, Any]:
    """What has to be known of an import that begins now."""
    return {
        "out": out,
        "dataset": dataset,
        "mappings": list(mappings),
        "before": list(_newest(workspace, dataset)),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def completed(
    workspace: Workspace, begun: dict[str, Any], files: Sequence[tuple[Path, str]], *, by: str
) -> dict[str, Any] | None:
    """What an import said, or would have said, that was stored before its server ended; None where nothing was.
    `files` are where they are and what they were called; `by` is who began it, as the audit log has it."""
    for version in reversed(_since(workspace, begun)):
        entry = _entry(workspace, version)
        if not _named(version, files) if entry is None else not _same(entry, files, by):
            continue
        return {
            "ledger": version.manifest.ledger,
            "warnings": [NO_ENTRY] if entry is None else [],
            "tables": list(version.manifest.tables),
            "joins": [],
            "files": [],
        }
    return None


def lost(workspace: Workspace, begun: dict[str, Any], names: Sequence[str], *, there: bool) -> TesseraError:
    """Say that nothing was stored. `there` tells whether the files still wait to be imported."""
    dataset, before = begun["dataset"], begun.get("before", ["", 0])
    what = " and ".join(f"“{one}”" for one in names[:3]) or "the sample shop"
    if not before[0]:
        state = "Nothing of it was stored."
    elif _newest(workspace, dataset)[0] == before[0]:
        state = f"Nothing of it was stored: “{dataset}” is as it was."
    else:
        state = f"Nothing of it was stored, and “{dataset}” is gone: it was deleted, or to be replaced."
    again = "Press Import to begin again." if there else "Drop the file again."
    if not names:
        again = "Load the sample shop again."
    return TesseraError(
        f"The import of {what} was lost: the server was ended in the middle of it.", evidence=state, next_step=again
    )


def _newest(workspace: Workspace, dataset: str) -> tuple[str, int]:
    """The id of a dataset and the number of its newest version; "" and 0 where there is none."""
    try:
        return workspace.id_of(dataset), max(one.number for one in workspace.versions_of(dataset))
    except DatasetNotFound:
        return "", 0


def _since(workspace: Workspace, begun: dict[str, Any]) -> list[DatasetVersion]:
    """The versions of the import's dataset that came after it was begun, oldest first."""
    dataset_id, number = begun.get("before", ["", 0])
    try:
        versions = workspace.usable(begun["dataset"])
    except DatasetNotFound:
        return []
    newer = [one for one in versions if one.dataset_id != dataset_id or one.number > number]
    return [one for one in newer if one.manifest.created >= begun.get("at", "")]


def _entry(workspace: Workspace, version: DatasetVersion) -> dict[str, Any] | None:
    """The import that made a version, as the audit log has it."""
    for one in reversed(audit_check.check(workspace).entries):
        if one is not None and (one["what"], one["dataset"], one["version"]) == (
            "import",
            version.dataset_id,
            version.number,
        ):
            return one
    return None


def _same(entry: dict[str, Any], files: Sequence[tuple[Path, str]], by: str) -> bool:
    """Whether this visitor imported these files. They are given another name once they are imported."""
    sums = {digest(path) for path, _ in files if path.exists()}
    return bool(entry["by"] == by and (len(sums) < len(files) or sums <= set(entry["sha256"])))


def _named(version: DatasetVersion, files: Sequence[tuple[Path, str]]) -> bool:
    """Whether the last import into a version was of files with these names."""
    tables = [str(table["name"]) for table in version.manifest.tables]
    return any(table.startswith(name) for table in tables for _, name in files) or not files
