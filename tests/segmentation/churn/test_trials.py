"""Who scores the customers, and whether the chances are put right by an earlier date."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from segmentation.churn import Churn, Findings, Window, Windows, study_windows
from segmentation.churn.learners import KINDS
from segmentation.churn.recalibration import Recalibrated, calibration_slope, losses, recalibrate
from segmentation.churn.trials import hold_trials, put_right
from segmentation.customers import Outcomes
from segmentation.estimates import Unknown
from segmentation.timeline import learning_dates, trial_dates
from segmentation.workspace.codec import from_json, to_json
from tests.segmentation.churn.worlds import AS_OF, DAYS, DEFINITION, FEATURES, Chance, by_recency, draw, likely

pytestmark = pytest.mark.filterwarnings("error")


def moved(by: float) -> Chance:
    """The planted truth with other log odds."""

    def chance(raw: dict[str, np.ndarray]) -> np.ndarray:
        truth = likely(raw)
        return np.asarray(1 / (1 + (1 - truth) / truth * np.exp(-by)))

    return chance


def shop(seed: int, level: dict[int, float], n: int = 2_000, base: Chance | None = None) -> tuple[Windows, np.ndarray]:
    """Windows whose log odds have moved by `level`, by how many windows before today they began; today's truth."""
    rng = np.random.default_rng(seed)
    step = timedelta(days=DAYS)
    drawn = {k: draw(rng, n, AS_OF - k * step, base or moved(level.get(k, 0.0))) for k in (5, 4, 3, 2, 1, 0)}

    def at(*back: int) -> tuple[Window, ...]:
        return tuple(drawn[k].window for k in back)

    windows = Windows(
        horizon_days=DAYS,
        learned=at(2, 5),
        tested=drawn[1].window,
        latest=at(1, 4),
        now=drawn[0].window.table,
        features=FEATURES,
        earlier=at(3, 5),
    )
    return windows, drawn[0].truth


def studied(windows: Windows) -> Churn:
    found = study_windows(windows, DEFINITION)
    assert isinstance(found, Churn)
    return found


@pytest.fixture(scope="module")
def shrinking() -> tuple[Churn, Windows, np.ndarray]:
    windows, truth = shop(11, {5: 1.25, 4: 1.0, 3: 0.75, 2: 0.5, 1: 0.25})
    return studied(windows), windows, truth


def test_a_shop_that_shrinks_has_its_chances_put_right(shrinking: tuple[Churn, Windows, np.ndarray]) -> None:
    found, windows, truth = shrinking
    said = found.findings.recalibrated
    assert isinstance(said, Recalibrated)
    assert said.kept
    assert said.gain.low > 0
    assert said.now_level < 0
    assert said.after.error < said.before.error
    assert found.findings.calibration == said.after
    without = studied(replace(windows, earlier=()))
    assert without.findings.recalibrated is not None
    assert abs(found.chance.mean() - truth.mean()) < 0.6 * abs(without.chance.mean() - truth.mean())


@pytest.mark.parametrize("seed", range(3))
def test_a_shop_that_stays_as_it_was_keeps_its_chances(seed: int) -> None:
    said = studied(shop(seed, {})[0]).findings.recalibrated
    assert isinstance(said, Recalibrated)
    assert not said.kept
    assert (said.now_level, said.now_slope) == (0, 1)
    assert "no gain is proven" in said.sentence


def test_one_odd_window_is_not_taken_for_the_way_of_the_shop() -> None:
    """The window before the test was odd; the later one shows that it does not last."""
    said = studied(shop(5, {2: 0.8})[0]).findings.recalibrated
    assert isinstance(said, Recalibrated)
    assert not said.kept


