"""Word lists kept as data, and how a text is compared with them: by whole words and known phrases, never by a part of
a word.

A list stands in `<topic>.toml` beside this module, by class and language. `[a|b]` in an entry stands for either
ending, so that `cancelad[o|a]` is two words. Entries with ä, ö, ü, å or ø are also known as ae, oe, ue, aa and oe.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_ONE_WORD = re.compile(r"MwSt|PayPal|iDEAL|YouTube|WooCommerce")
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i", "đ": "d", "ё": "е"})
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_EITHER = re.compile(r"\[([^\]]*)\]")
_FIRST_NON_LATIN = "\u0370"

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A run of words in a text, and the class it belongs to; `name` is None for one word that is in no list."""

    name: str | None
    words: Words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The phrases of one topic, each with its class."""

    phrases: Mapping[Words, str]
    longest: int

    def read(self, words: Sequence[str]) -> list[Found]:
        """The words cut into known phrases, the longest first, and single unknown words."""
        parts, at = [], 0
        while at < len(words):
            for end in range(min(len(words), at + self.longest), at, -1):
                part = tuple(words[at:end])
                if part in self.phrases:
                    parts.append(Found(self.phrases[part], part))
                    at = end
                    break
            else:
                parts.append(Found(None, (words[at],)))
                at += 1
        return parts

    def whole(self, words: Sequence[str]) -> str | None:
        """The class that the words are a phrase of, all together."""
        return self.phrases.get(tuple(words))

    def of(self, name: str) -> frozenset[Words]:
        """All phrases of a class."""
        return frozenset(phrase for phrase, its in self.phrases.items() if its == name)


def folded(text: str) -> str:
    """The text as it is compared: lower case, no accents on Latin letters, one blank for blanks, `_` and `-`."""
    lowered = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
    kept: list[str] = []
    base = ""
    for letter in unicodedata.normalize("NFKD", lowered):
        if not unicodedata.combining(letter):
            base = letter
        elif base < _FIRST_NON_LATIN:
            continue
        kept.append(letter)
    bare = unicodedata.normalize("NFC", "".join(kept)).translate(_LETTERS)
    return " ".join(re.sub(r"[\s_\-‐‑]+", " ", bare).split())


def words(text: str) -> Words:
    """The words of a folded text; a text that is one word in camel case is several: “PartiallyRefunded”."""
    return tuple(_WORD.findall(folded(camel_split(text) if " " not in text.strip() else text)))


def camel_split(text: str) -> str:
    """The text with a blank before each capital letter that begins a word: “orderID” → “order ID”; not in “MwSt”."""
    return _CAMEL.sub(" ", _ONE_WORD.sub(lambda name: name[0].lower(), text))


def has_digit(word: str) -> bool:
    """Whether a word is a number or a code rather than a word of a language."""
    return any(map(str.isdigit, word))


def variants(entry: str) -> Iterator[str]:
    """The spellings that an entry of a list stands for."""
    either = _EITHER.search(entry)
    if either:
        for ending in either[1].split("|"):
            yield from variants(entry[: either.start()] + ending + entry[either.end() :])
    else:
        yield entry
        spelt_out = entry.translate(_SPELT_OUT)
        if spelt_out != entry:
            yield spelt_out


@cache
def classes(topic: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The entries of a topic as they stand in its file, by class and language."""
    text = files(__package__).joinpath(f"{topic}.toml").read_text(encoding="utf-8")
    return {
        name: {language: tuple(entries) for language, entries in lists.items()}
        for name, lists in tomllib.loads(text).items()
    }


def spelt(entries: Iterable[str]) -> Iterator[Words]:
    """The words of each spelling of each entry."""
    for entry in entries:
        for spelling in variants(entry):
            yield tuple(_WORD.findall(folded(spelling)))


@cache
def sub_lexicon(topic: str, names: Words) -> Lexicon:
    """Some classes of a topic; where two of them claim a phrase, the one that is named first has it."""
    phrases: dict[Words, str] = {}
    for name in names:
        for entries in classes(topic)[name].values():
            for phrase in spelt(entries):
                phrases.setdefault(phrase, name)
    return Lexicon(phrases, max(map(len, phrases)))


@cache
def lexicon(topic: str) -> Lexicon:
    """All classes of a topic, in the order of its file."""
    return sub_lexicon(topic, tuple(classes(topic)))
