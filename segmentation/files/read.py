"""`tessera read`: each file as it was understood, before any mapping, as plain comma CSV: the record of it."""

from __future__ import annotations

import csv
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segmentation import disk
from segmentation.files.opened import Opened, glance, judged_records, prepare


@dataclass(frozen=True, slots=True)
class Understood:
    """One table as it was written: `file` is the copy, `left_out` counts records that belong to no row."""

    name: str
    file: Path
    table: Opened
    rows: int
    left_out: int


def read_file(path: Path, out_dir: Path, temp: Path) -> list[Understood]:
    """Write the file's tables to `out_dir`: the first under the file's own name, others with their number.

    Each is written whole or not at all. Raises UnreadableFile, DiskFull, or WrongCall where there is no such file. An
    empty file is read as an empty table.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size == 0:
        (out_dir / path.name).write_text("", encoding="utf-8")
        return []
    with tempfile.TemporaryDirectory(dir=temp, prefix="read-") as folder:
        tables = glance(path, None, Path(folder))
        return [_write(table, _target(out_dir, path, number), Path(folder)) for number, table in enumerate(tables, 1)]


def _target(out_dir: Path, path: Path, number: int) -> Path:
    return out_dir / (path.name if number == 1 else f"{path.name}.{number}.csv")


def _write(table: Opened, target: Path, folder: Path) -> Understood:
    table = table if table.numbered else replace(table, fallback=prepare(table, folder).fallback)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with disk.writing(f"{target.name} could not be written.", target.parent):
            rows, left_out = _write_rows(table, draft)
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)  # gone already where all of it was written
    return Understood(table.name, target, table, rows, left_out)


def _write_rows(table: Opened, target: Path) -> tuple[int, int]:
    """Write the rows as CSV; returns how many there are, and how many records belong to something else."""
    layout = table.layout
    rows = left_out = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(layout.named or [f"col_{at}" for at in range(len(layout.headers))])
        for fields, belongs in _rows(table):
            if belongs:
                writer.writerow(fields)
                rows += 1
            else:
                left_out += 1
    return rows, left_out


def _rows(table: Opened) -> Iterator[tuple[Sequence[str], bool]]:
    """Each record's fields, and whether it belongs to the table; a broken one does, as well as it can be read."""
    if not table.numbered:
        yield from (
            (record.fields, reason not in {"another_table", "repeated_header"})
            for record, reason in judged_records(table)
        )
        return
    with table.path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter=table.source.separator, quotechar=table.source.quote):
            yield row[1:], True
