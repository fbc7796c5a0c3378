"""Reading text files with DuckDB, as text: the one place where SQL is not portable.

A file's header names never reach SQL: its columns are c0, c1, …, and the last is what stands beyond them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from segmentation import disk
from segmentation.columns import Column
from segmentation.engine.duckdb import answer, harden, literal, stored
from segmentation.engine.named import named_query
from segmentation.errors import Cancelled, WorkspaceBroken

_TICK = 0.1  # seconds between two looks at the clock of a running statement
_LONGEST_LINE = 2_000_000
_BEYOND = 8
"""Fields beyond the header that are looked at: a row whose first filled one is further out counts as one of the right
length."""
_TROUBLE = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException)
LINE_NUMBER = "line_number"
"""The column of a numbered file that says on which line of the original a row starts."""
_HASH_PROBE = "SELECT CAST(hash('tessera', NULL, '1') AS VARCHAR) AS probe"
_PARQUET = (
    "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 1000, "
    "WRITE_BLOOM_FILTER false"
)
"""Measured on 5M lines: a quarter less work than the defaults; ids gain nothing from a dictionary."""
_QUICK_PARQUET = (
    "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1000, WRITE_BLOOM_FILTER false"
)
_QUOTED_NEWLINES = "quoted new lines"
_FEW_BYTES, _MOST_HELD = 1 << 20, 8 << 20
"""A file of so many bytes has few rows, which are held in memory, as long as all that is held is no more: a query over
a file opens it and plans its reading as often as it names it, which is most of the work on few rows."""
_SCHEMES: dict[str, str] = {}


class QuotedNewlines(Exception):
    """The parallel scanner met a newline inside quotes; read the file again without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """A UTF-8 text file as a table of `width` text columns and one for overflow, the first filled field beyond them.
    `skip` lines stand above its rows; where it is `numbered`, its first column holds each row's line in the
    original."""

    path: Path
    width: int
    separator: str
    quote: str
    skip: int = 0
    numbered: bool = False
    parallel: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(f"c{index}" for index in range(self.width))

    @property
    def overflow(self) -> str:
        """The column that is filled where a row has more fields than the header."""
        return f"c{self.width}"

    @property
    def sql(self) -> str:
        """The table. Short rows are padded; the reject tables hold what could not be read at all."""
        line = (f"'{LINE_NUMBER}': 'BIGINT'",) if self.numbered else ()
        beyond = [f"c{self.width + at}" for at in range(_BEYOND)]
        names = ", ".join((*line, *(f"'{column}': 'VARCHAR'" for column in (*self.columns, *beyond))))
        first = f"coalesce({', '.join(beyond)})"
        own = {column: column for column in (*((LINE_NUMBER,) if self.numbered else ()), *self.columns)}
        read = (
            f"read_csv({literal(self.path)}, columns={{{names}}}, auto_detect=false, delim={literal(self.separator)}, "
            f"quote={literal(self.quote)}, escape={literal(self.quote)}, header=false, "
            f"skip={int(self.skip)}, null_padding=true, strict_mode=false, store_rejects=true, rejects_limit=0, "
            f"max_line_size={_LONGEST_LINE}, compression='none', encoding='utf-8', "
            f"parallel={str(self.parallel).lower()})"
        )
        return f"({select({**own, self.overflow: first}, read)})"

    def without_parallel(self) -> TextSource:
        """The same, read by one thread, which understands newlines inside quotes."""
        return replace(self, parallel=False)


