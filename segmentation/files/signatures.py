"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import json
import re
import zipfile
from enum import Enum
from pathlib import Path

from segmentation.errors import UnreadableFile
from segmentation.files.encoding import wide_encoding

HEAD = 256 * 1024

TEXT_NEEDED = "Choose the export of your shop: a text file, a workbook or an archive of them, one order line per row."

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"{\\rtf", "a text document"),
)
_WORKBOOK_PARTS = ("xl/", "Index/Tables", "content.xml")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1e\x7f]")
_MOST_CONTROL = 0.005  # text has next to none; compressed or encrypted bytes have about a tenth


class Kind(Enum):
    """What can be read, and how."""

    TEXT = "text"
    JSON = "JSON lines"
    GZIP = "a gzip archive"
    ZIP = "a ZIP archive"
    WORKBOOK = "a workbook"
    PARQUET = "a Parquet file"


def kind_of(path: Path, name: str) -> Kind:
    """What the file is; raises UnreadableFile where it is empty or nothing that can be read."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise UnreadableFile(name, "The file is empty.", next_step="Export it again and import the new file.")
    if head.startswith(b"\x1f\x8b"):
        return Kind.GZIP
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_or_workbook(path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return Kind.WORKBOOK
    if head.startswith(b"PAR1"):
        return Kind.PARQUET
    for signature, what in _FOREIGN:
        if head.startswith(signature):
            raise UnreadableFile(name, f"This is {what}, not delimited text.", next_step=TEXT_NEEDED)
    _refuse_junk(name, head)
    return Kind.JSON if _is_json(head) else Kind.TEXT


def _zip_or_workbook(path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(
            name, "The archive is damaged.", evidence=f"{error}.", next_step="Export or pack it again."
        ) from error
    return Kind.WORKBOOK if any(one.startswith(_WORKBOOK_PARTS) for one in names) else Kind.ZIP


def _refuse_junk(name: str, head: bytes) -> None:
    wide = wide_encoding(head)
    if not (head.decode(wide, "ignore").strip("\ufeff \t\r\n") if wide else head.strip(b"\xef\xbb\xbf \t\r\n")):
        raise UnreadableFile(name, "The file holds nothing but blanks.", next_step=TEXT_NEEDED)
    control = 0 if wide else len(_CONTROL.findall(head)) + head.count(0)
    if control > _MOST_CONTROL * len(head) + 2:
        raise UnreadableFile(
            name,
            "This does not look like a text file.",
            evidence=f"{control:,} of its first {len(head):,} bytes never occur in text.",
            next_step=TEXT_NEEDED,
        )


def _is_json(head: bytes) -> bool:
    """Whether the first line is a JSON object; the cut line of a long one counts by its beginning."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"{"):
        return False
    line, end, _ = start.partition(b"\n")
    try:
        return isinstance(json.loads(line), dict)
    except RecursionError:
        return True
    except ValueError:
        return not end and re.match(rb'\{\s*"[^"]*"\s*:', line) is not None
