"""Who came back is counted at the dates, and by the rules, of the predictions themselves."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.churn import Definition, Windows, define, due, find_windows
from segmentation.clv import purchases
from segmentation.estimates import Unknown
from segmentation.health.returning import Returning
from segmentation.timeline import forecast_dates, usual_pause, window_for
from tests.segmentation.health.stored import LAST, Shop
from tests.segmentation.shops import Line, line

FIRST = date(2023, 1, 1)


def look(tmp_path: Path, lines: list[Line]) -> Returning:
    return Shop(tmp_path, lines).health.returning


@given(st.dictionaries(st.integers(1, 900), st.integers(1, 90), min_size=1, max_size=25))
def test_the_window_covers_most_pauses_and_is_no_longer_than_it_needs_to_be(counted: dict[int, int]) -> None:
    pauses = sorted(counted.items())
    usual, total = usual_pause(pauses), sum(counted.values())
    assert (usual is None) == (total < 100)
    if usual is not None:
        assert sum(times for days, times in pauses if days <= usual) >= 0.9 * total - 1e-9
        assert sum(times for days, times in pauses if days < usual) < 0.9 * total
        window = window_for(usual)
        assert window % 10 in {0, 5}  # 365 is the longest
        assert 30 <= window <= 365
        assert window >= min(usual, 365)


@given(st.integers(1, 2_500))
def test_a_forecast_is_tested_on_a_third_of_the_history_within_a_month_and_a_year(days: int) -> None:
    as_of = FIRST + timedelta(days=days)
    dates = forecast_dates(FIRST, as_of)
    assert (dates is None) == (days < 84)
    if dates is not None:
        before, then = dates
        assert FIRST < before <= then < as_of
        assert (as_of - then).days == min(days // 3, 365)


LINES = [
    line("ann", "1", "2026-01-05T09:00", "100"),
    line("ann", "2", "2026-01-05T18:00", "20"),  # the same day: the same purchase
    line("ann", "3", "2026-02-10", "50"),
    line("ann", "3", "2026-02-20", "-50"),  # she came back, and brought it back
    line("bob", "4", "2026-01-12", "40"),
    line("bob", "5", "2026-02-01", "40"),
    line("bob", "6", "2026-10-31", "40"),
    line("eve", "7", "2026-03-01", "40"),
    line("eve", "8", "2026-04-01", "0", kind="cancelled"),
    line(None, "9", "2026-03-02", "30"),
    line("dan", "10", "2026-03-03", "-10"),
]


def test_days_are_counted_not_orders_refunds_or_guests(tmp_path: Path) -> None:
    found = look(tmp_path, LINES)
    assert (found.now.on, found.now.customers, found.now.returned, found.now.regular) == (date(2026, 11, 1), 3, 2, 1)
    assert found.paid == 1  # bob: nothing is left of what ann came back for
    assert found.then is not None
    assert (found.then.on, found.then.customers, found.then.returned, found.then.regular) == (
        date(2026, 7, 24),
        3,
        2,
        0,
    )
    assert found.year_ago is None
    assert (found.windows.gaps, found.windows.wished, found.windows.days) == (3, None, None)


def test_who_had_a_rhythm_a_year_ago_and_has_been_seen_since(tmp_path: Path) -> None:
    early = [line(f"c{i}", f"{i}-{day}", f"2025-0{day}-01", "5") for i in range(3) for day in (1, 2, 3)]
    later = [
        line("c0", "a", "2026-01-01", "5"),
        line("c0", "b", "2026-02-01", "5"),
        line("c1", "c", "2026-02-01", "5"),
        line("new", "d", LAST.isoformat(), "5"),
    ]
    found = look(tmp_path, early + later)
    assert found.year_ago is not None
    assert (found.year_ago.on, found.year_ago.customers, found.year_ago.regular) == (date(2025, 11, 1), 3, 3)
    assert found.again == 1  # c1 has begun a pause since, c2 has not been seen


@pytest.mark.parametrize("days", [365, 366])
def test_windows_of_next_orders_are_checked_with_more_than_a_year(tmp_path: Path, days: int) -> None:
    at = (LAST - timedelta(days=days - 1)).isoformat()
    one = Shop(tmp_path, [line("ann", "1", at, "5"), line("ann", "2", LAST.isoformat(), "5")])
    found = due.check(one.engine, one.version, LAST + timedelta(days=1))
    assert isinstance(found, Unknown)
    assert (one.health.returning.year_ago is None) == ("takes more than" in found.reason)


def irregular(seed: int, customers: int, days: int, gap: float) -> list[Line]:
    """Customers who begin on any day; two of three pause by chance, around `gap` days, the third never return."""
    rng = np.random.default_rng(seed)
    lines: list[Line] = []
    for who in range(customers):
        day = float(rng.integers(0, days))
        while day < days:
            at = LAST - timedelta(days=days - 1 - int(day))
            lines.append(line(f"c{who}", f"o{len(lines)}", at.isoformat(), "12"))
            day += rng.exponential(gap) if who % 3 else days
    at = (LAST - timedelta(days=days - 1)).isoformat()
    return [*lines, line("first", "first", at, "12"), line("last", "last", LAST.isoformat(), "12")]


@pytest.mark.parametrize(
    ("customers", "days", "gap", "cut", "learned"),
    [
        (330, 640, 45.0, False, (180, 455)),  # the last whole window, and that of a year before the test
        (500, 290, 35.0, False, (140, 210)),  # the last whole window, and the last but one
        (700, 200, 60.0, True, (120,)),  # the pauses ask for more than the history has room for
    ],
)
def test_windows_hold_whom_those_of_churn_hold(
    tmp_path: Path, customers: int, days: int, gap: float, cut: bool, learned: tuple[int, ...]
) -> None:
    one = Shop(tmp_path, irregular(days, customers, days, gap))
    found, as_of = one.health.returning, LAST + timedelta(days=1)
    known = purchases(one.engine, one.version, as_of)
    assert (found.now.customers, found.now.returned) == (known.n, int((known.repeats > 0).sum()))
    assert found.now.regular == int((due.read_gaps(one.engine, one.version, as_of).gaps >= 2).sum())
    said = define(one.engine, one.version, as_of)
    assert isinstance(said, Definition)
    assert (found.windows.gaps, found.windows.days) == (said.gaps, said.days)
    theirs = find_windows(one.workspace, one.engine, one.version, as_of, said.days)
    assert isinstance(theirs, Windows)
    assert found.windows.tested is not None
    ours = (*found.windows.learned, found.windows.tested)
    assert [(w.start, w.customers, w.ordered) for w in ours] == [
        (w.table.as_of, w.table.n, w.ordered) for w in (*theirs.learned, theirs.tested)
    ]
    assert tuple((as_of - window.start).days for window in found.windows.learned) == learned
    assert (found.windows.days != found.windows.wished) == cut
