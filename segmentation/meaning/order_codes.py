"""Which sampled rows are of one order: those of one number (beside its register, where it needs one), or, where numbers
begin anew, of one customer's day."""

from __future__ import annotations

from collections.abc import Mapping as Table

import numpy as np

from segmentation.meaning.arithmetic import Codes
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.registers import days, joined, numbers

_SEVERAL = 1.5
"""Customers, or days, for each number from which on numbers begin anew."""


def order_codes(table: TableProfile, columns: Table[str, str]) -> Codes:
    """A number for each order of the sampled rows, -1 for none; `columns` say which headers have which meanings."""
    orders = numbers(table, columns)
    if not begins_anew(table, columns):
        return orders
    parts = []
    if (who := _who(columns)) is not None:
        parts.append(table.codes(who))
    if "date" in columns:
        parts.append(days(table, columns["date"]))
    return joined(orders, *parts)


def begins_anew(table: TableProfile, columns: Table[str, str]) -> bool:
    """Whether most order numbers stand for several customers' orders, or, where nobody names those, several days'."""
    return "order" in columns and several(table, columns, _who(columns) or columns.get("date"))


def one_each(table: TableProfile, columns: Table[str, str]) -> bool:
    """Whether an order number is one customer's, on one day or a few."""
    if "order" not in columns:
        return False
    return not any(several(table, columns, header) for header in (_who(columns), columns.get("date")))


def several(table: TableProfile, columns: Table[str, str], header: str | None) -> bool:
    """Whether a column differs on the rows of most order numbers."""
    if header is None:
        return False
    orders, codes = numbers(table, columns), table.codes(header)
    both = (orders >= 0) & (codes >= 0)
    if not both.any():
        return False
    pairs = len(np.unique(orders[both] * (codes.max() + 1) + codes[both]))
    return pairs > _SEVERAL * len(np.unique(orders[both]))


def _who(columns: Table[str, str]) -> str | None:
    return columns.get("customer") or columns.get("email") or columns.get("name")


__all__ = ["begins_anew", "one_each", "order_codes"]
