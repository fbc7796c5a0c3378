"""When two lines are the same sale: by what they say, however a file spells it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmentation.engine.duckdb import literal
from segmentation.engine.reading import select

FIELDS = ("order", "line", "product", "quantity", "minute", "status")
"""What two files may both tell of a line, beside its customer, day, amount and kind."""

SAME_ROW = "row_hash"
"""The key of a row as it stands in its file."""

AFTER = r" · \d{4}-\d\d-\d\d(?:/\d+)?$"
"""What is added to the number of an order where others have it too: its day, and which of several it is."""

_BEFORE = "#0 "
"""What may stand in front of an order's number without being of it: `#1001`, and `00042` before a spreadsheet."""
_GUEST = "customer_id IS NULL AND coalesce(starts_with(order_id, 'guest '), false)"
_VALUES = {
    "order": f"CASE WHEN NOT ({_GUEST}) THEN ltrim(order_id, '{_BEFORE}') END",
    "line": "ltrim(line_id, '0')",
    "product": "product",
    "quantity": "quantity",
    "status": "lower(trim(status))",
}


def same_sale(fields: frozenset[str]) -> str:
    """The key of a stored line: equal for lines of one customer, day, amount, kind and part that agree on `fields`, a
    subset of FIELDS. Ids count without zeros in front, which spreadsheets take away."""
    moment = "date_trunc('minute', ordered_at)" if "minute" in fields else "CAST(ordered_at AS DATE)"
    told = [sql for name, sql in _VALUES.items() if name in fields]
    always = ["ltrim(customer_id, '0')", moment, "listed_amount", "CAST(kind AS VARCHAR)", "part"]
    return f"hash({', '.join(always + told)})"


def keyed(lines: str, key: str) -> str:
    """These lines with their `row_key`; see `ImportConnection.rows_of`."""
    return select({"*": "*", "row_key": key}, lines)


def keyed_by_file(paths: Sequence[Path], key: str) -> str:
    """The lines of these files with their `row_key` and their `file`."""
    read = f"read_parquet([{', '.join(map(literal, paths))}], filename='file')"
    return select({"*": "*", "row_key": key}, read)


def base(order: str) -> str:
    """An order's number without what tells it from others of the same number, and without what may stand in front."""
    return f"ltrim(regexp_replace({order}, {literal(AFTER)}, ''), {literal(_BEFORE)})"


def orders_of(table: str, *, among: str = "") -> str:
    """The orders of a table of lines with their customers, the days of their sales and what these add up to, what is
    in them (`basket`, a hash); `pays_back`: all their rows are refunds. `among` names a table of such orders: only
    their numbers."""
    number, sold = base(f"{table}.order_id"), "kind <> 'refund'"
    return select(
        {
            "order_id": "order_id",
            "customer_id": "customer_id",
            "number": number,
            "first_on": f"CAST(coalesce(min(ordered_at) FILTER ({sold}), min(ordered_at)) AS DATE)",
            "last_on": f"CAST(coalesce(max(ordered_at) FILTER ({sold}), max(ordered_at)) AS DATE)",
            "first_at": f"coalesce(min(ordered_at) FILTER ({sold}), min(ordered_at))",
            "sold": f"coalesce(sum(listed_amount) FILTER ({sold} AND part IS NULL), 0)",
            "basket": f"sum(CAST(hash(product, listed_amount) AS HUGEINT)) FILTER ({sold} AND part IS NULL)",
            "pays_back": "bool_and(kind = 'refund')",
        },
        f"{table} SEMI JOIN {among} ON {among}.number = {number}" if among else table,
        where="order_id IS NOT NULL AND NOT starts_with(kind, 'aside:')",
        group="order_id, customer_id",
    )


def respelled(contacts: str) -> str:
    """These contacts, with the ids that the dataset has for their customers."""
    return select(
        {"*": "f.* REPLACE (coalesce(c.new_id, f.customer_id) AS customer_id)"},
        f"({contacts}) AS f LEFT JOIN respelled AS c ON c.customer_id = f.customer_id",
    )


__all__ = ["AFTER", "FIELDS", "SAME_ROW", "base", "keyed", "keyed_by_file", "orders_of", "respelled", "same_sale"]
