"""The registry: one SQLite file that lists the shops, their versions, and what people chose and saved.

It is made with an empty workspace only. Where shops are on disk and the registry is gone, empty or damaged, nothing is
made in its place before somebody asks for it (`rebuild`): an empty list would look as if there were no shops.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from segmentation import disk
from segmentation.errors import RegistryLost, WorkspaceBroken
from segmentation.workspace.checked import PRIVATE_FILE
from segmentation.workspace.manifest import MANIFEST

REGISTRY, PUT_ASIDE = "registry.sqlite", "registry-damaged-*"
WAIT = 30
"""Seconds another process may hold the registry."""
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
NEED = 200_000
"""Bytes that are enough for a change to it."""
_CANNOT_WRITE = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})
SCHEMA = """
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
CREATE TABLE IF NOT EXISTS assumptions (
    dataset_id TEXT PRIMARY KEY REFERENCES datasets(id) ON DELETE CASCADE,
    text TEXT NOT NULL
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
CREATE TABLE IF NOT EXISTS audit (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    entries INTEGER NOT NULL,
    last TEXT NOT NULL
);
"""


def stored_versions(root: Path) -> dict[str, list[Path]]:
    """The folders of versions on disk by the id of their dataset, whether the registry knows them or not; a dataset
    has at least one with a manifest."""
    found: dict[str, list[Path]] = {}
    for folder in sorted((root / "datasets").glob("*/*")):
        if folder.name.isdecimal() and folder.is_dir():
            found.setdefault(folder.parent.name, []).append(folder)
    return {one: folders for one, folders in found.items() if any((each / MANIFEST).exists() for each in folders)}


def make(root: Path, schema: str = SCHEMA) -> None:
    """Make the registry where there is none, or complete it. Raises RegistryLost, or WorkspaceBroken as `connected`."""
    path = root / REGISTRY
    if not path.exists() or path.stat().st_size == 0:
        shops = len(stored_versions(root))
        if shops:
            raise RegistryLost(str(root), "is empty" if path.exists() else "is missing", shops=shops)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, PRIVATE_FILE))
    if path.stat().st_mode & 0o777 != PRIVATE_FILE:
        with suppress(PermissionError):  # somebody else's
            path.chmod(PRIVATE_FILE)
    with connected(root) as registry:
        tables = registry.execute("SELECT 1 FROM sqlite_master WHERE name = 'datasets'").fetchone()
        if tables is None and (shops := len(stored_versions(root))):
            raise RegistryLost(str(root), "is empty", shops=shops)
        registry.executescript(schema)


@contextmanager
def connected(root: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on the registry. Raises as `opened`."""
    with opened(root) as connection, connection:
        yield connection


@contextmanager
def opened(root: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the registry; what it deletes is overwritten. Raises RegistryLost where the registry is gone or
    damaged, and WorkspaceBroken where it cannot be read or written."""
    path = root / REGISTRY
    try:
        if not path.is_file():
            raise RegistryLost(str(root), "is missing", shops=len(stored_versions(root)))
        connection, refused = _connect(path)
        with closing(connection):
            try:
                yield connection
            except sqlite3.OperationalError as error:
                if refused is not None and error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                    raise refused from error  # why it can only be read
                raise
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise _told(root, error) from error


def _connect(path: Path) -> tuple[sqlite3.Connection, sqlite3.OperationalError | None]:
    """A connection. Where SQLite cannot even make the files it reads by, since the disk is full or read-only, it is one
    that only reads, and the error says why."""
    usual = ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON")
    try:
        return _set_up(sqlite3.connect(path, timeout=WAIT), *usual), None
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _CANNOT_WRITE:
            raise
        refused = error
    try:  # alone with the file it needs no second one, and also reads what stands in the log only
        return _set_up(sqlite3.connect(path, timeout=WAIT), "locking_mode=EXCLUSIVE", "query_only=ON"), refused
    except sqlite3.OperationalError:
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise refused from None
    return _set_up(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True), "query_only=ON"), refused


def _set_up(connection: sqlite3.Connection, *settings: str) -> sqlite3.Connection:
    """The connection with these settings, after it has read once."""
    try:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def check(root: Path) -> str:
    """What SQLite finds wrong with the registry, "" where nothing is. Raises RegistryLost where it cannot be opened."""
    with connected(root) as registry:
        found = [str(said) for (said,) in registry.execute("PRAGMA integrity_check(5)")]
        lost = registry.execute("PRAGMA foreign_key_check").fetchall()
    return "; ".join([*(one for one in found if one != "ok"), *(f"a row of {row[0]} has no shop" for row in lost)])


def _told(root: Path, error: Exception) -> WorkspaceBroken:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    said = str(error)
    if code in _DAMAGED or isinstance(error, UnicodeDecodeError) or said.startswith("no such "):
        return RegistryLost(str(root), f"is damaged ({said})", shops=len(stored_versions(root)))
    full = disk.told(error, "The list of shops could not be written.", root, need=NEED)
    return full or WorkspaceBroken(
        f"The list of shops in {root} cannot be used.",
        evidence=f"{said}.",
        next_step="Check that the disk has room and the folder can be written, and that nothing else holds it.",
    )
