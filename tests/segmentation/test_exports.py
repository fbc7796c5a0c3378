"""CSV for people: no live formula, no lost number, a name that follows the content."""

from __future__ import annotations

import csv
import io
import math
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmentation.errors import WorkspaceBroken
from segmentation.exports import name_with_hash, safe_text, spreadsheet_csv, table_csv, write_whole

STARTERS = "=+-@\t\r\n＝＋－＠"


def cells(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("start", STARTERS)
def test_text_that_could_start_a_formula_gets_an_apostrophe(start: str) -> None:
    assert safe_text(f"{start}SUM(A1)") == f"'{start}SUM(A1)"


@pytest.mark.parametrize("text", [" =1+1", "\ufeff=1", '"=1+1"', "\u00a0@x", "'=1"])
def test_a_formula_behind_spaces_quotes_or_invisible_marks_is_guarded_too(text: str) -> None:
    assert safe_text(text) == "'" + text


@pytest.mark.parametrize("text", ["-12", "-12.50", "-3,5", "12", "Blue shirt", "a-b", "", "50 % off = good"])
def test_numbers_and_harmless_text_stay_as_they_are(text: str) -> None:
    assert safe_text(text) == text


@pytest.mark.parametrize("text", ["-1+1", "-cmd", "--1", "-1e5;=2"])
def test_what_only_looks_like_a_negative_number_is_guarded(text: str) -> None:
    assert safe_text(text).startswith("'")


def test_a_phone_number_stays_text() -> None:
    assert safe_text("+49 30 1234567") == "'+49 30 1234567"


def test_headers_are_guarded_like_cells() -> None:
    assert cells(spreadsheet_csv(["=cmd", "name"], [["a", "b"]]))[0] == ["'=cmd", "name"]


def test_values_are_written_in_their_own_way() -> None:
    row = [-5, -2.5, Decimal("-7.10"), date(2026, 3, 1), True, None, math.nan, math.inf]
    data = spreadsheet_csv([f"c{i}" for i in range(8)], [row])
    assert cells(data)[1] == ["-5", "-2.5", "-7.10", "2026-03-01", "yes", "", "", ""]


def test_a_spreadsheet_set_to_semicolons_finds_no_formula_inside_a_cell() -> None:
    data = spreadsheet_csv(["product"], [["shirt;=HYPERLINK(1)"], ["two\n=lines"], ['x;"=quoted"']])
    for delimiter in ",;\t":
        for row in cells(data, delimiter):
            assert not any(cell.lstrip(" \"'").startswith("=") and not cell.startswith("'") for cell in row)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_no_text_whatever_becomes_a_live_formula(texts: list[str]) -> None:
    (_, *rows) = cells(spreadsheet_csv(["a"], [[text] for text in texts]))
    for row in rows:
        for cell in row:
            assert cell == "" or cell[0] not in STARTERS or cell[1:].replace(".", "").replace(",", "").isdigit()


def test_a_row_that_does_not_fit_the_headers_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        spreadsheet_csv(["a"], [["x", "y"]])


def test_an_arrow_table_is_written_with_all_rows() -> None:
    table = pa.table({"customer": ["=x", "b"], "spend": [1.5, -2.0]})
    assert cells(table_csv(table)) == [["customer", "spend"], ["'=x", "1.5"], ["b", "-2.0"]]


def test_two_tables_of_equal_length_that_differ_in_one_byte_have_different_names() -> None:
    assert name_with_hash("members", b"a" * 10) != name_with_hash("members", b"a" * 9 + b"b")


def test_a_file_name_cannot_leave_its_folder() -> None:
    name = name_with_hash("../../etc/pass wd", b"x")
    assert set(name) & set("/ ") == set()
    assert not name.startswith(".")


def test_a_written_file_is_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.csv", b"one")
    write_whole(tmp_path / "a.csv", b"two")
    assert (tmp_path / "a.csv").read_bytes() == b"two"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceBroken, match="could not be written"):
        write_whole(tmp_path / "missing" / "a.csv", b"x")
