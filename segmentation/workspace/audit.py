"""The audit log: who did what with a shop's data, when, and with which file; one JSON object a line, chained by hashes.

Each entry holds the SHA-256 of the line before it, and the registry holds the number of entries and the SHA-256 of the
last one. Nothing is ever changed or removed; `audit_check` finds where somebody did. Names, addresses and phone numbers
have no place in it: a person is a number or a pseudonym, a shop is its id, content is one of a few words and a hash.

An entry is written before what it tells of is handed out or destroyed, so that nothing leaves without one. Where that
then fails, the log tells of a file that never came to be.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from getpass import getuser
from pathlib import Path
from platform import node
from typing import Literal, get_args

from segmentation import disk
from segmentation.errors import DiskFull, NotLogged, WorkspaceBroken
from segmentation.workspace.checked import PRIVATE_FILE, sync, write
from segmentation.workspace.folder import Workspace
from segmentation.workspace.registry_file import NEED

LOG = "audit.log"
PENDING = "audit.pending"
"""The entry that was last begun, with the place in the log where it starts: a kill between the log and the registry
leaves neither half an entry nor one that the registry does not know."""
START = "0" * 64
"""What the first entry holds in place of a hash."""

What = Literal["import", "export", "use", "delete", "erase", "backup", "restore"]
WHATS: tuple[What, ...] = get_args(What)
Content = Literal[
    "orders", "customers", "orders of a customer", "scores", "rejected rows", "report", "figures", "shop", "workspace"
]
CONTENTS: tuple[Content, ...] = get_args(Content)
_BY = re.compile(r"user:\d{1,10}|(account|visitor):([0-9a-f]{16}|unknown)")
_DATASET = re.compile(r"[0-9a-f]{32}|")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is entered in the log. Raises ValueError for anything else than the forms below.

    by: who did it, as `system_user` or `visitor` gives it.
    what: import, export, use (another version became the current one), delete, erase, backup or restore.
    content: what kind of content it was; "shop" is one with all its versions, "workspace" is everything.
    dataset: the id of the shop, "" where it is about all of them.
    version: the version of the shop that was read, made or deleted; None where it is about no single one.
    rows: rows read, handed out or removed; None where there are none to count.
    sha256: of each file concerned, in hexadecimal.
    at: when, in UTC.
    """

    by: str
    what: What
    content: Content
    dataset: str = ""
    version: int | None = None
    rows: int | None = None
    sha256: tuple[str, ...] = ()
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        if self.what not in WHATS or self.content not in CONTENTS:
            raise ValueError(f"The audit log has no entry {self.what!r} of {self.content!r}.")
        if not _BY.fullmatch(self.by) or not _DATASET.fullmatch(self.dataset):
            raise ValueError("Who and which shop are entered as numbers and pseudonyms only.")
        if not all(_SHA256.fullmatch(one) for one in self.sha256):
            raise ValueError("Content is entered by its SHA-256 only.")

    def line(self, number: int, before: str) -> bytes:
        """The event as entry `number`, after the one whose hash is `before`; without the end of the line."""
        body = {
            "n": number,
            "at": self.at.astimezone(UTC).isoformat(timespec="seconds"),
            "by": self.by,
            "what": self.what,
            "content": self.content,
            "dataset": self.dataset,
            "version": self.version,
            "rows": self.rows,
            "sha256": list(self.sha256),
            "before": before,
        }
        return json.dumps(body).encode()


@dataclass(frozen=True, slots=True)
class Head:
    """What the registry knows of the log: how many entries it has, and the SHA-256 of the last one."""

    entries: int
    last: str


def record(workspace: Workspace, event: Event) -> None:
    """Add an entry and make it durable. Raises DiskFull or NotLogged where it cannot be written, and the log is then as
    it was; WorkspaceBroken where the registry cannot be used."""
    try:
        with locked(workspace) as registry:
            enter(workspace.root, registry, event)
    except DiskFull as error:  # also of the registry, which knows where the log ends
        raise (disk.told(error, _undone(event.what), workspace.root, need=NEED) or error) from error


def enter(root: Path, registry: sqlite3.Connection, event: Event) -> None:
    """Add an entry within a transaction that was begun as `locked` does. Raises as `record`."""
    known = head(registry)
    line = event.line(known.entries + 1, known.last)
    try:
        _append(root, line)
    except OSError as error:
        (root / PENDING).unlink(missing_ok=True)
        raise _not_logged(root, event.what, error) from error
    set_head(registry, Head(known.entries + 1, digest_of(line)))