def test_what_puts_the_test_right_knows_nothing_of_the_test(shrinking: tuple[Churn, Windows, np.ndarray]) -> None:
    _, windows, _ = shrinking
    then = windows.tested.then
    other = replace(windows, tested=replace(windows.tested, then=_turned(then)))
    found = []
    for one in (windows, other):
        trials = hold_trials(one, one.tested.first(50_000))
        tried = put_right(trials, "trees")
        assert tried is not None
        found.append((tried[0].level, tried[0].slope, trials.chances["trees"]))
    assert found[0][:2] == found[1][:2]
    assert np.array_equal(found[0][2], found[1][2])


def _turned(then: Outcomes) -> Outcomes:
    """The same window with everybody who ordered silent, and the others ordering."""
    return Outcomes(then.start, then.end, 1.0 - then.ordered, np.where(then.ordered > 0, 0.0, 50.0), then.margin)


def test_windows_of_the_trial_end_before_what_they_foretell() -> None:
    until = date(2026, 1, 1)
    for days in (30, 90, 170, 300, 365):
        for back in (200, 400, 800, 1_500):
            first = until - timedelta(days=back)
            foretold = learning_dates(first, until, days)[0]
            for on in trial_dates(first, until, days):
                assert on + timedelta(days=days) <= foretold
                assert on - timedelta(days=days) >= first


def test_a_short_history_says_that_it_could_not_be_tried() -> None:
    found = studied(replace(shop(6, {}, 600)[0], earlier=()))
    said = found.findings.recalibrated
    assert isinstance(said, Unknown)
    assert "cannot be tried" in said.reason
    assert len(found.findings.foretold_on) == 1


def test_who_scores_beat_the_trees_in_every_window_and_has_the_lowest_loss_of_those() -> None:
    for seed, base in ((7, by_recency), (8, None), (9, blind_to_trees)):
        findings = studied(shop(seed, {}, 1_200, base)[0]).findings
        held, mean = findings.held_out, findings.cross_validated
        able = [k for k in KINDS if k == "trees" or all(a < b for a, b in zip(held[k], held["trees"], strict=True))]
        assert findings.scored_by == min(able, key=lambda kind: mean[kind])
        assert findings.ahead.keys() == set(KINDS) - {findings.scored_by}
        assert from_json(Findings, json.loads(json.dumps(to_json(findings)))) == findings


def blind_to_trees(raw: dict[str, np.ndarray]) -> np.ndarray:
    """A smooth truth, which a regression learns from fewer customers than trees do."""
    odds = 0.8 * np.log(raw["orders"]) - 0.9 * (np.log1p(raw["recency_days"]) - 4)
    return np.asarray(1 / (1 + np.exp(-odds)))


def test_logistic_scores_where_it_wins_and_every_text_says_so() -> None:
    found = studied(shop(9, {}, 1_200, blind_to_trees)[0])
    assert found.findings.scored_by == "logistic"
    assert "A plain logistic regression scores the customers" in found.findings.verdict
    for kind in KINDS:
        assert f"{found.findings.cross_validated[kind]:.3f}" in found.findings.verdict


def test_recency_scores_where_nothing_else_is_to_be_known_and_it_is_said() -> None:
    found = studied(shop(7, {}, 1_200, by_recency)[0])
    assert found.findings.scored_by == "recency"
    assert "Recency alone scores the customers" in found.findings.verdict
    assert [driver.feature for driver in found.findings.drivers] == ["recency_days"]


def test_few_customers_hardly_move_the_chances() -> None:
    rng = np.random.default_rng(3)
    chance = rng.beta(1.2, 1.8, 4_000)
    ordered = (rng.random(4_000) < 0.5 * chance).astype(float)
    few, many = recalibrate(chance[:20], ordered[:20]), recalibrate(chance, ordered)
    assert abs(few.level) < abs(many.level)
    assert losses(many.apply(chance), ordered).mean() < losses(np.clip(chance, 0.002, 0.998), ordered).mean()
    bold = 1 / (1 + np.exp(-2 * np.log(chance / (1 - chance))))
    honest = (rng.random(4_000) < chance).astype(float)
    assert calibration_slope(bold, honest) == pytest.approx(0.5, abs=0.1)
