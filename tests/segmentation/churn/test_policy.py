"""Whom to contact: the rule, its price, and what the test window says it earns."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest

from segmentation.churn import PolicySettings, Scores, expected_profit, policy, risk_from
from segmentation.errors import SettingOutOfRange
from segmentation.estimates import Estimate, Unknown

pytestmark = pytest.mark.filterwarnings("error")
SETTINGS = PolicySettings(offer_cost=5, save_rate=0.2, margin=0.5)


def scores(n: int = 4_000, seed: int = 1, *, stated: float = 1.0) -> Scores:
    """Customers whose chance is `stated` times the true one; silence follows the chance loosely."""
    rng = np.random.default_rng(seed)

    def side() -> tuple[np.ndarray, ...]:
        truth = rng.beta(1.2, 1.8, n)
        value = rng.choice([40.0, 80.0, 160.0], n)
        return truth, value, np.floor(400 * (1 - truth) * rng.random(n)) + 1

    now, then = side(), side()
    ordered = (rng.random(n) < then[0]).astype(float)
    spent = ordered * then[1] * rng.lognormal(-0.125, 0.5, n)
    today = np.stack([now[0] * stated, *now[1:]])
    return Scores(today, np.stack([then[0] * stated, *then[1:], ordered, spent]), 1.3)


def test_an_offer_is_paid_on_those_who_order_anyway_and_not_on_those_who_are_lost_all_the_same() -> None:
    sure, lost, half = expected_profit(np.array([1.0, 0.0, 0.5]), np.full(3, 100.0), SETTINGS)
    assert sure == -5
    assert lost == pytest.approx(0.2 * (0.5 * 100 - 5))
    assert half == pytest.approx((sure + lost) / 2)


def test_no_other_choice_of_customers_is_expected_to_earn_more() -> None:
    few = scores(12)
    each = expected_profit(few.chance, few.value, SETTINGS)
    best = max(sum(part) for k in range(13) for part in itertools.combinations(each, k))
    assert each[each > 0].sum() == pytest.approx(best)


def test_the_threshold_is_where_contacting_begins_to_pay() -> None:
    risk = risk_from(80, SETTINGS)
    assert risk is not None
    around = expected_profit(1 - np.array([risk - 0.01, risk + 0.01]), np.full(2, 80.0), SETTINGS)
    assert around[0] < 0 < around[1]
    assert risk_from(8, SETTINGS) is None
    found = policy(scores(), SETTINGS)
    assert [one.value for one in found.thresholds] == [40, 80, 160]
    assert sum(one.contact for one in found.thresholds) == found.contact
    assert sum(one.customers for one in found.thresholds) == found.customers == 4_000


def test_everybody_contacted_is_either_lost_or_wasted() -> None:
    found = policy(scores(), SETTINGS)
    assert found.churners_caught + found.offers_wasted == pytest.approx(found.contact)
    assert found.saved == pytest.approx(0.2 * found.churners_caught)
    assert found.silent.contact == found.contact
    assert found.everyone.contact == 4_000
    assert isinstance(found.net_profit, Estimate)
    for other in (found.everyone, found.silent):
        assert isinstance(other.net_profit, Estimate)
        assert other.net_profit.value < found.net_profit.value
    assert "should earn" in found.sentence


def test_the_curve_rises_to_the_number_contacted_and_falls_after_it() -> None:
    found = policy(scores(20_000), SETTINGS)
    best = max(found.curve, key=lambda point: point.net_profit)
    assert abs(best.contact - found.contact) < 0.1 * found.customers
    assert (found.curve[0].contact, found.curve[0].net_profit) == (0, 0)
    assert found.curve[-1].contact == 20_000
    assert len(found.curve) == 51
    assert isinstance(found.everyone.net_profit, Estimate)
    assert all(point.low <= point.net_profit <= point.high for point in found.curve)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("stated", [0.6, 1.0])
def test_the_curve_goes_through_what_is_promised(seed: int, stated: float) -> None:
    """Also where the chances were off, and where the rule picked another share of the customers at the test date."""
    some = scores(3_000, seed, stated=stated)
    past = some.past.copy()
    past[0] = np.minimum(past[0] * 1.3, 1.0)
    found = policy(Scores(some.today, past, 1.3), SETTINGS)
    (chosen,) = [point for point in found.curve if point.contact == found.contact]
    for net, point in ((found.net_profit, chosen), (found.everyone.net_profit, found.curve[-1])):
        assert isinstance(net, Estimate)
        assert (net.value, net.low, net.high) == (point.net_profit, point.low, point.high)


def test_no_other_number_is_advised_than_the_one_that_is_chosen() -> None:
    found = policy(scores(4_000, stated=1.6), SETTINGS)
    assert "would earn more" not in found.sentence


def test_a_higher_point_of_the_curve_is_said_to_be_no_proof() -> None:
    """Wherever another number stands higher, and nowhere else."""
    for seed in range(12):
        found = policy(scores(2_000, seed, stated=0.6 + 0.1 * (seed % 9)), SETTINGS)
        (chosen,) = [point for point in found.curve if point.contact == found.contact]
        peak = max(found.curve, key=lambda point: point.net_profit)
        if found.flat is None:
            assert peak.net_profit == chosen.net_profit
        else:
            assert "is not proven" in found.flat
            assert f"{peak.contact:,}" in found.flat
            assert ("inside the interval" in found.flat) == (peak.net_profit <= chosen.high)
    nobody = policy(scores(), PolicySettings(offer_cost=100, save_rate=0.1, margin=0.2))
    assert nobody.flat is None


def test_chances_that_were_too_high_at_the_test_do_not_make_the_profit_too_low() -> None:
    honest, timid = policy(scores(20_000), SETTINGS), policy(scores(20_000, stated=0.6), SETTINGS)
    assert isinstance(honest.net_profit, Estimate)
    assert isinstance(timid.net_profit, Estimate)
    assert timid.contact > honest.contact
    assert timid.net_profit.value < honest.net_profit.value
    claimed = float(np.maximum(expected_profit(0.6 * scores(20_000).chance, scores(20_000).value, SETTINGS), 0).sum())
    assert timid.net_profit.high < claimed


def test_where_nothing_pays_it_is_said() -> None:
    found = policy(scores(), PolicySettings(offer_cost=100, save_rate=0.1, margin=0.2), currency="EUR")
    assert found.contact == 0
    assert found.net_profit == Estimate(0, 0, 0, 0)
    assert found.sentence.startswith("Nobody is worth contacting")
    assert all(one.risk is None for one in found.thresholds)


def test_a_rule_that_picked_hardly_anybody_at_the_test_promises_nothing() -> None:
    some = scores()
    past = some.past.copy()
    past[0] = 1.0
    past[0, :7] = 0.0
    found = policy(Scores(some.today, past, 1.3), SETTINGS)
    assert isinstance(found.net_profit, Unknown)
    assert "would leave" not in found.sentence
    assert found.sentence.endswith(found.net_profit.reason)
    assert found.flat is None or "interval" not in found.flat
    assert "7 customers" in found.net_profit.reason


@pytest.mark.parametrize("wrong", [{"offer_cost": -1}, {"save_rate": 1.1}, {"margin": float("nan")}])
def test_settings_that_cannot_be_are_refused_by_name(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingOutOfRange, match=next(iter(wrong))):
        PolicySettings(**wrong)


def test_a_slider_can_be_followed_at_200_000_customers() -> None:
    many = scores(200_000)
    many = Scores(many.today, many.past[:, :50_000], 1.3)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        policy(many, SETTINGS)
        seconds.append(time.perf_counter() - start)
    print(f"policy at 200,000 customers: {min(seconds) * 1000:.0f} ms")
    assert min(seconds) < 0.25  # a busy machine; alone it takes a fifth of that


def test_those_who_are_lost_already_are_left_out_today_and_at_the_test() -> None:
    whole = scores()
    some = whole.of_those_here(60)
    assert some.n == int((whole.silent <= 60).sum()) == int(whole.here(60).sum())
    assert 0 < some.n < whole.n
    assert max(some.silent.max(), some.past_silent.max()) <= 60
    assert len(some.past_ordered) == int((whole.past_silent <= 60).sum())
    found = policy(some, SETTINGS)
    assert found.customers == some.n
    assert found.contact == int((expected_profit(some.chance, some.value, SETTINGS) > 0).sum())
