"""What somebody is at work on: a lock that its process lets go of, however the process ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl

GRACE = 5.0
"""Seconds that a new entry is left alone: it is made first and locked then."""
LONGEST = 3600.0
"""Seconds after which what nobody can lock, or nobody has locked, is left over."""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Be at work on a file or a folder, which nobody sweeps meanwhile; several may be."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def in_use(path: Path) -> bool:
    """Whether a running process is at work on it; raises FileNotFoundError where it is gone."""
    if sys.platform == "win32":
        return False
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody has it, or the file system has no locks: then its age decides alone
        return True
    finally:
        os.close(handle)
    return False


def left_over(path: Path, *, now: float, locked: bool) -> bool:
    """Whether nobody needs it any more at this POSIX time. What is `locked` while it is worked on is left over as soon
    as nobody has the lock; anything else after an hour."""
    age = now - path.stat().st_mtime
    at_once = locked and sys.platform != "win32"
    return age > (GRACE if at_once else LONGEST) and not in_use(path)
