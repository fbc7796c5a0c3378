"""A real disk that is small, and is filled to a number of free bytes: a file system in memory, mounted for a test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FILLER = "filler"
_PIECE = 1 << 20


class Disk:
    """A mounted file system of a known size."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._filler = root / FILLER

    @property
    def free(self) -> int:
        """Bytes that can still be written."""
        found = os.statvfs(self.root)
        return found.f_bavail * found.f_frsize

    def fill(self, free: int) -> None:
        """Write until only this many bytes are free, to the page."""
        self.empty()
        left = max(self.free - free, 0)
        with self._filler.open("wb", buffering=0) as file:
            while left > 0:
                left -= file.write(b"\0" * min(left, _PIECE))

    def empty(self) -> None:
        """Give the space back."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(place: Path, *, megabytes: int = 32, files: int = 0) -> Iterator[Disk]:
    """A disk of this size at `place`; `files` is how many it can hold, where that has an end. Skips the test, with the
    reason, where this user may mount nothing."""
    place.mkdir(parents=True, exist_ok=True)
    options = f"size={megabytes}m,mode=700" + (f",nr_inodes={files}" if files else "")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"No small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)
