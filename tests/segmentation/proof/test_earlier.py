"""The segments of an earlier date are made from that date alone, with today's changes by hand carried back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from segmentation.customers import CustomerTable
from segmentation.errors import WrongCall
from segmentation.proof.earlier import earlier
from segmentation.segments import Condition, Conditions, Edits, Pin, SegmentSettings, no_lists, segment
from tests.segmentation.planted import planted_shop

pytestmark = pytest.mark.filterwarnings("error")

SETTINGS = SegmentSettings(segments=6, features=("recency_days", "orders", "average_order", "discount_share"))
OFTEN = Pin(rule=Conditions((Condition("orders", low=8),)))
LISTED = Pin(listed="0123456789abcdef")


@pytest.fixture(scope="module")
def today():
    return planted_shop(1_200)


@pytest.fixture(scope="module")
def then():
    """Other customers of the same behaviours half a year ago, when everything was cheaper."""
    table, kind = planted_shop(900, seed=21)
    raw = {f.name: table.raw(f.name) * (0.8 if f.unit == "money" else 1) for f in table.features}
    return CustomerTable.from_arrays(table.ids, raw, as_of=date(2025, 7, 1), fingerprint="then", ordered=True), kind


def nobody(identity):
    return pa.array([], pa.string())


def again(customers, settings, lists=no_lists, number=None):
    """How the segmentation of these customers by these settings is made of an earlier table."""
    return earlier(customers, segment(customers, settings, lists=nobody), lists, number)


def with_edits(edits):
    return replace(SETTINGS, edits=edits)


def usual_kind(labels, kind, place):
    """The planted behaviours most customers of a segment have."""
    counts = np.bincount(kind[labels == place], minlength=6)
    return set(np.flatnonzero(counts > 0.15 * counts.sum()).tolist())


def test_without_changes_it_is_the_plain_segmentation_of_that_table(today, then):
    found = again(today[0], SETTINGS, no_lists)(then[0])
    plain = segment(then[0], SETTINGS)
    assert (found.labels == plain.labels).all()
    assert [s.name for s in found.segments] == [s.name for s in plain.segments]


@pytest.mark.parametrize("merge", [(0, 1), (2, 5), (1, 3, 4)])
def test_groups_that_resemble_those_merged_today_are_merged(today, then, merge):
    customers, kind = today
    table, kind_then = then
    plain = segment(customers, SETTINGS)
    wanted = set().union(*(usual_kind(plain.labels, kind, place) for place in merge))
    found = again(customers, with_edits(Edits(merges=(merge,))), no_lists)(table)
    assert len(found.segments) == 6 - len(merge) + 1
    (joined,) = (s.index for s in found.segments if len(s.parts) > 1)
    assert usual_kind(found.labels, kind_then, joined) == wanted
    assert sum(found.sizes) == table.n


def test_a_merge_of_parts_that_do_not_exist_changes_nothing(today, then):
    found = again(today[0], with_edits(Edits(merges=((30, 31),))), no_lists)(then[0])
    assert len(found.segments) == 6


def test_names_and_anchors_are_left_out(today, then):
    named = replace(with_edits(Edits().named(0, "Our darlings")), anchor=SegmentSettings(segments=4).key)
    found = again(today[0], named, no_lists)(then[0])
    assert "Our darlings" not in {s.name for s in found.segments}
    assert found.settings.anchor is None
    assert not found.settings.edits.names


def test_a_pinned_rule_is_kept_and_a_pinned_list_is_not(today, then):
    def lists(identity):
        raise WrongCall("A list of today was asked for.")

    wanted = with_edits(Edits().pinned(LISTED, "Wholesale").pinned(OFTEN, "Often"))
    found = again(today[0], wanted, lists)(then[0])
    assert found.settings.edits.pins == (OFTEN,)
    assert len(found.segments) == 7
    assert ((found.labels == 6) == (then[0].raw("orders") >= 8)).all()


def test_lists_of_today_do_not_matter_for_merges_either(today, then):
    wanted = with_edits(Edits(merges=((0, 1),)).pinned(LISTED, "Wholesale"))
    assert len(again(today[0], wanted, no_lists)(then[0]).segments) == 5


def test_the_number_is_chosen_from_the_earlier_table_where_nobody_fixed_it(today, then):
    asked = []

    def number(table):
        asked.append(table)
        return 3

    found = again(today[0], SETTINGS, no_lists, number)(then[0])
    assert asked == [then[0]]
    assert len(found.segments) == 3


def test_what_happens_to_todays_customers_does_not_change_the_segments_of_then(today, then):
    other = planted_shop(400, seed=77)[0]
    one, two = (again(table, SETTINGS, no_lists)(then[0]) for table in (today[0], other))
    assert (one.labels == two.labels).all()


def test_rules_are_made_of_the_earlier_table(today, then):
    rules = SegmentSettings(method="rfm")
    found = again(today[0], rules, no_lists)(then[0])
    assert (found.labels == segment(then[0], rules).labels).all()
