"""Counter-bookings: rows that take a cancelled sale off. The sale counts nothing already, so they count nothing too."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation import columns
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.raw import PLACE
from segmentation.engine.reading import select

_NUMBER = "ltrim(lower({0}), '0')"
"""A number as numbers are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """How a counter-booking is told: by `column`, which holds the `number` of the other one; by the order that both are
    of (`by_number`); or by being as much, of one customer and product (`alike`)."""

    column: str | None = None
    number: str | None = None
    by_number: bool = False
    alike: bool = False


def without_counters(counters: Counters, judged: str) -> str:
    """The judged rows, where rows that pay back what a cancelled one had cost are cancelled too."""
    refund, cancelled = literal(columns.REFUND), literal(columns.CANCELLED)
    told = ["false"]
    if counters.column is not None:
        told.append("EXISTS (FROM undone AS c WHERE c.order_number = j.other_number)")
        told.append("EXISTS (FROM undone AS c WHERE c.other_number = j.order_number)")
    if counters.by_number:
        told.append("(order_key IS NOT NULL AND undone_whole)")
        told.append(
            "EXISTS (FROM undone AS c WHERE c.order_key = j.order_key AND c.product IS NOT DISTINCT FROM "
            "j.product AND c.listed_amount = -j.listed_amount)"
        )
    if counters.alike:
        told.append("nth <= there")
    alike = "customer_id, product, abs(listed_amount)"
    sold = f"kind NOT IN ({refund}, {cancelled}) AND NOT starts_with(CAST(kind AS VARCHAR), 'aside:')"
    noted = {
        "*": "*",
        "order_number": _NUMBER.format("number_of_row"),
        "other_number": _NUMBER.format("undoes"),
        "undone_whole": f"bool_or(kind = {cancelled}) OVER (PARTITION BY order_key) AND "
        f"NOT bool_or({sold}) OVER (PARTITION BY order_key)",
        "nth": f"row_number() OVER (PARTITION BY {alike}, kind ORDER BY ordered_at, {PLACE})",
        "there": f"count(*) FILTER (kind = {cancelled}) OVER (PARTITION BY {alike})",
    }
    undone = select({"*": "*"}, "noted", where=f"kind = {cancelled}")
    found = select({PLACE: f"j.{PLACE}"}, "noted AS j", where=f"kind = {refund} AND ({' OR '.join(told)})")
    final = {
        "*": f"j.* REPLACE (CASE WHEN c.{PLACE} IS NULL THEN CAST(j.kind AS VARCHAR) ELSE {cancelled} END AS kind)"
    }
    rows = f"({judged}) AS j LEFT JOIN countered AS c ON c.{PLACE} = j.{PLACE}"
    return (
        f"WITH noted AS ({select(noted, f'({judged})')}), undone AS ({undone}), countered AS ({found}) "
        f"{select(final, rows)}"
    )


__all__ = ["Counters", "without_counters"]
