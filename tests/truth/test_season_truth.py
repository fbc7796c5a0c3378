"""A peak season is found where shops have one, and not where they grow, shrink, jump or are restless.

`TESSERA_TRUTH=full` draws 1,000 shops of each kind, otherwise 100.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from segmentation.customers import prepare
from segmentation.customers.season import Pair, busiest
from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.workspace import Workspace
from tests.segmentation.shops import Line, line, store
from tests.truth.monthly_orders import WITH, WITHOUT, Generator, Shop

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
SHOPS = 1000 if FULL else 100
NONE_FOUND, FOUND = 0.95, 0.90


def found(generator: Generator) -> list[Pair | Unknown]:
    """The season of each shop; the same shops in every run."""
    number = [*WITHOUT, *WITH].index(generator)
    return [busiest(generator(Shop(np.random.default_rng([15, number, shop])))) for shop in range(SHOPS)]


@pytest.mark.parametrize("generator", WITHOUT, ids=lambda one: one.__name__)
def test_no_season_is_found_where_there_is_none(generator: Generator) -> None:
    none = np.mean([isinstance(one, Unknown) for one in found(generator)])
    print(f"{generator.__name__}: no season in {none:.1%} of {SHOPS} shops without one")
    assert none >= NONE_FOUND


@pytest.mark.parametrize(("generator", "pair"), WITH.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_season_is_found_where_there_is_one(generator: Generator, pair: Pair) -> None:
    pairs = [one for one in found(generator) if not isinstance(one, Unknown)]
    right = sum(set(pair) <= set(one) for one in pairs) / SHOPS
    print(f"{generator.__name__}: the right season in {right:.1%} of {SHOPS} shops, in all {len(pairs) / SHOPS:.1%}")
    assert right >= FOUND


# Through the real door: lines of customers who join, order again and leave ------------------------------------------

FIRST, DAYS = date(2022, 11, 1), 3 * 365


def lines(seed: int, *, growth: float, december: float) -> list[Line]:
    """Customers join `growth` times as often each year, order every two months until they leave, and do both `december`
    times as often in that month."""
    rng = np.random.default_rng([15, 99, seed])
    days = [FIRST + timedelta(days=day) for day in range(DAYS)]
    busy = np.array([december if day.month == 12 else 1.0 for day in days])
    joined = rng.poisson(1.2 * growth ** (np.arange(DAYS) / 365) * busy)
    rows: list[Line] = []
    for customer, start in enumerate(np.repeat(np.arange(DAYS), joined)):
        end = min(start + 1 + int(rng.exponential(300)), DAYS)
        again = start + np.flatnonzero(rng.random(end - start) < busy[start:end] / 60)
        for order, day in enumerate({int(start), *again.tolist()}):
            rows.append(line(f"c{customer}", f"{customer}-{order}", days[day].isoformat(), "20"))
    return [*rows, line("last", "last", days[-1].isoformat(), "20")]


@pytest.mark.parametrize(
    ("growth", "december", "season"),
    [(3.0, 1.0, None), (0.4, 1.0, None), (1.0, 3.0, 12), (2.0, 3.0, 12)],
    ids=["grows", "shrinks", "has a December", "grows and has a December"],
)
def test_the_share_of_the_season_is_a_feature_of_shops_with_one_only(
    tmp_path: Path, growth: float, december: float, season: int | None
) -> None:
    for seed in range(3 if FULL else 1):
        workspace = Workspace.open(tmp_path / str(seed))
        version = store(workspace, lines(seed, growth=growth, december=december))
        table = prepare(workspace, DuckEngine.open(workspace.root), version)
        assert ("season_share" in table.default_features()) == (season is not None)
        assert table.season is None if season is None else season in table.season
