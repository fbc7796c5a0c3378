"""Changes by hand: merged, renamed and pinned segments, and settings that survive being written as text."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.errors import SettingOutOfRange, TesseraError, WrongCall
from segmentation.segments import (
    MEASURES,
    PINNED,
    Bands,
    Condition,
    Conditions,
    Edits,
    Pin,
    SegmentSettings,
    segment,
)
from segmentation.segments.edits import LONGEST_NAME, MOST_PINS, cleaned
from segmentation.segments.naming import MOST
from segmentation.segments.predicates import tally
from tests.segmentation.planted import planted_shop

pytestmark = pytest.mark.filterwarnings("error")

RULE = Conditions((Condition("orders", low=5),))
LIST = "0123456789abcdef"


@pytest.fixture(scope="module")
def customers():
    return planted_shop(1_000)[0]


@pytest.fixture(scope="module")
def plain(customers):
    return segment(customers, SegmentSettings(segments=6))


def edited(customers, edits, lists=None, method="kmeans"):
    wanted = SegmentSettings(method=method, segments=6, edits=edits)
    return segment(customers, wanted) if lists is None else segment(customers, wanted, lists=lists)


def by_size(found):
    """Places, the largest segment first."""
    return sorted(range(len(found.sizes)), key=lambda place: -found.sizes[place])


# Merging ------------------------------------------------------------------------------------------------------


def test_merged_segments_keep_the_colour_of_the_larger_and_its_place_among_the_others(customers, plain):
    large, *_, small = by_size(plain)
    found = edited(customers, Edits().merged((small,), (large,)))
    kept = next(s for s in found.segments if len(s.parts) == 2)
    was = plain.segments[large]
    assert (kept.colour, kept.part) == (was.colour, large)
    others = [s.name for s in found.segments if len(s.parts) == 1]
    assert others == [s.name for s in plain.segments if s.index not in {small, large}]
    assert found.sizes[kept.index] == plain.sizes[large] + plain.sizes[small]


def test_each_word_of_a_merged_name_is_true_of_most_of_each_part(customers, plain):
    for one, other in combinations(range(len(plain.segments)), 2):
        found = edited(customers, Edits().merged((one,), (other,)))
        kept = next(s for s in found.segments if len(s.parts) == 2)
        counted = tally(customers, plain.labels, len(plain.segments))
        for word in kept.words:
            assert min(counted.having([word])[part] / counted.sizes[part] for part in kept.parts) >= MOST
        if not kept.words and "+" in kept.name:
            assert kept.name == " + ".join(plain.segments[part].name for part in kept.parts)


def test_a_name_given_to_one_segment_goes_when_it_is_merged_and_one_given_to_both_stays(customers, plain):
    merged = Edits().named(1, "Tea lovers").merged((1,), (3,))
    assert merged == Edits(merges=((1, 3),))
    main = next(s for s in edited(customers, merged).segments if len(s.parts) == 2)
    both = edited(customers, merged.named(main.part, "Ours"))
    assert both.segments[main.index].name == "Ours"


def test_a_name_given_before_by_an_anchor_is_not_that_of_two_merged_segments(customers, plain):
    anchor = edited(customers, Edits(names=((1, "Tea lovers"),)))
    wanted = SegmentSettings(segments=6, anchor=anchor.settings.key, edits=Edits().merged((1,), (3,)))
    again = segment(customers, wanted, anchor=anchor)
    assert "Tea lovers" not in [one.name for one in again.segments]


def test_merging_moves_nobody_but_those_merged_and_counts_add_up(customers, plain):
    found = edited(customers, Edits(merges=((1, 4), (0, 2))))
    assert sum(found.sizes) == customers.n
    assert found.sizes == tuple(np.bincount(found.labels))
    for one in found.segments:
        assert (np.isin(plain.labels, one.parts) == (found.labels == one.index)).all()
    assert (found.assign(customers) == found.labels).all()


def test_the_order_in_which_segments_are_merged_does_not_matter(customers):
    results = []
    for first, second, third in permutations((1, 3, 5)):
        edits = Edits().merged((first,), (second,))
        results.append(edits.merged((first, second), (third,)))
    assert len(set(results)) == 1
    assert len({SegmentSettings(edits=edits).key for edits in results}) == 1
    found = edited(customers, results[0])
    assert len(found.segments) == 4


def test_stale_parts_of_a_merge_are_passed_over(customers, plain):
    for edits in (Edits(merges=((2, 17),)), Edits(merges=((12, 13),))):
        found = edited(customers, edits)
        assert [s.name for s in found.segments] == [s.name for s in plain.segments]
        assert (found.labels == plain.labels).all()
    half = edited(customers, Edits(merges=((0, 1, 40),)))
    assert len(half.segments) == 5
    assert sum(half.sizes) == customers.n


def test_everything_can_be_merged_into_one(customers):
    found = edited(customers, Edits(merges=(tuple(range(6)),)))
    assert found.sizes == (customers.n,)


def test_a_segment_cannot_be_in_two_merges():
    with pytest.raises(WrongCall, match="merged into one other only"):
        Edits(merges=((0, 1), (1, 2)))


def test_a_pinned_segment_cannot_be_merged():
    with pytest.raises(WrongCall):
        Edits().merged((0,), (PINNED,))


def test_merged_rule_groups_say_both_rules(customers):
    rules = segment(customers, SegmentSettings(method="rfm"))
    found = edited(customers, Edits(merges=((0, 1),)), method="rfm")
    assert any(s.rule == f"{rules.segments[0].rule}; or {rules.segments[1].rule}" for s in found.segments)


# Names --------------------------------------------------------------------------------------------------------


def test_a_name_stays_with_its_segment_when_others_are_merged(customers):
    found = edited(customers, Edits(merges=((0, 1),)).named(4, "Coffee people"))
    assert [s.parts for s in found.segments if s.name == "Coffee people"] == [(4,)]


def test_an_empty_name_gives_the_usual_one_back(customers, plain):
    edits = Edits().named(0, "VIPs")
    assert edited(customers, edits).segments[0].name == "VIPs"
    assert edited(customers, edits.named(0, " \t ")).segments[0].name == plain.segments[0].name
    assert not edits.named(0, "")


def test_two_segments_never_have_the_same_name(customers, plain):
    other = plain.segments[1].name
    edits = Edits().named(0, other).named(2, other).pinned(Pin(rule=RULE), other)
    names = [s.name for s in edited(customers, edits).segments]
    assert names[:3] == [other, f"{other} 2", f"{other} 3"]
    assert len(set(names)) == len(names)


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_a_name_is_one_line_of_visible_characters_and_cleaning_it_again_changes_nothing(text):
    name = cleaned(text)
    assert len(name) <= LONGEST_NAME
    assert name.isprintable()
    assert name == name.strip() == cleaned(name)


# Pins ---------------------------------------------------------------------------------------------------------


def test_a_pinned_rule_takes_its_customers_from_the_others(customers, plain):
    found = edited(customers, Edits().pinned(Pin(rule=RULE), "Often"))
    wanted = customers.raw("orders") >= 5
    last = found.segments[-1]
    assert (last.name, last.rule, last.part) == ("Often", RULE.sentence(), PINNED)
    assert ((found.labels == last.index) == wanted).all()
    assert (found.labels[~wanted] == plain.labels[~wanted]).all()
    assert last.colour not in {s.colour for s in found.segments[:-1]}
    assert sum(found.sizes) == customers.n


@pytest.mark.parametrize("method", ["kmeans", "rfm", "hdbscan"])
def test_a_pinned_list_takes_its_customers_whatever_they_do(customers, method):
    chosen = customers.ids.take(pa.array(range(0, 1_000, 50)))
    found = edited(customers, Edits().pinned(Pin(listed=LIST), "Wholesale"), lambda _: chosen, method=method)
    members = customers.ids.filter(pa.array(found.labels == len(found.segments) - 1))
    assert members.to_pylist() == chosen.to_pylist()


def test_pins_are_applied_to_another_table_too(customers):
    other = planted_shop(600, seed=9)[0].scaled_like(customers.scalings)
    listed = other.ids.take(pa.array([0, 1, 2]))
    edits = Edits().pinned(Pin(rule=RULE), "Often").pinned(Pin(listed=LIST), "Wholesale")
    found = edited(customers, edits, lambda _: listed)
    labels = found.assign(other)
    assert (labels[:3] == len(found.segments) - 1).all()
    assert ((labels[3:] == len(found.segments) - 2) == (other.raw("orders")[3:] >= 5)).all()


def test_a_later_pin_wins_over_an_earlier_one(customers):
    larger = Conditions((Condition("orders", low=2),))
    found = edited(customers, Edits().pinned(Pin(rule=RULE), "Often").pinned(Pin(rule=larger), "Again"))
    assert found.sizes[-2] == 0
    assert found.sizes[-1] == (customers.raw("orders") >= 2).sum()


def test_a_segment_whose_customers_are_all_pinned_stays_empty(customers, plain):
    found = edited(customers, Edits().pinned(Pin(rule=Conditions((Condition("orders", low=1),))), "All"))
    assert found.sizes == (0,) * len(plain.segments) + (customers.n,)


def test_a_list_that_is_not_kept_is_refused(customers):
    with pytest.raises(WrongCall, match="no customer list"):
        edited(customers, Edits().pinned(Pin(listed=LIST), "Wholesale"))


def test_unpinning_keeps_the_names_of_the_other_pins():
    others = [Pin(rule=Conditions((Condition("orders", low=low),))) for low in (2, 3, 4)]
    edits = Edits().named(1, "First")
    for pin, name in zip(others, ("two", "three", "four"), strict=True):
        edits = edits.pinned(pin, name)
    left = edits.unpinned(1)
    assert left.pins == (others[0], others[2])
    assert left.names == ((1, "First"), (PINNED, "two"), (PINNED + 1, "four"))


def test_pinning_the_same_again_only_renames_it():
    edits = Edits().pinned(Pin(rule=RULE), "Often").pinned(Pin(rule=RULE), "Often indeed")
    assert len(edits.pins) == 1
    assert edits.names == ((PINNED, "Often indeed"),)


def test_the_number_of_pins_is_limited():
    pins = tuple(Pin(rule=Conditions((Condition("orders", low=low),))) for low in range(1, MOST_PINS + 2))
    with pytest.raises(WrongCall, match="At most"):
        Edits(pins=pins)


@pytest.mark.parametrize("parts", [{}, {"rule": RULE, "listed": LIST}, {"listed": "../../etc"}, {"listed": "ABC"}])
def test_a_pin_is_a_rule_or_a_list_and_nothing_else(parts):
    with pytest.raises(WrongCall):
        Pin(**parts)


# As text ------------------------------------------------------------------------------------------------------

NUMBERS = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
RULES = st.builds(
    lambda name, low, outside: Conditions((Condition(name, low=low, outside=outside),)),
    st.sampled_from(["orders", "spend", "recency_days"]),
    NUMBERS,
    st.booleans(),
)
PINS = st.one_of(
    st.builds(lambda rule: Pin(rule=rule), RULES),
    st.builds(lambda number: Pin(listed=f"{number:016x}"), st.integers(0, 2**64 - 1)),
)
NAMES = st.one_of(st.text(max_size=60), st.sampled_from(["~!=-.:%", "a!m0.1", "x~kmeans-3", "n0=b", "%21", "Ünï 🚀"]))
MERGES = st.permutations(range(12)).map(lambda parts: (tuple(parts[:2]), tuple(parts[2:5])))
EDITS = st.builds(
    Edits,
    merges=st.one_of(st.just(()), MERGES),
    pins=st.lists(PINS, max_size=MOST_PINS).map(tuple),
    names=st.lists(st.tuples(st.integers(0, PINNED + MOST_PINS), NAMES), max_size=4).map(tuple),
)
FEATURES = st.lists(st.sampled_from(["orders", "spend", "recency_days", "gap_days"]), max_size=4).map(tuple)
CUTS = st.lists(st.sampled_from(MEASURES), unique=True, max_size=3).flatmap(
    lambda measures: st.tuples(
        *(
            st.builds(
                lambda ends, relative, measure=measure: Bands(measure, tuple(sorted(ends)), relative),
                st.lists(st.floats(0.001, 99.9), min_size=4, max_size=4),
                st.booleans(),
            )
            | st.lists(NUMBERS, min_size=4, max_size=4).map(
                lambda ends, measure=measure: Bands(measure, tuple(sorted(ends)))
            )
            for measure in measures
        )
    )
)


@st.composite
def any_settings(draw, anchored=True):
    edits = draw(EDITS)
    anchor = draw(st.none() | any_settings(anchored=False).map(lambda s: s.key)) if anchored else None
    if draw(st.booleans()):
        preset = draw(st.sampled_from(["shopify", "klaviyo"]))
        return SegmentSettings(method="rfm", rfm_preset=preset, rfm_cuts=draw(CUTS), edits=edits, anchor=anchor)
    features = draw(FEATURES)
    return SegmentSettings(
        method=draw(st.sampled_from(["kmeans", "mixture", "ward", "hdbscan"])),
        segments=draw(st.integers(2, 20)),
        features=features,
        weights=tuple((name, draw(st.floats(0.25, 4.0))) for name in features),
        edits=edits,
        anchor=anchor,
    )


@settings(max_examples=60)
@given(any_settings())
def test_any_settings_come_back_from_their_key_which_needs_no_escape_in_a_url(wanted):
    again = SegmentSettings.from_key(wanted.key)
    assert again == wanted
    assert again.key == wanted.key
    assert wanted.key.isascii()
    assert not set(wanted.key) & set(" \"#&+<>?\\/{}|^`'")


@settings(max_examples=60)
@given(EDITS)
def test_edits_come_back_from_their_text(edits):
    assert Edits.from_text(edits.text) == edits


@settings(max_examples=60)
@given(st.text(alphabet="mncl0123456789.=!%~-abcdef", max_size=30))
def test_text_that_is_no_edit_is_refused_with_a_sentence_and_never_with_a_traceback(text):
    try:
        edits = Edits.from_text(text)
    except TesseraError as error:
        assert error.fact  # noqa: PT017 - either outcome is fine
    else:
        assert Edits.from_text(edits.text) == edits


def test_a_key_with_all_kinds_of_changes_reads_like_the_one_in_the_documentation():
    told = SegmentSettings(
        segments=6, features=("spend", "orders"), weights=(("spend", 2.0),), edits=Edits(((0, 1),)), anchor="kmeans-5"
    )
    assert told.key == "kmeans-6-orders.spend:200!m0.1~kmeans-5"


@pytest.mark.parametrize(
    "off", ["-orders:5", "-orders:abc", "-orders:9999", "!z", "!m", "!m1.2!m2.3", "!nx=a", "!l7", "~x"]
)
def test_a_key_with_a_part_that_is_off_is_refused(off):
    with pytest.raises((WrongCall, SettingOutOfRange)):
        SegmentSettings.from_key(f"kmeans-6{off}")
