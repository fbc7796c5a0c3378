"""Tables as an Excel workbook (.xlsx): real numbers and dates, and text that is never a formula.

Written row by row straight into the archive: no row stays in memory and no personal data lies in a temporary file.
The cells are those of ECMA-376 (Office Open XML); equal content gives equal bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import BinaryIO, Literal, get_args
from xml.sax.saxutils import escape

from segmentation.errors import WrongCall
from segmentation.exports import Cell

Kind = Literal["text", "whole", "amount", "number", "share", "day", "truth"]
"""How a column is shown: amount has two decimals, number at most three, a share (0 to 1) is shown in percent."""

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""
MOST_ROWS = 1_048_576
"""Rows of a sheet, its header among them."""
LONGEST_TEXT = 32_767
"""Signs of a cell, in UTF-16."""
_AT_ONCE = 2_000
_FIRST_DAY = date(1899, 12, 30).toordinal()
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_WHEN = (1980, 1, 1, 0, 0, 0)
_STYLES: dict[Kind, int] = {kind: place for place, kind in enumerate(get_args(Kind), start=2)}
_HEADER = 1
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHOWN: dict[Kind, str] = {
    "text": 'numFmtId="49" quotePrefix="1"',  # as it stands, also where somebody edits the cell
    "whole": 'numFmtId="1"',
    "amount": 'numFmtId="2"',
    "number": 'numFmtId="164"',
    "share": 'numFmtId="165"',
    "day": 'numFmtId="14"',  # the reader's own way of writing a date
    "truth": 'numFmtId="0"',
}


def write_workbook(
    file: BinaryIO,
    headers: Sequence[str],
    kinds: Sequence[Kind],
    rows: Iterable[Sequence[Cell]],
    *,
    about: Sequence[tuple[str, str]] = (),
) -> None:
    """A workbook with this table on its first sheet, and lines `about` it on a second one where there are any.

    Raises ValueError where `kinds` do not fit the headers, WrongCall where a sheet has no room for so many rows.
    """
    if len(kinds) != len(headers):
        raise ValueError(f"{len(kinds)} kinds for {len(headers)} columns.")
    sheets = ["List", "About"] if about else ["List"]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in _parts(sheets):
            archive.writestr(_entry(name), text)
        _write_sheet(archive, 1, headers, kinds, rows)
        if about:
            _write_sheet(archive, 2, ("About this list", ""), ("text", "text"), about)


def _write_sheet(
    archive: zipfile.ZipFile, number: int, headers: Sequence[str], kinds: Sequence[Kind], rows: Iterable[Sequence[Cell]]
) -> None:
    columns = [_letters(place) for place in range(len(headers))]
    with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as sheet:
        sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}">{_VIEW}{_widths(headers, kinds)}<sheetData>'.encode())
        head = "".join(_text_cell(column, _HEADER)(1, header) for column, header in zip(columns, headers, strict=True))
        sheet.write(f'<row r="1">{head}</row>'.encode())
        cells = [_cell(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        for chunk in _rows(rows, cells):
            sheet.write(chunk)
        sheet.write(b"</sheetData></worksheet>")


def _rows(rows: Iterable[Sequence[Cell]], cells: Sequence[Callable[[int, Cell], str]]) -> Iterator[bytes]:
    """The rows below the header as XML, some thousands at a time."""
    left, number = iter(rows), 1
    while some := list(islice(left, _AT_ONCE)):
        if number + len(some) > MOST_ROWS:
            raise WrongCall(
                f"An Excel sheet holds {MOST_ROWS - 1:,} rows, and there are more.", next_step="Choose CSV instead."
            )
        written = []
        for place, row in enumerate(some, start=number + 1):
            line = "".join([cell(place, value) for cell, value in zip(cells, row, strict=True)])
            written.append(f'<row r="{place}">{line}</row>')
        number += len(some)
        yield "".join(written).encode()


# Cells ----------------------------------------------------------------------------------------------------------


def _cell(column: str, kind: Kind) -> Callable[[int, Cell], str]:
    """What writes the cells of a column: its row and its value give the XML."""
    style = _STYLES[kind]
    if kind == "text":
        return _text_cell(column, style)

    def number(row: int, value: Cell) -> str:
        if value is None or value != value:  # NaN
            return ""
        if kind == "truth":
            return f'<c r="{column}{row}" s="{style}" t="b"><v>{int(bool(value))}</v></c>'
        told = value.toordinal() - _FIRST_DAY if isinstance(value, date) else value
        return f'<c r="{column}{row}" s="{style}"><v>{told}</v></c>'

    return number


def _text_cell(column: str, style: int) -> Callable[[int, Cell], str]:
    start, middle = f'<c r="{column}', f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'

    def text(row: int, value: Cell) -> str:
        return "" if value is None or value == "" else f"{start}{row}{middle}{_xml(str(value))}</t></is></c>"

    return text


def _xml(text: str) -> str:
    """The text as XML holds it: without signs that XML has no room for, and what looks like Excel's own escapes kept
    as it is."""
    if text.isalnum() and text.isascii():
        return text
    kept = _LOOKS_ESCAPED.sub("_x005F_", _NO_XML.sub("", text))
    if len(kept) > LONGEST_TEXT // 2:  # a sign may take two places
        kept = kept.encode("utf-16-le")[: 2 * LONGEST_TEXT].decode("utf-16-le", errors="ignore")
    return escape(kept)


def _letters(place: int) -> str:
    """The name of a column: A, B, …, Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


# What stands around them ------------------------------------------------------------------------------------------

_VIEW = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    'state="frozen"/></sheetView></sheetViews>'
)


def _widths(headers: Sequence[str], kinds: Sequence[Kind]) -> str:
    least = {"text": 22, "day": 12}
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{max(min(len(header) + 2, 40), least.get(kind, 10))}" '
        'customWidth="1"/>'
        for place, (header, kind) in enumerate(zip(headers, kinds, strict=True), start=1)
    )
    return f"<cols>{columns}</cols>" if columns else ""


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=_WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _parts(sheets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Everything of the archive but the sheets."""
    numbers = range(1, len(sheets) + 1)
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for n in numbers
        )
        + "</Types>",
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in zip(numbers, sheets, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations([*(("worksheet", f"worksheets/sheet{n}.xml") for n in numbers), ("styles", "styles.xml")]),
    )
    yield "xl/styles.xml", _styles()


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _styles() -> str:
    """The styles: plain, header, then one for each kind."""
    shown = "".join(
        f'<xf {_SHOWN[kind]} fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' for kind in _STYLES
    )
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}">'
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="0.0##"/><numFmt numFmtId="165" formatCode="0.0%"/>'
        "</numFmts>"
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{2 + len(_STYLES)}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyFont="1"/>'
        f"{shown}</cellXfs>"
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


__all__ = ["LONGEST_TEXT", "MOST_ROWS", "WORKBOOK", "Kind", "write_workbook"]
