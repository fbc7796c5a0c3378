"""A draft becomes a version: listed, entered in the audit log and moved into place, all of it or nothing."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from contextlib import suppress
from pathlib import Path

from segmentation.errors import WorkspaceBroken
from segmentation.workspace.checked import make_folder, sync
from segmentation.workspace.manifest import Manifest
from segmentation.workspace.registry import refuse_outdated
from segmentation.workspace.swapping import Registry
from segmentation.workspace.sweeping import discard
from segmentation.workspace.versions import DatasetVersion, Draft, Enter


def register(registry: Registry, datasets: Path, draft: Draft, manifest: Manifest, enter: Enter) -> DatasetVersion:
    """Make the draft the next version of its dataset. Raises WorkspaceBroken where somebody else was faster or nothing
    can be written, and what `enter` raises; nothing of it is kept then."""
    dataset_id = draft.previous.dataset_id if draft.previous else uuid.uuid4().hex
    home = datasets / dataset_id
    target = home / str(draft.number)
    moved = False
    try:
        with registry() as connection:
            connection.execute("BEGIN IMMEDIATE")
            refuse_outdated(connection, draft)
            _list(connection, dataset_id, draft, manifest)
            enter(connection, dataset_id)
            make_folder(home)
            if target.exists():  # left by a kill between the move and the commit: nobody refers to it
                shutil.rmtree(target)
            draft.folder.rename(target)
            moved = True
            sync(home)
    except (OSError, sqlite3.Error, WorkspaceBroken):
        if moved:
            _take_back(registry, dataset_id, target)
        raise
    return DatasetVersion(draft.name, dataset_id, draft.number, target, manifest)


def _list(connection: sqlite3.Connection, dataset_id: str, draft: Draft, manifest: Manifest) -> None:
    try:
        if draft.previous is None:
            connection.execute("INSERT INTO datasets VALUES (?, ?)", (dataset_id, draft.name))
        connection.execute(
            "INSERT INTO versions VALUES (?, ?, ?, ?)",
            (dataset_id, draft.number, manifest.fingerprint, manifest.created),
        )
        connection.execute("DELETE FROM current WHERE dataset_id = ?", (dataset_id,))
    except sqlite3.IntegrityError as error:
        raise WorkspaceBroken(
            f"“{draft.name}” was changed by someone else during this import.",
            next_step="Import the file again.",
        ) from error


def _take_back(registry: Registry, dataset_id: str, target: Path) -> None:
    """Remove what was moved into place and is not listed, so that a full disk is not fuller. Where that cannot be
    looked up, the next sweep does it."""
    with suppress(WorkspaceBroken), registry() as connection:
        connection.execute("BEGIN IMMEDIATE")  # nobody is about to list it
        asked = "SELECT 1 FROM versions WHERE dataset_id = ? AND number = ?"
        if connection.execute(asked, (dataset_id, int(target.name))).fetchone() is None:
            discard(target)
            with suppress(OSError):  # other versions are there
                target.parent.rmdir()
