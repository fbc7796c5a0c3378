"""Whether the files of a version are as they were written, and which earlier version still is where they are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from segmentation.errors import VersionDamaged
from segmentation.workspace.checked import digest
from segmentation.workspace.manifest import LAYOUT, MANIFEST, PARTS, Manifest, StoredFile

UNREADABLE = (OSError, ValueError, KeyError, TypeError, ArithmeticError)
"""What reading a manifest raises where it is damaged."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not as it was written; `what` completes the sentence that begins with its name."""

    file: str
    what: str

    @property
    def sentence(self) -> str:
        """The damage in a sentence."""
        return f"{self.file} {self.what}."


def damage_of(folder: Path, name: str, written: StoredFile, *, content: bool) -> Damage | None:
    """What is wrong with one file of a version: its size always, its content where asked; None where nothing is."""
    path = folder / name
    try:
        size = path.stat().st_size
        if size != written.bytes:
            return Damage(name, f"has {size:,} bytes; {written.bytes:,} were written")
        if content and digest(path) != written.sha256:
            return Damage(name, "is not as it was written: its check sum (SHA-256) differs")
    except FileNotFoundError:
        return Damage(name, "is missing")
    except OSError as error:
        return Damage(name, f"cannot be read ({error.strerror or error})")
    return None


def damages(folder: Path, manifest: Manifest, *, content: bool) -> Iterator[Damage]:
    """Everything that is wrong with the files of a version. Without check sums only that its lines are gone is seen."""
    if manifest.stored is None and manifest.lines and not any((folder / "lines").glob("*.parquet")):
        yield Damage("lines/", "holds no file")
    stored = manifest.stored or {}
    sizes = {} if content or not stored else _sizes(folder)
    for name, written in stored.items():
        damage = None if sizes.get(name) == written.bytes else damage_of(folder, name, written, content=content)
        if damage is not None:
            yield damage


def _sizes(folder: Path) -> dict[str, int]:
    """The sizes of a version's files by part and name, as far as they can be had at once."""
    found: dict[str, int] = {}
    for part in PARTS:
        with suppress(OSError), os.scandir(folder / part) as entries:
            found |= {f"{part}/{entry.name}": entry.stat().st_size for entry in entries}
    return found


def damaged(name: str, number: int, folder: Path, damage: Damage) -> VersionDamaged:
    """The refusal of a version, with the newest earlier one that is whole."""
    return VersionDamaged(name, number, damage.file, damage.sentence, earlier=earlier_whole(folder.parent, number))


def earlier_whole(home: Path, number: int) -> int | None:
    """The newest version of a dataset before `number` all of whose files are as they were written."""
    before = sorted((one for one in _numbers(home) if one < number), reverse=True)
    return next((one for one in before if _is_whole(home / str(one))), None)


def _numbers(home: Path) -> list[int]:
    try:
        return [int(folder.name) for folder in home.iterdir() if folder.name.isdecimal()]
    except OSError:
        return []


def _is_whole(folder: Path) -> bool:
    try:
        manifest = Manifest.read(folder)
    except UNREADABLE:
        return False
    return manifest.layout == LAYOUT and next(damages(folder, manifest, content=True), None) is None


def unreadable(error: BaseException) -> Damage:
    """The damage of a version whose manifest cannot be read."""
    if isinstance(error, FileNotFoundError):
        return Damage(MANIFEST, "is missing")
    return Damage(MANIFEST, f"cannot be read ({' '.join(str(error).split())[:120]})")
