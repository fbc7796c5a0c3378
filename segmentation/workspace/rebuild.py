"""The list of shops made anew from the manifests of the versions on disk.

What only the registry held is taken over where the damaged one still gives it: saved segmentations, remembered
mappings, stated bases and assumptions, and which version was chosen. Who was erased stands in a file of its own too.
The damaged registry stays beside the new one.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from segmentation import drafts
from segmentation.errors import RegistryLost
from segmentation.workspace import erased_marks, registry_file
from segmentation.workspace.audit import head, put_log_aside
from segmentation.workspace.checked import PRIVATE_FILE, sync
from segmentation.workspace.damage import UNREADABLE
from segmentation.workspace.folder import Workspace
from segmentation.workspace.manifest import Manifest
from segmentation.workspace.registry_file import REGISTRY, SCHEMA, stored_versions

_BESIDE = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What came of it: the shops that were added to the list, the versions with them, rows taken over from the damaged
    registry by table, tables that could not be read whole, and where the damaged registry is now (None where the list
    was whole or gone)."""

    shops: tuple[str, ...]
    versions: int
    taken_over: dict[str, int]
    lost: tuple[str, ...]
    aside: Path | None


def rebuild(root: Path) -> Rebuilt:
    """List every version on disk; one that the list has already stays as it is. Raises WorkspaceBroken."""
    workspace = Workspace(root)
    workspace.make_folders()
    if _is_whole(root):
        with workspace.registry() as registry:
            registry.executescript(SCHEMA)
            shops, versions = _list(registry, root)
        return Rebuilt(shops=shops, versions=versions, taken_over={}, lost=(), aside=None)
    draft = drafts.beside(root / REGISTRY)
    try:
        draft.touch(mode=PRIVATE_FILE)
        with drafts.locked(draft):
            with closing(sqlite3.connect(draft)) as new, new:
                new.execute("PRAGMA foreign_keys=ON")
                new.executescript(SCHEMA)
                shops, versions = _list(new, root)
                taken_over, lost = _take_over(new, root / REGISTRY)
                new.execute(
                    "DELETE FROM current WHERE (dataset_id, number) NOT IN (SELECT dataset_id, number FROM versions)"
                )
                if erased_marks.add(new, workspace.keys):
                    lost = tuple(one for one in lost if one != "erased")
                end_is_known = head(new).entries > 0
            sync(draft)
            if not end_is_known:
                put_log_aside(root)
            aside = _put_aside(root)
            draft.replace(root / REGISTRY)
            sync(root)
    finally:
        draft.unlink(missing_ok=True)
    return Rebuilt(shops=shops, versions=versions, taken_over=taken_over, lost=lost, aside=aside)


def _is_whole(root: Path) -> bool:
    try:
        with registry_file.connected(root) as registry:
            listed = registry.execute("SELECT 1 FROM sqlite_master WHERE name = 'datasets'").fetchone()
        return listed is not None and registry_file.check(root) == ""
    except RegistryLost:
        return False


def _list(registry: sqlite3.Connection, root: Path) -> tuple[tuple[str, ...], int]:
    """Add what is on disk and not listed; returns the names of shops added, and how many versions."""
    shops, versions = [], 0
    for dataset_id, folders in stored_versions(root).items():
        manifests = {int(folder.name): _manifest(folder) for folder in folders}
        if registry.execute("SELECT 1 FROM datasets WHERE id = ?", (dataset_id,)).fetchone() is None:
            name = _free_name(registry, _name(dataset_id, manifests))
            registry.execute("INSERT INTO datasets VALUES (?, ?)", (dataset_id, name))
            shops.append(name)
        for number, manifest in manifests.items():
            fingerprint = manifest.fingerprint if manifest else f"unknown-{dataset_id}-{number}"
            row = (dataset_id, number, fingerprint, manifest.created if manifest else "")
            versions += registry.execute("INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?)", row).rowcount
    return tuple(shops), versions


def _manifest(folder: Path) -> Manifest | None:
    try:
        return Manifest.read(folder)
    except UNREADABLE:
        return None


def _name(dataset_id: str, manifests: dict[int, Manifest | None]) -> str:
    """The shop's name by its newest manifest that says one; older ones have it in their ledger only."""
    for number in sorted(manifests, reverse=True):
        manifest = manifests[number]
        name = "" if manifest is None else manifest.name or str(manifest.ledger.get("dataset", ""))
        if name:
            return name
    return f"Shop {dataset_id[:8]}"


def _free_name(registry: sqlite3.Connection, name: str) -> str:
    taken = {one for (one,) in registry.execute("SELECT name FROM datasets")}
    return next(one for one in (name, *(f"{name} ({n})" for n in range(2, len(taken) + 3))) if one not in taken)


def _take_over(new: sqlite3.Connection, old: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    """Copy the rows that only the registry holds, as far as the damaged one gives them."""
    names = [name for (name,) in new.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = [name for name in names if name not in {"datasets", "versions"} and not name.startswith("sqlite_")]
    copied: Counter[str] = Counter()
    lost = []
    if not old.is_file() or old.stat().st_size == 0:
        return {}, tuple(tables)
    with closing(sqlite3.connect(f"{old.as_uri()}?mode=ro", uri=True, timeout=registry_file.WAIT)) as damaged:
        for table in tables:
            try:
                columns = [row[1] for row in new.execute(f"PRAGMA table_info({table})")]
                names_, marks = ", ".join(columns), ", ".join("?" * len(columns))
                for row in damaged.execute(f"SELECT {names_} FROM {table}"):  # noqa: S608 - our own names
                    with suppress(sqlite3.IntegrityError):  # of a dataset that is gone
                        new.execute(f"INSERT INTO {table} ({names_}) VALUES ({marks})", row)  # noqa: S608
                        copied[table] += 1
            except (sqlite3.DatabaseError, UnicodeDecodeError):
                lost.append(table)
    return dict(copied), tuple(lost)


def _put_aside(root: Path) -> Path | None:
    """Move the damaged registry away, with what SQLite keeps beside it; returns where it is now."""
    number = 1 + len(list(root.glob("registry-damaged-*.sqlite")))
    aside = root / f"registry-damaged-{number}.sqlite"
    for end in reversed(_BESIDE):
        path = root / f"{REGISTRY}{end}"
        if path.exists():
            path.rename(root / f"{aside.name}{end}")
    return aside if aside.exists() else None
