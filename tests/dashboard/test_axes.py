"""Axes name whole things and each month once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.charts.kpis import count_ticks, date_ticks

LAST = date(2026, 10, 31)


@pytest.mark.parametrize("most", range(8))
def test_things_that_are_counted_have_whole_ticks(most):
    axis = count_ticks(most)
    assert axis["tickformat"] != "~s"  # which writes a half as 500m
    # Plotly's steps are 1, 2 or 5 times a power of ten: five of them in a range of more than five are whole.
    assert axis.get("dtick") == 1 or most > 5


@pytest.mark.parametrize("days", [0, 1, 5, 30, 60, 90, 150, 151, 200, 365, 400, 900, 2000, 9000])
def test_no_month_is_named_twice_and_no_axis_is_crowded(days):
    axis = date_ticks(LAST - timedelta(days=days), LAST)
    if days <= 150:
        assert axis["tickformat"].startswith("%-d %b")
        assert axis["nticks"] <= days + 1
        return
    step = int(str(axis["dtick"]).removeprefix("M"))
    assert step >= 1
    assert days / 30.4 / step <= 8
