"""A bounded look at a file: its head and blocks spread through it, decoded. Never the whole file."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from segmentation.errors import UnreadableFile

HEAD, BLOCK, BLOCKS = 256 * 1024, 16 * 1024, 12
LONGEST_LINE = HEAD // 2

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "a gzip archive", "Unpack it and import the file inside."),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "Unpack it, or save the sheet as CSV, and import that."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Save the sheet as CSV and import that."),
    (b"PAR1", "a Parquet file", "Export the orders as CSV and import that."),
    (b"%PDF", "a PDF", "Export the orders as CSV and import that."),
    (b"SQLite format 3", "a database file", "Export the orders as CSV and import that."),
    (b"\x89PNG", "a picture", "Choose the export of your shop, a CSV file."),
    (b"\xff\xd8\xff", "a picture", "Choose the export of your shop, a CSV file."),
)
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.005  # text has next to none; compressed or encrypted bytes have about a tenth
_CSV_NEEDED = "Choose the export of your shop: a text file with one order line per row."


@dataclass(frozen=True, slots=True)
class Sample:
    """Decoded pieces of a file: `head` from its first byte, `blocks` from further on; `whole` if that is all of it."""

    file: str
    encoding: str
    head: str
    blocks: tuple[str, ...]
    whole: bool

    @property
    def head_text(self) -> str:
        """The head up to its last complete line."""
        return self.head if self.whole else _complete(self.head)

    def texts(self) -> list[str]:
        """Every piece cut to complete lines."""
        inner = (_complete(block.partition("\n")[2]) for block in self.blocks)
        return [self.head_text, *(text for text in inner if text)]


def take(path: Path, name: str) -> Sample:
    """Look at the file, called `name` in messages; raises UnreadableFile where it is empty or is not text."""
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(name, "The file is empty.", next_step="Export it again and import the new file.")
    with path.open("rb") as file:
        head = file.read(HEAD)
        blocks = []
        step = (size - HEAD) // BLOCKS
        for index in range(BLOCKS if step > BLOCK else 0):
            file.seek((HEAD + index * step) & ~1)  # even: a UTF-16 character starts there
            blocks.append(file.read(BLOCK))
        if not blocks and size > HEAD:
            blocks = [b"\n" + file.read()] if step <= BLOCK else []
    _refuse_junk(name, head)
    encoding = _encoding(head, blocks)
    return Sample(
        name,
        encoding,
        _decode(head, encoding).removeprefix("\ufeff"),
        tuple(_decode(block, encoding) for block in blocks),
        whole=size <= HEAD,
    )


def eight_bit_encoding(data: bytes) -> str:
    """Windows-1252 where every byte has a meaning in it, else Latin-1, which reads anything."""
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _complete(text: str) -> str:
    end = max(text.rfind("\n"), text.rfind("\r"))
    return text[: end + 1] if end >= 0 else ""


def _refuse_junk(name: str, head: bytes) -> None:
    for signature, kind, step in _SIGNATURES:
        if head.startswith(signature):
            raise UnreadableFile(name, f"This is {kind}, not delimited text.", next_step=step)
    if not head.strip():
        raise UnreadableFile(name, "The file holds nothing but blanks.", next_step=_CSV_NEEDED)
    nulls = 0 if _sixteen_bit(head) else head.count(0)
    control = len(_CONTROL.findall(head)) + nulls
    if control > _MOST_CONTROL * len(head) + 2:
        raise UnreadableFile(
            name,
            "This does not look like a text file.",
            evidence=f"{control:,} of its first {len(head):,} bytes never occur in text.",
            next_step=_CSV_NEEDED,
        )
    if max(map(len, re.split(rb"[\r\n]", head))) >= LONGEST_LINE:
        raise UnreadableFile(name, f"A line is longer than {LONGEST_LINE // 1024} KB.", next_step=_CSV_NEEDED)


def _sixteen_bit(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    half = max(1, len(head) // 2)
    if head[1::2].count(0) > 0.4 * half and head[::2].count(0) < 0.05 * half:
        return "utf-16-le"
    if head[::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.05 * half:
        return "utf-16-be"
    return None


def _encoding(head: bytes, blocks: list[bytes]) -> str:
    if wide := _sixteen_bit(head):
        return wide
    try:
        for block in (head, *(block.lstrip(bytes(range(0x80, 0xC0))) for block in blocks)):
            codecs.getincrementaldecoder("utf-8")().decode(block)
    except UnicodeDecodeError:
        return eight_bit_encoding(b"".join((head, *blocks)))
    return "utf-8"


def _decode(data: bytes, encoding: str) -> str:
    return data.decode(encoding, errors="replace")
