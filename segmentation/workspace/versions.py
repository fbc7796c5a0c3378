"""A version of a dataset: where its files are, and how it is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from segmentation.errors import WorkspaceBroken
from segmentation.workspace.checked import PRIVATE_FILE, PRIVATE_FOLDER, sync, write
from segmentation.workspace.damage import damage_of, damaged
from segmentation.workspace.manifest import MANIFEST, PARTS, Manifest, StoredFile


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """One immutable version of a dataset and where its Parquet files are."""

    name: str
    dataset_id: str
    number: int
    folder: Path
    manifest: Manifest

    @property
    def fingerprint(self) -> str:
        return self.manifest.fingerprint

    def files(self, part: str) -> list[Path]:
        """The files of a part, each as it was written: its content is compared once per process. Raises
        VersionDamaged."""
        stored = self.manifest.stored
        if stored is None:
            return sorted((self.folder / part).glob("*.parquet"))
        names = sorted(name for name in stored if name.startswith(f"{part}/"))
        for name in names:
            damage = damage_of(self.folder, name, stored[name], content=True)
            if damage is not None:
                raise damaged(self.name, self.number, self.folder, damage)
        return [self.folder / name for name in names]

    def compare(self) -> None:
        """Compare the content of every file with what was written. Raises VersionDamaged."""
        for part in PARTS:
            self.files(part)

    @property
    def lines(self) -> list[Path]:
        return self.files("lines")

    @property
    def set_aside(self) -> list[Path]:
        return self.files("set_aside")

    @property
    def contacts(self) -> list[Path]:
        return self.files("contacts")

    @property
    def campaigns(self) -> list[Path]:
        return self.files("campaigns")

    @property
    def passed(self) -> list[Path]:
        return self.files("passed")


@dataclass(frozen=True, slots=True)
class BrokenVersion:
    """A version that cannot be used, and why: `problem` says what is damaged and what to do."""

    name: str
    dataset_id: str
    number: int
    problem: WorkspaceBroken


Enter = Callable[[sqlite3.Connection, str], None]
"""Enters a new version in the audit log, given the transaction that lists it and the id of its dataset."""


def _no_entry(_registry: sqlite3.Connection, _dataset_id: str) -> None:
    """For versions that nobody imports."""


class Draft:
    """A version being written: fill `folder / part`, then `publish`.

    `erased` are the marks of customers who were erased from the dataset and are left out.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        previous: DatasetVersion | None,
        number: int,
        register: Callable[[Draft, Manifest, Enter], DatasetVersion],
        *,
        erased: frozenset[str],
        stands: Callable[[Draft], None],
    ) -> None:
        self._register = register
        self._stands = stands
        self.erased = erased
        self.name = name
        self.folder = folder
        self.previous = previous
        self.number = number

    def check(self) -> None:
        """Raise WorkspaceBroken where the dataset was deleted, or a customer erased from it, since this was begun."""
        self._stands(self)

    def publish(self, manifest: Manifest, enter: Enter = _no_entry) -> DatasetVersion:
        """Make the version durable and visible; from here on it never changes. What `enter` raises keeps it from
        that."""
        whole = write_manifest(self.folder, replace(manifest, name=self.name), self.previous)
        make_durable(self.folder, self.previous)
        return self._register(self, whole, enter)

    def unpublished(self, manifest: Manifest) -> DatasetVersion:
        """The version as it would be; its files are gone with the draft."""
        known = self.previous.dataset_id if self.previous else ""
        return DatasetVersion(self.name, known, self.number, self.folder, manifest)


def write_manifest(folder: Path, manifest: Manifest, before: DatasetVersion | None = None) -> Manifest:
    """Write what a version holds beside its files, and what these are; those that are `before`'s own are known."""
    stored: dict[str, StoredFile] = {}
    files = (before.manifest.stored or {}) if before is not None else {}
    for part in PARTS:
        for file in sorted((folder / part).glob("*.parquet")):
            name = f"{part}/{file.name}"
            stored[name] = files[name] if name in files and _is_carried(file, before) else StoredFile.of(file)
    whole = replace(manifest, stored=stored)
    write(folder / MANIFEST, whole.to_json().encode())
    return whole


def make_durable(folder: Path, before: DatasetVersion | None = None) -> None:
    """Make a version that is about to count private and durable; what is `before`'s own is both."""
    for path in (folder, *sorted(folder.rglob("*"))):
        if not _is_carried(path, before):
            path.chmod(PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE)
            sync(path)


def _is_carried(path: Path, before: DatasetVersion | None) -> bool:
    """Whether a file is the version's before, which was compared when it was linked here."""
    if before is None or path.is_dir() or before.manifest.stored is None:
        return False
    try:
        return path.samefile(before.folder / path.parent.name / path.name)
    except FileNotFoundError:  # new, or deleted meanwhile
        return False
