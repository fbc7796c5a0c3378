"""Few rows are held in memory and counted beside the engine: what is stored and told is the same as of many."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentation.engine import reading
from segmentation.engine.importing import facts, raw
from segmentation.engine.reading import open_import_connection
from segmentation.errors import TesseraError
from segmentation.intake.accounts import account, owners
from tests.segmentation.intake.test_states_of_orders import by_line, by_order
from tests.segmentation.intake_files import csv, lines, load

OTHER_CUSTOMERS = [f"K{n % 3},{n},2026-03-{n:02d},Tea,{n}.50" for n in range(1, 13)]
SPOILED = [f"C{n % 4},{n // 2},2026-0{n % 9 + 1}-1{n % 9},Oil,{'x' if n == 5 else n}.25" for n in range(1, 25)]
GUESTS = [f"{'' if n % 3 else 'ann'},G{n},2026-04-{n:02d},Tea,{'-' if n == 7 else ''}{n}.00" for n in range(1, 11)]
SERIES = {
    "orders that change": [by_order(), by_order("refunded"), by_line(), by_order()],
    "lines first": [by_line(), by_order("cancelled")],
    "the same again": [csv(*GUESTS), csv(*GUESTS[:6]), csv(*GUESTS)],
    "other customers": [csv(*GUESTS), csv(*OTHER_CUSTOMERS), csv(*SPOILED), csv(*SPOILED[:9], *GUESTS[3:])],
    "numbers of several": [csv(*SPOILED), csv(*[row.replace("2026", "2025") for row in SPOILED])],
}


def as_of_many(patch: pytest.MonkeyPatch) -> None:
    for module in (raw, account, owners):
        patch.setattr(module, "_FEW", -1)
    patch.setattr(reading, "_FEW_BYTES", -1)
    patch.setattr(facts, "SAMPLE_ROWS", 0)
    patch.setattr(facts, "sample_rows", _all_rows)


def _all_rows(connection: Any, table: raw.RawTable) -> pa.Table:
    """What `sample_rows` gives of a table that it takes whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "SAMPLE_ROWS", 20_000)
        return _sample_rows(connection, table)


_sample_rows = facts.sample_rows


def told(folder: Path, texts: list[str]) -> list[Any]:
    """What each import of a series comes to: its ledger, its sentences and every stored line."""
    found: list[Any] = []
    for at, text in enumerate(texts):
        try:
            result = load(folder, text, name=f"{at}.csv")
        except TesseraError as asked:
            found.append(asked.parts)
            continue
        names_left = [{k: v for k, v in line.items() if k != "customer_id"} for line in lines(result.version)]
        manifest = result.version.manifest
        counted = (manifest.customers, manifest.orders, manifest.guests, manifest.lines, manifest.revenue)
        found.append((result.ledger.to_json(), result.warnings, counted, manifest.currency, names_left))
    return found


@pytest.mark.parametrize("name", SERIES)
def test_a_series_of_imports_comes_to_the_same_as_of_many_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for folder in ("few", "many"):
        (tmp_path / folder).mkdir()
    few = told(tmp_path / "few", SERIES[name])
    as_of_many(monkeypatch)
    assert told(tmp_path / "many", SERIES[name]) == few


def test_a_file_that_is_written_anew_is_read_anew_and_a_renamed_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": [1, 2]}), path)
    with open_import_connection(files=[], folders=[tmp_path], temp=tmp_path) as connection:
        first = connection.rows_of([path])
        assert connection.rows_of([path.rename(tmp_path / "b.parquet")]) == first
        pq.write_table(pa.table({"x": [3, 4, 5]}), path)
        assert connection.rows_of([path]) != first
        connection.show("two_files", [tmp_path / "b.parquet", path])
        assert connection.run("FROM two_files").column("x").to_pylist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("limit", ["_FEW_BYTES", "_MOST_HELD"])
def test_no_more_is_held_than_has_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    paths = [tmp_path / f"{at}.parquet" for at in range(3)]
    for path in paths:
        pq.write_table(pa.table({"x": [1, 2]}), path)
    size = paths[0].stat().st_size
    with open_import_connection(files=[], folders=[tmp_path], temp=tmp_path) as connection:
        monkeypatch.setattr(reading, limit, size - 1 if limit == "_FEW_BYTES" else 2 * size)
        said: Callable[[int], str] = lambda count: connection.rows_of(paths[:count])  # noqa: E731
        assert said(1).startswith("read_parquet") is (limit == "_FEW_BYTES")
        assert said(3).startswith("read_parquet")
