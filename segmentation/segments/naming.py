"""Names of segments: words that are true of their customers, with the evidence for each.

A word is used only where it is true of most of a segment and much likelier there than in the rest of the shop, and so
is the name as a whole. Newcomers come first: what is new is called new. Where no word will do, the name is what sets
the segment apart most, with the figure. Names are unique, and the same customers in the same segments always get the
same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from segmentation import formats
from segmentation.customers import CustomerTable, Feature
from segmentation.profiles import FEW as PROFILED
from segmentation.profiles import GroupProfile, Survey
from segmentation.segments.figures import figure
from segmentation.segments.plays import FEW, REST, play_of
from segmentation.segments.predicates import Tally

LONGEST = 28
"""Names are at most this many characters long, to fit a card and a legend."""

MOST = 0.6
"""A word is true of at least this share of the segment ..."""

ODDS = 2
"""... and its odds there are at least this many times those in the rest of the shop."""

LEAST_TOLD = 0.05
"""New names take this share of the doubt about who is in the segment away at least: less says little of it."""

WHEN_AND_WHAT = 1.3
"""A name that says both may tell less by this factor than one that says one of them."""

MORE_SAID = 1.15
"""The same for each word more."""

OF_A_SEASON = 1.6
"""The same for a season, which says when and what in one word."""

_LEADS = ("new", "active", "lapsing", "lapsed", "recent", "long_ago")
_TOO_FEW = f"Fewer than {PROFILED} customers: too few to describe."
_TYPED = "Somebody gave it this name."
_NO_WORD = "No word is true of at least 60 % of them with twice the odds of the rest of the shop."
_WEAK = "The words that are true of most of them say little about who they are."
_OF_BOTH = "No word is true of most of each of the segments that were merged, so it has the names of all."
_TAKEN = "The words that say most about them are the name of another segment."
_DATES = frozenset({"recency_days", "tenure_days", "active_days", "trend"})
"""Features that need no word for when beside them."""

_NOT_YEARLY = frozenset({"lapsing", "lapsed"})
"""Not said beside a season: who buys once a year is not late in between."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a segment is called.

    name: its name.
    play: what to do with it, in a sentence.
    words: the keys of the words in it; none where it is a figure.
    evidence: why it is called so, in sentences.
    typed: whether a person gave it.
    """

    name: str
    play: str
    words: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    typed: bool = False


@dataclass(frozen=True, slots=True)
class _Noun:
    """One or more words as a noun, and behind a comma."""

    words: tuple[str, ...]
    noun: str
    behind: str = ""


_TOGETHER: tuple[_Noun, ...] = (
    _Noun(("one_order", "big_basket"), "one big order", "one big order"),
    _Noun(("one_order", "small_basket"), "one small order", "one small order"),
    _Noun(("one_order", "discount"), "one discounted order", "one discounted order"),
    _Noun(("frequent", "high_spend"), "top customers"),
)
_BEHIND = {
    "one_order": "one order",
    "repeat": "repeat",
    "frequent": "frequent",
    "high_spend": "high spend",
    "low_spend": "low spend",
    "big_basket": "big baskets",
    "small_basket": "small baskets",
    "full_price": "full price",
    "discount": "discounts",
    "weekend": "weekends",
    "wide_range": "wide range",
    "one_category": "one category",
    "long_time": "long-time",
}
_CHAMPIONS = ("active", "frequent", "high_spend")


def holds(tally: Tally, words: Sequence[str], group: int) -> bool:
    """Whether a group may be called by these words: each is true of it, and all together are."""
    return set(words) <= tally.words.keys() and all(
        _telling(tally, keys, group) for keys in (*((word,) for word in words), words)
    )


def name_segments(
    customers: CustomerTable,
    tally: Tally,
    survey: Survey,
    features: Sequence[Feature],
    names: Sequence[Name | None] | None = None,
    avoid: Iterable[str] = (),
    joined: Sequence[str] = (),
) -> tuple[Name, ...]:
    """A name for each group of the survey; where `names` has one that somebody typed or that is still true, that one.

    `features` are those that may be named with a figure where no word will do; names to `avoid` belonged to segments
    that are gone. Names are unique, but for typed ones, and at most LONGEST characters; `joined` are the names that
    merged groups take where no word is true of each part and they are short enough, "" for other groups.
    """
    given = list(names) if names is not None else [None] * len(survey.groups)
    chosen = [_kept(name, tally, group, survey) for group, name in enumerate(given)]
    taken = {name.name for name in chosen if name is not None} | set(avoid)
    for make in (_short_names, _long_names):
        unnamed = [i for i, name in enumerate(chosen) if name is None and not survey.groups[i].few]
        for one in sorted((c for i in unnamed for c in _candidates(tally, i, make)), key=lambda c: c.order):
            if chosen[one.group] is None and one.text not in taken:
                evidence = _evidence(tally, one.group, one.words)
                chosen[one.group] = Name(one.text, play_of(one.words), one.words, evidence)
                taken.add(one.text)
    result = []
    for i, name in enumerate(chosen):
        final = name or _by_parts(joined, survey, i, taken)
        final = final or _by_figure(customers, tally, survey, i, features, taken)
        taken.add(final.name)
        result.append(final)
    return tuple(result)


def _kept(name: Name | None, tally: Tally, group: int, survey: Survey) -> Name | None:
    """The name as it is, with the evidence of today, if it was typed or is still true."""
    if name is None:
        return None
    if name.typed:
        return Name(name.name, name.play, name.words, (_TYPED,), typed=True)
    new = "new" not in name.words and holds(tally, ("new",), group)
    if new or not name.words or not holds(tally, name.words, group):
        return None
    evidence = (_TOO_FEW,) if survey.groups[group].few else _evidence(tally, group, name.words)
    return Name(name.name, name.play, name.words, evidence)


# Words ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    group: int
    text: str
    words: tuple[str, ...]
    worth: float

    @property
    def order(self) -> tuple[float, int, str, int]:
        return (-self.worth, -len(self.words), self.text, self.group)


_Texts = Iterator[tuple[str, tuple[str, ...], float]]
"""Names with their words and what a bit of what they tell is worth."""


def _candidates(
    tally: Tally, group: int, make: Callable[[Tally, str, Sequence[_Noun]], _Texts]
) -> Iterator[_Candidate]:
    """Every name in words that is true of a group."""
    fitting = _fitting(tally, group)
    nouns = [_Noun((key,), tally.words[key].noun, _BEHIND.get(key, "")) for key in tally.words if key in fitting]
    nouns += [one for one in _TOGETHER if set(one.words) <= set(fitting)]
    lead = _lead(fitting)
    for text, words, weight in make(tally, lead, [one for one in nouns if one.noun]):
        if len(text) <= LONGEST and holds(tally, words, group):
            told = _told(tally, words, group)
            if told >= LEAST_TOLD:
                yield _Candidate(group, text, words, weight * told * MORE_SAID ** (len(words) - 1))


def _fitting(tally: Tally, group: int) -> tuple[str, ...]:
    return tuple(key for key in tally.words if holds(tally, (key,), group))


def _lead(fitting: Sequence[str]) -> str:
    """The word that stands before a noun: newcomers are called that whatever else they are."""
    return next((key for key in _LEADS if key in fitting), "")


def _short_names(tally: Tally, lead: str, nouns: Sequence[_Noun]) -> _Texts:
    """When and what; else one of them."""
    for one in nouns:
        if said := _led(tally, lead, one):
            yield said, (lead, *one.words), WHEN_AND_WHAT
        if lead != "new":
            yield _capital(one.noun), one.words, OF_A_SEASON if "season" in one.words else 1.0
    if lead == "new":
        yield "Newcomers", (lead,), 1.0
    elif lead:
        yield f"{tally.words[lead].lead} customers", (lead,), 1.0


def _long_names(tally: Tally, lead: str, nouns: Sequence[_Noun]) -> _Texts:
    """The same with one more word behind a comma, where others have the shorter ones."""
    for one, more in permutations(nouns, 2):
        if more.behind and not set(more.words) & set(one.words):
            words = (*one.words, *more.words)
            if said := _led(tally, lead, one):
                yield f"{said}, {more.behind}", (lead, *words), WHEN_AND_WHAT
            if lead != "new":
                yield f"{_capital(one.noun)}, {more.behind}", words, 1.0


def _led(tally: Tally, lead: str, noun: _Noun) -> str:
    """A noun with the word before it, or "" where they do not go together."""
    if not lead or (lead in _NOT_YEARLY and "season" in noun.words):
        return ""
    if (lead, *noun.words) == _CHAMPIONS:
        return "Champions"
    return f"{tally.words[lead].lead}{',' if noun.noun.startswith('one ') else ''} {noun.noun}"


def _telling(tally: Tally, words: Sequence[str], group: int) -> bool:
    """Whether enough of a group have these words, by share and by odds against the rest; in whole numbers."""
    having, sizes = tally.having(words), tally.sizes
    inside, size = having[group], sizes[group]
    outside, others = sum(having) - inside, sum(sizes) - size
    odds = inside * (others - outside) >= ODDS * outside * (size - inside) and outside < others
    return size > 0 and inside >= MOST * size and odds and _of_each_part(tally, words, group)


def _of_each_part(tally: Tally, words: Sequence[str], group: int) -> bool:
    """Whether words are true of most of each segment that a group was merged of."""
    parts = tally.of_parts(group)
    if not parts or tally.finer is None:
        return True
    having = tally.finer.having(words)
    return all(having[part] >= MOST * tally.finer.sizes[part] for part in parts)


def _told(tally: Tally, words: Sequence[str], group: int) -> float:
    """The share of the doubt about who is in a group that the words take away (Theil's uncertainty coefficient)."""
    having, sizes = tally.having(words), tally.sizes
    inside, size, everyone = having[group], sizes[group], sum(sizes)
    outside = sum(having) - inside
    table = np.array([[inside, size - inside], [outside, everyone - size - outside]], dtype=np.float64) / everyone
    rows = table.sum(axis=1, keepdims=True)
    known = table > 0
    shared = (table[known] * np.log2((table / (rows * table.sum(axis=0, keepdims=True)))[known])).sum()
    return round(float(shared / -(rows * np.log2(rows)).sum()), 9)


def _evidence(tally: Tally, group: int, words: Sequence[str]) -> tuple[str, ...]:
    """For each word how many it is true of, here and in the rest of the shop, and what it means."""
    lines = [
        _shares(tally, group, (key,), f"are {tally.words[key].said}") + f": {tally.words[key].meaning}."
        for key in words
    ]
    if len(words) > 1:
        lines.append(_shares(tally, group, words, "are both" if len(words) == 2 else "are all of this") + ".")
    return tuple(lines)


def _shares(tally: Tally, group: int, words: Sequence[str], said: str) -> str:
    """The share here and, unless those are too few to describe, in the rest of the shop."""
    having, size = tally.having(words), tally.sizes[group]
    inside, others = having[group], sum(tally.sizes) - size
    here = f"{formats.percent(inside / size)} {said}"
    if others < PROFILED:
        return here
    return f"{here}, {formats.percent((sum(having) - inside) / others)} of the rest of the shop"


# Figures ----------------------------------------------------------------------------------------------------------


def _by_parts(joined: Sequence[str], survey: Survey, group: int, taken: set[str]) -> Name | None:
    """The names of what a group was merged of; None where it was not, or they are too long together."""
    said = joined[group] if joined else ""
    usable = 0 < len(said) <= LONGEST and said not in taken and not survey.groups[group].few
    return Name(said, REST, (), (_OF_BOTH,)) if usable else None


def _by_figure(
    customers: CustomerTable, tally: Tally, survey: Survey, group: int, features: Sequence[Feature], taken: set[str]
) -> Name:
    """What sets the group apart most, with its figure; a number where even that is taken."""
    profile, everyone = survey.groups[group], survey.everyone
    if profile.few or profile.customers == everyone.customers:
        return _numbered(_special(profile), taken)
    fitting = _fitting(tally, group)
    lead = _lead(fitting)
    why = _NO_WORD if not fitting else _TAKEN if any(_candidates(tally, group, _short_names)) else _WEAK
    before = _evidence(tally, group, (lead,)) if lead else ()
    for name in sorted(profile.differences, key=lambda name: (-round(abs(profile.differences[name]), 6), name)):
        feature = next((one for one in features if one.name == name), None)
        found = None if feature is None else figure(feature, profile, everyone, customers.currency)
        if found is None:
            continue
        evidence = (*before, why, f"What sets them apart most: {found.sentence}.")
        alone = [(_capital(text), evidence[len(before) :]) for text in found.texts]
        led = [(f"{tally.words[lead].lead}, {text}", evidence) for text in found.texts] if lead else []
        said = led if lead == "new" else alone if name in _DATES else [*led, *alone]
        for text, reasons in said:
            if len(text) <= LONGEST and text not in taken:
                return Name(text, play_of((lead,)), (), reasons)
    if lead == "new":
        return _numbered(Name("Newcomers", play_of((lead,)), (lead,), before), taken)
    return _numbered(Name("Much like everyone", REST, (), (why, "Nothing else sets them apart.")), taken)


def _special(profile: GroupProfile) -> Name:
    if not profile.customers:
        return Name("No customers", FEW, (), ("All its customers are in other segments.",))
    if not profile.few:
        return Name("All customers", REST, (), ("There is one segment only.",))
    return Name("A handful of customers", FEW, (), (_TOO_FEW,))


def _numbered(name: Name, taken: set[str]) -> Name:
    tries = [name.name, *(f"{name.name} {number}" for number in range(2, len(taken) + 3))]
    return Name(next(text for text in tries if text not in taken), name.play, name.words, name.evidence)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
