"""What the current shop's data can answer and what it says of past campaigns, kept in memory by content."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from segmentation import campaigns
from segmentation import health as room
from segmentation.campaigns import PastCampaign
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


def past_campaigns() -> tuple[PastCampaign, ...]:
    """The campaigns a mailing platform reported for the current shop."""
    current = session.needed_version()
    if not current.campaigns:
        return ()
    return _past(str(session.workspace().root), current.fingerprint, current)


@st.cache_resource(max_entries=HEALTH_KEPT, show_spinner=False)
def _past(
    root: str,
    fingerprint: str,  # noqa: ARG001 - part of the cache key
    _version: DatasetVersion,
) -> tuple[PastCampaign, ...]:
    return campaigns.past_campaigns(session.engine_at(root), _version)
