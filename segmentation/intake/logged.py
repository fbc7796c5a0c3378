"""An import in the audit log: which files it read, by their SHA-256, and how many rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from segmentation.errors import UnreadableFile
from segmentation.intake.accounts.ledger import Ledger
from segmentation.intake.import_job import TableResult
from segmentation.workspace import Draft, Workspace
from segmentation.workspace.audit import Event, enter, locked
from segmentation.workspace.checked import digest
from segmentation.workspace.versions import Enter


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


def entry(
    workspace: Workspace, draft: Draft, tables: Sequence[TableResult], ledger: Ledger, digests: Sequence[str], by: str
) -> Enter:
    """What enters an import in the log as its version is listed. It raises DiskFull or NotLogged, and there is no
    version then."""
    with locked(workspace):
        pass  # an entry that a kill cut short is in the registry from here on
    listed = sum(table.rows for table in tables if table.holds in {"contacts", "campaigns"})

    def enter_it(registry: sqlite3.Connection, dataset_id: str) -> None:
        event = Event(
            by=by,
            what="import",
            content="orders" if ledger.read else "customers",
            dataset=dataset_id,
            version=draft.number,
            rows=ledger.read + listed,
            sha256=tuple(digests),
        )
        enter(workspace.root, registry, event)

    return enter_it
