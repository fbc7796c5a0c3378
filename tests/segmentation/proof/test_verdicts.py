"""The strip says how each proof stands, also when it stands badly."""

from __future__ import annotations

import pytest

from segmentation.estimates import Estimate, Unknown
from segmentation.proof.backtest import Backtest, MethodResult, Scores
from segmentation.proof.proofs import Proofs, Stable
from segmentation.proof.stability import SegmentStability, Swap, band
from segmentation.proof.structure import Structure
from segmentation.proof.usability import Breach, Usability
from segmentation.proof.verdicts import predictive, real, stable, usable, verdicts

pytestmark = pytest.mark.filterwarnings("error")

NAMES = ("Loyal regulars", "New", "Lapsed")
EXPLAINED = {
    "segments": 0.10, "rfm": 0.20, "recency": 0.15, "score": 0.12,
    "spend_so_far": 0.11, "last_window": 0.04, "boosted_trees": -0.01,
}  # fmt: skip
REASON = Unknown("The history covers 20 days.")


def structure_of(beyond):
    return Structure(beyond, 9.1 if beyond else 2.0, 0.5, 4.5, ())


def stable_of(*values, banded=True, swaps=()):
    segments = tuple(SegmentStability(Estimate(v, v - 0.05, min(v + 0.05, 1.0), 20), band(v)) for v in values)
    return Stable(segments, swaps, 20, banded)


def backtest_of(winner, leaders, explained=EXPLAINED):
    def scores(value):
        one = Estimate(value, value - 0.02, value + 0.02, 500)
        names = ("spend", "spend_rank", "orders", "bought_again")
        return Scores(**{f"explained_{name}": one for name in names}, separation=one, capture=one)

    methods = tuple(
        MethodResult(method=method, groups=5, average=scores(value), by_cut=(scores(value),), ahead=None)
        for method, value in explained.items()
    )
    return Backtest(window_days=90, cuts=(), methods=methods, winner=winner, leaders=leaders)


def usability_of(*breaches):
    return Usability(tuple(Breach((i,), f"Reason {i}.", f"Remedy {i}.", (0, i)) for i in breaches), 60, 0.2, 60)


def test_the_strip_asks_four_questions_in_a_fixed_order():
    proofs = Proofs(
        NAMES, structure_of(True), stable_of(0.9, 0.9, 0.8), REASON, usability_of(), order_rate=0.1, remedies=()
    )
    found = verdicts(proofs)
    assert [one.question for one in found] == ["Distinct groups?", "Stable?", "Predictive?", "Usable?"]
    assert [one.state for one in found] == ["good", "good", "unknown", "good"]


def test_groups_beyond_one_crowd_are_good_and_a_continuum_is_fair_with_the_figures():
    good, fair = real(structure_of(True)), real(structure_of(False))
    assert (good.state, good.headline) == ("good", "Clear groups")
    assert (fair.state, fair.headline) == ("fair", "No natural groups")
    assert "separation 9.1, in simulations without groups it stays below 4.5" in good.evidence
    assert "not types of people" in fair.evidence


@pytest.mark.parametrize("verdict", [real, lambda found: predictive(found, 4), lambda found: stable(found, NAMES)])
def test_what_cannot_be_told_says_why(verdict):
    found = verdict(REASON)
    assert found.state == "unknown"
    assert found.evidence == REASON.reason


@pytest.mark.parametrize(
    ("worst", "state", "headline"),
    [(0.9, "good", "Very stable"), (0.8, "good", "Stable"), (0.7, "fair", "Doubtful"), (0.4, "poor", "Unstable")],
)
def test_stability_is_that_of_the_least_steady_segment(worst, state, headline):
    found = stable(stable_of(0.95, worst, 0.92), NAMES)
    assert (found.state, found.headline) == (state, headline)
    assert "“New”" in found.evidence


def test_a_segment_that_swaps_customers_says_with_whom():
    swaps = (Swap(0, 2, 0.3), Swap(1, 2, 0.2))
    assert "mostly with “Lapsed”" in stable(stable_of(0.95, 0.5, 0.92, swaps=swaps), NAMES).evidence
    assert "mostly with" not in stable(stable_of(0.95, 0.8, 0.92, swaps=swaps), NAMES).evidence
    assert "mostly with" not in stable(stable_of(0.95, 0.5, 0.92), NAMES).evidence


