"""BG/NBD and MBG/NBD against published figures, numerical integration, and shops with known parameters."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaln

from segmentation.clv import (
    Histories,
    Purchases,
    RepeatBuying,
    alive,
    chance_again,
    expected_orders,
    fit_repeat_buying,
)
from segmentation.clv.likelihood import Slopes
from segmentation.clv.repeat_buying import _Likelihood
from segmentation.estimates import Unknown
from tests.published import cdnow_sample
from tests.segmentation.clv.simulated import shop

PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}


def fitted(model: str = "bg", **parameters: float) -> RepeatBuying:
    known = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426} | parameters
    return RepeatBuying(model=model, **known, unit_days=1.0, log_likelihood=0.0, customers=0, distinct=0)


def one(repeats: int, recency: int, observed: int) -> Histories:
    return Histories.grouped(Purchases.from_arrays([repeats], [recency], [observed]))


def test_it_recovers_the_published_cdnow_parameters() -> None:
    found = fit_repeat_buying(cdnow_sample(), unit_days=7)
    assert isinstance(found, RepeatBuying)
    assert found.customers == 2_357
    for name, value in PUBLISHED.items():
        assert getattr(found, name) == pytest.approx(value, abs=5e-4)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.1)


def test_the_expected_orders_of_the_papers_customer_are_as_published() -> None:
    # x = 2, t_x = 30.43, T = 38.86 weeks, in hundredths of a week because histories are whole days
    fit = fitted(alpha=441.4)
    assert expected_orders(fit, one(2, 3043, 3886), 3900)[0] == pytest.approx(1.226, abs=5e-4)


def directly(fit: RepeatBuying, x: int, t_x: float, T: float, t: float) -> tuple[float, float]:  # noqa: N803
    """P(alive) and expected orders by integrating over everything a customer may be, without any closed form."""

    def weigh(even: float) -> tuple[float, float, float]:
        leave = even**4  # the density has a pole at zero
        prior = math.exp((fit.a - 1) * math.log(leave) + (fit.b - 1) * math.log1p(-leave) - betaln(fit.a, fit.b))
        prior *= 4 * even**3
        stay = prior * (1 - leave) ** (x + fit.shift)
        go = prior * leave * (1 - leave) ** (x - 1 + fit.shift) if x or fit.shift else 0.0
        scale = fit.r * math.log(fit.alpha)
        still = stay * math.exp(scale - (fit.r + x) * math.log(fit.alpha + T))
        gone = go * math.exp(scale - (fit.r + x) * math.log(fit.alpha + t_x))
        # orders of one who stays: (1 - E exp(-rate * leave * t)) / leave, over the rates given the history
        kept = ((fit.alpha + T) / (fit.alpha + T + leave * t)) ** (fit.r + x)
        return still, gone, still * (1 - kept) / leave

    still, gone, orders = (quad(lambda p, i=i: weigh(p)[i], 1e-9, 1 - 1e-9, limit=400)[0] for i in range(3))
    return still / (still + gone), orders / (still + gone)


@pytest.mark.parametrize("model", ["bg", "mbg"])
@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0, 40), (1, 3, 40), (2, 30, 39), (7, 35, 36), (30, 60, 200)])
def test_what_it_expects_is_what_integration_gives(model: str, x: int, t_x: int, T: int) -> None:  # noqa: N803
    fit = fitted(model)
    stays, orders = directly(fit, x, t_x, T, 50.0)
    assert alive(fit, one(x, t_x, T))[0] == pytest.approx(stays, rel=1e-6)
    assert expected_orders(fit, one(x, t_x, T), 50.0)[0] == pytest.approx(orders, rel=1e-5)


@pytest.mark.parametrize("a", [60.0, 834.0, 5e4])
@pytest.mark.parametrize("x", [0, 11, 400, 3_000])
def test_customers_who_all_leave_alike_are_expected_to_order_as_many_as_counting_gives(a: float, x: int) -> None:
    """Shops whose customers differ little in when they leave have huge beta parameters, beyond the usual series."""
    r, alpha, share, observed, ahead = 0.75, 65.0, 0.09, 600, 365
    fit = fitted(r=r, alpha=alpha, a=a, b=a / share - a)
    rng = np.random.default_rng(5)
    lives = rng.gamma(r + x, 1 / (alpha + observed), 20_000), rng.beta(fit.a, fit.b + x, 20_000)
    # with a chance p to leave after each order made at rate λ: (1 - e^(-λpt)) / p orders in t days
    counted = -np.expm1(-lives[0] * lives[1] * ahead) / lives[1]
    expected = expected_orders(fit, one(x, observed, observed), ahead)[0] / alive(fit, one(x, observed, observed))[0]
    assert expected == pytest.approx(counted.mean(), rel=0.05)


def test_expected_orders_are_smooth_where_the_formula_divides_zero_by_zero() -> None:
    around = [expected_orders(fitted(a=a), one(4, 20, 30), 60)[0] for a in (0.99, 1.0, 1.01)]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-3)
    assert directly(fitted(a=1.0), 4, 20, 30, 60)[1] == pytest.approx(around[1], rel=1e-5)


def test_an_active_customer_is_expected_to_order_more_than_a_silent_one_and_nobody_below_zero() -> None:
    found = Purchases.from_arrays([0, 0, 5, 5, 400], [0, 0, 90, 10, 100], [1, 700, 100, 700, 700])
    expected = expected_orders(fitted(), Histories.grouped(found), 90)[Histories.grouped(found).of]
    assert (expected >= 0).all()
    assert expected[2] > expected[3]
    assert expected[0] > expected[1]


def test_one_order_is_no_proof_of_being_alive_under_the_variant() -> None:
    assert alive(fitted("bg"), one(0, 0, 300))[0] == 1.0  # by construction, which is why nobody is ranked by it
    assert alive(fitted("mbg"), one(0, 0, 300))[0] < 0.8


def test_the_chance_to_order_again_grows_with_time_and_never_passes_that_of_being_alive() -> None:
    histories = one(3, 40, 60)
    chances = [chance_again(fitted(), histories, days)[0] for days in (1, 30, 365, 100_000)]
    assert chances == sorted(chances)
    assert chances[-1] <= alive(fitted(), histories)[0]


@pytest.mark.parametrize("model", ["bg", "mbg"])
def test_the_slopes_are_those_of_the_likelihood(model: str) -> None:
    found = shop(np.random.default_rng(5), 300)
    look = _Likelihood.of(Histories.grouped(found.seen), 1.0, model)
    at = np.log([0.5, 55.0, 0.9, 2.2])
    here, step = look(at), 1e-5
    assert isinstance(here, Slopes)
    for i, side in enumerate(np.eye(4) * step):
        assert (look(at + side).value - look(at - side).value) / (2 * step) == pytest.approx(here.slope[i], rel=1e-4)
        bend = (look(at + side).slope - look(at - side).slope) / (2 * step)
        assert bend == pytest.approx(here.bend[i], rel=1e-4, abs=1e-3)


def test_known_parameters_are_found_again_within_their_errors() -> None:
    truth = {"r": 0.6, "alpha": 60.0, "a": 0.8, "b": 2.5}
    found = fit_repeat_buying(shop(np.random.default_rng(11), 40_000, **truth).seen)
    assert isinstance(found, RepeatBuying)
    for value, error, known in zip(found.parameters, found.errors, truth.values(), strict=True):
        assert abs(value - known) < 4 * error


def test_weeks_and_days_say_the_same() -> None:
    found = shop(np.random.default_rng(3), 2_000).seen
    days, weeks = fit_repeat_buying(found), fit_repeat_buying(found, unit_days=7)
    assert isinstance(days, RepeatBuying)
    assert isinstance(weeks, RepeatBuying)
    assert weeks.alpha * 7 == pytest.approx(days.alpha, rel=1e-4)
    histories = Histories.grouped(found)
    assert expected_orders(weeks, histories, 90) == pytest.approx(expected_orders(days, histories, 90), rel=1e-4)


def test_customers_who_never_leave_are_said_to_leave_the_parameters_open() -> None:
    rng = np.random.default_rng(2)
    orders = rng.poisson(4.0, 1_000) + 1
    found = Purchases.from_arrays(orders, np.full(1_000, 99), np.full(1_000, 100))
    fit = fit_repeat_buying(found)
    assert isinstance(fit, RepeatBuying)
    assert fit.edge
    expected = expected_orders(fit, Histories.grouped(found), 100)
    assert np.isfinite(expected).all()
    assert (Histories.grouped(found).customers @ expected) / 1_000 == pytest.approx(orders.mean(), rel=0.1)


def test_too_few_who_came_back_are_counted_in_the_reason() -> None:
    found = fit_repeat_buying(Purchases.from_arrays([0] * 200 + [1] * 20, [0] * 200 + [5] * 20, [50] * 220))
    assert isinstance(found, Unknown)
    assert found.reason.startswith("20 of 220 customers")
