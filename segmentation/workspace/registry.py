"""What is asked of the registry around deleting: who was erased, what is registered, and that no deleted byte stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from segmentation.errors import WorkspaceBroken
from segmentation.workspace.sweeping import strays
from segmentation.workspace.versions import Draft

_WAIT = 30
"""Seconds to wait for another process that is writing."""


def connect(file: Path) -> sqlite3.Connection:
    """A connection to the registry. What it deletes is overwritten."""
    connection = sqlite3.connect(file, timeout=_WAIT)
    for setting in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def empty_log(file: Path) -> None:
    """Empty the registry's log, in which deleted rows stand until then."""
    with closing(connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def scrub(file: Path) -> None:
    """Write the registry anew, so that no byte of a deleted row stays in its files."""
    with closing(connect(file)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def erased(registry: sqlite3.Connection, name: str) -> frozenset[str]:
    """The marks of customers who were erased from the dataset of this name."""
    return frozenset(mark for (mark,) in registry.execute("SELECT mark FROM erased WHERE name = ?", (name,)))


def fingerprints(registry: sqlite3.Connection) -> set[str]:
    """The content of every version there is."""
    return {one for (one,) in registry.execute("SELECT fingerprint FROM versions")}


def refuse_outdated(registry: sqlite3.Connection, draft: Draft) -> None:
    """Raise WorkspaceBroken where the dataset was deleted, or a customer erased from it, since the draft was begun: its
    files are from before."""
    if draft.previous is not None:
        asked = (draft.previous.dataset_id, draft.name)
        if registry.execute("SELECT 1 FROM datasets WHERE id = ? AND name = ?", asked).fetchone() is None:
            raise WorkspaceBroken(
                f"“{draft.name}” was deleted during this import.",
                evidence="Nothing of the import is kept.",
                next_step="Import the file again if the shop is to be made anew.",
            )
    if erased(registry, draft.name) != draft.erased:
        raise WorkspaceBroken(
            f"A customer was erased from “{draft.name}” during this import.",
            evidence="Nothing of the import is kept.",
            next_step="Import the file again: the customer is left out then.",
        )


def unregistered(registry: sqlite3.Connection, datasets: Path) -> list[Path]:
    """Folders of datasets and versions that are not in the registry."""
    registered = set(registry.execute("SELECT dataset_id, number FROM versions").fetchall())
    spared = {one for (one,) in registry.execute("SELECT dataset_id FROM spared")}
    return list(strays(datasets, registered, spared))


def spare(registry: sqlite3.Connection, datasets: Path) -> None:
    """Take note of datasets that are there before their registry is: it was lost, and nobody may sweep them."""
    if registry.execute("SELECT 1 FROM sqlite_master WHERE name = 'spared'").fetchone():
        return
    registry.execute("BEGIN IMMEDIATE")
    registry.execute("CREATE TABLE IF NOT EXISTS spared (dataset_id TEXT PRIMARY KEY)")
    known = {one for (one,) in registry.execute("SELECT id FROM datasets")}
    found = [(home.name,) for home in datasets.iterdir() if home.name not in known]
    registry.executemany("INSERT OR IGNORE INTO spared VALUES (?)", found)
