"""The lines of what an order holds besides its rows."""

from __future__ import annotations

from segmentation import columns
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.plan import ParsePlan
from segmentation.engine.reading import select

ORDERS = "whole_orders"
"""The view of the orders with what they hold besides."""


def subtotal_line(plan: ParsePlan) -> str:
    """What the goods of an order cost in all, in place of pieces, where some of its rows are missing, or still to be
    mended."""
    still = "short OR unread AND order_subtotal IS NOT NULL"
    if plan.mended:
        still += " OR goods + aside < order_subtotal"
    row = f"({part_line('subtotal', '0', '0', literal(columns.FEE))})"
    told = f"{row} AS p JOIN {ORDERS} AS o ON o.order_id = p.order_id"
    return select({"*": "p.* REPLACE (o.owed AS quantity)"}, told, where=still)


def part_line(name: str, listed: str, amount: str, kind: str) -> str:
    """The line of one amount beside the rows: what it is listed at, what it adds to revenue, and its kind."""
    values = {
        "customer_id": "customer_id",
        "order_id": "order_id",
        "line_id": "CAST(NULL AS VARCHAR)",
        "ordered_at": "ordered_at",
        "kind": f"coalesce(dead, {kind})",
        "quantity": f"CAST(NULL AS {columns.MONEY})",
        "listed_amount": f"CAST({listed} AS {columns.MONEY})",
        "amount": f"CAST(CASE WHEN dead IS NULL THEN {amount} ELSE 0 END AS {columns.MONEY})",
        "discount": f"CAST({f'greatest(-({listed}), 0)' if name == 'discount' else 'NULL'} AS {columns.MONEY})",
        "cost": f"CAST(NULL AS {columns.MONEY})",
        "currency": "currency",
        "product": "CAST(NULL AS VARCHAR)",
        "category": "CAST(NULL AS VARCHAR)",
        "channel": "channel",
        "status": "status",
        "part": literal(name),
        "row_hash": f"hash(row_hash, {literal(name)}, {listed}, {amount})",
    }
    return select(values, ORDERS)


__all__ = ["ORDERS", "part_line", "subtotal_line"]
