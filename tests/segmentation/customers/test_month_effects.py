"""The regression of monthly orders gives the effects that were put in, and intervals that hold them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import stdtrit

from segmentation.customers.month_effects import Month, month_effects, natural_spline

EFFECTS = np.array([0.3, 0.0, -0.2, 0.1, 0.0, -0.5, 0.4, 0.2, 0.0, -0.1, 0.6, 0.7])
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def history(orders: np.ndarray) -> list[Month]:
    return [Month(2021 + i // 12, i % 12 + 1, int(DAYS[i % 12]), int(n)) for i, n in enumerate(orders)]


def expected(years: int, growth: float, level: float) -> np.ndarray:
    time = np.arange(12 * years)
    return np.tile(DAYS * np.exp(EFFECTS), years) * level * np.exp(growth * time)


@pytest.mark.parametrize("growth", [0.0, 0.05, -0.05])
@pytest.mark.parametrize("years", [2, 5])
def test_the_effects_beside_growth_are_those_put_in(growth: float, years: int) -> None:
    fit = month_effects(history(np.round(expected(years, growth, 1000))))
    assert fit.effects - fit.effects.mean() == pytest.approx(EFFECTS - EFFECTS.mean(), abs=2e-3)


def test_the_fit_is_the_top_of_the_likelihood_that_a_general_search_finds() -> None:
    orders = np.random.default_rng(1).poisson(expected(3, 0.03, 2.0))
    fit = month_effects(history(orders))
    days = np.tile(DAYS, 3)
    level = np.log(days) + np.log(orders.sum() / days.sum())
    design = np.hstack([np.tile(np.eye(12), (3, 1)), natural_spline(36)])

    def lost(at: np.ndarray) -> float:
        eta = level + design @ at
        return float((np.exp(eta) - orders * eta).sum() + (at**2).sum() / 18)

    found = minimize(lost, np.zeros(design.shape[1]), method="BFGS", options={"gtol": 1e-6})
    assert fit.effects == pytest.approx(found.x[:12], abs=1e-4)
    assert fit.free == 36 - design.shape[1]


@pytest.mark.parametrize(
    ("spread", "season"), [(0.0, 1.0), (0.15, 0.0)], ids=["Poisson, with a season", "overdispersed, without"]
)
def test_nineteen_of_twenty_intervals_of_a_contrast_hold_it(spread: float, season: float) -> None:
    """What the test for a season rests on is the case without one.

    Where busy months vary by a share of their own rate, intervals are too narrow: 88 of 100 hold these effects. Poisson
    counts have wider ones than needed, since the variance is never taken for less than the mean.
    """
    rng, contrast = np.random.default_rng(2), np.where(np.arange(12) >= 10, 1 / 2, -1 / 10)
    held = bare = 0
    for _ in range(400):
        noise = rng.gamma(spread**-2, spread**2, 36) if spread else 1.0
        rates = expected(3, 0.03, 10.0) * np.tile(np.exp((season - 1) * EFFECTS), 3)
        orders = rng.poisson(rates * noise)
        fit = month_effects(history(orders))
        away = abs(contrast @ (fit.effects - season * EFFECTS))
        held += bool(away <= stdtrit(fit.free, 0.975) * np.sqrt(contrast @ fit.covariance @ contrast))
        bare += bool(away <= 1.96 * np.sqrt((contrast**2 / np.bincount(np.arange(36) % 12, orders)).sum()))
    assert 0.92 <= held / 400 <= 0.99
    assert bool(spread) == (bare / 400 < 0.7), "Without the dispersion they would be too narrow."


def test_a_month_without_any_order_has_a_finite_effect_far_below_the_others() -> None:
    orders = np.where(np.arange(24) % 12 == 1, 0, 100)
    effects = month_effects(history(orders)).effects
    assert np.isfinite(effects).all()
    assert effects[1] < effects[0] - 2


def test_the_trend_is_straight_at_its_ends_and_any_line_is_one() -> None:
    basis = natural_spline(61)
    line = np.arange(61.0)
    own, *_ = np.linalg.lstsq(np.column_stack([np.ones(61), basis]), line, rcond=None)
    assert np.column_stack([np.ones(61), basis]) @ own == pytest.approx(line, abs=1e-9)
    bend = np.diff(basis, 2, axis=0)
    assert np.abs(bend[[0, -1]]).max() < 0.2 * np.abs(bend).max()