class ImportConnection:
    """One connection for one import, confined to the file, the draft and the stored versions."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self._held: dict[tuple[int, int, int, int], str] = {}
        self._tables = 0
        self._rejects = False

    def query(self, name: str, /, **values: object) -> pa.Table:
        """The result of the query of that name with `$name` placeholders bound, over tables shown before."""
        return self.run(named_query(name), values=values)

    def row(self, name: str, /, **values: object) -> dict[str, Any]:
        """The only row of a named query."""
        return dict(self.query(name, **values).to_pylist()[0])

    def batches(self, name: str, /, *, rows: int = 1 << 22) -> Iterator[pa.RecordBatch]:
        """The result of a named query piece by piece, about `rows` at a time, so that it is never held whole."""
        with _troubles(self._folder):
            yield from self._connection.sql(named_query(name)).to_arrow_reader(rows)

    def column(self, name: str, /) -> Iterator[pa.Array]:
        """The only column of a named query as `batches` gives it."""
        yield from (batch.column(0) for batch in self.batches(name))

    def stored_column(self, path: Path, name: str, *, rows: int = 1 << 22) -> Iterator[pa.Array]:
        """A column of a Parquet file as it stands, piece by piece as `column` gives it."""
        with _troubles(self._folder), pq.ParquetFile(path) as file:
            yield from (batch.column(0) for batch in file.iter_batches(rows, columns=[name]))

    def pieces(self, sql: str, *, rows: int = 1 << 16) -> Iterator[pa.RecordBatch]:
        """The result of a query over files piece by piece, about `rows` at a time, while another query reads them."""
        with _troubles(self._folder), closing(self._connection.cursor()) as beside:
            yield from beside.sql(sql).to_arrow_reader(rows)

    @contextmanager
    def beside(self) -> Iterator[ImportConnection]:
        """A connection with tables of its own to be shown, for a query beside others."""
        with closing(self._connection.cursor()) as cursor:
            yield ImportConnection(cursor, self._folder)

    def store(
        self,
        query: str,
        target: Path,
        *,
        notes: Mapping[str, str] | None = None,
        values: Mapping[str, object] | None = None,
        tick: Callable[[float], None] | None = None,
    ) -> None:
        """Store a query's result as zstd Parquet; `notes` go into the file's metadata."""
        metadata = ", ".join(f"{name}: {literal(value)}" for name, value in (notes or {}).items())
        extra = f", KV_METADATA {{{metadata}}}" if notes else ""
        copy = f"COPY ({query}\n) TO {literal(target)} ({_PARQUET}{extra})"
        self.run(copy, values=values, tick=tick)

    def store_text(self, query: str, target: Path) -> int:
        """Store a query's texts as Parquet that is quick to write and to read; returns how many rows it has."""
        self._rejects = True
        written = self.run(f"COPY ({query}) TO {literal(target)} ({_QUICK_PARQUET})")
        return int(written.column(0)[0].as_py())

    def store_named(self, name: str, target: Path, *, notes: Mapping[str, str] | None = None, **values: object) -> None:
        """Store the result of the query of that name as zstd Parquet."""
        self.store(named_query(name), target, notes=notes, values=values)

    def show(
        self, name: str, table: Iterable[Path] | pa.Table | pa.RecordBatchReader, *, row_numbers: bool = False
    ) -> None:
        """Make Parquet files or an Arrow table visible to queries, or one that can be read once; `row_numbers` adds
        `file_row_number`."""
        if isinstance(table, pa.Table | pa.RecordBatchReader):
            self._connection.register(name, table)
            return
        listed = ", ".join(literal(path) for path in table)
        source = f"read_parquet([{listed}], file_row_number=true)" if row_numbers else self.rows_of([*table])
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM {source}")

    def rows_of(self, paths: Sequence[Path]) -> str:
        """What a query names the rows of these Parquet files by. Files that have few are read once: what they hold
        never changes, and one that is renamed stays the same."""
        with _troubles(self._folder):
            held = [self._hold(path) for path in paths]
        if not held or None in held:
            return f"read_parquet([{', '.join(map(literal, paths))}])"
        return f"({' UNION ALL BY NAME '.join(f'FROM {one}' for one in held)})"

    def _hold(self, path: Path) -> str | None:
        """The table in memory that holds the rows of this file; None where they are many."""
        found = path.stat()
        key = found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
        if key not in self._held:
            if found.st_size > _FEW_BYTES or sum(size for _, _, size, _ in self._held) + found.st_size > _MOST_HELD:
                return None
            self._held[key] = self._table_of(f"FROM read_parquet({literal(path)})")
        return self._held[key]

    def _table_of(self, query: str) -> str:
        """A new table in memory with the rows of this query."""
        self._tables += 1
        self._connection.execute(f"CREATE TEMP TABLE held_{self._tables} AS {query}")
        return f"held_{self._tables}"

    def show_stored(self, name: str, paths: Sequence[Path], columns: tuple[Column, ...]) -> None:
        """Make a part of a version visible to queries, also where it has no files."""
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {stored(paths, columns)}")

    def show_rows(self, name: str, query: str, target: Path, *, few: bool, tick: Callable[[float], None]) -> None:
        """Make the rows of a query visible to other queries, which are not to work them out again: held in memory where
        they are `few`, else stored in `target`."""
        if not few:
            self.store(query, target, tick=tick)
            self.show(name, [target])
            return
        with _troubles(self._folder):
            self.show_query(name, f"FROM {self._table_of(query)}")
        tick(1.0)

    def show_query(self, name: str, query: str) -> None:
        """Make a query of ours visible to other queries."""
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")

    def run(
        self, sql: str, *, values: Mapping[str, object] | None = None, tick: Callable[[float], None] | None = None
    ) -> pa.Table:
        """The statement's result; `tick` hears the share done (0 to 1) and may raise to stop it.

        Raises QuotedNewlines, Cancelled, or WorkspaceBroken where the disk is the trouble.
        """
        with _troubles(self._folder):
            return self._table(sql, values) if tick is None else self._run_with_clock(sql, values, tick)

    def rejected_lines(self) -> list[int]:
        """Physical lines that could not be read at all since the last call, ascending."""
        found = self.run("SELECT DISTINCT line FROM reject_errors ORDER BY line")
        self.forget_rejects()
        return [int(line) for line in found.column(0).to_pylist()]

    def forget_rejects(self) -> None:
        """Start a new account of lines that could not be read."""
        if self._rejects:
            self._connection.execute("DROP TABLE IF EXISTS reject_errors")
            self._connection.execute("DROP TABLE IF EXISTS reject_scans")
            self._rejects = False

    def hash_scheme(self) -> str:
        """What tells two versions of the engine's row hash apart."""
        if duckdb.__version__ not in _SCHEMES:
            _SCHEMES[duckdb.__version__] = str(self.run(_HASH_PROBE).column("probe")[0].as_py())
        return _SCHEMES[duckdb.__version__]

    def _table(self, sql: str, values: Mapping[str, object] | None) -> pa.Table:
        return answer(self._connection, sql, values)

    def _run_with_clock(self, sql: str, values: Mapping[str, object] | None, tick: Callable[[float], None]) -> pa.Table:
        with ThreadPoolExecutor(1, thread_name_prefix="import-statement") as pool:
            running = pool.submit(self._table, sql, values)
            try:
                while not wait((running,), timeout=_TICK).done:
                    tick(max(0.0, self._connection.query_progress()) / 100)
            finally:
                while not running.done():  # an interrupt before the statement has started would be lost
                    self._connection.interrupt()
                    wait((running,), timeout=_TICK)
            return running.result()


