"""Orders replaced by others of other money are asked about by what they come to, not by the difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentation.errors import OrdersChanged
from tests.segmentation.intake_files import csv, load, money

HEADER = "Order,Date,Customer,Product,Amount"


def export(*changed: int, by: int = 1) -> str:
    """Two hundred orders of 100.00; these come to more, every second of them to less."""
    rows = []
    for n in range(1, 201):
        more = (by if changed.index(n) % 2 == 0 else -by) if n in changed else 0
        rows.append(f"{n},2026-03-{n % 28 + 1:02d},C{n % 9},Tea,{100 + more}.00")
    return csv(*rows, header=HEADER)


def test_orders_of_more_than_a_hundredth_are_asked_about_however_little_they_change(tmp_path: Path) -> None:
    load(tmp_path, export(), name="old.csv")
    with pytest.raises(OrdersChanged, match="3 orders in another state"):
        load(tmp_path, export(3, 40, 70), name="new.csv")
    kept = load(tmp_path, export(3, 40, 70), name="new.csv", replace=False)
    assert kept.version.manifest.revenue == money("20000")
    taken = load(tmp_path, export(3, 40, 70), name="new.csv", replace=True)
    assert taken.version.manifest.revenue == money("20001")


def test_orders_of_less_are_taken_over_and_it_is_said(tmp_path: Path) -> None:
    load(tmp_path, export(), name="old.csv")
    new = load(tmp_path, export(3, by=50), name="new.csv")
    assert new.version.manifest.revenue == money("20050")
    assert any("1 orders were there already in another state" in said for said in new.warnings)


def test_orders_that_come_to_the_same_are_not_asked_about(tmp_path: Path) -> None:
    text = export().replace("Tea,100.00", "Tea,60.00")
    load(tmp_path, text, name="old.csv")
    other = text.replace("Tea", "Green tea")
    assert load(tmp_path, other, name="new.csv").version.manifest.revenue == money("12000")
