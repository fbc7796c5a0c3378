"""When the next order is due: a window from the customer's own rhythm, as wide as it must be."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from segmentation.churn import Due, DueSummary
from segmentation.churn.due import SHARE, Gaps, fit_rhythm, next_orders, read_gaps, windows
from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.workspace import Workspace
from segmentation.workspace.codec import from_json, to_json
from tests.segmentation.shops import line, store

pytestmark = pytest.mark.filterwarnings("error")
LAST = np.datetime64("2026-01-01", "D")


def simulated(rng: np.random.Generator, n: int, between: float = 0.5, within: float = 0.6) -> tuple[Gaps, np.ndarray]:
    """Customers with 1 to 12 gaps around means of their own, and the gap that comes next, in days."""
    count = rng.integers(1, 13, n).astype(float)
    mean = rng.normal(np.log(40), between, n)
    logs = [rng.normal(m, within, int(k)) for m, k in zip(mean, count, strict=True)]
    sums, squares = np.array([one.sum() for one in logs]), np.array([(one**2).sum() for one in logs])
    ids = pa.array([f"c{i}" for i in range(n)])
    return Gaps(ids, count, sums, squares, np.full(n, LAST)), np.exp(rng.normal(mean, within))


def test_the_rhythm_of_a_made_up_shop_is_found() -> None:
    rhythm = fit_rhythm(simulated(np.random.default_rng(1), 8_000)[0])
    assert not isinstance(rhythm, Unknown)
    assert rhythm.level == pytest.approx(np.log(40), abs=0.03)
    assert rhythm.between == pytest.approx(0.5, abs=0.04)
    assert rhythm.within == pytest.approx(0.6, abs=0.02)


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_the_stated_share_of_next_orders_falls_into_the_window(share: float) -> None:
    gaps, coming = simulated(np.random.default_rng(2), 20_000)
    rhythm = fit_rhythm(gaps)
    assert not isinstance(rhythm, Unknown)
    start, end = windows(gaps, rhythm, share=share)
    known = gaps.gaps >= 2
    assert np.array_equal(~np.isnat(start), known)
    next_day = LAST + np.round(coming).astype(int).astype("timedelta64[D]")
    inside = ((start <= next_day) & (next_day <= end))[known]
    assert inside.mean() == pytest.approx(share, abs=0.03)


def test_a_steady_customer_is_expected_earlier_than_a_slow_one_and_nobody_before_tomorrow() -> None:
    rhythm = fit_rhythm(simulated(np.random.default_rng(3), 3_000)[0])
    assert not isinstance(rhythm, Unknown)
    logs = np.log(np.array([7.0, 90.0, 1.0]))
    gaps = Gaps(pa.array(["a", "b", "c"]), np.full(3, 8.0), 8 * logs, 8 * logs**2, np.full(3, LAST))
    start, end = windows(gaps, rhythm)
    assert end[0] < end[1]
    assert (start > LAST).all()
    assert (end >= start).all()


def test_few_rhythms_are_none() -> None:
    assert isinstance(fit_rhythm(simulated(np.random.default_rng(4), 40)[0]), Unknown)


def test_due_is_today_inside_the_window_and_late_is_after_it() -> None:
    days = np.array(["2026-02-01", "2026-01-05", "2026-01-20", "NaT"], dtype="datetime64[D]")
    ends = np.array(["2026-02-10", "2026-01-20", "2026-01-25", "NaT"], dtype="datetime64[D]")
    summary = DueSummary(
        as_of=date(2026, 1, 22), share=SHARE, measured=Unknown("Not tried."), typical_gap=30, customers=3, due=1, late=1
    )
    found = Due(summary, days, ends)
    assert found.is_due.tolist() == [False, False, True, False]
    assert found.late_days.tolist() == [0, 2, 0, 0]
    assert "Not tried." in summary.sentence
    assert from_json(DueSummary, json.loads(json.dumps(to_json(summary)))) == summary


def test_gaps_come_from_buying_days_and_one_day_is_no_gap(tmp_path) -> None:
    workspace = Workspace.open(tmp_path)
    rows = [
        line("a", "1", "2026-01-01T09:00", "10"),
        line("a", "2", "2026-01-01T18:00", "10"),
        line("a", "3", "2026-01-11T08:00", "10"),
        line("a", "4", "2026-01-15T08:00", "-10"),
        line("a", "5", "2026-02-10T08:00", "10"),
        line("b", "6", "2026-01-03T08:00", "10"),
    ]
    version = store(workspace, rows)
    engine = DuckEngine.open(workspace.root)
    found = read_gaps(engine, version, date(2026, 3, 1))
    by_id = dict(zip(found.ids.to_pylist(), range(2), strict=True))
    assert found.gaps[by_id["a"]] == 2
    assert found.gaps[by_id["b"]] == 0
    assert found.log_sum[by_id["a"]] == pytest.approx(np.log(10) + np.log(30))
    assert str(found.last_day[by_id["a"]]) == "2026-02-10"
    assert isinstance(next_orders(engine, version, date(2026, 3, 1)), Unknown)
    with engine.reading(version) as run:
        after = run.query("buying_next", start=date(2026, 1, 5), as_of=date(2026, 3, 1)).to_pylist()
    assert after == [{"customer_id": "a", "from_day": date(2026, 1, 11), "next_day": date(2026, 2, 10)}]
