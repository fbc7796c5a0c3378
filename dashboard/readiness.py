"""What the current shop's data can answer, kept in memory and keyed on content like everything in `session`."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from segmentation import health as room
from segmentation.health import Health
from segmentation.workspace import DatasetVersion

HEALTH_KEPT = 16


def health() -> Health:
    """The current shop, looked at from all sides."""
    current = session.needed_version()
    return _health(str(session.workspace().root), current.fingerprint, current)


@st.cache_resource(max_entries=HEALTH_KEPT, show_spinner="Looking at the data from all sides…")
def _health(
    root: str,
    fingerprint: str,  # noqa: ARG001 - part of the cache key
    _version: DatasetVersion,
) -> Health:
    return room.measure(session.engine_at(root), _version)
