"""Orders whose rows come to less than the order says its goods cost: rows are missing, or something else is in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from segmentation.engine.reading import ImportConnection
from segmentation.intake.typed import Staged


@dataclass(frozen=True, slots=True)
class Short:
    """How many orders, the number of one of them, and what their rows lack of what their goods cost in all. Of `beyond`
    orders their own word counts nevertheless, with `more` money than their rows tell."""

    orders: int = 0
    example: str = ""
    lacking: Decimal = Decimal(0)
    beyond: int = 0
    more: Decimal = Decimal(0)


NONE_SHORT = Short()


def may_be_short(staged: Staged) -> bool:
    """Whether the file says what its orders come to beside their rows."""
    return bool({"subtotal", "total"} & {*staged.plan.parts}) and staged.opened.mends is None


def short_orders(connection: ImportConnection, staged: Staged) -> Short:
    """The orders of `staged` of which rows are missing that are not among those set aside, and those that count with
    more than their rows."""
    if not may_be_short(staged):
        return NONE_SHORT
    row = connection.row("import_short")
    beyond = connection.row("import_beyond")
    return Short(row["orders"], row["example"] or "", row["lacking"], beyond["orders"], beyond["more"])


def whole_here(connection: ImportConnection) -> pa.Table:
    """The orders of `staged` of which rows are missing, and that the dataset has whole."""
    return connection.query("import_short_here")


__all__ = ["NONE_SHORT", "Short", "may_be_short", "short_orders", "whole_here"]
