"""Forecasts held against what happened."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from segmentation.clv import Holdout, Purchases, hold_out
from segmentation.estimates import Unknown
from tests.published import cdnow_sample


def cdnow(unit_days: float = 7.0) -> Holdout:
    ends = (date(1997, 3, 31), date(1997, 9, 30), date(1998, 6, 30))
    before, then, now = (cdnow_sample(end) for end in ends)
    found = hold_out(before, then, now, unit_days=unit_days)
    assert isinstance(found, Holdout)
    return found


def test_the_cdnow_holdout_is_as_published() -> None:
    found = cdnow()
    assert found.days == 273
    assert found.actual == 1_882
    assert round(found.correlation, 3) >= 0.62
    assert (round(found.model.mae, 3), round(found.model.rmse, 3)) == (0.785, 1.608)
    plain = {one.name: one for one in found.baselines}
    assert (round(plain["nobody"].mae, 3), round(plain["own_rate"].mae, 3)) == (0.798, 1.024)
    assert round(found.model.total / found.actual - 1, 3) == -0.121


def test_the_model_beats_every_plain_forecast_on_cdnow_and_owns_up_to_its_total() -> None:
    found = cdnow()
    assert found.winner == "model"
    assert all(found.model.rmse < one.rmse for one in found.baselines)
    assert found.total.high < found.actual
    assert "outside its interval" in found.verdict


def test_a_forecast_that_is_no_better_than_a_plain_one_says_so() -> None:
    """A third of the customers, so that the difference is within chance."""
    before, then, now = (
        cdnow_sample(end).first(300) for end in (date(1997, 3, 31), date(1997, 9, 30), date(1998, 6, 30))
    )
    found = hold_out(before, then, now)
    assert isinstance(found, Holdout)
    assert found.winner is None
    assert "does not beat" in found.verdict


def test_tenths_hold_everybody_and_fall_in_what_was_expected() -> None:
    tenths = cdnow().tenths
    assert sum(one.customers for one in tenths) == 2_357
    expected = [one.expected for one in tenths]
    assert expected == sorted(expected, reverse=True)
    assert all(one.low <= one.actual <= one.high for one in tenths)


def test_customers_who_come_by_the_clock_are_better_foreseen_by_the_plain_forecast() -> None:
    """Everyone orders every ten days for ever, a few every five: "as before" is right to the order."""
    n, day = 600, date(2026, 1, 1)
    every = np.where(np.arange(n) % 5 == 0, 5, 10)
    late = np.arange(n) % 90

    def at(days: int) -> Purchases:
        seen = days - late
        orders = seen // every
        ids = [f"c{i:04d}" for i in range(n)]
        return Purchases.from_arrays(orders, orders * every, seen, as_of=day + timedelta(days=days), ids=ids)

    found = hold_out(at(200), at(300), at(400))
    assert isinstance(found, Holdout)
    assert found.winner == "same_again"
    assert found.verdict.startswith("A plain forecast does better here")


def test_a_history_without_anybody_coming_back_says_so() -> None:
    nobody = Purchases.from_arrays([0] * 300, [0] * 300, range(300))
    assert isinstance(hold_out(nobody, nobody, nobody), Unknown)
