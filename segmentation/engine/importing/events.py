"""Logs of events: an order is placed at its first event, and what became of it is what its last one says."""

from __future__ import annotations

from segmentation.engine.importing.raw import PLACE
from segmentation.engine.reading import select

_ALL = "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"


def placed_query(rows: str) -> str:
    """The typed rows, each with the moment of its order's first event and the state of its last one."""
    of_order = f"OVER (PARTITION BY order_key ORDER BY ordered_at NULLS FIRST, {PLACE} {_ALL})"
    first = "min(ordered_at) OVER (PARTITION BY order_key)"
    last = f"nullif(last_value(coalesce(state, 'sale')) {of_order}, 'sale')"
    whole = "order_key IS NOT NULL AND ordered_at IS NOT NULL"
    return select(
        {
            "*": f"* REPLACE (CASE WHEN {whole} THEN {first} ELSE ordered_at END AS ordered_at, "
            f"CASE WHEN {whole} THEN {last} ELSE state END AS state)"
        },
        rows,
    )


__all__ = ["placed_query"]
