"""Files that wait to be imported, kept on disk with what was chosen for them: a reload of the page loses nothing.

They are personal data. A number in the address says which of them a page is about, and only the browser that dropped
them gets them back. They go when it has gone, and after an hour (`presence`).
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from dashboard import state
from dashboard.serving import visitors
from dashboard.serving.presence import STATE, WAITING
from segmentation.workspace.checked import cache_folder, keep_sealed, read_sealed

ADDRESS = "waiting"
_HELD = "held_files"
_ID = re.compile(r"[0-9a-f]{32}")
_SEEN = "seen.json"


@dataclass(frozen=True, slots=True)
class Held:
    """What waits: the files (id, name on disk, what it was called, bytes), the number of their batch, what widgets
    stand at, the file that a look writes to, and the import under way, if any."""

    files: tuple[tuple[str, str, str, int], ...]
    batch: int
    look: str = ""
    importing: dict[str, Any] | None = None
    widgets: dict[str, Any] = field(default_factory=dict)


def hold(held: Held) -> None:
    """Keep these files for the visitor from now on, in place of others; nothing for a browser without cookies."""
    let_go()
    if visitors.visitor() is None:
        return
    name = secrets.token_hex(16)
    cache_folder(_folder(name))
    visitors.owns([f"{WAITING}{name}"])
    state.keep(_HELD, name)
    state.write_url(ADDRESS, name)
    _write(name, held)


def change(**parts: Any) -> None:
    """Take note of what has changed about the files that wait."""
    name: str | None = state.recall(_HELD, None)
    before = _read(name) if name else None
    if name is None or before is None:
        return
    state.write_url(ADDRESS, name)
    held = replace(before, **parts)
    if held != before:
        _write(name, held)


def keep_seen(text: str) -> None:
    """Keep what was seen in the files."""
    name: str | None = state.recall(_HELD, None)
    if name is not None and _folder(name).is_dir():
        keep_sealed(_folder(name) / _SEEN, text.encode(), "What was seen in the files could not be kept.")


def seen() -> str | None:
    """What was seen in the files, None before that."""
    name: str | None = state.recall(_HELD, None)
    path = _folder(name) / _SEEN if name else None
    text = None if path is None else read_sealed(path)
    return None if text is None else text.decode()


def let_go() -> None:
    """Forget what waits; the files themselves are somebody else's business."""
    name: str | None = state.recall(_HELD, None)
    if name is not None:
        shutil.rmtree(_folder(name), ignore_errors=True)
        state.forget(_HELD)
    state.write_url(ADDRESS, "")


def holds() -> bool:
    """Whether this page is about files that wait."""
    return state.recall(_HELD, None) is not None


def asked_for() -> Held | None:
    """What the page's address asks for, where it is this visitor's; from then on this session's."""
    if state.recall(_HELD, None) is not None:
        return None
    return take(next(iter(state.in_url(ADDRESS)), ""))


def take(name: str) -> Held | None:
    """What waits under this name, where it is this visitor's."""
    held = _read(name) if _is_mine(name) else None
    if held is None:
        state.write_url(ADDRESS, "")
        return None
    state.keep(_HELD, name)
    state.write_url(ADDRESS, name)
    return held


def left_behind() -> tuple[str, Held] | None:
    """What this visitor's browser dropped last and has neither imported nor taken back; None where that is nothing."""
    return next(((name, held) for name, held in mine() if _all_there(held)), None)


def mine() -> Iterator[tuple[str, Held]]:
    """All that waits for this visitor's browser, the newest first."""
    if visitors.visitor() is None:
        return
    for folder in sorted(state.workspace().tmp.glob(f"{WAITING}*"), key=lambda one: -one.stat().st_mtime):
        name = folder.name.removeprefix(WAITING)
        held = _read(name) if _is_mine(name) else None
        if held is not None:
            yield name, held


def _all_there(held: Held) -> bool:
    return bool(held.files) and all((state.workspace().tmp / name).exists() for _, name, _, _ in held.files)


def _is_mine(name: str) -> bool:
    who = visitors.visitor()
    if who is None or not _ID.fullmatch(name):
        return False
    raw = _raw(name)
    return raw is not None and secrets.compare_digest(str(raw.get("visitor", "")), who)


def _folder(name: str) -> Path:
    return state.workspace().tmp / f"{WAITING}{name}"


def _raw(name: str) -> dict[str, Any] | None:
    text = read_sealed(_folder(name) / STATE)
    return None if text is None else json.loads(text)


def _read(name: str) -> Held | None:
    raw = _raw(name)
    if raw is None:
        return None
    files = tuple((one[0], Path(one[1]).name, one[2], int(one[3])) for one in raw["files"])
    return Held(files, raw["batch"], raw["look"], raw["importing"], raw["widgets"])


def _write(name: str, held: Held) -> None:
    """Keep it where the disk has room: without, the files wait for this page only."""
    text = json.dumps({**asdict(held), "visitor": visitors.visitor()}).encode()
    keep_sealed(_folder(name) / STATE, text, "What was chosen for the files could not be kept.")
