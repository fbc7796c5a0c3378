"""Who a file's customers are: ids that a spreadsheet rewrote, values that stand for nobody, who agreed to marketing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from segmentation.errors import DamagedIds
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.payments import account_of, other_side
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import ColumnProfile, TableProfile, Value
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.consent import Polarity, agreed, channel, polarity
from segmentation.meaning.vocabulary.placeholders import placeholder
from segmentation.meaning.word_columns import answer
from segmentation.meaning.words import HEADER_WORDS, plain
from segmentation.notation.shares import CONSISTENT

ANY = "*"
"""Stands for any other text of a column."""
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d{2,3}")
_FLOAT = re.compile(r"\d+(?:[.]0+|,0{1,2})")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
_PLAIN = re.compile(r"\d+")
_GIANT_SHARE, _OTHERS, _TIMES = 0.05, 20, 5
_PAIRS = 5
_WORDS_AMONG_CODES, _CODES = 2, 5
_MAYBE_FEW = 2  # where more values may stand for nobody, that is how customers are named
_SPELLED = re.compile(r"[\s\u00a0\u200b-\u200f\u2060\ufeff<>\"']|^mailto:|[.,;]+\s*$", re.I)


@dataclass(frozen=True, slots=True)
class People:
    """`guests` are ids, names or addresses that stand for nobody, as they are compared; `trimmed_ids` meanings whose
    ids lose what a spreadsheet added; `bare_ids` those that lose the zeros they begin with; `consents` the columns of
    consent with what their texts say; `no_orders` says that order numbers are damaged, so that orders are told by
    customer and day."""

    guests: tuple[str, ...] = ()
    trimmed_ids: frozenset[str] = frozenset()
    bare_ids: frozenset[str] = frozenset()
    consents: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...] = ()
    no_orders: bool = False
    questions: tuple[Question, ...] = ()


def people(table: TableProfile, mapping: Mapping, platform: Platform | None, *, file: str) -> People:
    """The people of a mapped table. Raises DamagedIds where different customers have become one."""
    asked: list[Question] = []
    trimmed, padded = set(), set()
    for meaning in ("customer", "order"):
        header = getattr(mapping, meaning)
        if header is None:
            continue
        kind = _rewritten(table[header])
        if meaning == "customer" and kind in {None, "mixed"}:
            kind = _zeros(table[header], mapping, kind, asked)
        if kind == "rounded" and meaning == "customer":
            raise damaged(file, table[header])
        if kind in {"float", "grouped"}:
            trimmed.add(meaning)
        if kind == "zeros":
            padded.add(meaning)
    no_orders = mapping.order is not None and _rewritten(table[mapping.order]) == "rounded"
    guests = _guests(table, mapping, asked) - _own_address(table, mapping, platform)
    consents = tuple(_consents(table, mapping, platform))
    return People(tuple(sorted(guests)), frozenset(trimmed), frozenset(padded), consents, no_orders, tuple(asked))


def damaged(file: str, profile: ColumnProfile) -> DamagedIds:
    """The refusal of customer ids that were rounded."""
    return DamagedIds(
        f"{file}: the customer ids in “{profile.header}” are damaged.",
        evidence=f"A spreadsheet has rounded them, as in “{profile.texts[0]}”, so that different customers have one "
        "id.",
        next_step="Export the file again and import it without opening it in a spreadsheet, or with ids as text.",
    )


def _rewritten(profile: ColumnProfile) -> str | None:
    """How a spreadsheet or a program rewrote the ids of a column: rounded, float (1001.0), grouped (1,001) or not."""
    if profile.empty:
        return None
    if profile.share(_ROUNDED.fullmatch) >= 0.5 or (
        profile.share(_ROUNDED.fullmatch) > 0.02 and _only(profile, _ROUNDED)
    ):
        return "rounded"
    for name, pattern in (("float", _FLOAT), ("grouped", _GROUPED)):
        if profile.count(pattern.fullmatch) and _only(profile, pattern):
            return name
    return None


def _zeros(profile: ColumnProfile, mapping: Mapping, kind: str | None, asked: list[Question]) -> str | None:
    """Whether some ids have lost the zeros that others begin with: joined where all ids are of one length but for that,
    asked where they are not. A few such pairs prove nothing."""
    texts = {value.text for value in profile.values}
    padded = {text for text in texts if text.isdigit() and text.startswith("0") and text.strip("0")}
    pairs = sorted(text for text in padded if text.lstrip("0") in texts)
    if len(pairs) < _PAIRS or mapping.choices.ids == "apart":
        return kind
    if mapping.choices.ids == "joined" or len({len(text) for text in padded}) == 1:
        return "zeros"
    example = f"{pairs[0]} and {pairs[0].lstrip('0')}"
    asked.append(Question("ids", profile.header, example, (("joined", "one customer"), ("apart", "two customers"))))
    return kind


def _only(profile: ColumnProfile, pattern: re.Pattern[str]) -> bool:
    """Whether all values but a few are of the pattern, or plain digits."""
    return profile.share(lambda text: pattern.fullmatch(text) or _PLAIN.fullmatch(text)) > 0.98


def _own_address(table: TableProfile, mapping: Mapping, platform: Platform | None) -> set[str]:
    """The shop's own address in an account of payments: the customers of such rows stand on their other side."""
    account = account_of(table, mapping.columns()) if platform is None else None
    side = other_side(account, mapping.email)
    return {side[1], spelled(side[1])} if side is not None else set()


