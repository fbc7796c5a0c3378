"""The story end to end on the sample shop: advice, retune, look back, campaign."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from segmentation.analysis import MEMORY, Analysis, StudySettings, features_for, figures, plan_of
from segmentation.assumptions import ShopAssumptions
from segmentation.cli import main
from segmentation.customers import CustomerTable, prepare, reach
from segmentation.engine import DuckEngine
from segmentation.errors import FeatureNotFound, FeatureUnavailable, SettingOutOfRange
from segmentation.estimates import Estimate, Unknown
from segmentation.intake import import_file
from segmentation.workspace import DatasetVersion, Workspace
from tests.segmentation.shops import line, store
from tests.studies import study_of

SAMPLE = Path(__file__).resolve().parents[3] / "sample_data"
Shop = tuple[Workspace, DuckEngine, DatasetVersion, CustomerTable]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    workspace = Workspace.open(tmp_path_factory.mktemp("study"))
    version = import_file(workspace, SAMPLE / "orders.csv", dataset="Shop", today=date(2026, 11, 22)).version
    engine = DuckEngine.open(workspace.root)
    return workspace, engine, version, prepare(workspace, engine, version)


def test_six_segments_of_the_sample_shop_find_most_of_the_planted_behaviours(shop: Shop) -> None:
    customers = shop[3]
    with (SAMPLE / "truth" / "customers.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    key, behaviour = list(rows[0])[:2]
    planted = {row[key]: row[behaviour] for row in rows}
    found = study_of(customers, StudySettings(segments=6)).segmentation
    truth = [planted[customer] for customer in customers.ids.to_pylist()]
    assert adjusted_rand_score(truth, found.labels) > 0.5


def test_advice_is_computed_once_and_read_back_the_same(shop: Shop) -> None:
    workspace, engine, version, _ = shop
    analysis = Analysis.of(workspace, version, engine=engine)
    asked = analysis.number()
    assert asked.peek() is None
    first = asked.get()
    kept = list(workspace.cache(version.fingerprint).glob("number-*.json"))
    assert kept == [asked.file.path]
    MEMORY.forget()
    assert asked.peek() == asked.get() == first
    assert analysis.study().segmentation.settings.segments == first.k


def test_names_and_colours_stay_while_the_number_of_segments_is_tuned(shop: Shop) -> None:
    workspace, engine, version, _ = shop
    analysis = Analysis.of(workspace, version, engine=engine)
    anchor = analysis.study(StudySettings(segments=5)).segmentation
    tuned = StudySettings(segments=6, anchor=anchor.settings.key)
    given = analysis.study(tuned).segmentation
    MEMORY.forget()  # the anchor is made again
    named = analysis.study(tuned).segmentation
    assert [(s.name, s.colour) for s in given.segments] == [(s.name, s.colour) for s in named.segments]
    before = {segment.name: segment.colour for segment in anchor.segments}
    kept = [segment for segment in given.segments if segment.name in before]
    assert len(kept) >= 4
    assert all(segment.colour == before[segment.name] for segment in kept)


def test_the_baseline_is_what_members_of_each_time_did_next(shop: Shop) -> None:
    workspace, engine, version, customers = shop
    back = Analysis.of(workspace, version, engine=engine).look_back(30).get()
    assert not isinstance(back, Unknown)
    assert [(customers.as_of - one.then.as_of).days for one in back.recent] == [30, 60, 90, 120]
    assert [[(customers.as_of - one.then.as_of).days for one in pair] for pair in back.years] == [
        [395, 365],
        [760, 730],
    ]
    study = study_of(customers, StudySettings(segments=5))
    plan = plan_of(study, back, ShopAssumptions())
    assert (plan.windows, plan.years) == (4, 2)
    for place, row in enumerate(plan.rows):
        assert isinstance(row.baseline_rate, Estimate)
        members = [study.segmentation.assign(one.then) == place for one in back.recent]
        assert row.baseline_rate.n == round(sum(0.4**age * who.sum() for age, who in enumerate(members)))
        every = [*back.recent, *(half for pair in back.years for half in pair)]
        shares = [one.outcomes.ordered[study.segmentation.assign(one.then) == place].mean() for one in every]
        assert min(shares) <= row.baseline_rate.value <= max(shares)
    assert any(row.baseline_rate.value > 0 for row in plan.rows if isinstance(row.baseline_rate, Estimate))


def test_an_older_window_knows_its_customers_by_what_was_known_then(shop: Shop) -> None:
    workspace, engine, version, customers = shop
    back = Analysis.of(workspace, version, engine=engine).look_back(30).get()
    assert not isinstance(back, Unknown)
    for one in (*back.recent, *(half for pair in back.years for half in pair)):
        then = prepare(workspace, engine, version, one.then.as_of)
        assert one.then.ids.to_pylist() == then.ids.to_pylist()
        assert one.then.raw("orders").tolist() == then.raw("orders").tolist()
        assert one.then.scalings == customers.scalings
        assert one.scale == 1.0
        assert one.outcomes.start == one.then.as_of


def test_of_older_windows_of_a_large_shop_a_sample_stands_for_everyone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, engine, version, customers = shop
    study = study_of(customers, StudySettings(segments=4))
    whole = Analysis.of(workspace, version, engine=engine).look_back(60).get()
    MEMORY.forget()
    monkeypatch.setattr(figures, "SAMPLED", 2_000)
    back = Analysis.of(workspace, version, engine=engine).look_back(60).get()
    MEMORY.forget()
    assert not isinstance(whole, Unknown)
    assert not isinstance(back, Unknown)
    assert back.recent[0].then.n == whole.recent[0].then.n
    for one, everyone in zip(back.recent[1:], whole.recent[1:], strict=True):
        assert one.then.n == 2_000
        assert one.then.ids.to_pylist() == everyone.then.ids.to_pylist()[:2_000]
        assert one.scale == everyone.then.n / 2_000
    for row, exact in zip(*(plan_of(study, x, ShopAssumptions()).rows for x in (back, whole)), strict=True):
        assert isinstance(row.baseline_rate, Estimate)
        assert isinstance(exact.baseline_rate, Estimate)
        assert row.baseline_rate.value == pytest.approx(exact.baseline_rate.value, rel=0.25)


def test_only_customers_with_consent_are_reachable(shop: Shop) -> None:
    workspace, engine, version, customers = shop
    agreed = customers.consent.agreed
    study = study_of(customers, StudySettings(segments=5))
    plan = plan_of(study, Analysis.of(workspace, version, engine=engine).look_back(30).get(), ShopAssumptions())
    assert sum(row.reachable for row in plan.rows) == int(agreed.sum()) < customers.n


def test_a_short_history_gives_sizes_but_no_return(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    rng = np.random.default_rng(1)
    lines = [line(f"c{i % 30}", str(i), f"2026-01-{1 + i % 20:02d}", f"{rng.integers(1, 90)}") for i in range(120)]
    version, engine = store(workspace, lines), DuckEngine.open(workspace.root)
    customers = prepare(workspace, engine, version)
    study = study_of(customers, StudySettings(segments=3))
    plan = plan_of(study, Analysis.of(workspace, version, engine=engine).look_back(30).get(), ShopAssumptions())
    assert sum(row.customers for row in plan.rows) == 30
    assert all(isinstance(row.roi, Unknown) and "60 days" in row.roi.reason for row in plan.rows)


def test_features_are_checked_before_anything_is_computed(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(FeatureNotFound, match="Did you mean “spend”"):
        features_for(shop[3], StudySettings(features=("spnd",)))
    workspace = Workspace.open(tmp_path / "w")
    version = store(workspace, [line("ann", "1", "2026-01-01", "5"), line("bob", "2", "2026-01-02", "6")])
    bare = prepare(workspace, DuckEngine.open(workspace.root), version)
    with pytest.raises(FeatureUnavailable, match="no discount column"):
        features_for(bare, StudySettings(features=("discount_share",)))


def test_settings_outside_their_range_are_refused_at_birth() -> None:
    with pytest.raises(SettingOutOfRange, match="between 2 and 20"):
        StudySettings(segments=1)
    with pytest.raises(SettingOutOfRange, match="kmeans"):
        replace(StudySettings(), method="magic")  # type: ignore[arg-type]


def test_a_consent_withdrawn_in_the_mailing_tool_is_heeded_by_the_next_study(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    header = "Customer ID,Order ID,Date,Product,Amount,Email,Accepts marketing"
    orders = [header, "C1,1,2026-01-05,Tea,1.50,ann@example.org,yes", "C2,2,2026-01-06,Mug,2.50,bob@example.org,yes"]
    (tmp_path / "orders.csv").write_text("\n".join(orders), encoding="utf-8")
    before = import_file(workspace, tmp_path / "orders.csv", dataset="Shop", today=date(2026, 11, 22)).version
    engine = DuckEngine.open(workspace.root)
    assert reach(prepare(workspace, engine, before), None).may.tolist() == [True, True]
    people = "Email,Klaviyo ID,First Name,Last Name,Email Marketing Consent,Profile Created On,Date Added"
    left = f"{people}\nann@example.org,01,Ann,Lee,UNSUBSCRIBED,2026-10-01,2026-10-01\n"
    (tmp_path / "profiles.csv").write_text(left, encoding="utf-8")
    after = import_file(workspace, tmp_path / "profiles.csv", dataset="Shop", today=date(2026, 11, 22)).version
    table = prepare(workspace, engine, after)
    assert dict(zip(table.ids.to_pylist(), reach(table, None).may.tolist(), strict=True)) == {"C1": False, "C2": True}


def test_the_command_line_and_a_screen_name_equal_segments_alike(shop: Shop, capsys) -> None:
    workspace, engine, version, _ = shop
    analysis = Analysis.of(workspace, version, engine=engine)
    usual = analysis.study().segmentation
    shown = analysis.study(StudySettings(method="mixture", segments=6), wait=False).segmentation
    words = ["--method", "mixture", "--segments", "6", "--workspace", str(workspace.root), "--json"]
    assert main(["study", "Shop", *words]) == 0
    told = [one["name"] for one in json.loads(capsys.readouterr().out)["segments"]]
    assert told == [segment.name for segment in shown.segments]
    assert set(told) & {segment.name for segment in usual.segments}
