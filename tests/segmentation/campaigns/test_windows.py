"""Several past windows: older ones count less, and how they differ makes the interval of the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from segmentation.assumptions import Assumptions
from segmentation.campaigns import Between, MarginHistory, Plan, SegmentHistory, foresee, plan
from segmentation.campaigns.windows import FADING, LEAST, USUAL_MOVE, USUAL_RATE, USUAL_WINDOWS
from segmentation.estimates import Estimate
from segmentation.timeline import baseline_dates

FIRST = date(2022, 1, 1)


def window(*rates: float, customers: int = 2_000, value: float = 50.0) -> list[SegmentHistory]:
    """A window in which these shares of each segment ordered once, for half and for one and a half of `value`."""
    return [
        SegmentHistory(
            customers=customers,
            buyers=round(customers * rate),
            orders=round(customers * rate),
            orders_squares=round(customers * rate),
            revenue=round(customers * rate) * value,
            revenue_squares=round(customers * rate) * value**2 * 1.25,
            orders_revenue=round(customers * rate) * value,
        )
        for rate in rates
    ]


def planned(windows: list[list[SegmentHistory]], moves: list[tuple[list[SegmentHistory], ...]] | None = None) -> Plan:
    past, between = foresee(windows, [(before, then) for before, then in moves or []])
    names = [f"segment {i}" for i in range(len(past))]
    return plan(names, [2_000] * len(past), None, past, Assumptions(), between=between)


def rate_of(result: Plan) -> Estimate:
    rate = result.rows[0].baseline_rate
    assert isinstance(rate, Estimate)
    return rate


def half_width(result: Plan) -> float:
    rate = rate_of(result)
    return (rate.high - rate.low) / 2 / rate.value


def test_an_older_window_counts_less_than_the_one_after_it() -> None:
    past, between = foresee([window(0.3), window(0.1)])
    assert past[0].buyers == pytest.approx(600 + FADING * 200)
    assert past[0].customers == pytest.approx(2_000 * (1 + FADING))
    assert between.windows == 2
    assert rate_of(planned([window(0.3), window(0.1)])).value > rate_of(planned([window(0.1), window(0.3)])).value


def test_windows_that_differ_widen_the_interval_and_alike_ones_narrow_it() -> None:
    alike, restless = [window(0.2, 0.1)] * 6, [window(0.2 * t, 0.1 * t) for t in (1, 0.5, 1.5, 0.6, 1.4, 0.5)]
    assert half_width(planned(alike)) < half_width(planned(alike[:1])) < half_width(planned(restless))


def test_what_is_sampling_is_not_taken_for_a_difference_between_windows() -> None:
    rng = np.random.default_rng(6)
    luck = [window(*(rng.binomial(200, 0.2, 5) / 200), customers=200) for _ in range(6)]
    assert foresee(luck)[1].rate == pytest.approx(foresee([window(*[0.2] * 5)] * 6)[1].rate, abs=0.06)


def test_a_single_window_takes_the_usual_difference_and_says_so() -> None:
    result = planned([window(0.2)])
    assert foresee([window(0.2)])[1].rate == pytest.approx(USUAL_RATE * np.sqrt(USUAL_WINDOWS / (USUAL_WINDOWS - 2)))
    assert half_width(result) > 3 * half_width(plan(["A"], [2_000], None, window(0.2), Assumptions()))
    assert any("No other window is known" in note for note in result.notes)
    assert result.windows == 1


def test_the_difference_between_windows_never_goes_below_a_share_of_the_usual_one() -> None:
    freedom = USUAL_WINDOWS + 5
    least = LEAST * USUAL_RATE * np.sqrt(freedom / (freedom - 2))
    assert foresee([window(0.2)] * 6)[1].rate >= least


def test_the_deviation_is_that_of_windows_made_with_it() -> None:
    """Over many shops of six windows whose log odds differ by .4, what is measured is .4 and a bit for its doubt."""
    rng, measured = np.random.default_rng(7), []
    for _ in range(200):
        odds = np.exp(np.log(0.25) + rng.normal(0, 0.4, 6))
        measured.append(foresee([window(*[one / (1 + one)] * 3) for one in odds])[1].rate)
    assert 0.4 < np.sqrt(np.mean(np.square(measured))) < 0.6


def test_the_same_days_of_earlier_years_move_the_rate_the_way_they_did() -> None:
    recent = [window(0.2)] * 3
    up, down = [(window(0.2), window(0.4))] * 2, [(window(0.4), window(0.2))] * 2
    usual = rate_of(planned(recent)).value
    assert rate_of(planned(recent, down)).value < usual < rate_of(planned(recent, up)).value < 0.4
    (_, one), (_, two) = foresee(recent, up[:1]), foresee(recent, up)
    full = np.log(0.4 / 0.6) - np.log(0.2 / 0.8)
    assert 0 < one.move < two.move < full
    assert two.move == pytest.approx(full * USUAL_MOVE**2 / (USUAL_MOVE**2 + 0.02), rel=0.5)
    assert (one.years, two.years) == (1, 2)
    assert any("are raised by" in note and "2 earlier years" in note for note in planned(recent, up).notes)


def test_a_segment_that_moves_otherwise_than_the_rest_is_foreseen_to_do_so_again() -> None:
    """Those who buy for one season order in it, the others as usual; chance alone moves nobody apart."""
    usual, season = [0.2, 0.3, 0.1, 0.2], [0.2, 0.3, 0.1, 0.2, 0.01]
    recent, year = [window(*season)] * 4, (window(*season), window(*usual, 0.25))
    (_, one), (_, two) = foresee(recent, [year]), foresee(recent, [year] * 2)
    rows = planned(recent, [year] * 2).rows
    rates = [row.baseline_rate.value for row in rows if isinstance(row.baseline_rate, Estimate)]
    assert max(rates[:4]) < 0.4
    assert 0.1 < rates[4] < 0.3
    assert one.moves[4] < two.moves[4]
    rng = np.random.default_rng(8)
    lucky = [window(*(rng.binomial(60, 0.2, 5) / 60), customers=60) for _ in range(2)]
    _, chance = foresee([window(*[0.2] * 5, customers=60)] * 4, [(lucky[0], lucky[1])])
    assert max(chance.moves) - min(chance.moves) < 0.25


def test_a_segment_nobody_was_in_says_nothing_of_how_windows_differ() -> None:
    with_gap = [[*window(0.2), *window(0.0, customers=0)] for _ in range(4)]
    assert foresee(with_gap)[1].rate == foresee([window(0.2)] * 4)[1].rate


def test_a_segment_seen_in_an_older_window_only_still_has_a_rate() -> None:
    empty = window(0.0, customers=0)[0]
    result = planned([[*window(0.2), empty], [*window(0.2), *window(0.1)]])
    rate = result.rows[1].baseline_rate
    assert isinstance(rate, Estimate)
    assert rate.value == pytest.approx(0.1, rel=0.1)
    assert rate.n == round(2_000 * FADING)


def test_margins_of_windows_are_added_like_everything_else() -> None:
    known = MarginHistory(
        buyers=10, margin=40.0, margin_squares=200.0, revenue=100.0, revenue_squares=1_200.0, margin_revenue=450.0
    )
    newest, older = (replace(one, margins=known) for one in window(0.2, 0.2))
    past, _ = foresee([[newest], [older], window(0.2)])
    assert past[0].margins is not None
    assert past[0].margins.margin == pytest.approx(40 * (1 + FADING))
    assert foresee([window(0.2)])[0][0].margins is None


def test_the_doubt_between_windows_is_shared_by_the_segments_so_the_total_keeps_it() -> None:
    restless = [window(*[0.2 * t] * 8) for t in (1, 0.5, 1.5, 0.6, 1.4, 0.5)]
    total, row = planned(restless).total.incremental_margin, planned(restless).rows[0].incremental_margin
    assert isinstance(total, Estimate)
    assert isinstance(row, Estimate)
    share = (total.high - total.low) / total.value / ((row.high - row.low) / row.value)
    assert share > 0.8  # independent segments would leave little more than the doubt about the uplift


@pytest.mark.parametrize("windows", [[], [window(0.2), window(0.2, 0.1)]])
def test_windows_of_other_segments_are_refused(windows: list[list[SegmentHistory]]) -> None:
    with pytest.raises(ValueError, match="same segments"):
        foresee(windows)


def test_nothing_known_of_differences_leaves_the_beliefs_as_they_were() -> None:
    same = plan(["A"], [2_000], None, window(0.2), Assumptions(), between=Between())
    assert same == plan(["A"], [2_000], None, window(0.2), Assumptions())


# The dates --------------------------------------------------------------------------------------------------------


def test_windows_begin_one_after_the_other_and_leave_a_history_before_each() -> None:
    recent, years = baseline_dates(FIRST, FIRST + timedelta(days=120), 30)
    assert [(FIRST + timedelta(days=120) - on).days for on in recent] == [30, 60, 90]
    assert years == ()
    assert baseline_dates(FIRST, FIRST + timedelta(days=59), 30) == ((), ())


def test_the_same_days_of_earlier_years_are_taken_with_the_window_before_them() -> None:
    now = FIRST + timedelta(days=1_000)
    recent, years = baseline_dates(FIRST, now, 30)
    assert len(recent) == 4
    assert [((now - before).days, (now - then).days) for before, then in years] == [(395, 365), (760, 730)]
    assert len(baseline_dates(FIRST, FIRST + timedelta(days=425), 30)[1]) == 1
    assert len(baseline_dates(FIRST, FIRST + timedelta(days=424), 30)[1]) == 0


@pytest.mark.parametrize("days", [7, 30, 61, 90, 180, 365])
def test_no_two_windows_overlap_and_there_is_room_for_all(days: int) -> None:
    for history in range(0, 1_500, 37):
        recent, years = baseline_dates(FIRST, FIRST + timedelta(days=history), days)
        starts = sorted([*recent, *(on for pair in years for on in pair)])
        assert len(starts) <= 8
        assert all((b - a).days >= days for a, b in pairwise(starts))
        assert all((on - FIRST).days >= days for on in starts)


def test_a_sample_counts_as_the_window_it_stands_for_and_is_known_no_better_than_itself() -> None:
    whole, part = [window(0.2), window(0.4)], [window(0.2), window(0.4, customers=200)]
    rates = [past[0].buyers / past[0].customers for past, _ in (foresee(whole), foresee(part, (), [1, 10]))]
    assert rates[0] == pytest.approx(rates[1])
    assert foresee(part)[0][0].buyers / foresee(part)[0][0].customers < rates[0] - 0.02
    assert foresee(part, (), [1, 10])[0][0].customers < foresee(whole)[0][0].customers - 500
    alone = foresee([window(0.4, customers=200)], (), [10])[0][0]
    assert (alone.customers, alone.buyers) == pytest.approx((200, 80))
