"""Columns in which all texts are plain numbers are read by a bare cast: no other column may be taken for one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.engine import casts
from segmentation.intake.store import read_set_aside
from tests.segmentation.intake_files import csv, lines, load, money

_PLAIN = {"point": r"-?[0-9]{1,20}(\.[0-9]{1,9})?", "comma": r"-?[0-9]{1,20}(,[0-9]{1,9})?"}


@pytest.mark.parametrize("decimal", ["point", "comma"])
def test_a_close_look_reads_plain_numbers_no_other_way(decimal: str) -> None:
    plain, closely = (casts.number("text", decimal, plain=known) for known in (True, False))
    too_long = [casts.number_too_long("text", decimal, plain=known) for known in (True, False)]
    with duckdb.connect() as connection:

        @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(st.from_regex(_PLAIN[decimal], fullmatch=True), min_size=100, max_size=100))
        def same(texts: list[str]) -> None:
            given_texts = "SELECT unnest($texts) AS text"
            told = f"SELECT {plain}, {closely}, {too_long[0]}, {too_long[1]} FROM ({given_texts})"
            for read, looked, long, long_too in connection.execute(told, {"texts": [*texts, "", " "]}).fetchall():
                assert (read, long) == (looked, long_too)

        same()


ODD = {
    " 3.00 ": "3",
    "3.00\u00a0": "3",
    "(3.00)": "-3",
    "3.00-": "-3",
    "1,234.00": "1234",
    "1'234.00": "1234",
    "\u22123.00": "-3",
    "+3.00": "3",
}


@pytest.mark.parametrize(("odd", "worth"), list(ODD.items()))
@pytest.mark.parametrize("place", [0, 40])
def test_one_amount_that_is_written_otherwise_is_read(tmp_path: Path, odd: str, worth: str, place: int) -> None:
    rows = [f"C{i % 9},{i},2026-01-{i % 28 + 1:02d},Tea,{5 + i % 7}.50" for i in range(40)]
    rows.insert(place, f'C1,999,2026-02-03,Tea,"{odd}"')

    result = load(tmp_path, csv(*rows))

    stored = {line["order_id"]: line["amount"] for line in lines(result.version)}
    assert stored["999"] == money(worth)
    assert sum(stored.values()) == money(worth) + sum(Decimal(f"{5 + i % 7}.50") for i in range(40))


@pytest.mark.parametrize("odd", ["3.00\u00a0", "3.00-"])
def test_it_is_read_among_many_rows_of_which_only_shapes_are_told(tmp_path: Path, odd: str) -> None:
    count = 70_000
    rows = [f"C{i % 999},{i},2026-01-{i % 28 + 1:02d},Tea,{i % 4999}.{i % 97 + 1:02d}" for i in range(count)]
    rows.insert(51_234, f'C1,X9,2026-02-03,Tea,"{odd}"')

    result = load(tmp_path, csv(*rows))

    expected = money("-3" if odd.endswith("-") else "3")
    assert [line["amount"] for line in lines(result.version) if line["order_id"] == "X9"] == [expected]
    assert result.version.manifest.revenue == expected + sum(
        Decimal(f"{i % 4999}.{i % 97 + 1:02d}") for i in range(count)
    )


def test_a_row_that_does_not_fit_the_header_is_read_closely(tmp_path: Path) -> None:
    rows = [f"C{i % 9},{i},2026-01-{i % 28 + 1:02d},Tea,{5 + i % 7}.50" for i in range(40)]

    result = load(tmp_path, csv(*rows, "C1,999,2026-02-03,Tea,3.00\u00a0,more"))

    kept = read_set_aside(result.version).to_pylist()
    assert [(one["reason"], one["amount"]) for one in kept] == [("too_many_fields", money("3"))]
