"""What a text may say of a person: every address, phone number and full name that could stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

MOST_WORDS, MOST_GROUPS = 5, 6
"""Words of a name and groups of digits of a phone number that are tried together."""
_ADDRESS = re.compile(r"[^\s<>,;\"'()|:]+@[^\s<>,;\"'()|]+")
_GROUP = re.compile(r"\d+")
_WITHIN_NUMBER = re.compile(r"[\s()./+-]{1,3}")
_WORD = re.compile(r"\w[\w'’.-]*")
_WITHIN_NAME = re.compile(r"[.'’-]?[\s\"',;|]{1,3}")
_OWNER = re.compile(r"['’]s?$", re.IGNORECASE)
_OWNERS = ("'", "’", "'s", "’s", "'S", "’S")
_ENDS = ".-'’"
_LEAST_DIGITS = 7


def addresses(text: str) -> list[str]:
    """Every e-mail address in the text, without the full stop of a sentence behind it."""
    return [one.rstrip(".!?") for one in _ADDRESS.findall(text)] if "@" in text else []


def phones(text: str) -> Iterator[str]:
    """Every run of digit groups that could be a phone number."""
    groups = list(_GROUP.finditer(text))
    for at, first in enumerate(groups):
        digits, end = "", first.start()
        for one in groups[at : at + MOST_GROUPS]:
            if digits and not _WITHIN_NUMBER.fullmatch(text[end : one.start()]):
                break
            digits, end = digits + one[0], one.end()
            if len(digits) >= _LEAST_DIGITS:
                yield digits


def names(text: str) -> Iterator[str]:
    """Every run of words that could be a full name: as it stands there, without the signs between its words, and where
    a comma says so turned round."""
    found = list(_WORD.finditer(normalize("NFKC", text)))
    if len(found) < 2:
        return
    text = found[0].string
    words = [one[0].rstrip(_ENDS) for one in found]
    gaps = [
        text[one.start() + len(word) : after.start()] for one, word, after in zip(found, words, found[1:], strict=False)
    ]
    for at, first in enumerate(words):
        run, plain = first, True
        for last in range(at + 1, min(at + MOST_WORDS, len(words))):
            gap, word = gaps[last - 1], words[last]
            if gap != " ":
                if not _WITHIN_NAME.fullmatch(gap):
                    break
                plain = plain and gap.isspace()
            yield f"{run} {word}"
            if word.endswith(_OWNERS):
                yield f"{run} {_OWNER.sub('', word)}"
            if "," in gap:
                yield f"{word} {run}"
            if not plain:
                yield text[found[at].start() : found[last].end()].rstrip(_ENDS)
            run = f"{run} {word}"
