"""What is asked about an overlap, and from how much revenue on."""

from __future__ import annotations

from decimal import Decimal

from segmentation.engine.reading import ImportConnection
from segmentation.errors import OrdersChanged

ASKED_FROM = Decimal("0.01")
"""The share of the lesser revenue of file and dataset above which sales change only as somebody says."""
_MANY = 0.5
"""Share of the rows on common days from which on sales that look alike are the same ones, rather than by chance."""


def weighs(connection: ImportConnection, revenue: Decimal) -> bool:
    """Whether so much is more than goes without saying."""
    revenues = connection.query("import_revenue").column("revenue").to_pylist()
    return bool(revenue > ASKED_FROM * min(map(abs, revenues)))


def keeps(connection: ImportConnection, replace: bool | None, *, by_line: bool) -> bool:
    """Whether the stored state of the orders in `replaced` stays, as was said (`replace`); asks where nobody said, and
    orders of more than a hundredth of the revenue would come to something else."""
    change = connection.row("import_change", by_line=by_line)
    if replace is not None:
        return not replace
    if not weighs(connection, change["changed"]):
        return False
    raise OrdersChanged(
        orders=change["orders"], rows=change["rows_gone"], revenue=change["revenue"], change=change["change"]
    )


def many(connection: ImportConnection, already_present: int) -> bool:
    """Whether one of file and dataset has most of what the other has on common days."""
    row = connection.row("import_window")
    return already_present >= _MANY * int(min(row["staged_rows"], row["stored_rows"]))


__all__ = ["ASKED_FROM", "keeps", "many", "weighs"]
