"""Do segments predict? Nothing from the cut on is used before the scoring, and any method may win."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from segmentation.analysis import Analysis
from segmentation.analysis.scores import customers_of
from segmentation.customers import CustomerTable, Feature, Outcomes, catalogue
from segmentation.customers.build import aggregates
from segmentation.engine import DuckEngine
from segmentation.errors import NotEnoughData, SettingOutOfRange
from segmentation.estimates import Unknown
from segmentation.intake import import_file
from segmentation.proof.backtest import Backtest, backtest, explained_by, predict
from segmentation.proof.baselines import Pair, Prediction
from segmentation.proof.boosted_trees import by_boosted_trees
from segmentation.proof.leaks import leaks
from segmentation.proof.measured import by_themselves, measured_baselines, scorings
from segmentation.proof.past_spend import by_line
from segmentation.proof.time_splits import TimeSplit, TimeSplits, find_time_splits, kept_outcomes
from segmentation.segments import SegmentSettings, segment
from segmentation.timeline import backtest_window, cut_dates
from segmentation.workspace import DatasetVersion, Workspace

pytestmark = pytest.mark.filterwarnings("error")

SAMPLE = Path(__file__).resolve().parents[3] / "sample_data"
FIRST, AS_OF = date(2025, 1, 1), date(2026, 5, 1)
SETTINGS = SegmentSettings(segments=3, features=("recency_days", "orders", "spend"))


def fit(customers: CustomerTable):
    return segment(customers, SETTINGS)


def predicted(cut: TimeSplit) -> tuple[Prediction, ...]:
    """What every method expects at a cut."""
    (ready,) = scorings(TimeSplits(90, (cut,)), resamples=2)
    return *predict(ready, fit(cut.then)), *by_themselves(ready.pair)


@dataclass(frozen=True)
class Planted:
    """Groups that somebody dictates: labels of one table, and of another."""

    labels: np.ndarray
    at_cut: np.ndarray
    segments: tuple[str, ...]

    def assign(self, customers: CustomerTable) -> np.ndarray:
        return self.at_cut


Shop = tuple[Workspace, DuckEngine, DatasetVersion]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    workspace = Workspace.open(tmp_path_factory.mktemp("backtest"))
    version = import_file(workspace, SAMPLE / "orders.csv", dataset="Shop", today=date(2026, 11, 22)).version
    return workspace, DuckEngine.open(workspace.root), version


def changed(shop: Shop, name: str, keep: Callable[[pa.Table], pa.Array]) -> Shop:
    """The same shop, in which only the order lines exist that `keep` says."""
    workspace, engine, version = shop
    with workspace.draft(f"Shop {name}") as draft:
        for part in version.lines:
            rows = pq.read_table(part)
            pq.write_table(rows.filter(keep(rows)), draft.folder / "lines" / part.name)
        fingerprint = hashlib.sha256(f"{version.fingerprint} {name}".encode()).hexdigest()
        return workspace, engine, draft.publish(replace(version.manifest, fingerprint=fingerprint))


def before(on: date) -> Callable[[pa.Table], pa.Array]:
    midnight = pa.scalar(on, pa.date32()).cast(pa.timestamp("us"))
    return lambda rows: pc.less(rows["ordered_at"].cast(pa.timestamp("us")), midnight)


@pytest.fixture(scope="module")
def splits(shop: Shop) -> TimeSplits:
    found = find_time_splits(*shop, AS_OF, most=2)
    assert isinstance(found, TimeSplits)
    return found


@pytest.fixture(scope="module")
def proof(splits: TimeSplits) -> Backtest:
    found = backtest(splits, fit)
    assert isinstance(found, Backtest)
    return found


def outcomes_of(start: date, revenue: np.ndarray) -> Outcomes:
    orders = (revenue > 0).astype(float)
    return Outcomes(start, start + timedelta(days=90), orders, revenue, np.full(len(revenue), np.nan))


def made_up_cut(rng: np.random.Generator, n: int, spend: Callable[[np.ndarray], np.ndarray]) -> TimeSplit:
    """Two dates of one made-up shop; `spend` draws what customers of these tastes spend in a window."""
    taste = rng.random(n)
    raw = {
        "recency_days": np.floor(rng.gamma(2, 40, n)) + 1,
        "orders": 1.0 + rng.poisson(2 * taste),
        "spend": rng.lognormal(3 + taste, 0.5),
    }
    ids = [f"c{i}" for i in range(n)]
    start = AS_OF - timedelta(days=180)
    then = CustomerTable.from_arrays(ids, raw, as_of=start, fingerprint="then")
    now = CustomerTable.from_arrays(
        ids, raw, as_of=start + timedelta(days=90), fingerprint="now", scalings=then.scalings
    )
    sorted_taste = taste[[int(i[1:]) for i in then.ids.to_pylist()]]
    learned, scored, before = (spend(sorted_taste) for _ in range(3))
    return TimeSplit(then, outcomes_of(start, learned), now, outcomes_of(now.as_of, scored), before, learned)


# Which dates ------------------------------------------------------------------------------------------------------


def test_cuts_leave_a_window_to_score_one_to_learn_and_one_to_know_by() -> None:
    assert cut_dates(FIRST, FIRST + timedelta(days=270), 90, 3) == (FIRST + timedelta(days=180),)
    assert cut_dates(FIRST, FIRST + timedelta(days=269), 90, 3) == ()
    three = cut_dates(FIRST, FIRST + timedelta(days=900), 90, 3)
    assert [(FIRST + timedelta(days=900) - on).days for on in three] == [90, 180, 270]


@pytest.mark.parametrize(
    ("history", "window"), [(2000, 90), (360, 90), (359, 60), (240, 60), (239, 30), (90, 30), (89, None)]
)
def test_the_window_is_the_longest_that_allows_two_cuts_else_one(history: int, window: int | None) -> None:
    assert backtest_window(FIRST, FIRST + timedelta(days=history)) == window


def test_a_cut_knows_then_and_now_and_what_came_after_each(splits: TimeSplits) -> None:
    assert splits.window_days == 90
    assert [cut.on for cut in splits.splits] == [AS_OF - timedelta(days=90), AS_OF - timedelta(days=180)]
    for cut in splits.splits:
        assert cut.learned.start == cut.then.as_of == cut.on - timedelta(days=90)
        assert cut.learned.end == cut.scored.start == cut.on
        assert cut.scored.end == cut.on + timedelta(days=90)
        assert cut.now.scalings == cut.then.scalings
        assert len(cut.learned.orders) == cut.then.n <= cut.now.n == len(cut.scored.orders)


def test_outcomes_of_a_cut_are_kept_on_disk_and_read_back_the_same(shop: Shop, splits: TimeSplits) -> None:
    workspace, engine, version = shop
    now = splits.splits[0].now
    folder = workspace.cache(version.fingerprint)
    before = set(folder.glob("outcomes-*"))
    again = kept_outcomes(workspace, engine, version, now, days=90)
    assert set(folder.glob("outcomes-*")) == before  # it was there
    assert (again.start, again.end) == (now.as_of, now.as_of + timedelta(days=90))
    assert (again.revenue == splits.splits[0].scored.revenue).all()
    again = replace(again, revenue=np.array(again.revenue))
    for file in folder.glob("outcomes-*.npy"):
        file.write_bytes(b"damaged")
    assert (kept_outcomes(workspace, engine, version, now, days=90).revenue == again.revenue).all()
    mended = [file for file in folder.glob("outcomes-*.npy") if file.read_bytes() != b"damaged"]
    assert [np.load(file).shape for file in mended] == [(now.n,)] * 3


def test_a_short_history_is_told_what_is_needed(shop: Shop) -> None:
    found = find_time_splits(*shop, shop[2].manifest.first + timedelta(days=62))
    assert isinstance(found, Unknown)
    assert "at least 90 days" in found.reason
    assert "has 62" in found.reason
    with pytest.raises(SettingOutOfRange):
        find_time_splits(*shop, AS_OF, window_days=1)


def test_too_few_customers_are_told_how_many_there_are(shop: Shop) -> None:
    some = pa.array([f"C{1000 + i}" for i in range(60)])
    few = changed(shop, "of sixty", lambda rows: pc.is_in(rows["customer_id"], value_set=some))
    found = find_time_splits(*few, shop[2].manifest.first + timedelta(days=300))
    assert isinstance(found, Unknown)
    assert "needs 100 customers" in found.reason


# Nothing from the future ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["within the scored window", "after it"])
def test_orders_from_the_cut_on_do_not_change_the_predictions(shop: Shop, splits: TimeSplits, where: str) -> None:
    newest = splits.splits[0]
    end = newest.on + timedelta(days=20) if where == "within the scored window" else AS_OF
    found = find_time_splits(*changed(shop, f"shortened {where}", before(end)), AS_OF, most=1)
    assert isinstance(found, TimeSplits)
    (other,) = found.splits
    assert (where == "after it") == bool((other.scored.revenue == newest.scored.revenue).all())
    for one, same in zip(
        predicted(newest),
        predicted(other),
        strict=True,
    ):
        assert (one.labels_now == same.labels_now).all()
        assert (one.means == same.means).all()


def test_segments_that_know_the_window_of_learning_do_not_win_on_the_window_after_it() -> None:
    rng = np.random.default_rng(8)
    cut = made_up_cut(rng, 2_000, lambda taste: np.where(rng.random(len(taste)) < 0.4, rng.gamma(2, 20, len(taste)), 0))
    groups = 12
    spent = np.searchsorted(np.quantile(cut.learned.revenue, np.arange(1, groups) / groups), cut.learned.revenue)
    leak = Planted(spent, spent, tuple("abcdefghijkl"))
    in_sample = replace(cut, now=cut.then, scored=cut.learned)
    assert explained_by(in_sample, spent, spent, groups) > 0.9
    found = backtest(TimeSplits(90, (cut,)), lambda customers: leak)
    assert isinstance(found, Backtest)
    assert found.method("segments").average.explained_spend.value < 0
    assert found.winner != "segments"


@pytest.mark.parametrize("days_before_the_end", [1, 90, 333])
def test_no_feature_of_the_catalogue_knows_what_comes_after_its_date(shop: Shop, days_before_the_end: int) -> None:
    on = shop[2].manifest.last - timedelta(days=days_before_the_end)
    scores = tuple(feature.name for feature in catalogue().scores)
    whole = customers_of(Analysis.of(shop[0], shop[2], on, shop[1]), scores)
    cut_off = changed(shop, f"until {on}", before(on))
    shortened = customers_of(Analysis.of(cut_off[0], cut_off[2], on, cut_off[1]), scores)
    assert set(scores) <= {feature.name for feature in whole.features}
    assert {f.name for f in whole.features} | {u.feature.name for u in whole.unavailable} == {
        f.name for f in catalogue().features
    }
    assert leaks(whole, shortened) == ()


@pytest.mark.parametrize(
    ("name", "sql", "caught"),
    [
        ("plain", "COUNT(ordered_on)", ()),
        ("later", "(SELECT COUNT(*) FROM lines AS l WHERE l.customer_id = orders.customer_id)", ("later",)),
        ("days_left", "(SELECT CAST(MAX(ordered_at) AS DATE) FROM lines) - MAX(ordered_on)", ("days_left",)),
    ],
)  # fmt: skip
def test_a_planted_leak_is_caught(shop: Shop, name: str, sql: str, caught: tuple[str, ...]) -> None:
    engine, version = shop[1:]
    on = version.manifest.last - timedelta(days=200)
    leaky = Feature(
        name=name, label=name, unit="orders", sentence=name, grain="orders", sql=sql, transform="log", high="h", low="l"
    )

    def table(of: DatasetVersion) -> CustomerTable:
        with engine.reading(of) as run:
            found = run.aggregate(aggregates((leaky,)), as_of=on)
        values = {name: found[name].to_numpy()}
        return CustomerTable.from_arrays(
            found["customer_id"].combine_chunks(), values, as_of=on, features=(leaky,), ordered=True
        )

    assert leaks(table(version), table(changed(shop, f"until {on} for {name}", before(on))[2])) == caught


# Past spend and boosted trees ---------------------------------------------------------------------------------------


def spent(version: DatasetVersion, start: date, end: date) -> dict[str, float]:
    """What each customer spent from one day up to another, added up row by row."""
    found: dict[str, float] = {}
    for part in version.lines:
        rows = pq.read_table(part, columns=["customer_id", "ordered_at", "amount"]).to_pylist()
        for row in rows:
            if row["customer_id"] is not None and start <= row["ordered_at"].date() < end:
                found[row["customer_id"]] = found.get(row["customer_id"], 0.0) + float(row["amount"])
    return found


def line_by_hand(known: np.ndarray, asked: np.ndarray, cut: TimeSplit) -> float:
    """The share of capped spend that a fitted line explains out of sample."""
    learned = cut.learned.revenue
    cap = np.quantile(learned[learned > 0], 0.99)
    learned, scored = np.clip(learned, 0, cap), np.clip(cut.scored.revenue, 0, cap)
    most = np.quantile(known[known > 0], 0.99)
    slope, start = np.polyfit(np.clip(known, 0, most), learned, 1)
    expected = np.clip(start + slope * np.clip(asked, 0, most), 0, cap)
    return float(1 - ((scored - expected) ** 2).sum() / ((scored - learned.mean()) ** 2).sum())


def test_the_last_windows_spend_explains_what_a_line_fitted_by_hand_does(
    shop: Shop, splits: TimeSplits, proof: Backtest
) -> None:
    for cut, score in zip(splits.splits, proof.method("last_window").by_cut, strict=True):
        window = timedelta(days=90)
        before, between = (spent(shop[2], day - window, day) for day in (cut.then.as_of, cut.on))
        known = np.array([before.get(one, 0.0) for one in cut.then.ids.to_pylist()])
        asked = np.array([between.get(one, 0.0) for one in cut.now.ids.to_pylist()])
        assert score.explained_spend.value == pytest.approx(line_by_hand(known, asked, cut), abs=1e-9)


def test_spend_so_far_explains_what_a_line_in_spend_a_day_fitted_by_hand_does(
    shop: Shop, splits: TimeSplits, proof: Backtest
) -> None:
    for cut, score in zip(splits.splits, proof.method("spend_so_far").by_cut, strict=True):
        rates = []
        for table in (cut.then, cut.now):
            so_far = spent(shop[2], shop[2].manifest.first, table.as_of)
            spend = np.array([so_far[one] for one in table.ids.to_pylist()])
            rates.append(spend / np.maximum(table.raw("tenure_days"), 90))
        assert score.explained_spend.value == pytest.approx(line_by_hand(*rates, cut), abs=1e-4)


def test_a_line_expects_the_average_where_everyone_spent_the_same() -> None:
    learned = np.array([[0.0, 10, 20], [0, 0.5, 1], [0, 1, 2], [0, 1, 1]])
    same = by_line("last_window", np.full(3, 7.0), np.full(2, 7.0), learned)
    nothing = by_line("last_window", np.zeros(3), np.array([0.0, 900.0]), learned)
    for found in (same, nothing):
        assert found.means == pytest.approx(np.repeat(learned.mean(axis=1)[:, None], 2, axis=1))
        assert found.groups is None


def test_a_line_expects_nothing_that_nobody_did_in_the_window_of_learning() -> None:
    learned = np.tile(np.array([0.0, 5, 10, 15]), (4, 1))
    found = by_line("spend_so_far", np.array([0.0, 10, 20, 30]), np.array([-50.0, 0, 15, 1e9]), learned)
    assert found.means[0] == pytest.approx([0, 0, 7.5, 15], abs=0.1)


@pytest.mark.parametrize("n", [100, 400, 3_000])
def test_boosted_trees_draw_back_where_next_spend_is_luck(n: int) -> None:
    rng = np.random.default_rng(n)
    shares = []
    for _ in range(5):
        cut = made_up_cut(rng, n, lambda taste: np.where(rng.random(len(taste)) < 0.5, rng.gamma(2, 20, len(taste)), 0))
        found = backtest(TimeSplits(90, (cut,)), fit, resamples=50)
        assert isinstance(found, Backtest)
        shares.append(found.explained["boosted_trees"].value)
    assert np.mean(shares) > -0.05


@pytest.mark.parametrize("spend", [None, 20.0])
def test_boosted_trees_do_without_features_that_are_the_same_for_everyone_or_have_no_value(spend: float | None) -> None:
    rng = np.random.default_rng(4)
    n = 150
    raw = {
        "recency_days": rng.integers(1, 90, n).astype(float) if spend is None else np.full(n, 5.0),
        "orders": np.ones(n),
        "spend": rng.gamma(2, 20, n) if spend is None else np.full(n, spend),
        "gap_days": np.full(n, np.nan),
    }
    then, now = (
        CustomerTable.from_arrays([f"c{i}" for i in range(n)], raw, as_of=AS_OF + timedelta(days=days), ordered=True)
        for days in (0, 90)
    )
    learned = np.tile(np.where(rng.random(n) < 0.4, 30.0, 0.0), (4, 1))
    found = by_boosted_trees(Pair(then, now, learned, np.zeros(n), np.zeros(n)))
    assert np.isfinite(found.means).all()
    assert found.means.mean() == pytest.approx(learned.mean(), rel=0.2)
    if spend is not None:
        assert found.means == pytest.approx(np.full((4, n), learned.mean()))


def test_boosted_trees_do_not_see_the_scored_window(splits: TimeSplits) -> None:
    cut = splits.splits[0]
    later = replace(cut, scored=outcomes_of(cut.on, np.full(cut.now.n, 50.0)))
    one, same = (predicted(each)[-1] for each in (cut, later))
    assert one.method == "boosted_trees"
    assert (one.means == same.means).all()


def test_methods_without_groups_are_put_in_order_as_finely_as_needed(splits: TimeSplits, proof: Backtest) -> None:
    cut = splits.splits[0]
    expected = predicted(cut)[-1].means[0]
    spend = np.maximum(cut.scored.revenue, 0)
    buyers, others = np.flatnonzero(spend > 0), np.flatnonzero(spend == 0)
    pairs = np.sign(expected[buyers][:, None] - expected[others][None, :])
    part = float(np.mean(0.5 + pairs / 2))
    score = proof.method("boosted_trees").by_cut[0]
    assert score.separation.value == pytest.approx(part, abs=0.05)  # those pairs are most of all
    assert proof.method("boosted_trees").groups is None


# The verdict ------------------------------------------------------------------------------------------------------


def test_every_method_is_scored_at_every_cut_with_an_interval(splits: TimeSplits, proof: Backtest) -> None:
    assert [m.method for m in proof.methods] == [
        "segments", "rfm", "recency", "score", "spend_so_far", "last_window", "boosted_trees",
    ]  # fmt: skip
    assert [cut.on for cut in proof.cuts] == [cut.on for cut in splits.splits]
    for method in proof.methods:
        assert len(method.by_cut) == 2
        mean = np.mean([s.explained_spend.value for s in method.by_cut])
        assert method.average.explained_spend.value == pytest.approx(mean)
        assert method.average.explained_spend.low < mean < method.average.explained_spend.high
        assert 0.5 < method.average.separation.value < 1
        assert 0.2 < method.average.capture.value < proof.cuts[0].perfect_capture <= 1
    ours, rfm = proof.method("segments"), proof.method("rfm")
    assert ours.ahead is None
    assert rfm.ahead is not None
    assert rfm.ahead.capture.value == pytest.approx(ours.average.capture.value - rfm.average.capture.value)


def test_a_backtest_is_the_same_every_time(splits: TimeSplits, proof: Backtest) -> None:
    assert backtest(splits, fit) == proof


def test_what_the_baselines_scored_can_be_handed_in_and_changes_nothing(splits: TimeSplits, proof: Backtest) -> None:
    assert backtest(splits, fit, baselines=measured_baselines(splits)) == proof


def test_the_light_share_explained_is_that_of_the_backtest(splits: TimeSplits, proof: Backtest) -> None:
    for cut, score in zip(splits.splits, proof.method("segments").by_cut, strict=True):
        made = fit(cut.then)
        light = explained_by(cut, made.labels, made.assign(cut.now), len(made.segments))
        assert light == pytest.approx(score.explained_spend.value)


def test_segments_that_know_the_tastes_win_and_are_said_to() -> None:
    rng = np.random.default_rng(5)
    tastes: list[np.ndarray] = []

    def spend(taste: np.ndarray) -> np.ndarray:
        tastes.append(taste)
        return np.where(rng.random(len(taste)) < taste, 30.0 + 60 * (taste > 0.5), 0.0)

    cut = made_up_cut(rng, 3_000, spend)
    labels = (tastes[0] * 4).astype(np.uint8)
    found = backtest(TimeSplits(90, (cut,)), lambda customers: Planted(labels, labels, tuple("abcd")))
    assert isinstance(found, Backtest)
    assert (found.winner, found.leaders) == ("segments", ("segments",))
    assert found.verdict.startswith("Your segments explain ")
    assert found.verdict.endswith(": your segments predict best.")


def test_too_few_buyers_and_too_few_customers_for_the_segments_are_unknown(splits: TimeSplits) -> None:
    cut = splits.splits[0]
    nobody = replace(cut, scored=outcomes_of(cut.on, np.zeros(cut.now.n)))
    found = backtest(TimeSplits(90, (nobody,)), fit)
    assert isinstance(found, Unknown)
    assert "and 0 in the 90 days after those" in found.reason

    def refuse(customers: CustomerTable):
        raise NotEnoughData("customers for 20 segments", have=3, need=40)

    refused = backtest(splits, refuse)
    assert isinstance(refused, Unknown)
    assert "too few customers for 20 segments" in refused.reason
