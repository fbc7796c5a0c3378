"""The headers that shops write, for each meaning of a column: kept as data in vocabulary/meanings.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from segmentation.meaning import vocabulary
from segmentation.meaning.vocabulary.lexicon import classes, variants

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "ı": "i", "đ": "d"})
_WHOLE = "="
_OF_CONSENT = {"consent": "header_agrees", "refusal": "header_refuses"}
"""Classes of consent.toml whose entries are whole headers of a meaning too."""


def plain(header: str) -> str:
    """A header as it is compared: lower case, letters and digits only, no accents, single spaces."""
    split_camel = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    lowered = unicodedata.normalize("NFKD", split_camel).lower().translate(_LETTERS)
    bare = "".join(c for c in lowered if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _read() -> tuple[dict[str, tuple[str, ...]], dict[str, frozenset[str]]]:
    """For each meaning its headers, best first, and those of them that count only as whole headers."""
    text = files(vocabulary).joinpath("meanings.toml").read_text(encoding="utf-8")
    words: dict[str, tuple[str, ...]] = {}
    whole: dict[str, frozenset[str]] = {}
    for meaning, lists in tomllib.loads(text).items():
        listed = [(word, entry.startswith(_WHOLE)) for entry in _entries(meaning, lists) for word in _spelt(entry)]
        words[meaning] = tuple(dict.fromkeys(word for word, _ in listed))
        whole[meaning] = frozenset(word for word, only in listed if only) - {word for word, only in listed if not only}
    return words, whole


def _entries(meaning: str, lists: dict[str, Any]) -> Iterator[str]:
    """The entries of a meaning: the outright ones of all languages, the general ones, those that consent.toml has."""
    general = lists.get("general", {})
    for tier in (lists, general):
        for language, entries in tier.items():
            if language != "general":
                yield from entries
    if meaning in _OF_CONSENT:
        for entries in classes("consent")[_OF_CONSENT[meaning]].values():
            yield from (f"{_WHOLE}{entry}" for entry in entries)


def _spelt(entry: str) -> Iterator[str]:
    """The spellings of an entry as `plain` leaves a header: “n client” is “N° client”, and “Nº client”, which folds to
    “no client”."""
    for spelling in variants(entry.removeprefix(_WHOLE).lower()):
        yield (word := plain(spelling))
        if "n" in (parts := word.split()):
            yield " ".join("no" if part == "n" else part for part in parts)


HEADER_WORDS, WHOLE_ONLY = _read()
"""For each meaning whole headers, best first, as `plain` leaves them; and those that mean it only as the whole header:
“Order” is the order's number, “Order weight” and “Order note” are not."""
