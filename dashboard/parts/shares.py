"""Shares of revenue with their period: what a segment brought lately, beside all-time."""

from __future__ import annotations

from datetime import timedelta

from dashboard import state
from segmentation import formats
from segmentation.analysis import Study
from segmentation.kpis import Period
from segmentation.timeline import YEAR


def lately(study: Study) -> tuple[str, ...]:
    """ "; 1.8 % of the last 365 days" for each segment, in order of place; "" where the data is no longer than that."""
    shop = state.analysis()
    last = shop.as_of - timedelta(days=1)
    period = Period(last - timedelta(days=YEAR - 1), last)
    if period.first <= shop.version.manifest.first:
        return ("",) * len(study.profiles)
    groups = state.get(shop.sales(study, period))
    return tuple(f"; {formats.percent(group.share)} of the last {formats.days(YEAR)}" for group in groups)
