"""Files that a screen offers: bytes, and a name that changes with the content.

Streamlit tells large downloads apart by name, length and samples, so a name without the content's hash can serve
one person another's file (see `segmentation.exports.name_with_hash`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from segmentation.exports import Cell, name_with_hash, spreadsheet_csv, table_csv


@dataclass(frozen=True, slots=True)
class Download:
    """What a download button needs."""

    data: bytes
    file_name: str
    mime: str


def csv(stem: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Download:
    """A table as a CSV that is safe in a spreadsheet."""
    return _csv(stem, spreadsheet_csv(headers, rows))


def arrow(stem: str, table: pa.Table) -> Download:
    """An Arrow table as a CSV that is safe in a spreadsheet."""
    return _csv(stem, table_csv(table))


def html(stem: str, page: str) -> Download:
    """A self-contained page, for the report."""
    data = page.encode("utf-8")
    return Download(data, name_with_hash(stem, data, ".html"), "text/html")


def _csv(stem: str, data: bytes) -> Download:
    return Download(data, name_with_hash(stem, data), "text/csv")
