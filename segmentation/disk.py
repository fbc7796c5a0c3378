"""A full disk: how the system, SQLite, DuckDB and Arrow say that there is no room, and how Tessera says it.

`told` and `writing` are the one place where such an error becomes a `DiskFull`.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from segmentation.errors import DiskFull, TesseraError, WorkspaceBroken

_NO_ROOM = {
    errno.ENOSPC: "The disk is full.",
    errno.EDQUOT: "The disk is full for this account: its quota is used up.",
    errno.EFBIG: "The disk takes no file of that size from this account: the system sets a limit.",
}
"""The system's numbers for it, and what it is."""
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_SAID = {
    "No space left on device": errno.ENOSPC,
    "There is not enough space on the disk": errno.ENOSPC,
    "failed to offload data block": errno.ENOSPC,
    "Disk quota exceeded": errno.EDQUOT,
    "File too large": errno.EFBIG,
}
"""How libraries pass it on that keep the system's words only."""
_UNSURE = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
"""What SQLite says of a full disk and of others: only trying to write tells."""
_PROBE = 1 << 16
"""Bytes that SQLite needs at least for a list of shops."""
_CACHE, _REGISTRY, _DEEPEST = "cache", "registry.sqlite", 8
"""How a workspace is known by what is in it, and how deep in one a file may lie."""


def is_full(error: BaseException, place: Path | None = None) -> bool:
    """Whether the error, or one that it came of, says that a disk takes no more. Where SQLite does not say why it could
    not write, a few bytes are written to `place` to find out."""
    return _reason(error, place) is not None


def told(error: BaseException, fact: str, place: Path, *, need: int | None = None) -> DiskFull | None:
    """What to raise where something could not be written to `place`: that the disk is full, with what is free, what it
    takes (`need` bytes, where that is known) and what can go. None where the error says something else."""
    reason = _reason(error, place)
    return None if reason is None else full(fact, place, need=need, reason=reason)


def full(fact: str, place: Path, *, need: int | None = None, reason: int = errno.ENOSPC) -> DiskFull:
    """That there is no room, as `told`; `reason` is the system's number for it."""
    found = _workspace_of(_existing(place)) or _existing(place)
    free = _free(found)
    return DiskFull(
        f"{_NO_ROOM[reason]} {fact}",
        place=str(found),
        why=_left(found, free, need),
        free=free,
        need=need,
        next_step=_what_to_do(found),
    )


def refusal(
    error: OSError, fact: str, place: Path, *, evidence: str, next_step: str, need: int | None = None
) -> WorkspaceBroken:
    """What to raise where something could not be written: that the disk is full, or these words."""
    return told(error, fact, place, need=need) or WorkspaceBroken(fact, evidence=evidence, next_step=next_step)


@contextmanager
def writing(fact: str, place: Path) -> Iterator[None]:
    """Inside this block a full disk is raised as DiskFull, whoever says it; every other error passes."""
    try:
        yield
    except DiskFull:
        raise
    except (OSError, sqlite3.Error, TesseraError) as error:
        said = told(error, error.fact if isinstance(error, WorkspaceBroken) else fact, place)
        if said is None:
            raise
        raise said from error


def keeps_nothing(error: OSError) -> bool:
    """Whether a disk took no file because it is full or read-only: no trouble for what can be worked out again."""
    return is_full(error) or error.errno in _READ_ONLY


def not_kept(fact: str, place: Path) -> WorkspaceBroken:
    """What to raise where a result is asked for that such a disk did not take."""
    if os.access(_existing(place), os.W_OK):
        return full(fact, place)
    return WorkspaceBroken(fact, evidence=f"{place} cannot be written.", next_step="Let Tessera write there.")


def _reason(error: BaseException, place: Path | None) -> int | None:
    """The system's number for it; None where it is something else."""
    seen: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in seen:
        found = _reason_of(one, place)
        if found is not None:
            return found
        seen.append(one)
        one = one.__cause__
    return errno.ENOSPC if any(isinstance(one, DiskFull) for one in seen) else None


def _reason_of(error: BaseException, place: Path | None) -> int | None:
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return error.errno
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return errno.ENOSPC
        return _probed(place) if code in _UNSURE and place is not None else None
    if isinstance(error, TesseraError):
        return None
    text = str(error)
    return next((number for said, number in _SAID.items() if said in text), None)


def _probed(place: Path) -> int | None:
    """Why a few bytes cannot be written to a folder, None where they can or it is not for want of room."""
    probe = _existing(place) / f".probe.{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(b"\0" * _PROBE)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.errno if error.errno in _NO_ROOM else None
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return None


def _existing(place: Path) -> Path:
    """The nearest folder that is there."""
    return next((one for one in (place, *place.parents) if one.is_dir()), Path.cwd())


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _left(folder: Path, free: int | None, need: int | None) -> str:
    """How much is free and needed, or that the disk can hold no further file."""
    if not _takes_files(folder):
        return f"The disk of {folder} can hold no further file, whatever its size."
    takes = "" if need is None else f"This takes {_size(need)}."
    left = "" if free is None else f"On the disk of {folder} {_size(free)} are free."
    return f"{left} {takes}".strip()


def _takes_files(folder: Path) -> bool:
    if not hasattr(os, "statvfs"):
        return True
    found = os.statvfs(folder)
    return found.f_files == 0 or found.f_favail > 0


def _workspace_of(folder: Path) -> Path | None:
    """The workspace in which a folder lies."""
    homes = (folder, *folder.parents)[:_DEEPEST]
    return next((one for one in homes if (one / _REGISTRY).is_file()), None)


def _what_to_do(folder: Path) -> str:
    """What can go: of a workspace what is worked out again, and shops that nobody needs."""
    home = _workspace_of(folder)
    if home is None:
        return "Make room on it or choose another place, then try again."
    cache = home / _CACHE
    size = sum(_size_of(file) for file in cache.rglob("*")) if cache.is_dir() else 0
    worked_out = (
        f"What lies in {cache} ({_size(size)}) may be deleted at any time: it is worked out again. "
        if size > _PROBE
        else ""
    )
    return (
        f"Nothing that was kept is lost. Make room, then try again. {worked_out}A shop that nobody needs goes with "
        "tessera delete NAME."
    )


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:  # gone meanwhile
        return 0


def _size(size: int) -> str:
    if size < 1_000:
        return f"{size:,} bytes"
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"
