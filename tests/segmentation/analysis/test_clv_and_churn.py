"""Lifetime value and churn: kept whole, read back the same, worked out once; and what the commands answer."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from segmentation.analysis import MEMORY, Analysis, Answer, work
from segmentation.analysis.outlook import outlook_at
from segmentation.cli import main
from segmentation.clv import Outlook, purchases
from segmentation.customers import CustomerTable, prepare, reach
from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.workspace import DatasetVersion, Workspace
from segmentation.workspace.codec import to_json
from tests.dashboard.shops import write_shop

Shop = tuple[Workspace, DatasetVersion, CustomerTable]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    workspace = Workspace.open(tmp_path_factory.mktemp("predicting"))
    version = write_shop(workspace, customers=900)
    return workspace, version, prepare(workspace, DuckEngine.open(workspace.root), version)


def by_a_worker(asked: Answer) -> None:
    """What a worker process does when it is asked for it; it remembers nothing of this one."""
    MEMORY.forget()
    work.work_out(
        root=str(asked.shop.workspace.root),
        dataset=asked.shop.version.name,
        number=asked.shop.version.number,
        as_of=asked.shop.as_of.isoformat(),
        name=asked.of.name,
        settings=json.dumps(to_json(asked.settings)),
    )
    MEMORY.forget()


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_clv_is_read_back_as_it_was_worked_out_and_worked_out_once(shop: Shop, monkeypatch) -> None:
    asked = Analysis.of(*shop[:2]).clv()
    made = asked.get()
    MEMORY.forget()
    monkeypatch.setattr("segmentation.analysis.clv.purchases", None)  # whoever would work it out again fails
    kept = asked.get()
    assert (kept.buying, kept.spending, kept.holdout) == (made.buying, made.spending, made.holdout)
    assert isinstance(kept.outlook, Outlook)
    assert isinstance(made.outlook, Outlook)
    assert (kept.outlook.past, kept.outlook.rates) == (made.outlook.past, made.outlook.rates)
    assert kept.outlook.clock.levels.tolist() == made.outlook.clock.levels.tolist()
    assert kept.scores is not None
    assert made.scores is not None
    for name in ("orders", "value", "again", "slopes", "noise"):
        assert np.array_equal(getattr(kept.scores, name), getattr(made.scores, name))
    assert kept.scores.n == shop[2].n


def test_churn_is_read_back_as_it_was_worked_out(shop: Shop) -> None:
    analysis = Analysis.of(*shop[:2])
    asked = analysis.churn(60)
    by_a_worker(asked)
    kept = asked.peek()
    assert kept is not None
    assert kept.scores is not None
    assert not isinstance(kept.findings, Unknown)
    assert kept.findings.horizon_days == 60
    assert kept.scores.n == shop[2].n
    assert not isinstance(kept.due, Unknown)
    assert len(kept.due.start) == shop[2].n
    assert asked.file != analysis.churn().file


def test_scores_stand_in_the_order_of_the_customer_table(shop: Shop) -> None:
    workspace, version, customers = shop
    found = purchases(DuckEngine.open(workspace.root), version, customers.as_of)
    assert found.ids.equals(customers.ids)
    assert np.array_equal(found.observed + 1, customers.raw("tenure_days"))
    assert (found.repeats + 1 <= customers.raw("orders")).all()  # orders of one day are one


def test_a_worker_can_be_asked_for_clv(shop: Shop) -> None:
    asked = Analysis.of(*shop[:2]).clv()
    asked.file.path.unlink(missing_ok=True)
    by_a_worker(asked)
    assert asked.peek() is not None


def test_half_written_scores_are_worked_out_again(shop: Shop) -> None:
    asked = Analysis.of(*shop[:2]).clv()
    asked.get()
    MEMORY.forget()
    asked.file.path.with_suffix(".1.npy").write_bytes(b"torn")
    assert asked.peek() is None
    assert asked.get().scores is not None
    MEMORY.forget()
    assert asked.peek() is not None


def test_what_was_wanted_of_an_older_version_is_refreshed_and_nothing_else(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "grown")
    versions = [write_shop(workspace, customers=n) for n in (300, 320, 340)]
    first, second, third = (Analysis.of(workspace, version) for version in versions)

    work.refresh(root=str(workspace.root), dataset="Shop", number=2)
    assert second.clv().peek() is None  # nobody asked before
    first.clv().get()
    work.refresh(root=str(workspace.root), dataset="Shop", number=3)
    kept = third.clv().peek()
    assert kept is not None
    assert kept.scores is not None
    assert kept.scores.n == third.plain_customers().n
    assert third.churn().peek() is None
    work.refresh(root=str(workspace.root), dataset="Shop", number=9)  # gone meanwhile


# Commands -------------------------------------------------------------------------------------------------------


def test_the_command_answers_every_part(shop: Shop, capsys, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(shop[0].root))
    out = tmp_path / "scores.csv"
    out.write_text("old")
    code, found = answer(capsys, "clv", "Shop", "--horizon", "90", "--out", str(out), "--force")
    assert code == 0
    assert set(found["repeat_buying"]["parameters"]) == {"r", "alpha", "a", "b"}
    assert {"p", "q", "gamma", "log_likelihood"} <= set(found["spending"])
    assert set(found["holdout"]["baselines"]) == {"same_again", "own_rate", "average", "nobody"}
    total = found["value"]["total"]
    assert total["low"] < total["value"] < total["high"]
    assert sum(one["value"] for one in found["value"]["segments"]) == pytest.approx(total["value"])
    ordered = found["orders"]["total"]
    assert ordered["low"] < ordered["value"] < ordered["high"]
    assert sum(one["value"] for one in found["orders"]["segments"]) == pytest.approx(ordered["value"])
    assert found["outlook"]["earlier_forecasts"][0]["days"] > 0
    assert "earlier dates" in found["outlook"]["interval"]
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == shop[2].n
    assert sum(float(row["expected_value"]) for row in rows) == pytest.approx(total["value"], rel=1e-3)
    assert sum(float(row["expected_orders"]) for row in rows) == pytest.approx(ordered["value"], rel=1e-3)
    assert {(row["as_of"], row["model"]) for row in rows} == {(shop[2].as_of.isoformat(), "BG/NBD")}
    assert all(float(row["expected_value"]) >= 0 for row in rows)


def test_a_shop_whose_sample_says_too_little_is_forecast_from_all_its_customers(shop: Shop, monkeypatch) -> None:
    """As where one customer in a hundred came back."""
    monkeypatch.setattr("segmentation.clv.periods.SAMPLE", 90)
    look = outlook_at(Analysis.of(*shop[:2]).at(shop[2].as_of - timedelta(days=3)))
    assert isinstance(look, Outlook)
    assert (look.past, look.clock.steady) == ((), True)


def test_a_horizon_beyond_twice_the_history_is_not_answered(shop: Shop, capsys, monkeypatch) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(shop[0].root))
    code, found = answer(capsys, "clv", "Shop", "--horizon", "5000")
    assert code == 0
    assert "says nothing about more than" in found["value"]["total"]["unknown"]


@pytest.mark.parametrize(
    "words", [("--horizon", "0"), ("--calibration-end", "2031-01-01"), ("--out", "/no/such/x.csv")]
)
def test_a_wrong_call_is_refused(shop: Shop, capsys, monkeypatch, words: tuple[str, str]) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(shop[0].root))
    code, found = answer(capsys, "clv", "Shop", *words)
    assert code == 2
    assert found["error"]


def test_the_calibration_end_is_inclusive_and_fits_what_was_known_then(shop: Shop, capsys, monkeypatch) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(shop[0].root))
    end = date(2025, 12, 31)
    _, found = answer(capsys, "clv", "Shop", "--calibration-end", end.isoformat(), "--unit", "week")
    assert found["holdout"]["from"] == "2026-01-01"
    then = purchases(DuckEngine.open(shop[0].root), shop[1], date(2026, 1, 1))
    assert found["repeat_buying"]["customers"] == then.n
    assert found["holdout"]["days"] == (shop[2].as_of - date(2026, 1, 1)).days


def test_the_churn_command_answers_every_part(shop: Shop, capsys, monkeypatch) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(shop[0].root))
    code, found = answer(capsys, "churn", "Shop", "--horizon", "60", "--offer-cost", "2", "--margin", "0.5")
    assert code == 0
    assert 30 <= found["definition_days"] <= 365
    assert found["auc"]["low"] <= found["auc"]["value"] <= found["auc"]["high"]
    assert set(found["baselines"]) == {"recency", "logistic"}
    assert found["calibration_error"] >= 0
    assert found["noise_floor"] > 0
    assert {"contact", "net_profit"} <= set(found["policy"])
    assert 0.5 < found["auc_not_yet_lost"]["value"] < found["auc"]["value"]  # the long gone are easy to tell


def test_an_offer_goes_to_those_who_are_not_lost_yet_unless_asked_otherwise(
    shop: Shop, capsys, monkeypatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(shop[0].root))
    terms, silent = ("--horizon", "60", "--offer-cost", "2", "--margin", "0.5"), shop[2].raw("recency_days")
    asked = {}
    for flags in ((), ("--lost-too",)):
        out = tmp_path / "asked.csv"
        _, found = answer(capsys, "churn", "Shop", *terms, *flags, "--out", str(out), "--force")
        rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
        chosen = np.array([row["contact"] == "yes" for row in rows])
        assert chosen.sum() == found["policy"]["contact"]
        asked[flags] = found["policy"], chosen
    few, many = asked[()], asked[("--lost-too",)]
    may = reach(shop[2], None).may
    assert few[0]["customers"] == int((may & (silent <= 60)).sum())
    assert many[0]["customers"] == int(may.sum()) < shop[2].n
    assert not chosen[~may].any()
    assert silent[few[1]].max() <= 60 < silent[many[1]].max()


def test_the_older_name_of_the_command_answers_the_same(shop: Shop, capsys, monkeypatch) -> None:
    monkeypatch.setenv("TESSERA_HOME", str(shop[0].root))
    (_, older), (_, newer) = (answer(capsys, name, "Shop") for name in ("worth", "clv"))
    assert {**older, "seconds": None} == {**newer, "seconds": None}
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert "clv" in said
    assert "worth" not in said
