"""What is asked of the registry around deleting: who was erased, what is registered, and that no deleted byte stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from segmentation.errors import DatasetNotFound, WorkspaceBroken
from segmentation.workspace.registry_file import opened
from segmentation.workspace.sweeping import discard, strays
from segmentation.workspace.versions import Draft


def empty_log(root: Path) -> None:
    """Empty the registry's log, in which deleted rows stand until then; and write the registry anew where a full disk
    has kept `scrub` from it."""
    with opened(root) as connection:
        (empty_pages,) = connection.execute("PRAGMA freelist_count").fetchone()
        if empty_pages:
            connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def scrub(root: Path) -> None:
    """Write the registry anew, so that no byte of a deleted row stays in its files."""
    with opened(root) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def erased(registry: sqlite3.Connection, name: str) -> frozenset[str]:
    """The marks of customers who were erased from the dataset of this name."""
    return frozenset(mark for (mark,) in registry.execute("SELECT mark FROM erased WHERE name = ?", (name,)))


def fingerprints(registry: sqlite3.Connection, name: str = "") -> set[str]:
    """The content of every version there is, or of those of one dataset."""
    asked = "SELECT fingerprint FROM versions WHERE ? IN ('', (SELECT name FROM datasets WHERE id = dataset_id))"
    return {one for (one,) in registry.execute(asked, (name,))}


def count_versions(registry: sqlite3.Connection, name: str) -> int:
    """How many versions a dataset has, whether or not they can be read; raises DatasetNotFound."""
    asked = "SELECT count(v.number) FROM datasets d LEFT JOIN versions v ON v.dataset_id = d.id WHERE d.name = ?"
    row = registry.execute(asked + " GROUP BY d.id", (name,)).fetchone()
    if row is None:
        raise DatasetNotFound(name, [one for (one,) in registry.execute("SELECT name FROM datasets ORDER BY name")])
    return int(row[0])


def unlist(registry: sqlite3.Connection, dataset_id: str, number: int, *, asked: Callable[[], None]) -> None:
    """Take a version from the list while nobody else changes it; `asked` raises where it has to stay."""
    registry.execute("BEGIN IMMEDIATE")
    asked()
    registry.execute("DELETE FROM versions WHERE dataset_id = ? AND number = ?", (dataset_id, number))


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
    swaps = {one for (one,) in registry.execute("SELECT folder FROM swaps")}
    return list(strays(datasets, registered, swaps, spared))


def sweep_unregistered(registry: sqlite3.Connection, datasets: Path) -> None:
    """Remove these folders. They are looked at again where nobody can be about to register them."""
    if unregistered(registry, datasets):
        registry.execute("BEGIN IMMEDIATE")
        for folder in unregistered(registry, datasets):
            discard(folder)


def mappings(registry: sqlite3.Connection) -> tuple[str, ...]:
    """Every mapping that is remembered."""
    return tuple(text for (text,) in registry.execute("SELECT text FROM mappings"))


def change_texts(
    registry: sqlite3.Connection, dataset_id: str, *, note: Callable[[str], str], mapping: Callable[[str], str]
) -> None:
    """Change what people wrote and chose: notes on a dataset's saved segmentations, and remembered mappings."""
    for query, update, asked, change in (
        (
            "SELECT id, note FROM segmentations WHERE dataset_id = ?",
            "UPDATE segmentations SET note = ? WHERE id = ?",
            (dataset_id,),
            note,
        ),
        ("SELECT header_key, text FROM mappings", "UPDATE mappings SET text = ? WHERE header_key = ?", (), mapping),
    ):
        for key, text in registry.execute(query, asked).fetchall():
            if (changed := change(text)) != text:
                registry.execute(update, (changed, key))


def spare(registry: sqlite3.Connection, datasets: Path) -> None:
    """Take note of datasets that are there before their registry is: it was lost, and nobody may sweep them."""
    if registry.execute("SELECT 1 FROM sqlite_master WHERE name = 'spared'").fetchone():
        return
    registry.execute("BEGIN IMMEDIATE")
    registry.execute("CREATE TABLE IF NOT EXISTS spared (dataset_id TEXT PRIMARY KEY)")
    known = {one for (one,) in registry.execute("SELECT id FROM datasets")}
    found = [(home.name,) for home in datasets.iterdir() if home.name not in known]
    registry.executemany("INSERT OR IGNORE INTO spared VALUES (?)", found)
