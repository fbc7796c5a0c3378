"""A workspace as a backup has it: everything is unpacked beside, compared, and only then takes its place."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from segmentation import disk
from segmentation.errors import DataError, RegistryLost, WorkspaceBroken, WrongCall
from segmentation.workspace import registry_file
from segmentation.workspace.audit import LOG, Event, head, locked, put_log_aside, record, set_head
from segmentation.workspace.backup import FOLDERS, read_through
from segmentation.workspace.checked import digest, make_folder, sync
from segmentation.workspace.folder import Workspace
from segmentation.workspace.registry_file import REGISTRY, stored_versions
from segmentation.workspace.verify import Verified, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was taken over: how many files of how many bytes, and how the workspace stands now."""

    files: int
    bytes: int
    verified: Verified


def restore(root: Path, file: Path, *, by: str, replace: bool = False) -> Restored:
    """Make the workspace at `root` what the backup `file` holds; with `replace` also one that holds something. `by` is
    who stands for it in the audit log.

    Raises WrongCall where the workspace is not empty or there is no such file, UnreadableFile where it is no whole
    backup, WorkspaceBroken where it cannot be written. Before the last step nothing is changed.
    """
    if not file.is_file():
        raise WrongCall(f"There is no file {file}.")
    held = _holds(root)
    if held and not replace:
        raise WrongCall(
            f"The workspace {root} is not empty: {held}.",
            next_step="Restore into another folder with --workspace, or add --replace to put the backup in its place.",
        )
    workspace = Workspace(root)
    try:
        workspace.make_folders()
        if shutil.disk_usage(root).free < file.stat().st_size:
            raise disk.full("The backup was not restored.", root, need=file.stat().st_size)
        staged = workspace.tmp / f"restore-{secrets.token_hex(8)}"
        make_folder(staged)
        try:
            files = read_through(file, staged)
            verified = _checked(staged, file)
            _enter(workspace, staged, Event(by=by, what="restore", content="workspace", sha256=(digest(file),)))
            _put_in_place(workspace, staged)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise disk.refusal(
            error,
            f"The backup could not be restored into {root}.",
            root,
            evidence=f"{error.strerror or error}.",
            next_step="Check the disk, then restore it again with --replace.",
        ) from error
    return Restored(files=len(files), bytes=sum(size for size, _ in files.values()), verified=verified)


def _holds(root: Path) -> str:
    """What a workspace holds that a backup would take the place of, in words; "" where that is nothing."""
    shops = len(stored_versions(root))
    if shops:
        return "it holds 1 shop" if shops == 1 else f"it holds {shops:,} shops"
    path = root / REGISTRY
    if not path.exists() or path.stat().st_size == 0:
        return ""
    try:
        with registry_file.connected(root) as registry:
            (rows,) = registry.execute(
                "SELECT (SELECT count(*) FROM datasets) + (SELECT count(*) FROM mappings)"
            ).fetchone()
        return "its list of shops has entries" if rows else ""
    except RegistryLost:
        return "its list of shops is damaged"


def _checked(staged: Path, file: Path) -> Verified:
    """How what was unpacked stands, the registry and every version. Raises WorkspaceBroken where it has no registry."""
    workspace = Workspace(staged)
    try:
        workspace.make_folders()
        with workspace.registry() as registry:
            registry.executescript(registry_file.SCHEMA)
        return verify(workspace)
    except (DataError, sqlite3.DatabaseError) as error:
        raise WorkspaceBroken(
            f"The backup {file.name} holds no list of shops that can be read.",
            evidence=str(error),
            next_step="Nothing was changed. Take another backup.",
        ) from error


def _enter(workspace: Workspace, staged: Path, event: Event) -> None:
    """Enter the restore in the audit log that goes on: the workspace's own where it has one, else the backup's. One
    whose end no registry knows any more is put aside. Raises NotLogged, and nothing is exchanged then."""
    brought = staged / LOG
    try:
        with locked(workspace) as registry:
            known = head(registry)
        goes_on = known.entries > 0
    except RegistryLost:
        goes_on = False
    if goes_on:
        record(workspace, event)
        with locked(workspace) as registry:
            known = head(registry)
        with Workspace(staged).registry() as registry:
            set_head(registry, known)
        brought.unlink(missing_ok=True)
        return
    record(Workspace(staged), event)
    put_log_aside(workspace.root)


def _put_in_place(workspace: Workspace, staged: Path) -> None:
    """Exchange what is there for what was unpacked. The registry goes first and comes last: after a kill between the
    two the workspace says that its list of shops is missing, and the backup can be restored again."""
    gone = workspace.tmp / f"replaced-{secrets.token_hex(8)}"
    make_folder(gone)
    for name in (REGISTRY, f"{REGISTRY}-wal", f"{REGISTRY}-shm", *FOLDERS, "cache"):
        if (workspace.root / name).exists():
            (workspace.root / name).rename(gone / name)
    for name in (*FOLDERS, LOG, REGISTRY):
        if (staged / name).exists():
            (staged / name).rename(workspace.root / name)
    sync(workspace.root)
    workspace.make_folders()
    shutil.rmtree(gone, ignore_errors=True)
