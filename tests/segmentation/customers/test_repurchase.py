"""The time to a second order: a published curve, a simulated shop with a known rate, and a shop counted by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

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


def published() -> Curve:
    ended = np.array(["+" not in one for one in WEEKS])
    weeks = np.array([int(one.strip("+")) for one in WEEKS])
    return curve("6-MP", weeks, ended, np.ones(len(weeks), dtype=np.int64))


def test_the_curve_is_the_published_one() -> None:
    found = published()
    assert found.days == tuple(PUBLISHED)
    assert [round(1 - share, 3) for share in found.share] == [left for left, _ in PUBLISHED.values()]
    for (left, error), low, high in zip(PUBLISHED.values(), found.low, found.high, strict=True):
        spread = 1.959964 * error / (left * np.log(left))  # the delta method on log(-log S)
        ends = sorted(1 - left ** np.exp(sign * spread) for sign in (1, -1))
        assert (low, high) == pytest.approx(tuple(ends), abs=0.004)
    assert found.waited == 35
    assert found.half_within == 23
    assert isinstance(found.by(36), Unknown)
    assert found.by(5) == Estimate(0.0, 0.0, 0.0, 21)


def test_counts_are_the_same_as_one_row_each() -> None:
    days, ended = np.array([3, 3, 5, 9]), np.array([True, False, True, False])
    times = np.array([4, 7, 2, 30])
    one_by_one = curve("a", np.repeat(days, times), np.repeat(ended, times), np.ones(times.sum(), dtype=np.int64))
    assert curve("a", days, ended, times) == one_by_one


@pytest.mark.parametrize("everybody", [True, False])
def test_where_all_came_back_or_nobody_the_ends_hold(everybody: bool) -> None:
    found = curve("a", np.array([2, 4]), np.array([everybody] * 2), np.array([5, 5]))
    assert found.share == ((0.5, 1.0) if everybody else ())
    assert all(
        0 <= low <= share <= high <= 1 for low, share, high in zip(found.low, found.share, found.high, strict=True)
    )


def test_the_interval_holds_the_truth_as_often_as_it_says_though_most_are_cut_off_at_other_times() -> None:
    """Customers join at any time, come back at a constant rate or (two in five) never; the truth is known."""
    rng, truth, held = np.random.default_rng(1), 0.6 * (1 - np.exp(-90 / 60)), 0
    for _ in range(400):
        waited = rng.integers(1, 400, 300)
        needed = np.where(rng.random(300) < 0.6, np.ceil(rng.exponential(60, 300)), 10**6).astype(int)
        found = curve("a", np.minimum(needed, waited), needed <= waited, np.ones(300, dtype=np.int64)).by(90)
        assert isinstance(found, Estimate)
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 400 <= 0.985


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
    assert found.cohorts[0].share == (1.0,)
    assert found.everyone.customers == 80
    assert main(["repurchase", "Shop", "--workspace", str(workspace.root), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["cohorts"][1]["within"]["30"] == {"unknown": "The first of them ordered 21\u00a0days ago."}
    assert told["cohorts"][0]["within"]["30"]["value"] == 1.0
    assert main(["repurchase", "Shop", "--workspace", str(workspace.root)]) == 0
    assert "Q2 2026" in capsys.readouterr().out


def test_too_few_customers_have_no_curve(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    store(workspace, [line(f"c{who}", str(who), "2026-01-05", "10") for who in range(FEWEST - 1)])
    assert isinstance(Analysis.open(workspace, "Shop").answer(REPURCHASE, NOTHING).get(), Unknown)
