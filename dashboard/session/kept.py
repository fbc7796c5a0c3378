"""What workers left on disk, read once and shared by every visitor."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, TypeVar

import streamlit as st

from dashboard.job import Job
from segmentation.errors import DiskFull

KEPT = 48

Found = TypeVar("Found", covariant=True)


class Stored(Protocol[Found]):
    """Where a result is kept, whoever works it out."""

    @property
    def file(self) -> Path:
        """The file that says that it is there."""
        ...

    def load(self) -> Found | None:
        """What is kept; None where it cannot be read."""
        ...


def known(stored: Stored[Found]) -> Found | None:
    """The result where it is on disk by now, in memory from then on; nothing is begun."""
    file = stored.file
    return _read(str(file), file.stat().st_mtime_ns, stored) if file.exists() else None


def has_no_room(job: Job | None) -> bool:
    """Whether work has ended because the disk is full: what it found is gone, and is worked out here and not kept."""
    return job is not None and isinstance(job.error, DiskFull)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _read(
    file: str,  # noqa: ARG001 - part of the cache key, like `written`
    written: int,  # noqa: ARG001
    _stored: Stored[Found],
) -> Found | None:
    return _stored.load()
