"""How a text file is laid out: encoding, separator, quote, where its header is. Decided on a bounded sample."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from segmentation.errors import UnreadableFile
from segmentation.files.sample import Sample
from segmentation.notation.evidence import looks_like_date, looks_like_number

SEPARATORS = (",", ";", "\t", "|")
SPACES = " "
"""Stands for runs of spaces: columns aligned by blanks."""
MOST_COLUMNS = 2_000
_ROWS_TO_JUDGE, _MOST_PREAMBLE = 400, 30
_LEAST_CONSISTENT = 0.5
_LETTER = re.compile(r"[^\W\d_]")

Row = list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The layout of a delimited text file. `skip` counts physical lines above the header (or the first row)."""

    encoding: str
    separator: str
    quote: str
    header: bool
    skip: int

    @property
    def plain(self) -> bool:
        """Whether the engine can read the file's own bytes."""
        return self.encoding == "utf-8" and self.separator != SPACES


@dataclass(frozen=True, slots=True)
class Layout:
    """A dialect with what it shows: unique column names, the first rows, and rows from all over the file."""

    dialect: Dialect
    headers: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, header: str) -> list[str]:
        """The sampled values of one column, blanks where a row is short."""
        index = self.headers.index(header)
        return [row[index] if index < len(row) else "" for row in self.rows]


def sniff(sample: Sample) -> Layout:
    """The layout of the sampled file; raises UnreadableFile where no separator divides it into columns."""
    csv.field_size_limit(2**31 - 1)
    head = sample.head_text
    separator, quote, width = _separator(sample.file, head)
    numbered = _numbered_rows(head, separator, quote)
    start = _first_wide_row(numbered, width)
    skip, first = numbered[start][0], numbered[start][1]
    header = not _is_data(first)
    body = [row for _, row in numbered[start + header :]]
    if not body:
        raise UnreadableFile(
            sample.file,
            "The file has a header but no rows.",
            next_step="Export it again with a longer period.",
        )
    width = max(width, len(first))
    if width > MOST_COLUMNS:
        raise UnreadableFile(sample.file, f"The file has {width:,} columns; at most {MOST_COLUMNS:,} can be read.")
    names = first if header else []
    rows = [*body, *(row for text in sample.texts()[1:] for row in _rows(text, separator, quote))]
    return Layout(
        Dialect(encoding=sample.encoding, separator=separator, quote=quote, header=header, skip=skip),
        unique_names(names, width),
        tuple(tuple(row) for row in body[:8]),
        tuple(tuple(row) for row in rows),
    )


def unique_names(names: Sequence[str], width: int) -> tuple[str, ...]:
    """`width` column names: blanks become “column 3”, repeats “name (2)”."""
    taken: dict[str, int] = {}
    result = []
    for index in range(width):
        name = " ".join(names[index].split()) if index < len(names) else ""
        name = name or f"column {index + 1}"
        taken[name] = taken.get(name, 0) + 1
        result.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return tuple(result)


def _separator(file: str, head: str) -> tuple[str, str, int]:
    best: tuple[float, str, str, int] = (0.0, "", "", 0)
    for separator in SEPARATORS:
        quote = _quote(head, separator)
        widths = [len(row) for row in _rows(head, separator, quote)[:_ROWS_TO_JUDGE]]
        score, width = _consistency(widths)
        if score > best[0]:
            best = (score, separator, quote, width)
    if not best[1]:
        widths = [len(line.split()) for line in head.splitlines()[:_ROWS_TO_JUDGE] if line.strip()]
        score, width = _consistency(widths)
        if width < 3 or score < 0.9 * math.log2(width):
            raise UnreadableFile(
                file,
                "The columns cannot be told apart.",
                evidence="Its lines are not divided by commas, semicolons, tabs, bars or spaces.",
                next_step="Choose the export of your shop, a CSV file with one order line per row.",
            )
        best = (score, SPACES, '"', width)
    return best[1], best[2], best[3]


def _consistency(widths: list[int]) -> tuple[float, int]:
    """How well rows agree on a number of columns (0 to log2 of it), and that number."""
    wide = Counter(width for width in widths if width > 1)
    if not wide:
        return 0.0, 0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    agreement = count / len(widths)
    if agreement < _LEAST_CONSISTENT:
        return 0.0, 0
    return agreement * math.log2(width), width


def _quote(head: str, separator: str) -> str:
    single = head.count(f"{separator}'") + head.count(f"'{separator}")
    double = head.count(f'{separator}"') + head.count(f'"{separator}')
    return "'" if single > 2 * double and single > head.count("\n") else '"'


def _rows(text: str, separator: str, quote: str) -> list[Row]:
    return [row for _, row in _numbered_rows(text, separator, quote)]


def _numbered_rows(text: str, separator: str, quote: str) -> list[tuple[int, Row]]:
    """Every row that is not blank, with the number of physical lines before it."""
    if separator == SPACES:
        return [(n, line.split()) for n, line in enumerate(text.splitlines()) if line.strip()]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote)
    rows, before = [], 0
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append((before, row))
        before = reader.line_num
    return rows


def _first_wide_row(numbered: list[tuple[int, Row]], width: int) -> int:
    """Where the table starts: the first row about as wide as most; what stands above it is a preamble."""
    for index, (_, row) in enumerate(numbered[:_MOST_PREAMBLE]):
        if len(row) >= max(2, width - 1) and sum(bool(cell.strip()) for cell in row) > 1:
            return index
    return 0


def _is_data(row: Row) -> bool:
    """Whether a row holds values rather than names: names are not numbers or dates."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return any(looks_like_date(cell) or (looks_like_number(cell) and not _LETTER.search(cell)) for cell in filled)
