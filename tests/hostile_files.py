"""Eighty files made to harm whoever looks at them: they unpack to anything, never end, nest, lie about their size.

`FILES` gives each by name as a function that writes it. `watched` says what a process and its children took meanwhile.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Write = Callable[[Path], object]
HEADER = "order_id,date,customer,product,amount\n"
ROW = "1,2026-01-02,c1,Shirt,9.50\n"
FILES: dict[str, Write] = {}


def _add(name: str, write: Write) -> None:
    assert name not in FILES
    FILES[name] = write


# Delimited text -------------------------------------------------------------------------------------------------


_ACCENT = "\u0301"


def _text(parts: Callable[[], Iterable[bytes | str]]) -> Write:
    return lambda path: path.write_bytes(b"".join(one.encode() if isinstance(one, str) else one for one in parts()))


_add(
    "one line of 30 MB.csv",
    _text(
        lambda: (
            HEADER,
            "x" * 30_000_000,
        )
    ),
)
_add("a first line of 30 MB.csv", _text(lambda: ("x" * 30_000_000,)))
_add(
    "a field of 30 MB in quotes.csv",
    _text(
        lambda: (
            HEADER,
            '1,2026-01-02,c1,"',
            "x\n" * 15_000_000,
        )
    ),
)
_add(
    "100,000 columns.csv",
    _text(
        lambda: (
            ",".join(f"c{i}" for i in range(100_000)),
            "\n",
            ROW * 50,
        )
    ),
)
_add(
    "2,000 columns of short rows.csv",
    _text(
        lambda: (
            ",".join(f"c{i}" for i in range(2_000)),
            "\n",
            "1,2\n" * 400_000,
        )
    ),
)
_add(
    "a row of a million separators.csv",
    _text(
        lambda: (
            HEADER,
            ROW * 50,
            "," * 1_000_000,
            "\n",
            ROW * 50,
        )
    ),
)
_add(
    "five million blank lines.csv",
    _text(
        lambda: (
            HEADER,
            ROW * 50,
            "\n" * 5_000_000,
            ROW * 50,
        )
    ),
)
_add(
    "only separators.csv",
    _text(
        lambda: (
            HEADER,
            ",,,,\n" * 2_000_000,
        )
    ),
)
_add(
    "only quotes.csv",
    _text(
        lambda: (
            HEADER,
            '"' * 5_000_000,
        )
    ),
)
_add(
    "a stray quote in every row.csv",
    _text(
        lambda: (
            HEADER,
            '1,2026-01-02,"c"1,Sh"irt,9.50\n' * 100_000,
        )
    ),
)
_add(
    "a quote that never closes.csv",
    _text(
        lambda: (
            HEADER,
            ROW * 1_000,
            '2,2026-01-02,"c2,Shirt,9.50\n',
            ROW * 100_000,
        )
    ),
)
_add("zero bytes.csv", _text(lambda: (b"\0" * 10_000_000,)))
_add(
    "zero bytes in the text.csv",
    _text(
        lambda: (
            HEADER,
            ROW.replace("c", "\0c\0") * 100_000,
        )
    ),
)
_add(
    "carriage returns only.csv",
    _text(
        lambda: (
            HEADER.replace("\n", "\r"),
            ROW.replace("\n", "\r") * 200_000,
        )
    ),
)
_add(
    "all dates of all years.csv",
    _text(
        lambda: (
            HEADER,
            *(f"{i},{i % 9999:04d}-01-02,c{i},P{i},9\n" for i in range(200_000)),
        )
    ),
)
_add(
    "a header of signs.csv",
    _text(
        lambda: (
            '=1+1,@x,"<script>",\';DROP TABLE x;--,{{7*7}}\n',
            ROW * 5_000,
        )
    ),
)
_add(
    "a thousand signs a name.csv",
    _text(
        lambda: (
            ",".join("n" * 1_000 + str(i) for i in range(300)),
            "\n",
            ROW * 500,
        )
    ),
)
_add(
    "the same name 2,000 times.csv",
    _text(
        lambda: (
            ",".join(["amount"] * 2_000),
            "\n",
            ("1," * 1_999 + "1\n") * 300,
        )
    ),
)
_add(
    "numbers of a thousand digits.csv",
    _text(
        lambda: (
            HEADER,
            f"1,2026-01-02,c1,Shirt,{'9' * 1_000}\n" * 5_000,
        )
    ),
)
_add(
    "exponents.csv",
    _text(
        lambda: (
            HEADER,
            "1,2026-01-02,c1,Shirt,1e999999\n" * 50_000,
        )
    ),
)
_add(
    "a bracket in front of each amount.csv",
    _text(
        lambda: (
            HEADER,
            f"1,2026-01-02,c1,Shirt,{'(' * 3_000}9\n" * 3_000,
        )
    ),
)
_add(
    "dashes before the date.csv",
    _text(
        lambda: (
            HEADER,
            f"1,{'-' * 3_000}2026,c1,Shirt,9\n" * 3_000,
        )
    ),
)
_add(
    "accents on accents.csv",
    _text(
        lambda: (
            HEADER,
            f"1,2026-01-02,e{_ACCENT * 5_000},Shirt,9\n" * 500,
        )
    ),
)
_add(
    "text that turns round.csv",
    _text(
        lambda: (
            HEADER,
            "1,2026-01-02,\u202ec1\u202d,Shirt\x1b[2J,9\n" * 20_000,
        )
    ),
)
_add(
    "half a letter at every end.csv",
    _text(
        lambda: (
            HEADER,
            b"1,2026-01-02,c\xc3,Shirt\xe2\x82,9\n" * 100_000,
        )
    ),
)
_add(
    "UTF-16 without an end.csv",
    _text(
        lambda: (
            b"\xff\xfe",
            "a,".encode("utf-16-le") * 3_000_000,
        )
    ),
)
_add(
    "UTF-32 of the highest letters.csv",
    _text(
        lambda: (
            b"\xff\xfe\0\0",
            "\U0010ffff".encode("utf-32-le") * 1_000_000,
        )
    ),
)
_add("noise.csv", lambda path: path.write_bytes(random.Random(1).randbytes(5_000_000)))
_add("noise that looks like text.csv", lambda path: path.write_text(_noise(2_000_000), encoding="utf-8"))


def _noise(length: int) -> str:
    return "".join(random.Random(2).choices("abc019,;\t|\"'\n -/.:€", k=length))


# Archives -------------------------------------------------------------------------------------------------------


def _gzip(make: Callable[[], Iterable[bytes]]) -> Write:
    def write(path: Path) -> None:
        with gzip.open(path, "wb", compresslevel=1) as out:
            for part in make():
                out.write(part)

    return write


def _rows(count: int) -> Iterator[bytes]:
    yield HEADER.encode()
    for _ in range(count // 10_000):
        yield ROW.encode() * 10_000


def _zip(members: Callable[[], Iterable[tuple[str, bytes]]], method: int = zipfile.ZIP_DEFLATED) -> Write:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, data in members():
                archive.writestr(name, data)

    return write


def _false_size(path: Path) -> None:
    """An archive whose index states ten bytes for what unpacks to 300 MB."""
    _zip(lambda: [("a.csv", HEADER.encode() + ROW.encode() * 11_000_000)])(path)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    data[22:26] = struct.pack("<I", 10)
    path.write_bytes(data)


def _one_file_many_times(path: Path) -> None:
    """An archive of whose index a thousand entries all point at the same 60 MB."""
    _zip(lambda: [("a.csv", HEADER.encode() + ROW.encode() * 2_000_000)])(path)
    data = path.read_bytes()
    index, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    entries = data[index:end] * 900
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 900, 900)
    tail[12:16] = struct.pack("<I", len(entries))
    path.write_bytes(data[:index] + entries + bytes(tail))


_add("348 MB of zeros.csv.gz", _gzip(lambda: [b"\0" * 1_000_000] * 348))
_add("348 MB of blanks.csv.gz", _gzip(lambda: [b" " * 1_000_000] * 348))
_add("one row 12 million times.csv.gz", _gzip(lambda: _rows(12_000_000)))
_add("60 MB of one row.csv.gz", _gzip(lambda: _rows(2_000_000)))
_add("60 MB of separators.csv.gz", _gzip(lambda: [HEADER.encode(), *[b",,,,\n" * 100_000] * 120]))
_add("60 MB of quotes.csv.gz", _gzip(lambda: [HEADER.encode(), *[b'"' * 1_000_000] * 60]))
_add("60 MB of line ends.csv.gz", _gzip(lambda: [HEADER.encode(), *[b"\n" * 1_000_000] * 60]))
_add("60 MB in one line.csv.gz", _gzip(lambda: [HEADER.encode(), *[b"x" * 1_000_000] * 60]))
_add("gzip in gzip.csv.gz", lambda path: path.write_bytes(gzip.compress(gzip.compress(b"\0" * 50_000_000))))
_add("gzip cut off.csv.gz", lambda path: path.write_bytes(gzip.compress(ROW.encode() * 100_000)[:-9]))
_add("a thousand gzip parts.csv.gz", lambda path: path.write_bytes(gzip.compress(ROW.encode() * 2_000) * 1_000))
_add("500 MB of zeros.zip", _zip(lambda: [("a.csv", b"\0" * 500_000_000)]))
_add("a false size.zip", _false_size)
_add("one file 900 times.zip", _one_file_many_times)
_add("20,000 members.zip", _zip(lambda: ((f"{i}.csv", b"a,b\n1,2\n") for i in range(20_000))))
_add("900 tables.zip", _zip(lambda: ((f"{i}.csv", f"a{i},b{i}\n1,2\n".encode()) for i in range(900))))
_add("zip in zip.zip", _zip(lambda: [("a.zip", _packed(b"\0" * 50_000_000))]))
_add("names that climb.zip", _zip(lambda: [("../../a.csv", b"a,b\n1,2\n"), ("/etc/b.csv", b"a,b\n1,2\n")]))
_add("packed with lzma.zip", _zip(lambda: [("a.csv", b"\0" * 50_000_000)], zipfile.ZIP_LZMA))
_add("packed with bzip2.zip", _zip(lambda: [("a.csv", b"\0" * 50_000_000)], zipfile.ZIP_BZIP2))


def _packed(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return out.getvalue()


# Workbooks ------------------------------------------------------------------------------------------------------

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _line(*values: str | float) -> bytes:
    cells = (
        f"<c><v>{value}</v></c>" if not isinstance(value, str) else f'<c t="inlineStr"><is><t>{value}</t></is></c>'
        for value in values
    )
    return f"<row>{''.join(cells)}</row>".encode()


_TITLES = _line("order_id", "date", "customer", "product", "amount")
_LINE = _line("1", "2026-01-02", "c1", "Shirt", 9.5)


def _book(*sheets: Callable[[], Iterable[bytes]], strings: Iterable[bytes] = (), head: bytes = b"") -> Write:
    numbers = range(1, len(sheets) + 1)
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_MAIN}.worksheet+xml"/>' for n in numbers
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    shared = f'<Relationship Id="s" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{_MAIN}.sheet.main+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}{shared}'
        "</Relationships>",
    }

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, text in parts.items():
                archive.writestr(name, text)
            for number, rows in zip(numbers, sheets, strict=True):
                with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as out:
                    out.write(head + f'<worksheet xmlns="{_SHEET}"><sheetData>'.encode())
                    for row in rows():
                        out.write(row)
                    out.write(b"</sheetData></worksheet>")
            with archive.open("xl/sharedStrings.xml", "w") as out:
                out.write(f'<sst xmlns="{_SHEET}">'.encode())
                for text in strings:
                    out.write(text)
                out.write(b"</sst>")

    return write


def _lines(*more: bytes, times: int = 40) -> Callable[[], Iterable[bytes]]:
    return lambda: [_TITLES, *[_LINE] * times, *more]


def _at(cell: str, row: int) -> bytes:
    return f'<row r="{row}"><c r="{cell}{row}"><v>1</v></c></row>'.encode()


def _false_book(path: Path) -> None:
    """A workbook whose index states ten bytes for a sheet of 200 MB."""
    _book(lambda: [_TITLES, *[_LINE * 10_000] * 150])(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02", data.rindex(b"xl/worksheets/sheet1.xml") - 60)
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(data)


_LOL = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'.encode() for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + b"]>"
)

_add("one cell in the last corner.xlsx", _book(_lines(_at("XFD", 1_048_576))))
_add("one cell in the last row.xlsx", _book(_lines(_at("T", 1_048_576))))
_add("one cell in the last column.xlsx", _book(_lines(_at("XFD", 60))))
_add("a million equal rows.xlsx", _book(lambda: [_TITLES, *[_LINE * 10_000] * 100]))
_add("six million equal rows.xlsx", _book(lambda: [_TITLES, *[_LINE * 10_000] * 600]))
_add("640 MB of shared texts.xlsx", _book(_lines(), strings=[b"<si><t>" + b"x" * 32_000 + b"</t></si>"] * 20_000))
_add("five million shared texts.xlsx", _book(_lines(), strings=[b"<si><t>x</t></si>" * 10_000] * 500))
_add("entities of entities.xlsx", _book(_lines(_line("&i;" * 50)), head=_LOL))
_add("a workbook of a false size.xlsx", _false_book)
_add("tags without an end.xlsx", _book(lambda: [b"<row>" * 3_000_000]))
_add(
    "a cell of 100 MB.xlsx", _book(_lines(b'<row><c t="inlineStr"><is><t>', b"x" * 100_000_000, b"</t></is></c></row>"))
)
_add("200 sheets.xlsx", _book(*[_lines(times=2_000)] * 200))
_add("20 sheets with a far corner.xlsx", _book(*[_lines(_at("CZ", 100_000))] * 20))
_add(
    "a workbook that is cut off.xlsx", lambda path: (_book(_lines())(path), path.write_bytes(path.read_bytes()[:-300]))
)
_add(
    "an old workbook of zeros.xls",
    _text(
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"\0" * 5_000_000,
        )
    ),
)
_add(
    "an old workbook in circles.xls",
    _text(
        lambda: (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            struct.pack("<I", 1) * 500_000,
        )
    ),
)


# Parquet --------------------------------------------------------------------------------------------------------


def _parquet(columns: Callable[[], dict[str, pa.Array]]) -> Write:
    return lambda path: pq.write_table(pa.table(columns()), path, compression="zstd")


def _repeated(text: str, times: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), times), pa.array([text]))


def _damaged(path: Path, at: float) -> None:
    _parquet(lambda: {"date": _repeated("2026-01-02", 5_000), "amount": pa.array(range(5_000))})(path)
    data = bytearray(path.read_bytes())
    for place in range(int(len(data) * at), int(len(data) * at) + 40):
        data[place] ^= 0xFF
    path.write_bytes(data)


def _nested(depth: int) -> pa.Array:
    kind = pa.int8()
    for _ in range(depth):
        kind = pa.list_(kind)
    return pa.array([None] * 1_000, kind)


_add(
    "100 million equal rows.parquet",
    _parquet(lambda: {c: pa.repeat(pa.scalar(1, pa.int8()), 100_000_000) for c in "ab"}),
)
_add("20 million equal rows.parquet", _parquet(lambda: {c: _repeated("2026-01-02", 20_000_000) for c in "abcd"}))
_add("a text of 100 kB 50,000 times.parquet", _parquet(lambda: {c: _repeated(c * 100_000, 50_000) for c in "abcd"}))
_add("a text of 50 MB.parquet", _parquet(lambda: {"a": pa.array(["x" * 50_000_000] * 20), "b": pa.array(["y"] * 20)}))
_add("10,000 columns.parquet", _parquet(lambda: {f"c{i}": pa.array([1]) for i in range(10_000)}))
_add(
    "2,000 columns of equal rows.parquet",
    _parquet(lambda: {f"c{i}": pa.repeat(pa.scalar(1), 50_000) for i in range(2_000)}),
)
_add("lists in lists.parquet", _parquet(lambda: {"a": _nested(60), "b": pa.array(["x"] * 1_000)}))
_add("damaged rows.parquet", partial(_damaged, at=0.3))
_add("a damaged index.parquet", partial(_damaged, at=0.9))


# JSON -----------------------------------------------------------------------------------------------------------

_add(
    "a JSON line of 40 MB.jsonl",
    _text(
        lambda: (
            '{"date": "2026-01-02", "amount": "',
            "x" * 40_000_000,
            '"}\n',
        )
    ),
)
_add(
    "a second JSON line of 40 MB.jsonl",
    _text(
        lambda: (
            '{"date": "2026-01-02"}\n{"date": "',
            "x" * 40_000_000,
            '"}\n',
        )
    ),
)
_add(
    "deep JSON.jsonl",
    _text(
        lambda: (
            '{"a":' * 100_000,
            "1",
            "}" * 100_000,
            "\n",
        )
    ),
)
_add(
    "deep JSON further down.jsonl",
    _text(
        lambda: (
            '{"a": 1, "b": 2}\n' * 50,
            '{"a":' + "[" * 100_000 + "]" * 100_000 + "}\n",
        )
    ),
)
_add("a new name in every JSON line.jsonl", _text(lambda: (*(f'{{"n{i}": 1}}\n' for i in range(200_000)),)))
_add(
    "2,000 names and empty JSON lines.jsonl",
    _text(
        lambda: (
            json.dumps({f"n{i}": 1 for i in range(2_000)}),
            "\n",
            "{}\n" * 1_000_000,
        )
    ),
)


assert len(FILES) == 80, len(FILES)


# What it took ---------------------------------------------------------------------------------------------------


@dataclass
class Taken:
    """Most memory at one time in bytes of a process and all that it started."""

    memory: int = 0


@contextmanager
def watched(process: int, every: float = 0.02) -> Iterator[Taken]:
    """What `process` and its children take while the block runs (Linux)."""
    taken, over = Taken(), threading.Event()

    def look() -> None:
        while not over.wait(every):
            taken.memory = max(taken.memory, sum(map(_resident, [process, *children(process)])))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield taken
    finally:
        over.set()
        thread.join()


def children(process: int) -> list[int]:
    """Those that a process has started, and theirs; its own first (Linux)."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(one) for one in task.read_text().split()]
        except OSError:
            continue
    return [*found, *(one for child in found for one in children(child))]


def _resident(process: int) -> int:
    """Bytes in memory that are the process's own: files that it has mapped are the system's to drop."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem")))
