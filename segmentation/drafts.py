"""Files that are written beside the one whose place they will take, and what a killed process left of them.

A draft is locked while somebody writes it. One that nobody has locked was left by a process that was killed. It may
hold customers' data and nothing rests on it: it goes as soon as somebody writes into its folder or sweeps.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from segmentation.leases import held, left_over

_NAME = re.compile(r"\..+\.[0-9a-f]{8}\.draft", re.DOTALL)
_PATTERN = ".*.draft"


def beside(path: Path) -> Path:
    """A name for a draft of the file at `path`, in the same folder."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")


def is_draft(name: str) -> bool:
    """Whether a file of this name is a draft of ours."""
    return _NAME.fullmatch(name) is not None


@contextmanager
def locked(draft: Path) -> Iterator[None]:
    """Write a draft that is there, and move it, while nobody takes it for left. Where files cannot be locked, nobody
    does before it is an hour old."""
    with ExitStack() as lock:
        with suppress(OSError):
            lock.enter_context(held(draft))
        yield


def sweep(folder: Path, *, now: float, below: bool = False) -> None:
    """Remove drafts that killed processes left in a folder, at this POSIX time; those in its folders too where they are
    asked for."""
    for draft in folder.rglob(_PATTERN) if below else folder.glob(_PATTERN):
        with suppress(OSError):  # others come and go, or are somebody else's
            if is_draft(draft.name) and draft.is_file() and left_over(draft, now=now, locked=True):
                draft.unlink(missing_ok=True)
