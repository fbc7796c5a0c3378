"""Order numbers that begin anew: tickets of every day, invoices of every year, receipts of every till. An order is one
customer's within a few days, in one store, till or series where these have numbers of their own; rows that pay back
belong to the latest order of their number before them."""

from __future__ import annotations

from segmentation.engine.importing.raw import PLACE
from segmentation.engine.reading import select

DAYS = 7
"""Days that the rows of one order may lie apart."""
_BESIDE = "('refund', 'fee', 'tax', 'shipping')"
"""What a row may be that begins no order: what pays back, and what stands beside goods."""
_PAYS_BACK = f"coalesce(state IN {_BESIDE}, false) OR coalesce(total < 0, false) OR coalesce(quantity < 0, false)"
_NAMED = "count(*) FILTER (NOT d.pays_back AND d.customer_id IS NULL) OVER (PARTITION BY d.order_key, d.register) = 0"
_WINDOW = "PARTITION BY order_key, register, who ORDER BY day, pays_back, place"


def several_query(rows: str, days: int, *, staged: bool) -> str:
    """How many order numbers of typed rows (`staged`: of staged lines) stand for several orders."""
    found = _several(_staged_days(rows) if staged else _days(rows), days, registers=not staged)
    return select({"numbers": "count(*)"}, f"({found})")


def numbered_query(rows: str, days: int) -> str:
    """The typed rows, those of such numbers with the order's day, and which of several of that day it is, behind it."""
    source = _days(rows)
    led = select(
        {
            "*": "d.*",
            "who": f"CASE WHEN {_NAMED} THEN d.customer_id END",
        },
        f"({source}) AS d JOIN ({_several(source, days)}) AS s ON s.order_key = d.order_key",
    )
    sold = "last_value(CASE WHEN NOT pays_back THEN day END IGNORE NULLS)"
    before = f"{sold} OVER ({_WINDOW} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    after = select({"*": "*", "before": before}, f"({led})")
    starts = f"NOT pays_back AND (before IS NULL OR day - before > {days:d})"
    counted = f"sum(CASE WHEN {starts} THEN 1 ELSE 0 END) OVER ({_WINDOW})"
    parted = select({"*": "*", "nth": counted}, f"({after})")
    first = "min(day) OVER (PARTITION BY order_key, register, who, nth)"
    dated = select({"*": "*", "first_on": first}, f"({parted})")
    which = "dense_rank() OVER (PARTITION BY order_key, first_on ORDER BY register, who)"
    ranked = select({"*": "*", "which": which}, f"({dated})")
    key = "order_key || ' · ' || strftime(first_on, '%Y-%m-%d') || CASE WHEN which > 1 THEN '/' || which ELSE '' END"
    named = select({"place": "place", "new_key": key}, f"({ranked})")
    return select(
        {"*": "t.* REPLACE (coalesce(n.new_key, t.order_key) AS order_key)"},
        f"{rows} AS t LEFT JOIN ({named}) AS n ON n.place = t.{PLACE}",
    )


def _days(rows: str) -> str:
    return select(
        {
            "place": PLACE,
            "order_key": "order_key",
            "register": "register",
            "customer_id": "customer_id",
            "day": "CAST(ordered_at AS DATE)",
            "pays_back": _PAYS_BACK,
        },
        rows,
        where="order_key IS NOT NULL AND ordered_at IS NOT NULL",
    )


def _staged_days(lines: str) -> str:
    return select(
        {
            "order_key": "order_id",
            "customer_id": "customer_id",
            "day": "CAST(ordered_at AS DATE)",
            "pays_back": f"kind IN {_BESIDE}",
        },
        lines,
        where="order_id IS NOT NULL AND NOT starts_with(kind, 'aside:')",
    )


def _several(days_of: str, days: int, *, registers: bool = True) -> str:
    who = "CASE WHEN customer_id IS NOT NULL THEN hash(customer_id) END"  # compared in half the time of the texts
    several = [f"max(day) - min(day) > {days:d}", f"min({who}) <> max({who})"]
    if registers:
        several.append("min(register) <> max(register)")
    return select(
        {"order_key": "order_key"},
        f"({days_of})",
        where="NOT pays_back",
        group=f"order_key HAVING {' OR '.join(several)}",
    )


__all__ = ["DAYS", "numbered_query", "several_query"]
