"""Files whose values have types already, as numbered text: Parquet and JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation import disk
from segmentation.errors import Cancelled, UnreadableFile
from segmentation.files.dialect import Dialect
from segmentation.files.limits import LONGEST_LINE, MOST_COLUMNS, most_text
from segmentation.files.records import Record
from segmentation.files.table import Layout, layout_of_records, unique_names

HEAD_ROWS, LATER_ROWS, STEP = 2_000, 2_000, 997
NUMBERED = Dialect(encoding="utf-8", separator=",", skip=0)
"""How a numbered copy is written."""
_BATCH, _CELLS = 20_000, 400_000  # rows and cells of a Parquet file that are held at a time
_LOOK_EVERY = 5_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table written as numbered text: where, how it is laid out, how many rows, and its name in the file."""

    path: Path
    layout: Layout
    rows: int
    name: str = ""


def as_text(value: object) -> str:
    """A typed value as a program would write it: ISO dates, a decimal point, whole numbers without one."""
    write = _WRITTEN.get(type(value))
    if write is None:  # also what is a datetime, but of a library's own kind
        write = next((write for kind, write in _WRITTEN.items() if isinstance(value, kind)), _as_json)
    return write(value)


def _moment(value: datetime) -> str:
    if value.time() == time(0) and value.tzinfo is None:
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if not value.microsecond else "microseconds")


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _number(value: float) -> str:
    """Fifteen digits, which is what a workbook keeps, and never an exponent."""
    if value != value or value in {float("inf"), float("-inf")}:
        return ""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


_WRITTEN: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    str: lambda value: value,
    int: str,
    float: _number,
    Decimal: lambda value: format(value, "f"),
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    bytes: lambda value: value.decode("utf-8", "replace"),
}


def parquet_table(path: Path, name: str, target: Path, stopped: Callable[[], bool]) -> Table:
    """A Parquet file as numbered text; rows are counted from 1."""
    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
        _refuse_columns(name, len(names))
        rows = (
            list(row)
            for batch in file.iter_batches(max(1, min(_BATCH, _CELLS // max(1, len(names)))), use_threads=False)
            for row in zip(*map(_texts, batch.columns), strict=True)
        )
        numbers = frozenset(f.name for f in file.schema_arrow if _is_number(f.type))
        return _with_header(names, rows, numbers, Bounded(target, path, name), stopped)
    except MemoryError:  # Arrow's own is one
        raise
    except (pa.ArrowException, OSError) as error:
        if disk.is_full(error):  # of the text it is written as
            raise
        raise UnreadableFile(
            name,
            "The Parquet file is damaged.",
            evidence=f"{str(error).splitlines()[0]}.",
            next_step="Export it again.",
        ) from error


def _texts(column: pa.Array) -> list[str]:
    """The values of a column as text; those of which Arrow writes the same are left to it, which is quicker."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_integer(column.type):
        column = column.cast(pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return [value or "" for value in column.to_pylist()]
    return [as_text(value) for value in column.to_pylist()]


def json_table(path: Path, name: str, target: Path, stopped: Callable[[], bool]) -> Table:
    """JSON lines as numbered text: a column for each name that occurs, in the order in which they do."""
    names: dict[str, bool] = {}
    for count, record in enumerate(_json_records(path, name)):
        for key, value in record.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            names[key] = names.get(key, True) and (number or value is None)
        _refuse_columns(name, len(names))
        if count % _LOOK_EVERY == 0 and stopped():
            raise Cancelled("The import")
    places = {key: place for place, key in enumerate(names)}
    rows = (_row(record, places) for record in _json_records(path, name))
    numbers = frozenset(key for key, number in names.items() if number)
    return _with_header([*names], rows, numbers, Bounded(target, path, name), stopped)


def _row(record: dict[str, object], places: dict[str, int]) -> list[str]:
    row = [""] * len(places)
    for key, value in record.items():
        row[places[key]] = as_text(value)
    return row


def _json_records(path: Path, name: str) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), ""), 1):
            if len(line) > LONGEST_LINE:
                raise UnreadableFile(
                    name,
                    f"A line is longer than {LONGEST_LINE:,} bytes.",
                    evidence=f"It is line {number:,}.",
                    next_step="Export one object per line.",
                )
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise UnreadableFile(
                    name, f"Line {number:,} is not a JSON object.", evidence=f"{error}.", next_step="Export it again."
                ) from error
            if not isinstance(record, dict):
                raise UnreadableFile(
                    name, f"Line {number:,} is not a JSON object.", next_step="Export one object per line."
                )
            yield record


def _refuse_columns(name: str, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise UnreadableFile(
            name,
            f"The file has {columns:,} columns; at most {MOST_COLUMNS:,} can be read.",
            next_step="Export fewer columns.",
        )


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _with_header(
    names: list[str], rows: Iterable[list[str]], numbers: frozenset[str], target: Bounded, stopped: Callable[[], bool]
) -> Table:
    headers = unique_names(names, len(names))
    sampler = Sampler()
    with target as out:
        writer = csv.writer(out, lineterminator="\n")
        count = 0
        for count, row in enumerate(rows, 1):
            if count % _LOOK_EVERY == 0 and stopped():
                raise Cancelled("The import")
            sampler.see(row)
            writer.writerow([count, *row])
    layout = Layout(
        replace(NUMBERED, header=1),
        tuple(names),
        headers,
        tuple(sampler.rows[:8]),
        tuple(sampler.rows),
        frozenset(header for header, name in zip(headers, names, strict=True) if name in numbers),
        (tuple(names),),
    )
    return Table(target.path, layout, count)


class Bounded:
    """A text file to write to that takes no more than what the file it is made from may come to; see `most_text`."""

    def __init__(self, path: Path, source: Path, name: str, taken: int = 0) -> None:
        self.path, self._name = path, name
        self._most = most_text(source.stat().st_size)
        self.left = self._most - taken

    def __enter__(self) -> Bounded:
        self._out = self.path.open("w", encoding="utf-8", newline="")
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()

    def write(self, text: str) -> int:
        """Write a text; raises UnreadableFile where that is too much."""
        self.left -= len(text)
        if self.left < 0:
            raise UnreadableFile(
                self._name,
                "The file holds far more than an export of its size would.",
                evidence=f"Reading it was stopped at {self._most / 1e6:,.0f} MB of text.",
                next_step="If it is genuine, save it as CSV and import that.",
            )
        return self._out.write(text)


class Sampler:
    """Keeps the first rows and some from further on."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, ...]] = []
        self._seen = 0

    def see(self, row: list[str]) -> None:
        """Take note of a row, perhaps."""
        self._seen += 1
        if self._seen <= HEAD_ROWS or (self._seen % STEP == 0 and len(self.rows) < HEAD_ROWS + LATER_ROWS):
            self.rows.append(tuple(row))


def layout_of_sheet(rows: list[tuple[int, list[str]]]) -> Layout:
    """The layout of a sheet that begins with these rows, each with its number."""
    return layout_of_records([Record(number, row, "") for number, row in rows], NUMBERED)
