"""Which columns of tables are keys: by values over all rows, names only propose."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path

from segmentation.engine.importing.tables import Key, KeyFacts, Rows, differing, key_facts, shared
from segmentation.engine.reading import ImportConnection
from segmentation.intake.text import Text
from segmentation.meaning.guessing import Guess
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.tables import kinship, kinship_by_rows, may_be_key, points_nowhere

_MOST_COLUMNS = 40
"""Columns of a table that are looked at as keys."""
_UNIQUE, _LOOSE = 0.45, 0.05
"""A key is looked at closely from this share of different values on; so many rows of a list may repeat one."""
_FOUND = {3: 0.3, 2: 0.4, 1: 0.5, 0: 0.9}
"""The share of a column's values that the other table must have, by how far names say that it is its key."""
_MOST_COMMON, _FEW = 6, 50
"""Columns that two tables have in common and that may be a key together, and different texts of one of them."""
_ALIKE = 0.9
"""Columns of which one is of digits and the other of letters are no key of each other."""
_COVERED, _SHORT, _MANY = 0.5, 5, 10
"""Of whole numbers as short as counters there must be so many, and this share of the other table's keys among them."""


@dataclass(frozen=True)
class TableStack:
    """Tables with the same columns, as one: their texts, and what their columns mean if the table stands alone."""

    members: tuple[Text, ...]
    guess: Guess

    @property
    def headers(self) -> tuple[str, ...]:
        return self.members[0].opened.layout.headers

    @property
    def profile(self) -> TableProfile:
        return max(self.members, key=lambda one: one.raw.rows).table

    @property
    def file(self) -> str:
        return self.members[0].opened.name

    @property
    def name(self) -> str:
        more = len(self.members) - 1
        return f"{self.file} and {more} more" if more else self.file

    @cached_property
    def rows(self) -> Rows:
        parts = []
        for one in self.members:
            headers = one.opened.layout.headers
            parts.append((one.raw, tuple(one.raw.columns[headers.index(header)] for header in self.headers)))
        return Rows(tuple(parts))

    def column(self, header: str) -> str:
        """The column in `rows` with this header."""
        return f"c{self.headers.index(header)}"

    def columns(self, headers: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.column, headers))


@dataclass(frozen=True, slots=True)
class Link:
    """Columns of one table (`child`, its place) that are the key of another (`parent`). `strict` says that no two rows
    of the parent with one key say different things, `stated` that somebody named it, and nothing else proved it."""

    child: int
    column: tuple[str, ...]
    parent: int
    key: tuple[str, ...]
    bare: bool
    kin: int
    keys: int
    found: int
    parent_keys: int
    strict: bool
    stated: bool = False

    @property
    def share(self) -> float:
        return self.found / self.keys if self.keys else 0.0

    @property
    def covered(self) -> float:
        return self.found / self.parent_keys if self.parent_keys else 0.0

    @property
    def rank(self) -> tuple[int, float, float, int, tuple[str, ...], tuple[str, ...]]:
        return (self.kin, round(self.share, 2), round(self.covered, 2), -len(self.column), self.column, self.key)


