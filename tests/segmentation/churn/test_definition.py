"""From when on a customer counts as lost: learned from pauses, and only as far as the history reaches."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from segmentation.churn import Definition, define
from segmentation.churn.definition import proposed
from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.timeline import longest_window
from segmentation.workspace import Workspace
from tests.segmentation.shops import line, store

FIRST = date(2023, 1, 1)


def of(lengths: list[float], counts: list[float], days: int = 2_000) -> Definition | Unknown:
    return proposed(np.array(lengths), np.array(counts), FIRST, FIRST + timedelta(days=days))


def test_the_days_cover_nine_of_ten_returns_and_are_a_multiple_of_ten() -> None:
    found = of([10, 83, 200], [500, 400, 100])
    assert isinstance(found, Definition)
    assert (found.days, found.share_back_within, found.gaps) == (90, 0.9, 1_000)
    assert "1,000 times" in found.reason


@pytest.mark.parametrize(("length", "days"), [(3, 30), (500, 365), (30, 30), (31, 40)])
def test_the_days_stay_between_a_month_and_a_year(length: float, days: int) -> None:
    found = of([length], [200.0])
    assert isinstance(found, Definition)
    assert found.days == days


def test_a_short_history_shrinks_the_days_and_says_so() -> None:
    found = of([20, 150], [500, 500], days=200)
    assert isinstance(found, Definition)
    assert (found.days, found.share_back_within) == (60, 0.5)
    assert "200\u00a0days" in found.reason


def test_a_history_without_three_windows_says_which_dates_it_has() -> None:
    found = of([20], [500], days=80)
    assert isinstance(found, Unknown)
    for said in ("1 Jan 2023", "22 Mar 2023", "80\u00a0days", "90\u00a0days", "10\u00a0days"):
        assert said in found.reason


def test_few_returns_are_no_rhythm() -> None:
    found = of([20], [99])
    assert isinstance(found, Unknown)
    assert "99 times" in found.reason
    assert longest_window(FIRST, FIRST - timedelta(days=3)) == 0


def test_gaps_are_between_buying_days_not_between_orders_or_refunds(tmp_path) -> None:
    workspace = Workspace.open(tmp_path)
    rows = [
        line("a", "1", "2026-01-01T09:00", "10"),
        line("a", "2", "2026-01-01T18:00", "10"),
        line("a", "3", "2026-01-11T08:00", "10"),
        line("a", "4", "2026-01-15T08:00", "-10"),
        line("a", "5", "2026-02-10T08:00", "10"),
        line("b", "6", "2026-01-01T08:00", "10"),
        line("b", "7", "2026-01-11T08:00", "10"),
        line(None, "8", "2026-01-12T08:00", "10"),
    ]
    version = store(workspace, rows)
    engine = DuckEngine.open(workspace.root)
    with engine.reading(version) as run:
        found = run.query("buying_gaps", as_of=date(2026, 3, 1)).to_pylist()
        before = run.query("buying_gaps", as_of=date(2026, 2, 10)).to_pylist()
    assert found == [{"gap_days": 10, "gaps": 2}, {"gap_days": 30, "gaps": 1}]
    assert before == [{"gap_days": 10, "gaps": 2}]
    assert isinstance(define(engine, version, date(2026, 3, 1)), Unknown)