# Nobody ---------------------------------------------------------------------------------------------------------


def _guests(table: TableProfile, mapping: Mapping, asked: list[Question]) -> set[str]:
    """Values of the columns that say who ordered, which stand for nobody: known words, chosen ones, and those that only
    nobody can be."""
    chosen = {_folded(one) for one in mapping.choices.guests}
    kept = {_folded(one) for one in mapping.choices.not_guests}
    found = set(chosen)
    for meaning in ("customer", "email", "name", "phone"):
        header = getattr(mapping, meaning)
        if header is None:
            continue
        profile = table[header]
        giant = _giant(table, mapping, header)
        for value in profile.values:
            folded = _folded(value.text)
            if folded in kept:
                continue
            strength = placeholder(value.text)
            if meaning == "email" and "@" not in value.text and profile.addresses >= CONSISTENT:
                strength = "sure"  # where addresses stand, a text that is none is nobody's
            if strength == "sure" or (strength == "maybe" and _is_nobody(table, mapping, header, value, giant)):
                found |= {folded, spelled(value.text)}
                found.add(_folded(re.sub(r"\.0+$", "", value.text)))
        if meaning == "customer":
            words = [one.text for one in profile.values if one.rows > 1 and _is_word_among_codes(one.text, profile)]
            doubtful = dict.fromkeys([*([giant] if giant is not None else []), *words])
            asked += [
                Question("guest", header, one, (("guest", "nobody: many buyers"), ("not_guest", "one customer")))
                for one in doubtful
                if _folded(one) not in found | kept
            ]
    return (found | _ids_of_nobody(table, mapping)) - kept


def _ids_of_nobody(table: TableProfile, mapping: Mapping) -> set[str]:
    """Ids all of whose rows bear a name that surely stands for nobody: number 1 is “Walk-in customer”."""
    names = mapping.name or mapping.last_name
    if mapping.customer is None or names is None or names == mapping.customer:
        return set()
    ids, said = table.codes(mapping.customer), table.codes(names)
    nobody = np.array([placeholder(text) == "sure" for text in table.texts(names)] + [False])
    texts, found = table.texts(mapping.customer), set()
    for code in np.unique(ids[nobody[said] & (ids >= 0)]):
        if bool(nobody[said[ids == code]].all()):
            found.add(_folded(texts[code]))
    return found


def _is_nobody(table: TableProfile, mapping: Mapping, header: str, value: Value, giant: str | None) -> bool:
    """Whether a value that may stand for nobody does: it has more orders than anybody, or none of its rows has the name
    or the address that others have."""
    if value.text == giant:
        return True
    codes, texts = table.codes(header), table.texts(header)
    counts = np.sort(np.bincount(codes[codes >= 0], minlength=len(texts)))[::-1]
    if value.text not in texts or len(counts) < 2:
        return False
    mine = codes == texts.index(value.text)
    shapes = _shapes(tuple(texts))
    like_it = shapes[_shape(value.text)]
    if like_it < 0.1 * len(texts) or (like_it == 1 and max(shapes.values()) == len(texts) - 1 >= 5):
        return True  # a word among full names, digits among codes
    alone = sum(placeholder(text) is not None for text in texts) <= _MAYBE_FEW
    if alone and mine.sum() == counts[0] and counts[0] >= 1.5 * counts[1] and len(counts) >= 5:
        return True
    others = [h for h in (mapping.name, mapping.email, mapping.phone, mapping.last_name) if h not in {None, header}]
    for other in others:
        filled = table.codes(str(other)) >= 0
        if not filled[mine].any() and filled[~mine].mean() > 0.8:
            return True
    return False


def _is_word_among_codes(text: str, profile: ColumnProfile) -> bool:
    """Whether a text without any digit stands among ids that all have some, but for a few: no customer's id."""
    if any(map(str.isdigit, text)):
        return False
    codes = sum(any(map(str.isdigit, value.text)) for value in profile.values)
    return len(profile.values) - codes <= _WORDS_AMONG_CODES and codes >= _CODES


