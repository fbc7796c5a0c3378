import numpy as np
import pytest

from segmentation.errors import SettingOutOfRange, WrongCall
from segmentation.profiles import survey
from segmentation.segments import SegmentSettings, segment
from segmentation.segments.matching import PALETTE, fresh_colours, match, places
from segmentation.segments.naming import LONGEST, name_segments
from segmentation.segments.predicates import tally
from tests.segmentation.planted import planted_shop

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def customers():
    return planted_shop()[0]


@pytest.fixture(scope="module")
def five(customers):
    return segment(customers, SegmentSettings(segments=5))


def names_of(customers, labels, groups):
    return name_segments(
        customers, tally(customers, labels, groups), survey(customers, labels, groups), customers.features
    )


def shared(before, after, old, new):
    return ((before == old) & (after == new)).sum() / (before == old).sum()


@pytest.mark.parametrize("clusters", [3, 4, 6, 7, 9, 12])
def test_a_segment_keeps_name_colour_and_place_while_most_of_its_customers_stay(customers, five, clusters):
    tuned = segment(customers, SegmentSettings(segments=clusters, anchor=five.settings.key))
    kept = [s for s in tuned.segments if s.name in {old.name for old in five.segments}]
    assert len(kept) >= min(clusters, 5) - 2
    for now in kept:
        old = next(s for s in five.segments if s.name == now.name)
        assert (now.colour, now.play) == (old.colour, old.play)
        assert now.index == old.index or old.index >= clusters
        assert shared(five.labels, tuned.labels, old.index, now.index) > 0.5


@pytest.mark.parametrize("clusters", [6, 7, 9])
def test_a_new_segment_has_a_name_and_a_colour_nobody_had(customers, five, clusters):
    tuned = segment(customers, SegmentSettings(segments=clusters), anchor=five)
    assert len({s.name for s in tuned.segments}) == clusters
    assert len({s.colour for s in tuned.segments}) == clusters
    former = {s.colour for s in five.segments}
    continued = match(five.labels, tuned.labels, 5, clusters)
    fresh = [s for s, old in zip(tuned.segments, continued, strict=True) if old is None]
    assert all(s.name not in {old.name for old in five.segments} for s in fresh)
    assert clusters == 9 or all(s.colour not in former for s in fresh)


def test_a_segment_that_becomes_mostly_new_is_called_new_and_keeps_its_colour(customers, five):
    active = next(s for s in five.segments if s.name == "Active full-price buyers")
    six = segment(customers, SegmentSettings(segments=6), anchor=five)
    new = next(s for s in six.segments if s.name.startswith("New"))
    assert (new.colour, new.index) == (active.colour, active.index)
    assert new.words == ("new", "full_price")
    assert new.evidence[0].startswith(
        "93\u00a0% are newcomers, <0.1\u00a0% of the rest of the shop: first ordered within the last"
    )


def test_going_to_six_and_back_to_five_changes_nothing(customers, five):
    six = segment(customers, SegmentSettings(segments=6), anchor=five)
    back = segment(customers, SegmentSettings(segments=5), anchor=six)
    assert {(s.name, s.colour) for s in back.segments} == {(s.name, s.colour) for s in five.segments}


def test_an_anchor_that_is_only_named_gives_the_same_as_one_handed_over(customers, five):
    named = segment(customers, SegmentSettings(segments=6, anchor=five.settings.key))
    handed = segment(customers, SegmentSettings(segments=6), anchor=five)
    assert named.settings == handed.settings
    assert named.segments == handed.segments
    assert (named.labels == handed.labels).all()


def test_an_anchor_other_than_the_one_named_is_refused(customers, five):
    with pytest.raises(WrongCall, match="anchored to"):
        segment(customers, SegmentSettings(segments=6, anchor="kmeans-4"), anchor=five)


def test_rule_groups_can_be_the_anchor_of_clusters(customers):
    rules = segment(customers, SegmentSettings(method="rfm", rfm_preset="klaviyo"))
    tuned = segment(customers, SegmentSettings(segments=6), anchor=rules)
    assert tuned.settings.anchor == "rfm-klaviyo"
    assert len({s.name for s in tuned.segments}) == 6


