"""The measures of a backtest against counting by hand, its baselines, and the sentence that states the winner."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from segmentation.customers import CustomerTable, Outcomes
from segmentation.estimates import Estimate
from segmentation.proof.backtest import choose
from segmentation.proof.backtest_wording import said
from segmentation.proof.baselines import Pair, Prediction, by_recency, by_rfm, by_score
from segmentation.proof.foresight import foresight
from segmentation.proof.learning import cell_means, group_means
from segmentation.proof.scores import BLOCKS, mid_ranks, scores, share_explained, target

pytestmark = pytest.mark.filterwarnings("error")

FIRST, AS_OF = date(2025, 1, 1), date(2026, 5, 1)


def outcomes_of(start: date, revenue: np.ndarray) -> Outcomes:
    orders = (revenue > 0).astype(float)
    return Outcomes(start, start + timedelta(days=90), orders, revenue, np.full(len(revenue), np.nan))


# What is measured -------------------------------------------------------------------------------------------------


def test_share_explained_is_one_for_the_truth_zero_for_the_average_and_negative_for_worse() -> None:
    actual = np.array([0.0, 10, 20, 30])
    assert share_explained(actual, actual, 15.0) == 1
    assert share_explained(np.full(4, 15.0), actual, 15.0) == 0
    assert share_explained(actual[::-1], actual, 15.0) < 0


def test_the_measures_are_those_of_counting_every_pair_and_customer() -> None:
    rng = np.random.default_rng(2)
    n, groups = 240, 5
    revenue = rng.choice([0.0, 0, 10, 20, 35, 50, 80], n)
    labels = rng.integers(0, groups, n)
    learned = outcomes_of(FIRST, np.where(rng.random(n) < 0.5, labels * 9.0 + 5, 0.0))
    values = np.stack([learned.revenue, mid_ranks(learned.revenue), learned.orders, learned.orders])
    means = np.stack(
        [np.linspace(5, 60, groups), np.linspace(0, 1, groups), np.full(groups, 0.5), np.full(groups, 0.5)]
    )
    goal = target(outcomes_of(AS_OF, revenue), values, 60.0, np.arange(n) * BLOCKS // n)
    found = scores(goal, Prediction("segments", labels, means, groups), np.ones((1, BLOCKS)))[:, 0]
    expected = means[0][labels]
    assert found[0] == pytest.approx(share_explained(expected, np.minimum(revenue, 60), learned.revenue.mean()))
    more = np.sign(revenue[:, None] - revenue) * np.sign(expected[:, None] - expected)
    different = revenue[:, None] != revenue
    assert found[4] == pytest.approx(0.5 + more[different].mean() / 2)
    shuffled = [np.lexsort((rng.random(n), -expected))[: n // 5] for _ in range(2_000)]
    assert found[5] == pytest.approx(np.mean([revenue[top].sum() for top in shuffled]) / revenue.sum(), abs=0.003)
    assert goal.perfect_capture == pytest.approx(np.sort(revenue)[-n // 5 :].sum() / revenue.sum())


def test_a_group_mean_counts_as_far_as_it_is_credible() -> None:
    rng = np.random.default_rng(1)
    labels = np.repeat([0, 1, 2], [500, 500, 2])
    values = np.where(labels == 1, 40.0, 10.0) + rng.normal(0, 20, 1_002)
    values[labels == 2] = 200.0
    means = group_means(labels, values[None], 4)[0]
    assert means[0] == pytest.approx(values[labels == 0].mean(), rel=0.02)
    assert means[1] == pytest.approx(values[labels == 1].mean(), rel=0.02)
    assert values.mean() < means[2] < 200
    assert means[3] == values.mean()


def test_a_thin_cell_follows_what_its_scores_add_up_to() -> None:
    rng = np.random.default_rng(4)
    ones = np.stack([rng.integers(0, 5, 4_000) for _ in range(3)])
    ones = ones[:, ~((ones[0] == 4) & (ones[1] == 4) & (ones[2] == 4))]
    values = 5.0 * ones[0] + 3.0 * ones[1] + ones[2] + rng.normal(0, 4, ones.shape[1])
    means = cell_means(ones, values[None], 5)[0]
    assert means[124] == pytest.approx(36, abs=1)
    assert means[0] == pytest.approx(0, abs=1)


def test_boundaries_of_the_baselines_never_run_through_equal_values() -> None:
    n = 400
    orders = np.repeat([1.0, 1.0, 1.0, 4.0], n // 4)
    raw = {"recency_days": np.repeat([9.0, 30.0], n // 2), "orders": orders, "spend": orders * 10}
    table = CustomerTable.from_arrays([f"c{i}" for i in range(n)], raw, as_of=AS_OF)
    pair = Pair(table, table, np.random.default_rng(0).random((4, n)), np.zeros(n), np.zeros(n))
    for method in (by_rfm(pair), by_recency(pair, 7), by_score(pair, 7)):
        kinds = {
            (r, o, int(label))
            for r, o, label in zip(table.raw("recency_days"), table.raw("orders"), method.labels_now, strict=True)
        }
        assert len(kinds) == len({(r, o) for r, o, _ in kinds})
    assert by_recency(pair, 7).groups == 2


def test_the_best_wins_with_those_that_cannot_be_told_from_it_and_nobody_who_beats_nothing() -> None:
    methods = ["segments", "rfm", "recency", "score"]
    noise = np.random.default_rng(0).normal(0, 0.01, (4, 500))

    def chosen(*points: float):
        return choose(methods, np.array(points), np.array(points)[:, None] + noise)

    assert chosen(0.3, 0.2, 0.1, 0.1) == ("segments", ("segments",))
    assert chosen(0.1, 0.2, 0.3, 0.1) == ("recency", ("recency",))
    assert chosen(0.3, 0.301, 0.1, 0.1) == ("rfm", ("rfm", "segments"))
    assert chosen(0.0, 0.001, -0.2, -0.1)[0] == "level"


CHANCE = ", and the difference may be chance"
RANK = "use them to talk, use scores to rank."


@pytest.mark.parametrize(
    ("far", "winner", "leaders", "ending"),
    [
        (0.1, "segments", ("segments",), "your segments predict best."),
        (
            0.3, "segments", ("segments", "spend_so_far"),
            "your segments and spend so far predict equally well, as far as these customers can tell.",
        ),
        (
            0.6, "spend_so_far", ("spend_so_far",),
            f"of what can be foreseen (60 %, by spend so far), your segments keep half: {RANK}",
        ),
        (
            0.93, "spend_so_far", ("spend_so_far",),
            f"of what can be foreseen (93 %, by spend so far), your segments keep a third: {RANK}",
        ),
        (
            0.4, "spend_so_far", ("spend_so_far", "segments"),
            f"of what can be foreseen (40 %, by spend so far), your segments keep three quarters{CHANCE}: {RANK}",
        ),
        (
            0.34, "spend_so_far", ("spend_so_far",),
            "of what can be foreseen (34 %, by spend so far), your segments keep nearly all.",
        ),
        (0.1, "level", ("segments", "rfm"), "none of them predicts better than expecting the average of everyone."),
    ],
)  # fmt: skip
def test_the_verdict_says_how_much_the_segments_keep_of_what_can_be_foreseen(
    far: float, winner: str, leaders: tuple[str, ...], ending: str
) -> None:
    explained = {"segments": share(0.31), "rfm": share(0.061), "score": share(-0.02), "spend_so_far": share(far)}
    assert said(explained, 90, winner, leaders) == (
        "Your segments explain 31 % (28 % to 34 %) of the differences in what customers spend in the next 90 days, "
        f"RFM cells 6.1 %, a single RFM score nothing and spend so far {far * 100:.0f} %: {ending}"
    )


def share(value: float) -> Estimate:
    return Estimate(value, value - 0.03, value + 0.03, 900)


@pytest.mark.parametrize(
    ("kept", "words", "standing"),
    [
        (-0.2, "next to nothing", "little"),
        (0.02, "next to nothing", "little"),
        (0.1, "a tenth", "little"),
        (0.2, "a fifth", "little"),
        (0.25, "a quarter", "little"),
        (1 / 3, "a third", "little"),
        (0.4199, "a third", "little"),
        (0.42, "half", "part"),
        (2 / 3, "two thirds", "part"),
        (0.75, "three quarters", "part"),
        (0.85, "most", "part"),
        (0.9, "nearly all", "near"),
        (1.0, "nearly all", "near"),
    ],
)
def test_words_for_what_is_kept_change_at_stated_shares(kept: float, words: str, standing: str) -> None:
    ours = foresight({"segments": share(kept * 0.5), "rfm": share(0.5)}, "rfm", ("rfm",))
    assert ours is not None
    assert (ours.in_words, ours.standing) == (words, standing)
