"""The busy season is where a shop clearly has one, and customers' share of it is a feature then."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from segmentation.customers import prepare
from segmentation.customers.season import busiest
from segmentation.engine import DuckEngine
from segmentation.errors import FeatureUnavailable
from segmentation.workspace import Workspace
from tests.segmentation.shops import Line, line, store

pytestmark = pytest.mark.filterwarnings("error")

FLAT = dict.fromkeys(range(1, 13), 100)


@pytest.mark.parametrize("months", [(month, month % 12 + 1) for month in range(1, 13)])
def test_the_two_busiest_neighbouring_months_are_the_season(months: tuple[int, int]) -> None:
    assert busiest(FLAT | dict.fromkeys(months, 300)) == months


def test_december_and_january_are_neighbours() -> None:
    assert busiest(FLAT | {12: 260, 1: 240}) == (12, 1)


def test_a_single_strong_month_takes_its_stronger_neighbour() -> None:
    assert busiest(FLAT | {11: 400, 12: 140}) == (11, 12)


def test_a_flat_shop_has_no_season() -> None:
    assert busiest(FLAT) is None
    assert busiest(FLAT | {7: 120, 8: 130}) is None
    assert busiest({}) is None


def test_a_season_brings_clearly_more_than_two_usual_months() -> None:
    # two of twelve months bring 1.4 times their sixth of the orders from 152.2 on
    assert busiest(FLAT | {7: 153, 8: 153}) == (7, 8)
    assert busiest(FLAT | {7: 151, 8: 151}) is None


def shop(months: int, busy: tuple[int, ...]) -> list[Line]:
    """One order of c0 and one of c1 a month from January 2024 on, and in busy months ten of c2."""
    lines = []
    for i in range(months):
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


@pytest.mark.parametrize(("months", "busy"), [(24, ()), (11, (6, 7))])
def test_a_flat_shop_and_one_of_less_than_a_year_have_no_such_feature(
    tmp_path: Path, months: int, busy: tuple[int, ...]
) -> None:
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, shop(months, busy))
    table = prepare(workspace, DuckEngine.open(workspace.root), version)
    with pytest.raises(FeatureUnavailable, match="season"):
        table.raw("season_share")


def test_the_season_is_what_was_known_at_an_earlier_date(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, shop(24, (11, 12)))
    engine = DuckEngine.open(workspace.root)
    with pytest.raises(FeatureUnavailable):
        prepare(workspace, engine, version, date(2024, 12, 1)).raw("season_share")
    assert prepare(workspace, engine, version, date(2025, 2, 1)).raw("season_share").max() == 1.0
