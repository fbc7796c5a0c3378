"""Where in a text the table is: what stands above its header, which rows name the columns, where data begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from segmentation.files.dialect import SEPARATORS, SPACES, Dialect
from segmentation.files.limits import MOST_COLUMNS
from segmentation.files.records import Reader, Record
from segmentation.files.sample import lines_of
from segmentation.files.sniff import common_width, dialect_of
from segmentation.notation import looks_like_date, looks_like_number

FIRST_ROWS = 8
_JUDGED, _MOST_PREAMBLE, _MOST_HEADER = 400, 60, 4
_DOMINANT, _FEW, _NEAR = 0.6, 20, 8
_YEAR = re.compile(r"(19|20)\d\d")
_TIME = re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp][Mm])?")
_UNIT = re.compile(r"[(\[].*[)\]]|\W*\w{0,4}\W*")


@dataclass(frozen=True, slots=True)
class Layout:
    """A dialect with what it shows: the columns' names, the first rows, and rows from all over the file.

    `named` are the names as they stand in the file, empty where it has no header, and `header_rows` the rows they were
    read from; `headers` are unique, one a column.
    `exact` are the headers of columns whose numbers a program wrote as numbers: their decimal mark is a point.
    """

    dialect: Dialect
    named: tuple[str, ...]
    headers: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    exact: frozenset[str] = frozenset()
    header_rows: tuple[tuple[str, ...], ...] = ()

    def plain(self, *, rows: int | None = None) -> dict[str, Any]:
        """The layout as JSON takes it, with at most so many of its rows."""
        return {**asdict(self), "rows": self.rows[:rows], "exact": sorted(self.exact)}

    @classmethod
    def from_plain(cls, raw: dict[str, Any]) -> Layout:
        """What `plain` gave, after JSON."""
        return cls(
            dialect=Dialect(**raw["dialect"]),
            named=tuple(raw["named"]),
            headers=tuple(raw["headers"]),
            first_rows=tuple(map(tuple, raw["first_rows"])),
            rows=tuple(map(tuple, raw["rows"])),
            exact=frozenset(raw["exact"]),
            header_rows=tuple(map(tuple, raw["header_rows"])),
        )

    def column(self, header: str) -> list[str]:
        """The sampled values of one column, blanks where a row is short."""
        index = self.headers.index(header)
        return [row[index] if index < len(row) else "" for row in self.rows]


def layout_of(texts: Sequence[str], encoding: str) -> Layout:
    """The layout of a text, given its head and complete lines from further on."""
    lines = lines_of(texts[0])
    dialect = dialect_of(texts[0], encoding)
    width = common_width(list(Reader(dialect).records(lines[:_JUDGED])))
    if width > MOST_COLUMNS:  # it will be refused, and its cells are not worth a look
        return Layout(dialect, (), unique_names((), width), (), ())
    layout = layout_of_records(list(Reader(dialect, width).records(lines)), dialect)
    width = len(layout.headers)
    if not layout.rows:
        layout = replace(layout, dialect=replace(layout.dialect, skip=len(lines)))
    reader = Reader(dialect, width)
    later = [record for text in texts[1:] for record in reader.records(lines_of(text))]
    more = [tuple(record.fields) for record in later if len(record.fields) == width and not record.blank]
    return replace(layout, rows=(*layout.rows, *more))


def layout_of_records(records: Sequence[Record], dialect: Dialect) -> Layout:
    """The layout of a table that begins with these records, preamble and header included."""
    filled = [record for record in records if not record.blank]
    table = _Table(filled, common_width(filled))
    header = [record.fields for record in filled[table.header[0] : table.header[1]]]
    body = filled[table.header[1] :]
    if not header and table.header[0] == 1:
        header = _in_another_dialect(filled[0].text, table.width)
    width = max([table.width, *map(len, header)])
    names = joined_names(header, width) if header else []
    rows = tuple(tuple(record.fields) for record in body)
    skip = body[0].line - 1 if body else 0
    return Layout(
        replace(dialect, header=len(header), skip=skip),
        tuple(names),
        unique_names(names, width),
        rows[:FIRST_ROWS],
        rows,
        header_rows=tuple(map(tuple, header)),
    )


def unique_names(names: Sequence[str], width: int) -> tuple[str, ...]:
    """`width` column names: blanks become “column 3”, repeats “name (2)”."""
    plain = [" ".join(name.split()) for name in [*names, *[""] * (width - len(names))]]
    given, result = set(plain), dict[str, None]()
    numbers: dict[str, int] = {}
    for index, name in enumerate(plain):
        name = name or f"column {index + 1}"
        number, candidate = numbers.get(name, 1), name
        while candidate in result or (number > 1 and candidate in given):
            number += 1
            candidate = f"{name} ({number})"
        numbers[name] = number
        result[candidate] = None
    return tuple(result)


def joined_names(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """One name per column from the rows of a header: a group's name counts for the columns after it; twins once."""
    if len(rows) == 1:
        return [*rows[0], *[""] * (width - len(rows[0]))]
    parts: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(rows):
        below = [cell.strip() for later in rows[depth + 1 :] for cell in later]
        group = ""
        for index, cell in enumerate(cell.strip() for cell in row[:width]):
            group = cell or (group if _is_named(rows[depth + 1 :], index) else "")
            name = group if below else cell
            if name and name not in parts[index]:
                parts[index].append(name)
    return [" ".join(each) for each in parts]


