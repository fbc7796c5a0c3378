"""A workspace in one file: a tar of its registry, audit log, versions, lists, keys and descriptions of exports.

The last entry of the tar lists every other one with its size and SHA-256. A backup is read back before it takes its
place, and nothing of one is taken over before all of it was compared. What can be computed again is not in it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from segmentation import disk, drafts
from segmentation.errors import UnreadableFile, WorkspaceBroken, WrongCall
from segmentation.workspace.audit import LOG, Event, locked, record
from segmentation.workspace.checked import PRIVATE_FILE, digest, make_folder, sync, write
from segmentation.workspace.folder import Workspace
from segmentation.workspace.registry_file import REGISTRY
from segmentation.workspace.verify import Verified, verify

INDEX = "tessera-backup.json"
LAYOUT = 1
FOLDERS = ("datasets", "platforms", "keys")
LARGEST_INDEX = 1 << 28
"""Bytes."""
_PIECE = 1 << 20
_NO_TAR = (tarfile.TarError, EOFError, ValueError, OverflowError, KeyError, TypeError)

Entry = tuple[int, str]
"""Size in bytes and SHA-256 in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What a backup holds: how many files of how many bytes, and what is damaged in the workspace itself."""

    files: int
    bytes: int
    verified: Verified


# Writing --------------------------------------------------------------------------------------------------------


def backup(workspace: Workspace, target: Path, *, created: str, by: str, replace: bool = False) -> Packed:
    """Write the workspace to `target`, in the place of another file only with `replace`; `by` is who stands for it in
    the audit log. Raises WrongCall, or WorkspaceBroken where it cannot be written or logged, or does not read back."""
    target = target.expanduser().resolve()
    if not replace and target.exists():
        raise WrongCall(f"{target} exists already.", next_step="Choose another name.")
    if not target.parent.is_dir():
        raise WrongCall(f"There is no folder {target.parent}.", next_step="Make it, or choose another one.")
    ours = (workspace.root / REGISTRY, workspace.root / LOG)
    if target in ours or any(target.is_relative_to(workspace.root / folder) for folder in FOLDERS):
        raise WrongCall(f"{target} lies inside what is backed up.", next_step="Choose a file outside the workspace.")
    verified = verify(workspace)
    draft = drafts.beside(target)
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
        with drafts.locked(draft):
            drafts.sweep(target.parent, now=draft.stat().st_mtime)
            packed = _pack(workspace, draft, created)
            if read_through(draft) != packed:
                raise WorkspaceBroken("The backup does not read back as it was written.", next_step="Check the disk.")
            record(workspace, Event(by=by, what="backup", content="workspace", sha256=(digest(draft),)))
            draft.replace(target)
            sync(target.parent)
    except OSError as error:
        raise disk.refusal(
            error,
            f"The backup {target} could not be written.",
            target.parent,
            evidence=f"{error.strerror or error}.",
            next_step="Check that the disk has room and nobody deletes a shop meanwhile, then try again.",
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return Packed(files=len(packed), bytes=sum(size for size, _ in packed.values()), verified=verified)


def _pack(workspace: Workspace, draft: Path, created: str) -> dict[str, Entry]:
    packed: dict[str, Entry] = {}
    with draft.open("r+b") as file, _moment(workspace) as (copy, log):
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, path in [(REGISTRY, copy), (LOG, log), *_files(workspace, copy)]:
                with path.open("rb") as source:
                    packed[name] = _add(archive, name, source, os.fstat(source.fileno()).st_size)
            index = {"layout": LAYOUT, "created": created, "files": packed}
            text = json.dumps(index).encode()
            _add(archive, INDEX, io.BytesIO(text), len(text))
        file.flush()
        os.fsync(file.fileno())
    return packed


@contextmanager
def _moment(workspace: Workspace) -> Iterator[tuple[Path, Path]]:
    """The registry and the audit log as they stand at one moment, in files of their own."""
    copy, log = drafts.beside(workspace.tmp / REGISTRY), drafts.beside(workspace.tmp / LOG)
    try:
        with locked(workspace):
            pass  # an entry that a kill cut short is in the registry from here on
        with locked(workspace):
            with workspace.registry() as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            write(log, (workspace.root / LOG).read_bytes() if (workspace.root / LOG).exists() else b"")
        with drafts.locked(copy), drafts.locked(log):
            yield copy, log
    finally:
        copy.unlink(missing_ok=True)
        log.unlink(missing_ok=True)


def _files(workspace: Workspace, registry: Path) -> Iterator[tuple[str, Path]]:
    """What goes into a backup beside the registry, by its name there: all that the registry refers to."""
    with closing(sqlite3.connect(registry)) as listed:
        versions = listed.execute("SELECT dataset_id, number FROM versions ORDER BY dataset_id, number").fetchall()
    folders = [workspace.datasets_folder / dataset_id / str(number) for dataset_id, number in versions]
    folders += [workspace.datasets_folder / one / "lists" for one in dict.fromkeys(row[0] for row in versions)]
    for folder in (*folders, workspace.platforms_folder, workspace.keys):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path.relative_to(workspace.root).as_posix(), path


class _Source(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Hashed:
    """A file whose bytes are added up while they are read."""

    def __init__(self, file: _Source) -> None:
        self._file = file
        self._sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._sum.update(piece)
        return piece

    def hexdigest(self) -> str:
        return self._sum.hexdigest()


def _add(archive: tarfile.TarFile, name: str, source: _Source, size: int) -> Entry:
    info, hashed = tarfile.TarInfo(name), _Hashed(source)
    info.size, info.mode = size, PRIVATE_FILE
    archive.addfile(info, hashed)
    return size, hashed.hexdigest()


# Reading --------------------------------------------------------------------------------------------------------


def read_through(file: Path, into: Path | None = None) -> dict[str, Entry]:
    """What a backup holds, all of it compared with its list; with `into` its files are written to that folder.

    Raises UnreadableFile for a file that is no backup, is damaged, or holds what no backup holds: a link, a place
    outside the folder, a name twice.
    """
    found: dict[str, Entry] = {}
    index: bytes | None = None
    try:
        with tarfile.open(file, mode="r:") as archive:
            for member in archive:
                source = _content(file, archive, member, found, ended=index is not None)
                if member.name == INDEX:
                    index = source.read(LARGEST_INDEX)
                else:
                    found[member.name] = _copy(source, None if into is None else into / member.name)
        listed = _listed(file, index)
    except _NO_TAR as error:
        raise _broken(file, f"it cannot be read ({' '.join(str(error).split())[:120]})") from error
    for name, entry in listed.items():
        if found.get(name) != entry:
            raise _broken(file, f"{name} is missing or not as it was written")
    if len(found) != len(listed):
        raise _broken(file, f"{next(name for name in found if name not in listed)} is not in its list")
    return found


def _content(
    file: Path, archive: tarfile.TarFile, member: tarfile.TarInfo, entries: dict[str, Entry], *, ended: bool
) -> _Source:
    """What stands in an entry. Raises UnreadableFile for one that no backup holds."""
    parts = member.name.split("/")
    ours = member.name in {REGISTRY, LOG, INDEX} or (parts[0] in FOLDERS and len(parts) > 1)
    strange = any(part in {"", ".", ".."} or set(part) & set("\\:\0") for part in parts)
    plain = member.type in {tarfile.REGTYPE, tarfile.AREGTYPE} and member.sparse is None
    source = archive.extractfile(member) if ours and not strange and plain else None
    if source is None:
        raise _broken(file, f"it holds {member.name!r}, which no backup holds")
    if ended or member.name in entries:
        raise _broken(file, f"it holds {member.name!r} where nothing may follow")
    return source


def _copy(source: _Source, target: Path | None) -> Entry:
    """Read an entry to its end, and write it where that is asked."""
    hashed, size = _Hashed(source), 0
    if target is None:
        while piece := hashed.read(_PIECE):
            size += len(piece)
        return size, hashed.hexdigest()
    make_folder(target.parent)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(handle, "wb") as out:
        while piece := hashed.read(_PIECE):
            size += out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return size, hashed.hexdigest()


def _listed(file: Path, index: bytes | None) -> dict[str, Entry]:
    if index is None:
        raise _broken(file, "its list of files is missing, so that it is no backup or was cut off")
    raw = json.loads(index)
    if raw["layout"] != LAYOUT:
        raise _broken(file, "it was written by another version of Tessera")
    return {str(name): (int(size), str(digest)) for name, (size, digest) in raw["files"].items()}


def _broken(file: Path, why: str) -> UnreadableFile:
    return UnreadableFile(
        file.name,
        "This is no whole backup.",
        evidence=f"{why[:1].upper()}{why[1:]}.",
        next_step="Nothing was changed. Take another backup.",
    )