@lru_cache(maxsize=8)
def _shapes(texts: tuple[str, ...]) -> Counter[str]:
    """How many of the texts are written in each way."""
    return Counter(map(_shape, texts))


def _shape(text: str) -> str:
    """How a value is written: its words, and whether they are of letters or digits; how long those are of digits."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", text.strip()))


def _folded(text: str) -> str:
    return text.strip().lower()


def _giant(table: TableProfile, mapping: Mapping, header: str) -> str | None:
    """A value with a share of the rows that no person has: far more than the next, on most days, several at once."""
    codes, texts = table.codes(header), table.texts(header)
    counts = Counter(codes[codes >= 0].tolist()).most_common(2)
    if len(texts) < _OTHERS or not counts:
        return None
    (first, most), second = counts[0], counts[1][1] if len(counts) > 1 else 0
    if most <= _GIANT_SHARE * len(codes) or most <= _TIMES * second:
        return None
    if mapping.date is None:
        return texts[first]
    days = np.array([(cell or "").strip().split("T")[0].split(" ")[0] for cell in table.sampled[mapping.date]])
    all_days, mine = set(days.tolist()), Counter(days[codes == first].tolist())
    several = sum(count for count in mine.values() if count > 1) > 0 or len(mine) < len(all_days)
    return texts[first] if len(mine) >= 0.3 * len(all_days) or several else None


# Consent --------------------------------------------------------------------------------------------------------


def _consents(
    table: TableProfile, mapping: Mapping, platform: Platform | None
) -> Iterator[tuple[str, tuple[tuple[str, bool], ...]]]:
    """The columns that say who agreed to marketing or refused it, each with what its texts say. A refusal counts in
    whatever column it stands; what is about another channel than e-mail does not, where one is about e-mail."""
    named = [one for one in (mapping.consent, mapping.refusal) if one is not None]
    others = []
    if platform is None:
        others = [h for h, p in table.columns.items() if h not in named and polarity(h) == "refuses" and not p.empty]
    columns = [header for header in (*named, *others) if header in table.columns]
    if any(channel(header) == "email" for header in columns):
        columns = [header for header in columns if channel(header) in {"email", None}]
    for header in columns:
        profile = table[header]
        asks: Polarity | None = "agrees" if plain(header) in HEADER_WORDS["consent"] else None
        told = [
            (value.text, said) for value in profile.values if (said := _agreed(profile, value.text, asks)) is not None
        ]
        if not told:
            continue
        if not profile.complete and len({said for _, said in told}) == 1:  # dates on which somebody agreed, or refused
            told = [(ANY, told[0][1])]
        yield header, tuple(told)


def _agreed(profile: ColumnProfile, text: str, asks: Polarity | None) -> bool | None:
    """What a text of the column says of consent; a letter may say yes only beside the one that says no."""
    said = agreed(profile.header, text, asks)
    flag = answer(profile, text) if said is None and len(text) == 1 else None
    return said if flag is None else agreed(profile.header, "yes" if flag else "no", asks)


def spelled(text: str) -> str:
    """An address as addresses are compared: no blanks, seen or unseen, no case, no brackets."""
    return _SPELLED.sub("", text.lower())


# Phones ---------------------------------------------------------------------------------------------------------


def same_phones(texts: list[str]) -> dict[str, str]:
    """For each way of writing a phone number the one that stands for all ways of writing it: with its country's code
    where one of them has it. A number without a code is another's only where exactly one of those ends with it."""
    digits = {text: _digits(text) for text in texts}
    whole = {number for number, abroad in digits.values() if abroad}
    ends: dict[str, set[str]] = {}
    for number in whole:
        for code in (1, 2, 3):
            ends.setdefault(number[code:], set()).add(number)
    found = {}
    for text, (number, abroad) in digits.items():
        if abroad or number in whole:
            found[text] = number
            continue
        candidates = ends.get(number.lstrip("0"), set()) if len(number.lstrip("0")) >= 7 else set()
        found[text] = next(iter(candidates)) if len(candidates) == 1 else number.lstrip("0") or text
    return found


def _digits(text: str) -> tuple[str, bool]:
    """The digits of a phone number, and whether they begin with a country's code."""
    bare = text.replace("(0)", "")
    digits = re.sub(r"\D", "", bare)
    if bare.strip().startswith("+"):
        return digits, True
    return (digits[2:], True) if digits.startswith("00") else (digits, False)


__all__ = ["ANY", "People", "people", "same_phones", "spelled"]
