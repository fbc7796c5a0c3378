"""Workbooks (.xlsx, .xls, .xlsb, .ods): each sheet with a table becomes numbered text.

A workbook has to be held in memory whole, so a process of its own reads it, with a limit on memory and time: a hostile
one can end nothing but that process. `python -m segmentation.files.workbook FILE FOLDER` is that process.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from segmentation.errors import UnreadableFile
from segmentation.files.columnar import HEAD_ROWS, Sampler, Table, as_text, layout_of_sheet
from segmentation.files.limits import (
    MOST_COLUMNS,
    MOST_WORKBOOK_BYTES,
    UNPACKED_FREE,
    UNPACKED_TIMES,
    WORKBOOK_MEMORY,
    WORKBOOK_SECONDS,
)
from segmentation.files.table import Layout

_INDEX = "sheets.json"


def workbook_tables(path: Path, name: str, folder: Path) -> list[Table]:
    """The sheets that hold a table, in order; raises UnreadableFile where it is damaged, too large, or has none."""
    _refuse_bombs(path, name)
    home = folder / f"workbook-{path.stem[:8]}-{path.stat().st_ino}"
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-P", "-m", "segmentation.files.workbook", str(path), str(home)]
    try:
        done = subprocess.run(  # noqa: S603 - this Python, our own module
            command, capture_output=True, text=True, timeout=2 * WORKBOOK_SECONDS, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(
            name, "The workbook takes too long to read.", next_step="Save its sheet as CSV and import that."
        ) from error
    if done.returncode:
        raise UnreadableFile(
            name,
            "The workbook cannot be read.",
            evidence=_last_line(done.stderr)
            if done.returncode == 1
            else "Reading it needs more memory than it may take.",
            next_step="Save its sheet as CSV and import that.",
        )
    found = json.loads((home / _INDEX).read_text(encoding="utf-8"))
    tables = [Table(home / raw["file"], Layout.from_plain(raw["layout"]), raw["rows"], raw["name"]) for raw in found]
    if not tables:
        raise UnreadableFile(name, "The workbook holds no table.", next_step="Choose the export of your shop.")
    return tables if len(tables) > 1 else [replace(tables[0], name="")]


def convert(path: Path, folder: Path) -> None:
    """Write each sheet with a table as numbered text into `folder`, with an index of them."""
    import python_calamine as calamine  # noqa: PLC0415 - only the process with limits reads workbooks

    book = calamine.CalamineWorkbook.from_path(str(path))
    found: list[dict[str, Any]] = []
    for number, title in enumerate(book.sheet_names):
        sheet = book.get_sheet_by_name(title)
        first = sheet.start[0] + 1 if sheet.start else 1
        rows = [(first + at, row) for at, row in enumerate(sheet.to_python(skip_empty_area=True))]
        table = _write_sheet(rows, folder / f"sheet-{number}.csv")
        if table is not None:
            found.append({"name": title, "file": table.path.name, "rows": table.rows, "layout": table.layout.plain()})
    (folder / _INDEX).write_text(json.dumps(found), encoding="utf-8")


def _write_sheet(rows: list[tuple[int, list[Any]]], target: Path) -> Table | None:
    texts = [(number, [as_text(cell) for cell in row]) for number, row in rows[:HEAD_ROWS]]
    if not any(sum(bool(cell.strip()) for cell in row) > 1 for _, row in texts):
        return None
    layout = layout_of_sheet(texts)
    if not layout.rows or len(layout.headers) > MOST_COLUMNS:
        return None
    kept, count = Sampler(), 0
    numeric = [True] * len(layout.headers)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for number, row in rows:
            cells = [as_text(cell) for cell in row]
            if number <= layout.dialect.skip or not any(cell.strip() for cell in cells):
                continue
            for at, cell in enumerate(row[: len(numeric)]):
                numeric[at] = numeric[at] and not (isinstance(cell, str) and cell.strip())
            count += 1
            kept.see(cells)
            writer.writerow([number, *cells])
    exact = frozenset(header for header, number in zip(layout.headers, numeric, strict=True) if number)
    return Table(target, replace(layout, rows=tuple(kept.rows), exact=exact), count)


def _refuse_bombs(path: Path, name: str) -> None:
    """Refuse a packed workbook by the sizes its own index states, before anything of it is unpacked."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > min(MOST_WORKBOOK_BYTES, max(UNPACKED_FREE, UNPACKED_TIMES * path.stat().st_size)):
        raise UnreadableFile(
            name,
            "The workbook unpacks to far more than an export would.",
            evidence=f"Its parts state {unpacked / 1e6:,.0f} MB.",
            next_step="If it is genuine, save its sheet as CSV and import that.",
        )


def _environment() -> dict[str, str]:
    import os  # noqa: PLC0415

    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def _limit() -> None:
    """Bound this process's memory and time, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (WORKBOOK_MEMORY, WORKBOOK_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (WORKBOOK_SECONDS, WORKBOOK_SECONDS))


if __name__ == "__main__":
    _limit()
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
