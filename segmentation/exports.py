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
import secrets
import stat
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from segmentation.errors import WorkspaceBroken

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


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe_text(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return repr(cell) if math.isfinite(cell) else ""
    if isinstance(cell, Decimal):
        return format(cell, "f") if cell.is_finite() else ""
    return cell.isoformat() if isinstance(cell, date) else str(int(cell))


def spreadsheet_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV bytes for a spreadsheet: UTF-8 with a mark so that Excel reads it, commas, CR LF.

    Headers are guarded like cells. A missing value, NaN and infinity become an empty cell. Dates are written as
    YYYY-MM-DD, yes and no for truth values. Raises ValueError for a row that does not fit the headers.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_text(header) for header in headers])
    for row in rows:
        if len(row) != len(headers):
            raise ValueError(f"A row has {len(row)} cells, the header has {len(headers)}.")
        writer.writerow([_written(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


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


def write_whole(path: Path, data: bytes) -> Path:
    """Write `data` to `path` so that a reader sees the old file or the whole new one, also after a power cut.

    A new file can be read by its owner only; one that takes the place of another may be read by whom that could be.
    Raises WorkspaceBroken where the folder cannot be written or the disk is full; nothing half-written stays.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(mode)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise _unwritable(path, error) from error
    return path


def _unwritable(path: Path, error: OSError) -> WorkspaceBroken:
    return WorkspaceBroken(
        f"{path.name} could not be written.",
        evidence=f"The system says: {error.strerror or error}.",
        next_step="Check that the folder exists, may be written and that the disk has room.",
    )
