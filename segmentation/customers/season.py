"""The shop's busy season: two neighbouring months that bring clearly more orders than two months usually do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from segmentation.engine.protocol import Reading
from segmentation.timeline import YEAR

SEASON = "season"
"""What a dataset must have for a feature of the busy season, beside its columns."""

CLEAR = 1.4
"""A season brings at least this many times the orders of two average months."""

_MONTHS = 12


def busy_season(run: Reading, first: date, as_of: date) -> tuple[int, int] | None:
    """The two months of the year (1 to 12) of the busy season, as known on `as_of`.

    Whole years only, so that every month counts alike; None below one year or where no season stands out.
    """
    years = (as_of - first).days // YEAR
    if years < 1:
        return None
    table = run.query("orders_by_month", start=as_of - timedelta(days=YEAR * years), as_of=as_of)
    return busiest(dict(zip(table["month_of_year"].to_pylist(), table["orders"].to_pylist(), strict=True)))


def busiest(orders: Mapping[int, int]) -> tuple[int, int] | None:
    """The two neighbouring months with the most orders, December and January being neighbours; None if not clearly."""
    pairs = [(month, month % _MONTHS + 1) for month in range(1, _MONTHS + 1)]
    best = max(pairs, key=lambda pair: (sum(orders.get(month, 0) for month in pair), -pair[0]))
    share = sum(orders.get(month, 0) for month in best) / max(sum(orders.values()), 1)
    return best if share >= CLEAR * 2 / _MONTHS else None
