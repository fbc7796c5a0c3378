"""The grid of the RFM rules: its cells hold everybody once, and open their customers."""

from __future__ import annotations

import numpy as np
import pytest

from segmentation.segments import RfmGrid, SegmentSettings, segment
from tests.dashboard.parts import kept_table, leaves, opened, said, stand_in_kept_shop


@pytest.fixture(autouse=True)
def shop(tmp_path_factory, monkeypatch):
    stand_in_kept_shop(tmp_path_factory, monkeypatch)


@pytest.fixture
def table(tmp_path_factory):
    return kept_table(tmp_path_factory)


def grid_of(table, preset):
    found = segment(table, SegmentSettings(method="rfm", rfm_preset=preset))
    return found, RfmGrid.of(found.model, table, found.labels)


@pytest.mark.parametrize("preset", ["shopify", "klaviyo"])
def test_every_customer_is_in_one_cell(table, preset):
    _, grid = grid_of(table, preset)
    scores = range(1, grid.highest + 1)
    assert sum(grid.customers(r, fm) for r in scores for fm in scores) == table.n
    assert (sum(grid.mask(r, fm).astype(int) for r in scores for fm in scores) == 1).all()


def test_a_cell_of_shopifys_rules_lies_in_one_segment(table):
    found, grid = grid_of(table, "shopify")
    for r in range(1, 6):
        for fm in range(1, 6):
            inside = found.labels[grid.mask(r, fm)]
            assert np.unique(inside).size <= 1
            assert grid.segment(r, fm) == (inside[0] if inside.size else None)


def test_a_cell_opens_its_customers(table):
    _, grid = grid_of(table, "shopify")
    r, fm = next((r, fm) for r in (5, 4, 3) for fm in (5, 4, 3) if grid.customers(r, fm))
    app = opened("rfm_grid", method="rfm")
    assert not app.exception
    assert f"{grid.customers(r, fm):,} · " in app.dataframe[0].value.iloc[5 - r, fm - 1]
    app.session_state["rfm_grid"] = {"selection": {"rows": [], "columns": [], "cells": [(5 - r, f"FM {fm}")]}}
    app.run()
    assert not app.exception
    assert f"R {r}, FM {fm}: {grid.customers(r, fm)} customer" in said(app).replace("**", "")
    assert leaves(app, "rfm_cell_csv") == grid.customers(r, fm)


def test_segments_that_have_no_scores_have_no_grid():
    app = opened("rfm_grid")
    assert not app.exception
    assert not app.dataframe
