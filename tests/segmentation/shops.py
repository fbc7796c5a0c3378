"""Small shops written straight into a workspace, for tests of what comes after the import."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.columns import CONTACTS, LINES, MONEY, Column
from segmentation.workspace import DatasetVersion, Manifest, Workspace

Line = dict[str, object]


def line(customer: str | None, order: str, day: str, amount: str, **more: object) -> Line:
    """A sale line with this amount; a negative amount is a refund."""
    kind = "refund" if Decimal(amount) < 0 else "sale"
    at = datetime.fromisoformat(day)
    base: Line = {"customer_id": customer, "order_id": order, "ordered_at": at, "amount": Decimal(amount), "kind": kind}
    return base | {"listed_amount": Decimal(amount)} | more


_TYPES = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "UBIGINT": pa.uint64(),
    "BOOLEAN": pa.bool_(),
    MONEY: pa.decimal128(18, 4),
}


def _write(path: Path, columns: Iterable[Column], rows: list[Line]) -> None:
    stored = {one.name: pa.array([row.get(one.name) for row in rows], _TYPES[one.sql_type]) for one in columns}
    pq.write_table(pa.table(stored), path)


def store(
    workspace: Workspace, lines: list[Line], contacts: list[Line] | None = None, name: str = "Shop"
) -> DatasetVersion:
    """A published version with exactly these lines."""
    has = {key for row in lines for key, value in row.items() if value is not None}
    days = [at.date() for row in lines if isinstance(at := row["ordered_at"], datetime)]
    with workspace.draft(name) as draft:
        _write(draft.folder / "lines" / "part-1.parquet", LINES, lines)
        if contacts:
            _write(draft.folder / "contacts" / "part-1.parquet", CONTACTS, contacts)
            has |= {"consent", "email"}
        return draft.publish(
            Manifest(
                fingerprint=f"{name}-{len(lines)}-{hashlib.sha256(str(lines).encode()).hexdigest()[:12]}",
                created="2026-11-01T10:00:00",
                files=("orders.csv",),
                currency="EUR",
                has=frozenset(has),
                first=min(days, default=date(2026, 1, 1)),
                last=max(days, default=date(2026, 1, 1)),
                customers=len({row["customer_id"] for row in lines} - {None}),
                orders=len({row["order_id"] for row in lines}),
                guests=0,
                lines=len(lines),
                revenue=sum((Decimal(str(row["amount"])) for row in lines), Decimal(0)),
            )
        )
