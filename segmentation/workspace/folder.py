"""The folder where everything is kept, and its registry of datasets, versions and remembered mappings."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from segmentation.errors import DatasetNotFound, SettingOutOfRange, WorkspaceBroken
from segmentation.workspace.leases import held
from segmentation.workspace.registry import (
    connect,
    empty_log,
    erased,
    fingerprints,
    refuse_outdated,
    scrub,
    spare,
    sweep_unregistered,
)
from segmentation.workspace.swapping import finish
from segmentation.workspace.sweeping import (
    DRAFT,
    IMPORTED,
    discard,
    remove,
    stray_caches,
    stray_uploads,
    sweep_tmp,
    unfinished_lists,
)
from segmentation.workspace.versions import (
    LAYOUT,
    PARTS,
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    DatasetVersion,
    Draft,
    Manifest,
    sync,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS datasets (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS versions (
    dataset_id TEXT NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    created TEXT NOT NULL,
    PRIMARY KEY (dataset_id, number)
);
CREATE TABLE IF NOT EXISTS mappings (header_key TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS current (
    dataset_id TEXT PRIMARY KEY REFERENCES datasets(id) ON DELETE CASCADE,
    number INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS segmentations (
    id TEXT PRIMARY KEY,
    dataset_id TEXT NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    note TEXT NOT NULL,
    created TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (dataset_id, name, number)
);
CREATE TABLE IF NOT EXISTS bases (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset_id TEXT NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
    basis TEXT,
    note TEXT NOT NULL,
    stated_by TEXT NOT NULL,
    stated_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS erased (
    name TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (name, mark)
);
CREATE TABLE IF NOT EXISTS swaps (
    folder TEXT PRIMARY KEY,
    dataset_id TEXT NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
    fingerprints TEXT NOT NULL
);
"""
_CURRENT = (
    "SELECT d.name, d.id, coalesce(c.number, MAX(v.number)) FROM datasets d JOIN versions v ON v.dataset_id = d.id"
    " LEFT JOIN current c ON c.dataset_id = d.id"
)
"""The version of a dataset that counts: the newest, unless another was chosen."""


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
        root = Path(folder or os.environ.get("TESSERA_HOME") or "workspace").expanduser().resolve()
        workspace = cls(root)
        try:
            for made in (workspace.datasets_folder, workspace.cache_folder):
                made.mkdir(parents=True, exist_ok=True)
            for private in (workspace.inbox, workspace.exports, workspace.tmp, workspace.keys):
                private.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            with workspace.registry() as registry:
                registry.executescript(_SCHEMA)
                spare(registry, workspace.datasets_folder)
            finish(workspace.registry, workspace.datasets_folder, workspace.forget_traces)
        except (OSError, sqlite3.Error) as error:
            raise WorkspaceBroken(
                f"The workspace {root} cannot be used.",
                evidence=f"{error}.",
                next_step="Choose another folder with --workspace or TESSERA_HOME.",
            ) from error
        return workspace

    # Datasets ------------------------------------------------------------------------------------------------

    def datasets(self) -> tuple[DatasetVersion, ...]:
        """The current version of every dataset, by name."""
        with self.registry() as registry:
            rows = registry.execute(_CURRENT + " GROUP BY d.name, d.id ORDER BY d.name").fetchall()
        return tuple(self._load(name, dataset_id, number) for name, dataset_id, number in rows)

    def stamp(self) -> tuple[tuple[int, int], ...]:
        """Another value after every change to what `datasets` gives: time and size of the registry's files."""
        found = []
        for file in ("registry.sqlite", "registry.sqlite-wal"):  # the second comes and goes
            with suppress(FileNotFoundError):
                stat = (self.root / file).stat()
                found.append((stat.st_mtime_ns, stat.st_size))
        return tuple(found)

    def latest(self, name: str) -> DatasetVersion:
        """The current version of the dataset: the newest, unless another was chosen; raises DatasetNotFound."""
        with self.registry() as registry:
            row = registry.execute(_CURRENT + " WHERE d.name = ? GROUP BY d.name, d.id", (name,)).fetchone()
            if row is None:
                known = [n for (n,) in registry.execute("SELECT name FROM datasets ORDER BY name")]
                raise DatasetNotFound(name, known)
        return self._load(*row)

    def history(self, name: str) -> tuple[DatasetVersion, ...]:
        """Every version of the dataset that is kept, oldest first; raises DatasetNotFound."""
        dataset_id = self.latest(name).dataset_id
        with self.registry() as registry:
            numbers = registry.execute(
                "SELECT number FROM versions WHERE dataset_id = ? ORDER BY number", (dataset_id,)
            ).fetchall()
        return tuple(self._load(name, dataset_id, number) for (number,) in numbers)

    def use(self, name: str, number: int) -> DatasetVersion:
        """Make an earlier or later version the current one: nothing is lost, and the next import builds on it.

        Raises DatasetNotFound, or SettingOutOfRange where there is no such version.
        """
        kept = {version.number: version for version in self.history(name)}
        if number not in kept:
            raise SettingOutOfRange("version", number, allowed=map(str, kept))
        with self.registry() as registry:
            registry.execute("INSERT OR REPLACE INTO current VALUES (?, ?)", (kept[number].dataset_id, number))
        return kept[number]

    @contextmanager
    def draft(self, name: str) -> Iterator[Draft]:
        """A folder in `tmp/` for the next version; it is removed unless `publish` moved it into place."""
        marks = self.erased(name)  # before the version is chosen: an erasure in between makes the draft outdated
        try:
            previous = self.latest(name)
        except DatasetNotFound:
            previous = None
        number = self.history(name)[-1].number + 1 if previous else 1
        with self.scratch(DRAFT) as folder:
            for part in PARTS:
                (folder / part).mkdir(mode=PRIVATE_FOLDER)
            yield Draft(name, folder, previous, number, self._register, erased=marks, stands=self._stands)

    @contextmanager
    def scratch(self, kind: str) -> Iterator[Path]:
        """A private folder in `tmp/` that nobody sweeps while this process is at work on it; it goes afterwards."""
        folder = self.tmp / f"{kind}{uuid.uuid4().hex}"
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
                raise DatasetNotFound(name, [n for (n,) in registry.execute("SELECT name FROM datasets ORDER BY name")])
            registry.execute("DELETE FROM versions WHERE dataset_id = ?", row)
            registry.execute("DELETE FROM datasets WHERE id = ?", row)
            also(registry)
        remove(self.datasets_folder / row[0])
        self.forget_traces(row[0])

    def forget_traces(self, dataset_id: str) -> None:
        """Remove what is kept beside a dataset that was deleted, or whose versions were written anew: uploads that were
        imported into it, results of versions that are gone, deleted rows of the registry."""
        for file in self.tmp.glob(f"{IMPORTED}{dataset_id}-*"):
            remove(file)
        self._sweep_caches()
        scrub(self._registry_file)

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
        folder = self.cache_folder / fingerprint
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def secret(self) -> bytes:
        """The workspace's key for pseudonyms (32 bytes, file mode 0600), made at first use."""
        path = self.keys / "pseudonyms.key"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            key = secrets.token_bytes(32)
            file.write(key)
        return key

    def sweep(self, *, now: float) -> None:
        """Remove what ended work left behind, at this POSIX time: drafts and files in `tmp/` that nobody is at work on,
        versions that were never registered, results of shops that are gone. Never what a running import will register:
        it moves its files while it holds the registry."""
        sweep_tmp(self.tmp, now=now)
        for file in stray_uploads(self.tmp, self.datasets_folder):
            discard(file)
        with self.registry() as registry:
            sweep_unregistered(registry, self.datasets_folder)
        for file in unfinished_lists(self.datasets_folder, now=now):
            discard(file)
        self._sweep_caches()
        empty_log(self._registry_file)

    def _sweep_caches(self) -> None:
        """Remove the results of versions that are gone, maps of their customers among them."""
        with self.registry() as registry:
            known = fingerprints(registry)
        for folder in stray_caches(self.cache_folder, known):
            discard(folder)

    # Inside --------------------------------------------------------------------------------------------------

    @contextmanager
    def registry(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the registry; only this room asks."""
        with closing(connect(self._registry_file)) as connection, connection:
            yield connection

    @property
    def _registry_file(self) -> Path:
        return self.root / "registry.sqlite"

    def _load(self, name: str, dataset_id: str, number: int) -> DatasetVersion:
        folder = self.datasets_folder / dataset_id / str(number)
        try:
            manifest = Manifest.from_json((folder / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WorkspaceBroken(
                f"Version {number} of “{name}” cannot be read.",
                evidence=f"{folder / 'manifest.json'}: {error}.",
                next_step="Delete the dataset and import its files again.",
            ) from error
        if manifest.layout != LAYOUT:
            raise WorkspaceBroken(
                f"“{name}” was imported with another version of Tessera, which kept it differently.",
                next_step="Delete it and import its files again.",
            )
        return DatasetVersion(name, dataset_id, number, folder, manifest)

    def _register(self, draft: Draft, manifest: Manifest) -> DatasetVersion:
        dataset_id = draft.previous.dataset_id if draft.previous else uuid.uuid4().hex
        home = self.datasets_folder / dataset_id
        target = home / str(draft.number)
        with self.registry() as registry:
            registry.execute("BEGIN IMMEDIATE")
            refuse_outdated(registry, draft)
            try:
                if draft.previous is None:
                    registry.execute("INSERT INTO datasets VALUES (?, ?)", (dataset_id, draft.name))
                registry.execute(
                    "INSERT INTO versions VALUES (?, ?, ?, ?)",
                    (dataset_id, draft.number, manifest.fingerprint, manifest.created),
                )
                registry.execute("DELETE FROM current WHERE dataset_id = ?", (dataset_id,))
            except sqlite3.IntegrityError as error:
                raise WorkspaceBroken(
                    f"“{draft.name}” was changed by someone else during this import.",
                    next_step="Import the file again.",
                ) from error
            home.mkdir(exist_ok=True)
            if target.exists():  # left by a kill between the move and the commit: nobody refers to it
                shutil.rmtree(target)
            draft.folder.rename(target)
            sync(home)
        return DatasetVersion(draft.name, dataset_id, draft.number, target, manifest)

    def _stands(self, draft: Draft) -> None:
        """Raise where the draft can no longer become a version; see `refuse_outdated`."""
        with self.registry() as registry:
            refuse_outdated(registry, draft)
