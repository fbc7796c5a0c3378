"""The folder where everything is kept, and its registry of datasets, versions and remembered mappings."""

from __future__ import annotations

import shutil
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from segmentation import disk, drafts
from segmentation.errors import DatasetNotFound, DiskFull, SettingOutOfRange, VersionDamaged, WorkspaceBroken
from segmentation.leases import held
from segmentation.workspace import erased_marks, registry_file
from segmentation.workspace.checked import PRIVATE_FOLDER, cache_folder, make_folder
from segmentation.workspace.damage import UNREADABLE, damaged, damages, unreadable
from segmentation.workspace.key import pseudonym_key
from segmentation.workspace.manifest import LAYOUT, PARTS, Manifest
from segmentation.workspace.place import root_of
from segmentation.workspace.registering import register
from segmentation.workspace.registry import (
    empty_log,
    erased,
    fingerprints,
    refuse_outdated,
    scrub,
    spare,
    sweep_unregistered,
)
from segmentation.workspace.registry_file import PUT_ASIDE
from segmentation.workspace.swapping import finish
from segmentation.workspace.sweeping import (
    DRAFT,
    IMPORTED,
    discard,
    remove,
    stray_caches,
    stray_uploads,
    sweep_tmp,
)
from segmentation.workspace.versions import BrokenVersion, DatasetVersion, Draft, Enter

_CURRENT = (
    "SELECT d.name, d.id, coalesce(c.number, MAX(v.number)) FROM datasets d JOIN versions v ON v.dataset_id = d.id"
    " LEFT JOIN current c ON c.dataset_id = d.id"
)
"""The version of a dataset that counts: the newest, unless another was chosen."""

TICK = 100_000_000
"""Nanoseconds after a change in which another may bear the same time; file systems tick every 1 to 10 million."""


