"""Invented people whose contacts stand nowhere else, and a search for them in every byte and every value on disk."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

PEOPLE = 20
MARK, SEAL = b"tessera1", 40
"""How the seal behind a checked file begins, and how long it is."""
HEADER = "Customer ID,Email,Name,Phone,Order ID,Date,Product,Amount"


@dataclass(frozen=True)
class Canary:
    """One of them."""

    customer: str
    email: str
    name: str
    phone: str

    @property
    def traces(self) -> tuple[str, ...]:
        return (self.customer, self.email, self.name, self.phone)

    def rows(self) -> list[str]:
        """Orders, rows that cannot be read, and a line that is no row."""
        who = f"{self.customer},{self.email},{self.name},{self.phone}"
        return [
            f"{who},{self.customer}-1,2025-01-02,Tea,5.25",
            f"{who},{self.customer}-2,2025-03-04,Pot,7.50",
            f"{who},{self.customer}-3,soon,Tea,1.00",
            f",,{self.name},,x,soon,Tea,1.00",
            f",,,{self.phone},x,soon,Tea,1.00",
            f",{self.email},,,x,2025-01-09,Tea,free",
            f',,,,x,soon,"call {self.name}, who asked twice",1.00',
            f",,,,x,soon,ring {self.phone} after 6,1.00",
            f",,,,x,soon,answer to {self.email.upper()}.,1.00",
        ]


CANARIES = tuple(
    Canary(
        f"kanary-{n:02d}", f"zora.kanary{n:02d}@inbox{n:02d}.example", f"Zoë Kanarıá{n:02d}", f"+43 660 77{n:02d}881"
    )
    for n in range(PEOPLE)
)
OTHERS = [
    f"c{n},bob{n}@mail.example,Bob B{n},0699 {n}000000,p{n}-{m},2025-0{m}-1{n},Tea,6.10"
    for n in range(2, 9)
    for m in (1, 2, 3, 4)
]


def export(*canaries: Canary) -> str:
    """An order export with these people among others."""
    rows = [row for one in canaries for row in one.rows()]
    return "\n".join([HEADER, *OTHERS, *rows]) + "\n"


def met(root: Path, *canaries: Canary) -> list[str]:
    """Where under a folder something of these people stands: in the bytes of a file or in a value that it holds."""
    found = []
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        told = "\n".join(values(file)).casefold()
        raw = file.read_bytes()
        for trace in (trace for one in canaries for trace in one.traces):
            spellings = {trace, trace.casefold(), trace.upper()}
            bytes_ = {each.encode(code) for each in spellings for code in ("utf-8", "utf-16-le", "utf-16-be")}
            if trace.casefold() in told or trace in file.name or any(each in raw for each in bytes_):
                found.append(f"{file.relative_to(root)}: {trace}")
    return found


def values(file: Path) -> Iterator[str]:
    """Every value that a file holds, as text."""
    content = file.read_bytes()
    if content[-SEAL:].startswith(MARK):
        content = content[:-SEAL]
    if content.startswith(b"PAR1"):
        table = pq.ParquetFile(io.BytesIO(content)).read()
        yield str(table.schema.metadata)
        yield from (str(column.to_pylist()) for column in table.columns)
    elif content.startswith(b"SQLite format 3"):
        yield from _tables(file)
    elif content.startswith(b"\x93NUMPY"):
        yield str(np.load(io.BytesIO(content), allow_pickle=False).tolist())
    elif content.startswith(b"PK"):
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            yield from (str(arrays[name].tolist()) for name in arrays.files)
    elif file.suffix in {".json", ".tmp"} or content.startswith((b"{", b"[")):
        text = content.decode("utf-8", "replace")
        try:
            yield json.dumps(json.loads(text), ensure_ascii=False)
        except ValueError:
            yield text
    else:
        yield content.decode("utf-8", "replace")


def _tables(file: Path) -> Iterator[str]:
    """Every row of a database, its log included."""
    with tempfile.TemporaryDirectory() as folder:
        for one in file.parent.glob(f"{file.name}*"):
            shutil.copy2(one, folder)
        with closing(sqlite3.connect(Path(folder) / file.name)) as copy:
            yield from copy.iterdump()
