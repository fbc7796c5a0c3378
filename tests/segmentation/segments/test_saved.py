"""A saved segmentation gives everyone the same segment again, and later customers theirs, without a fit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from segmentation.analysis import METHODS
from segmentation.customers import CustomerTable
from segmentation.errors import FeatureUnavailable, WorkspaceBroken
from segmentation.segments import Bands, Condition, Conditions, Edits, Pin, SegmentSettings, freeze, segment, thaw
from tests.segmentation.planted import planted_shop, table_of

pytestmark = pytest.mark.filterwarnings("error")

FEATURES = ("recency_days", "orders", "average_order", "discount_share")
LIST = "0123456789abcdef"


@pytest.fixture(scope="module")
def customers():
    return planted_shop(800)[0]


@pytest.fixture(scope="module")
def later():
    """Other customers at a later date, in scales of their own: everyone spends twice as much."""
    table = planted_shop(500, seed=12)[0]
    raw = {f.name: table.raw(f.name) * (2 if f.unit == "money" else 1) for f in table.features}
    return CustomerTable.from_arrays(table.ids, raw, as_of=date(2026, 7, 1), fingerprint="later", ordered=True)


def settings_of(method, **more):
    chosen = {} if method == "rfm" else {"features": FEATURES, "weights": (("orders", 2.0),)}
    return SegmentSettings(method=method, **chosen, **more)


@pytest.mark.parametrize("method", METHODS)
def test_what_was_saved_comes_back_the_same_to_the_last_customer(customers, method):
    found = segment(customers, settings_of(method))
    again = thaw(freeze(customers, found)).on(customers)
    assert (again.labels == found.labels).all()
    assert again.segments == found.segments
    assert again.profiles == found.profiles
    assert again.settings == found.settings
    assert again.table == found.table


@pytest.mark.parametrize("method", METHODS)
def test_later_customers_are_assigned_by_the_model_as_it_was(customers, later, method):
    found = segment(customers, settings_of(method))
    again = thaw(freeze(customers, found)).on(later)
    assert (again.labels == found.assign(later.scaled_like(customers.scalings))).all()
    assert [(s.index, s.colour, s.rule, s.parts) for s in again.segments] == [
        (s.index, s.colour, s.rule, s.parts) for s in found.segments
    ]
    assert sum(again.sizes) == later.n
    assert again.table == later.identity


@pytest.mark.parametrize(("method", "arrays"), [("kmeans", ["centres"]), ("ward", ["centres"]), ("hdbscan", ["reach"])])
def test_nothing_is_fitted_to_later_customers(customers, later, method, arrays):
    found = segment(customers, settings_of(method))
    model = thaw(freeze(customers, found)).on(later).model
    for name in [*arrays]:
        assert (getattr(model, name) == getattr(found.model, name)).all()


def test_rules_keep_the_limits_of_the_day_they_were_made(customers, later):
    found = segment(customers, settings_of("rfm", rfm_cuts=(Bands("spend", (20, 40, 60, 80), relative=True),)))
    again = thaw(freeze(customers, found)).on(later)
    assert again.model.limits("spend") == found.model.limits("spend")
    assert again.model.limits("recency_days") == found.model.limits("recency_days")


def test_changes_by_hand_are_kept_with_their_customers(customers, later):
    rule = Pin(rule=Conditions((Condition("orders", low=8),)))
    edits = Edits(merges=((0, 2),)).named(1, "“Ünï” <b>").pinned(rule, "Often").pinned(Pin(listed=LIST), "Mine")
    chosen = {"now": customers.ids.take(pa.array([1, 5])), "later": later.ids.take(pa.array([0, 3]))}
    found = segment(customers, settings_of("kmeans", segments=5, edits=edits), lists=lambda _: chosen["now"])
    text = freeze(customers, found)
    again = thaw(text).on(customers, lambda _: chosen["now"])
    assert (again.labels == found.labels).all()
    assert again.segments == found.segments
    then = thaw(text).on(later, lambda _: chosen["later"])
    assert np.flatnonzero(then.labels == len(then.segments) - 1).tolist() == [0, 3]
    often = later.raw("orders") >= 8
    often[[0, 3]] = False
    assert ((then.labels == len(then.segments) - 2) == often).all()


def test_a_segmentation_that_was_thawed_can_be_frozen_again(customers):
    text = freeze(customers, segment(customers, settings_of("mixture")))
    assert freeze(customers, thaw(text).on(customers)) == text


def test_nothing_about_a_single_customer_is_written_where_the_model_is_centres(customers):
    text = freeze(customers, segment(customers, settings_of("kmeans")))
    assert len(text) < 10_000
    assert not any(one in text for one in customers.ids.to_pylist())


def test_a_table_without_a_feature_of_the_model_is_refused(customers):
    text = freeze(customers, segment(customers, settings_of("kmeans")))
    with pytest.raises(FeatureUnavailable):
        thaw(text).on(table_of(recency_days=[1, 2], orders=[1, 2], spend=[3, 4]))


def damaged(text):
    """What is broken, and the text with that part broken."""
    kept = json.loads(text)
    for name in kept:
        yield f"without {name}", json.dumps({key: value for key, value in kept.items() if key != name})
    for name, value in {
        "layout": 99,
        "key": 5,
        "segments": [5],
        "scalings": [],
        "model": {"kind": "oracle"},
    }.items():
        yield f"{name} is {value}", json.dumps(kept | {name: value})
    yield "a key of nothing", json.dumps(kept | {"key": "magic-3"})
    yield "cut off", text[: len(text) // 2]
    yield "empty", ""
    yield "a list", "[]"
    yield "null", "null"
    yield "ragged", json.dumps(kept | {"model": kept["model"] | {"centres": [[1, 2], [3]]}})


def test_damaged_text_is_told_as_a_broken_workspace(customers):
    text = freeze(customers, segment(customers, settings_of("kmeans")))
    for _, broken in damaged(text):
        with pytest.raises(WorkspaceBroken, match="cannot be read"):
            thaw(broken)


def test_a_kind_of_model_nobody_can_save_is_a_fault_of_the_program(customers):
    found = segment(customers, settings_of("kmeans"))
    with pytest.raises(TypeError, match="cannot be saved"):
        freeze(customers, replace(found, model=object()))  # type: ignore[arg-type]
