"""Archives, unpacked into a folder of ours under names of ours, and refused before they can fill the disk."""

from __future__ import annotations

import gzip
import uuid
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from segmentation import disk
from segmentation.errors import Cancelled, UnreadableFile
from segmentation.files.limits import CHUNK, MOST_MEMBERS, UNPACKED_FREE, UNPACKED_TIMES


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that give a piece at a time; of the others one small piece can fill the memory."""
_NOT_DATA = ("__MACOSX/", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Member:
    """A file out of an archive: where it is now, and what it is called in messages."""

    path: Path
    name: str


def gunzip(path: Path, name: str, folder: Path, stopped: Callable[[], bool]) -> Member:
    """The one file of a gzip archive; raises UnreadableFile where it is damaged or unpacks to too much."""
    target = folder / f"member-{uuid.uuid4().hex}"
    try:
        with path.open("rb") as raw, gzip.open(raw, "rb") as source:
            _copy(source, target, name, lambda: _allowed(raw.tell()), stopped)
    except (OSError, EOFError, zlib.error) as error:
        if disk.is_full(error):
            raise
        raise _damaged(name, error) from error
    return Member(target, name)


def unzip(path: Path, name: str, folder: Path, stopped: Callable[[], bool]) -> list[Member]:
    """The files of a ZIP archive, folders and systems' own files left out; raises UnreadableFile as `gunzip` does."""
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.filename.endswith("/")]
            members = [one for one in members if not _is_foreign(one.filename)]
            _refuse(members, name, path.stat().st_size)
            left = _allowed(path.stat().st_size)
            for member in members:
                target = folder / f"member-{uuid.uuid4().hex}"
                with archive.open(member) as source:
                    left -= _copy(source, target, name, partial(int, left), stopped)
                found.append(Member(target, f"{name} › {_readable(member.filename)}"))
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, zlib.error) as error:
        if disk.is_full(error):
            raise
        raise _damaged(name, error) from error
    if not found:
        raise UnreadableFile(name, "The archive holds no files.", next_step="Pack the export again.")
    return found


def _refuse(members: list[zipfile.ZipInfo], name: str, size: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile(
            name,
            f"The archive holds {len(members):,} files; at most {MOST_MEMBERS:,} can be read.",
            next_step="Pack fewer files into one archive.",
        )
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile(
            name, "The archive is protected by a password.", next_step="Unpack it and import the files inside."
        )
    if any(member.compress_type not in _BOUNDED for member in members):
        raise UnreadableFile(
            name,
            "The archive is packed in a way that cannot be unpacked safely.",
            next_step="Unpack it and import the files inside, or pack them as plain ZIP.",
        )
    if sum(member.file_size for member in members) > _allowed(size):
        raise _too_much(name, _allowed(size))


def _copy(source: _Readable, target: Path, name: str, allowed: Callable[[], int], stopped: Callable[[], bool]) -> int:
    """Write what is unpacked; `allowed` says after each piece how much that may be by now."""
    written = 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK):
            if stopped():
                raise Cancelled("The import")
            written += len(chunk)
            if written > (most := allowed()):
                raise _too_much(name, most)
            out.write(chunk)
    return written


def _allowed(size: int) -> int:
    return max(UNPACKED_FREE, UNPACKED_TIMES * size)


def _is_foreign(name: str) -> bool:
    return name.startswith(_NOT_DATA[0]) or name.rsplit("/", 1)[-1].startswith((".", *_NOT_DATA[1:]))


def _readable(name: str) -> str:
    return " ".join(name.replace("\\", "/").rsplit("/", 1)[-1].split())[:120] or "a file"


def _too_much(name: str, most: int) -> UnreadableFile:
    return UnreadableFile(
        name,
        "The archive unpacks to far more than an export would.",
        evidence=f"It was stopped at {most / 1e6:,.0f} MB, {UNPACKED_TIMES} times its own size or 64 MB.",
        next_step="If it is genuine, unpack it and import the file inside.",
    )


def _damaged(name: str, error: BaseException) -> UnreadableFile:
    return UnreadableFile(
        name, "The archive is damaged.", evidence=f"{error}.", next_step="Export it again, or unpack it yourself."
    )
