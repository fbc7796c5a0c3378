"""Figures of a period and moves between segments, kept in memory and keyed on content like everything in `session`."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import session
from segmentation import formats, kpis
from segmentation.estimates import Unknown
from segmentation.kpis import GroupSales, Overview, Period
from segmentation.study import Study, Tables, unknown_then
from segmentation.watch import Migration
from segmentation.watch import migration as migrate
from segmentation.workspace import DatasetVersion, Workspace

PERIODS_KEPT, MIGRATIONS_KEPT = 64, 16


def back(as_of: date, days: int) -> date:
    """The first of the `days` days before `as_of`."""
    return as_of - timedelta(days=days)


def overview(period: Period) -> Overview:
    """The period's figures, kept in memory."""
    current = session.needed_version()
    return _overview(str(session.workspace().root), current.fingerprint, period.first, period.last, current)


@st.cache_resource(max_entries=PERIODS_KEPT, show_spinner="Adding up the period…")
def _overview(
    root: str,
    fingerprint: str,  # noqa: ARG001 - part of the cache key
    first: date,
    last: date,
    _version: DatasetVersion,
) -> Overview:
    return kpis.overview(session.engine_at(root), _version, Period(first, last))


def sales_by_segment(period: Period) -> tuple[GroupSales, ...]:
    """What each segment of the current study bought in the period."""
    found = session.study()
    labels = found.segmentation.labels
    return kpis.sales_by_group(
        session.engine(),
        session.needed_version(),
        period,
        found.customers.ids,
        labels,
        len(found.segmentation.segments),
    )


def migration(days: int) -> Migration | Unknown:
    """How customers moved between the current segments in the last `days` days; Unknown without the history."""
    found, current = session.study(), session.needed_version()
    then = found.customers.as_of - timedelta(days=days)
    if then - timedelta(days=days) < current.manifest.first:
        return Unknown(
            f"The history is too short to compare with {days} days ago: it would have to begin by "
            f"{formats.day(then - timedelta(days=days))}, and begins on {formats.day(current.manifest.first)}."
        )
    key = found.segmentation.settings.key
    return _migration(str(session.workspace().root), found.customers.fingerprint, then, key, current, found)


@st.cache_resource(max_entries=MIGRATIONS_KEPT, show_spinner="Comparing with earlier…")
def _migration(
    root: str,
    fingerprint: str,  # noqa: ARG001 - part of the cache key
    then: date,
    key: str,  # noqa: ARG001 - part of the cache key
    _version: DatasetVersion,
    _found: Study,
) -> Migration | Unknown:
    tables = Tables(Workspace.open(root), session.engine_at(root), _version, _found.customers.scores)
    earlier = tables.at(then, like=_found.customers)
    return unknown_then(_found.segmentation, earlier) or migrate(_found.segmentation, earlier, _found.customers)
