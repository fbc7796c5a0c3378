"""One number of segments is recommended, and the rule that chooses it is the one that is told."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from segmentation.customers import CustomerTable, Scaling
from segmentation.errors import NotEnoughData
from segmentation.estimates import Unknown
from segmentation.proof.number import MOST_RECOMMENDED, Point, _confirmed, choose, recommend
from segmentation.proof.stability import REFITS, SEED, stability
from segmentation.proof.structure import structure
from segmentation.segments import Refitting, SegmentSettings, segment
from segmentation.segments.models import Space
from segmentation.segments.rescaling import Rescaling

pytestmark = pytest.mark.filterwarnings("error")

UNTOLD = Unknown("The history is too short.")
FOUR = np.array([[0, 0, 0], [5, 0, 0], [0, 5, 0], [0, 0, 5]], dtype=float)


def planted(n=600, seed=2):
    rng = np.random.default_rng(seed)
    return (FOUR[rng.integers(0, 4, n)] + rng.normal(0, 0.6, (n, 3))).astype(np.float32)


def advised(points, **more):
    return recommend(points, Space(()), structure(points, seed=1), UNTOLD, **more)


def curve(*figures):
    """Points from k = 2 on of (structure, stability, explained) and, where the least steady segment is less so, of its
    stability."""
    return tuple(
        Point(k, separation, stability, explained, *(worst or (stability,)))
        for k, (separation, stability, explained, *worst) in enumerate(figures, start=2)
    )


# From customers -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def four():
    return advised(planted())


def test_four_planted_groups_are_recommended_as_four(four):
    assert four.k == 4
    assert four.reason.startswith("4: ")
    assert "the groups stand out most clearly" in four.reason


def test_every_number_from_two_to_fifteen_is_tried_and_told(four):
    assert [point.k for point in four.curve] == list(range(2, 16))
    assert all(0 <= point.stability <= 1 for point in four.curve)
    assert all(isinstance(point.structure, float) for point in four.curve)
    assert {point.explained for point in four.curve} == {UNTOLD}
    assert four.at(4) == four.curve[2]
    assert four.at(16) is None


def test_the_planted_number_comes_out_again_best(four):
    assert max(four.curve, key=lambda point: point.stability).k in {2, 3, 4}
    assert four.at(4).stability > 0.98 > four.at(8).stability


def test_the_same_customers_are_always_advised_the_same(four):
    assert advised(planted()) == four


def test_one_crowd_is_called_a_continuum_and_gets_a_number_a_team_can_serve():
    points = np.random.default_rng(4).normal(size=(400, 4)).astype(np.float32)
    found = advised(points, numbers=range(2, 9))
    assert "there are no natural groups" in found.reason
    assert 2 <= found.k <= MOST_RECOMMENDED


def test_numbers_that_would_leave_few_customers_a_segment_are_not_tried():
    assert [point.k for point in advised(planted(100)).curve] == [2, 3, 4, 5]
    assert [point.k for point in advised(planted(12)).curve] == [2]


def test_three_kinds_of_customer_allow_three_segments_at_most():
    points = np.repeat(FOUR[:3], 100, axis=0).astype(np.float32)
    assert [point.k for point in advised(points).curve] == [2, 3]


@pytest.mark.parametrize("n", [0, 1, 9])
def test_below_ten_customers_nothing_is_recommended(n):
    with pytest.raises(NotEnoughData) as problem:
        recommend(planted(n), Space(()), UNTOLD, UNTOLD)
    assert (problem.value.have, problem.value.need) == (n, 10)


def test_customers_who_are_all_alike_get_no_number():
    with pytest.raises(NotEnoughData, match="all alike"):
        recommend(np.ones((50, 3), dtype=np.float32), Space(()), UNTOLD, UNTOLD)


# The rule -----------------------------------------------------------------------------------------------------


def test_of_steady_numbers_the_clearest_groups_win_and_of_equally_clear_ones_the_smallest():
    found = curve((5.0, 0.9, 0.20), (9.0, 0.9, 0.20), (9.2, 0.9, 0.20), (6.0, 0.9, 0.20))
    k, recommended, reason = choose(found, beyond=True)
    assert (k, recommended) == (4, True)
    assert "the groups stand out most clearly" in reason
    assert choose(curve((5.0, 0.9, 0.2), (9.2, 0.9, 0.2), (9.2, 0.9, 0.2)), beyond=True)[0] == 3


def test_groups_that_stand_out_more_clearly_but_do_not_come_out_again_are_out():
    assert choose(curve((5.0, 0.9, 0.2), (9.2, 0.9, 0.2, 0.55), (9.2, 0.74, 0.2)), beyond=True)[0] == 2


def test_where_there_are_groups_what_they_explain_does_not_decide_how_many_there_are():
    assert choose(curve((9.0, 0.9, 0.10), (5.0, 0.9, 0.30)), beyond=True)[0] == 2


@pytest.mark.parametrize("beyond", [True, False])
@pytest.mark.parametrize("stability", [(0.74, 0.30), (0.90, 0.30, 0.59)])
def test_a_number_that_does_not_come_out_again_on_average_or_in_one_segment_is_out(beyond, stability):
    average, explained, *worst = stability
    k, recommended, reason = choose(curve((5.0, 0.80, 0.10), (9.0, average, explained, *worst)), beyond=beyond)
    assert (k, recommended) == (2, True)
    assert reason.startswith("2: ")


def test_stability_of_just_as_much_as_the_limits_is_enough():
    assert choose(curve((5.0, 0.75, 0.1, 0.60)), beyond=True)[1]


@pytest.mark.parametrize("beyond", [True, False])
def test_where_no_number_comes_out_again_none_is_recommended_and_the_reason_says_what_is_shown(beyond):
    k, recommended, reason = choose(curve((5.0, 0.50, 0.2), (5.0, 0.66, 0.2), (5.0, 0.63, 0.2)), beyond=beyond)
    assert not recommended
    assert reason.startswith("No number is recommended: ")
    assert f"Automatic shows {k}: the least stable is found again to " in reason


def test_in_a_continuum_a_handy_number_is_preferred_to_two_or_three():
    flat = curve(*[(0.5, 0.9, 0.2)] * 6)
    assert choose(flat, beyond=False)[0] == 4
    assert choose(curve((0.5, 0.9, 0.2), (0.5, 0.9, 0.2)), beyond=False)[0] == 2


def test_in_a_continuum_a_number_that_explains_clearly_less_is_out():
    assert choose(curve(*[(0.5, 0.9, 0.10)] * 4, (0.5, 0.9, 0.2)), beyond=False)[0] == 6


def test_in_a_continuum_without_a_past_the_steadiest_handy_number_is_taken():
    found = curve((0.5, 0.99, UNTOLD), (0.5, 0.9, UNTOLD), (0.5, 0.8, UNTOLD), (0.5, 0.85, UNTOLD))
    assert choose(found, beyond=False)[0] == 5


def test_beyond_eight_nothing_is_recommended():
    found = curve(*[(1.0, 0.9, 0.1)] * 7, *[(9.0, 0.99, 0.9)] * 7)
    assert choose(found, beyond=True)[0] == 2
    assert choose(found, beyond=False)[0] == 4


def test_a_past_in_which_nothing_is_explained_is_not_told():
    k, _, reason = choose(curve((5.0, 0.9, -0.01), (9.0, 0.9, -0.02)), beyond=True)
    assert k == 3
    assert "explains" not in reason
    assert "explains" not in choose(curve((5.0, 0.9, -0.01), (9.0, 0.9, -0.02)), beyond=False)[2]


def test_the_reason_tells_the_figures():
    reason = choose(curve((5.0, 0.914, 0.21, 0.8)), beyond=True)[2].replace("\N{NO-BREAK SPACE}", " ")
    again = "2: when re-tested, 91 % of each segment is found again, 80 % of the least stable one; "
    assert reason == f"{again}the groups stand out most clearly."
    reason = choose(curve((5.0, 0.914, 0.21, 0.8)), beyond=False)[2].replace("\N{NO-BREAK SPACE}", " ")
    assert reason.startswith(f"{again}of the numbers that do, it explains about as much of next spend as any; ")


@pytest.mark.parametrize("beyond", [True, False])
def test_how_much_of_next_spend_the_segments_explain_is_left_to_the_backtest(beyond):
    """The curve is for so many segments of a sample at each past date: another figure than that of the segments."""
    assert "21" not in choose(curve((5.0, 0.9, 0.21)), beyond=beyond)[2]


# Beside the proofs --------------------------------------------------------------------------------------------


def test_the_recommended_number_is_as_stable_as_the_proof_of_its_segments_says():
    points = planted(500, seed=7)
    found = advised(points, numbers=range(2, 6))
    names = ("recency_days", "orders", "spend")
    table = CustomerTable.from_arrays(
        [str(i) for i in range(len(points))], dict(zip(names, points.T, strict=True)), as_of=date(2026, 1, 1),
        scalings={name: Scaling("none", 0.0, 1.0, 0.0) for name in names}, ordered=True,
    )  # fmt: skip
    again = Refitting.of(table, segment(table, SegmentSettings(segments=found.k, features=names)))
    points = table.scaled(names)
    found = advised(points, rescaling=Rescaling.of(table, names, points, None), numbers=range(2, 6))
    proved = stability(again.shown, again.places, again, fitted_on=again.fitted_on, seed=SEED, refits=REFITS)
    each = [one.jaccard.value for one in proved.segments]
    point = found.at(found.k)
    assert (point.stability, point.worst) == pytest.approx((np.mean(each), min(each)))


class Closely:
    """What many repetitions say of the stability of each number; else stable."""

    def __init__(self, **found):
        self.found, self.asked = found, []

    def stability(self, k, _refits):
        self.asked.append(k)
        return self.found.get(f"k{k}", (0.95, 0.9))


def test_the_clearest_groups_are_looked_at_closely_whatever_few_repetitions_said():
    rough = curve((5.0, 0.9, 0.2), (9.0, 0.7, 0.2, 0.5), (6.0, 0.9, 0.2))
    closely = Closely()
    found = _confirmed(rough, closely, 20, beyond=True)
    assert (found.recommended, closely.asked) == (3, [3])
    assert (found.at(3).stability, found.at(3).worst) == (0.95, 0.9)
    closely = Closely(k3=(0.9, 0.59))
    found = _confirmed(rough, closely, 20, beyond=True)
    assert (found.recommended, closely.asked) == (4, [3, 4])
    closely = Closely(k2=(0.7, 0.7), k3=(0.9, 0.59), k4=(0.9, 0.3))
    found = _confirmed(rough, closely, 20, beyond=True)
    assert (found.recommended, closely.asked) == (None, [3, 4, 2])
    assert found.reason.startswith("No number is recommended")


def test_in_a_continuum_what_is_chosen_is_looked_at_closely_and_given_up_where_it_does_not_hold():
    rough = curve(*[(0.5, 0.9, 0.2)] * 5)
    closely = Closely(k4=(0.74, 0.7))
    found = _confirmed(rough, closely, 20, beyond=False)
    assert (found.recommended, closely.asked) == (5, [4, 5])


def test_beside_segments_of_which_one_is_unstable_the_word_is_taken_back(four):
    assert four.beside(0.9, 0.6) is four
    for average, worst in ((0.9, 0.59), (0.74, 0.7)):
        found = four.beside(average, worst)
        assert found.recommended is None
        assert found.k == four.k
        assert found.sentence.startswith("No number is recommended: 4 suit the customers best, but ")


def test_beside_segments_of_another_method_only_their_own_figures_recommend(four):
    found = four.beside(0.82, 0.7, tried=False)
    assert found.recommended == 4
    assert "82" in found.reason
    assert f"{four.at(4).stability:.0%}"[:-1] not in found.reason
    assert four.beside(0.82, 0.5, tried=False).recommended is None
    assert four.untried().recommended is None
    assert four.untried().sentence.startswith("No number is recommended for this method: 4 suit")
