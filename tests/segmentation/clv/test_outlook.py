"""What a forecast takes into account, how wide its interval is, and what is said of both."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import t as student

from segmentation.clv import (
    HORIZON_DAYS,
    STEP_DAYS,
    Outlook,
    PastForecast,
    RepeatBuying,
    Terms,
    first_outlook,
    fit_repeat_buying,
    fit_spending,
    followed,
    forecast_each,
    forecast_orders,
    forecast_value,
    hold_out,
    joint_covariance,
    lifetime_value,
    log_half_width,
    outlook,
    score,
    total_orders,
    why_so_wide,
)
from segmentation.clv.clock import steady_clock
from segmentation.estimates import Unknown
from segmentation.workspace.codec import from_json, to_json
from tests.segmentation.clv.simulated import shop as simulated
from tests.truth.changing_shops import (
    Changing,
    Generator,
    Orders,
    as_modelled,
    broken,
    dearer,
    growing,
    leaving_at_once,
    seasonal,
    shrinking,
)

DAY = date(2026, 1, 1)


def past(came: float, expected: float, *, on: date = DAY, days: int = 90, kinds: tuple[float, ...] | None = None):
    shares = np.array(kinds or (0.25,) * 4)
    split = tuple((shares * came).tolist())
    each = tuple((np.full(4, 0.25) * expected).tolist())
    return PastForecast(on=on, days=days, expected=each, actual=split, expected_revenue=each, actual_revenue=split)


def looks(*pasts: PastForecast, **more: object) -> Outlook:
    return Outlook(model="bg", clock=steady_clock(DAY), past=pasts, **more)  # type: ignore[arg-type]


# How wide ------------------------------------------------------------------------------------------------------------


def test_the_width_follows_from_the_errors_by_the_formula() -> None:
    pasts = [past(110_000, 100_000), past(95_000, 100_000), past(120_000, 100_000)]
    errors = np.log([1.1, 0.95, 1.2])
    spread = np.sqrt((2 * 0.08**2 + (errors**2).sum()) / 5)
    assert log_half_width(pasts, 90, "orders") == pytest.approx(student.ppf(0.975, 5) * spread, rel=1e-4)
    assert log_half_width(pasts, 360, "orders") == pytest.approx(2 * log_half_width(pasts, 90, "orders"))


def test_only_forecasts_that_look_as_far_count_and_else_the_nearest_shorter() -> None:
    good, bad = past(1_000, 1_000, days=90), past(3_000, 1_000, days=360)
    assert log_half_width([good, bad], 100, "orders") < 0.5 < log_half_width([good, bad], 365, "orders")
    assert log_half_width([bad], 30, "orders") == log_half_width([bad], 360, "orders")


def test_without_any_earlier_forecast_the_interval_is_wide_and_nothing_is_divided_by_nothing() -> None:
    assert log_half_width([], 90, "orders") == pytest.approx(student.ppf(0.975, 2) * 0.08)
    nothing = past(0, 0)
    assert np.isfinite(log_half_width([nothing], 90, "revenue"))


def test_a_group_of_a_kind_that_was_far_off_is_less_sure_than_all() -> None:
    """All together came as expected, since one kind brought twice as much and the others less."""
    pasts = [past(1_000, 1_000, kinds=(0.5, 0.2, 0.2, 0.1))] * 3
    whole = log_half_width(pasts, 90, "revenue")
    far, near = (log_half_width(pasts, 90, "revenue", np.eye(4)[kind]) for kind in (0, 1))
    assert whole < near < far


# What is followed ----------------------------------------------------------------------------------------------------


def opened(generator: Generator, seed: int) -> tuple[Orders, Outlook]:
    shop = generator(Changing(np.random.default_rng([seed, 17])))
    look = outlook(shop.periods(shop.history), shop.season(shop.history), HORIZON_DAYS)
    assert isinstance(look, Outlook)
    return shop, look


@pytest.mark.parametrize("seed", range(3))
def test_where_the_model_is_true_nothing_is_followed(seed: int) -> None:
    _, look = opened(as_modelled, seed)
    assert (look.model, look.rates, look.season, look.prices) == ("bg", "steady", False, "steady")
    assert look.clock.steady
    assert (look.value, look.growth, look.dearer) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(("generator", "sign"), [(growing, 1), (shrinking, -1)])
def test_a_trend_is_followed_and_the_total_comes_nearer(generator: Generator, sign: int) -> None:
    shop, look = opened(generator, 1)
    assert (look.rates, np.sign(look.growth)) == ("trend", sign)
    seen, came = shop.at(shop.history), shop.after(shop.history, 182)[0].sum()
    plain, buying = fit_repeat_buying(seen), fit_repeat_buying(look.clock.of(seen))
    before, now = total_orders(plain, seen, 182), total_orders(buying, seen, 182, look)
    assert abs(now.value - came) < abs(before.value - came) / 2
    assert now.low <= came <= now.high


def test_a_season_a_break_and_prices_are_followed() -> None:
    longest = max(range(12), key=lambda seed: Changing(np.random.default_rng([seed, 17])).history)
    assert opened(seasonal, longest)[1].season
    assert any(opened(broken, seed)[1].rates == "change" for seed in range(3))
    assert any(opened(dearer, seed)[1].prices == "trend" for seed in (3, 4))


@pytest.mark.parametrize("choice", ["bg", "mbg"])
def test_a_model_that_was_asked_for_is_as_published_with_an_interval_from_earlier_dates(choice) -> None:
    shop = growing(Changing(np.random.default_rng([1, 17])))
    look = outlook(shop.periods(shop.history), None, HORIZON_DAYS, choice)
    assert isinstance(look, Outlook)
    assert (look.model, look.rates, look.clock.steady) == (choice, "steady", True)
    assert len(look.past) >= 3


def test_the_likelier_variant_is_taken_only_where_it_was_nearer_at_earlier_dates() -> None:
    looks_of = [opened(leaving_at_once, seed)[1] for seed in range(3)]
    assert {one.model for one in looks_of} <= {"bg", "mbg"}
    assert looks_of[0].past


def test_a_history_too_short_for_any_past_date_has_the_plain_model_and_says_so() -> None:
    look = first_outlook(simulated(np.random.default_rng(2), 500).seen)
    assert isinstance(look, Outlook)
    assert look.past == ()
    assert "too short for an earlier forecast" in why_so_wide(look, 90)


def test_an_outlook_is_kept_as_it_was() -> None:
    _, look = opened(growing, 1)
    assert from_json(tuple[PastForecast, ...], to_json(look.past)) == look.past


# One figure everywhere -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[(growing, 1), (dearer, 3)], ids=["growing", "dearer"])
def forecast(request: pytest.FixtureRequest):
    shop, look = opened(*request.param)
    seen = shop.at(shop.history)
    buying = fit_repeat_buying(look.clock.of(seen), model=look.model)
    assert isinstance(buying, RepeatBuying)
    return seen, look, buying, fit_spending(seen)


@pytest.mark.parametrize("months", [3, 6, 12, 24])
def test_the_screen_the_command_and_the_customers_agree(forecast, months: int) -> None:
    seen, look, buying, spending = forecast
    scores, days = score(buying, spending, seen, look), STEP_DAYS * months / 3
    terms = Terms(margin=1.0, discount=0.0, months=months)
    (slid,) = lifetime_value(scores, joint_covariance(buying, spending), terms, look=look)
    (asked,) = forecast_value(buying, spending, seen, days, look=look)
    (orders,) = forecast_orders(buying, seen, days, look=look)
    each, spend, _ = forecast_each(buying, spending, seen, days, look)
    assert slid.value == pytest.approx(asked.value, rel=1e-4)
    assert (slid.low, slid.high) == pytest.approx((asked.low, asked.high), rel=0.02)
    assert spend.sum() == pytest.approx(asked.value, rel=1e-6)
    assert scores.spend_within(months).sum() == pytest.approx(asked.value, rel=1e-4)
    assert each.sum() == pytest.approx(orders.value, rel=1e-6)
    assert scores.orders_within(months).sum() == pytest.approx(orders.value, rel=1e-4)
    assert total_orders(buying, seen, days, look).value == pytest.approx(orders.value, rel=1e-6)


def test_groups_add_up_to_all_and_are_less_sure(forecast) -> None:
    seen, look, buying, spending = forecast
    labels = (np.arange(seen.n) % 3).astype(np.uint8)
    for made in (
        forecast_value(buying, spending, seen, 180, labels, 3, look),
        forecast_orders(buying, seen, 180, labels, 3, look),
    ):
        whole = forecast_value(buying, spending, seen, 180, look=look)
        if made[0].value * 3 < whole[0].value / 2:
            whole = forecast_orders(buying, seen, 180, look=look)
        assert sum(one.value for one in made) == pytest.approx(whole[0].value)
        assert all(one.high / one.value > whole[0].high / whole[0].value for one in made)


# What is said --------------------------------------------------------------------------------------------------------


def test_the_sentence_about_the_width_says_the_errors_that_it_rests_on() -> None:
    newest, older = past(110_000, 100_000), past(80_000, 100_000, on=DAY - timedelta(days=90))
    said = why_so_wide(looks(older, newest), 91).replace("\u00a0", " ")
    assert "2 forecasts of 90 days" in said
    assert "off by 10 % and 20 %" in said
    assert "the forecast of 90 days" in why_so_wide(looks(newest), 91).replace("\u00a0", " ")


def test_what_is_followed_is_said_with_its_figure_and_nothing_else_is() -> None:
    assert followed(looks()) == (
        "No trend, season or change of prices was found that would have helped at earlier dates."
    )
    said = followed(looks(rates="trend", growth=-0.2, season=True, prices="trend", dearer=0.07)).replace("\u00a0", " ")
    assert "less often from year to year" in said
    assert "20 % less often" in said
    assert "peak season" in said
    assert "rises" in said
    assert "7 % within a year" in said
    assert "since then" in followed(looks(rates="change"))


def test_the_proof_is_made_by_what_was_known_then_and_says_where_a_plain_forecast_of_the_total_came_nearer() -> None:
    shop = growing(Changing(np.random.default_rng([1, 17])))
    end, days = shop.history, 180
    then, now = shop.at(end - days), shop.at(end)
    look = outlook(shop.periods(end - days), shop.season(end - days), HORIZON_DAYS)
    assert isinstance(look, Outlook)
    plain, found = hold_out(shop.at(end - 2 * days), then, now), hold_out(shop.at(end - 2 * days), then, now, look)
    assert not isinstance(plain, Unknown)
    assert not isinstance(found, Unknown)
    assert abs(found.total.value - found.actual) < abs(plain.total.value - plain.actual)
    assert found.total.low <= found.actual <= found.total.high
    nearer = [one for one in plain.baselines if abs(one.total - plain.actual) < abs(plain.total.value - plain.actual)]
    assert ("In total a plain forecast came nearer" in plain.verdict) == bool(nearer)
