"""The peak season is where a shop clearly has one, and customers' share of it is a feature then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from segmentation import formats
from segmentation.customers import prepare, season_again
from segmentation.customers.month_effects import Month
from segmentation.customers.season import PAIRS, busiest, calendar_months, rates_of
from segmentation.engine import DuckEngine
from segmentation.errors import FeatureUnavailable
from segmentation.estimates import Unknown
from segmentation.workspace import Workspace
from tests.segmentation.shops import Line, line, store

pytestmark = pytest.mark.filterwarnings("error")

FLAT = dict.fromkeys(range(1, 13), 100)
FIRST, TWO_YEARS = date(2023, 3, 1), date(2025, 3, 1)
STANDS_OUT = "No two months of the year stand out"


def months(
    of_year: Mapping[int, float], first: date = FIRST, end: date = TWO_YEARS, growth: float = 1.0
) -> tuple[Month, ...]:
    """The same year over and over, in orders of 30 days; each month brings `growth` times as many as the one before."""
    return tuple(
        replace(one, orders=round(of_year[one.month] * one.days / 30 * growth**i))
        for i, one in enumerate(calendar_months({}, first, end))
    )


def none(found: tuple[int, int] | Unknown) -> str:
    assert isinstance(found, Unknown)
    return found.reason


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("growth", [1.0, 1.06, 0.95])
def test_the_two_busiest_neighbouring_months_are_the_season(pair: tuple[int, int], growth: float) -> None:
    assert busiest(months(FLAT | dict.fromkeys(pair, 200), growth=growth)) == pair


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("first", [date(2022, 12, 17), date(2023, 1, 1), date(2023, 1, 15), date(2023, 7, 31)])
def test_the_season_does_not_depend_on_where_the_data_begins(pair: tuple[int, int], first: date) -> None:
    assert busiest(months(FLAT | dict.fromkeys(pair, 200), first, first.replace(year=first.year + 2))) == pair


def test_a_single_strong_month_takes_its_stronger_neighbour() -> None:
    assert busiest(months(FLAT | {11: 400, 12: 140})) == (11, 12)


def test_a_flat_shop_has_no_season() -> None:
    assert STANDS_OUT in none(busiest(months(FLAT)))
    assert STANDS_OUT in none(busiest(months(FLAT | {7: 120, 8: 130})))
    assert STANDS_OUT in none(busiest(months(dict.fromkeys(FLAT, 0))))


@pytest.mark.parametrize("growth", [0.85, 0.93, 1.03, 1.08, 1.15])
@pytest.mark.parametrize("first", [date(2023, month, 1) for month in range(1, 13)])
def test_growth_is_no_season(growth: float, first: date) -> None:
    assert STANDS_OUT in none(busiest(months(FLAT, first, first.replace(year=2025), growth)))


def test_a_season_brings_clearly_more_than_the_other_months() -> None:
    usual = dict.fromkeys(FLAT, 1000)
    assert busiest(months(usual | {7: 1410, 8: 1410})) == (7, 8)
    assert STANDS_OUT in none(busiest(months(usual | {7: 1390, 8: 1390})))


def test_what_was_busy_in_one_year_only_is_no_season() -> None:
    usual, burst = months(FLAT), months(FLAT | {11: 500, 12: 500})
    assert STANDS_OUT in none(busiest([*burst[:12], *usual[12:]]))
    assert busiest([*burst[:12], *burst[12:]]) == (11, 12)


def test_one_year_in_four_may_lose_its_season() -> None:
    end = date(2027, 3, 1)
    usual, busy = months(FLAT, end=end), months(FLAT | {7: 250, 8: 250}, end=end)
    assert busiest([*busy[:24], *usual[24:36], *busy[36:]]) == (7, 8)
    assert STANDS_OUT in none(busiest([*busy[:12], *usual[12:36], *busy[36:]]))


def test_two_full_years_are_needed_and_the_reason_says_how_many_days_there_are() -> None:
    busy = FLAT | {11: 300, 12: 300}
    assert busiest(months(busy, end=FIRST + timedelta(days=730))) == (11, 12)
    reason = none(busiest(months(busy, end=FIRST + timedelta(days=729))))
    assert "needs two full years" in reason
    assert formats.days(729) in reason


@pytest.mark.parametrize("shut", [(1, 2, 3), (10, 11, 12, 1, 2, 3), (2, 9)])
def test_months_in_which_the_shop_is_shut_make_no_season_of_the_others(shut: tuple[int, ...]) -> None:
    closed = FLAT | dict.fromkeys(shut, 0)
    assert STANDS_OUT in none(busiest(months(closed)))
    assert busiest(months(closed | {7: 300, 8: 300})) == (7, 8)


def test_a_shop_that_opens_for_two_months_a_year_has_its_season_then() -> None:
    assert busiest(months(dict.fromkeys(FLAT, 0) | {11: 100, 12: 300})) == (11, 12)


@pytest.mark.parametrize(
    "stray", [date(1900, 1, 1), date(2015, 6, 3), date(2022, 1, 31), date(2026, 4, 1), date(2099, 1, 1)]
)
def test_one_order_a_year_or_more_away_does_not_hide_the_season(stray: date) -> None:
    busy = {(one.year, one.month): one.orders for one in months(FLAT | {7: 200, 8: 200})}
    first, end = min(stray, FIRST), max(stray + timedelta(days=1), TWO_YEARS)
    assert busiest(calendar_months(busy | {(stray.year, stray.month): 1}, first, end)) == (7, 8)


def test_two_years_with_a_year_of_silence_between_are_no_two_full_years() -> None:
    busy = months(FLAT | {7: 200, 8: 200}, end=date(2026, 3, 1))
    assert busiest(busy) == (7, 8)
    reason = none(busiest([*busy[:12], *(replace(one, orders=0) for one in busy[12:24]), *busy[24:]]))
    assert formats.days(366) in reason


def test_a_month_of_which_the_data_holds_a_part_has_its_days_only() -> None:
    held = calendar_months({}, date(2024, 1, 20), date(2024, 3, 5))
    assert [(one.month, one.days) for one in held] == [(1, 12), (2, 29), (3, 4)]


def shop(length: int, busy: tuple[int, ...]) -> list[Line]:
    """One order of c0 and one of c1 a month from January 2024 on, and in busy months ten of c2."""
    lines = []
    for i in range(length):
        day = date(2024 + i // 12, i % 12 + 1, 15)
        lines += [line(f"c{c}", f"{i}-{c}", day.isoformat(), "10") for c in (0, 1)]
        if day.month in busy:
            lines += [line("c2", f"{i}-x{n}", day.isoformat(), "10") for n in range(10)]
    return lines


def test_the_feature_is_the_share_of_a_customers_orders_in_the_season(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, [*shop(25, (12, 1)), line("c3", "once", "2025-06-15", "10")])
    table = prepare(workspace, DuckEngine.open(workspace.root), version, date(2026, 1, 16))
    share = dict(zip(table.ids.to_pylist(), table.raw("season_share").tolist(), strict=True))
    assert share == {"c0": pytest.approx(5 / 25), "c1": pytest.approx(5 / 25), "c2": 1.0, "c3": 0.0}
    assert "season_share" in table.default_features()


@pytest.mark.parametrize(
    ("length", "busy", "reason"),
    [(25, (), STANDS_OUT), (11, (6, 7), "needs two full years"), (23, (6, 7), "needs two full years")],
)
def test_a_flat_shop_and_one_of_less_than_two_years_have_no_such_feature(
    tmp_path: Path, length: int, busy: tuple[int, ...], reason: str
) -> None:
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, shop(length, busy))
    table = prepare(workspace, DuckEngine.open(workspace.root), version)
    with pytest.raises(FeatureUnavailable, match=reason):
        table.raw("season_share")


def test_the_season_is_what_was_known_at_an_earlier_date(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, shop(36, (11, 12)))
    engine = DuckEngine.open(workspace.root)
    with pytest.raises(FeatureUnavailable):
        prepare(workspace, engine, version, date(2025, 12, 1)).raw("season_share")
    assert prepare(workspace, engine, version, date(2026, 2, 1)).raw("season_share").max() == 1.0


def test_days_after_the_last_order_are_not_taken_for_days_without_orders(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, shop(20, (11, 12)))
    table = prepare(workspace, DuckEngine.open(workspace.root), version, date(2026, 2, 1))
    with pytest.raises(FeatureUnavailable, match="needs two full years"):
        table.raw("season_share")


def test_orders_by_block_of_customers_add_up_to_the_orders_by_month(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    days = [FIRST + timedelta(days=11 * i) for i in range(70)]
    lines = [line(f"c{i % 9}", f"o{i}", day.isoformat(), "10.00") for i, day in enumerate(days)]
    version = store(workspace, lines)
    with DuckEngine.open(workspace.root).reading(version) as run:
        found = season_again(run, (11, 12), min(days), max(days), date(2025, 1, 1))
    wanted = Counter((day.year, day.month) for day in days if day < date(2025, 1, 1))
    assert {
        (m.year, m.month): int(n) for m, n in zip(found.months, found.orders.sum(axis=0), strict=True) if n
    } == wanted
    assert np.count_nonzero(found.orders.sum(axis=1)) == 9


def test_the_months_of_the_year_multiply_orders_by_what_they_bring_beside_growth() -> None:
    rates = rates_of(months(FLAT | {11: 200, 12: 200}, end=date(2026, 3, 1), growth=1.03))
    assert rates.mean() == pytest.approx(1.0)
    assert rates[[10, 11]].mean() / rates[:10].mean() == pytest.approx(2.0, rel=0.03)
