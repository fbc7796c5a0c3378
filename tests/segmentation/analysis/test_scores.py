"""Scores as features: those of the Worth and Churn screens, learned again at every date, and never their own cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from segmentation.analysis import (
    MEMORY,
    METHODS,
    NOTHING,
    Analysis,
    StudySettings,
    plan_of,
    scores_among,
    why_unknown_then,
)
from segmentation.analysis.scores import EXPECTED, EXPECTED_NAMES, RISK, RISK_NAMES, VALUE, Scored, customers_of
from segmentation.analysis.studies import SEGMENTS
from segmentation.assumptions import ShopAssumptions
from segmentation.choices import Method
from segmentation.cli import main
from segmentation.customers import CustomerTable, catalogue, prepare
from segmentation.engine import DuckEngine
from segmentation.errors import FeatureUnavailable
from segmentation.estimates import Estimate, Unknown
from segmentation.explain import describe_rules
from segmentation.proof import (
    Proofs,
    backtest,
    by_adding,
    find_time_splits,
    prove,
    recommend,
    structure,
    verdicts,
)
from segmentation.proof.earlier import earlier
from segmentation.proof.remedies import WORTH_ADDING
from segmentation.segments import Condition, Conditions, Edits, Pin, SegmentSettings, freeze, no_lists, segment
from segmentation.segments.models import Space
from segmentation.workspace import DatasetVersion, Workspace
from tests.dashboard.shops import write_shop
from tests.studies import study_of

Shop = tuple[Workspace, DuckEngine, DatasetVersion]
EVERY = (*EXPECTED_NAMES, *RISK_NAMES)


def at(shop: Shop, scores: tuple[str, ...] = (), on: date | None = None, *, like=None) -> CustomerTable:
    """The customers of a shop on a day, with these scores."""
    workspace, engine, version = shop
    return customers_of(Analysis.of(workspace, version, on, engine), scores, like=like)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    workspace = Workspace.open(tmp_path_factory.mktemp("scored"))
    version = write_shop(workspace, customers=900)
    return workspace, DuckEngine.open(workspace.root), version


@pytest.fixture(scope="module")
def scored(shop: Shop) -> CustomerTable:
    return at(shop, EVERY)


def test_scores_are_those_of_the_worth_and_churn_screens(shop: Shop, scored: CustomerTable) -> None:
    workspace, engine, version = shop
    analysis = Analysis.of(workspace, version, engine=engine)
    clv = analysis.clv().get().scores
    assert clv is not None
    assert scored.raw("expected_orders") == pytest.approx(clv.orders[:, 3], rel=1e-5)
    assert scored.raw("expected_spend") == pytest.approx(clv.orders[:, 3] * clv.value, rel=1e-5)
    assert scored.raw("order_chance") == pytest.approx(clv.again, abs=1e-6)
    churn = analysis.churn().get().scores
    assert churn is not None
    assert np.array_equal(scored.raw("lost_risk"), churn.risk)


def test_a_table_without_its_scores_is_the_plain_one(shop: Shop, scored: CustomerTable) -> None:
    plain = prepare(*shop)
    back = scored.without_scores()
    assert scored.scores == EVERY
    assert back.fingerprint == plain.fingerprint == scored.plain
    assert back.features == plain.features
    assert back.scalings == plain.scalings
    assert np.array_equal(back.scaled([f.name for f in plain.features]), plain.scaled([f.name for f in plain.features]))
    assert (scored.identity, plain.plain) == (plain.identity, plain.fingerprint)
    with pytest.raises(FeatureUnavailable):
        plain.raw("lost_risk")


def test_chosen_scores_alone_are_added(shop: Shop) -> None:
    table = at(shop, ("order_chance",))
    assert table.scores == ("order_chance",)
    assert table.fingerprint != at(shop, ("expected_orders",)).fingerprint
    assert at(shop).fingerprint == prepare(*shop).fingerprint


def test_no_score_enters_its_own_model(shop: Shop, scored: CustomerTable) -> None:
    workspace, engine, version = shop
    findings = Analysis.of(workspace, version, engine=engine).churn().get().findings
    assert scored.scores == EVERY  # asked for beside them
    assert not isinstance(findings, Unknown)
    assert set(findings.features).isdisjoint(EVERY)


def test_an_earlier_table_is_on_the_scales_of_the_later_one(shop: Shop, scored: CustomerTable) -> None:
    on = scored.as_of - timedelta(days=90)
    then = at(shop, EVERY, on, like=scored)
    alone = at(shop, EVERY, on)
    for name in EVERY:
        assert np.array_equal(then.raw(name), alone.raw(name))
        assert np.array_equal(then.scaled([name])[:, 0], scored.scalings[name].apply(then.raw(name)))
    assert alone.scalings["expected_spend"] != scored.scalings["expected_spend"]


def test_days_after_the_last_order_are_not_taken_for_days_without_orders(shop: Shop, scored: CustomerTable) -> None:
    later = at(shop, RISK_NAMES, scored.as_of + timedelta(days=60))
    assert np.array_equal(later.raw("lost_risk"), scored.raw("lost_risk"))


def test_the_risk_at_a_past_date_does_not_depend_on_what_was_asked_for_before(tmp_path: Path) -> None:
    found = []
    for ask_first in (False, True):
        workspace = Workspace.open(tmp_path / str(ask_first))
        analysis = Analysis.of(workspace, write_shop(workspace, customers=900))
        past = analysis.at(analysis.as_of - timedelta(days=90))
        if ask_first:
            churn = past.churn().get()
            assert churn.scores is not None
        MEMORY.forget()
        found.append(past.answer(RISK, NOTHING).get())
    assert isinstance(found[0], Scored)
    assert np.array_equal(found[0].values, found[1].values)


def test_a_past_risk_is_known_where_a_study_of_that_date_could_not_be_tested(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    analysis = Analysis.of(workspace, write_shop(workspace, customers=900))
    first = analysis.version.manifest.first
    days = (
        on
        for on in (first + timedelta(days=back) for back in range(90, 800, 10))
        if isinstance(analysis.at(on).churn().get().findings, Unknown)
        and isinstance(analysis.at(on).answer(RISK, NOTHING).get(), Scored)
    )
    assert next(days, None) is not None


def test_the_risk_after_the_last_order_is_that_of_the_churn_screen_of_the_day_after_it(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    analysis = Analysis.of(workspace, write_shop(workspace, customers=900))
    later = analysis.at(analysis.as_of + timedelta(days=30)).answer(RISK, NOTHING).get()
    churn = analysis.churn().get().scores
    assert isinstance(later, Scored)
    assert churn is not None
    assert np.array_equal(later.values[0], churn.risk)


def test_what_cannot_be_worked_out_is_unavailable_with_its_reason(tmp_path) -> None:
    workspace = Workspace.open(tmp_path / "small")
    version = write_shop(workspace, customers=40)
    table = at((workspace, DuckEngine.open(workspace.root), version), EVERY)
    assert table.scores == ()
    reasons = {one.feature.name: one.reason for one in table.unavailable}
    assert all("customers" in reasons[name] or "ordered" in reasons[name] for name in EVERY)
    with pytest.raises(FeatureUnavailable):
        table.raw("expected_spend")


def test_segments_are_made_once_where_a_score_that_is_asked_for_cannot_be_had(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    analysis = Analysis.of(workspace, write_shop(workspace, customers=40))
    settings = StudySettings(segments=3, features=("recency_days", "orders"))
    study = analysis.study(settings, scores=EVERY, wait=False)
    assert study.customers.scores == ()
    assert analysis.answer(SEGMENTS, study.identity).peek() is study.segmentation
    assert analysis.study(settings, wait=False).segmentation is study.segmentation
    body = freeze(study.customers, study.segmentation)
    key = study.segmentation.settings.key
    saved = analysis.saved_segmentations.save("Kept", key=key, body=body, created="2026-11-22T10:00:00")
    earlier = analysis.at(analysis.as_of - timedelta(days=30))
    again = earlier.saved_study(saved, scores=EVERY)
    assert again.saved == saved.identity
    assert earlier.answer(SEGMENTS, again.identity).peek() is again.segmentation


def test_a_pinned_rule_about_a_score_that_cannot_be_had_says_why(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    analysis = Analysis.of(workspace, write_shop(workspace, customers=40))
    rule = Pin(rule=Conditions((Condition("lost_risk", low=0.8),)))
    reasons = {one.feature.name: one.reason for one in analysis.customers(EVERY).unavailable}
    for method in METHODS:
        with pytest.raises(FeatureUnavailable) as refused:
            analysis.study(StudySettings(method=method, segments=3, edits=Edits(pins=(rule,))), wait=False)
        assert refused.value.reason == reasons["lost_risk"]


def test_scores_are_named_by_features_by_pinned_rules_and_by_an_anchor() -> None:
    rule = Pin(rule=Conditions((Condition("lost_risk", low=0.8), Condition("spend", low=100))))
    anchor = SegmentSettings(features=("expected_spend", "orders")).key
    settings = StudySettings(features=("order_chance", "orders"), edits=Edits(pins=(rule,)), anchor=anchor)
    assert settings.scores == ("expected_spend", "order_chance", "lost_risk")
    assert scores_among(["orders", "spend"]) == ()


# Proofs, plans --------------------------------------------------------------------------------------------------


def test_a_backtest_learns_scores_again_at_its_cuts(shop: Shop) -> None:
    workspace, engine, version = shop
    analysis = Analysis.of(workspace, version, engine=engine)
    study = analysis.study(StudySettings(segments=4, features=("recency_days", "expected_spend")))
    proofs = analysis.proofs(study).get().proofs
    assert not isinstance(proofs.predictive, Unknown)
    assert proofs.unknown_then == ()
    for cut in proofs.predictive.cuts:
        assert isinstance(analysis.at(cut.on).answer(EXPECTED, NOTHING).peek(), Scored)


def test_the_value_of_customers_is_offered_as_a_feature_with_the_effect_that_it_has(shop: Shop) -> None:
    workspace, engine, version = shop
    analysis = Analysis.of(workspace, version, engine=engine)

    def proofs(*more: str, method: Method = "kmeans") -> Proofs:
        usual = analysis.customers().default_features()
        return (
            analysis.proofs(analysis.study(StudySettings(method=method, segments=3, features=(*usual, *more))))
            .get()
            .proofs
        )

    bare, taken = proofs(), proofs(VALUE)
    (remedy,) = (one for one in bare.remedies if one.kind == "add")
    assert remedy.feature == VALUE
    assert not isinstance(bare.predictive, Unknown)
    assert not isinstance(taken.predictive, Unknown)
    assert bare.predictive.foresight is not None
    assert taken.predictive.foresight is not None
    assert remedy.before == bare.predictive.foresight.kept
    assert remedy.after == pytest.approx(taken.predictive.foresight.kept)
    assert remedy.after >= remedy.before + WORTH_ADDING
    assert not any(one.kind == "add" for one in taken.remedies)
    assert not any(one.kind == "add" for one in proofs(method="rfm").remedies)


def test_the_value_of_customers_is_not_offered_where_it_helps_little_or_was_not_known(
    shop: Shop, scored: CustomerTable
) -> None:
    splits = find_time_splits(*shop, scored.as_of, most=2)
    assert not isinstance(splits, Unknown)
    found = segment(scored, SegmentSettings(segments=3, features=scored.default_features()))
    predicted = backtest(splits, earlier(scored, found, no_lists))
    assert not isinstance(predicted, Unknown)
    assert predicted.foresight is not None
    assert predicted.foresight.standing in {"part", "little"}

    def table(on: date, /, *, like: CustomerTable | None = None) -> CustomerTable:
        return at(shop, (VALUE,), on, like=like)

    with_value = find_time_splits(*shop, scored.as_of, most=2, table=table)
    assert by_adding(VALUE, found, predicted, lambda: with_value) is not None
    assert by_adding(VALUE, found, predicted, lambda: splits) is None  # not known at the past date
    assert by_adding(VALUE, found, predicted, lambda: Unknown("too short")) is None
    ours = predicted.method("segments")
    near = replace(ours, average=replace(ours.average, explained_spend=Estimate(0.54, 0.5, 0.58, 700)))
    better = replace(predicted, methods=(near, *predicted.methods[1:]))
    assert better.foresight is not None
    assert better.foresight.standing == "near"
    assert by_adding(VALUE, found, better, lambda: with_value) is None


def test_what_was_not_known_at_a_cut_is_left_out_and_said(shop: Shop, scored: CustomerTable) -> None:
    splits = find_time_splits(*shop, scored.as_of, most=1)  # tables without scores
    assert not isinstance(splits, Unknown)
    rule = Pin(rule=Conditions((Condition("lost_risk", low=0.8),)))
    features = ("recency_days", "expected_spend")
    found = segment(scored, SegmentSettings(segments=3, features=features, edits=Edits(pins=(rule,))))
    shape = structure(scored.scaled(features)[:500], seed=1)
    proofs, _ = prove(scored, found, shape, splits, earlier(scored, found, no_lists))
    assert set(proofs.unknown_then) == {"expected_spend", "lost_risk"}
    assert not isinstance(proofs.predictive, Unknown)


def test_segments_of_nothing_that_was_known_are_not_tested(shop: Shop, scored: CustomerTable) -> None:
    splits = find_time_splits(*shop, scored.as_of, most=1)
    found = segment(scored, SegmentSettings(segments=3, features=("expected_spend", "lost_risk")))
    proofs, _ = prove(scored, found, Unknown("not asked"), splits, earlier(scored, found, no_lists))
    assert isinstance(proofs.predictive, Unknown)


def test_a_score_known_at_one_end_of_a_cut_alone_is_left_out_at_both(shop: Shop, scored: CustomerTable) -> None:
    asked = []

    def now_without_risk(on: date, /, *, like: CustomerTable | None = None) -> CustomerTable:
        asked.append(on)
        found = at(shop, EVERY, on, like=like)
        return found if like is None else found.with_only(EXPECTED_NAMES)

    splits = find_time_splits(*shop, scored.as_of, most=1, table=now_without_risk)
    assert not isinstance(splits, Unknown)
    (cut,) = splits.splits
    assert cut.then.scores == cut.now.scores == EXPECTED_NAMES
    assert np.array_equal(
        cut.now.scaled(EXPECTED_NAMES),
        at(shop, EVERY, cut.on, like=at(shop, EVERY, cut.then.as_of)).scaled(EXPECTED_NAMES),
    )
    assert len(asked) == 2


def test_a_number_is_recommended_where_the_past_knew_none_of_the_features(shop: Shop, scored: CustomerTable) -> None:
    splits, space = find_time_splits(*shop, scored.as_of, most=1), Space(("lost_risk",))
    points = space.points(scored)
    advice = recommend(points, space, structure(points[:500], seed=1), splits)
    assert all(isinstance(point.explained, Unknown) for point in advice.curve)


def test_the_verdict_says_what_was_left_out(shop: Shop, scored: CustomerTable) -> None:
    splits = find_time_splits(*shop, scored.as_of, most=1)
    found = segment(scored, SegmentSettings(segments=3, features=("recency_days", "lost_risk")))
    proofs, _ = prove(scored, found, Unknown("not asked"), splits, earlier(scored, found, no_lists))
    said = next(one for one in verdicts(proofs) if one.question == "Predictive?").evidence
    assert "without what was not known at a past date: Risk of being lost." in said


def test_settings_without_a_score_lose_what_came_from_it() -> None:
    rule = Pin(rule=Conditions((Condition("lost_risk", low=0.8),)))
    kept = StudySettings(features=("orders", "lost_risk"), edits=Edits(pins=(rule,)))
    assert kept.without_scores(["lost_risk"]) == StudySettings(features=("orders",))
    named = StudySettings(features=("orders",), edits=Edits(names=((0, "VIPs"),)))
    assert named.without_scores(["lost_risk"]) == named
    anchored = StudySettings(anchor=SegmentSettings(features=("lost_risk", "orders")).key)
    assert anchored.without_scores(["lost_risk"]) == StudySettings()


def test_a_plan_finds_the_segments_of_scores_at_an_earlier_date(shop: Shop, scored: CustomerTable) -> None:
    workspace, engine, version = shop
    study = study_of(scored, StudySettings(segments=4, features=("expected_spend", "lost_risk")))
    back = Analysis.of(workspace, version, engine=engine).look_back(30, scored.scores).get()
    assert not isinstance(back, Unknown)
    assert len(back.recent) == 2
    assert all(why_unknown_then(study.segmentation, one.then) is None for one in back.recent)
    assert any(not isinstance(row.profit, Unknown) for row in plan_of(study, back, ShopAssumptions()).rows)
    newest = replace(back.recent[0], then=back.recent[0].then.without_scores())
    older = replace(back, recent=(back.recent[0], newest))
    assert plan_of(study, older, ShopAssumptions()).windows == 1
    bare = replace(back, recent=(newest, back.recent[1]))
    why = why_unknown_then(study.segmentation, newest.then)
    assert why is not None
    assert "Expected spend, Risk of being lost" in why.reason
    assert all(isinstance(row.profit, Unknown) for row in plan_of(study, bare, ShopAssumptions()).rows)


def test_rules_for_other_systems_do_without_scores(shop: Shop, scored: CustomerTable) -> None:
    study = study_of(scored, StudySettings(segments=3, features=("expected_spend", "lost_risk")))
    rules = describe_rules(scored, study.segmentation.labels, [one.name for one in study.segmentation.segments])
    assert not any(name in str(rules) for name in EVERY)


def test_the_command_line_takes_scores_as_features(shop: Shop, capsys, monkeypatch) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(shop[0].root))
    features = "recency_days,expected_spend,lost_risk"
    assert main(["study", "Shop", "--features", features, "--segments", "3", "--json"]) == 0
    assert '"k": 3' in capsys.readouterr().out


def test_every_score_of_the_catalogue_comes_from_a_model() -> None:
    assert {feature.name for feature in catalogue().scores} == set(EVERY)
    assert all(not feature.sql and not feature.default for feature in catalogue().scores)
    assert {one.feature.name for one in catalogue().split(["channel"])[1]}.isdisjoint(EVERY)
