"""A version of a dataset: where its files are, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
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


class Draft:
    """A version being written: fill `folder / part`, then `publish`."""

    def __init__(
        self,
        name: str,
        folder: Path,
        previous: DatasetVersion | None,
        number: int,
        register: Callable[[Draft, Manifest], DatasetVersion],
    ) -> None:
        self._register = register
        self.name = name
        self.folder = folder
        self.previous = previous
        self.number = number

    def publish(self, manifest: Manifest) -> DatasetVersion:
        """Make the version durable and visible; from here on it never changes."""
        stored: dict[str, StoredFile] = {}
        for part in PARTS:
            for file in sorted((self.folder / part).glob("*.parquet")):
                stored[f"{part}/{file.name}"] = self._carried(f"{part}/{file.name}") or _kept(file)
        for folder in (self.folder, *(self.folder / part for part in PARTS)):
            folder.chmod(PRIVATE_FOLDER)
            sync(folder)
        whole = replace(manifest, name=self.name, stored=stored)
        write(self.folder / MANIFEST, whole.to_json().encode())
        return self._register(self, whole)

    def _carried(self, name: str) -> StoredFile | None:
        """What is known of a file that is the previous version's own, durable and compared when it was linked here;
        None of others."""
        before = (self.previous.manifest.stored or {}).get(name) if self.previous is not None else None
        if self.previous is None or before is None:
            return None
        with suppress(FileNotFoundError):  # deleted meanwhile
            return before if (self.folder / name).samefile(self.previous.folder / name) else None
        return None

    def unpublished(self, manifest: Manifest) -> DatasetVersion:
        """The version as it would be; its files are gone with the draft."""
        known = self.previous.dataset_id if self.previous else ""
        return DatasetVersion(self.name, known, self.number, self.folder, manifest)


def _kept(file: Path) -> StoredFile:
    """A new file made private and durable, and what it holds."""
    file.chmod(PRIVATE_FILE)
    sync(file)
    return StoredFile.of(file)
