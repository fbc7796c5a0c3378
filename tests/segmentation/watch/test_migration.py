from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from segmentation.customers import CustomerTable
from segmentation.segments import SegmentSettings, segment
from segmentation.watch import Migration, migration

SETTINGS = SegmentSettings(segments=2, features=("orders", "spend"))


@pytest.fixture(scope="module")
def found() -> Migration:
    rng = np.random.default_rng(3)
    ids = [f"c{i}" for i in range(200)]
    high = np.arange(200) < 60
    orders = np.where(high, 20, 1) + rng.integers(0, 3, 200)
    spend = np.where(high, 900.0, 20.0) + rng.random(200)
    now = CustomerTable.from_arrays(ids, {"orders": orders, "spend": spend}, as_of=date(2026, 4, 1))
    keep = slice(10, 190)  # the first ten and the last ten had not ordered yet
    was_low = np.arange(200) < 25  # fifteen of those who were there moved up
    then = CustomerTable.from_arrays(
        ids[keep],
        {"orders": np.where(was_low, 1, orders)[keep], "spend": np.where(was_low, 20.0, spend)[keep]},
        as_of=date(2026, 1, 1),
        scalings=now.scalings,
    )
    return migration(segment(now, SETTINGS), then, now)


def test_nobody_is_lost_and_nobody_is_counted_twice(found):
    assert found.flows.sum() == 200
    assert sum(found.after) == 200
    assert sum(found.before) == 180


def test_new_customers_are_those_who_had_not_ordered_then(found):
    assert sum(found.new) == 20


def test_the_largest_move_is_the_planted_one(found):
    (move,) = found.moves(1)
    assert move.customers == 15
    assert found.after[move.target] == 60


def test_the_difference_of_sizes_is_what_came_less_what_went(found):
    for place in range(2):
        came = sum(m.customers for m in found.moves() if m.target == place) + found.new[place]
        went = sum(m.customers for m in found.moves() if m.source == place)
        assert found.after[place] - found.before[place] == came - went
