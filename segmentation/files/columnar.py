"""Files whose values have types already, as numbered text: Parquet and JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.errors import Cancelled, UnreadableFile
from segmentation.files.dialect import Dialect
from segmentation.files.limits import MOST_COLUMNS
from segmentation.files.records import Record
from segmentation.files.table import Layout, layout_of_records, unique_names

HEAD_ROWS, LATER_ROWS, STEP = 2_000, 2_000, 997
NUMBERED = Dialect(encoding="utf-8", separator=",", skip=0)
"""How a numbered copy is written."""
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table written as numbered text: where, how it is laid out, how many rows, and its name in the file."""

    path: Path
    layout: Layout
    rows: int
    name: str = ""


def as_text(value: object) -> str:
    """A typed value as a program would write it: ISO dates, a decimal point, whole numbers without one."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int():
            return str(value)
        case float():
            return _number(value)
        case Decimal():
            return format(value, "f")
        case datetime():
            if value.time() == time(0) and value.tzinfo is None:
                return value.date().isoformat()
            return value.isoformat(" ", "seconds" if not value.microsecond else "microseconds")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)


def _number(value: float) -> str:
    """Fifteen digits, which is what a workbook keeps, and never an exponent."""
    if value != value or value in {float("inf"), float("-inf")}:
        return ""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def parquet_table(path: Path, name: str, target: Path, stopped: Callable[[], bool]) -> Table:
    """A Parquet file as numbered text; rows are counted from 1."""
    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
        _refuse_columns(name, len(names))
        rows = (
            [as_text(value) for value in row]
            for batch in file.iter_batches(_BATCH)
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        )
        numbers = frozenset(f.name for f in file.schema_arrow if _is_number(f.type))
        return _with_header(names, rows, numbers, target, stopped)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(
            name,
            "The Parquet file is damaged.",
            evidence=f"{str(error).splitlines()[0]}.",
            next_step="Export it again.",
        ) from error


def json_table(path: Path, name: str, target: Path, stopped: Callable[[], bool]) -> Table:
    """JSON lines as numbered text: a column for each name that occurs, in the order in which they do."""
    names: dict[str, bool] = {}
    for record in _json_records(path, name):
        for key, value in record.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            names[key] = names.get(key, True) and (number or value is None)
        if stopped():
            raise Cancelled("The import")
    _refuse_columns(name, len(names))
    rows = ([as_text(record.get(key)) for key in names] for record in _json_records(path, name))
    return _with_header([*names], rows, frozenset(key for key, number in names.items() if number), target, stopped)


def _json_records(path: Path, name: str) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
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
    names: list[str], rows: Iterable[list[str]], numbers: frozenset[str], target: Path, stopped: Callable[[], bool]
) -> Table:
    headers = unique_names(names, len(names))
    kept = Sampler()
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        count = 0
        for count, row in enumerate(rows, 1):
            if count % _BATCH == 0 and stopped():
                raise Cancelled("The import")
            kept.see(row)
            writer.writerow([count, *row])
    layout = Layout(
        replace(NUMBERED, header=1),
        tuple(names),
        headers,
        tuple(kept.rows[:8]),
        tuple(kept.rows),
        frozenset(header for header, name in zip(headers, names, strict=True) if name in numbers),
        (tuple(names),),
    )
    return Table(target, layout, count)


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
