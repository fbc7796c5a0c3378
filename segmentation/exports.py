"""Tables that leave the house as CSV: safe to open in a spreadsheet, and named by their content.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, and a shop's file may hold such a cell
in a product name, a customer id or a header. Text that could start a formula gets an apostrophe in front; numbers
stay numbers. The profile here is *spreadsheet*: for people. It is not for advertising platforms, which need their
columns untouched.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Literal

import pyarrow as pa

from segmentation import disk, drafts
from segmentation.errors import WorkspaceBroken, WrongCall

Cell = str | int | float | Decimal | date | bool | None

# The full-width forms are read as = + - @ by spreadsheets in East Asian locales.
_STARTERS = "=+\\-@＝＋－＠"
# Spaces, quotes and invisible marks that a spreadsheet may drop before it looks for a formula.
_SKIPPED = " \u00a0\u200b\u200e\u200f\u2060\u3000\ufeff\"'"
_DANGEROUS_START = re.compile(rf"[\t\r\n{_STARTERS}]|[{_SKIPPED}]+[\t\r\n{_STARTERS}]")
# A spreadsheet set to semicolons or tabs splits our cells where we did not: a formula may start there too.
_DANGEROUS_INSIDE = re.compile(rf"([;\t\r\n][{_SKIPPED}]*)(?=[{_STARTERS}])")
_GUARDED_INSIDE = re.compile(rf"([;\t\r\n][{_SKIPPED}]*)'(?=[{_STARTERS}])")
_NEGATIVE_NUMBER = re.compile(r"-[0-9]{1,15}([.,][0-9]{1,10})?")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")


def safe_text(text: str) -> str:
    """`text` as a spreadsheet may hold it: never the start of a formula, unchanged where it is harmless.

    A plain negative number such as `-12.50` is left alone; `+49 30 1234` (a phone) becomes text with an apostrophe.
    """
    if _NEGATIVE_NUMBER.fullmatch(text):
        return text
    guarded = _DANGEROUS_INSIDE.sub(r"\1'", text)
    return "'" + guarded if _DANGEROUS_START.match(text) else guarded


def as_before(text: str) -> str:
    """The text that `safe_text` made safe: exactly what it was."""
    if text.startswith("'") and _DANGEROUS_START.match(text[1:]):
        text = text[1:]
    return _GUARDED_INSIDE.sub(r"\1", text)


def _written(cell: Cell, decimal: str = ".", *, for_tools: bool = False) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell if for_tools and _INTERNATIONAL.fullmatch(cell) else safe_text(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return repr(cell).replace(".", decimal) if math.isfinite(cell) else ""
    if isinstance(cell, Decimal):
        return format(cell, "f").replace(".", decimal) if cell.is_finite() else ""
    return cell.isoformat() if isinstance(cell, date) else str(int(cell))


def spreadsheet_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV bytes for a spreadsheet: UTF-8 with a mark so that Excel reads it, commas, CR LF.

    Headers are guarded like cells. A missing value, NaN and infinity become an empty cell. Dates are written as
    YYYY-MM-DD, yes and no for truth values. Raises ValueError for a row that does not fit the headers.
    """
    file = io.BytesIO()
    write_csv(file, headers, rows)
    return file.getvalue()


def write_csv(
    file: BinaryIO,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    separator: Literal[",", ";"] = ",",
    for_tools: bool = False,
) -> None:
    """The same into an open file, row by row. With semicolons the decimals have a comma, as spreadsheets expect where
    semicolons are usual. A file `for_tools` has no mark, and in it a phone number such as `+49301234567` stays as it
    is: no spreadsheet reads more into it than a number. Raises ValueError as `spreadsheet_csv`."""
    decimal = "," if separator == ";" else "."
    text = io.TextIOWrapper(file, encoding="utf-8" if for_tools else "utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n", delimiter=separator)
    writer.writerow([safe_text(header) for header in headers])
    for row in rows:
        if len(row) != len(headers):
            raise ValueError(f"A row has {len(row)} cells, the header has {len(headers)}.")
        writer.writerow([_written(cell, decimal, for_tools=for_tools) for cell in row])
    text.flush()
    text.detach()


def table_csv(table: pa.Table) -> bytes:
    """An Arrow table as CSV bytes for a spreadsheet; see `spreadsheet_csv`."""
    columns = [column.to_pylist() for column in table.columns]
    return spreadsheet_csv(table.column_names, zip(*columns, strict=True))


def name_with_hash(stem: str, data: bytes, suffix: str = ".csv") -> str:
    """A file name that differs whenever the content does, e.g. `members-1a2b3c4d.csv`.

    Whatever tells files apart by their name, or by a few samples of their bytes and the name as Streamlit does, tells
    two nearly equal audiences apart. Anything but letters, digits, dot, dash and underscore in `stem` becomes a dash,
    so the name cannot hold a path.
    """
    clean = re.sub(r"[^\w.-]+", "-", stem).strip("-.")[:60] or "export"
    return f"{clean}-{hashlib.sha256(data).hexdigest()[:8]}{suffix}"


def refuse_target(path: Path, *, replace: bool, option: str = "--out") -> None:
    """Raise WrongCall where a command may not write a file at `path`: its folder is missing, something else than a file
    is there, or a file that is not to be replaced. `option` is how the file was named. Raises WorkspaceBroken where the
    system does not let it be seen."""
    other = f"choose another {option}"
    try:
        folder, strange = path.parent.is_dir(), path.exists() and not path.is_file()
        taken = path.exists() or path.is_symlink()
    except OSError as error:
        raise _unwritable(path, error) from error
    if not folder:
        raise WrongCall(f"There is no folder {path.parent}.", next_step=f"Make it, or {other}.")
    if strange:
        raise WrongCall(f"{path} is there already and is no file.", next_step=f"{other.capitalize()}.")
    if taken and not replace:
        raise WrongCall(f"The file {path} is there already.", next_step=f"Add --force to replace it, or {other}.")


def write_whole(path: Path, data: bytes) -> Path:
    """Write `data` to `path` so that a reader sees the old file or the whole new one, also after a power cut.

    It can be read by its owner only. Raises DiskFull, or WorkspaceBroken where the folder cannot be written; nothing
    half-written stays.
    """
    with written_whole(path, need=len(data)) as file:
        file.write(data)
    return path


@contextmanager
def written_whole(path: Path, *, need: int | None = None) -> Iterator[BinaryIO]:
    """The same for content that comes bit by bit, of `need` bytes where that is known: a file beside `path` that takes
    its place at the end. Raises as `write_whole`."""
    unfinished = drafts.beside(path)
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with drafts.locked(unfinished):
            with os.fdopen(handle, "wb") as file:
                drafts.sweep(path.parent, now=os.fstat(handle).st_mtime)
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)  # before it is said what is free
        raise _unwritable(path, error, need) from error
    finally:
        unfinished.unlink(missing_ok=True)  # gone already where the move worked


def _unwritable(path: Path, error: OSError, need: int | None = None) -> WorkspaceBroken:
    return disk.refusal(
        error,
        f"{path.name} could not be written.",
        path.parent,
        need=need,
        evidence=f"The system says: {error.strerror or error}.",
        next_step="Check that the folder exists, may be written and that the disk has room.",
    )
