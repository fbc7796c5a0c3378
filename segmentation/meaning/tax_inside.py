"""Tax beside amounts that hold it already: a few usual rates of what the amounts are without it, and of the amounts
themselves none. A rate that may be either (25 % of one, 20 % of the other) proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from typing import Literal

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.amount_forms import tax_rate
from segmentation.meaning.arithmetic import Numbers, repeats
from segmentation.meaning.conclusions import Proven
from segmentation.meaning.order_codes import order_codes
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import PROVEN, Proposals
from segmentation.meaning.questions import Question
from segmentation.notation.shares import CONSISTENT

Where = Literal["inside", "beside", "either"]
_TELLING = ("product", "line", "quantity", "unit_price")


@dataclass(frozen=True, slots=True)
class Held:
    """How a tax stands to the amounts: `inside` them, `beside` them, or `either` by its rates; `whole`: it is that of
    the order and stands on each of its rows. It fits on `held` of the `judged` rows or orders."""

    where: Where
    whole: bool
    held: int
    judged: int


def held_tax(table: TableProfile, columns: Table[str, str], header: str) -> Held | None:
    """How the amounts of a column stand to the goods, where they are tax by their rates; `columns` say which headers
    have which meanings."""
    tax = table.numbers(header)
    for whole in (False, True):
        if whole and not of_orders(table, columns, header):
            return None
        for goods in _goods(table, columns):
            amounts, taxes, slack = _by_order(table, columns, goods, tax) if whole else (goods, tax, 0.0)
            inside = tax_rate(amounts - taxes, amounts, slack)
            beside = tax_rate(amounts, amounts + taxes, slack)
            if inside is not None or beside is not None:
                where: Where = "beside" if inside is None else "inside" if beside is None else "either"
                return Held(where, whole, *(inside or beside or (0, 0)))
    return None


def of_orders(table: TableProfile, columns: Table[str, str], header: str) -> bool:
    """Whether an amount is the order's: it is the same on all unlike rows of an order, or stands on one of them."""
    if "order" not in columns:
        return False
    unlike = [table.codes(columns[one]) for one in _TELLING if columns.get(one, header) != header]
    stand = repeats(table.numbers(header), order_codes(table, columns), unlike)
    return stand.repeated or stand.stated_once


def unnamed_tax(table: TableProfile, proposals: Proposals, proven: Proven) -> tuple[Question, ...]:
    """Take a column that nobody knows for the tax that the amounts hold, where its rates prove it; return the question
    where they may be those of something else."""
    have = proposals.headers
    if {"tax", "gross", "credit"} & have.keys() or not ("amount" in have or {"unit_price", "quantity"} <= have.keys()):
        return ()
    amount = have.get("amount") or have["unit_price"]
    used = {*have.values(), *(header for one in proven.identities for header in (one.total, *one.base))}
    used |= {term.header for one in proven.identities for term in one.terms}
    free = {h: p for h, p in table.columns.items() if h not in used and _may_be(h, p)}
    if hints.net(amount) or _left_without(table, have, free):
        return ()
    for header in free:
        found = held_tax(table, have, header)
        if found is None or found.where == "beside":
            continue
        if found.where == "inside":
            what = "orders" if found.whole else "rows"
            why = f"{header} is the tax in {amount} on {found.held:,} of {found.judged:,} {what}, by its rates"
            proposals.put("tax", header, PROVEN, why)
            return ()
        choices = (
            (f"tax={header}", f"tax that “{amount}” holds"),
            ("tax=", f"something else, and “{amount}” counts whole"),
        )
        return (Question("column", header, "tax in the amounts", choices),)
    return ()


def _may_be(header: str, profile: ColumnProfile) -> bool:
    """Whether a column without a meaning may be tax: money that is neither a cost nor a fee."""
    if profile.empty or profile.numbers < CONSISTENT or profile.days or not profile.decimals:
        return False
    if hints.cost(header) or hints.fee(header) or hints.never_money(header) or hints.net(header):
        return False
    return hints.part_of(header) not in {"shipping", "discount"} and not hints.in_percent(header)


def _left_without(table: TableProfile, have: Table[str, str], free: Table[str, ColumnProfile]) -> bool:
    """Whether a column says what is left of the amounts without another one: then that sum tells what both are."""
    for goods in _goods(table, have):
        for taken in free:
            left = goods - table.numbers(taken)
            for other in table.headers:
                if other == taken or table.columns[other].numbers < CONSISTENT:
                    continue
                same = np.abs(table.numbers(other) - left) <= 0.02
                if np.count_nonzero(np.nan_to_num(table.numbers(taken))) >= 5 and same.mean() >= CONSISTENT:
                    return True
    return False


def _goods(table: TableProfile, columns: Table[str, str]) -> Iterator[Numbers]:
    """What rows come to, with and without their discount."""
    amount, price, quantity = (columns.get(one) for one in ("amount", "unit_price", "quantity"))
    if amount is not None:
        goods = table.numbers(amount)
    elif price is not None and quantity is not None:
        goods = table.numbers(price) * table.numbers(quantity)
    else:
        return
    yield goods
    if "discount" in columns and amount is None:
        yield goods - np.abs(np.nan_to_num(table.numbers(columns["discount"])))


def _by_order(
    table: TableProfile, columns: Table[str, str], goods: Numbers, tax: Numbers
) -> tuple[Numbers, Numbers, float]:
    """What orders come to, their tax, and what roundings of their rows may come to."""
    orders = order_codes(table, columns)
    known = orders >= 0
    _, order, rows = np.unique(orders[known], return_inverse=True, return_counts=True)
    if not len(rows):
        return goods[:0], tax[:0], 0.0
    taxes = np.full(len(rows), -np.inf)
    np.maximum.at(taxes, order, np.where(np.isnan(tax[known]), -np.inf, tax[known]))
    taxes[np.isinf(taxes)] = np.nan
    amount = columns.get("amount")
    if amount is not None and of_orders(table, columns, amount):
        first = np.unique(order, return_index=True)[1]
        return goods[known][first], taxes, 0.0
    return np.bincount(order, weights=goods[known]).astype(np.float64), taxes, 0.005 * float(rows.max())


__all__ = ["Held", "held_tax", "of_orders", "unnamed_tax"]
