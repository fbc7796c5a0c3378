"""Who has a page open, and whose files wait in `tmp/`: they are personal data, and go when their visitor has gone.

A file that was dropped lives until two minutes after its visitor's last page was closed, and no longer than an hour. A
reload opens the next page at once, so it keeps it. Work under way keeps its files until it ends. Work that is of use to
one visitor only, such as a look at dropped files, ends seconds after that visitor's last page was closed.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from segmentation.workspace import IMPORTED, LONGEST, held, in_use
from segmentation.workspace.sweeping import discard

UPLOAD, WAITING, STATE = "upload-", "waiting-", "state.json"
LOOKED, TOLD = "look-", "import-"
AWAY = 120.0
"""Seconds for which files stay after a sweep first found that their visitor's last page was closed."""

GONE = 4.0
"""Seconds after which work for one visitor ends who has no page open; a reload takes less."""

Identity = tuple[int, int]
"""Device and inode of a file."""
Active = Callable[[str], bool]


def identity(path: Path) -> Identity:
    """What tells a file from every other, also when it is renamed; raises FileNotFoundError."""
    found = path.stat()
    return found.st_dev, found.st_ino


class Work(Protocol):
    """Work that can be ended; it is given up where its visitor has gone."""

    @property
    def finished(self) -> bool: ...

    def cancel(self) -> None: ...


@dataclass
class _Owned:
    """A file of a visitor: `needed` says whether work under way still reads or writes it."""

    who: str
    needed: Callable[[], bool] = lambda: False
    inode: Identity | None = None
    lock: ExitStack = field(default_factory=ExitStack)


class Presence:
    """The visitors of one server and their files. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._sessions: dict[str, str] = {}
        self._left: dict[str, float] = {}
        self._owned: dict[str, _Owned] = {}
        self._work: list[tuple[str, Work]] = []
        self._alone: dict[str, float] = {}

    def here(self, session: str, visitor: str | None) -> None:
        """A visitor has a page open, as this session; without a cookie a page is a visitor of its own."""
        with self._lock:
            self._sessions[session] = visitor or session

    def pages(self, active: Active) -> int:
        """How many pages are open. `active` says whether a session still has its page."""
        with self._lock:
            sessions = list(self._sessions)
        return sum(1 for one in sessions if active(one))

    def owns(
        self,
        session: str,
        visitor: str | None,
        names: Iterable[str],
        needed: Callable[[], bool] = lambda: False,
    ) -> None:
        """Files in `tmp/` are this visitor's from now on."""
        self.here(session, visitor)
        with self._lock:
            for name in names:
                owned = self._owned.get(name)
                kept = owned.lock if owned else ExitStack()
                self._owned[name] = _Owned(visitor or session, needed, owned.inode if owned else None, kept)

    def sweep(self, tmp: Path, *, now: float, active: Active, away: float = AWAY) -> None:
        """Remove the files of visitors who have gone, and those that are older than an hour, at this POSIX time.
        `active` says whether a session still has its page."""
        with self._lock:
            self._take_note(tmp)
            here = {who for session, who in self._sessions.items() if active(session)}
            everybody = {*self._sessions.values(), *(one.who for one in self._owned.values())}
            self._left = {who: self._left.get(who, now) for who in everybody - here}
            gone = [name for name, one in self._owned.items() if self._is_gone(tmp, name, one, now, away)]
            for name in gone:
                self._owned.pop(name).lock.close()
                discard(tmp / name)
            _let_go(tmp)
            self._forget(now, away)

    def works(self, session: str, visitor: str | None, work: Work) -> None:
        """This work is of use to this visitor only."""
        self.here(session, visitor)
        with self._lock:
            self._work.append((visitor or session, work))

    def end_work(self, *, now: float, active: Active, gone: float = GONE) -> None:
        """End the work of visitors who have had no page open for these seconds, at this time of any clock that never
        goes back."""
        with self._lock:
            self._work = [(who, work) for who, work in self._work if not work.finished]
            here = {who for session, who in self._sessions.items() if active(session)}
            self._alone = {who: self._alone.get(who, now) for who, _ in self._work if who not in here}
            left = [work for who, work in self._work if now - self._alone.get(who, now) >= gone]
        for work in left:
            work.cancel()

    def _take_note(self, tmp: Path) -> None:
        """Lock what is owned, and find an owner for what an earlier server left: who waits for it, or nobody. What
        another server has locked is its business."""
        names = {one.inode: name for name, one in self._owned.items()}
        whose = _whose(tmp)
        for entry in _entries(tmp):
            with suppress(FileNotFoundError):
                inode = identity(entry)
                if entry.name not in self._owned:
                    if inode in names:  # renamed since
                        self._owned[entry.name] = self._owned.pop(names[inode])
                    elif in_use(entry):
                        continue
                    else:
                        self._owned[entry.name] = _Owned(whose.get(entry.name, entry.name))
                one = self._owned[entry.name]
                if one.inode is None:
                    one.lock.enter_context(held(entry))
                    one.inode = inode

    def _is_gone(self, tmp: Path, name: str, one: _Owned, now: float, away: float) -> bool:
        if one.needed():
            return False
        if now - self._left.get(one.who, now) > away:
            return True
        try:
            return name.startswith((UPLOAD, IMPORTED)) and now - (tmp / name).stat().st_mtime > LONGEST
        except FileNotFoundError:
            return one.inode is not None  # it was there

    def _forget(self, now: float, away: float) -> None:
        """Who has gone is not remembered."""
        owners = {one.who for one in self._owned.values()}
        left = {who for who, at in self._left.items() if now - at > away and who not in owners}
        self._sessions = {session: who for session, who in self._sessions.items() if who not in left}


def _entries(tmp: Path) -> list[Path]:
    """The files and folders in `tmp/` that belong to a visitor."""
    found = [one for one in tmp.iterdir() if one.name.startswith((UPLOAD, IMPORTED, WAITING, LOOKED, TOLD))]
    return [one for one in found if one.name.startswith(WAITING) or not one.is_dir()]


def _whose(tmp: Path) -> dict[str, str]:
    """The visitor who waits for each file, as it is noted on disk."""
    found: dict[str, str] = {}
    for folder in tmp.glob(f"{WAITING}*"):
        raw = _state(folder)
        who = raw.get("visitor")
        if isinstance(who, str):
            found |= dict.fromkeys([folder.name, *_files(raw), str(raw.get("look", ""))], who)
    return found


def _let_go(tmp: Path) -> None:
    """Remove what was seen in files that are gone."""
    for folder in tmp.glob(f"{WAITING}*"):
        raw = _state(folder)
        if raw and not raw.get("importing") and not all((tmp / name).exists() for name in _files(raw)):
            discard(folder)


def _files(raw: dict[str, object]) -> list[str]:
    listed = raw.get("files")
    return [os.path.basename(str(one[1])) for one in listed] if isinstance(listed, list) else []  # noqa: PTH119


def _state(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


PRESENCE = Presence()
"""Who has a page of this server open."""
