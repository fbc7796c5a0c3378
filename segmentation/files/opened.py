"""A file on its way in: what tables it holds, and each as UTF-8 text that the engine reads without going wrong.

`detect` looks at a bounded part and says how every table is laid out. `checked` then makes sure of the whole: a plain
text stays where it is, anything else is rewritten into a folder of ours, each row with the line it came from.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from segmentation.engine.reading import TextSource
from segmentation.errors import Cancelled, UnreadableFile, WrongCall
from segmentation.files.apart import tables_apart
from segmentation.files.columnar import json_table
from segmentation.files.cut import LastRow, may_be_cut, without_last
from segmentation.files.dialect import SPACES
from segmentation.files.encoding import decoded_line, encoding_of_odd_lines
from segmentation.files.limits import LONGEST_LINE, MOST_COLUMNS, too_short
from segmentation.files.records import Reader, Record
from segmentation.files.sample import MOJIBAKE, take
from segmentation.files.signatures import TEXT_NEEDED, Kind, kind_of
from segmentation.files.survey import survey
from segmentation.files.table import Layout, layout_of
from segmentation.files.unpack import Member, gunzip, unzip

Stopped = Callable[[], bool]
_LOOK_EVERY, _LINES_JUDGED = 5_000, 50_000
_SAME_NAMES = 0.6


@dataclass(frozen=True, slots=True)
class Aside:
    """A record that is no row of the table: the line it starts on, why, and its text."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Mend:
    """A rejected row that was mended: where it stood, why it was rejected, and in which import, where that is said:
    several may have been of files of one name."""

    file: str
    line: int
    reason: str
    taken_in: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A table of a file: `path` is what is read, the file itself or a rewritten copy of it.

    In a rewritten copy (`numbered`) the first column is the line of the original. `records` counts its rows once it
    was prepared, `one_line_each` says that each of them is one physical line, and `aside` are the records left out.
    `fallback` is the encoding of lines that are not UTF-8 in a file that is; `garbled` says that Windows'
    characters had been turned into control codes. `mends` are the rejected rows that it is of, None for any other file.
    """

    original: Path
    name: str
    path: Path
    layout: Layout
    numbered: bool = False
    garbled: bool = False
    fallback: str | None = None
    records: int = 0
    one_line_each: bool = False
    aside: tuple[Aside, ...] = ()
    mends: tuple[Mend, ...] | None = None

    @property
    def source(self) -> TextSource:
        """The table as text columns."""
        dialect = self.layout.dialect
        return TextSource(
            path=self.path,
            width=len(self.layout.headers),
            separator="\t" if dialect.separator == SPACES else dialect.separator,
            quote=dialect.quote,
            skip=0 if self.numbered else dialect.skip,
            numbered=self.numbered,
        )

    @property
    def first_line(self) -> int:
        """The physical line (from 1) where the rows start."""
        return 1 + self.layout.dialect.skip


def detect(path: Path, name: str | None, folder: Path, stopped: Stopped = lambda: False) -> list[Opened]:
    """The tables of a file, called `name` in messages, from a bounded look; archives are unpacked into `folder`.

    Raises UnreadableFile, Cancelled, or WrongCall where there is no such file.
    """
    if not path.is_file():
        raise WrongCall(f"There is no file {path}.")
    return _tables(Member(path.resolve(), name or path.name), folder, stopped, packed=False)


def checked(opened: Opened, folder: Path, stopped: Stopped = lambda: False) -> Opened:
    """The same table, certain to be read right: counted, and rewritten into `folder` where its text needs it."""
    if opened.numbered:
        return opened
    dialect = opened.layout.dialect
    if dialect.encoding == "utf-8":
        width = len(opened.layout.headers)
        surveyed = survey(opened.path, opened.name, dialect.separator, dialect.quote, stopped, width=width)
        plain = surveyed.sound and dialect.plain and not opened.garbled and not may_be_cut(opened.path, opened.layout)
        if plain and not opened.layout.rows:
            return replace(opened, one_line_each=True)
        if plain:
            _refuse_short(opened, surveyed.records, opened.path.stat().st_size)
            above = _records_above(opened)
            return replace(opened, records=surveyed.records - above, one_line_each=surveyed.one_line_each)
        if not surveyed.utf8:
            opened = replace(opened, fallback=encoding_of_odd_lines(_raw_lines(opened)))
    return rewrite(opened, folder, stopped)


def rewrite(opened: Opened, folder: Path, stopped: Stopped = lambda: False) -> Opened:
    """The table as UTF-8 in `folder`, read record by record, each with its line in front."""
    target = folder / f"text-{uuid.uuid4().hex}"
    written, aside = 0, []
    layout = opened.layout
    write = _writer(layout)
    with target.open("w", encoding="utf-8", newline="") as out:
        for count, (record, reason) in enumerate(judged_records(opened)):
            if count % _LOOK_EVERY == 0 and stopped():
                raise Cancelled("The import")
            if reason:
                aside.append(Aside(record.line, reason, record.text))
                layout = without_last(layout, record) if reason == "cut_off" else layout
            else:
                written += 1
                out.write(write(record))
    return replace(opened, path=target, layout=layout, numbered=True, records=written, aside=tuple(aside))


def _refuse_short(opened: Opened, lines: int, size: int) -> None:
    """Raise UnreadableFile where the lines of a text are far too many for what stands in them."""
    width = len(opened.layout.headers)
    if too_short(lines, width, size):
        raise UnreadableFile(
            opened.name,
            "Most of its lines are no rows of a table.",
            evidence=f"There are {lines:,} lines in its first {size:,} bytes, and {width:,} columns in its header.",
            next_step=TEXT_NEEDED,
        )


def judged_records(opened: Opened) -> Iterator[tuple[Record, str]]:
    """The records below the header of a table that was not rewritten, each with why it is no row of it, or nothing."""
    width = len(opened.layout.headers)
    naming = _Naming(opened.layout)
    last = LastRow(opened.path, opened.layout)
    over = False
    for record in _records(opened):
        if record.blank:
            continue
        over = over or naming.other_columns(record.fields)
        reason = "another_table" if over else "repeated_header" if naming.same_columns(record.fields) else ""
        reason = reason or ("cut_off" if last.is_cut(record) else "broken_quoting" if record.broken else "")
        yield record, reason or ("too_many_fields" if len(record.fields) > width + 1 else "")


def fields_of(opened: Opened, wanted: list[int]) -> list[list[str]]:
    """All fields of each wanted row of a table that was not rewritten, counted as in `line_numbers`."""
    return [list(record.fields) for record in _wanted(opened, wanted)]


def line_numbers(opened: Opened, wanted: list[int]) -> list[int]:
    """The physical line of each wanted row of a table that was not rewritten, counted from 0, in ascending order.

    The engine counts a line of blanks or separators, which is no row of the table, and passes over an empty one.
    """
    return [record.line for record in _wanted(opened, wanted)]


def _wanted(opened: Opened, wanted: list[int]) -> Iterator[Record]:
    rows, passed = (record for record in _records(opened) if record.text), 0
    for place in wanted:
        yield next(islice(rows, place - passed, None))
        passed = place + 1


def _records(opened: Opened) -> Iterator[Record]:
    """The records below the header, blank ones too."""
    dialect = opened.layout.dialect
    lines = _decoded(opened)
    skipped = sum(1 for _ in islice(lines, dialect.skip))
    return Reader(dialect, len(opened.layout.headers)).records(lines, skipped + 1)


def _tables(member: Member, folder: Path, stopped: Stopped, *, packed: bool) -> list[Opened]:
    kind = kind_of(member.path, member.name)
    if packed and kind in {Kind.GZIP, Kind.ZIP}:
        raise UnreadableFile(
            member.name, "This is an archive inside an archive.", next_step="Unpack it and import the files inside."
        )
    match kind:
        case Kind.TEXT:
            return [_text(member)]
        case Kind.GZIP:
            return _tables(gunzip(member.path, member.name, folder, stopped), folder, stopped, packed=True)
        case Kind.ZIP:
            members = unzip(member.path, member.name, folder, stopped)
            return [table for one in members for table in _tables(one, folder, stopped, packed=True)]
        case Kind.WORKBOOK | Kind.PARQUET:
            tables = tables_apart(kind, member.path, member.name, folder, stopped)
        case Kind.JSON:
            tables = [json_table(member.path, member.name, folder / f"table-{uuid.uuid4().hex}", stopped)]
    return [
        Opened(member.path, _sheet_name(member, table.name), table.path, table.layout, True, records=table.rows)
        for table in tables
    ]


def _sheet_name(member: Member, sheet: str) -> str:
    return f"{member.name} › {sheet}" if sheet else member.name


def _text(member: Member) -> Opened:
    sample = take(member.path, member.name)
    layout = layout_of(sample.texts(), sample.encoding)
    if len(layout.headers) > MOST_COLUMNS:
        raise UnreadableFile(
            member.name,
            f"The file has {len(layout.headers):,} columns; at most {MOST_COLUMNS:,} can be read.",
            next_step="Export fewer columns.",
        )
    return Opened(member.path, member.name, member.path, layout, garbled=sample.garbled)


def _records_above(opened: Opened) -> int:
    """How many records stand above the first row: preamble and header."""
    dialect = opened.layout.dialect
    lines = islice(_decoded(opened), dialect.skip)
    return sum(bool(record.text) for record in Reader(dialect).records(lines))


def _decoded(opened: Opened) -> Iterator[str]:
    """The physical lines of the original as text, each ending in a line feed, without zero bytes."""
    first = True
    for line in _mixed(opened) if opened.fallback else _plain(opened):
        if first:
            line, first = line.removeprefix("\ufeff"), False
        if opened.garbled:
            line = line.translate(MOJIBAKE)
        yield line.replace("\0", "") if "\0" in line else line


def _plain(opened: Opened) -> Iterator[str]:
    yield from _bounded_lines(opened, opened.layout.dialect.encoding)


def _mixed(opened: Opened) -> Iterator[str]:
    """Lines of which some are UTF-8 and some are not, as when one month's file was appended to another's."""
    for data in _raw_lines(opened):
        yield decoded_line(data, opened.fallback or "cp1252") or ""


def _raw_lines(opened: Opened) -> Iterator[bytes]:
    """The physical lines as bytes, each ending in a line feed: Latin-1 has a character for every byte."""
    return (line.encode("latin-1") for line in _bounded_lines(opened, "latin-1"))


def _bounded_lines(opened: Opened, encoding: str) -> Iterator[str]:
    """The physical lines as text, each ending in a line feed; raises UnreadableFile for a line without end, and for
    lines without end that are no rows."""
    above = taken = 0
    with opened.path.open(encoding=encoding, errors="replace", newline=None) as file:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE and not line.endswith("\n"):
                raise UnreadableFile(
                    opened.name,
                    f"A line is longer than {LONGEST_LINE:,} bytes.",
                    evidence=f"It begins after line {above:,}.",
                    next_step=TEXT_NEEDED,
                )
            above += 1
            taken += len(line)
            if not above % _LINES_JUDGED:
                _refuse_short(opened, above, taken)
            yield line


class _Naming:
    """Tells rows that name columns once more: the same ones, or others, below which everything means something else."""

    def __init__(self, layout: Layout) -> None:
        self.rows = [plain_cells(row) for row in layout.header_rows]
        self.names = {cell for row in self.rows for cell in row if cell}

    def same_columns(self, fields: Sequence[str]) -> bool:
        """Whether the row is one of the header's rows."""
        return fields[0].strip().lower() in self.names and plain_cells(fields) in self.rows

    def other_columns(self, fields: Sequence[str]) -> bool:
        """Whether most of the row are names of columns, and it is none of the header's rows."""
        if fields[0].strip().lower() not in self.names:
            return False
        cells = plain_cells(fields)
        filled = [cell for cell in cells if cell]
        known = sum(cell in self.names for cell in filled)
        return cells not in self.rows and known >= max(2, _SAME_NAMES * len(filled))


def plain_cells(row: Sequence[str]) -> list[str]:
    """The cells as names are compared, empty ones at the end left away."""
    cells = [cell.strip().lower() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _writer(layout: Layout) -> Callable[[Record], str]:
    """How a record is written into a numbered copy: as it stands where its text allows it."""
    dialect = layout.dialect
    separator = "\t" if dialect.separator == SPACES else dialect.separator
    quote = dialect.quote
    as_it_stands = dialect.separator != SPACES and not dialect.escape and not dialect.padded

    def quoted(cell: str) -> str:
        if quote in cell or separator in cell or "\n" in cell:
            return f"{quote}{cell.replace(quote, quote * 2)}{quote}"
        return cell

    def write(record: Record) -> str:
        if as_it_stands and quote not in record.text:
            return f"{record.line}{separator}{record.text}\n"
        return f"{record.line}{separator}{separator.join(map(quoted, record.fields))}\n"

    return write


csv.field_size_limit(2**31 - 1)