def _is_named(rows: Sequence[Sequence[str]], index: int) -> bool:
    return any(index < len(row) and row[index].strip() for row in rows)


def kind_of(cell: str) -> str:
    """empty, number, date (or a time of day) or text."""
    text = cell.strip()
    if not text:
        return "empty"
    if looks_like_date(text) or _TIME.fullmatch(text):
        return "date"
    if looks_like_number(text):
        return "number"
    return "text"


class _Table:
    """Finds the header among the filled records of a head: `header` is its first record and the one after its last."""

    def __init__(self, records: Sequence[Record], width: int) -> None:
        self.records = records
        self.width = width
        wide = [record.fields for record in records[:_JUDGED] if len(record.fields) >= width - 1]
        if 1 < len(wide) <= _FEW:  # among so few rows the header's own words would count
            wide = wide[1:]
        self.kinds = [_dominant([row[at] for row in wide if at < len(row)]) for at in range(width)]
        self.header = self._header()

    def _header(self) -> tuple[int, int]:
        if not self.records:
            return 0, 0
        first_data = self._first_data()
        top = self._top(first_data)
        if top is None:
            start = 0 if first_data is None else first_data
            return start, start
        bottom = top + 1
        last = min(top + _MOST_HEADER, len(self.records) - 1)
        while bottom < last and (first_data is None or bottom < first_data) and self._names_more(top, bottom):
            bottom += 1
        while top > 0 and bottom - top < _MOST_HEADER and self._names_groups(top - 1, top):
            top -= 1
        return top, bottom

    def _first_data(self) -> int | None:
        """The first row with values where columns have values; None where no column is of numbers or dates."""
        typed = [at for at, kind in enumerate(self.kinds) if kind in {"number", "date"}]
        if not typed:
            return None
        for index, record in enumerate(self.records):
            found = [kind_of(record.fields[at]) for at in typed if at < len(record.fields)]
            values = sum(kind in {"number", "date"} for kind in found)
            full = len(record.fields) >= self.width - 1
            data = full and values and values >= found.count("text")
            if data and not self._names_years(index) and not self._stands_above_names(index):
                return index
        return None

    def _stands_above_names(self, index: int) -> bool:
        """Whether the row is less full than rows can be, and the next that is full has texts over values only."""
        if _filled(self.records[index]) >= self.width or not {"number", "date"} & {*self.kinds}:
            return False
        full = (record for record in self.records[index + 1 : index + _NEAR] if _filled(record) >= self.width)
        return (names := next(full, None)) is not None and all(kind_of(cell) == "text" for cell in names.fields)

    def _names_years(self, index: int) -> bool:
        """Whether the row's only numbers are years, each once, over columns of other numbers."""
        cells = [cell.strip() for cell in self.records[index].fields]
        numbers = [(at, cell) for at, cell in enumerate(cells) if kind_of(cell) in {"number", "date"}]
        if len(numbers) < 2 or not all(_YEAR.fullmatch(cell) for _, cell in numbers):
            return False
        below = [record.fields for record in self.records[index + 1 : index + 20]]
        other = sum(not _YEAR.fullmatch(row[at].strip()) for row in below for at, _ in numbers if at < len(row))
        return len({cell for _, cell in numbers}) == len(numbers) and other > len(below)

    def _top(self, first_data: int | None) -> int | None:
        """The row that names the columns: as wide and as full as rows are, above the first data."""
        usual = median([_filled(record) for record in self.records if len(record.fields) >= self.width - 1] or [0])
        least = max(min(2, self.width), 0.5 * min(usual, self.width))
        above = self.records[: min(_MOST_PREAMBLE, len(self.records) if first_data is None else first_data)]
        for exact in (True, False):
            for index, record in enumerate(above):
                size = len(record.fields)
                wide = size == self.width if exact else size >= max(1, self.width - 1)
                if wide and _filled(record) >= least and not self._stands_above_names(index):
                    return index if first_data is not None or not self._is_like_others(index) else None
        return None

    def _is_like_others(self, index: int) -> bool:
        """In a table of texts only: whether the row looks like one more row rather than like a header."""
        row = [cell.strip() for cell in self.records[index].fields]
        others = [[cell.strip() for cell in record.fields] for record in self.records[index + 1 : _JUDGED]]
        if not others or row in others:  # a header that is repeated further down is one all the same
            return False
        score = 0.0
        for at, cell in enumerate(row):
            values = [other[at] for other in others if at < len(other) and other[at]]
            if cell and cell in values:
                score += 0.5
            elif len(values) > 2 and len({len(value) for value in values}) == 1 and len(cell) != len(values[0]):
                score -= 0.5
        return score > 0

    def _names_more(self, top: int, index: int) -> bool:
        """Whether a row below a header row names columns too: those left blank above, or units, or all once more."""
        row = [cell.strip() for cell in self.records[index].fields]
        above = [[cell.strip() for cell in record.fields] for record in self.records[top:index]]
        at_filled = [at for at, cell in enumerate(row) if cell]
        if row in above:
            return True
        if len(at_filled) == 1 and self._names_what_follows(index, at_filled[0]):
            return False
        if not at_filled or any(kind_of(row[at]) in {"number", "date"} for at in at_filled):
            return False
        blank = sum(not any(at < len(other) and other[at] for other in above) for at in at_filled)
        if 2 * blank >= len(at_filled):
            return True
        over_values = all(at < self.width and self.kinds[at] in {"number", "date"} for at in at_filled)
        return over_values and (2 * len(at_filled) <= self.width or all(_UNIT.fullmatch(row[at]) for at in at_filled))

    def _names_what_follows(self, index: int, at: int) -> bool:
        """Whether a row of which this cell alone is filled names what the rows below it are of: the next leaves that
        cell empty, and another such row follows further down."""
        cells = [record.fields[at].strip() if at < len(record.fields) else "" for record in self.records[index + 1 :]]
        alone = [cell and _filled(r) == 1 for cell, r in zip(cells, self.records[index + 1 :], strict=True)]
        return bool(cells) and not cells[0] and any(alone)

    def _names_groups(self, index: int, below: int) -> bool:
        """Whether a row above a header row names groups of its columns."""
        fields = self.records[index].fields
        names = [cell for cell in fields if cell.strip()]
        near = self.records[below].line - self.records[index].line <= 1 + self.records[index].text.count("\n") + 1
        return len(fields) == self.width and len(names) >= 2 and near and all(kind_of(n) == "text" for n in names)


def _in_another_dialect(text: str, width: int) -> list[list[str]]:
    """A header line written with another separator than the rows below it: where it gives exactly as many names."""
    for separator in (*SEPARATORS, SPACES):
        names = Reader(Dialect(encoding="utf-8", separator=separator)).split(text)
        if names is not None and len(names) == width > 2 and all(kind_of(name) == "text" for name in names):
            return [names]
    return []


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.fields)


def _dominant(cells: Sequence[str]) -> str:
    kinds = Counter(kind_of(cell) for cell in cells)
    del kinds["empty"]
    if not kinds:
        return "empty"
    kind, count = kinds.most_common(1)[0]
    return kind if count >= _DOMINANT * sum(kinds.values()) else "text"
