"""A stranger's table as text in Parquet: what every later look at it reads, by column and as often as it likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.reading import LINE_NUMBER, ImportConnection, QuotedNewlines, TextSource, select

PLACE = "file_row_number"
"""The column that says which record of the table a row is, counted from 0."""
_MOST = 0.5
_FEW = 50_000
RAW = "raw_rows"
"""The view of a table's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """A table's text: `columns` are c0, c1, … in the order of the file, `overflow` holds what stands beyond them, and
    where it is `numbered`, `line_number` is the line of the original on which a row starts. `fits` is what its rows
    must meet, where it is of some of them only."""

    path: Path
    columns: tuple[str, ...]
    overflow: str
    numbered: bool
    rows: int
    fits: str = ""

    @property
    def few(self) -> bool:
        """Whether more time goes into planning a query over its rows than into running it."""
        return self.rows <= _FEW

    @property
    def sql(self) -> str:
        """The table, with the place of every row."""
        stored = f"read_parquet({literal(self.path)}, file_row_number=true)"
        return f"({select({'*': '*'}, stored, where=self.fits)})" if self.fits else stored

    def completed(self, heading: str | None, from_above: tuple[str, ...]) -> str:
        """The rows with what they leave to rows above: rows in which the column `heading` alone is filled name what
        holds for those below, and the columns `from_above` take what they lack from the row before."""
        if heading is None and not from_above:
            return self.sql
        filled = {column: casts.text(column) for column in from_above}
        if heading is not None:
            blank = [f"{casts.text(column)} IS NULL" for column in self.columns if column != heading]
            filled[heading] = f"CASE WHEN {' AND '.join(blank)} THEN {casts.text(heading)} END"
        above = {
            column: f"last_value({value} IGNORE NULLS) OVER (ORDER BY {PLACE} ROWS UNBOUNDED PRECEDING)"
            for column, value in filled.items()
        }
        rest = {"*": f"* EXCLUDE ({', '.join(above)})"}
        return f"({select(rest | above, self.sql)})"

    @property
    def line(self) -> str:
        """The row's line in the original, NULL where the source does not say."""
        return LINE_NUMBER if self.numbered else "CAST(NULL AS BIGINT)"

    @property
    def fields(self) -> str:
        """The row's fields as they stand, as a list."""
        return f"[{', '.join((*self.columns, self.overflow))}]"


def fitting(connection: ImportConnection, raw: RawTable, header_rows: Sequence[Sequence[str]]) -> RawTable:
    """The rows that may say what the columns mean: neither those with more fields than the header, whose values may
    stand in the wrong columns, nor the header once more. All of them where most are of these."""
    fits = fit(raw, header_rows)
    counted = connection.run(select({"n": "count(*)"}, raw.sql, where=fits))
    return fitting_only(raw, fits, int(counted.column("n")[0].as_py()))


def fit(raw: RawTable, header_rows: Sequence[Sequence[str]]) -> str:
    """Whether a row is one of these."""
    never = [f"{raw.overflow} IS NOT NULL", *(_repeats(raw, row) for row in header_rows if any(map(str.strip, row)))]
    return f"NOT ({' OR '.join(never)})"


def fitting_only(raw: RawTable, fits: str, rows: int) -> RawTable:
    """The table of the `rows` that fit, where these are most."""
    return replace(raw, rows=rows, fits=fits) if raw.rows > rows >= _MOST * raw.rows else raw


def _repeats(raw: RawTable, header_row: Sequence[str]) -> str:
    """Whether a row holds these names, as headers are compared."""
    names = [name.strip().lower() for name in header_row]
    names += [""] * (len(raw.columns) - len(names))
    cells = (f"lower(trim(coalesce({column}, '')))" for column in raw.columns)
    same = [f"{cell} = {literal(name)}" for cell, name in zip(cells, names, strict=False)]
    if "a" <= names[0][:1] <= "z":  # a cell that begins with a digit is told by its first byte, many times as fast
        same.insert(0, f"({raw.columns[0]} >= 'A' OR {raw.columns[0]} < '!')")
    return f"({' AND '.join(same)})"


def store_raw(connection: ImportConnection, source: TextSource, records: int, target: Path) -> RawTable | None:
    """The text of `source` in `target`, one row per record in the order of the file; None where the engine does not
    see the `records` rows that a careful look counted."""
    for attempt in (source, source.without_parallel()):
        connection.forget_rejects()
        try:
            rows = connection.store_text(select({"*": "*"}, attempt.sql), target)
        except QuotedNewlines:
            continue
        if rows == records and not connection.rejected_lines():
            return RawTable(
                path=target,
                columns=attempt.columns,
                overflow=attempt.overflow,
                numbered=attempt.numbered,
                rows=records,
            )
    return None
