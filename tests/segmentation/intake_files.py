"""Small export files, and one call that imports them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from segmentation.intake import ImportResult, import_file
from segmentation.workspace import DatasetVersion, Workspace

TODAY = date(2026, 11, 22)
HEADER = "Customer ID,Order ID,Date,Product,Amount"


def write(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    """A file with exactly this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def csv(*rows: str, header: str = HEADER) -> str:
    """Lines of text under a header."""
    return "\n".join((header, *rows)) + "\n"


def load(folder: Path, text: str | bytes, dataset: str = "Shop", name: str = "orders.csv", **more: Any) -> ImportResult:
    """Import this content into the workspace beside the file."""
    workspace = Workspace.open(folder / "workspace")
    return import_file(workspace, write(folder, text, name), dataset=dataset, today=more.pop("today", TODAY), **more)


def lines(version: DatasetVersion) -> list[dict[str, Any]]:
    """Every stored line, by order, product and amount."""
    rows = [row for path in version.lines for row in pq.ParquetFile(path).read().to_pylist()]
    return sorted(rows, key=lambda row: (row["order_id"] or "", row["product"] or "", row["amount"]))


def contacts(version: DatasetVersion) -> list[dict[str, Any]]:
    """Every stored contact, by customer."""
    rows = [row for path in version.contacts for row in pq.ParquetFile(path).read().to_pylist()]
    return sorted(rows, key=lambda row: row["customer_id"])


def money(text: str) -> Decimal:
    """An amount as it is stored."""
    return Decimal(text).quantize(Decimal("0.0001"))
