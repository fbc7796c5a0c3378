"""The rows that imports rejected, as a file that can be mended and imported again: the columns of the file they stood
in, and where and why.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow.parquet as pq

from segmentation.exports import Cell, spreadsheet_csv
from segmentation.files.mended import BETWEEN, MARKS
from segmentation.intake.accounts.ledger import REASONS
from segmentation.intake.store import notes, read_set_aside, taken_in
from segmentation.workspace import DatasetVersion

Row = tuple[str, int, str, list[str], str]
"""File, line, reason, fields as they stood, and the import that rejected them."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rejected rows of files with the same columns."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def reasons(self) -> dict[str, int]:
        """How many rows were rejected for each reason."""
        return dict(Counter(reason for _, _, reason, _, _ in self.rows))

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers of the file: the columns of their file, then the added ones."""
        return (*self.headers, *MARKS)

    def cells(self) -> Iterator[Sequence[Cell]]:
        """The rows of the file."""
        for file, line, reason, fields, taken in self.rows:
            own, rest = _split(fields, len(self.headers))
            yield (*own, file, line, reason, REASONS.get(reason, ""), taken, rest)

    def csv(self) -> bytes:
        """The file, safe in a spreadsheet; what that changes is changed back when it is imported again."""
        return spreadsheet_csv(self.columns, self.cells())


def rejected(version: DatasetVersion, reason: str | None = None) -> tuple[Rejected, ...]:
    """The rows that all imports of this version rejected, or those for one reason: one file for each set of columns."""
    read_set_aside(version)  # says it in a sentence where one cannot be read
    found: dict[tuple[str, ...], list[Row]] = {}
    for path in version.set_aside:
        table = pq.ParquetFile(path).read()
        rows = [
            (*row, taken_in(path))
            for row in zip(
                *(table.column(name).to_pylist() for name in ("file", "line_number", "reason", "row")), strict=True
            )
            if reason is None or row[2] == reason
        ]
        if rows:
            found.setdefault(_headers(notes(path).get("headers"), rows), []).extend(rows)
    return tuple(Rejected(headers, tuple(rows)) for headers, rows in found.items())


def _headers(noted: str | None, rows: Sequence[Row]) -> tuple[str, ...]:
    """The headers as they were noted; numbers for the columns of an import that noted none."""
    if noted is not None:
        return tuple(json.loads(noted))
    width = max(len(fields or ()) for _, _, _, fields, _ in rows)
    return tuple(f"column {at + 1}" for at in range(max(1, width - 1)))


def _split(fields: Sequence[str] | None, width: int) -> tuple[list[str], str]:
    """The fields of the file's columns, and the row as text where it does not fit them: it has further fields, so that
    its values may stand in the wrong columns, or it is no row."""
    cells = [field or "" for field in fields or ()]
    if len(cells) == 1 < width or any(cells[width:]):
        return [""] * width, BETWEEN.join(cells).removesuffix(BETWEEN)
    return [*cells[:width], *[""] * (width - len(cells))], ""
