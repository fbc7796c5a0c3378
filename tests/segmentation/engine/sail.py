"""A second engine for tests: Sail, a Spark Connect server without Java, over the files of a version."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation.columns import Column

MISSING = (
    "pysail, pyspark-client or sqlglot is not installed, so the fixed queries were not run on a second engine "
    "(pip install 'tessera[test]')"
)

try:
    import sqlglot
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession
    from sqlglot import exp
    from sqlglot.optimizer.annotate_types import annotate_types
    from sqlglot.optimizer.qualify import qualify
except ImportError:
    if os.environ.get("TESSERA_REQUIRE_SAIL"):
        raise
    pytest.skip(MISSING, allow_module_level=True)


class Sail:
    """Answers queries written for DuckDB: sqlglot writes them for Spark, placeholders included."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    def show(self, name: str, files: Sequence[Path]) -> None:
        """Make Parquet files visible to queries. Spark has no unsigned numbers and reads those of 64 bits as decimals;
        Sail calls them signed, and then cannot hand out the large ones."""
        columns = [
            f"CAST({one.name} AS DECIMAL(20, 0)) AS {one.name}" if pa.types.is_uint64(one.type) else f"`{one.name}`"
            for one in pq.read_schema(files[0])
        ]
        self._session.read.parquet(*map(str, files)).selectExpr(*columns).createOrReplaceTempView(name)

    def select(self, sql: str, values: Mapping[str, object]) -> pa.Table:
        (spark,) = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
        return self._session.sql(spark, args=dict(values)).toArrow()


@contextmanager
def _a_program() -> Iterator[None]:
    """Spark's client takes a process without a main file, as those that share the tests are, for one that tests its
    documentation, and ends it where there is no Spark. Only while it is loaded: processes that are started later run
    the main file of this one."""
    main = sys.modules["__main__"]
    if hasattr(main, "__file__"):
        yield
        return
    main.__file__ = __file__
    try:
        yield
    finally:
        del main.__file__


@contextmanager
def serving() -> Iterator[Sail]:
    """A server of this process for as long as it is asked."""
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    try:
        _, port = server.listening_address
        with _a_program():
            session = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").create()
        # Far from where anybody works on Tessera: a shop's local times are nobody else's.
        session.conf.set("spark.sql.session.timeZone", "Pacific/Auckland")
        try:
            yield Sail(session)
        finally:
            session.stop()
    finally:
        server.stop()


def dates_reckoned_with(sql: str, values: Mapping[str, object], tables: Mapping[str, Sequence[Column]]) -> list[str]:
    """Where a query adds to dates or subtracts them by a sign: days in one engine are intervals in another."""
    schema = {name: {one.name: one.sql_type for one in columns} for name, columns in tables.items()}
    tree = sqlglot.parse_one(sql, read="duckdb")
    for mark in list(tree.find_all(exp.Placeholder)):
        if isinstance(values.get(mark.name), date):
            mark.replace(exp.cast(exp.null(), "DATE"))
    typed = annotate_types(qualify(tree, schema=schema, dialect="duckdb"), schema=schema, dialect="duckdb")
    return [
        one.sql(dialect="duckdb")
        for one in typed.find_all(exp.Add, exp.Sub)
        if {one.left.type.this, one.right.type.this} & exp.DataType.TEMPORAL_TYPES
    ]
