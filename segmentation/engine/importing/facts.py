"""What is counted of a table's text before anybody says what it means: every row, in the engine."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from segmentation.engine.duckdb import literal
from segmentation.engine.importing.raw import PLACE, RawTable, fit, fitting, fitting_only
from segmentation.engine.reading import ImportConnection, select

MOST_VALUES = 3_000
"""Different values, or shapes of values, of a column that are told one by one."""
MOST_PROFILED = 400
"""Columns of a table that are looked at; no export of orders has more."""
_AT_ONCE = 2
"""Columns looked at at once: much of the work on one keeps a single core busy."""
_GROUPED = 400_000
"""About as many different values can be counted in memory at once."""
SAMPLE_ROWS, SAMPLE_BLOCK = 20_000, 500
_SHAPE = bytes.maketrans(b"12346789", b"55555555")
_SHAPE_OF = str.maketrans("12346789", "55555555")
_SHAPES = "shapes"
_DAY = r"^\S+(?:[ .]+\p{L}+\.?[ .,]+\d+| \d+ \d+)?"
SMALL_CELLS = 300_000
"""Cells of a table that are counted here rather than by the engine."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column over all rows. `filled` rows hold more than blanks; `distinct` counts different values, exactly up to
    MOST_VALUES and about beyond.

    `values` are texts with the rows that hold them and the first of those: every value where they are `complete`; else
    one example of each shape (digits but 0 are alike); where there are too many shapes, the commonest values.
    """

    filled: int
    distinct: int
    complete: bool
    shaped: bool
    values: tuple[tuple[str, int, int], ...]


def column_facts(connection: ImportConnection, raw: RawTable, sample: pa.Table) -> list[ColumnFacts]:
    """The facts of the table's columns, at most MOST_PROFILED of them, in the order of the file; `sample` are its
    sampled rows. Of a small table they are all, and quicker counted than asked for."""
    columns = raw.columns[:MOST_PROFILED]
    if sample.num_rows == raw.rows and raw.rows * len(columns) <= SMALL_CELLS:
        return [_facts_of(sample.column(column).to_pylist()) for column in columns]
    counted = {f"n{i}": f"count(CASE {_filled(column, '1')} END)" for i, column in enumerate(columns)}
    counted |= {f"d{i}": f"approx_count_distinct({column})" for i, column in enumerate(columns)}
    row = connection.run(select(counted, raw.sql)).to_pylist()[0]

    def facts(place: int) -> ColumnFacts:
        with connection.beside() as own:
            return _facts(own, raw, columns[place], row[f"n{place}"], row[f"d{place}"])

    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="column-facts") as pool:
        return list(pool.map(facts, range(len(columns))))


def _facts_of(cells: list[str | None]) -> ColumnFacts:
    rows: dict[str, int] = {}
    first: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if cell is not None and cell.strip(" "):
            rows[cell] = rows.get(cell, 0) + 1
            first.setdefault(cell, place)
    filled = sum(rows.values())
    values = sorted(((cell, count, first[cell]) for cell, count in rows.items()), key=lambda one: (-one[1], one[2]))
    if len(values) <= MOST_VALUES:
        return ColumnFacts(filled, len(values), True, False, tuple(values))
    shapes: dict[str, tuple[str, int, int]] = {}
    for cell, count, place in values:
        shape = cell.translate(_SHAPE_OF)
        example, counted, earliest = shapes.get(shape, (cell, 0, place))
        shapes[shape] = (min(example, cell), counted + count, min(earliest, place))
    if len(shapes) <= MOST_VALUES:
        examples = sorted(shapes.values(), key=lambda one: (-one[1], one[2]))
        return ColumnFacts(filled, len(values), False, True, tuple(examples))
    return ColumnFacts(filled, len(values), False, False, tuple(values[:MOST_VALUES]))


def _facts(connection: ImportConnection, raw: RawTable, column: str, filled: int, about: int) -> ColumnFacts:
    if not filled:
        return ColumnFacts(0, 0, True, False, ())
    if about <= 2 * MOST_VALUES:
        values = _counted(connection, raw.sql, column, column)
        if len(values) <= MOST_VALUES:
            return ColumnFacts(filled, len(values), True, False, values)
    connection.show(_SHAPES, _shapes(connection, raw, column, several=about <= _GROUPED))
    shapes = _counted(connection, _SHAPES, column, "shape", rows_of="sum(n)")
    if len(shapes) <= MOST_VALUES:
        return ColumnFacts(filled, about, False, True, shapes)
    return ColumnFacts(filled, about, False, False, _counted(connection, raw.sql, column, column)[:MOST_VALUES])


def _filled(column: str, then: str) -> str:
    """WHEN a column holds more than blanks; only what begins with a blank is worth trimming."""
    return f"WHEN {column} >= '!' THEN {then} WHEN trim({column}) <> '' THEN {then}"


def _shapes(connection: ImportConnection, raw: RawTable, column: str, *, several: bool) -> pa.RecordBatchReader:
    """A column's texts beside their shapes, each with `n` rows, to be read once: the engine takes seven times as long
    to replace digits as Python does in the bytes of many texts at once. Texts that stand in `several` rows each are
    counted before, row by row they would all pass through here."""
    told = {column: column, "n": "count(*)", PLACE: f"min({PLACE})"}
    each = {column: column, "n": "CAST(1 AS BIGINT)", PLACE: PLACE}
    pieces = connection.pieces(select(told, raw.sql, group=column) if several else select(each, raw.sql))
    schema = pa.schema([(column, pa.string()), ("n", pa.int64()), (PLACE, pa.int64()), ("shape", pa.string())])
    rows = (pa.record_batch([*piece.columns, _shaped(piece.column(0))], schema=schema) for piece in pieces)
    return pa.RecordBatchReader.from_batches(schema, rows)


def _shaped(texts: pa.Array) -> pa.Array:
    """Texts with all digits but 0 alike; in UTF-8 no other letter has a digit's byte."""
    valid, ends, letters = texts.buffers()
    if letters is None:
        return texts
    alike = pa.py_buffer(letters.to_pybytes().translate(_SHAPE))
    return pa.Array.from_buffers(texts.type, len(texts), [valid, ends, alike], offset=texts.offset)


