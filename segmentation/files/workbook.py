"""Workbooks (.xlsx, .xls, .xlsb, .ods): each sheet with a table becomes numbered text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

from segmentation.errors import UnreadableFile
from segmentation.files.columnar import HEAD_ROWS, Bounded, Sampler, Table, as_text, layout_of_sheet
from segmentation.files.limits import MOST_COLUMNS, MOST_SHEETS

_ROOM = 2_000_000
"""Rows of a sheet, those without anything too, that are looked through: Excel's own have a million."""


def workbook_tables(path: Path, name: str, folder: Path) -> list[Table]:
    """The sheets that hold a table, in order; raises UnreadableFile where there is none. The reader's own errors tell
    of a damaged file."""
    import python_calamine as calamine  # noqa: PLC0415 - only the process with limits reads workbooks

    book = calamine.CalamineWorkbook.from_path(str(path))
    if len(book.sheet_names) > MOST_SHEETS:
        raise UnreadableFile(
            name,
            f"The workbook has {len(book.sheet_names):,} sheets; at most {MOST_SHEETS} can be read.",
            next_step="Save the sheets of orders as a workbook of their own.",
        )
    tables: list[Table] = []
    taken = 0
    for number, title in enumerate(book.sheet_names):
        target = Bounded(folder / f"sheet-{number}.csv", path, name, taken)
        table = _sheet(_rows(book.get_sheet_by_name(title)), target)
        if table is not None:
            tables.append(replace(table, name=title))
        taken += target.path.stat().st_size if target.path.exists() else 0
    if not tables:
        raise UnreadableFile(name, "The workbook holds no table.", next_step="Choose the export of your shop.")
    return tables if len(tables) > 1 else [replace(tables[0], name="")]


class _Sheet(Protocol):
    """What is used of the reader's sheets."""

    @property
    def start(self) -> tuple[int, int] | None: ...

    def iter_rows(self) -> Iterator[list[Any]]: ...


def _rows(sheet: _Sheet) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a sheet from the first that holds something on, each with its number, without the columns before."""
    if sheet.start is None:
        return
    above, left = sheet.start
    for at, row in enumerate(sheet.iter_rows()):
        if at >= _ROOM:
            return
        if at >= above:
            yield at + 1, row[left:]


def _sheet(rows: Iterator[tuple[int, list[Any]]], target: Bounded) -> Table | None:
    first = list(islice(rows, HEAD_ROWS))
    texts = [(number, [as_text(cell) for cell in row]) for number, row in first]
    if not any(sum(bool(cell.strip()) for cell in row) > 1 for _, row in texts):
        return None
    layout = layout_of_sheet(texts)
    if not layout.rows or len(layout.headers) > MOST_COLUMNS:
        return None
    sampler, count = Sampler(), 0
    numeric = list(range(len(layout.headers)))
    with target as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, row in chain(first, rows):
            cells = [as_text(cell) for cell in row]
            if number <= layout.dialect.skip or not any(map(str.strip, cells)):
                continue
            numeric = [at for at in numeric if at >= len(row) or not isinstance(row[at], str) or not row[at].strip()]
            count += 1
            sampler.see(cells)
            writer.writerow([number, *cells])
    exact = frozenset(layout.headers[at] for at in numeric)
    return Table(target.path, replace(layout, rows=tuple(sampler.rows), exact=exact), count)
