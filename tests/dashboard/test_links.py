from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.state import links
from segmentation.analysis import StudySettings
from segmentation.segments import Bands, Conditions, Edits
from segmentation.segments.edits import Pin

VALUES = {
    links.METHOD: ["mixture", "ward", "hdbscan", "rfm"],
    links.SEGMENTS: [2, 7, 12],
    links.FEATURES: [("orders",), ("orders", "recency_days", "season_share")],
    links.PRESET: ["klaviyo"],
    links.WEIGHTS: [(("orders", 2.0),), (("orders", 0.25), ("spend", 1.75))],
    links.CUTS: [
        (Bands("spend", (10.0, 20.5, 30.0, 400.0)),),
        (Bands("recency_days", (30.0, 60.0)), Bands("orders", (0.2, 0.4, 0.6, 0.8), True)),
    ],
    links.EDITS: [
        Edits(merges=((0, 3), (1, 2)), names=((0, "VIPs & <b>friends</b> ~!=.:-"), (100, "é 中 %7E"))),
        Edits(pins=(Pin(rule=Conditions.from_text("all~orders~4~x")), Pin(listed="0123456789abcdef"))),
    ],
}
EACH = [(key, value) for key, values in VALUES.items() for value in values]


@pytest.mark.parametrize(("key", "value"), EACH)
def test_what_a_link_says_of_a_setting_is_read_back_as_the_same(key, value):
    text = links.written(key, StudySettings(**{links.FIELDS[key]: value}))
    assert text
    assert links.read(key, tuple(text) if isinstance(text, list) else (text,)) == value


@pytest.mark.parametrize("key", links.FIELDS)
def test_a_usual_value_is_not_in_a_link(key):
    assert links.written(key, StudySettings()) == ""


def test_an_anchor_is_written_as_it_is():
    assert links.written(links.ANCHOR, StudySettings(anchor="kmeans-6-orders")) == "kmeans-6-orders"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        (links.METHOD, "RFM rules", "rfm"),
        (links.METHOD, "RFM RULES", "rfm"),
        (links.METHOD, "ward", "ward"),
        (links.PRESET, "Klaviyo", "klaviyo"),
        (links.SEGMENTS, "12", 12),
        (links.FEATURES, "Recency", ("recency_days",)),
        (links.FEATURES, "recency_days", ("recency_days",)),
        (links.WEIGHTS, "orders:200.nope:300", (("orders", 2.0),)),
    ],
)
def test_labels_and_plain_values_are_both_understood(key, text, value):
    assert links.read(key, (text,)) == value


def test_unknown_features_beside_known_ones_are_passed_over():
    assert links.read(links.FEATURES, ("Orders", "nope", "")) == ("orders",)


@pytest.mark.parametrize(
    ("key", "junk"),
    [
        (links.METHOD, "magic"),
        (links.METHOD, ""),
        (links.PRESET, "klaviyo "),
        *[(links.SEGMENTS, text) for text in ("1", "21", "-5", "5.0", "٣", "²", "9" * 4_000, "", "nan")],
        (links.FEATURES, "nope"),
        *[
            (links.WEIGHTS, text)
            for text in ("orders:0", "orders:24", "orders:401", "orders", "orders:٣", ":", "orders:1e2")
        ],
        *[(links.CUTS, text) for text in ("", "m", "x1,2,3,4", "m4,3,2,1", "mnan,1,2,3", "m1,2,3,4-", "minf,inf")],
        *[(links.EDITS, text) for text in ("", "m", "z", "n0", "cnot", "l..", "m0.1!m1.2", "n-1=x", "mx.y")],
        ("nothing", "x"),
    ],
)
def test_what_makes_no_sense_is_nothing(key, junk):
    assert links.read(key, (junk,)) is None


@pytest.mark.parametrize("key", [*links.FIELDS, "nothing"])
def test_an_empty_link_says_nothing(key):
    assert links.read(key, ()) is None


@given(st.sampled_from(list(links.FIELDS)), st.lists(st.text(max_size=40), max_size=3))
def test_no_text_in_a_link_raises(key, texts):
    links.read(key, tuple(texts))


@given(st.sampled_from(links.TEXTS), st.text(alphabet="mncl!~.,:-=0123456789pxrf%", max_size=60))
def test_no_text_that_looks_like_a_setting_raises_and_what_is_read_can_be_written(key, text):
    value = links.read(key, (text,))
    if value is not None:
        again = links.written(key, StudySettings(**{links.FIELDS[key]: value}))
        assert links.read(key, (str(again),)) == value
