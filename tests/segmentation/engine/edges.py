"""A shop of a few thousand lines with what engines disagree about: midnights, ties, missing values, zeros in front."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.workspace import DatasetVersion, Workspace
from tests.dashboard.shops import write_shop
from tests.segmentation.shops import Line, line, store

LARGE = 2**64 - 7
"""A row's hash beyond what a signed number of 64 bits holds."""

LINES: list[Line] = [
    line("7", "a1", "2025-12-31T23:59:59.999999", "10.0001", product="Čaj", row_hash=LARGE),
    line("7", "a2", "2026-01-01T00:00:00", "0.3333", product="Tea", channel="web", row_hash=LARGE + 1),
    line("7", "a3", "2026-04-30T23:59:59.999999", "12.5", quantity=Decimal(2), row_hash=LARGE + 2),
    line("7", "a4", "2026-05-01T00:00:00", "99", row_hash=LARGE + 3),
    # One day, one amount: what came first is told by category, product and channel, each of which may be missing.
    line("007", "b1", "2026-02-28T08:00:00", "5", product="Zimt", row_hash=LARGE + 5),
    line("007", "b1", "2026-02-28T09:00:00", "5", category="Tea", channel="store"),
    line("007", "b2", "2026-02-28T10:00:00", "5", category="Tea", product="Assam"),
    line("007", "b3", "2024-02-29T10:00:00", "5"),
    line("00", "c1", "1969-12-27T10:00:00", "1", discount=Decimal("0.5")),
    line("0", "c2", "2026-03-01T10:00:00", "0"),
    line("0", "c3", "2026-03-07T10:00:00", "0", cost=Decimal("1.25")),
    line("Ünal", "d1", "2026-03-01T10:00:00", "3"),
    line("ünal", "d2", "2026-03-02T10:00:00", "3.5"),
    line("refunded", "e1", "2026-03-02T10:00:00", "-8"),  # without its order
    line("cancelled", "f1", "2026-03-02T10:00:00", "0", kind="cancelled"),
    line("both", "g1", "2026-03-02T10:00:00", "20", quantity=Decimal("1.5"), cost=Decimal("11.1111")),
    line("both", "g1", "2026-03-09T10:00:00", "-20", cost=Decimal("-11.1111")),
    line("both", "a3", "2026-03-09T10:00:00", "4"),  # an order of two customers
    line(None, "a2", "2026-03-10T10:00:00", "4", row_hash=LARGE + 4),  # an order of a customer and of nobody
    line(None, "h1", "2026-03-10T10:00:00", "400"),
]
CONTACTS: list[Line] = [
    {"customer_id": "7", "email": "seven@shop.example", "name": "Ada Seven", "phone": "+1 555", "consent": True},
    {"customer_id": "7", "email": "zeven@shop.example", "consent": None},
    {"customer_id": "007", "email": "seven@shop.example", "consent": False},
    {"customer_id": "Ünal", "email": None, "consent": None},
    {"customer_id": "nobody-bought", "email": "C0@shop.example", "consent": True},
]
PASSED = pa.table({"row_hash": pa.array([LARGE, LARGE + 5, 4], pa.uint64()), "reason": ["already_present"] * 3})


def write_edges(workspace: Workspace) -> DatasetVersion:
    """A usual small shop, and these lines and contacts beside its own."""
    usual = write_shop(workspace, "Usual", campaigns=True)
    edges = store(workspace, LINES, CONTACTS, "Edges")
    with workspace.draft("Both") as draft:
        for name in ("lines", "contacts", "campaigns"):
            for number, path in enumerate((*usual.files(name), *edges.files(name))):
                shutil.copy(path, draft.folder / name / f"{number}.parquet")
        pq.write_table(PASSED, draft.folder / "passed" / "0.parquet")
        return draft.publish(replace(usual.manifest, fingerprint="both"))
