"""How many customers of each segment which words are true of, by one count over everybody.

Every customer has one level in each family of words, and their levels together are one number. One count of that number
by segment then says of any words how many customers of each segment they are all true of: nothing is sorted, and the
cost is the same for two words and for twenty.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from segmentation.customers import BoolArray, CodeArray, CustomerTable
from segmentation.segments.vocabulary import Family, Word, families_of

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many customers of each group have which words.

    words: by key.
    sizes: customers of each group.
    counts: customers of each group by combination of levels, shape (groups, combinations).
    true: which combinations a word is true for, by key, each of shape (combinations,).
    summed: what `having` gave already.
    parts: for a group that was merged of others, the places of those in `finer`; () for any other group.
    finer: the same counts for the groups before they were merged.
    """

    words: dict[str, Word]
    sizes: tuple[int, ...]
    counts: Counts = field(repr=False)
    true: dict[str, BoolArray] = field(repr=False)
    summed: dict[frozenset[str], tuple[int, ...]] = field(repr=False, default_factory=dict)
    parts: tuple[tuple[int, ...], ...] = ()
    finer: Tally | None = field(repr=False, default=None)

    def of_parts(self, group: int) -> tuple[int, ...]:
        """The places in `finer` of what a group was merged of; () where it was not."""
        return self.parts[group] if self.parts else ()

    def having(self, keys: Collection[str]) -> tuple[int, ...]:
        """Customers of each group whom all these words are true of."""
        asked = frozenset(keys)
        if asked not in self.summed:
            together = np.logical_and.reduce([self.true[key] for key in sorted(asked)])
            self.summed[asked] = tuple((self.counts @ together).tolist())
        return self.summed[asked]


@dataclass(frozen=True, slots=True, eq=False)
class _Lexicon:
    """The words of a table, whatever its segments are.

    words: by key.
    place: the combination of levels of each customer, shape (n,).
    true: which combinations a word is true for, by key, each of shape (combinations,).
    combinations: how many occur.
    """

    words: dict[str, Word]
    place: npt.NDArray[np.int32]
    true: dict[str, BoolArray]
    combinations: int


_LEXICA: WeakKeyDictionary[CustomerTable, _Lexicon] = WeakKeyDictionary()
"""Made once for each table that is held: every number of segments asks for it again."""


def tally(customers: CustomerTable, labels: CodeArray, groups: int) -> Tally:
    """Count the words over all customers; `labels`, shape (n,), holds 0..groups-1."""
    lexicon = _LEXICA.get(customers)
    if lexicon is None:
        lexicon = _LEXICA[customers] = _lexicon(customers)
    at = labels.astype(np.int32) * np.int32(lexicon.combinations) + lexicon.place
    counts = np.bincount(at, minlength=groups * lexicon.combinations).reshape(groups, -1)
    return Tally(lexicon.words, tuple(counts.sum(axis=1).tolist()), counts, lexicon.true)


def _lexicon(customers: CustomerTable) -> _Lexicon:
    families = tuple(families_of(customers))
    code = np.zeros(customers.n, dtype=np.int32)
    every: list[tuple[Family, int]] = []
    radix = 1
    for family in families:
        code += family.levels * np.int32(radix)
        every.append((family, radix))
        radix *= family.highest + 1
    occurring = np.flatnonzero(np.bincount(code, minlength=radix))
    place = np.zeros(radix, dtype=np.int32)
    place[occurring] = np.arange(len(occurring), dtype=np.int32)
    true = {
        word.key: np.isin(occurring // radix_of % (family.highest + 1), word.levels)
        for family, radix_of in every
        for word in family.words
    }
    words = {word.key: word for family in families for word in family.words}
    return _Lexicon(words, place[code], true, len(occurring))
