"""Gamma-Gamma against published figures and known parameters."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.clv import Purchases, Spending, expected_value, fit_spending
from segmentation.clv.spending import _Likelihood
from segmentation.estimates import Unknown
from tests.published import cdnow_sample
from tests.segmentation.clv.simulated import shop


def spending(found: Purchases) -> Spending:
    fit = fit_spending(found)
    assert isinstance(fit, Spending)
    return fit


def test_it_recovers_the_published_cdnow_parameters() -> None:
    fit = spending(cdnow_sample())
    assert fit.customers == 946
    assert (round(fit.p, 2), round(fit.q, 2), round(fit.gamma, 2)) == (6.25, 3.74, 15.44)


def test_the_slopes_are_those_of_the_likelihood() -> None:
    rng = np.random.default_rng(1)
    look = _Likelihood.of(rng.integers(1, 9, 200).astype(float), rng.gamma(4.0, 30.0, 200))
    at, step = np.log([5.0, 3.0, 20.0]), 1e-5
    here = look(at)
    for i, side in enumerate(np.eye(3) * step):
        assert (look(at + side).value - look(at - side).value) / (2 * step) == pytest.approx(here.slope[i], rel=1e-4)
        bend = (look(at + side).slope - look(at - side).slope) / (2 * step)
        assert bend == pytest.approx(here.bend[i], rel=1e-4, abs=1e-3)


def test_known_parameters_are_found_again_within_their_errors() -> None:
    fit = spending(shop(np.random.default_rng(8), 30_000, spending=(6.0, 4.0, 60.0)).seen)
    for value, error, known in zip(fit.parameters, fit.errors, (6.0, 4.0, 60.0), strict=True):
        assert abs(value - known) < 4 * error


def test_few_orders_are_drawn_towards_the_average_and_many_speak_for_themselves() -> None:
    fit = Spending(p=6.0, q=4.0, gamma=60.0, log_likelihood=0.0, customers=1, depends=None)  # type: ignore[arg-type]
    usual = 6.0 * 60.0 / 3.0
    found = Purchases.from_arrays([0, 1, 100], [0, 9, 99], [100] * 3, paid=[0.0, 1_000.0, 100_000.0])
    nobody, once, often = expected_value(fit, found)
    assert nobody == pytest.approx(usual)
    assert usual < once < 1_000
    assert often == pytest.approx(1_000, rel=0.02)


def test_refunds_never_make_a_value_negative() -> None:
    seen = shop(np.random.default_rng(4), 2_000).seen
    paid_days = np.where(np.arange(seen.n) % 3 == 0, 0, seen.repeats)  # a third paid everything back
    found = Purchases.from_arrays(
        seen.repeats, seen.recency, seen.observed, paid=np.where(paid_days > 0, seen.paid, 0.0), paid_days=paid_days
    )
    assert (expected_value(spending(found), found) > 0).all()


def test_those_who_order_often_and_spend_more_are_told() -> None:
    rng = np.random.default_rng(7)
    repeats = rng.integers(1, 30, 500)
    found = Purchases.from_arrays(
        repeats, repeats, np.full(500, 60), paid=repeats * (repeats + rng.gamma(9.0, 1.0, 500))
    )
    assert not spending(found).independent
    assert spending(cdnow_sample()).independent


def test_too_few_who_paid_again_are_counted_in_the_reason() -> None:
    found = fit_spending(Purchases.from_arrays([1] * 30, [3] * 30, [9] * 30, paid=[10.0] * 30))
    assert isinstance(found, Unknown)
    assert found.reason.startswith("30 customers")
