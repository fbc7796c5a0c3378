"""Whose an amount is that is the same on all rows of an order: the order's, or each row's own that happens to agree."""

from __future__ import annotations

from collections.abc import Mapping as Table
from typing import Literal

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import CENT, HOLDS, LEAST_ORDERS, LEAST_ROWS, Numbers, Repeats, repeats
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.order_codes import order_codes
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.proposals import BY_VALUES, PROVEN, Proposals
from segmentation.meaning.questions import Question

TELLING = ("product", "line", "quantity", "unit_price")
"""Meanings that tell the rows of an order apart."""
_SURELY, _LITTLE = 0.9, 0.01
_MOST_PERCENT = 70
_SEVERAL = 2
"""Orders whose rows must show that an amount is theirs."""


def standing(table: TableProfile, named: Table[str, str], header: str) -> Repeats:
    """How an amount stands on the rows of orders that have several unlike rows."""
    unlike = [table.codes(named[one]) for one in TELLING if one in named and named[one] != header]
    return repeats(table.numbers(header), order_codes(table, named), unlike)


def whose_amount(table: TableProfile, mapping: Mapping, header: str) -> Literal["line", "order"] | None:
    """Whose an amount is that is alike on the rows of an order. It is the order's where the quantities of those rows
    differ, and the rows' where a product has one amount in all orders; else the header may say. None: it may be
    either."""
    assert mapping.order is not None
    orders, amounts = order_codes(table, mapping.columns()), table.numbers(header)
    if mapping.quantity is not None and _differ(table.numbers(mapping.quantity), orders) >= LEAST_ORDERS:
        return "order"
    if mapping.product is not None and _one_amount(table.codes(mapping.product), orders, amounts):
        return "line"
    said = hints.grain(header)
    if said is not None:
        return "order" if said == "order" else "line"
    if hints.says(header, "unit_price"):
        return "line"
    return "order" if hints.total(header) and mapping.product is not None and _often(table, mapping, header) else None


def discount_of_orders(table: TableProfile, proposals: Proposals) -> tuple[Question, ...]:
    """Take a discount for the order's where all unlike rows of an order repeat it, and no line would have it by chance:
    a percentage stands on all rows of an order too, and is each row's. Returns the question where it may be either, and
    the amounts are those before it."""
    header = proposals.headers.get("discount")
    if header is None or "order" not in proposals.headers or "order_discount" in proposals.headers:
        return ()
    said = hints.in_percent(header) or hints.share(header) or hints.grain(header) in {"line", "piece"}
    if said or proposals.sure["discount"] >= PROVEN:
        return ()
    off = np.abs(table.numbers(header))
    given = np.where(off > 0, off, np.nan)
    sizes = np.unique(given[~np.isnan(given)])
    unlike = [table.codes(proposals.headers[one]) for one in TELLING if one in proposals.headers]
    if not len(sizes) or sizes.max() <= 1:
        return ()
    if not repeats(given, order_codes(table, proposals.headers), unlike).repeated:
        return ()
    if sizes.max() <= _MOST_PERCENT and bool(np.all(np.mod(sizes, 5) == 0)):
        if not _before(table, proposals, off):
            return ()
        choices = (
            (f"order_discount={header}", "money that is taken off once for each order"),
            (f"discount={header}", "percent, or money, of each row"),
        )
        return (Question("column", header, "discount on the order or that of each row", choices),)
    proposals.drop("discount")
    proposals.put("order_discount", header, BY_VALUES, "it is the same on all rows of an order: it is taken off once")
    return ()


def _before(table: TableProfile, proposals: Proposals, off: Numbers) -> bool:
    """Whether quantity × price is the amount of rows whatever their discount."""
    have = proposals.headers
    if not {"amount", "quantity", "unit_price"} <= have.keys():
        return False
    left = table.numbers(have["quantity"]) * table.numbers(have["unit_price"]) - table.numbers(have["amount"])
    told = (np.nan_to_num(off) > 0) & ~np.isnan(left)
    return int(told.sum()) >= LEAST_ROWS and float(np.mean(np.abs(left[told]) <= CENT)) >= HOLDS


