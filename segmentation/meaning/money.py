"""The amounts of a table: which column is which, proven by the file's own arithmetic where it can be.

Names propose which columns may be quantities, prices, totals, or amounts beside the goods; the identities that hold
among them decide.
"""

from __future__ import annotations

from collections.abc import Mapping as Table

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.amounts_of import TELLING
from segmentation.meaning.arithmetic import (
    LEAST_ORDERS,
    Codes,
    Identity,
    Sheet,
    identities,
    order_identities,
    repeats,
)
from segmentation.meaning.conclusions import PARTS, Proven, Reasoning
from segmentation.meaning.order_codes import order_codes
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.notation.shares import CONSISTENT

_MOST_MONEYS, _MOST_QUANTITIES = 12, 3

_LATER = ("", "cost")
"""Kinds of columns that are looked at last."""


def prove(table: TableProfile, named: Table[str, str]) -> Proven:
    """What holds among the amounts of the table; `named` are the columns that names propose for meanings."""
    sheet, kinds = _sheet(table, named)
    if not sheet.totals:
        return Proven()
    orders = order_codes(table, named) if "order" in named else None
    level = frozenset(_order_level(table, sheet, orders, named)) if orders is not None else frozenset[str]()
    if level and orders is not None and not _once_each(table, named, orders):
        level = frozenset()
    rows = [one for one in identities(sheet) if _believed(one, kinds)]
    lines = [one for one in rows if not {one.total, *one.base} & level]
    whole = order_identities(sheet, orders, sorted(level)) if level and orders is not None else []
    flat = [one for one in rows if one not in lines and {one.total, *one.base} <= level | {t.header for t in one.terms}]
    return Reasoning(table, named, kinds, level).conclude(lines, whole, flat)


def _sheet(table: TableProfile, named: Table[str, str]) -> tuple[Sheet, dict[str, str]]:
    """The columns that may take part, and what kind of part each may be by its name."""
    by_header = {header: meaning for meaning, header in named.items()}
    moneys: list[str] = []
    quantities: list[str] = []
    kinds: dict[str, str] = {}
    for header, profile in table.columns.items():
        meaning = by_header.get(header, "")
        if not _numeric(profile, meaning) or meaning in {
            "order",
            "customer",
            "line",
            "date",
            "time",
            "phone",
            "product",
        }:
            continue
        kind = _kind(header, meaning)
        kinds[header] = kind
        if kind == "quantity" or (kind == "" and _counts(profile)):
            quantities.append(header)
        if kind not in {"quantity", "no"}:
            moneys.append(header)
    moneys = sorted(moneys, key=lambda header: _LATER.index(kinds[header]) if kinds[header] in _LATER else -1)[
        :_MOST_MONEYS
    ]
    quantities = sorted(quantities, key=lambda header: kinds[header] == "")[:_MOST_QUANTITIES]
    parts = {header: PARTS[kinds[header]] for header in kinds if kinds[header] in PARTS}
    unnamed = [h for h in moneys if kinds[h] == "" and h not in quantities]
    parts |= dict.fromkeys(unnamed[:3], ((1,), False))
    numbers = {header: table.numbers(header) for header in {*moneys, *quantities, *parts}}
    bases = [header for header in moneys if kinds[header] not in PARTS]
    totals = [header for header in bases if kinds[header] != "cost"]
    return Sheet(numbers, quantities, bases, totals, parts), kinds


def _numeric(profile: ColumnProfile, meaning: str) -> bool:
    """Whether values may be amounts or quantities; of those that are all alike only quantities tell anything, and what
    stands beside goods: shipping is the same for every order of many shops, a coupon may be."""
    beside = meaning in {"quantity", "order_discount"} or _kind(profile.header, meaning) == "shipping"
    several = profile.distinct > 1 or (beside and profile.distinct == 1)
    return (
        max(profile.numbers, profile.percents) >= 0.9
        and profile.dates < CONSISTENT
        and several
        and profile.longest <= 24
    )


def _counts(profile: ColumnProfile) -> bool:
    """Whether values may count pieces: small whole numbers, one among them."""
    return profile.whole >= 0.95 and profile.distinct <= 60 and any(text.split(".")[0] == "1" for text in profile.texts)


def _kind(header: str, meaning: str) -> str:
    """quantity, cost, a part beside the goods, no (no amount at all), or "" where nothing is said."""
    if meaning in {"quantity", "shipping", "tax", "discount", "order_discount"} and not _about_net_or_gross(
        header, meaning
    ):
        return meaning
    if meaning in {"refunded", "unit_price"}:
        return "no" if meaning == "refunded" else "money"
    if hints.never_money(header) and not hints.in_percent(header) and not hints.says(header, "quantity"):
        return "no"
    if meaning in {"amount", "subtotal", "total", "gross"}:
        return "money"
    return _kind_by_words(header, meaning)


def _kind_by_words(header: str, meaning: str) -> str:
    for part in ("shipping", "tax", "discount"):
        if hints.says(header, part) and not _about_net_or_gross(header, part):
            return part
    if hints.cost(header) or meaning == "unit_cost":
        return "cost"
    stem = hints.part_of(header)
    if stem is not None and not hints.code(header) and not _about_net_or_gross(header, stem):
        return stem
    if hints.fee(header):
        return "fee"
    if hints.says(header, "quantity"):
        return "quantity"
    if hints.never_money(header):
        return "no"
    return "money" if hints.says(header, "amount") or hints.says(header, "unit_price") else ""


def _believed(one: Identity, kinds: Table[str, str]) -> bool:
    """Whether the parts of an identity are named as such, or the amounts on both sides as amounts: of columns that
    nobody knows it proves that they go together, and not which is which."""
    if all(kinds.get(term.header, "") in PARTS for term in one.terms):
        return True
    return kinds.get(one.total) == "money" and kinds.get(one.base[-1]) == "money"


def _about_net_or_gross(header: str, part: str) -> bool:
    """Whether a header names tax only to say that an amount is without or with it."""
    return part == "tax" and (hints.net(header) or hints.gross(header))


# What belongs to orders -----------------------------------------------------------------------------------------


def _order_level(table: TableProfile, sheet: Sheet, orders: Codes, named: Table[str, str]) -> list[str]:
    """The amounts that stand alike on all rows of an order, or on one of them."""
    keys = [named[one] for one in TELLING if one in named]
    found = []
    for header in {*sheet.moneys, *sheet.parts}:
        others = [table.codes(key) for key in keys if key != header]
        others = others or [table.codes(other) for other in sheet.numbers if other != header]
        stand = repeats(sheet[header], orders, others)
        alike = header in {named.get("shipping"), named.get("order_discount")}
        one_for_all = alike and stand.constant == stand.orders >= LEAST_ORDERS
        if stand.repeated or stand.stated_once or one_for_all:
            found.append(header)
    return found


def _once_each(table: TableProfile, named: Table[str, str], orders: Codes) -> bool:
    """Whether an order number is one customer's on one day: numbers that begin anew every day tell no orders."""
    for meaning in ("date", "customer", "email"):
        if meaning not in named:
            continue
        codes = table.codes(named[meaning])
        filled = (orders >= 0) & (codes >= 0)
        pairs = len(np.unique(np.stack([orders[filled], codes[filled]]), axis=1).T) if filled.any() else 0
        if pairs > 1.5 * max(1, len(np.unique(orders[filled]))):
            return False
    return True
