"""Choosing a period: the usual ones in a row, or any two dates. Bound to the URL."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from dashboard import state
from segmentation import formats
from segmentation.periods import Period, usual_earlier
from segmentation.workspace import DatasetVersion

LAST_30, LAST_90, LAST_365, THIS_YEAR, ALL, CUSTOM = (
    "30 days",
    "90 days",
    "365 days",
    "This year",
    "All",
    "Custom",
)
CHOICES = (LAST_30, LAST_90, LAST_365, THIS_YEAR, ALL, CUSTOM)
_DAYS = {LAST_30: 30, LAST_90: 90, LAST_365: 365}


def usual_choice(first: date, last: date) -> str:
    """The longest of the usual periods that leaves as much again to compare with."""
    for name in (LAST_365, LAST_90, LAST_30):
        period = Period(last - timedelta(days=_DAYS[name] - 1), last)
        if usual_earlier(period).first >= first:
            return name
    return ALL


def period_of(choice: str, first: date, last: date) -> Period:
    """The days of a choice, counted back from the last order and kept inside the data."""
    match choice:
        case name if name in _DAYS:
            start = last - timedelta(days=_DAYS[name] - 1)
        case name if name == THIS_YEAR:
            start = last.replace(month=1, day=1)
        case _:
            start = first
    return Period(max(start, first), last)


def period_picker(version: DatasetVersion) -> tuple[Period, bool]:
    """Draw the picker; returns the chosen period, which always overlaps the data, and whether it is a year to date."""
    first, last = version.manifest.first, min(version.manifest.last, state.as_of() - timedelta(days=1))
    back_from = "the last order" if last == version.manifest.last else formats.day(last)
    usual = usual_choice(first, last)
    state.follow("period", usual)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        choice = st.segmented_control(
            f"Period, counted back from {back_from}",
            CHOICES,
            default=usual,
            required=True,
            key="period",
            bind="query-params",
            wrap=True,
        )
        if choice != CUSTOM:
            return period_of(choice if choice in CHOICES else usual, first, last), choice == THIS_YEAR
        usual_days = period_of(usual, first, last)
        ends = st.date_input(
            "From and to",
            (usual_days.first, usual_days.last),
            min_value=first,
            max_value=last,
            key="days",
            format="DD/MM/YYYY",
            width=260,
            bind="query-params",
        )
    if not isinstance(ends, tuple) or len(ends) != 2:
        st.caption("Choose the second day, too.")
        return usual_days, False
    start, end = max(min(ends), first), min(max(ends), last)
    return (Period(start, end) if start <= end else usual_days), False