def test_a_segment_that_loses_most_of_its_customers_is_not_continued():
    before = np.repeat([0, 1], 100).astype(np.uint8)
    after = np.concatenate([np.full(45, 0), np.full(55, 1), np.full(100, 2)]).astype(np.uint8)
    assert match(before, after, 2, 3) == (None, 0, 1)


def test_a_segment_that_drowns_in_others_is_not_continued():
    before = np.concatenate([np.full(10, 0), np.full(90, 1)]).astype(np.uint8)
    assert match(before, np.zeros(100, np.uint8), 2, 1) == (1,)
    before = np.repeat([0, 1, 2, 3], 25).astype(np.uint8)
    assert match(before, np.zeros(100, np.uint8), 4, 1) == (None,)


def test_continued_segments_keep_their_places_and_the_others_fill_the_gaps():
    assert places((2, None, 0, None), rank=[3, 1, 0, 2]) == [2, 3, 0, 1]
    assert places((4, 1), rank=[0, 1]) == [0, 1]
    assert places((None, None, None), rank=[2, 0, 1]) == [2, 0, 1]


def test_fresh_colours_avoid_those_in_use_and_reuse_those_of_lost_segments_last():
    assert fresh_colours({0, 1}, {0, 1, 2}, 2) == [3, 4]
    assert fresh_colours({0}, set(range(9)), 3) == [9, 1, 2]
    assert len(fresh_colours(set(range(PALETTE)), set(), 4)) == 4


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
@pytest.mark.parametrize("clusters", [2, 4, 6, 8, 12, 20])
def test_names_are_unique_short_and_come_with_a_play(customers, method, clusters):
    found = segment(customers, SegmentSettings(method=method, segments=clusters))
    names = [s.name for s in found.segments]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= LONGEST for name in names)
    assert all(s.play.endswith(".") for s in found.segments)


def test_names_say_what_was_planted():
    customers, kind = planted_shop()
    names = [n.name for n in names_of(customers, kind.astype(np.uint8), 6)]
    assert names[0] == "Champions"
    assert names[1] == "Active repeat buyers"
    assert names[2].startswith("New")
    assert names[3] == "Lapsed one-time buyers"
    assert names[4] == "Lapsed big-basket buyers"
    assert names[5] == "Lapsed discount buyers"


def test_names_do_not_depend_on_the_order_of_the_groups():
    customers, kind = planted_shop()
    turned = (5 - kind).astype(np.uint8)
    plain = names_of(customers, kind.astype(np.uint8), 6)
    assert names_of(customers, turned, 6) == plain[::-1]


def test_groups_too_small_to_describe_are_named_for_that(customers):
    labels = np.zeros(customers.n, np.uint8)
    labels[:4], labels[4:9] = 1, 2
    names = [name.name for name in names_of(customers, labels, 3)]
    assert names[1:] == ["A handful of customers", "A handful of customers 2"]


@pytest.mark.parametrize(
    "settings",
    [
        SegmentSettings(),
        SegmentSettings(method="mixture", segments=9, features=("spend", "orders", "spend")),
        SegmentSettings(method="rfm", rfm_preset="klaviyo"),
        SegmentSettings(segments=7, anchor=SegmentSettings(features=("orders",), anchor="rfm-shopify").key),
    ],
)
def test_a_key_gives_the_settings_back(settings):
    assert SegmentSettings.from_key(settings.key) == settings
    assert not set(settings.key) - set("abcdefghijklmnopqrstuvwxyz0123456789-._~")


@pytest.mark.parametrize("key", ["", "kmeans", "kmeans-x", "kmeans-99", "rfm-none", "linkage-4", "kmeans-6-A", "rfm~x"])
def test_a_key_that_means_nothing_is_refused_with_a_sentence(key):
    with pytest.raises((WrongCall, SettingOutOfRange)):
        SegmentSettings.from_key(key)
