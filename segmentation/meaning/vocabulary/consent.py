"""Consent to be contacted: which way a header asks, for which channel, and what a cell answers."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Literal, get_args

from segmentation.meaning.vocabulary.flags import flag_of
from segmentation.meaning.vocabulary.lexicon import (
    Found,
    Lexicon,
    Words,
    camel_split,
    classes,
    has_digit,
    sub_lexicon,
    words,
)
from segmentation.notation import looks_like_date

Polarity = Literal["agrees", "refuses"]
"""agrees: a yes is consent · refuses: a yes is a refusal."""
Channel = Literal["email", "sms", "phone", "post"]

_CHANNELS: tuple[Channel, ...] = get_args(Channel)
_HEADER = (
    "header_refuses", "header_agrees", "header_weak_refuses", "header_other_refuses", "header_weak_agrees", "neither",
)  # fmt: skip
_STAMP = re.compile(r"1\d{9}|1\d{12}|\d{4}年\d{1,2}月\d{1,2}日.*")
_FIRST_UNSPACED = "\u3040"
_NO_DATE = re.compile(r"0{1,4}[./-]0{1,2}[./-]0{1,4}.*|0{8}")


@lru_cache(maxsize=4096)
def polarity(header: str) -> Polarity | None:
    """Whether a yes under this header agrees to be contacted or refuses it; None where the header asks neither.

    What refuses outweighs what agrees (“Newsletter opt-out”), and a denied agreement refuses (“Not subscribed”). Words
    that mean something else in other company (“Stop”, “Baja”) count where every word is known, and “Cancelled” only
    of a newsletter or the like.
    """
    if any(word in header for word in _unspaced_refusals()):
        return "refuses"
    lexicon = _lexicon((*_HEADER, "negation", "filler", *_CHANNELS))
    parts = lexicon.read(tuple(part for word in words(camel_split(header)) for part in _cut(word, lexicon)))
    names = [part.name for part in parts]
    if "header_refuses" in names:
        return None if _negated(names, "header_refuses") else "refuses"
    if "neither" in names:
        return None
    all_known = _known(parts)
    subject = {"header_agrees", "header_weak_agrees", *_CHANNELS} & set(names)
    for refuses in ("header_weak_refuses", "header_other_refuses"):
        if refuses in names and all_known and (subject or refuses == "header_weak_refuses"):
            return None if _negated(names, refuses) else "refuses"
    for agrees in ("header_agrees", "header_weak_agrees"):
        if agrees in names and _negated(names, agrees):
            return "refuses"
        if agrees in names and all_known:  # a word that nobody knows may turn it around: “Avslutade nyhetsbrev”
            return "agrees"
    return None


def channel(header: str) -> Channel | None:
    """The one channel that the header names; None where it names none or several."""
    parts = _lexicon(_CHANNELS).read(words(camel_split(header)))
    named: set[Channel] = {name for part in parts for name in _CHANNELS if part.name == name}
    return named.pop() if len(named) == 1 else None


@lru_cache(maxsize=4096)
def consent_of(text: str) -> bool | None:
    """What a cell says that speaks for itself: “subscribed”, “opted out”; None for all that is not clear.

    Pending, unconfirmed, bounced and cleaned are not clear: nobody refused, and nobody agreed. An agreement counts only
    where every word is known, a refusal wherever it stands.
    """
    parts = _lexicon(("unclear", "denied", "granted", "negation", "filler")).read(words(text))
    names = [part.name for part in parts]
    if "unclear" in names:
        return None
    if "denied" in names:
        return None if _negated(names, "denied") or "granted" in names else False
    if "granted" in names and _negated(names, "granted"):
        return False
    return True if "granted" in names and _known(parts) and "negation" not in names else None


def agreed(header: str, text: str, asks: Polarity | None = None) -> bool | None:
    """Whether a cell under this header agrees to be contacted (True), refuses (False) or leaves it open (None). `asks`
    is which way the header asks where its words do not say.

    | header | cell | |
    |---|---|---|
    | Newsletter | Yes, a date, subscribed | True |
    | Newsletter | No, unsubscribed | False |
    | Do not contact, Unsubscribed at | Yes, a date, opted out | False |
    | Do not contact, Newsletter opt-out | No | None: who did not refuse has not agreed |
    | Opt-out | opted in | None: they contradict each other |
    | any | empty, pending, 0000-00-00 | None |
    | one that asks neither | subscribed, unsubscribed | True, False; a yes or a date there says nothing |
    """
    cell = text.strip()
    asks = polarity(header) or asks
    said = consent_of(cell) if cell else None
    if asks is None:
        return said
    if said is None:
        said = flag_of(cell)
        if said is None and is_date(cell):
            said = True
        if asks == "refuses":
            return False if said else None
        return said
    if asks == "refuses":
        return None if said else False
    return said


def is_date(text: str) -> bool:
    """Whether a cell holds a date or the seconds since 1970; 0000-00-00 is none."""
    cell = text.strip()
    return (looks_like_date(cell) or bool(_STAMP.fullmatch(cell))) and not _NO_DATE.fullmatch(cell)


def _known(parts: list[Found]) -> bool:
    return all(part.name or has_digit(part.words[0]) for part in parts)


def _negated(names: list[str | None], name: str) -> bool:
    """Whether a negation stands before the class, with nothing but words that say nothing between them."""
    return any(_denied(names[:at]) for at, one in enumerate(names) if one == name)


def _denied(before: list[str | None]) -> bool:
    for one in reversed(before):
        if one == "negation":
            return True
        if one not in {"filler", *_CHANNELS}:
            return False
    return False


@cache
def _unspaced_refusals() -> frozenset[str]:
    """What refuses in languages that put no blanks between words: it counts wherever it stands."""
    refuses = classes("consent")["header_refuses"]
    return frozenset(word for language in ("ja", "zh", "ko") for word in refuses.get(language, ()))


def _cut(word: str, lexicon: Lexicon) -> Words:
    """A word of a language that puts no blanks between words, cut into known ones, if it can be without a rest."""
    if word < _FIRST_UNSPACED or (word,) in lexicon.phrases:
        return (word,)
    ways: list[Words | None] = [(), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(end):
            before = ways[start]
            if before is not None and (word[start:end],) in lexicon.phrases:
                ways[end] = (*before, word[start:end])
                break
    return ways[-1] or (word,)


@cache
def _lexicon(names: Words) -> Lexicon:
    return sub_lexicon("consent", names)
