"""The word lists themselves: that each is read, that no word means two things, and how texts are folded."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from segmentation.meaning.vocabulary.lexicon import classes, folded, lexicon, spelt, variants, words

TOPICS = ("statuses", "kinds", "placeholders", "products", "consent", "headers", "flags", "payments")
MEANINGS = "meanings"
"""The headers of each meaning: a list beside the topics that `words` reads, since it is kept in another form."""
LANGUAGES = {"en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "cs", "tr"}
ONE_MEANING = {
    "statuses": {"negation", "or", "later", "filler", "items", "partly"},
    "kinds": set(),
    "products": set(),
    "payments": set(),
}
"""Topics in which a word has one meaning, but for the classes that only modify others."""


def test_every_list_beside_the_code_is_a_known_topic() -> None:
    folder = files("segmentation.meaning.vocabulary")
    lists = {Path(entry.name).stem for entry in folder.iterdir() if entry.name.endswith(".toml")}
    assert lists == {*TOPICS, MEANINGS}


def test_the_lists_are_part_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[4] / "pyproject.toml").read_text(encoding="utf-8"))
    assert "meaning/vocabulary/*.toml" in project["tool"]["setuptools"]["package-data"]["segmentation"]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_speaks_twelve_languages(topic: str) -> None:
    assert set().union(*classes(topic).values()) >= LANGUAGES


@pytest.mark.parametrize("topic", TOPICS)
def test_no_entry_stands_twice_in_one_list(topic: str) -> None:
    twice = [
        (name, language, entry)
        for name, lists in classes(topic).items()
        for language, entries in lists.items()
        for entry in entries
        if entries.count(entry) > 1
    ]
    assert twice == []


@pytest.mark.parametrize("topic", ONE_MEANING)
def test_no_word_of_a_topic_means_two_things(topic: str) -> None:
    meanings = defaultdict(set)
    for name, lists in classes(topic).items():
        for entries in lists.values():
            for phrase in spelt(entries):
                meanings[phrase].add(name)
    assert {p: m for p, m in meanings.items() if len(m) > 1 and not m & ONE_MEANING[topic]} == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Rückerstattet ", "ruckerstattet"), ("PENDING_PAYMENT", "pending payment"), ("on-hold", "on hold"),
        ("İPTAL", "iptal"), ("Łódź", "lodz"), ("Größe", "grosse"), ("Отменён", "отменен"), ("Новый", "новый"),
        ("返金済み", "返金済み"), ("ギフト", "ギフト"), ("Ｐａｉｄ", "paid"), ("Œuvre", "oeuvre"), ("nº", "no"),
    ],
)  # fmt: skip
def test_accents_of_latin_letters_fold_and_other_scripts_stay(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_umlauts_are_known_in_both_spellings() -> None:
    assert set(variants("rückerstattet")) == {"rückerstattet", "rueckerstattet"}
    assert set(variants("cancelad[o|a]")) == {"cancelado", "cancelada"}
    assert set(variants("zrušen[|o]")) == {"zrušen", "zrušeno"}


def test_one_camel_cased_word_is_several_and_a_name_in_a_sentence_is_not() -> None:
    assert words("PartiallyRefunded") == ("partially", "refunded")
    assert words("paid by McDonald") == ("paid", "by", "mcdonald")


def test_the_longest_phrase_is_read_before_its_words() -> None:
    found = lexicon("statuses").read(("pending", "payment", "x"))
    assert [(part.name, part.words) for part in found] == [("unpaid", ("pending", "payment")), (None, ("x",))]
