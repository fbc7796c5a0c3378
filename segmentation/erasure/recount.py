"""What a version holds once it was written anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts import account
from segmentation.intake.accounts.ledger import Holdings
from segmentation.intake.store import filled_columns
from segmentation.workspace import Manifest

PERSONAL = frozenset({"email", "consent", "name", "phone"})


def recounted(connection: ImportConnection, manifest: Manifest, folder: Path) -> Manifest:
    """The manifest of the files in `folder`; an emptied version keeps its period. The ledger stays that of its import,
    but for what the dataset holds after it."""
    lines = sorted((folder / "lines").glob("*.parquet"))
    contacts = sorted((folder / "contacts").glob("*.parquet"))
    hashes = [(path, account.part_hashes(connection, path)) for path in lines]
    parts = [(path, found) for path, found in hashes if len(found)]
    people = account.people(connection, contacts, sorted((folder / "campaigns").glob("*.parquet")))
    filled = set[str]().union(*(filled_columns(path) for path, _ in parts))
    filled |= set[str]().union(*(filled_columns(path) for path in contacts)) & PERSONAL
    held = Holdings(customers=0, guests=0, orders=0, first=manifest.first, last=manifest.last)
    rows, revenue = 0, Decimal(0)
    if parts:
        whole = account.totals(connection, [path for path, _ in parts])
        held, rows, revenue = whole.holdings, whole.lines, whole.revenue
    return replace(
        manifest,
        fingerprint=account.fingerprint(parts, people),
        has=frozenset(filled) if parts else manifest.has - PERSONAL,
        first=held.first,
        last=held.last,
        customers=held.customers,
        orders=held.orders,
        guests=held.guests,
        lines=rows,
        revenue=revenue,
        ledger=_after(manifest, held),
    )


def _after(manifest: Manifest, held: Holdings) -> dict[str, object]:
    if not manifest.ledger:
        return manifest.ledger
    period: list[date] = [held.first, held.last]
    return {
        **manifest.ledger,
        "customers": held.customers,
        "guests": held.guests,
        "orders": held.orders,
        "period": [day.isoformat() for day in period],
    }
