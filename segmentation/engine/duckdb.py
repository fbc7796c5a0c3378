"""DuckDB as the engine: an in-memory root connection per process, hardened, with one cursor per run.

Views over a version's Parquet files are temporary, so that two runs over two datasets never see each other.
"""

from __future__ import annotations

import threading
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from segmentation import disk
from segmentation.columns import CAMPAIGNS, CONTACTS, LINES, PASSED, SET_ASIDE, Column
from segmentation.engine.named import Aggregates, named_query
from segmentation.engine.protocol import Bound
from segmentation.errors import Cancelled, WorkspaceBroken
from segmentation.workspace import SPILL, DatasetVersion, Workspace

_HARDENING = (
    "SET autoinstall_known_extensions=false",
    "SET autoload_known_extensions=false",
    "SET allow_community_extensions=false",
    "SET allow_unsigned_extensions=false",
    "SET allow_persistent_secrets=false",
    "SET python_enable_replacements=false",
    "SET max_expression_depth=250",
)


def literal(value: object) -> str:
    """A text as a quoted SQL literal, for the few statements that take no bound values."""
    return "'" + str(value).replace("'", "''") + "'"


def harden(
    connection: duckdb.DuckDBPyConnection, *, folders: list[Path], temp: Path | None, threads: int, memory: str
) -> None:
    """Confine a connection to `folders`: no other files, no extensions, no further settings. What it cannot hold in
    memory goes to `temp`, or nowhere."""
    connection.execute(f"SET threads={int(threads)}")
    connection.execute(f"SET memory_limit={literal(memory)}")
    connection.execute(f"SET temp_directory={literal('' if temp is None else temp)}")
    connection.execute("SET max_temp_directory_size='8GB'")
    for statement in _HARDENING:
        connection.execute(statement)
    allowed = ", ".join(literal(f"{folder}/") for folder in folders)
    connection.execute(f"SET allowed_directories=[{allowed}]")
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")


# It warns that rows are copied once more: 200,000 rows of 21 columns took as long as without.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")


def answer(connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object] | None) -> pa.Table:
    """What a statement gives. `connection.sql` would bind it twice, a third of the time of a small query."""
    return connection.execute(sql, dict(values) if values else None).to_arrow_table()


_TROUBLE = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.FatalException,
    duckdb.InvalidInputException,
    duckdb.SerializationException,
    duckdb.InternalException,
)
"""What a full disk and a damaged Parquet file raise; one with a check sum is refused before."""


def _trouble(error: duckdb.Error, folder: Path) -> WorkspaceBroken:
    return disk.told(error, _NO_ROOM, folder) or WorkspaceBroken(
        "The stored data could not be read.",
        evidence=str(error).splitlines()[0],
        next_step="Check the disk, then reload; if it stays, go back to an earlier version, or delete the shop and "
        "import its files again.",
    )


_NO_ROOM = "What the query cannot hold in memory could not be put aside."


class Run:
    """One cursor over one version of a dataset; `lost` hears that its engine can answer nothing any more."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, folder: Path, lost: Callable[[], None]) -> None:
        self._cursor = cursor
        self._folder = folder
        self._lost = lost

    def query(self, name: str, /, **values: Bound) -> pa.Table:
        return self.select(named_query(name), **values)

    def aggregate(self, wanted: Aggregates, /, **values: Bound) -> pa.Table:
        return self.select(wanted.sql, **values)

    def select(self, sql: str, /, **values: Bound) -> pa.Table:
        with self._troubles():
            return answer(self._cursor, sql, values)

    def show(self, name: str, query: str) -> None:
        """Make a query of ours visible to other queries, until the run is over."""
        with self._troubles():
            self._cursor.execute(f"CREATE TEMP VIEW {name} AS {query}")

    def interrupt(self) -> None:
        self._cursor.interrupt()

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except duckdb.InterruptException as error:
            raise Cancelled("The query") from error
        except _TROUBLE as error:
            if isinstance(error, duckdb.FatalException):
                self._lost()
            raise _trouble(error, self._folder) from error


class DuckEngine:
    """Answers queries over the versions of one workspace; safe to share between threads.

    A full disk can make DuckDB refuse every later query ("database has been invalidated"): the engine then opens anew.
    """

    def __init__(self, workspace_root: Path, *, threads: int, memory: str) -> None:
        self._folder, self._threads, self._memory = workspace_root, threads, memory
        self._lock = threading.Lock()
        self._root, self._removed = self._connected()

    @classmethod
    def open(cls, workspace_root: Path, *, threads: int = 2, memory: str = "3GB") -> DuckEngine:
        """An engine that can read `datasets/` and `cache/` of the workspace and nothing else."""
        return cls(workspace_root, threads=threads, memory=memory)

    def _connected(self) -> tuple[duckdb.DuckDBPyConnection, weakref.finalize[..., DuckEngine]]:
        """A connection, and what removes the folder where it puts aside what it cannot hold in memory."""
        connection = duckdb.connect(":memory:")
        folders = [self._folder / "datasets", self._folder / "cache"]
        spilled = ExitStack()
        try:
            temp = spilled.enter_context(Workspace(self._folder).scratch(SPILL))
        except OSError as error:
            if not disk.keeps_nothing(error):
                raise
            temp = None
        harden(connection, folders=folders, temp=temp, threads=self._threads, memory=self._memory)
        return connection, weakref.finalize(self, spilled.close)

    @contextmanager
    def reading(self, version: DatasetVersion) -> Iterator[Run]:
        """A run over this version: `lines`, `set_aside`, `contacts`, `campaigns` and `passed` are its tables."""
        with self._lock:
            root = self._root
            cursor = root.cursor()
        try:
            run = Run(cursor, self._folder, lambda: self._reopen(root))
            for name, parts, columns in (
                ("lines", version.lines, LINES),
                ("set_aside", version.set_aside, SET_ASIDE),
                ("contacts", version.contacts, CONTACTS),
                ("campaigns", version.campaigns, CAMPAIGNS),
                ("passed", version.passed, PASSED),
            ):
                run.show(name, stored(parts, columns))
            yield run
        finally:
            cursor.close()

    def _reopen(self, lost: duckdb.DuckDBPyConnection) -> None:
        """Put a new connection in the place of this one, once."""
        with self._lock:
            if self._root is lost:
                self._removed()
                self._root, self._removed = self._connected()

    def close(self) -> None:
        self._root.close()
        self._removed()


def stored(parts: Sequence[Path], columns: tuple[Column, ...]) -> str:
    """The query that reads a version's Parquet files; without files, one that gives these columns and no row."""
    if parts:
        return f"SELECT * FROM read_parquet([{', '.join(literal(part) for part in parts)}])"  # noqa: S608 - our own paths
    empty = ", ".join(f"CAST(NULL AS {column.sql_type}) AS {column.name}" for column in columns)
    return f"SELECT {empty} WHERE false"
