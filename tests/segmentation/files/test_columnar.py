"""Typed values as text: each kind of a Parquet file's columns as a program would write it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation.files.opened import detect

AT = datetime(2026, 1, 2, 10, 30)  # noqa: DTZ001 - a shop's own local time
DAY = datetime(2026, 1, 3)  # noqa: DTZ001

COLUMNS = {
    "nanoseconds": (pa.array([AT, DAY], pa.timestamp("ns")), ["2026-01-02 10:30:00", "2026-01-03"]),
    "microseconds": (pa.array([AT, DAY], pa.timestamp("us")), ["2026-01-02 10:30:00", "2026-01-03"]),
    "with a zone": (
        pa.array([AT.replace(tzinfo=UTC), None], pa.timestamp("ns", "UTC")),
        ["2026-01-02 10:30:00+00:00", ""],
    ),
    "day": (pa.array([date(2026, 1, 2), None], pa.date32()), ["2026-01-02", ""]),
    "clock": (pa.array([time(10, 30), None], pa.time64("us")), ["10:30:00", ""]),
    "decimal": (pa.array([Decimal("12.50"), Decimal("-0.05")], pa.decimal128(9, 2)), ["12.50", "-0.05"]),
    "real": (pa.array([12.5, 1e9], pa.float64()), ["12.5", "1000000000"]),
    "whole": (pa.array([7, -7], pa.int8()), ["7", "-7"]),
    "large": (pa.array([2**63, None], pa.uint64()), ["9223372036854775808", ""]),
    "flag": (pa.array([True, False]), ["true", "false"]),
    "category": (pa.array(["Tea", "Pot"]).dictionary_encode(), ["Tea", "Pot"]),
    "large text": (pa.array(["Tea", None], pa.large_string()), ["Tea", ""]),
    "bytes": (pa.array([b"Tea", b""], pa.binary()), ["Tea", ""]),
    "list": (pa.array([["a", "b"], []], pa.list_(pa.string())), ['["a", "b"]', "[]"]),
}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder: Path = tmp_path_factory.mktemp("parquet")
    pq.write_table(pa.table({name: column for name, (column, _) in COLUMNS.items()}), folder / "orders.parquet")
    (opened,) = detect(folder / "orders.parquet", None, folder)
    return {header: opened.layout.column(header) for header in opened.layout.headers}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_typed_value_is_written_as_a_program_would(table: dict[str, list[str]], name: str) -> None:
    assert table[name] == COLUMNS[name][1]
