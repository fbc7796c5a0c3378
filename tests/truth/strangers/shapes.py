"""The shapes by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from . import line_shapes, order_shapes
from .desk import Desk
from .ledger import Order

Row = dict[str, str]
Shape = Callable[[Desk, Order], list[tuple[datetime, Row]]]

SHAPES: dict[str, Shape] = {
    "order totals": order_shapes.order_totals,
    "line totals": line_shapes.line_totals,
    "price times quantity": line_shapes.price_times_quantity,
    "breakdown": order_shapes.breakdown,
    "total on each line": line_shapes.total_on_each_line,
    "first line only": line_shapes.first_line_only,
    "net and gross": order_shapes.net_and_gross,
    "credit notes": order_shapes.credit_notes,
    "refund rows": order_shapes.refund_rows,
    "till receipts": line_shapes.till_receipts,
    "parts as rows": line_shapes.parts_as_rows,
    "marketplace": order_shapes.marketplace,
    "payments": order_shapes.payments,
}
