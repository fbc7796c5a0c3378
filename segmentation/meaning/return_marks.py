"""A word that nobody knows and that marks returns, by what its rows are: each repeats a sale, and the amounts bear no
sign. Which way their money flows, only a person can say; that it is a mark, the rows tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from segmentation.meaning.mapping import Mapping
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.meaning.word_columns import few_words

_MOST_WORDS, _LONGEST = 4, 20
_MAIN, _FEWEST = 0.65, 3
"""The share of the rows that the commonest word stands on, and how many rows must bear the other one."""
_REPEATED = 0.9
"""The share of the rows with a word that must each repeat a sale of its own."""
_CHANCE = 0.001
"""The chance that as many rows repeat a sale because sales are alike, up to which it is none."""
_VARIED = 0.1
"""Different values for each row from which on a column may hold numbers of sales."""
_TEXTS = ("category", "channel")
"""Meanings that a column of marks may be taken for by its name."""

Keys = list[tuple[int, ...]]


def return_marks(table: TableProfile, mapping: Mapping) -> dict[str, frozenset[str]]:
    """For each column of such words those that may mark returns."""
    return dict(table.once("return marks", mapping, lambda: _found(table, mapping)))


def _found(table: TableProfile, mapping: Mapping) -> dict[str, frozenset[str]]:
    amounts = _prices(table, mapping)
    if amounts is None:
        return {}
    free = {getattr(mapping, meaning) for meaning in _TEXTS}
    taken = set(mapping.columns().values()) - free
    candidates = [
        header for header, profile in table.columns.items() if header not in taken and _may_mark(table, profile)
    ]
    if not candidates:
        return {}
    found = {header: frozenset[str]() for header in candidates}
    for whose in _numbers(table, mapping):
        keys = _keys(table, (whose, mapping.product), amounts)
        found = {header: marks | _marks(table, header, keys, amounts) for header, marks in found.items()}
    return {header: marks for header, marks in found.items() if marks}


def _numbers(table: TableProfile, mapping: Mapping) -> list[str]:
    """The columns that may tell whose sale a return takes back: customers, and numbers of any kind."""
    who = mapping.customer or mapping.email or mapping.name or mapping.phone or mapping.last_name
    taken = {header for meaning, header in mapping.columns().items() if meaning != "order"}
    free = [
        header
        for header, profile in table.columns.items()
        if header not in taken and profile.variety >= _VARIED and profile.decimals == 0 and profile.dates == 0
    ]
    return [who, *free] if who is not None else free


def _may_mark(table: TableProfile, profile: ColumnProfile) -> bool:
    """Whether a column is of a few words, one on most rows, of which none is known."""
    if not few_words(profile) or profile.distinct > _MOST_WORDS or profile.longest > _LONGEST or profile.dates > 0:
        return False
    if profile.values[0].rows < _MAIN * table.rows:
        return False
    others = [value.text for value in profile.values[1:]]
    return not all(status_of(text) or kind_of(text) for text in others)


def _prices(table: TableProfile, mapping: Mapping) -> npt.NDArray[np.float64] | None:
    """What one piece cost on each row: returns are of fewer pieces than sales, at the price of the sale."""
    if mapping.unit_price is not None:
        found = table.numbers(mapping.unit_price)
        if mapping.quantity is not None and (table.numbers(mapping.quantity) < 0).any():
            return None
    elif mapping.amount is not None:
        found = table.numbers(mapping.amount)
        if mapping.quantity is not None:
            pieces = table.numbers(mapping.quantity)
            found = np.divide(found, pieces, out=np.full(len(found), np.nan), where=np.nan_to_num(pieces) > 0)
    else:
        return None
    return None if np.nanmin(found, initial=0) < 0 else found


def _keys(table: TableProfile, headers: Sequence[str | None], prices: npt.NDArray[np.float64]) -> Keys:
    """What a return has in common with its sale: the price, and the texts of these columns."""
    columns: list[Sequence[int]] = [np.round(np.nan_to_num(prices) * 100).astype(np.int64).tolist()]
    columns += [table.codes(header).tolist() for header in headers if header is not None]
    return list(zip(*columns, strict=True))


def _marks(table: TableProfile, header: str, keys: Keys, prices: npt.NDArray[np.float64]) -> frozenset[str]:
    codes, texts = table.codes(header), table.texts(header)
    priced = np.nan_to_num(prices) > 0
    main = int(np.argmax(np.bincount(codes[codes >= 0], minlength=len(texts))))
    sold = Counter(keys[place] for place in np.flatnonzero((codes == main) & priced))
    alike = (sum(sold.values()) - len(sold) + 1) / (sum(sold.values()) + 1)
    found = set()
    for code, text in enumerate(texts):
        rows = np.flatnonzero((codes == code) & priced)
        if code == main or len(rows) < _FEWEST or status_of(text) or kind_of(text):
            continue
        mine = Counter(keys[place] for place in rows)
        repeated = sum((mine & sold).values())
        if repeated >= _REPEATED * len(rows) and alike**repeated <= _CHANCE:
            found.add(text)
    return frozenset(found)


__all__ = ["return_marks"]
