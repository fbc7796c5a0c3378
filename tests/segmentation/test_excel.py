"""Workbooks: what is read back is what was written, and no text is ever a formula."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from segmentation.errors import WrongCall
from segmentation.excel import LONGEST_TEXT, MOST_ROWS, Kind, write_workbook
from segmentation.exports import Cell
from tests.segmentation.hostile import FORMULAS

KINDS: tuple[Kind, ...] = ("text", "whole", "amount", "number", "share", "day", "truth")


def workbook(rows: list[tuple[Cell, ...]], kinds: tuple[Kind, ...] = ("text",), **more: object) -> bytes:
    file = io.BytesIO()
    write_workbook(file, [f"c{n}" for n in range(len(kinds))], kinds, rows, **more)  # type: ignore[arg-type]
    return file.getvalue()


def read(content: bytes, sheet: str = "List") -> pd.DataFrame:
    return pd.read_excel(io.BytesIO(content), sheet_name=sheet, engine="calamine", keep_default_na=False)


def part(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def test_numbers_days_and_truths_are_read_back_as_such() -> None:
    rows: list[tuple[Cell, ...]] = [
        ("Ann", 12, Decimal("20.50"), 0.125, Decimal("0.2500"), date(2026, 3, 1), True),
        ("Bob", 0, Decimal("-3.00"), Decimal("1.5"), 0.0, date(1999, 12, 31), False),
    ]
    frame = read(workbook(rows, KINDS))
    assert frame["c0"].tolist() == ["Ann", "Bob"]
    assert [frame[f"c{n}"].tolist() for n in (1, 2, 3, 4)] == [[12, 0], [20.5, -3.0], [0.125, 1.5], [0.25, 0.0]]
    assert [str(one)[:10] for one in frame["c5"]] == ["2026-03-01", "1999-12-31"]
    assert frame["c6"].tolist() == [True, False]
    assert frame.dtypes[["c1", "c2"]].map(lambda one: one.kind).tolist() == ["i", "f"]


@pytest.mark.parametrize("missing", [None, float("nan"), Decimal("NaN")])
def test_what_is_missing_is_an_empty_cell(missing: Cell) -> None:
    assert "<c r=" not in part(workbook([(missing,)], ("amount",))).partition('<row r="2">')[2]


@pytest.mark.parametrize("text", [*FORMULAS, "0049", "1E5", "TRUE", "2026-01-01", " padded ", "a\nb", "<b>&amp;</b>"])
def test_a_text_is_a_text_cell_as_it_stands(text: str) -> None:
    content = workbook([(text,)])
    sheet = part(content)
    assert "<f" not in sheet
    cells = ET.fromstring(sheet).iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c")
    assert {one.get("t") for one in cells} == {"inlineStr"}
    _, (shown,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert shown == re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text).replace("\r", "\n")


def test_a_text_stays_text_also_where_somebody_edits_its_cell() -> None:
    """The style of text cells says so: format 49 is Text, and quotePrefix is the apostrophe that Excel keeps itself."""
    styles = ET.fromstring(part(workbook([("=1+1",)]), "xl/styles.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    listed = styles.find(f"{space}cellXfs")
    assert listed is not None
    used = re.search(r'<c r="A2" s="(\d+)"', part(workbook([("=1+1",)])))
    assert used
    style = listed[int(used[1])]
    assert (style.get("numFmtId"), style.get("quotePrefix")) == ("49", "1")


def test_what_looks_like_an_escape_of_excel_is_kept_letter_by_letter() -> None:
    assert "_x005F_x003D_1+1" in part(workbook([("_x003D_1+1",)]))


def test_a_longer_text_than_a_cell_holds_is_cut_between_two_signs() -> None:
    (shown,) = read(workbook([("😀" * 20_000,)]))["c0"].tolist()
    assert shown == "😀" * (LONGEST_TEXT // 2)


def test_equal_content_gives_equal_bytes() -> None:
    rows: list[tuple[Cell, ...]] = [("Ann",), ("Bob",)]
    assert workbook(rows) == workbook(rows)


def test_every_row_has_its_number_beyond_the_first_thousands() -> None:
    content = workbook([(n,) for n in range(4_501)], ("whole",))
    assert read(content)["c0"].tolist() == list(range(4_501))
    numbers = [int(one) for one in re.findall(r'<row r="(\d+)"', part(content))]
    assert numbers == list(range(1, 4_503))


def test_columns_have_letters_beyond_z() -> None:
    content = workbook([tuple(range(30))], ("whole",) * 30)
    assert read(content).iloc[0].tolist() == list(range(30))
    assert 'r="AD2"' in part(content)


def test_what_is_told_about_the_list_is_on_a_second_sheet() -> None:
    content = workbook([("Ann",)], about=[("Shop", "=1+1"), ("Basis", "Consent")])
    assert read(content, "About").iloc[:, 1].tolist() == ["=1+1", "Consent"]
    assert read(content)["c0"].tolist() == ["Ann"]


def test_more_rows_than_a_sheet_holds_are_refused() -> None:
    rows: list[tuple[Cell, ...]] = [(None,)] * MOST_ROWS
    with pytest.raises(WrongCall, match="1,048,575 rows"):
        workbook(rows, ("whole",))


def test_every_part_is_well_formed() -> None:
    content = workbook([("<&>\"'",)], about=[("a", "b")])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
