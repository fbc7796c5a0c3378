from __future__ import annotations

import pytest

from dashboard import words
from dashboard.state import links
from segmentation.errors import Cancelled, NotEnoughData, TesseraError
from segmentation.estimates import Unknown


@pytest.mark.parametrize("mark", list("\\`*_{}[]()#+!|<>$~"))
def test_every_mark_of_markdown_is_escaped(mark):
    assert f"\\{mark}" in words.plain(f"a{mark}b")


@pytest.mark.parametrize(
    "text",
    [":material/home:", ":red[x]", ":smile:", "a -> b", "https://x.example", "me@x.example", "WWW.x.example", "--"],
)
def test_streamlits_own_shortcuts_are_broken_up(text):
    assert "\u2060" in words.plain(text)


def test_plain_text_stays_on_one_line_and_is_cut():
    assert words.plain("a\n# b") == "a \\# b"
    assert words.plain("x" * 500, limit=20).count("x") == 19


def test_letters_in_any_script_are_left_alone():
    assert words.plain("Käse 茶 Ünï 12") == "Käse 茶 Ünï 12"


def test_a_chart_label_lets_no_tag_through():
    assert words.for_chart("<b>&</b>") == "&lt;b&gt;&amp;&lt;/b&gt;"


def test_an_error_says_fact_evidence_and_next_step():
    said = words.error(NotEnoughData("customers", have=1, need=10))
    assert said.startswith("**There are too few customers")
    assert "at least 10" in said
    assert "larger export" in said


def test_file_text_inside_an_error_is_shown_letter_by_letter():
    assert "[x](" not in words.error(TesseraError("No column “[x](javascript:alert)”."))


def test_cancelling_is_no_failure():
    assert words.is_harmless(Cancelled())
    assert not words.is_harmless(TesseraError("Broken."))


def test_the_unknown_is_a_sentence():
    assert words.unknown(Unknown("Nobody ordered.")) == "Nobody ordered\\."


def test_lists_read_like_sentences():
    assert words.list_of(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("key", "found", "value"),
    [
        ("method", ("RFM rules",), "rfm"),
        ("method", ("rfm",), "rfm"),
        ("method", ("nonsense",), None),
        ("segments", ("7",), 7),
        ("segments", ("99",), None),
        ("segments", ("-1",), None),
        ("segments", ("²",), None),
        ("features", ("Recency", "orders", "<script>"), ("recency_days", "orders")),
        ("features", (), None),
        ("preset", ("Klaviyo",), "klaviyo"),
        ("other", ("x",), None),
    ],
)
def test_a_link_holds_labels_or_plain_values_and_nothing_else(key, found, value):
    assert links.read(key, found) == value
