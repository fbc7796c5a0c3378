"""Churn on the sample shop, through the entry function and the command."""

from __future__ import annotations

import csv
import json
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segmentation.churn import Due, find_windows, next_orders, study_churn
from segmentation.commands.churn import churn
from segmentation.customers import prepare
from segmentation.engine import DuckEngine
from segmentation.errors import SettingOutOfRange, WrongCall
from segmentation.estimates import Estimate, Unknown
from segmentation.intake import import_file
from segmentation.workspace import DatasetVersion, Workspace
from tests.segmentation.shops import line, store

pytestmark = pytest.mark.filterwarnings("error")
ORDERS = Path(__file__).resolve().parents[3] / "sample_data" / "orders.csv"
AS_OF = date(2026, 11, 1)
Shop = tuple[Workspace, DuckEngine, DatasetVersion]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    workspace = Workspace.open(tmp_path_factory.mktemp("churn"))
    version = import_file(workspace, ORDERS, dataset="Shop", today=date(2026, 11, 22)).version
    return workspace, DuckEngine.open(workspace.root), version


def asked(workspace: Workspace, dataset: str = "Shop", **more: Any) -> Namespace:
    unsaid = ("as_of", "horizon", "offer_cost", "save_rate", "margin", "out")
    usual = {**dict.fromkeys(unsaid), "lost_too": False, "force": False}
    return Namespace(workspace=workspace.root, json=True, dataset=dataset, **{**usual, **more})


def test_the_command_answers_in_one_object_and_writes_a_file_for_a_spreadsheet(shop: Shop, tmp_path: Path) -> None:
    workspace, engine, version = shop
    out = tmp_path / "scores.csv"
    result = churn(asked(workspace, out=out))
    body = json.loads(json.dumps(result.json))
    assert (body["dataset"], body["as_of"], body["definition_days"], body["horizon_days"]) == (
        "Shop",
        "2026-11-01",
        170,
        170,
    )
    assert body["auc"]["low"] > max(body["baselines"][name]["high"] for name in ("recency", "logistic"))
    assert body["lift_top_decile"] > 1
    assert body["policy"]["net_profit"]["low"] <= body["policy"]["net_profit"]["value"]
    assert body["policy"]["net_profit"]["value"] > body["policy"]["everyone"]["value"]
    assert body["policy"]["net_profit"]["value"] > body["policy"]["longest_silent"]["value"]
    assert 0.7 < body["auc_not_yet_lost"]["low"] < body["auc_not_yet_lost"]["high"] < body["auc"]["low"]
    assert any("margin is 56" in said for said in body["policy"]["assumed"])
    stated = churn(asked(workspace, margin=0.56)).json  # as the screen sets it
    for one in ("contact", "net_profit", "everyone", "longest_silent"):
        assert body["policy"][one] == stated["policy"][one]
    assert body["scored_by"] == min(body["models"], key=lambda kind: body["models"][kind]["log_loss_held_out"])
    assert {*body["baselines"]} == {"recency", "logistic"}
    for kind in ("recency", "logistic"):
        assert body["models"][kind]["auc"] == body["baselines"][kind]
    assert len(body["held_out_on"]) == len(body["models"]["trees"]["log_loss_by_window"]) == 2
    assert body["recalibration"]["sentence"] in result.text
    assert body["recalibration"]["kept"] == (body["recalibration"]["gain"]["low"] > 0)
    assert body["drivers"][0]["feature"] == "recency_days"
    assert body["verdict"] in result.text
    # The shop's newcomers of 2026 hardly come back, and nothing before the test date could tell.
    assert body["calibration_error"] > body["noise_floor"]
    assert "more than chance would explain" in body["verdict"]
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["customer_id"] for row in rows] == prepare(workspace, engine, version).ids.to_pylist()
    assert sum(row["contact"] == "yes" for row in rows) == body["policy"]["contact"]
    for row in rows[:200]:
        assert float(row["chance_to_order"]) + float(row["churn_risk"]) == pytest.approx(1, abs=2e-4)
        assert (row["due_from"] == "") == (row["due_to"] == "")


def test_wrong_calls_name_the_option(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="no folder"):
        churn(asked(shop[0], out=tmp_path / "nowhere" / "scores.csv"))
    with pytest.raises(SettingOutOfRange, match="save_rate"):
        churn(asked(shop[0], save_rate=2.0))
    with pytest.raises(SettingOutOfRange, match="horizon"):
        churn(asked(shop[0], horizon=2))


def test_a_horizon_the_history_cannot_hold_is_unknown_while_the_definition_is_known(shop: Shop, tmp_path: Path) -> None:
    body = churn(asked(shop[0], as_of=date(2024, 8, 1), horizon=120, out=tmp_path / "none.csv")).json
    assert body["definition_days"] == 90
    for name in ("auc", "calibration_error", "policy", "verdict"):
        assert "360\u00a0days" in body[name]["unknown"]
    assert not (tmp_path / "none.csv").exists()


def test_a_small_shop_says_how_many_are_needed(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    rows = [
        line(f"c{i}", f"{i}-{k}", f"2025-{1 + 3 * k:02d}-{1 + i % 28:02d}", "10") for i in range(60) for k in range(4)
    ]
    version = store(workspace, rows)
    found = study_churn(workspace, DuckEngine.open(workspace.root), version, horizon_days=60)
    assert isinstance(found, Unknown)
    assert "100 of each" in found.reason
    assert "unknown" in churn(asked(workspace)).json["auc"]


def test_nothing_from_the_tested_window_is_learned_from(shop: Shop) -> None:
    windows = find_windows(*shop, AS_OF, 90)
    assert not isinstance(windows, Unknown)
    for window in windows.learned:
        assert window.then.end <= windows.tested.table.as_of
    for window in windows.latest:
        assert window.then.end <= windows.now.as_of == AS_OF
    assert all(window.table.as_of < windows.now.as_of for window in windows.latest)


def test_next_orders_fall_into_their_windows_as_often_as_stated(shop: Shop) -> None:
    workspace, engine, version = shop
    found = next_orders(engine, version, AS_OF)
    assert isinstance(found, Due)
    measured = found.summary.measured
    assert isinstance(measured, Estimate)
    assert measured.low - 0.03 < found.summary.share < measured.high + 0.03
    assert len(found.start) == prepare(workspace, engine, version).n
    assert (found.summary.due, found.summary.late) == (int(found.is_due.sum()), int((found.late_days > 0).sum()))
    assert np.isnat(found.start).sum() == len(found.start) - found.summary.customers