class Workspace:
    """The folder where everything is kept; `Workspace.open()` makes it when it is missing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.datasets_folder = root / "datasets"
        self.cache_folder = root / "cache"
        self.inbox = root / "inbox"
        self.exports = root / "exports"
        self.tmp = root / "tmp"
        self.keys = root / "keys"
        self.platforms_folder = root / "platforms"

    @classmethod
    def open(cls, folder: Path | str | None = None) -> Workspace:
        """Open the workspace at `folder`, else at `$TESSERA_HOME`, else at `./workspace`."""
        root = root_of(folder)
        workspace = cls(root)
        try:
            workspace.make_folders()
            registry_file.make(root)
            with workspace.registry() as registry:
                spare(registry, workspace.datasets_folder)
                erased_marks.keep(registry, workspace.keys)
            with suppress(DiskFull):  # it is finished when there is room again
                finish(workspace.registry, workspace.datasets_folder, workspace.forget_traces)
        except OSError as error:
            raise disk.refusal(
                error,
                f"The workspace {root} cannot be used.",
                root,
                evidence=f"{error}.",
                next_step="Choose another folder with --workspace or TESSERA_HOME.",
            ) from error
        return workspace

    def make_folders(self) -> None:
        """Make the folders that are missing; nobody but their owner can enter. Raises OSError."""
        if not self.root.exists() or all(_is_ours(path.name) for path in self.root.iterdir()):
            make_folder(self.root)  # one that holds other things too stays as open as it is
        for folder in (self.datasets_folder, self.cache_folder, self.inbox, self.exports, self.tmp, self.keys):
            make_folder(folder)

    # Datasets ------------------------------------------------------------------------------------------------

    def datasets(self) -> tuple[DatasetVersion, ...]:
        """The current version of every dataset that can be used, by name; `broken` has the others."""
        return tuple(one for one in self.contents() if isinstance(one, DatasetVersion))

    def broken(self) -> tuple[BrokenVersion, ...]:
        """The current version of every dataset that cannot be used, by name, and why."""
        return tuple(one for one in self.contents() if isinstance(one, BrokenVersion))

    def contents(self) -> tuple[DatasetVersion | BrokenVersion, ...]:
        """The current version of every dataset, by name; a damaged one stands in nobody's way."""
        with self.registry() as registry:
            rows = registry.execute(_CURRENT + " GROUP BY d.name, d.id ORDER BY d.name").fetchall()
        return tuple(self._load_or_tell(*row) for row in rows)

    def stamp(self) -> tuple[tuple[int, int], ...]:
        """Another value after every change to the registry: time and size of its files, and the time now until they are
        some time old, since a file system's clock may tick once for two changes."""
        found, now = [], time.time_ns()
        for file in ("registry.sqlite", "registry.sqlite-wal"):
            with suppress(FileNotFoundError):
                stat = (self.root / file).stat()
                if stat.st_size:  # the second comes and goes with everyone who reads, and is empty where nobody wrote
                    found.append((stat.st_mtime_ns, stat.st_size))
        return (*found, (now, 0)) if any(now - changed < TICK for changed, _ in found) else tuple(found)

    def latest(self, name: str) -> DatasetVersion:
        """The current version of the dataset: the newest, unless another was chosen. Raises DatasetNotFound, or
        VersionDamaged."""
        return self._load(name, *self._current(name))

    def _current(self, name: str) -> tuple[str, int]:
        """The id of a dataset and the number of its current version."""
        with self.registry() as registry:
            row = registry.execute(_CURRENT + " WHERE d.name = ? GROUP BY d.name, d.id", (name,)).fetchone()
        if row is None:
            raise DatasetNotFound(name, self.names())
        return str(row[1]), int(row[2])

    def names(self) -> list[str]:
        """The names of all datasets, whole or not."""
        with self.registry() as registry:
            return [name for (name,) in registry.execute("SELECT name FROM datasets ORDER BY name")]

    def id_of(self, name: str) -> str:
        """The id of a dataset, whole or not; raises DatasetNotFound."""
        return self._current(name)[0]

    def current_number(self, name: str) -> int:
        """The number of the current version, whole or not; raises DatasetNotFound."""
        return self._current(name)[1]

    def history(self, name: str) -> tuple[DatasetVersion, ...]:
        """Every version of the dataset, oldest first. Raises DatasetNotFound, or VersionDamaged where one of them can
        not be used: who has to see all of them must not pass one over."""
        dataset_id = self.id_of(name)
        return tuple(self._load(name, dataset_id, number) for number in self._numbers(dataset_id))

    def usable(self, name: str) -> tuple[DatasetVersion, ...]:
        """Every version of the dataset that can be used, oldest first; raises DatasetNotFound."""
        return tuple(one for one in self.versions_of(name) if isinstance(one, DatasetVersion))

    def versions_of(self, name: str) -> tuple[DatasetVersion | BrokenVersion, ...]:
        """Every version of the dataset that is kept, oldest first, with those that cannot be used; raises
        DatasetNotFound."""
        dataset_id, _ = self._current(name)
        return tuple(self._load_or_tell(name, dataset_id, number) for number in self._numbers(dataset_id))

    def version(self, name: str, number: int) -> DatasetVersion:
        """One version. Raises DatasetNotFound, SettingOutOfRange where there is no such version, or VersionDamaged."""
        dataset_id, _ = self._current(name)
        numbers = self._numbers(dataset_id)
        if number not in numbers:
            raise SettingOutOfRange("version", number, allowed=map(str, numbers))
        return self._load(name, dataset_id, number)

    def _numbers(self, dataset_id: str) -> list[int]:
        with self.registry() as registry:
            rows = registry.execute("SELECT number FROM versions WHERE dataset_id = ? ORDER BY number", (dataset_id,))
            return [int(number) for (number,) in rows]

    def use(self, name: str, number: int) -> DatasetVersion:
        """Make an earlier or later version the current one: nothing is lost, and the next import builds on it.
        Raises as `version`; the content of every file is compared too."""
        chosen = self.version(name, number)
        chosen.compare()
        with self.registry() as registry:
            registry.execute("INSERT OR REPLACE INTO current VALUES (?, ?)", (chosen.dataset_id, number))
        return chosen

    @contextmanager
    def draft(self, name: str) -> Iterator[Draft]:
        """A folder in `tmp/` for the next version; it is removed unless `publish` moved it into place."""
        marks = self.erased(name)  # before the version is chosen: an erasure in between makes the draft outdated
        try:
            previous = self.latest(name)
        except DatasetNotFound:
            previous = None
        number = self._numbers(previous.dataset_id)[-1] + 1 if previous else 1
        with disk.writing("The import could not be written.", self.root), self.scratch(DRAFT) as folder:
            for part in PARTS:
                (folder / part).mkdir(mode=PRIVATE_FOLDER)
            draft = Draft(name, folder, previous, number, self._register, erased=marks, stands=self._stands)
            try:
                yield draft
            except VersionDamaged:
                draft.check()  # files of a dataset that was deleted meanwhile are not damaged
                raise

    @contextmanager
    def scratch(self, kind: str, within: Path | None = None) -> Iterator[Path]:
        """A private folder in `tmp/`, or `within` a folder there, that nobody sweeps while this process is at work on
        it; it goes afterwards."""
        folder = (within or self.tmp) / f"{kind}{uuid.uuid4().hex}"
        folder.mkdir(mode=PRIVATE_FOLDER)
        try:
            with held(folder):
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def delete(self, name: str, also: Callable[[sqlite3.Connection], None] = lambda _registry: None) -> None:
        """Forget the dataset, its versions and everything computed from them, with what goes from the registry `also`.

        Raises DatasetNotFound, or WorkspaceBroken where something could not be removed.
        """
        with self.registry() as registry:
            registry.execute("BEGIN IMMEDIATE")
            row = registry.execute("SELECT id FROM datasets WHERE name = ?", (name,)).fetchone()
            if row is None:
                raise DatasetNotFound(name, self.names())
            registry.execute("DELETE FROM versions WHERE dataset_id = ?", row)
            registry.execute("DELETE FROM datasets WHERE id = ?", row)
            also(registry)
        remove(self.datasets_folder / row[0])
        self.forget_traces(row[0])

    def forget_traces(self, dataset_id: str) -> None:
        """Remove what is kept beside a dataset that was deleted, or whose versions were written anew: uploads that were
        imported into it, results of versions that are gone, rows of the registry and of damaged ones."""
        for file in (*self.tmp.glob(f"{IMPORTED}{dataset_id}-*"), *self.root.glob(PUT_ASIDE)):
            remove(file)
        self._sweep_caches()
        with suppress(DiskFull):  # then the next sweep does it
            scrub(self.root)

    def erased(self, name: str) -> frozenset[str]:
        """The marks of customers who were erased from the dataset of this name: see `privacy.erased_mark`. They outlive
        the dataset, so that its files, imported again, do not bring anybody back."""
        with self.registry() as registry:
            return erased(registry, name)

    # The small rest ------------------------------------------------------------------------------------------

    def remember_mapping(self, header_key: str, text: str) -> None:
        """Keep a mapping for files with this header."""
        with self.registry() as registry:
            registry.execute("INSERT OR REPLACE INTO mappings VALUES (?, ?)", (header_key, text))

    def recall_mapping(self, header_key: str) -> str | None:
        """The mapping kept for files with this header, if any."""
        with self.registry() as registry:
            row = registry.execute("SELECT text FROM mappings WHERE header_key = ?", (header_key,)).fetchone()
        return None if row is None else str(row[0])

    def cache(self, fingerprint: str) -> Path:
        """The folder for results computed from this fingerprint; may be deleted at any time."""
        return cache_folder(self.cache_folder / fingerprint)

    def secret(self) -> bytes:
        """The workspace's key for pseudonyms (32 bytes); see `key`."""
        return pseudonym_key(self.keys)

    def sweep(self, *, now: float) -> None:
        """Remove what ended work left behind, at this POSIX time: drafts and files in `tmp/` that nobody is at work on,
        versions that were never registered, results of shops that are gone. Never what a running import will register:
        it moves its files while it holds the registry. On a full disk what takes a note in the registry stays."""
        sweep_tmp(self.tmp, now=now)
        for file in stray_uploads(self.tmp, self.datasets_folder):
            discard(file)
        with suppress(DiskFull), self.registry() as registry:
            sweep_unregistered(registry, self.datasets_folder)
        drafts.sweep(self.root, now=now, below=True)
        self._sweep_caches()
        with suppress(DiskFull):
            empty_log(self.root)

    def forget_results(self, name: str) -> bool:
        """Remove what was worked out for a dataset, which makes room; whether there was any, and such a dataset."""
        with self.registry() as registry:
            known = fingerprints(registry, name)
        folders = [folder for name in known if (folder := self.cache_folder / name).exists()]
        for folder in folders:
            discard(folder)
        return bool(folders)

    def _sweep_caches(self) -> None:
        """Remove the results of versions that are gone."""
        with self.registry() as registry:
            known = fingerprints(registry)
        for folder in stray_caches(self.cache_folder, known):
            discard(folder)

    # Inside --------------------------------------------------------------------------------------------------

    @contextmanager
    def registry(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the registry; only this room asks."""
        with registry_file.connected(self.root) as connection:
            yield connection

    def _load_or_tell(self, name: str, dataset_id: str, number: int) -> DatasetVersion | BrokenVersion:
        try:
            return self._load(name, dataset_id, number)
        except WorkspaceBroken as problem:
            return BrokenVersion(name, dataset_id, number, problem)

    def _load(self, name: str, dataset_id: str, number: int) -> DatasetVersion:
        """A version whose manifest is as it was written and whose files have the sizes it names."""
        folder = self.datasets_folder / dataset_id / str(number)
        try:
            manifest = Manifest.read(folder)
        except UNREADABLE as error:
            raise damaged(name, number, folder, unreadable(error)) from error
        if manifest.layout != LAYOUT:
            raise WorkspaceBroken(
                f"“{name}” was imported with another version of Tessera, which kept it differently.",
                next_step="Delete it and import its files again.",
            )
        for damage in damages(folder, manifest, content=False):
            raise damaged(name, number, folder, damage)
        return DatasetVersion(name, dataset_id, number, folder, manifest)

    def _register(self, draft: Draft, manifest: Manifest, enter: Enter) -> DatasetVersion:
        return register(self.registry, self.datasets_folder, draft, manifest, enter)

    def _stands(self, draft: Draft) -> None:
        """Raise where the draft can no longer become a version; see `refuse_outdated`."""
        with self.registry() as registry:
            refuse_outdated(registry, draft)


def _is_ours(name: str) -> bool:
    folders = {"datasets", "cache", "inbox", "exports", "tmp", "keys", "platforms"}
    return name in folders or name.lstrip(".").startswith(("registry", "audit"))
