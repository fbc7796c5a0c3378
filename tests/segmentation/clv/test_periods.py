"""Buying by period, from which past dates are seen again, and what is learned from it: levels, prices, courses."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from segmentation.clv import Purchases, fit_repeat_buying, periods_of, purchases
from segmentation.clv.calendar_effects import CalendarEffects, calendar_effects
from segmentation.clv.clock import Clock, steady_clock
from segmentation.clv.course import FADES_DAYS, course
from segmentation.clv.periods import Periods
from segmentation.clv.prices import price_levels
from segmentation.engine import DuckEngine
from segmentation.workspace import DatasetVersion, Workspace
from tests.dashboard.shops import write_shop
from tests.segmentation.shops import line, store
from tests.truth.changing_shops import Changing, Orders, as_modelled, broken, dearer, growing

COLUMNS = ("repeats", "recency", "observed", "paid_days")


def same(one: Purchases, other: Purchases) -> bool:
    equal = all((getattr(one, name) == getattr(other, name)).all() for name in COLUMNS)
    return equal and one.ids.equals(other.ids) and one.as_of == other.as_of and np.allclose(one.paid, other.paid)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[DuckEngine, DatasetVersion]:
    workspace = Workspace.open(tmp_path_factory.mktemp("periods"))
    version = write_shop(workspace, customers=300)
    return DuckEngine.open(workspace.root), version


def test_histories_put_together_from_periods_are_those_that_the_engine_counts(shop) -> None:
    engine, version = shop
    day = version.manifest.last + timedelta(days=1)
    periods = periods_of(engine, version, day, 30, 8)
    assert same(periods.known(8), purchases(engine, version, day))
    for back in (1, 3, 7):
        then = purchases(engine, version, day - timedelta(days=30 * back))
        seen = periods.known(8 - back)
        assert [getattr(seen, name).tolist() for name in COLUMNS] == [getattr(then, name).tolist() for name in COLUMNS]
        orders, _ = periods.bought(8 - back, 8)
        now = purchases(engine, version, day)
        was_known = np.isin(now.ids.to_pylist(), then.ids.to_pylist())
        assert orders.sum() == now.repeats[was_known].sum() - then.repeats.sum()


def test_a_refund_lowers_what_its_period_was_worth_and_no_count(tmp_path) -> None:
    workspace = Workspace.open(tmp_path)
    lines = [
        line("a", "1", "2026-01-01", "10"),
        line("a", "2", "2026-02-10", "30"),
        line("a", "2", "2026-02-20", "-10"),
    ]
    version = store(workspace, [*lines, line("a", "3", "2026-02-10", "5"), line("b", "4", "2026-02-27", "7")])
    periods = periods_of(DuckEngine.open(workspace.root), version, date(2026, 3, 1), 30, 2)
    rows = dict(zip(periods.ids.to_pylist(), range(2), strict=True))
    assert periods.repeats[rows["a"]].tolist() == [0, 1]
    assert periods.paid[rows["a"]].tolist() == [0.0, 25.0]
    assert periods.repeats[rows["b"]].tolist() == [0, 0]
    assert periods.known(1).n == 1


# The clock ----------------------------------------------------------------------------------------------------------


def test_a_clock_that_runs_twice_as_fast_doubles_times_and_a_steady_one_changes_nothing() -> None:
    seen = Purchases.from_arrays([0, 2], [0, 30], [40, 50])
    assert steady_clock(seen.as_of).of(seen) is seen
    twice = Clock(seen.as_of - timedelta(days=99), np.full(99, 2.0))
    assert twice.of(seen).recency.tolist() == [0, 60]
    assert twice.of(seen).observed.tolist() == [80, 100]
    assert twice.ahead(seen.as_of, 10.5) == pytest.approx(21.0)


def test_time_passes_by_the_level_of_each_day_and_the_last_level_holds() -> None:
    clock = Clock(date(2026, 1, 1), np.array([1.0, 3.0, 0.5]))
    assert clock.ahead(date(2026, 1, 1), 2) == pytest.approx(4.0)
    assert clock.ahead(date(2026, 1, 2), 1.5) == pytest.approx(3.25)
    assert clock.ahead(date(2026, 1, 10), 4) == pytest.approx(2.0)
    seen = Purchases.from_arrays([1], [1], [2], as_of=date(2026, 1, 4))
    assert (clock.of(seen).recency.tolist(), clock.of(seen).observed.tolist()) == ([1], [4])


# Levels and prices --------------------------------------------------------------------------------------------------


def made(generator, seed: int = 3) -> tuple[Orders, Periods]:
    shop = generator(Changing(np.random.default_rng([seed, 8])))
    return shop, shop.periods(shop.history)


def effects_of(periods: Periods) -> CalendarEffects:
    effects = calendar_effects(periods, periods.n, None, "bg")
    assert isinstance(effects, CalendarEffects)
    return effects


def test_levels_of_a_shop_without_any_are_level_and_its_customers_are_as_without() -> None:
    shop, periods = made(as_modelled)
    effects = effects_of(periods)
    assert np.abs(np.log(effects.levels[2:])).max() < 0.25
    assert course(np.log(effects.levels), effects.variance, periods.step).kind == "steady"
    plain = fit_repeat_buying(shop.at(shop.history))
    assert effects.fit.r == pytest.approx(plain.r, rel=0.1)


def test_growth_of_everybodys_rate_is_found_beside_customers_who_leave() -> None:
    rng = np.random.default_rng([3, 8])
    shop = Changing(rng)
    shop.level = np.exp(np.log(1.6) * shop.time / 365)
    orders = shop.open()
    periods = orders.periods(orders.history)
    effects = effects_of(periods)
    found = course(np.log(effects.levels), effects.variance, periods.step)
    assert found.kind == "trend"
    assert np.exp(found.slope * 365) == pytest.approx(1.6, rel=0.15)


def test_a_break_is_a_change_and_no_trend() -> None:
    rng = np.random.default_rng([3, 8])
    shop = Changing(rng)
    shop.level = np.where(shop.time >= 0.6 * shop.history, 0.5, 1.0)
    orders = shop.open()
    periods = orders.periods(orders.history)
    effects = effects_of(periods)
    found = course(np.log(effects.levels), effects.variance, periods.step)
    assert (found.kind, found.slope) == ("change", 0.0)
    early = np.log(effects.levels[: periods.n // 2]).mean()
    assert np.exp(found.level - early) == pytest.approx(0.5, rel=0.15)


def test_prices_are_told_from_customers_who_pay_more() -> None:
    """Prices rise by a quarter a year; newcomers pay half of what the first customers did."""
    shop = Changing(np.random.default_rng(5))
    shop.prices = np.exp(np.log(1.25) * shop.time / 365)
    shop.value = np.linspace(80.0, 40.0, len(shop.value))
    periods = shop.open().periods(shop.history)
    levels, variance = price_levels(periods, periods.n)
    found = course(np.log(levels), variance, periods.step)
    assert found.kind == "trend"
    assert np.exp(found.slope * 365) == pytest.approx(1.25, rel=0.06)
    flat = made(as_modelled)[1]
    assert course(np.log(price_levels(flat, flat.n)[0]), price_levels(flat, flat.n)[1], flat.step).kind == "steady"


# Courses ------------------------------------------------------------------------------------------------------------

SMALL = np.full(12, 0.0004)


def test_a_trend_fades_and_ends_where_its_slope_says() -> None:
    found = course(np.linspace(0.0, 0.6, 12), SMALL, 30.0)
    ahead = found.ahead(3_650)
    assert found.kind == "trend"
    assert found.level == pytest.approx(0.6 + found.slope * 15)
    assert ahead[0] == pytest.approx(found.level + found.slope / 2, abs=1e-6)
    assert ahead[-1] == pytest.approx(found.level + found.slope * FADES_DAYS, rel=1e-3)
    assert (np.diff(ahead) > 0).all()


def test_a_jump_holds_and_a_restless_level_is_steady() -> None:
    jump = course(np.where(np.arange(12) < 7, 0.0, 0.5), SMALL, 30.0)
    assert (jump.kind, jump.level, jump.slope) == ("change", pytest.approx(0.5), 0.0)
    rng = np.random.default_rng(1)
    kinds = [course(rng.normal(0, 0.05, 12), SMALL, 30.0).kind for _ in range(200)]
    assert kinds.count("steady") >= 190


def test_a_few_periods_say_nothing_of_a_course() -> None:
    assert course(np.array([0.0, 1.0, 2.0]), SMALL[:3], 30.0).kind == "steady"


def test_the_steepest_trend_is_bounded() -> None:
    assert course(np.linspace(0.0, 9.0, 12), SMALL, 30.0).slope == pytest.approx(1 / 365)


@pytest.mark.parametrize("generator", [growing, broken, dearer])
def test_a_past_date_knows_nothing_of_later_orders(generator) -> None:
    shop, periods = made(generator)
    at = periods.n - 3
    end = shop.history - 3 * periods.step
    alone = Orders(end, *(column[shop.day < end] for column in (shop.who, shop.day, shop.value)))
    assert same(periods.known(at), alone.at(end))
