"""`tessera prove`: whether segments hold, as one JSON object, on the sample shop and on shops that cannot answer."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from segmentation import cli
from segmentation.analysis import Analysis, StudySettings
from segmentation.intake import import_file
from segmentation.workspace import Workspace

TODAY = date(2026, 11, 22)
SHOP = "Sample shop"
ORDERS = Path(__file__).resolve().parents[3] / "sample_data" / "orders.csv"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prove") / "workspace"
    import_file(Workspace.open(folder), ORDERS, dataset=SHOP, today=TODAY)
    return folder


def prove(capsys: pytest.CaptureFixture[str], home: Path, *words: str, shop: str = SHOP) -> tuple[int, dict[str, Any]]:
    code = cli.main(["prove", shop, "--workspace", str(home), "--json", *words])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def proven(home: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    code, body = prove(capsys, home)
    assert code == 0
    return body


def test_the_sample_shop_holds_groups_that_come_out_again(proven: dict[str, Any]) -> None:
    assert proven["structure"]["beyond_one_group"] is True
    low, high = proven["structure"]["reference"]
    assert low < high < proven["structure"]["statistic"]
    stable = proven["stable"]
    assert len(stable["segments"]) == proven["k"]
    assert stable["worst"]["jaccard"] == min(one["jaccard"] for one in stable["segments"])
    for one in stable["segments"]:
        assert 0 <= one["low"] <= one["jaccard"] <= one["high"] <= 1
    assert stable["worst"]["jaccard"] > 0.75


def test_the_backtest_says_who_wins_beside_plain_rules(proven: dict[str, Any]) -> None:
    predictive = proven["predictive"]
    explained = predictive["explained"]
    assert list(explained) == ["segments", "rfm", "recency", "score", "spend_so_far", "last_window", "boosted_trees"]
    for one in explained.values():
        assert one["low"] <= one["value"] <= one["high"]
    assert explained["segments"]["value"] > explained["recency"]["value"]
    best = max(explained, key=lambda name: explained[name]["value"])
    assert predictive["winner"] == best == predictive["leaders"][0]
    assert predictive["window_days"] == 90
    foreseen = predictive["foreseen"]
    assert (foreseen["by"], foreseen["share"]) == (best, explained[best]["value"])
    assert foreseen["kept"] == pytest.approx(explained["segments"]["value"] / explained[best]["value"])


def shop_of(path: Path, rates: Callable[[random.Random], float], *, seed: int) -> Path:
    """An export of 500 customers over two years, who order at a daily rate and fill baskets of their own."""
    rng = random.Random(seed)
    lines = ["order_id,date,customer,amount"]
    for customer in range(500):
        rate = rates(rng)
        basket = 8 + 3_000 * rate
        day = rng.expovariate(rate)
        while day < 730:
            on = date(2024, 1, 1) + timedelta(days=int(day))
            lines.append(f"{len(lines)},{on},c{customer},{basket * rng.uniform(0.7, 1.3):.2f}")
            day += rng.expovariate(rate)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_past_spend_wins_where_everyone_keeps_a_rate_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shop_of(tmp_path / "own.csv", lambda rng: 0.001 + rng.expovariate(60), seed=1)
    import_file(Workspace.open(tmp_path / "home"), file, dataset="Own", today=TODAY)
    code, body = prove(capsys, tmp_path / "home", "--segments", "4", shop="Own")
    assert code == 0
    assert body["predictive"]["winner"] in {"spend_so_far", "last_window", "boosted_trees"}
    assert body["predictive"]["explained"]["spend_so_far"]["value"] > 0.5
    assert "of what can be foreseen (" in body["predictive"]["verdict"]
    assert cli.main(["prove", "Own", "--workspace", str(tmp_path / "home"), "--segments", "4"]) == 0
    assert "Predict best" not in capsys.readouterr().out


def test_nobody_wins_where_next_spend_is_luck(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = shop_of(tmp_path / "alike.csv", lambda _: 0.011, seed=2)
    import_file(Workspace.open(tmp_path / "home"), file, dataset="Luck", today=TODAY)
    code, body = prove(capsys, tmp_path / "home", "--segments", "4", shop="Luck")
    assert code == 0
    assert body["predictive"]["winner"] == "level"
    assert "unknown" in body["predictive"]["foreseen"]
    assert body["predictive"]["verdict"].endswith(
        "none of them predicts better than expecting the average of everyone."
    )


def test_the_recommended_number_is_within_one_of_what_was_planted(proven: dict[str, Any]) -> None:
    truth = json.loads((ORDERS.parent / "truth" / "truth.json").read_text(encoding="utf-8"))
    recommended = proven["recommended"]
    assert abs(recommended["k"] - len(truth["behaviours"])) <= 1
    assert [point["k"] for point in recommended["curve"]] == list(range(2, 16))
    assert proven["k"] == recommended["k"]


def test_the_rules_run_as_sql_and_match_as_often_as_they_say(proven: dict[str, Any], home: Path) -> None:
    shop = Analysis.open(Workspace.open(home), SHOP)
    customers, study = shop.plain_customers(), shop.study(StudySettings(segments=proven["k"]))
    columns = {feature.name: customers.raw(feature.name) for feature in customers.features}
    with duckdb.connect() as connection:
        values = ", ".join(f"unnest(${name}) AS {name}" for name in columns)
        given = connection.execute(
            f"WITH features AS (SELECT {values}) SELECT {proven['rules']['sql']} FROM features",
            {name: [None if v != v else float(v) for v in column] for name, column in columns.items()},
        ).fetchall()
    names = [segment.name for segment in study.segmentation.segments]
    matched = sum(found == names[label] for (found,), label in zip(given, study.segmentation.labels, strict=True))
    assert matched / customers.n == pytest.approx(proven["rules"]["agreement"], abs=1e-9)
    assert proven["rules"]["agreement"] > 0.8


def test_rules_and_a_fixed_number_are_proven_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, rules = prove(capsys, home, "--method", "rfm")
    assert code == 0
    assert rules["k"] == 10
    assert any("team" in breach["reason"] for breach in rules["usable"])
    assert all(breach["remedy"].startswith("Merge") for breach in rules["usable"])
    code, four = prove(capsys, home, "--segments", "4")
    assert (code, four["k"]) == (0, 4)


def test_a_limit_for_the_size_names_the_merge(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, body = prove(capsys, home, "--segments", "4", "--smallest", "1500")
    small = [breach for breach in body["usable"] if len(breach["segments"]) == 1]
    assert small
    assert all("Merge it with" in breach["remedy"] for breach in small)


def test_the_same_words_without_json_are_sentences(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["prove", SHOP, "--workspace", str(home)]) == 0
    told = capsys.readouterr().out
    for question in ("Distinct groups?", "Stable?", "Predictive?", "Usable?", "Recommended:", "Segment definition"):
        assert question in told


def test_a_short_history_says_why_there_is_no_backtest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["order_id,date,customer,amount"]
    lines += [f"{i},2026-01-{i % 28 + 1:02d},c{i % 60},{5 + i % 40}.50" for i in range(300)]
    file = tmp_path / "short.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    home = tmp_path / "short"
    import_file(Workspace.open(home), file, dataset="Short", today=TODAY)
    code, body = prove(capsys, home, shop="Short")
    assert code == 0
    assert "history" in body["predictive"]["unknown"]
    assert all("unknown" in point["explained"] for point in body["recommended"]["curve"])


def test_customers_who_are_all_alike_cannot_be_segmented(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "alike.csv"
    rows = "\n".join(f"{i},2026-01-05,c{i},10.00" for i in range(60))
    file.write_text(f"order_id,date,customer,amount\n{rows}\n", encoding="utf-8")
    home = tmp_path / "alike"
    import_file(Workspace.open(home), file, dataset="Alike", today=TODAY)
    code, body = prove(capsys, home, shop="Alike")
    assert code == 1
    assert "alike" in body["error"]["fact"]


def test_an_unknown_shop_is_a_wrong_call(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, body = prove(capsys, home, shop="Sampel shop")
    assert code == 2
    assert "Sample shop" in body["error"]["fact"]
