"""The folder where everything is kept, and its registry of datasets, versions and remembered mappings."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from segmentation.errors import DatasetNotFound, SettingOutOfRange, WorkspaceBroken
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
        try:
            previous = self.latest(name)
        except DatasetNotFound:
            previous = None
        folder = self.tmp / f"draft-{uuid.uuid4().hex}"
        folder.mkdir(mode=PRIVATE_FOLDER)
        for part in PARTS:
            (folder / part).mkdir(mode=PRIVATE_FOLDER)
        number = self.history(name)[-1].number + 1 if previous else 1
        try:
            yield Draft(name, folder, previous, number, self._register)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def delete(self, name: str) -> None:
        """Forget the dataset, its versions and everything computed from them."""
        with self.registry() as registry:
            row = registry.execute("SELECT id FROM datasets WHERE name = ?", (name,)).fetchone()
            if row is None:
                raise DatasetNotFound(name, [v.name for v in self.datasets()])
            prints = {f for (f,) in registry.execute("SELECT fingerprint FROM versions WHERE dataset_id = ?", row)}
            registry.execute("DELETE FROM versions WHERE dataset_id = ?", row)
            registry.execute("DELETE FROM datasets WHERE id = ?", row)
            kept = {f for (f,) in registry.execute("SELECT fingerprint FROM versions")}
        shutil.rmtree(self.datasets_folder / row[0], ignore_errors=True)
        for fingerprint in prints - kept:
            shutil.rmtree(self.cache_folder / fingerprint, ignore_errors=True)

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

    def sweep(self, *, before: float) -> None:
        """Remove what a killed process left in `tmp/`: entries last touched before this POSIX time."""
        for left in self.tmp.iterdir():
            with suppress(FileNotFoundError):  # others come and go meanwhile
                if left.stat().st_mtime < before:
                    shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)

    # Inside --------------------------------------------------------------------------------------------------

    @contextmanager
    def registry(self) -> Iterator[sqlite3.Connection]:
        """One transaction on the registry; only this room asks."""
        with closing(sqlite3.connect(self.root / "registry.sqlite", timeout=30)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA foreign_keys=ON")
            with connection:
                yield connection

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
        home.mkdir(exist_ok=True)
        target = home / str(draft.number)
        with self.registry() as registry:
            registry.execute("BEGIN IMMEDIATE")
            try:
                registry.execute("INSERT OR IGNORE INTO datasets VALUES (?, ?)", (dataset_id, draft.name))
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
            if target.exists():  # left by a kill between the move and the commit: nobody refers to it
                shutil.rmtree(target)
            draft.folder.rename(target)
            sync(home)
        return DatasetVersion(draft.name, dataset_id, draft.number, target, manifest)