def _counted(
    connection: ImportConnection, rows: str, column: str, key: str, *, rows_of: str = "count(*)"
) -> tuple[tuple[str, int, int], ...]:
    """An example of each key with its rows and the first of them, commonest first: one more than is told at most."""
    found = select(
        {"example": f"min({column})", "counted": f"CAST({rows_of} AS BIGINT)", "place": f"min({PLACE})"},
        rows,
        where=f"CASE {_filled(column, 'true')} END",
        group=key,
        order=f"counted DESC, place LIMIT {MOST_VALUES + 1}",
    )
    table = connection.run(found)
    return tuple(zip(*(table.column(name).to_pylist() for name in ("example", "counted", "place")), strict=True))


def number_shapes(connection: ImportConnection, raw: RawTable, column: str) -> list[str]:
    """The shapes of a column's numbers: digits but 0 are all written as 5, since only their places matter."""
    return _distinct(connection, raw, f"regexp_replace({column}, '[1-9]', '5', 'g')")


def days(connection: ImportConnection, raw: RawTable, column: str) -> list[str]:
    """The days of a column's dates, without their times, in the order of the file."""
    return _distinct(connection, raw, f"regexp_extract(trim({column}), {literal(_DAY)}, 0)")


def _distinct(connection: ImportConnection, raw: RawTable, value: str) -> list[str]:
    query = select({"value": value, "place": f"min({PLACE})"}, raw.sql, group="1", order="place")
    return [one for one in connection.run(query).column("value").to_pylist() if one is not None]


def fitting_rows(
    connection: ImportConnection, raw: RawTable, header_rows: Sequence[Sequence[str]]
) -> tuple[RawTable, pa.Table]:
    """The rows that may say what the columns mean, see `fitting`, and a sample of them: one query for a small table."""
    if raw.rows > SAMPLE_ROWS:
        telling = fitting(connection, raw, header_rows)
        return telling, sample_rows(connection, telling)
    fits = fit(raw, header_rows)
    listed = {"block": "CAST(0 AS BIGINT)", **{column: column for column in raw.columns[:MOST_PROFILED]}, "fits": fits}
    told = connection.run(select(listed, raw.sql, order=PLACE))
    fitted = told.filter(told.column("fits"))
    telling = fitting_only(raw, fits, fitted.num_rows)
    return telling, (fitted if telling.fits else told).drop_columns(["fits"])


def sample_rows(connection: ImportConnection, raw: RawTable) -> pa.Table:
    """Rows in the order of the file, at most SAMPLE_ROWS: all of them, or blocks from all over, so that the lines of an
    order stay together. Has a column `block` that tells the blocks apart."""
    blocks = max(1, -(-raw.rows // SAMPLE_BLOCK))
    wanted = max(1, SAMPLE_ROWS // SAMPLE_BLOCK)
    step = max(1, -(-blocks // wanted))
    block = f"{PLACE} // {SAMPLE_BLOCK}"
    # blocks that are all of the file are one
    told = "0" if step == 1 else block
    return connection.run(
        select(
            {"block": f"CAST({told} AS BIGINT)", **{column: column for column in raw.columns[:MOST_PROFILED]}},
            raw.sql,
            where=f"({block}) % {step} = 0",
            order=PLACE,
        )
    )


__all__ = ["MOST_VALUES", "ColumnFacts", "column_facts", "days", "fitting_rows", "number_shapes", "sample_rows"]
