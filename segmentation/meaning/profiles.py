"""Facts about a table, before anything is made of them: every row of every column, and which columns go together.

What is rare is found wherever it stands, since all rows are counted; how rows hang together is read off blocks of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segmentation.engine.importing.facts import ColumnFacts
from segmentation.files.table import Layout
from segmentation.meaning.vocabulary.placeholders import placeholder
from segmentation.notation import Mark, decimal_mark, looks_like_date, looks_like_number
from segmentation.notation.amounts import amount_of
from segmentation.notation.dates import counted_dates
from segmentation.notation.missing import is_missing
from segmentation.notation.shares import CONSISTENT

ADDRESS = re.compile(r"(?:mailto:|<)?[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+>?", re.I)
PHONE = re.compile(r"\+?[\d\s()./-]{7,20}")
_FULL_NAME = re.compile(r"[^\W\d_][^\d@]*\s[^\d@]+")
_IN_A_ROW = 800
_TOLD, _SENT = 400, 5_000
"""Different values that shares are measured on; what is rare is looked for among all of them."""

_Made = TypeVar("_Made")
Codes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Value:
    """A text that a column holds, in how many rows, and the first of those (counted from 0)."""

    text: str
    rows: int
    first: int = 0


@dataclass(frozen=True)
class ColumnProfile:
    """One column over all rows. `values` are its texts without those that stand for nothing, commonest first, which
    `missing` counts; `complete` says that they are all there are, else they stand for the shapes there are.

    `cells` are its texts in the first rows, in order. `bare`: every text is one of `values` or `missing`, or
    like one of them but for its digits, and none has a blank around it.
    """

    header: str
    rows: int
    filled: int
    distinct: int
    complete: bool
    values: tuple[Value, ...]
    missing: dict[str, int] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    bare: bool = False

    @property
    def empty(self) -> bool:
        return self.filled == 0

    @property
    def full(self) -> float:
        """Share of the rows that hold something."""
        return self.filled / self.rows if self.rows else 0.0

    def share(self, test: Callable[[str], object]) -> float:
        """Share of the filled rows whose text passes."""
        values = self.values[:_TOLD]
        weight = sum(value.rows for value in values)
        return sum(value.rows for value in values if test(value.text)) / weight if weight else 0.0

    def count(self, test: Callable[[str], object]) -> int:
        """Rows whose text passes; about, where not all texts are known."""
        return sum(value.rows for value in self.values if test(value.text))

    @cached_property
    def dates(self) -> float:
        """Share that reads as a day; half where numbers may count days."""
        found = self.share(looks_like_date)
        return found or float(self.distinct > 1 and counted_dates(self.texts[:_TOLD]) is not None) / 2

    @cached_property
    def days(self) -> bool:
        """Whether its values are days written with signs or words, which is no way to write a number or an id."""
        return self.dates >= CONSISTENT and not all(text.isdigit() for text in self.texts)

    @cached_property
    def numbers(self) -> float:
        return self.share(looks_like_number)

    @cached_property
    def percents(self) -> float:
        """Share that is a number with a percent sign."""
        return self.share(lambda text: text.endswith("%") and looks_like_number(text[:-1].strip()))

    @cached_property
    def decimals(self) -> float:
        """Share that is a number with a mark in it."""
        return self.share(lambda text: looks_like_number(text) and ("." in text or "," in text))

    @cached_property
    def whole(self) -> float:
        """Share that is a whole number, also as 2.000 or 2.0."""
        return self.share(lambda text: re.fullmatch(r"-?\d{1,9}(?:[.,]0{1,4})?", text))

    @cached_property
    def addresses(self) -> float:
        return self.share(ADDRESS.fullmatch)

    @cached_property
    def phones(self) -> float:
        """Share that is a phone number, of what is no word for nobody."""
        numbered = [value for value in self.values[:_TOLD] if placeholder(value.text) is None]
        phones = sum(v.rows for v in numbered if PHONE.fullmatch(v.text) and not looks_like_date(v.text))
        return phones / max(1, sum(value.rows for value in numbered))

    @cached_property
    def names(self) -> float:
        """Share that is of two words or more without digits."""
        return self.share(_FULL_NAME.fullmatch)

    @cached_property
    def mark(self) -> Mark:
        """The decimal mark of its numbers."""
        bare = (text.removesuffix("%").strip() for text in self.texts)
        return decimal_mark(text for text in bare if looks_like_number(text))

    @property
    def texts(self) -> list[str]:
        return [value.text for value in self.values]

    @property
    def longest(self) -> int:
        return max((len(value.text) for value in self.values), default=0)

    @cached_property
    def returns(self) -> float:
        """Share of values in the first rows that come back after another stood between."""
        return _returns(self.cells)

    @cached_property
    def rising(self) -> float:
        """Share of steps in the first rows that do not go down."""
        return _rising(self.cells)

    @property
    def variety(self) -> float:
        """Different values for each filled row, up to 1."""
        return min(1.0, self.distinct / self.filled) if self.filled else 0.0


@dataclass(frozen=True)
class TableProfile:
    """A table: its layout, the profile of every column, and blocks of rows in order (`block` tells them apart)."""

    layout: Layout
    rows: int
    columns: dict[str, ColumnProfile]
    block: Codes
    sampled: dict[str, Sequence[str | None]]

    @property
    def headers(self) -> tuple[str, ...]:
        return self.layout.headers

    def plain(self) -> dict[str, Any]:
        """The profile as JSON takes it, bounded: the commonest values of each column, and the first sampled rows."""
        columns = [
            {
                "header": one.header,
                "filled": one.filled,
                "distinct": one.distinct,
                "complete": one.complete and len(one.values) <= _TOLD,
                "values": [(v.text, v.rows, v.first) for v in one.values[:_TOLD]],
                "missing": one.missing,
            }
            for one in self.columns.values()
        ]
        first = {header: list(cells[:_SENT]) for header, cells in self.sampled.items()}
        return {"rows": self.rows, "columns": columns, "sampled": first}

    @classmethod
    def from_plain(cls, raw: dict[str, Any], layout: Layout) -> TableProfile:
        """What `plain` gave, after JSON."""
        columns = {}
        for one in raw["columns"]:
            cells = [cell.strip() for cell in raw["sampled"][one["header"]][:_IN_A_ROW] if cell]
            columns[one["header"]] = ColumnProfile(
                one["header"],
                raw["rows"],
                one["filled"],
                one["distinct"],
                one["complete"],
                tuple(Value(*value) for value in one["values"]),
                one["missing"],
                tuple(cell for cell in cells if cell and not is_missing(cell)),
            )
        rows = len(next(iter(raw["sampled"].values()), []))
        return cls(layout, raw["rows"], columns, np.zeros(rows, np.int64), raw["sampled"])

    def __getitem__(self, header: str) -> ColumnProfile:
        return self.columns[header]

    def codes(self, header: str) -> Codes:
        """The sampled column as numbers: equal texts are equal, -1 is nothing."""
        return self._coded(header)[0]

    def texts(self, header: str) -> list[str]:
        """The text of each code of the sampled column."""
        return self._coded(header)[1]

    def numbers(self, header: str) -> Numbers:
        """The sampled column as amounts, NaN where there is none."""
        return self.once("numbers", header, lambda: self._amounts(header))

    def once(self, what: str, about: Hashable, made: Callable[[], _Made]) -> _Made:
        """What is made of the table, made once: rows are read by many, each after its own kind of evidence."""
        kept: dict[tuple[str, Hashable], Any] = self.__dict__.setdefault("_made", {})
        if (what, about) not in kept:
            kept[what, about] = made()
        found: _Made = kept[what, about]
        return found

    def _amounts(self, header: str) -> Numbers:
        codes, texts = self._coded(header)
        mark = self.columns[header].mark
        decimal = "comma" if mark is Mark.COMMA else "point"
        found = np.array([_number(text, decimal) for text in texts] + [np.nan])[codes]
        found.flags.writeable = False
        return found

    def _coded(self, header: str) -> tuple[Codes, list[str]]:
        return self.once("codes", header, lambda: self._codes(header))

    def _codes(self, header: str) -> tuple[Codes, list[str]]:
        cells = self.sampled[header]
        told = {cell: text for cell in set(cells) if cell and (text := cell.strip()) and not is_missing(text)}
        places: dict[str, int] = {}
        codes = [places.setdefault(told[cell], len(places)) if cell in told else -1 for cell in cells]
        return np.array(codes, np.int64), list(places)


def table_profile(layout: Layout, facts: Sequence[ColumnFacts], rows: int, sample: pa.Table) -> TableProfile:
    """The profile of a table from what the engine counted and the rows it sampled (an Arrow table)."""
    headers = layout.headers[: len(facts)]
    sampled = {header: sample.column(1 + i).to_pylist() for i, header in enumerate(headers)}
    columns = {
        header: _column(header, rows, one, sampled[header][:_IN_A_ROW])
        for header, one in zip(headers, facts, strict=True)
    }
    for header in layout.headers[len(facts) :]:
        columns[header] = ColumnProfile(header, rows, 0, 0, True, ())
        sampled[header] = [None] * sample.num_rows
    block = np.array(sample.column("block").to_pylist(), np.int64)
    return TableProfile(layout, rows, columns, block, sampled)


def _column(header: str, rows: int, facts: ColumnFacts, first: Sequence[str | None]) -> ColumnProfile:
    values: dict[str, Value] = {}
    missing: dict[str, int] = {}
    for text, count, place in facts.values:
        stripped = text.strip()
        if is_missing(stripped):
            missing[stripped] = missing.get(stripped, 0) + count
            continue
        other = values.get(stripped)
        values[stripped] = Value(
            stripped, count + (other.rows if other else 0), min(place, other.first if other else place)
        )
    filled = facts.filled - sum(missing.values())
    distinct = len(values) if facts.complete else facts.distinct - len(missing)
    cells = tuple(text for cell in first if cell is not None and (text := cell.strip()) and not is_missing(text))
    bare = (facts.complete or facts.shaped) and all(text == text.strip() for text, _, _ in facts.values)
    return ColumnProfile(header, rows, filled, distinct, facts.complete, tuple(values.values()), missing, cells, bare)


def _number(text: str, decimal: str) -> float:
    found = amount_of(text.removesuffix("%").strip(), decimal)
    return np.nan if found is None else found


def _returns(values: Sequence[str]) -> float:
    """Share of values that were left and come back: customers do, the lines of one order stay together."""
    last_seen: dict[str, int] = {}
    back = 0
    for at, value in enumerate(values):
        if value in last_seen and last_seen[value] != at - 1:
            back += 1
        last_seen[value] = at
    return back / len(values) if values else 0.0


def _rising(values: Sequence[str]) -> float:
    keys = [(int(value), "") if value.isdigit() and len(value) < 19 else (0, value) for value in values]
    steps = list(pairwise(keys))
    return sum(before <= after for before, after in steps) / len(steps) if steps else 0.0


def consistent(share: float) -> bool:
    """Whether a share is large enough for a column to be called so."""
    return share >= CONSISTENT
