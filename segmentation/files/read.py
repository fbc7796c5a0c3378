"""`tessera read`: each file as it was understood, before any mapping, as plain comma CSV: the record of it."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segmentation.errors import WrongCall
from segmentation.exports import refuse_target, write_whole, written_whole
from segmentation.files.opened import Opened, checked, detect, judged_records


@dataclass(frozen=True, slots=True)
class Understood:
    """One table as it was written: `file` is the copy, `left_out` counts records that belong to no row."""

    name: str
    file: Path
    table: Opened
    rows: int
    left_out: int


def refuse_targets(paths: Sequence[Path], out_dir: Path, *, replace: bool) -> None:
    """Raise WrongCall where these files cannot be written to `out_dir`, each under its own name: two have one name, one
    would take its own place, or something is there that is not to be replaced."""
    names = [path.name for path in paths]
    for path in paths:
        target = _target(out_dir, path, 1)
        if names.count(path.name) > 1:
            raise WrongCall(
                f"Two of the files are called {path.name}.", next_step="Read one of them into another --out-dir."
            )
        if target.exists() and path.exists() and target.samefile(path):
            raise WrongCall(f"{path} would be written over itself.", next_step="Choose another --out-dir.")
        if out_dir.is_dir():
            refuse_target(target, replace=replace, option="--out-dir")


def read_file(path: Path, out_dir: Path, temp: Path, *, replace: bool = False) -> list[Understood]:
    """Write the file's tables to `out_dir`: the first under the file's own name, others with their number. They can be
    read by their owner only; files that are there already are replaced only where that is said.

    Each is written whole or not at all. Raises UnreadableFile, DiskFull, or WrongCall where there is no such file or as
    `refuse_targets`. An empty file is read as an empty table.
    """
    refuse_targets([path], out_dir, replace=replace)
    _make(out_dir)
    if path.is_file() and path.stat().st_size == 0:
        write_whole(out_dir / path.name, b"")
        return []
    with tempfile.TemporaryDirectory(dir=temp, prefix="read-") as folder:
        tables = detect(path, None, Path(folder))
        targets = [_target(out_dir, path, number) for number in range(1, len(tables) + 1)]
        for target in targets:
            refuse_target(target, replace=replace, option="--out-dir")
        return [_write(table, target, Path(folder)) for table, target in zip(tables, targets, strict=True)]


def _make(out_dir: Path) -> None:
    try:
        out_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise WrongCall(
            f"The folder {out_dir} cannot be made.",
            evidence=f"The system says: {error.strerror or error}.",
            next_step="Choose another --out-dir.",
        ) from error


def _target(out_dir: Path, path: Path, number: int) -> Path:
    return out_dir / (path.name if number == 1 else f"{path.name}.{number}.csv")


def _write(table: Opened, target: Path, folder: Path) -> Understood:
    table = table if table.numbered else replace(table, fallback=checked(table, folder).fallback)
    layout = table.layout
    rows = left_out = 0
    with written_whole(target) as file:
        out = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(layout.named or [f"col_{at}" for at in range(len(layout.headers))])
        for fields, belongs in _rows(table):
            if belongs:
                writer.writerow(fields)
                rows += 1
            else:
                left_out += 1
        out.detach()
    return Understood(table.name, target, table, rows, left_out)


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
