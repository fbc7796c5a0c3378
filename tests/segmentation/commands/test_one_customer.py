"""A shop that lives on one wholesale customer says so wherever shares of revenue are told."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from segmentation import cli


def wholesale(path: Path) -> Path:
    """Two hundred people, and one customer whose ten orders are half of the revenue."""
    rng = random.Random(4)
    lines = ["order_id,date,customer,amount"]
    for customer in range(200):
        for _ in range(rng.choice([1, 2, 5])):
            on = date(2025, 1, 1) + timedelta(days=rng.randrange(600))
            lines.append(f"{len(lines)},{on},c{customer},{rng.uniform(20, 40):.2f}")
    for order in range(10):
        lines.append(
            f"{len(lines)},{date(2025, 1, 5) + timedelta(days=60 * order)},big,{rng.uniform(1_500, 2_100):.2f}"
        )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_the_study_the_report_and_data_health_say_that_half_of_the_revenue_is_one_customers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    call = ["--workspace", str(home)]
    assert (
        cli.main(["import", str(wholesale(tmp_path / "o.csv")), "--dataset", "Big", "--not-guest", "big", *call]) == 0
    )
    capsys.readouterr()
    assert cli.main(["study", "Big", *call, "--json"]) == 0
    (rests,) = (
        s for s in json.loads(capsys.readouterr().out)["segments"] if s["share_of_its_revenue_from_one"] >= 0.25
    )
    assert cli.main(["study", "Big", *call]) == 0
    told = capsys.readouterr().out
    assert "One customer alone brings " in told
    assert f"of the all-time revenue of “{rests['name']}”." in told
    assert cli.main(["report", "Big", *call, "--out", str(tmp_path / "r.html")]) == 0
    assert "One customer alone brings " in (tmp_path / "r.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["health", "Big", *call]) == 0
    assert "One customer with much of the revenue" in capsys.readouterr().out
