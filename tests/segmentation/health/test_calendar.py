from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from segmentation.customers.gaps import Gap, gaps
from segmentation.health import months

MONDAY = date(2026, 1, 5)


def _days(start: int, end: int) -> tuple[date, date]:
    return MONDAY + timedelta(days=start), MONDAY + timedelta(days=end)


def test_a_missing_month_is_found_with_what_is_missing() -> None:
    counts = np.full(365, 20)
    counts[100:128] = 0
    (found,) = gaps(MONDAY, counts)
    assert (found.first, found.last, found.days) == (*_days(100, 127), 28)
    assert found.expected == pytest.approx(28 * 20)


def test_a_shop_that_sleeps_on_sundays_has_no_gaps() -> None:
    counts = np.array([0 if day % 7 == 6 else 30 for day in range(364)])
    assert gaps(MONDAY, counts) == ()


def test_a_week_missing_from_a_shop_that_sleeps_on_sundays_is_found() -> None:
    counts = np.array([0 if day % 7 == 6 else 30 for day in range(364)])
    counts[70:77] = 0
    (found,) = gaps(MONDAY, counts)
    assert found.expected == pytest.approx(6 * 30, rel=0.05)


def test_quiet_weeks_at_the_start_of_a_growing_shop_are_not_called_gaps() -> None:
    rng = np.random.default_rng(1)
    counts = rng.poisson(np.linspace(0.2, 40, 730))
    assert gaps(MONDAY, counts) == ()


@pytest.mark.parametrize("per_day", [0.3, 1.0, 3.0, 10.0])
def test_chance_alone_rarely_looks_like_a_gap(per_day: float) -> None:
    """About one shop in a thousand is allowed; in 400 shops three would be a surprise."""
    rng = np.random.default_rng(20_261_125)
    false = sum(bool(gaps(MONDAY, rng.poisson(per_day, 730))) for _ in range(400))
    assert false <= 3


@pytest.mark.parametrize("per_day", [1.0, 10.0])
def test_a_month_missing_is_nearly_always_found(per_day: float) -> None:
    rng = np.random.default_rng(20_261_125)
    found = 0
    for _ in range(200):
        counts = rng.poisson(per_day, 730)
        counts[300:331] = 0
        found += any(gap.first <= MONDAY + timedelta(days=300) <= gap.last for gap in gaps(MONDAY, counts))
    assert found >= 198


def test_without_orders_there_are_no_gaps() -> None:
    assert gaps(MONDAY, np.zeros(10, dtype=np.int64)) == ()


def test_a_month_counts_as_whole_from_its_first_to_its_last_day() -> None:
    counts = np.ones(59, dtype=np.int64)  # 5 January to 4 March 2026
    found = months(MONDAY, counts)
    assert [(one.year, one.month, one.orders, one.whole) for one in found] == [
        (2026, 1, 27, False),
        (2026, 2, 28, True),
        (2026, 3, 4, False),
    ]


def test_a_gap_counts_both_of_its_ends() -> None:
    assert Gap(date(2026, 1, 1), date(2026, 1, 1), 30.0).days == 1
