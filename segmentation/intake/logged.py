"""An import in the audit log: which files it read, by their SHA-256, and how many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from segmentation.errors import UnreadableFile, WorkspaceBroken
from segmentation.intake.job import ImportResult
from segmentation.workspace import Workspace
from segmentation.workspace.audit import Event, record
from segmentation.workspace.checked import digest


def sums(files: Sequence[Path]) -> tuple[str, ...]:
    """The SHA-256 of each file. Raises UnreadableFile."""
    found = []
    for path in files:
        try:
            found.append(digest(path))
        except OSError as error:
            raise UnreadableFile(
                path.name,
                "The file can no longer be read.",
                evidence=f"{error.strerror or error}.",
                next_step="Leave it where it is until the import is done.",
            ) from error
    return tuple(found)


def entered(workspace: Workspace, done: ImportResult, digests: Sequence[str], by: str) -> ImportResult:
    """Enter a published import in the log. It stays where that fails: a warning says that it has no entry."""
    listed = sum(table.rows for table in done.tables if table.holds in {"contacts", "campaigns"})
    event = Event(
        by=by,
        what="import",
        content="orders" if done.ledger.read else "customers",
        dataset=done.version.dataset_id,
        version=done.version.number,
        rows=done.ledger.read + listed,
        sha256=tuple(digests),
    )
    try:
        record(workspace, event)
    except WorkspaceBroken as problem:
        said = f"Version {done.version.number} is imported, but the audit log has no entry of it. {problem}"
        return replace(done, warnings=(*done.warnings, said))
    return done