class Keys:
    """The keys of tables, each counted once."""

    def __init__(self, connection: ImportConnection, stacks: Sequence[TableStack], folder: Path) -> None:
        self.connection, self.stacks, self.folder = connection, stacks, folder
        self._facts: dict[tuple[int, tuple[str, ...], bool], KeyFacts] = {}

    def key(self, at: int, headers: tuple[str, ...], *, bare: bool) -> Key:
        return Key(self.stacks[at].columns(headers), bare)

    def facts(self, at: int, headers: tuple[str, ...], *, bare: bool = True) -> KeyFacts:
        known = (at, headers, bare)
        if known not in self._facts:
            target = self.folder / f"key-{uuid.uuid4().hex}.parquet"
            rows = self.stacks[at].rows
            self._facts[known] = key_facts(self.connection, rows, self.key(at, headers, bare=bare), target)
        return self._facts[known]

    def links(self) -> list[Link]:
        """Every pair of columns of two tables of which one may be the key of the other."""
        places = range(len(self.stacks))
        named = {at: self._candidates(at) for at in places}
        unique = {
            at: [one for header in named[at] if (one := self._unique(at, (header,))) is not None] for at in places
        }
        found: list[Link] = []
        for parent in places:
            pairs = [(child, (header,)) for child in places if child != parent for header in named[child]]
            fitting = [link for key in unique[parent] for link in self._pointing(pairs, parent, key)]
            found += fitting
            linked = {link.child for link in fitting}
            for child in places:
                if child != parent and child not in linked:
                    found += self._several(child, parent)
        named_by = {link.parent for link in found if link.kin}
        return [link for link in found if link.kin or link.parent not in named_by]

    def stated(self, answer: str) -> Link | None:
        """The link that somebody named (table:column=table:column), where the values bear it: the key tells the rows of
        its table apart, and has enough of the column's values."""
        sides = [side.rpartition(":") for side in answer.split("=")]
        places = [
            next(
                (
                    at
                    for at, stack in enumerate(self.stacks)
                    if stack.file == file and {*named.split("+")} <= {*stack.headers}
                ),
                None,
            )
            for file, _, named in sides
        ]
        if len(sides) != 2 or None in places or places[0] == places[1]:
            return None
        (child, parent), (column, key) = places, (tuple(named.split("+")) for *_, named in sides)
        if child is None or parent is None or len(column) != len(key):
            return None
        unique = self._unique(parent, key)
        if unique is None:
            return None
        _, bare, strict = unique
        mine, theirs = self.facts(child, column, bare=bare), self.facts(parent, key, bare=bare)
        (found,) = shared(self.connection, [mine], theirs)
        link = Link(child, column, parent, key, bare, 3, mine.distinct, found, theirs.distinct, strict, stated=True)
        return link if link.found and link.share >= _FOUND[1] else None

    def _candidates(self, at: int) -> list[str]:
        stack = self.stacks[at]
        return [header for header in stack.headers[:_MOST_COLUMNS] if may_be_key(stack.profile[header])]

    def _unique(self, at: int, headers: tuple[str, ...]) -> tuple[tuple[str, ...], bool, bool] | None:
        """Whether columns tell the rows of a table apart: (columns, compared as bare ids, without exception)."""
        if len(headers) == 1 and len(self.stacks[at].members) == 1:
            profile = self.stacks[at].profile[headers[0]]
            if profile.variety < 0.8 * _UNIQUE:  # about as many as different values: not worth counting
                return None
        for bare in (True, False):
            facts = self.facts(at, headers, bare=bare)
            if facts.distinct < _UNIQUE * facts.filled or facts.filled < 0.5 * self.stacks[at].rows.count:
                return None
            if not facts.repeated:
                return headers, bare, True
            if bare and self.facts(at, headers, bare=False).distinct > facts.distinct:
                continue
            key = self.key(at, headers, bare=bare)
            if not differing(self.connection, self.stacks[at].rows, key):
                return headers, bare, True
            return (headers, bare, False) if facts.repeated <= _LOOSE * facts.filled else None
        return None

    def _pointing(
        self,
        pairs: Sequence[tuple[int, tuple[str, ...]]],
        parent: int,
        unique: tuple[tuple[str, ...], bool, bool],
    ) -> list[Link]:
        """Which of some columns (table, headers) point to a table by a key of it."""
        key, bare, strict = unique
        theirs = self.facts(parent, key, bare=bare)
        may: list[tuple[int, tuple[str, ...], int, KeyFacts]] = []
        for child, column in pairs:
            other = self.stacks[parent].file
            kin = min(kinship(a, b, other) for a, b in zip(column, key, strict=True))
            if kin == 0 and len(key) == 1:
                kin = kinship_by_rows(column[0], key[0], self.stacks[parent].guess)
            nowhere = kin < 3 and any(points_nowhere(header, self.stacks[child].guess) for header in column)
            if kin < 0 or nowhere:
                continue
            mine = self.facts(child, column, bare=bare)
            if mine.distinct and abs(mine.digits - theirs.digits) <= _ALIKE:
                may.append((child, column, kin, mine))
        both = shared(self.connection, [mine for *_, mine in may], theirs)
        found = [
            (Link(child, column, parent, key, bare, kin, mine.distinct, n, theirs.distinct, strict), mine)
            for (child, column, kin, mine), n in zip(may, both, strict=True)
        ]
        return [link for link, mine in found if self._believed(link, mine)]

    def _believed(self, link: Link, mine: KeyFacts) -> bool:
        if link.share < _FOUND[link.kin] or not link.found:
            return False
        if link.kin:
            return True
        counters = mine.digits > 0.9 and mine.longest <= _SHORT
        if counters:
            return link.covered >= _COVERED and bool(mine.repeated) and mine.distinct >= _MANY
        return mine.distinct >= 3

    def _several(self, child: int, parent: int) -> list[Link]:
        """A key of several columns that both tables have, where no column alone is one; days stand last, since they may
        be those of something else."""
        other = self.stacks[parent]
        pairs = [(a, b) for a, b in self._common(child, parent) if other.profile[b].decimals < 0.2]
        places = {header: at for at, header in enumerate(other.headers)}
        pairs = sorted(pairs, key=lambda pair: (other.profile[pair[1]].dates > _ALIKE, places[pair[1]]))[:_MOST_COMMON]
        if any(self._unique(parent, (b,)) for _, b in pairs if other.profile[b].dates <= _ALIKE):
            return []
        for size in (2, 3):
            for chosen in combinations(pairs, size):
                mine, theirs = tuple(a for a, _ in chosen), tuple(b for _, b in chosen)
                unique = self._unique(parent, theirs) if len({*theirs}) == len({*mine}) == size else None
                if unique is None or not unique[2]:
                    continue
                for link in self._pointing([(child, mine)], parent, unique):
                    whole = link.covered >= _ALIKE and mine == theirs
                    if link.share >= _FOUND[0] and (self.facts(child, mine).repeated or whole):
                        return [replace(link, kin=3)]
        return []

    def _common(self, child: int, parent: int) -> list[tuple[str, str]]:
        """Columns of two tables that may be one: of one name, of names that say so, or of the same few texts."""
        one, other = self.stacks[child], self.stacks[parent]
        same = [
            (h, h)
            for h in dict.fromkeys(one.headers)
            if (h in other.headers and other.profile[h].distinct > 1) or self._day(one, other, h)
        ]
        mine, theirs = ([h for h in stack.headers if h not in dict(same)] for stack in (one, other))
        further = [
            (a, b)
            for a in mine[:_MOST_COLUMNS]
            for b in theirs[:_MOST_COLUMNS]
            if other.profile[b].distinct > 1 and (kinship(a, b, other.file) > 0 or self._same_texts(one, a, other, b))
        ]
        return same + further

    @staticmethod
    def _same_texts(one: TableStack, mine: str, other: TableStack, theirs: str) -> bool:
        """Whether both columns have the same few words, as those of stores and tills."""
        texts, others = one.profile[mine].texts, other.profile[theirs].texts
        few = 1 < one.profile[mine].distinct == other.profile[theirs].distinct <= _FEW
        return few and set(texts) == set(others) and not any(text.strip().isdigit() for text in texts)

    @staticmethod
    def _day(one: TableStack, other: TableStack, header: str) -> bool:
        return header in one.headers and header in other.headers and other.profile[header].dates > 0.9
