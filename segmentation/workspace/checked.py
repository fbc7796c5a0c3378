"""Files that are written whole, and read only as they were written.

A write goes to a file beside its place, is made durable and then moved there: a reader sees the old file or the whole
new one, also after a power cut. A sealed file carries the SHA-256 of its content behind it. Reading one compares: a
damaged one is removed and is as if it had never been there, so that whoever kept a result there works it out again.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np
import numpy.typing as npt

from segmentation import disk, drafts
from segmentation.errors import WorkspaceBroken

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
_MARK = b"tessera1"
_SEAL = len(_MARK) + hashlib.sha256().digest_size
_PIECE = 1 << 20

Content = TypeVar("Content")
Fill = Callable[[BinaryIO], object]
"""Writes the content of a file."""


def write(path: Path, content: Fill | bytes) -> None:
    """Write a file that only its owner can read, whole or not at all. Raises OSError; nothing half-written stays."""
    _write(path, content, sealed=False)


def write_sealed(path: Path, content: Fill | bytes) -> None:
    """The same with the seal that `read_sealed` and `sealed_array` ask for. Raises OSError."""
    _write(path, content, sealed=True)


def keep_sealed(path: Path, content: Fill | bytes, fact: str) -> bool:
    """Keep what can be worked out again: `write_sealed`, and False where the disk has no room for it or is read-only.
    Raises WorkspaceBroken with `fact` for other troubles."""
    try:
        try:
            make_folder(path.parent)
            write_sealed(path, content)
        except FileNotFoundError:  # somebody swept the folder away meanwhile
            make_folder(path.parent)
            write_sealed(path, content)
    except OSError as error:
        if disk.keeps_nothing(error):
            return False
        raise WorkspaceBroken(
            fact, evidence=f"{error.strerror or error}.", next_step=f"Check that {path.parent} can be written."
        ) from error
    return True


def read_sealed(path: Path) -> bytes | None:
    """The content as it was written; None where there is no such file or it was damaged, which removes it."""
    return _loaded(path, lambda: path.read_bytes()[:-_SEAL])


def sealed_array(path: Path) -> npt.NDArray[np.generic] | None:
    """The array that `np.save` wrote into a sealed file, memory-mapped; None as `read_sealed`."""
    return _loaded(path, lambda: np.asarray(np.load(path, mmap_mode="r", allow_pickle=False)))


def _loaded(path: Path, load: Callable[[], Content]) -> Content | None:
    """What a sound file holds; None where it is none, or goes between two looks at it."""
    try:
        return load() if is_sound(path) else None
    except OSError:
        return None


def is_sound(path: Path) -> bool:
    """Whether a sealed file is there and as it was written; a damaged one is removed. One that another process puts in
    its place meanwhile is looked at in its turn, and stays."""
    try:
        stands = _stands(path)
        while not _is_whole(path):
            before, stands = stands, _stands(path)
            if stands == before:
                break
        else:
            return True
    except FileNotFoundError:
        return False
    except OSError:  # a disk that cannot read it has lost it
        pass
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return False


def _is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(end - _SEAL, 0))
        seal = file.read()
    return end >= _SEAL and seal == _MARK + bytes.fromhex(digest(path, without=_SEAL))


def _stands(path: Path) -> tuple[int, int, int, int]:
    """What tells a file from another one that took its place."""
    stat = path.stat()
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def digest(path: Path, *, without: int = 0) -> str:
    """The SHA-256 of a file but for its last bytes, in hexadecimal. Worked out once for a file as it stands: another
    size or time of change asks again. Raises OSError."""
    return _digest(str(path), _stands(path), without)


@lru_cache(maxsize=1 << 14)
def _digest(path: str, stands: tuple[int, int, int, int], without: int) -> str:
    found, left = hashlib.sha256(), max(stands[2] - without, 0)
    with Path(path).open("rb") as file:
        while left and (piece := file.read(min(left, _PIECE))):
            found.update(piece)
            left -= len(piece)
    return found.hexdigest()


def forget_digests() -> None:
    """Read every file again when it is next asked for, as a new process would."""
    _digest.cache_clear()


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter, or close one of ours to others. Raises OSError."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        with suppress(PermissionError):  # somebody else's: it stays as they want it
            path.chmod(PRIVATE_FOLDER)


def cache_folder(path: Path) -> Path:
    """Make a folder for what can be worked out again; where the disk takes none, nothing is kept there. Raises
    OSError."""
    with suppress(OSError):
        mode = path.stat().st_mode
        # Asked for many times a screen: making it costs more.
        if stat.S_ISDIR(mode) and stat.S_IMODE(mode) == PRIVATE_FOLDER:
            return path
    try:
        make_folder(path)
    except OSError as error:
        if not disk.keeps_nothing(error):
            raise
    return path


def sync(path: Path) -> None:
    """Make a file or a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, content: Fill | bytes, *, sealed: bool) -> None:
    draft = drafts.beside(path)
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with drafts.locked(draft):
            with os.fdopen(handle, "w+b") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    content(file)
                if sealed:
                    file.seek(0)
                    seal = _MARK + hashlib.file_digest(file, "sha256").digest()
                    file.seek(0, os.SEEK_END)
                    file.write(seal)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)  # gone already where the move worked
    sync(path.parent)