def system_user() -> str:
    """The account of the operating system that runs this process: its number, or a pseudonym where it has none."""
    if hasattr(os, "getuid"):
        return f"user:{os.getuid()}"
    return f"account:{digest_of(f'{node()}/{getuser()}'.encode())[:16]}"


def visitor(token: str | None) -> str:
    """A visitor of the dashboard: a pseudonym of the browser's random token, which leads to nobody."""
    return "visitor:unknown" if token is None else f"visitor:{digest_of(token.encode())[:16]}"


def digest_of(content: bytes) -> str:
    """The SHA-256 of some content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


# The chain ------------------------------------------------------------------------------------------------------


@contextmanager
def locked(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """A transaction on the registry in which nobody else writes an entry; one that a kill cut short is completed."""
    with workspace.registry() as registry:
        registry.execute("BEGIN IMMEDIATE")
        try:
            completed = _complete(workspace.root, registry)
        except OSError as error:
            raise _not_logged(workspace.root, "an earlier entry", error) from error
        if completed:  # for good, before another entry is begun
            registry.commit()
            registry.execute("BEGIN IMMEDIATE")
        yield registry


def head(registry: sqlite3.Connection) -> Head:
    """What the registry knows of the log."""
    row = registry.execute("SELECT entries, last FROM audit").fetchone()
    return Head(0, START) if row is None else Head(int(row[0]), str(row[1]))


def set_head(registry: sqlite3.Connection, known: Head) -> None:
    """Keep what the log's last entry is."""
    registry.execute("INSERT OR REPLACE INTO audit VALUES (1, ?, ?)", (known.entries, known.last))


def put_log_aside(root: Path) -> None:
    """Move a log away whose end no registry knows any more, so that the next entry begins a new one. Raises OSError."""
    log = root / LOG
    if log.exists():
        number = 1 + len(list(root.glob("audit-replaced-*.log")))
        log.rename(root / f"audit-replaced-{number}.log")
    (root / PENDING).unlink(missing_ok=True)


def _undone(what: str) -> str:
    return f"The audit log could not be written ({what}), and without an entry nothing is done."


def _not_logged(root: Path, what: str, error: OSError) -> WorkspaceBroken:
    full = disk.told(error, _undone(what), root, need=NEED)
    return full or NotLogged(what, f"{error.strerror or error}")


def _append(root: Path, line: bytes) -> None:
    """Write one line at the end, or none. An end that somebody cut within a line stays a line of its own."""
    path = root / LOG
    new = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE), "r+b") as log:
        size = log.seek(0, os.SEEK_END)
        ended = size == 0 or _last_byte(path) == b"\n"
        text = line + b"\n" if ended else b"\n" + line + b"\n"
        write(root / PENDING, str(size).encode() + b"\n" + text)
        try:
            log.write(text)
            log.flush()
            os.fsync(log.fileno())
        except OSError:
            with suppress(OSError):
                os.truncate(path, size)
            raise
    if new:
        sync(root)


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as log:
        log.seek(-1, os.SEEK_END)
        return log.read(1)


def begun(root: Path) -> bytes:
    """The line of the entry that was last begun, b"" where there is none. Raises OSError."""
    try:
        return (root / PENDING).read_bytes().partition(b"\n")[2].strip(b"\n")
    except FileNotFoundError:
        return b""


def _complete(root: Path, registry: sqlite3.Connection) -> bool:
    """Finish an entry that a kill cut short between its writing and the registry; whether there was one. Raises
    OSError."""
    try:
        place, _, text = (root / PENDING).read_bytes().partition(b"\n")
    except FileNotFoundError:
        return False
    known, line = head(registry), text.strip(b"\n")
    begins = f'{{"n": {known.entries + 1}, '.encode()
    ends = f'"before": "{known.last}"}}'.encode()
    if not (place.isdigit() and line.startswith(begins) and line.endswith(ends)):
        return False  # it was completed, or it is not of this log
    with os.fdopen(os.open(root / LOG, os.O_RDWR | os.O_CREAT, PRIVATE_FILE), "r+b") as log:
        size = log.seek(0, os.SEEK_END)
        at = int(place)
        if size < at:
            return False
        log.seek(at)
        written = log.read(len(text) + 1)
        if not text.startswith(written):
            return False
        log.write(text[len(written) :])
        log.flush()
        os.fsync(log.fileno())
    set_head(registry, Head(known.entries + 1, digest_of(line)))
    return True