def beside(table: TableProfile, mapping: Mapping, part: str) -> bool:
    """Whether an order repeats the part on rows whose amounts differ: so those do not hold it."""
    if mapping.order is None or mapping.amount is None:
        return False
    orders, parts, amounts = (
        order_codes(table, mapping.columns()),
        np.nan_to_num(table.numbers(part)),
        np.nan_to_num(table.numbers(mapping.amount)),
    )
    usable = (orders >= 0) & (parts != 0)
    if not usable.any():
        return False
    order = np.unique(orders[usable], return_inverse=True)[1]
    low, high = (_of_each(how, order, parts[usable]) for how in (np.minimum, np.maximum))
    least, most = (_of_each(how, order, amounts[usable]) for how in (np.minimum, np.maximum))
    return bool(np.any((np.bincount(order) > 1) & (low == high) & (most - least > CENT)))


def _of_each(how: np.ufunc, order: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The least or greatest value of each order."""
    start = np.full(order.max() + 1, np.inf if how is np.minimum else -np.inf)
    how.at(start, order, values)
    return start


def own_of_rows(table: TableProfile, mapping: Mapping, header: str) -> bool:
    """Whether an amount is each row's own: it differs on rows of an order that have one, or stands on later rows only.
    An order's own stands on its first row, or on all of them alike."""
    if mapping.order is None:
        return False
    orders, amounts = order_codes(table, mapping.columns()), np.nan_to_num(table.numbers(header))
    there = (orders >= 0) & (amounts != 0)
    pairs = np.unique(np.stack([orders[there], np.round(amounts[there], 2)]), axis=1)
    differ = int((np.unique(pairs[0], return_counts=True)[1] > 1).sum()) if there.any() else 0
    first = np.zeros(len(orders), dtype=bool)
    first[np.unique(orders, return_index=True)[1]] = True
    later = set(orders[there & ~first].tolist()) - set(orders[there & first].tolist())
    return differ + len(later) >= _SEVERAL


def little(table: TableProfile, mapping: Mapping, header: str) -> bool:
    """Whether it is of no weight whose an amount is: what the rows after an order's first come to is a hundredth of
    all at most."""
    assert mapping.order is not None
    orders, amounts = order_codes(table, mapping.columns()), np.abs(np.nan_to_num(table.numbers(header)))
    first = np.zeros(len(orders), dtype=bool)
    first[np.unique(orders, return_index=True)[1]] = True
    return float(amounts[~first & (orders >= 0)].sum()) <= _LITTLE * float(amounts.sum())


def _often(table: TableProfile, mapping: Mapping, header: str) -> bool:
    """Whether so many orders have several rows that no chance makes their amounts alike."""
    return standing(table, mapping.columns(), header).orders >= LEAST_ORDERS


def _differ(quantities: np.ndarray, orders: np.ndarray) -> int:
    """The orders on whose rows quantities differ."""
    usable = (orders >= 0) & ~np.isnan(quantities)
    pairs = np.unique(np.stack([orders[usable], quantities[usable]]), axis=1)
    return int((np.unique(pairs[0], return_counts=True)[1] > 1).sum()) if usable.any() else 0


def _one_amount(products: np.ndarray, orders: np.ndarray, amounts: np.ndarray) -> bool:
    """Whether the products that are in several orders have one amount in all of them, and not all the same one."""
    usable = (products >= 0) & (orders >= 0) & ~np.isnan(amounts)
    seen: dict[int, tuple[set[int], set[float]]] = {}
    for product, order, amount in zip(products[usable], orders[usable], np.round(amounts[usable], 2), strict=True):
        sold = seen.setdefault(int(product), (set(), set()))
        sold[0].add(int(order))
        sold[1].add(float(amount))
    several = [values for inside, values in seen.values() if len(inside) > 1]
    return len(several) >= LEAST_ORDERS and sum(len(values) == 1 for values in several) >= _SURELY * len(several)


__all__ = [
    "LEAST_ORDERS",
    "TELLING",
    "beside",
    "discount_of_orders",
    "little",
    "own_of_rows",
    "standing",
    "whose_amount",
]
