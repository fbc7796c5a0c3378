"""The worker processes of this server: one lane draws maps, another fits models, so that neither waits long."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from segmentation.analysis import Lane
from segmentation.analysis.work import TASKS, WARM_UP_MAPS, WARM_UP_MODELS
from segmentation.jobs import Jobs

_WARM_UP = {"maps": WARM_UP_MAPS, "models": WARM_UP_MODELS}
_MOST = 16


def workers_of(root: str, lane: Lane) -> Jobs | None:
    """The workers of a lane; None on a server without workers."""
    return _pool(root, lane, workers())


def workers() -> int:
    """Worker processes of each lane: one, or what `$TESSERA_WORKERS` says; 0 for none."""
    asked = os.environ.get("TESSERA_WORKERS", "")
    return min(int(asked), _MOST) if asked.isdigit() else 1


@st.cache_resource(max_entries=4, show_spinner=False)
def _pool(root: str, lane: Lane, count: int) -> Jobs | None:
    if count == 0:
        return None
    return Jobs(count, tasks=TASKS, warm_up=_WARM_UP[lane], numba_cache=Path(root) / "cache" / "numba")