@pytest.mark.parametrize("worst", [0.99, 0.3])
def test_in_one_crowd_no_cut_is_called_stable_or_unstable(worst):
    found = stable(stable_of(0.99, worst, 0.99, banded=False), NAMES)
    assert found.state == "fair"
    assert "Found again: " in found.headline
    assert "not that there is a type of customer" in found.evidence


def test_rules_with_fixed_limits_are_good_because_nothing_can_change():
    fixed = Unknown("These rules have fixed limits: whoever the customers are, they come out the same.")
    assert (stable(fixed, NAMES).state, stable(fixed, NAMES).headline) == ("good", "Fixed rules")


@pytest.mark.parametrize(
    ("ours", "winner", "leaders", "state", "headline"),
    [
        (0.30, "segments", ("segments",), "good", "Predict best"),
        (0.30, "segments", ("segments", "rfm"), "good", "As good as the best"),
        (0.19, "rfm", ("rfm",), "good", "Nearly as good as the best"),
        (0.16, "rfm", ("rfm",), "fair", "Predict three quarters of it"),
        (0.10, "rfm", ("rfm", "segments"), "fair", "Predict half of it"),
        (0.07, "rfm", ("rfm",), "poor", "Predict a third of it"),
        (-0.1, "rfm", ("rfm",), "poor", "Predict next to nothing of it"),
        (0.10, "level", ("segments", "rfm"), "poor", "Nothing can be foreseen"),
    ],
)
def test_each_outcome_of_the_backtest_has_its_words(ours, winner, leaders, state, headline):
    found = predictive(backtest_of(winner, leaders, EXPLAINED | {"segments": ours}), 4)
    assert (found.state, found.headline) == (state, headline)


def test_words_depend_on_the_figures_and_not_on_which_method_is_ahead():
    for winner in ("recency", "score", "spend_so_far", "last_window", "boosted_trees"):
        explained = dict.fromkeys(EXPLAINED, 0.05) | {"segments": 0.10, winner: 0.30}
        found = predictive(backtest_of(winner, (winner,), explained), 4)
        assert (found.state, found.headline) == ("poor", "Predict a third of it")


def test_the_strip_says_what_can_be_foreseen_what_of_it_is_kept_and_what_the_others_explain():
    found = predictive(backtest_of("spend_so_far", ("spend_so_far",), EXPLAINED | {"spend_so_far": 0.60}), 4)
    assert found.evidence.replace("\N{NO-BREAK SPACE}", " ") == (
        "Of what can be foreseen (60 %, by spend so far), these segments keep a fifth: use them to talk, use scores to "
        "rank. Of next spend they explain 10 % (8 % to 12 %), RFM cells 20 %, recency 15 %, one RFM score 12 %, the "
        "last window's spend 4 %, boosted trees nothing."
    )


def test_a_difference_that_may_be_chance_is_said_to_be():
    assert "may be chance" in predictive(backtest_of("rfm", ("rfm", "segments")), 4).evidence
    assert "may be chance" not in predictive(backtest_of("rfm", ("rfm",)), 4).evidence


def test_segments_ready_to_use_say_from_which_size_on():
    found = usable(usability_of())
    assert (found.state, found.headline) == ("good", "Ready to use")
    assert "60 customers or more" in found.evidence


def test_segments_too_small_to_describe_are_never_ready_to_use():
    found = usable(Usability((), 10, 1.0, 6))
    assert (found.state, found.headline) == ("unknown", "Too few customers")
    assert "The smallest segment has 6 customers, and it takes 10" in found.evidence


def test_the_gravest_breach_is_told_with_its_remedy_and_the_others_counted():
    assert usable(usability_of(1)).evidence == "Reason 1. Remedy 1."
    found = usable(usability_of(1, 2, 3))
    assert (found.state, found.headline) == ("fair", "3 things to fix")
    assert found.evidence == "Reason 1. Remedy 1. And 2 more."
    assert usable(usability_of(1)).headline == "1 thing to fix"


def test_every_verdict_is_a_sentence():
    proofs = Proofs(
        NAMES, structure_of(False), stable_of(0.9, 0.5, 0.8), REASON, usability_of(1), order_rate=None, remedies=()
    )
    for one in verdicts(proofs):
        assert one.evidence[0].isupper() or one.evidence[0] == "“"
        assert one.evidence.endswith(".")
