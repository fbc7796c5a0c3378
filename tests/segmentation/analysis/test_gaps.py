"""A shop that was shut for months: what is learned from silence says so."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from segmentation import cli
from segmentation.analysis import Analysis
from segmentation.intake import import_file
from segmentation.workspace import Workspace
from tests.segmentation.closed_shop import write_closed_shop

TODAY = date(2026, 11, 22)
SAID = "No orders are known of 1 Nov 2025 – 31 Mar 2026 (151 days)"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("closed")
    for name, shut in (("Shut", True), ("Open", False)):
        file = write_closed_shop(folder / f"{name}.csv", shut=shut)
        import_file(Workspace.open(folder / "home"), file, dataset=name, today=TODAY)
    return folder / "home"


def plainly(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("command", ["clv", "churn", "prove"])
def test_what_is_learned_across_the_days_a_shop_was_shut_says_so(
    home: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([command, "Shut", "--workspace", str(home), "--json"]) == 0
    assert SAID in plainly(json.loads(capsys.readouterr().out)["careful"])
    assert cli.main([command, "Shut", "--workspace", str(home)]) == 0
    assert SAID in plainly(capsys.readouterr().out)


def test_the_report_says_so_too(home: Path, tmp_path: Path) -> None:
    for shop, said in (("Shut", True), ("Open", False)):
        out = tmp_path / f"{shop}.html"
        assert cli.main(["report", shop, "--workspace", str(home), "--out", str(out)]) == 0
        assert (SAID in plainly(out.read_text(encoding="utf-8"))) == said


def test_a_shop_that_was_always_open_says_nothing(home: Path) -> None:
    assert Analysis.open(Workspace.open(home), "Open").careful() == ""


def test_before_the_days_were_over_nobody_knew(home: Path) -> None:
    workspace = Workspace.open(home)
    assert Analysis.open(workspace, "Shut", date(2026, 3, 31)).careful() == ""
    assert plainly(Analysis.open(workspace, "Shut", date(2026, 4, 2)).careful()).startswith(SAID)
