"""The time to a second order: a published curve, a simulated shop with a known rate, and a shop counted by hand."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest

from segmentation.analysis import NOTHING, Analysis
from segmentation.analysis.repurchase import REPURCHASE
from segmentation.cli import main
from segmentation.customers.repurchase import FEWEST, Curve, Repurchase, curve
from segmentation.estimates import Estimate, Unknown
from segmentation.workspace import Workspace
from tests.segmentation.shops import line, store

# Remission times in weeks under 6-MP, with + for those still in remission (Freireich et al. 1963), and the estimate
# with its standard error as textbooks give it.
WEEKS = [
    "6",
    "6",
    "6",
    "6+",
    "7",
    "9+",
    "10",
    "10+",
    "11+",
    "13",
    "16",
    "17+",
    "19+",
    "20+",
    "22",
    "23",
    "25+",
    "32+",
    "32+",
    "34+",
    "35+",
]
PUBLISHED = {6: (0.857, 0.0764), 7: (0.807, 0.0869), 10: (0.753, 0.0963), 13: (0.690, 0.1068), 16: (0.627, 0.1141),
             22: (0.538, 0.1282), 23: (0.448, 0.1346)}  # fmt: skip


def published(times: int = 1) -> Curve:
    """The curve of the published table, with as many patients of each kind."""
    ended = np.array(["+" not in one for one in WEEKS])
    weeks = np.array([int(one.strip("+")) for one in WEEKS])
    return curve("6-MP", weeks, ended, np.full(len(weeks), times), 35)


def test_the_curve_is_the_published_one() -> None:
    found = published(3)
    for week, (left, _) in PUBLISHED.items():
        share = found.by(week)
        assert isinstance(share, Estimate)
        assert round(1 - share.value, 3) == left
    assert found.by(5) == Estimate(0.0, 0.0, found.high[0], 63)
    assert (found.waited, found.half_within) == (35, 23)
    assert published().end == 6  # 21 patients are too few where not everybody was followed as long


def test_the_interval_is_as_wide_as_the_published_errors_say() -> None:
    for week, (_, error) in PUBLISHED.items():
        share = published(60).by(week)
        assert isinstance(share, Estimate)
        assert share.high - share.low == pytest.approx(2 * 1.96 * error / 60**0.5, rel=0.06)


def test_the_interval_is_the_one_that_draws_of_its_beta_products_give() -> None:
    """The definition of Fay, Brittain & Proschan (2013), drawn, beside the moments that stand for it."""
    rng, size = np.random.default_rng(2), 400_000
    for week in PUBLISHED:
        upper, left_over = np.ones(size), 0
        for one in range(week + 1):
            ended, still = 3 * WEEKS.count(str(one)), 3 * sum(int(text.strip("+")) >= one for text in WEEKS)
            if ended:
                upper *= rng.beta(still - ended + 1, ended, size)
            left_over = still - ended
        lower = upper * rng.beta(left_over, 1, size)
        share = published(3).by(week)
        assert isinstance(share, Estimate)
        expected = 1 - np.quantile(upper, 0.975), 1 - np.quantile(lower, 0.025)
        assert (share.low, share.high) == pytest.approx(expected, abs=0.005)


def test_counts_are_the_same_as_one_row_each() -> None:
    days, ended = np.array([3, 3, 5, 9]), np.array([True, False, True, False])
    times = np.array([4, 7, 2, 30])
    one_by_one = curve("a", np.repeat(days, times), np.repeat(ended, times), np.ones(times.sum(), dtype=np.int64), 9)
    assert curve("a", days, ended, times, 9) == one_by_one


@pytest.mark.parametrize("everybody", [True, False])
def test_where_all_came_back_or_nobody_the_ends_hold(everybody: bool) -> None:
    found = curve("a", np.array([2, 4]), np.array([everybody] * 2), np.array([5, 5]), 4)
    shares = [found.by(days) for days in (2, 4)]
    assert [one.value for one in shares if isinstance(one, Estimate)] == ([0.5, 1.0] if everybody else [0.0])
    assert all(
        0 <= low <= share <= high <= 1 for low, share, high in zip(found.low, found.share, found.high, strict=True)
    )


@pytest.mark.parametrize(("back", "of"), [(0, 31), (1, 31), (30, 31), (31, 31), (60, 60), (0, 5000), (17, 60), (4, 5)])
def test_where_everybody_was_followed_as_long_the_interval_is_the_exact_one_and_never_certain(
    back: int, of: int
) -> None:
    days = np.array([10] * back + [90] * (of - back))
    found = curve("a", days, days == 10, np.ones(of, dtype=np.int64), 90).by(90)
    exact = binomtest(back, of).proportion_ci(0.95, method="exact")
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(back / of)
    if 0 < back < of:
        assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    assert found.low < found.high
    assert (found.low <= exact.low + 1e-9, found.high >= exact.high - 1e-9) == (True, True)


def test_nobody_being_back_yet_says_less_the_fewer_are_still_waited_for() -> None:
    days = np.arange(1, 101)
    found = curve("a", days, np.zeros(100, dtype=bool), np.ones(100, dtype=np.int64), 100)
    highest = [one.high for one in (found.by(10), found.by(50), found.by(71)) if isinstance(one, Estimate)]
    assert highest == pytest.approx([1 - 0.025 ** (1 / still) for still in (91, 51, 30)])
    assert isinstance(found.by(72), Unknown)


def test_the_curve_does_not_say_that_everybody_came_back_where_half_have_not() -> None:
    """60 customers, 30 of whom did not come back in the 20 days that they are known; the last one did after 150."""
    days = np.array([*range(1, 30), 150, *[20] * 30])
    found = curve("a", days, np.array([True] * 30 + [False] * 30), np.ones(60, dtype=np.int64), 200)
    assert found.end == 20
    assert max(found.share) < 0.5
    reason = found.by(180)
    assert isinstance(reason, Unknown)
    assert reason.reason == "After 20\u00a0days too few of them were still followed without a second order."


def test_a_cohort_that_came_back_at_once_was_still_followed_until_today() -> None:
    found = curve("a", np.array([10]), np.array([True]), np.array([40]), 111)
    assert found.waited == 111
    share = found.by(90)
    assert isinstance(share, Estimate)
    assert share.value == 1.0
    beyond = found.by(112)
    assert isinstance(beyond, Unknown)
    assert beyond.reason == "Their orders are known for at most 111\u00a0days after the first one."


RUNS = 2000 if os.environ.get("TESSERA_TRUTH") == "full" else 250


@pytest.mark.truth
@pytest.mark.parametrize(
    ("share", "customers", "earliest"),
    [
        (0.002, 60, 1),
        (0.002, 300, 1),
        (0.02, 300, 1),
        (0.1, 60, 1),
        (0.5, 60, 1),
        (0.5, 300, 1),
        (0.9, 300, 1),
        (0.97, 2000, 1),
        (0.99, 5000, 1),
        (0.97, 40, 90),
        (0.998, 300, 90),
    ],
)
def test_the_interval_holds_the_truth_as_often_as_it_says_though_most_are_cut_off_at_other_times(
    share: float, customers: int, earliest: int
) -> None:
    """Customers are known for `earliest` to 400 days, come back at a constant rate or never; of all, `share` do within
    90 days. Where that is most of them nobody stays away for good."""
    rng, held, claimed = np.random.default_rng(1), 0, 0
    ever = 1.0 if share > 0.8 else share / (1 - np.exp(-90 / 60))
    pace = -90 / np.log(1 - share) if share > 0.8 else 60.0
    for _ in range(RUNS):
        waited = rng.integers(earliest, 400, customers)
        needed = np.where(rng.random(customers) < ever, np.ceil(rng.exponential(pace, customers)), 10**6).astype(int)
        ended, each = needed <= waited, np.ones(customers, dtype=np.int64)
        found = curve("a", np.minimum(needed, waited), ended, each, int(waited.max())).by(90)
        if isinstance(found, Estimate):
            assert found.low < found.high
            claimed += 1
            held += found.low <= share <= found.high
    assert claimed >= RUNS / 2
    assert held / claimed >= 0.93


def shop(folder: Path) -> Workspace:
    """Two quarters of 40 customers each: the first come back after 10 days, half of the second after 20."""
    lines = []
    for who in range(80):
        first = date(2026, 1, 5) if who < 40 else date(2026, 4, 5)
        lines += [
            line(f"c{who}", f"{who}-1", first.isoformat(), "10"),
            line(f"c{who}", f"{who}-2", first.isoformat(), "5"),
        ]
        if who < 60:
            lines.append(
                line(f"c{who}", f"{who}-3", (first + timedelta(days=10 if who < 40 else 20)).isoformat(), "10")
            )
        lines.append(line(f"c{who}", f"{who}-4", (first + timedelta(days=3)).isoformat(), "-1", kind="refund"))
    workspace = Workspace.open(folder / "w")
    store(workspace, [*lines, line(None, "guest", "2026-02-01", "10")])
    return workspace


def test_a_shop_is_counted_by_days_and_quarters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = shop(tmp_path)
    found = Analysis.open(workspace, "Shop").answer(REPURCHASE, NOTHING).get()
    assert isinstance(found, Repurchase)
    assert [(one.name, one.customers, one.half_within) for one in found.cohorts] == [
        ("Q1 2026", 40, 10),
        ("Q2 2026", 40, 20),
    ]
    assert [one.waited for one in found.cohorts] == [110, 20]  # known to 25 April, the day of the last order
    back, waiting = found.cohorts[0].by(90), found.cohorts[1].by(19)
    assert isinstance(back, Estimate)
    assert isinstance(waiting, Estimate)
    assert (back.low, back.value, back.high, back.n) == (pytest.approx(0.025 ** (1 / 40)), 1.0, 1.0, 40)
    assert (waiting.low, waiting.value, waiting.high) == (0.0, 0.0, pytest.approx(1 - 0.025 ** (1 / 40)))
    assert [one.half_within for one in (found.everyone, *found.cohorts)] == [10, 10, 20]
    assert found.everyone.customers == 80
    assert main(["repurchase", "Shop", "--workspace", str(workspace.root), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["cohorts"][1]["within"]["30"] == {
        "unknown": "Their orders are known for at most 20\u00a0days after the first one."
    }
    assert told["cohorts"][0]["within"]["30"]["value"] == 1.0
    assert main(["repurchase", "Shop", "--workspace", str(workspace.root)]) == 0
    assert "Q2 2026" in capsys.readouterr().out


def test_too_few_customers_have_no_curve(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    store(workspace, [line(f"c{who}", str(who), "2026-01-05", "10") for who in range(FEWEST - 1)])
    assert isinstance(Analysis.open(workspace, "Shop").answer(REPURCHASE, NOTHING).get(), Unknown)


def test_who_ordered_on_the_last_day_is_not_waited_for_on_the_day_after(tmp_path: Path) -> None:
    """Of 30 who are known for one more day all came back on it, of 20 nothing more is known: all who could have."""
    lines = [line(f"c{who}", f"{who}-1", "2026-01-05", "10") for who in range(30)]
    lines += [line(f"c{who}", f"{who}-2", "2026-01-06", "10") for who in range(30)]
    lines += [line(f"d{who}", f"{who}-1", "2026-01-06", "10") for who in range(20)]
    workspace = Workspace.open(tmp_path / "w")
    store(workspace, lines)
    found = Analysis.open(workspace, "Shop").answer(REPURCHASE, NOTHING).get()
    assert isinstance(found, Repurchase)
    share = found.everyone.by(1)
    assert isinstance(share, Estimate)
    assert share.value == 1.0


@pytest.mark.parametrize("earlier", [0, 29, 30])
def test_where_nearly_all_first_ordered_on_the_last_day_there_is_no_curve(tmp_path: Path, earlier: int) -> None:
    workspace = Workspace.open(tmp_path / "w")
    days = ["2026-01-04"] * earlier + ["2026-01-05"] * 30
    store(workspace, [line(f"c{who}", str(who), day, "10") for who, day in enumerate(days)])
    found = Analysis.open(workspace, "Shop").answer(REPURCHASE, NOTHING).get()
    if earlier < FEWEST:
        reason = f"{30 + earlier} customers have ordered. Of {earlier} of them another day is known; a curve takes 30."
        assert found == Unknown(reason)
    else:
        assert isinstance(found, Repurchase)
        assert found.everyone.end == 1
