"""Whether a text breaks off in the middle of its last row, as when a disk was full or a download ended early."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from segmentation.files.dialect import Dialect
from segmentation.files.encoding import ends_inside_a_character
from segmentation.files.records import Reader, Record
from segmentation.files.table import FIRST_ROWS, Layout, kind_of
from segmentation.notation.totals import TOTAL_WORDS

_TAIL = 64 * 1024
_SURELY = 0.95
_FEWEST, _HABIT = 3, 0.1
"""From so many rows on, and this share of them, it is a habit to leave off empty fields at the end."""
_MANY = 10
"""From so many rows on, all of which fill their last field, the last row did too."""
_LONGEST_CHARACTER = 4
_FURTHER_BYTES = bytes(range(0x80, 0xC0))
_VALUES = frozenset({"number", "date"})
_DIGIT = re.compile(r"\d")
_TOTAL = re.compile(TOTAL_WORDS)


class LastRow:
    """Tells a last row that was cut off from one that stands as it was written.

    A row that a line end follows is whole. Of others, one that ends inside a quotation or a character is cut, and so is
    one with fewer fields than the rows above, if what is there looks like them. So is one that ends at its last
    separator, where no row above leaves its last field empty. A total, a line of text and rows of a file that leaves
    off empty fields at the end are as short without being cut. Nothing tells whether the last value of a row that has
    all its fields was longer.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self._path, self._layout = path, layout
        self._width = len(layout.headers)
        self._reader = Reader(layout.dialect, self._width)
        self._rows = self._short = self._open = 0

    def is_cut(self, record: Record) -> bool:
        """Whether this is the last row and was cut. Every row of the table is to be asked about, in order."""
        if not record.ended and self._width > 1 and self._whole:
            return self._inside(record) or self._breaks_off(record.fields)
        self._rows += 1
        self._short += len(record.fields) < self._width
        self._open += len(record.fields) == self._width and not record.fields[-1]
        return False

    @cached_property
    def _whole(self) -> list[tuple[str, ...]]:
        """Sampled rows that have all fields."""
        return [row for row in self._layout.rows if len(row) == self._width]

    def _inside(self, record: Record) -> bool:
        """Whether the row ends inside a quotation, which is no stray mark in a row that has all fields without it, or
        inside a character."""
        opened = self._reader.left_open(record.text)
        whole = len(record.fields) >= self._width and bool(record.fields[-1])
        if opened == self._width or (0 < opened < self._width and not whole):
            return True
        return _ends_inside_its_last_character(self._path, self._layout.dialect, record)

    def _breaks_off(self, fields: list[str]) -> bool:
        """Whether the fields are those that other rows begin with, and the rest is missing."""
        if len(fields) >= self._width:
            always_more = not self._open and self._rows >= _MANY
            return len(fields) == self._width and not fields[-1] and always_more and self._looks_like_others(fields)
        if len(fields) == 1:
            start = fields[0].strip().lstrip(self._layout.dialect.quote)
            return any(_shape(row[0].strip()).startswith(_shape(start)) for row in self._whole)
        return not self._left_off(fields) and self._looks_like_others(fields)

    def _left_off(self, fields: list[str]) -> bool:
        """Whether rows are short because empty fields at their end are left off: none has an empty one there."""
        return bool(fields[-1]) and not self._open and self._short >= max(_FEWEST, _HABIT * self._rows)

    def _looks_like_others(self, fields: list[str]) -> bool:
        """Whether all but the last of these fields are those of a row: most are filled that others fill, and none is a
        text where they have dates or numbers. A total fills fewer, or has nothing but numbers beside its word."""
        always = blank = 0
        for at, field in enumerate(fields[:-1]):
            others = [kind for row in self._whole if (kind := kind_of(row[at])) != "empty"]
            kind, values = kind_of(field), sum(other in _VALUES for other in others)
            if len(others) >= _SURELY * len(self._whole):
                always, blank = always + 1, blank + (kind == "empty")
            if kind == "text" and others and values >= _SURELY * len(others):
                return False
        texts = [field.strip().lower() for field in fields if kind_of(field) in {"text", "date"}]
        if any(map(_TOTAL.match, texts)):
            return len(texts) > 1 and not blank
        return not blank or 2 * blank < always


def without_last(layout: Layout, record: Record) -> Layout:
    """The layout without a last row that was cut, which is sampled where the whole file is."""
    if layout.rows[-1:] != (tuple(record.fields),):
        return layout
    rows = layout.rows[:-1]
    return replace(layout, rows=rows, first_rows=rows[:FIRST_ROWS])


def may_be_cut(path: Path, layout: Layout) -> bool:
    """Whether the end of a file, UTF-8 throughout, is worth the look of `LastRow`: no line end, and a field missing."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        end = file.read()
    if not end or end.endswith((b"\n", b"\r")):
        return False
    line = re.split(rb"[\r\n]", end)[-1].decode("utf-8", errors="replace")
    fields = Reader(layout.dialect).split(line)
    return fields is None or len(fields) < len(layout.headers) or not fields[-1]


def _ends_inside_its_last_character(path: Path, dialect: Dialect, record: Record) -> bool:
    if dialect.encoding != "utf-8":
        return dialect.encoding.startswith("utf") and record.text.endswith("\ufffd")
    if not record.text.endswith("\ufffd"):
        return False
    with path.open("rb") as file:
        file.seek(-min(_LONGEST_CHARACTER, path.stat().st_size), os.SEEK_END)
        return ends_inside_a_character(file.read().lstrip(_FURTHER_BYTES))


def _shape(text: str) -> str:
    """The text with all digits alike: numbers of orders go up."""
    return _DIGIT.sub("0", text)
