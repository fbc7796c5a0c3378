"""Who came back is counted at the dates, and by the rules, of the predictions themselves."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.analysis import Dated, clv
from segmentation.churn import Definition, Windows, define, definition, due, find_windows
from segmentation.churn import windows as churn_windows
from segmentation.clv import purchases
from segmentation.estimates import Unknown
from segmentation.health import returning
from segmentation.health.returning import Returning, forecast_date, learning_dates, window_wished
from segmentation.workspace import DatasetVersion
from tests.segmentation.health.stored import LAST, Shop
from tests.segmentation.shops import Line, line

FIRST = date(2023, 1, 1)


def look(tmp_path: Path, lines: list[Line]) -> Returning:
    return Shop(tmp_path, lines).health.returning


def test_the_constants_are_those_of_the_predictions() -> None:
    held_out = (returning.HELD_OUT, returning.SHORTEST_HELD_OUT, returning.LONGEST_HELD_OUT)
    assert held_out == (clv.HELD_OUT, clv.SHORTEST, clv.LONGEST)
    assert returning.CHECKED_DAYS == due.CHECKED_DAYS
    lengths = (returning.SHORTEST_WINDOW, returning.LONGEST_WINDOW, returning.STEP, returning.WINDOWS)
    assert lengths == (definition.SHORTEST, definition.LONGEST, definition.STEP, definition.WINDOWS)
    assert (returning.BACK, returning.FEWEST_GAPS) == (definition.BACK, definition.FEWEST_GAPS)


@given(st.integers(1, 2_500))
def test_a_forecast_is_tested_on_the_date_that_worth_tests_it_on(days: int) -> None:
    version = cast("DatasetVersion", SimpleNamespace(manifest=SimpleNamespace(first=FIRST)))
    as_of = FIRST + timedelta(days=days)
    dates = clv.dates_of_holdout(cast("Dated", SimpleNamespace(version=version, as_of=as_of)))
    assert forecast_date(FIRST, as_of) == (None if isinstance(dates, Unknown) else dates[1])


@given(st.integers(0, 2_500), st.integers(30, 365))
def test_windows_begin_when_those_of_churn_begin(history: int, days: int) -> None:
    until = FIRST + timedelta(days=history)
    assert learning_dates(FIRST, until, days) == churn_windows.learning_dates(FIRST, until, days)


@given(st.dictionaries(st.integers(1, 900), st.integers(1, 90), min_size=1, max_size=25))
def test_the_pauses_ask_for_the_days_that_churn_proposes(counted: dict[int, int]) -> None:
    pauses = sorted(counted.items())
    lengths, counts = (np.array(side, dtype=np.float64) for side in zip(*pauses, strict=True))
    proposed = definition.proposed(lengths, counts, FIRST, FIRST + timedelta(days=3 * 365 + 30))
    assert window_wished(pauses) == (proposed.days if isinstance(proposed, Definition) else None)


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
