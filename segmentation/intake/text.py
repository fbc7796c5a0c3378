"""Detecting: a table's text in Parquet, and its profile. What every later stage reads; the stranger's file no more."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from segmentation.engine.importing.above import Above, store_completed
from segmentation.engine.importing.facts import column_facts, days, fitting_rows, number_shapes
from segmentation.engine.importing.raw import RawTable, store_raw
from segmentation.engine.reading import ImportConnection
from segmentation.errors import UnreadableFile
from segmentation.files.opened import Opened, checked, rewrite
from segmentation.meaning.above import left_to_above
from segmentation.meaning.profiles import TableProfile, table_profile

_Look = Callable[[ImportConnection, RawTable, str], list[str]]


@dataclass(frozen=True, slots=True)
class Text:
    """A table whose every record is counted: as it was opened, its text, and the profile of the rows that fit it.
    `above`: what its rows left to rows above them, and what is filled in here."""

    opened: Opened
    raw: RawTable
    table: TableProfile
    above: Above | None = None


def text_of(
    connection: ImportConnection, opened: Opened, folder: Path, stopped: Callable[[], bool], *, complete: bool = False
) -> Text:
    """The table's text in `folder` and its profile; see `raw_of`. To `complete` it is to fill in what rows leave to
    rows above them."""
    opened, raw = raw_of(connection, opened, folder, stopped)
    telling, sample = fitting_rows(connection, raw, opened.layout.header_rows)
    above = _above(sample) if complete else None
    if above is not None:
        raw = store_completed(connection, raw, above, folder / f"raw-{uuid.uuid4().hex}.parquet")
        telling, sample = fitting_rows(connection, raw, opened.layout.header_rows)
    facts = column_facts(connection, telling, sample)
    return Text(opened, raw, table_profile(opened.layout, facts, telling.rows, sample), above)


def _above(sample: pa.Table) -> Above | None:
    """What the sampled rows leave to rows above them."""
    cells = [sample.column(1 + at).to_pylist() for at in range(sample.num_columns - 1)]
    return left_to_above(cells, np.array(sample.column("block").to_pylist(), np.int64))


def raw_of(
    connection: ImportConnection, opened: Opened, folder: Path, stopped: Callable[[], bool]
) -> tuple[Opened, RawTable]:
    """The table's text in `folder`; raises UnreadableFile where its rows cannot be counted the same way twice, or
    Cancelled."""
    opened = checked(opened, folder, stopped)
    target = folder / f"raw-{uuid.uuid4().hex}.parquet"
    raw = store_raw(connection, opened.source, opened.records, target)
    if raw is None and not opened.numbered:
        opened = rewrite(opened, folder, stopped)
        raw = store_raw(connection, opened.source, opened.records, target)
    if raw is None:
        raise UnreadableFile(
            opened.name,
            "The rows cannot be told apart with certainty.",
            evidence=f"Two ways of counting do not both give {opened.records:,} rows.",
            next_step="Export it again with every text in quotation marks.",
        )
    return opened, raw


class TextValues:
    """The distinct values of a table's columns, asked for where shapes do not tell enough."""

    def __init__(self, connection: ImportConnection, raw: RawTable, headers: tuple[str, ...]) -> None:
        self._connection = connection
        self._raw = raw
        self._headers = headers
        self._seen: dict[tuple[_Look, str], list[str]] = {}

    def numbers(self, header: str) -> Iterable[str]:
        """The shapes of numbers."""
        return self._distinct(number_shapes, header)

    def days(self, header: str) -> Iterable[str]:
        """The days of dates, without their times, in the order of the file."""
        return self._distinct(days, header)

    def _distinct(self, look: _Look, header: str) -> list[str]:
        if (look, header) not in self._seen:
            column = self._raw.columns[self._headers.index(header)]
            self._seen[look, header] = look(self._connection, self._raw, column)
        return self._seen[look, header]
