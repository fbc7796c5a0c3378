"""DuckDB as the engine: an in-memory root connection per process, hardened, with one cursor per run.

Views over a version's Parquet files are temporary, so that two runs over two datasets never see each other.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa

from segmentation.columns import CAMPAIGNS, CONTACTS, LINES, PASSED, SET_ASIDE, Column
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
    connection: duckdb.DuckDBPyConnection, *, folders: list[Path], temp: Path, threads: int, memory: str
) -> None:
    """Confine a connection to `folders`: no other files, no extensions, no further settings."""
    connection.execute(f"SET threads={int(threads)}")
    connection.execute(f"SET memory_limit={literal(memory)}")
    connection.execute(f"SET temp_directory={literal(temp)}")
    connection.execute("SET max_temp_directory_size='8GB'")
    for statement in _HARDENING:
        connection.execute(statement)
    allowed = ", ".join(literal(f"{folder}/") for folder in folders)
    connection.execute(f"SET allowed_directories=[{allowed}]")
    connection.execute("SET enable_external_access=false")
    connection.execute("SET lock_configuration=true")


@cache
def named_query(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return (files("segmentation.engine") / "queries" / f"{name}.sql").read_text(encoding="utf-8")


_DAMAGED = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InvalidInputException,
    duckdb.SerializationException,
    duckdb.InternalException,
)
"""What a damaged Parquet file raises; one with a check sum is refused before."""


def _unreadable(error: duckdb.Error) -> WorkspaceBroken:
    return WorkspaceBroken(
        "The stored data could not be read.",
        evidence=str(error).splitlines()[0],
        next_step="Check the disk, then reload; if it stays, go back to an earlier version, or delete the shop and "
        "import its files again.",
    )


class Run:
    """One cursor over one version of a dataset."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor

    def query(self, name: str, /, **values: Bound) -> pa.Table:
        return self.select(named_query(name), **values)

    def select(self, sql: str, /, **values: Bound) -> pa.Table:
        try:
            return self._cursor.sql(sql, params=values or None).to_arrow_table()
        except duckdb.InterruptException as error:
            raise Cancelled("The query") from error
        except _DAMAGED as error:
            raise _unreadable(error) from error

    def interrupt(self) -> None:
        self._cursor.interrupt()


class DuckEngine:
    """Answers queries over the versions of one workspace; safe to share between threads."""

    def __init__(self, root: duckdb.DuckDBPyConnection, spilled: ExitStack) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._removed = weakref.finalize(self, spilled.close)

    @classmethod
    def open(cls, workspace_root: Path, *, threads: int = 2, memory: str = "3GB") -> DuckEngine:
        """An engine that can read `datasets/` and `cache/` of the workspace and nothing else."""
        connection = duckdb.connect(":memory:")
        folders = [workspace_root / "datasets", workspace_root / "cache"]
        spilled = ExitStack()
        temp = spilled.enter_context(Workspace(workspace_root).scratch(SPILL))
        harden(connection, folders=folders, temp=temp, threads=threads, memory=memory)
        return cls(connection, spilled)

    @contextmanager
    def reading(self, version: DatasetVersion) -> Iterator[Run]:
        """A run over this version: `lines`, `set_aside`, `contacts`, `campaigns` and `passed` are its tables."""
        with self._lock:
            cursor = self._root.cursor()
        try:
            for name, parts, columns in (
                ("lines", version.lines, LINES),
                ("set_aside", version.set_aside, SET_ASIDE),
                ("contacts", version.contacts, CONTACTS),
                ("campaigns", version.campaigns, CAMPAIGNS),
                ("passed", version.passed, PASSED),
            ):
                try:
                    cursor.execute(f"CREATE TEMP VIEW {name} AS {stored(parts, columns)}")
                except _DAMAGED as error:
                    raise _unreadable(error) from error
            yield Run(cursor)
        finally:
            cursor.close()

    def close(self) -> None:
        self._root.close()
        self._removed()


def stored(parts: Sequence[Path], columns: tuple[Column, ...]) -> str:
    """The query that reads a version's Parquet files; without files, one that gives these columns and no row."""
    if parts:
        return f"SELECT * FROM read_parquet([{', '.join(literal(part) for part in parts)}])"  # noqa: S608 - our own paths
    empty = ", ".join(f"CAST(NULL AS {column.sql_type}) AS {column.name}" for column in columns)
    return f"SELECT {empty} WHERE false"
