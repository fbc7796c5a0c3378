"""A small invented shop, written straight into a workspace: for tests that are not about importing."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.workspace import DatasetVersion, Manifest, Workspace

MONEY = pa.decimal128(18, 4)
START = datetime(2024, 1, 1, 12)  # noqa: DTZ001 - a shop writes its local time
DAYS = 900
KNOWN: Path | None = None
"""Where results of earlier tests are, by the fingerprint of their shop: see `known_results`."""
HOSTILE = ("[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "$5 and $6 :material/home: :red[x]", "=1+1")


def write_shop(
    workspace: Workspace,
    name: str = "Shop",
    *,
    customers: int = 300,
    seed: int = 1,
    costs: bool = True,
    campaigns: bool = False,
    consent: str = "asked",
    cost_share: str = "0.6",
) -> DatasetVersion:
    """Customers of three kinds over 900 days, with guests, refunds, costs, contacts and hostile product names.

    An article costs `cost_share` of what it is sold for. Of consent the shop has "asked" everybody, or it knows
    "refusals" only, or "nothing".
    """
    rng = np.random.default_rng(seed)
    rows = [row for customer in range(customers) for row in _orders_of(customer, rng, Decimal(cost_share))]
    frame = {name: [row[name] for row in rows] for name in rows[0]}
    table = pa.table({column: pa.array(values, _TYPES[column]) for column, values in frame.items()})
    if not costs:
        table = table.set_column(table.column_names.index("cost"), "cost", pa.nulls(len(rows), MONEY))
    for column in ("line_id", "status", "part"):
        table = table.append_column(column, pa.nulls(len(rows), pa.string()))
    table = table.append_column("row_hash", pa.array(range(len(rows)), pa.uint64()))
    ids = sorted({row["customer_id"] for row in rows if row["customer_id"]})
    contacts = pa.table(
        {
            "customer_id": ids,
            "email": [f"{one.lower()}.person@shop.example" for one in ids],
            "name": pa.nulls(len(ids), pa.string()),
            "phone": pa.nulls(len(ids), pa.string()),
            "consent": pa.array([_CONSENT[consent][index % 3] for index in range(len(ids))], pa.bool_()),
        }
    )
    has = {"customer_id", "order_id", "ordered_at", "quantity", "amount", "discount", "product", "category", "channel"}
    days = [row["ordered_at"].date() for row in rows]
    with workspace.draft(name) as draft:
        pq.write_table(table, draft.folder / "lines" / "0.parquet")
        pq.write_table(contacts, draft.folder / "contacts" / "0.parquet")
        if campaigns:
            pq.write_table(_CAMPAIGNS, draft.folder / "campaigns" / "0.parquet")
        version = draft.publish(
            Manifest(
                fingerprint=f"{name}-{DAYS}-{customers}-{seed}-{costs}-{campaigns}-{consent}-{cost_share}",
                created="2026-07-01T10:00:00",
                files=("orders.csv",),
                currency="EUR",
                has=frozenset(
                    has | {"email"} | ({"cost"} if costs else set()) | ({"consent"} if consent != "nothing" else set())
                ),
                first=min(days),
                last=max(days),
                customers=len(ids),
                orders=len({(row["customer_id"], row["order_id"]) for row in rows}),
                guests=sum(row["customer_id"] is None for row in rows),
                lines=len(rows),
                revenue=sum((row["amount"] for row in rows), Decimal(0)),
            )
        )
    if KNOWN is not None and (KNOWN / version.fingerprint).is_dir():
        shutil.copytree(KNOWN / version.fingerprint, workspace.cache(version.fingerprint), dirs_exist_ok=True)
    return version


_CONSENT = {"asked": (False, True, True), "refusals": (False, None, None), "nothing": (None, None, None)}
_TYPES = {
    "customer_id": pa.string(),
    "order_id": pa.string(),
    "ordered_at": pa.timestamp("us"),
    "kind": pa.string(),
    "quantity": MONEY,
    "listed_amount": MONEY,
    "amount": MONEY,
    "discount": MONEY,
    "cost": MONEY,
    "currency": pa.string(),
    "product": pa.string(),
    "category": pa.string(),
    "channel": pa.string(),
}


_CAMPAIGNS = pa.table(
    {
        "campaign": ["Spring", HOSTILE[1]],
        "channel": ["email", None],
        "recipients": pa.array([Decimal(1200), None], MONEY),
        "orders": pa.array([Decimal(24), None], MONEY),
        "revenue": pa.array([Decimal("1020.50"), None], MONEY),
        "opens": pa.nulls(2, MONEY),
        "clicks": pa.nulls(2, MONEY),
        "unsubscribes": pa.nulls(2, MONEY),
        "sent_at": pa.array([START, None], pa.timestamp("us")),
    }
)


def _orders_of(customer: int, rng: np.random.Generator, cost_share: Decimal) -> list[dict]:
    kind = customer % 3
    orders = (12, 4, 1)[kind]
    first = int(rng.integers(0, DAYS // 2))
    rows = []
    for number in range(orders):
        day = first if number == 0 else int(rng.integers(first, DAYS if kind == 0 else first + 200))
        amount = Decimal(str(round(float(rng.gamma(3, (20, 9, 6)[kind])) + 1, 2)))
        guest = customer % 25 == 24
        line = {
            "customer_id": None if guest else f"C{customer:04d}",
            "order_id": f"O{customer}-{number}",
            "ordered_at": START + timedelta(days=day, hours=customer % 9),
            "kind": "sale",
            "quantity": Decimal(1),
            "listed_amount": amount,
            "amount": amount,
            "discount": Decimal(2) if (customer + number) % 4 == 0 else None,
            "cost": round(amount * cost_share, 2),
            "currency": "EUR",
            "product": HOSTILE[number % len(HOSTILE)],
            "category": ("Tea", "Coffee", "Cups & mugs")[(customer + number) % 3],
            "channel": "web" if customer % 4 else "store",
        }
        rows.append(line)
        if number == 3 and customer % 10 == 0:
            back = {"kind": "refund", "listed_amount": -amount, "amount": -amount, "cost": -line["cost"]}
            rows.append(line | back | {"ordered_at": line["ordered_at"] + timedelta(days=2)})
    return rows
