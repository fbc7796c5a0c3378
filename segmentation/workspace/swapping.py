"""Versions of a dataset written anew, all at once: they keep their numbers, and a kill leaves the old ones or the new.

What was written anew is moved beside the versions and noted in the registry in one transaction. From then on it counts:
whoever opens the workspace next moves what is left to move.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from segmentation.errors import WorkspaceBroken
from segmentation.workspace.checked import sync
from segmentation.workspace.sweeping import LISTS, SWAP, discard, remove

Registry = Callable[[], AbstractContextManager[sqlite3.Connection]]
_OLD = "old-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """What was written anew of a dataset in `folder`: versions by their numbers, and lists of customers.

    `before` are the fingerprints of all versions as they were read, `after` those of the versions written anew; `marks`
    those of customers who are erased with it.
    """

    name: str
    dataset_id: str
    folder: Path
    before: Mapping[int, str]
    after: Mapping[int, str]
    marks: frozenset[str]


def decide(
    registry: sqlite3.Connection, swap: Swap, datasets: Path, also: Callable[[sqlite3.Connection], None]
) -> bool:
    """Make the new files count, with what is changed in the registry `also`; False where the dataset is no longer what
    it was when they were written."""
    registry.execute("BEGIN IMMEDIATE")
    asked = (swap.dataset_id, swap.name)
    if registry.execute("SELECT 1 FROM datasets WHERE id = ? AND name = ?", asked).fetchone() is None:
        return False
    rows = registry.execute("SELECT number, fingerprint FROM versions WHERE dataset_id = ?", asked[:1]).fetchall()
    if dict(rows) != dict(swap.before):
        return False
    registry.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", [(swap.name, mark) for mark in swap.marks])
    also(registry)
    target = f"{SWAP}{swap.folder.name}"
    told = json.dumps({str(number): fingerprint for number, fingerprint in swap.after.items()})
    registry.execute("INSERT INTO swaps VALUES (?, ?, ?)", (target, swap.dataset_id, told))
    home = datasets / swap.dataset_id
    swap.folder.rename(home / target)
    sync(home)
    return True


def take_back(registry: Registry, swap: Swap, datasets: Path) -> None:
    """Remove what was moved beside the versions where that could not be noted, so that a full disk is not fuller. Where
    it cannot be looked up, the next sweep does it."""
    target = f"{SWAP}{swap.folder.name}"
    with suppress(WorkspaceBroken), registry() as connection:
        if connection.execute("SELECT 1 FROM swaps WHERE folder = ?", (target,)).fetchone() is None:
            discard(datasets / swap.dataset_id / target)


def finish(registry: Registry, datasets: Path, forget: Callable[[str], None]) -> None:
    """Move what counts into place, where that was not done yet, and `forget` what is kept beside those datasets."""
    with registry() as connection:
        pending = connection.execute("SELECT folder, dataset_id FROM swaps").fetchall()
    for folder, dataset_id in pending:
        with registry() as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute("SELECT fingerprints FROM swaps WHERE folder = ?", (folder,)).fetchone()
            if row is None:  # another process was faster
                continue
            home = datasets / dataset_id
            _move(home / folder, home)
            connection.executemany(
                "UPDATE versions SET fingerprint = ? WHERE dataset_id = ? AND number = ?",
                [(fingerprint, dataset_id, int(number)) for number, fingerprint in json.loads(row[0]).items()],
            )
        forget(dataset_id)
        with registry() as connection:
            connection.execute("DELETE FROM swaps WHERE folder = ?", (folder,))


def _move(source: Path, home: Path) -> None:
    """Move the new files over the old ones; begun again after a kill, it goes on where it was."""
    if not source.is_dir():
        return
    for version in sorted(one for one in source.iterdir() if one.name.isdigit()):
        target, old = home / version.name, source / f"{_OLD}{version.name}"
        if target.exists():
            remove(old)
            target.rename(old)
        version.rename(target)
    for file in (source / LISTS).glob("*.parquet"):
        file.replace(home / LISTS / file.name)
    sync(home)
    remove(source)
