from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from segmentation.customers import CustomerTable
from segmentation.customers.lookup import find, reasons, row_of, standings
from segmentation.engine import DuckEngine
from segmentation.estimates import Unknown
from segmentation.workspace import Workspace
from tests.segmentation.shops import line, store


@pytest.fixture
def table() -> CustomerTable:
    return CustomerTable.from_arrays(
        ["a", "b", "c", "d"],
        {"orders": [1, 2, 2, 9], "spend": [10, 20, 30, 900], "gap_days": [np.nan, 30, 40, 5]},
        as_of=date(2026, 1, 1),
    )


def standing(table: CustomerTable, customer: str, name: str):
    row = row_of(table, customer)
    return next(one for one in standings(table, row) if one.feature.name == name)


def test_a_customer_unknown_to_the_table_has_no_row(table):
    assert row_of(table, "nobody") is None


def test_the_share_below_counts_ties_half(table):
    assert standing(table, "b", "orders").below == 0.5
    assert standing(table, "d", "spend").below == 0.875


def test_typical_is_the_median_of_those_who_have_a_value(table):
    assert standing(table, "a", "gap_days").typical == 30


def test_an_undefined_feature_says_why_instead_of_a_rank(table):
    found = standing(table, "a", "gap_days")
    assert isinstance(found.value, Unknown)
    assert isinstance(found.below, Unknown)


def test_a_reason_points_the_same_way_as_the_group(table):
    names, row = ("orders", "spend"), row_of(table, "d")
    assert set(reasons(table, row, names, {"orders": 1.0, "spend": 1.5})) == {"orders", "spend"}
    assert reasons(table, row, names, {"orders": -1.0, "spend": 1.5}) == ("spend",)


def test_nothing_telling_is_no_reason(table):
    assert reasons(table, row_of(table, "d"), ("orders", "spend"), {"orders": 0.1, "spend": -0.4}) == ()


@pytest.mark.parametrize("blank", ["\t", "\r\n", "\u00a0", "\u3000", " \t "])
def test_a_customer_is_found_by_an_id_that_begins_with_blanks(tmp_path: Path, blank: str) -> None:
    workspace = Workspace.open(tmp_path)
    version = store(workspace, [line(f"{blank}ann", "1", "2026-01-10", "40"), line("bob", "2", "2026-01-11", "30")])
    engine = DuckEngine.open(workspace.root)
    for text in ("ann", f"{blank}ann", "AN"):
        assert [one.customer for one in find(engine, version, text)] == [f"{blank}ann"]
    engine.close()
