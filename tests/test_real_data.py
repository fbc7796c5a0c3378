"""Published order files of real shops, through the same door as anybody's (make real)."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.analysis import Analysis
from segmentation.workspace import Workspace
from tests import published
from tests.naming import lies
from tests.segments_made import every_way
from tests.truth.test_baseline_truth import front_door
from tests.truth.test_forecast_truth import front_door as forecasts
from tests.truth.test_forecast_truth import held

pytestmark = pytest.mark.real

Answer = dict[str, object]


def tessera(*words: str | Path, workspace: Path) -> Answer:
    """What one command answers with --json."""
    command = [sys.executable, "-m", "segmentation.cli", *map(str, words), "--workspace", str(workspace), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout, parse_float=Decimal)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real") / "workspace"


@pytest.fixture(scope="module")
def grocer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published.complete_journey(tmp_path_factory.mktemp("grocer") / "complete-journey.csv")


@pytest.fixture(scope="module")
def grocer_imported(grocer: Path, workspace: Path) -> Answer:
    return tessera("import", grocer, "--dataset", "Complete Journey", workspace=workspace)


@pytest.fixture(scope="module")
def cds_imported(workspace: Path) -> Answer:
    return tessera("import", published.cdnow(), "--dataset", "CDNOW", workspace=workspace)


def test_every_line_of_complete_journey_is_accounted_for(grocer_imported: Answer) -> None:
    rows = grocer_imported["rows"]
    assert rows["read"] == 1_469_307
    assert (
        rows["loaded"] + rows["already_present"] + rows["dropped_repeats"] + sum(rows["set_aside"].values())
        == 1_469_307
    )
    assert rows["set_aside"] == {}
    assert grocer_imported["customers"] == 2_469
    assert grocer_imported["guests"] == 0
    assert grocer_imported["period"] == ["2017-01-01", "2018-01-01"]


def test_the_revenue_of_complete_journey_agrees_to_the_cent(grocer: Path, grocer_imported: Answer) -> None:
    with grocer.open(encoding="utf-8", newline="") as file:
        revenue = sum((Decimal(row["sales_value"]) for row in csv.DictReader(file)), Decimal(0))
    assert money(grocer_imported, "file") == revenue
    assert money(grocer_imported, "kept") + excluded(grocer_imported) == revenue


@pytest.mark.usefixtures("grocer_imported")
def test_complete_journey_is_segmented_without_leaving_anybody_out(workspace: Path) -> None:
    found = tessera("study", "Complete Journey", workspace=workspace)
    segments = found["segments"]
    assert len(segments) == found["k"] >= 2
    assert sum(segment["customers"] for segment in segments) == 2_469
    assert abs(sum(segment["share_of_customers"] for segment in segments) - 1) < Decimal("1e-9")
    assert abs(sum(segment["share_of_revenue"] for segment in segments) - 1) < Decimal("1e-9")


def test_cdnow_is_read_with_its_runs_of_spaces_and_packed_dates(cds_imported: Answer) -> None:
    assert cds_imported["rows"]["read"] == cds_imported["rows"]["loaded"] == 69_659
    assert cds_imported["rows"]["set_aside"] == {}
    assert cds_imported["customers"] == 23_570
    assert money(cds_imported, "file") == money(cds_imported, "kept") == Decimal("2500315.63")
    assert cds_imported["period"] == ["1997-01-01", "1998-06-30"]


def test_cdnow_keeps_its_repeated_rows_and_counts_them(cds_imported: Answer) -> None:
    """A second CD at the same price on the same day is no error: nothing in the file proves that it is."""
    assert cds_imported["repeated_rows"] == 255
    assert cds_imported["rows"]["dropped_repeats"] == 0


@pytest.mark.usefixtures("cds_imported")
def test_importing_cdnow_again_adds_nothing(workspace: Path, cds_imported: Answer) -> None:
    again = tessera("import", published.cdnow(), "--dataset", "CDNOW", workspace=workspace)
    assert again["rows"]["loaded"] == 0
    assert again["rows"]["already_present"] == 69_659
    assert again["customers"] == cds_imported["customers"]
    assert again["orders"] == cds_imported["orders"]


@pytest.mark.usefixtures("cds_imported")
def test_cdnow_is_segmented_and_most_of_its_customers_came_once(workspace: Path) -> None:
    found = tessera("study", "CDNOW", "--segments", "5", workspace=workspace)
    assert sum(segment["customers"] for segment in found["segments"]) == 23_570


@pytest.mark.usefixtures("grocer_imported", "cds_imported")
@pytest.mark.parametrize("dataset", ["Complete Journey", "CDNOW"])
def test_no_name_of_a_segment_in_a_real_shop_says_what_is_not_so(workspace: Path, dataset: str) -> None:
    shop = Analysis.open(Workspace.open(workspace), dataset)
    assert [f"{way}: {lie}" for way, table, found in every_way(shop) for lie in lies(table, found)] == []


def money(answer: Answer, part: str) -> Decimal:
    return Decimal(str(answer["revenue"][part]))


def excluded(answer: Answer) -> Decimal:
    return sum((Decimal(str(amount)) for amount in answer["revenue"]["excluded"].values()), Decimal(0))


@pytest.mark.usefixtures("grocer_imported", "cds_imported")
@pytest.mark.parametrize(
    ("shop", "winner", "shares"),
    [
        (
            "Complete Journey",
            "last_window",
            {
                "segments": 28, "rfm": 29, "recency": 19, "score": 33,
                "spend_so_far": 73, "last_window": 75, "boosted_trees": 69,
            },
        ),
        (
            "CDNOW",
            "boosted_trees",
            {
                "segments": 15, "rfm": 16, "recency": 12, "score": 13,
                "spend_so_far": 27, "last_window": 28, "boosted_trees": 32,
            },
        ),
    ],
)  # fmt: skip
def test_the_backtest_on_real_shops_says_what_the_documentation_says(
    workspace: Path, shop: str, winner: str, shares: dict[str, int]
) -> None:
    found = tessera("prove", shop, workspace=workspace)
    assert found["structure"]["beyond_one_group"] is False
    predictive = found["predictive"]
    assert predictive["winner"] == winner
    explained = {name: float(one["value"]) * 100 for name, one in predictive["explained"].items()}
    assert explained == pytest.approx(shares, abs=1.0)


def test_the_cdnow_sample_gives_the_published_parameters_from_the_file_to_the_answer(workspace: Path) -> None:
    tessera("import", published.cdnow_sample_file(), "--dataset", "CDNOW sample", workspace=workspace)
    words = ("--calibration-end", "1997-09-30", "--unit", "week")
    found = tessera("clv", "CDNOW sample", *words, workspace=workspace)
    parameters = {name: float(value) for name, value in found["repeat_buying"]["parameters"].items()}
    assert parameters == pytest.approx({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, abs=5e-4)
    assert float(found["repeat_buying"]["log_likelihood"]) == pytest.approx(-9582.4, abs=0.1)
    assert [round(float(found["spending"][name]), 2) for name in ("p", "q", "gamma")] == [6.25, 3.74, 15.44]
    assert float(found["holdout"]["correlation"]) >= 0.62
    assert found["holdout"]["winner"] == "model"


@pytest.mark.usefixtures("grocer_imported", "cds_imported")
@pytest.mark.parametrize(
    ("shop", "winner", "errors", "auc"),
    [
        ("Complete Journey", None, (8.82, 8.66), (0.872, 0.873)),
        ("CDNOW", "model", (1.117, 1.280), (0.836, 0.828)),
    ],
)
def test_worth_and_churn_on_real_shops_do_as_the_documentation_says(
    workspace: Path, shop: str, winner: str | None, errors: tuple[float, float], auc: tuple[float, float]
) -> None:
    holdout = tessera("clv", shop, workspace=workspace)["holdout"]
    assert (holdout["winner"] if isinstance(holdout["winner"], str) else None) == winner
    plain = holdout["baselines"]["same_again"]["rmse"]
    assert (float(holdout["rmse"]), float(plain)) == pytest.approx(errors, rel=0.005)
    churn = tessera("churn", shop, "--horizon", "90", workspace=workspace)
    found = (float(churn["auc"]["value"]), float(churn["baselines"]["recency"]["value"]))
    assert found == pytest.approx(auc, abs=0.005)


@pytest.mark.usefixtures("grocer_imported", "cds_imported")
@pytest.mark.parametrize(("shop", "plain"), [("Complete Journey", 1.0), ("CDNOW", 0.4)])
def test_forecasts_made_every_four_weeks_hold_what_came(workspace: Path, shop: str, plain: float) -> None:
    """Of 13 and 26 weeks, wherever the history leaves them; `plain` is what the model's own interval holds at most."""
    found = forecasts(Workspace.open(workspace), shop)
    for what in ("orders", "revenue"):
        now = [one for one in found if (one.way, one.what) == ("now", what)]
        assert held(now) >= 0.88
        assert sorted(one.half for one in now)[len(now) // 2] <= 0.50
        assert held([one for one in found if (one.way, one.what) == ("plain", what)]) <= plain


@pytest.mark.usefixtures("grocer_imported", "cds_imported")
@pytest.mark.parametrize("shop", ["Complete Journey", "CDNOW"])
def test_the_next_month_of_each_segment_is_inside_the_interval_of_one_window(workspace: Path, shop: str) -> None:
    """At every date a month apart that leaves two months of history; see docs/campaigns.md."""
    tally = front_door(Workspace.open(workspace), shop, most=24)
    assert sum(tally.single) >= 0.90 * len(tally.single)
    assert sum(tally.average) >= 0.90 * len(tally.average)
    assert sum(tally.before) < 0.85 * len(tally.before)