@contextmanager
def _troubles(folder: Path) -> Iterator[None]:
    """The engine's troubles in our words; those of a result that comes piece by piece are an OSError."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise Cancelled("The import") from error
    except _TROUBLE as error:
        raise _disk(error, folder) from error
    except (duckdb.Error, OSError) as error:
        if _QUOTED_NEWLINES in str(error):
            raise QuotedNewlines from error
        if isinstance(error, OSError):
            raise _disk(error, folder) from error
        raise


def _disk(error: Exception, folder: Path) -> WorkspaceBroken:
    return disk.told(error, "The import could not be written.", folder) or WorkspaceBroken(
        "The import could not be written or read.",
        evidence=str(error).splitlines()[0],
        next_step="Check the disk, then import the file again; nothing was changed.",
    )


@contextmanager
def open_import_connection(
    *,
    files: Iterable[Path],
    folders: Iterable[Path],
    temp: Path,
    threads: int = 2,
    memory: str = "1GB",
    ordered: bool = False,
) -> Iterator[ImportConnection]:
    """A hardened connection that can read `files` and read and write in `folders`, and nothing else.

    Only an `ordered` one stores rows in the order of the file, which costs a tenth of the time.
    """
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET enable_progress_bar=true")
        connection.execute("SET enable_progress_bar_print=false")
        connection.execute(f"SET preserve_insertion_order={str(ordered).lower()}")
        connection.execute(f"SET allowed_paths=[{', '.join(literal(file) for file in files)}]")
        harden(connection, folders=list(folders), temp=temp, threads=threads, memory=memory)
        yield ImportConnection(connection, temp)
    finally:
        connection.close()


def select(
    columns: Mapping[str, str],
    source: str,
    *,
    where: str = "",
    group: str = "",
    order: str = "",
    distinct: bool = False,
) -> str:
    """A SELECT of expressions of ours, by name. Nothing in it comes from a file: see `TextSource`."""
    listed = ", ".join(
        expression if name in {expression, "*"} else f"{expression} AS {name}" for name, expression in columns.items()
    )
    start = "SELECT DISTINCT" if distinct else "SELECT"
    condition = f" WHERE {where}" if where else ""
    grouped, ordered = f" GROUP BY {group}" if group else "", f" ORDER BY {order}" if order else ""
    return f"{start} {listed} FROM {source}{condition}{grouped}{ordered}"
