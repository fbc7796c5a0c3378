"""Whether the audit log is as it was written: the chain of its entries, and its end against the registry.

Found is every entry that was changed, removed, inserted or moved, a cut-off end, an older copy, and a chain that was
written anew from some entry on. Not found is somebody who writes the log and the registry anew so that they agree: note
the hash of the last entry elsewhere, and compare.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from segmentation.errors import DiskFull, WorkspaceBroken
from segmentation.workspace.audit import LOG, START, Head, begun, digest_of, head, locked
from segmentation.workspace.folder import Workspace

_FIELDS = {"n", "at", "by", "what", "content", "dataset", "version", "rows", "sha256", "before"}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the log: the line where it shows, counted from 1, and why."""

    entry: int
    why: str

    @property
    def sentence(self) -> str:
        return f"Entry {self.entry:,}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLog:
    """The log as it stands: its entries as they were read (None for a line that is none), what is wrong, the hash of
    the last line, and how many entries the registry knows of."""

    entries: tuple[dict[str, Any] | None, ...]
    wrong: tuple[Wrong, ...]
    last: str
    known: int = 0

    @property
    def sound(self) -> bool:
        return not self.wrong

    @property
    def gone(self) -> bool:
        """Whether there is no entry although there were some."""
        return not self.entries and self.known > 0


def check(workspace: Workspace) -> AuditLog:
    """Read the whole log and compare it with itself and with the registry. Raises WorkspaceBroken where one of the two
    cannot be read."""
    try:
        with locked(workspace) as registry:
            known, lines = head(registry), list(_lines(workspace))
    except DiskFull:  # then nobody else can write an entry either, nor complete one that a kill cut short
        with workspace.registry() as registry:
            known, lines = head(registry), list(_lines(workspace))
        if len(lines) == known.entries + 1 and lines[-1].strip(b"\n") == begun(workspace.root):
            lines.pop()
    entries: list[dict[str, Any] | None] = []
    wrong: list[Wrong] = []
    before = START
    for number, line in enumerate(lines, start=1):
        entry = _entry(line)
        entries.append(entry)
        why = _why(entry, number, before, ended=line.endswith(b"\n"))
        if why:
            wrong.append(Wrong(number, why))
        before = digest_of(line.removesuffix(b"\n"))
    end = _end(known, len(lines), before)
    return AuditLog(entries=tuple(entries), wrong=(*wrong, *end), last=before, known=known.entries)


def _lines(workspace: Workspace) -> Iterator[bytes]:
    try:
        with (workspace.root / LOG).open("rb") as log:
            yield from log
    except FileNotFoundError:
        return
    except OSError as error:
        raise WorkspaceBroken(
            "The audit log cannot be read.",
            evidence=f"{error.strerror or error}.",
            next_step=f"Check who may read {LOG} in the workspace.",
        ) from error


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:  # also what is no UTF-8
        return None
    return found if isinstance(found, dict) and set(found) == _FIELDS else None


def _why(entry: dict[str, Any] | None, number: int, before: str, *, ended: bool) -> str:
    """What is wrong with a line, "" where nothing is."""
    if entry is None:
        return "it cannot be read as an entry; it was changed or cut."
    if entry["n"] != number:
        return f"it says that it is number {entry['n']}; entries were removed, inserted or moved, or it was changed."
    if entry["before"] != before:
        first = "it does not begin the log" if number == 1 else f"it does not follow entry {number - 1:,}"
        return f"{first}; one of the two was changed, or an entry was removed, inserted or moved here."
    return "" if ended else "its end is cut off."


def _end(known: Head, count: int, last: str) -> tuple[Wrong, ...]:
    """What the registry knows otherwise."""
    if count < known.entries:
        more = known.entries - count
        return (Wrong(count + 1, f"it is missing: the registry knows of {known.entries:,} entries, {more:,} more."),)
    if count > known.entries:
        return (Wrong(known.entries + 1, f"the registry knows of {known.entries:,} entries only; it was added."),)
    if last != known.last:
        why = "the registry has another hash of it; it was changed, or all from an earlier entry on were written anew."
        return (Wrong(count, why),)
    return ()
