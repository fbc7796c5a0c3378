"""Chances from customers the model never saw, and whether anything plainer does as well."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from segmentation.churn import Churn, Findings, Scores, study_windows
from segmentation.churn.calibration import reliability, wilson
from segmentation.churn.lift import lift, reached
from segmentation.churn.model import FOLDS, fit, folds_of, isotonic, platt
from segmentation.churn.quality import areas, brier
from segmentation.estimates import Unknown
from segmentation.timeline import learning_dates
from segmentation.workspace.codec import from_json, to_json
from tests.segmentation.churn.worlds import DEFINITION, FEATURES, Chance, Drawn, blind, by_recency, draw, world

pytestmark = pytest.mark.filterwarnings("error")


def studied(seed: int, n: int = 2_000, **kinds: Chance) -> tuple[Churn, Drawn, Drawn]:
    windows, tested, today = world(np.random.default_rng(seed), n, **kinds)
    found = study_windows(windows, DEFINITION)
    assert isinstance(found, Churn)
    return found, tested, today


@pytest.fixture(scope="module")
def usual() -> tuple[Churn, Drawn, Drawn]:
    return studied(1, 2_500)


def test_chances_come_close_to_the_planted_ones(usual: tuple[Churn, Drawn, Drawn]) -> None:
    found, _, today = usual
    assert found.chance.shape == (2_500,)
    assert np.abs(found.chance - today.truth).mean() < 0.06
    assert abs(float(found.chance.mean() - today.truth.mean())) < 0.03


def test_the_model_beats_recency_where_silence_means_less_for_frequent_buyers(
    usual: tuple[Churn, Drawn, Drawn],
) -> None:
    findings = usual[0].findings
    assert findings.ahead["recency"].low > 0
    assert findings.baselines["recency"].auc.value < findings.model.auc.value
    assert findings.drivers[0].feature in {"recency_days", "orders"}
    silence = next(driver for driver in findings.drivers if driver.feature == "recency_days")
    assert silence.direction == "less"
    assert silence.sentence.startswith("Customers who ordered long ago are less likely to order again")


def test_useless_features_are_called_a_tossed_coin() -> None:
    findings = studied(3, 1_000, chance=blind)[0].findings
    assert abs(findings.model.auc.value - 0.5) < 0.06
    assert "tossing a coin" in findings.verdict
    assert findings.drivers == ()


def test_where_recency_is_all_there_is_the_verdict_does_not_claim_more() -> None:
    findings = studied(4, 1_500, chance=by_recency)[0].findings
    assert findings.ahead["recency"].low <= 0
    assert "ecency alone" in findings.verdict or "logistic" in findings.verdict
    assert "tells best" not in findings.verdict


def test_a_shop_that_changes_is_said_to_be_badly_predicted() -> None:
    findings = studied(5, 1_000, later=lambda raw: 0.4 * by_recency(raw))[0].findings
    assert not findings.calibration.within_noise
    assert "Rely on the order" in findings.verdict


def test_the_same_windows_give_the_same_scores() -> None:
    one, other = (studied(6, 600)[0] for _ in range(2))
    assert np.array_equal(one.chance, other.chance)
    assert one.findings == other.findings


def test_findings_go_through_json_and_scores_do_not(usual: tuple[Churn, Drawn, Drawn]) -> None:
    findings = usual[0].findings
    assert from_json(Findings, json.loads(json.dumps(to_json(findings)))) == findings
    with pytest.raises(ValueError, match="3 and 5 rows"):
        Scores(np.zeros((2, 4)), np.zeros((5, 4)), 1.0)


def test_nobody_is_scored_by_a_model_that_saw_them() -> None:
    rng = np.random.default_rng(7)
    before, now = draw(rng, 900, date(2025, 1, 1)), draw(rng, 1_200, date(2025, 6, 1))

    class Remembers:
        """Says 1 of every customer it has learned from: each has a basket of its own."""

        def fit(self, values: np.ndarray, ordered: np.ndarray) -> Remembers:
            self.seen = set(values[:, FEATURES.index("average_order")])
            return self

        def predict_proba(self, values: np.ndarray) -> np.ndarray:
            known = np.array([value in self.seen for value in values[:, FEATURES.index("average_order")]], dtype=float)
            return np.stack([1 - known, known], axis=1)

    fitted = fit((before.window,), FEATURES, Remembers)
    folds = folds_of(before.window.table.ids, fitted.members)
    values = np.stack([before.window.table.raw(name) for name in FEATURES], axis=1)
    assert fitted.raw(values, folds).max() == 0
    assert fitted.raw(values, (folds + 1) % FOLDS).min() == 1
    later = folds_of(now.window.table.ids, fitted.members)
    assert np.array_equal(later[:900], folds)


def test_too_few_on_either_side_are_unknown_with_both_counts() -> None:
    windows = world(np.random.default_rng(8), 400, chance=lambda raw: np.full(len(raw["orders"]), 0.1))[0]
    found = study_windows(windows, DEFINITION)
    assert isinstance(found, Unknown)
    ordered = windows.learned[0].ordered
    assert f"{ordered} customers ordered and {400 - ordered} did not" in found.reason
    assert "100 of each" in found.reason
    plenty = world(np.random.default_rng(8), 2_500)[0]
    found = study_windows(replace(plenty, tested=windows.tested), DEFINITION)
    assert isinstance(found, Unknown)
    assert "test on" in found.reason


def test_areas_and_their_doubt_are_those_of_delong() -> None:
    rng = np.random.default_rng(9)
    ordered = (rng.random(300) < 0.4).astype(float)
    good, poor = ordered + rng.normal(0, 1.2, 300), np.round(ordered + rng.normal(0, 3, 300))
    found = areas(np.stack([good, poor]), ordered)
    assert found.values == pytest.approx([roc_auc_score(ordered, good), roc_auc_score(ordered, poor)])
    draws = []
    for _ in range(120):
        pick = rng.integers(0, 300, 300)
        draws.append([roc_auc_score(ordered[pick], score[pick]) for score in (good, poor)])
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(np.std(draws, axis=0), rel=0.25)
    assert found.ahead(0, 1).low > 0
    assert brier(ordered, ordered).value == 0


def test_a_perfect_model_is_within_the_noise_and_a_bold_one_is_not() -> None:
    rng = np.random.default_rng(10)
    truth = rng.beta(2, 3, 4_000)
    ordered = (rng.random(4_000) < truth).astype(float)
    honest, bold = reliability(truth, ordered), reliability(np.clip(truth + 0.1, 0, 1), ordered)
    assert honest.within_noise
    assert not bold.within_noise
    assert bold.error > 0.05 > honest.noise_floor > honest.noise
    assert 10 <= len(honest.bins) <= 20
    assert sum(one.observed.n for one in honest.bins) == 4_000
    assert reliability(np.full(500, 0.3), (rng.random(500) < 0.3).astype(float)).bins[0].observed.n == 500
    assert wilson(0.0, 50).high > 0


def test_chances_that_are_off_say_where_by_how_many_and_which_way() -> None:
    rng = np.random.default_rng(12)
    chance = rng.uniform(0.02, 0.98, 9_000)
    wrong = (chance > 0.5) & (chance < 0.75)
    ordered = (rng.random(9_000) < np.where(wrong, 0.4, chance)).astype(float)
    found = reliability(chance, ordered)
    where = found.furthest_off
    assert where is not None
    assert 0.45 < where.low < where.high < 0.8
    assert where.customers == pytest.approx(wrong.sum(), rel=0.3)
    assert where.predicted == pytest.approx(0.62, abs=0.04)
    assert where.observed == pytest.approx(0.42, abs=0.05)
    assert where.sentence in found.sentence
    assert f"{where.customers:,} customers" in where.sentence
    under = reliability(chance, (rng.random(9_000) < np.where(chance < 0.2, 0.3, chance)).astype(float)).furthest_off
    assert under is not None
    assert under.observed > under.predicted < 0.2


def test_chances_that_come_true_are_nowhere_off_as_a_rule() -> None:
    off = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        chance = rng.beta(1.2, 2, 3_000)
        off += reliability(chance, (rng.random(3_000) < chance).astype(float)).furthest_off is not None
    assert off <= 20


def test_calibration_mends_what_is_too_bold_and_flattens_what_tells_nothing() -> None:
    rng = np.random.default_rng(11)
    truth = rng.beta(2, 2, 6_000)
    ordered = (rng.random(6_000) < truth).astype(float)
    bold = 1 / (1 + np.exp(-2.5 * np.log(truth / (1 - truth))))
    for make in (platt, isotonic):
        assert np.abs(make(bold, ordered).apply(bold) - truth).mean() < 0.03
    nothing = platt(np.clip(1 - truth, 0.01, 0.99), ordered).apply(truth)
    assert np.ptp(nothing) == 0
    assert nothing[0] == pytest.approx(ordered.mean(), abs=0.01)


def test_lift_counts_level_customers_by_their_share() -> None:
    ordered = np.array([1.0] * 50 + [0.0] * 50)
    perfect = lift(ordered, 1 - ordered, ordered, 10 * ordered)
    assert (perfect.top_decile, perfect.will_order, perfect.lost) == (2.0, 2.0, 0.5)
    assert [point.model for point in perfect.points] == [point.perfect for point in perfect.points]
    flat = lift(np.full(100, 0.5), np.full(100, 9.0), ordered, 10 * ordered)
    assert flat.top_decile == flat.recency_top_decile == pytest.approx(1.0)
    assert flat.revenue_captured == pytest.approx(0.1)
    assert reached(np.array([3.0, 2.0, 1.0]), np.array([0.0, 1.0, 1.0]), np.array([1 / 3, 1.0])) == pytest.approx(
        [0, 1]
    )


def test_learning_windows_end_before_the_test_and_prefer_the_same_season() -> None:
    until = date(2026, 1, 1)
    for days in (30, 90, 170, 300, 365):
        for years in (1, 2, 3, 4):
            first = until - timedelta(days=365 * years)
            for on in learning_dates(first, until, days):
                assert on + timedelta(days=days) <= until
    assert learning_dates(date(2023, 1, 1), until, 90)[1] == until - timedelta(days=365)
    assert learning_dates(date(2025, 3, 1), until, 90) == (until - timedelta(days=90), until - timedelta(days=180))
    assert learning_dates(date(2025, 6, 1), until, 90) == (until - timedelta(days=90),)
