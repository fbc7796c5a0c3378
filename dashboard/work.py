"""The worker processes of this server: one kind draws maps, another works on proofs, so that neither waits long."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from dashboard.jobs import Jobs

NUMBER, PROOFS = "segmentation.proving.compute_number", "segmentation.proving.compute_proofs"
AHEAD = "segmentation.proving.look_ahead"
WORTH, CHURN = "segmentation.predicting.compute_worth", "segmentation.predicting.compute_churn"
REFRESH = "segmentation.predicting.refresh"
_MOST = 16


def maps(root: str) -> Jobs | None:
    """The workers that draw maps of customers; None on a server without workers."""
    return _pool(root, "segmentation.atlas.warm_up", workers())


def proofs(root: str) -> Jobs | None:
    """The workers that prove segmentations; None on a server without workers."""
    return _pool(root, "segmentation.proving.warm_up", workers())


def workers() -> int:
    """Worker processes of each kind: one, or what `$TESSERA_WORKERS` says; 0 for none."""
    asked = os.environ.get("TESSERA_WORKERS", "")
    return min(int(asked), _MOST) if asked.isdigit() else 1


@st.cache_resource(max_entries=4, show_spinner=False)
def _pool(root: str, warm_up: str, count: int) -> Jobs | None:
    if count == 0:
        return None
    return Jobs(count, warm_up=warm_up, numba_cache=Path(root) / "cache" / "numba")
