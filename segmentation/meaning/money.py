"""The amounts of a table: which column is which, proven by the file's own arithmetic where it can be.

Names propose which columns may be quantities, prices, totals, or amounts beside the goods; the identities that hold
among them decide.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import (
    Codes,
    Form,
    Identity,
    Sheet,
    Term,
    identities,
    order_identities,
    repeats,
    tax_rate,
)
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.notation.shares import CONSISTENT

_MOST_MONEYS, _MOST_QUANTITIES = 12, 3
_PARTS: dict[str, tuple[tuple[int, ...], bool]] = {
    "shipping": ((1,), False),
    "tax": ((1,), False),
    "order_discount": ((-1,), True),
    "discount": ((-1,), True),
    "fee": ((1,), False),
    "tip": ((1,), False),
}
"""The sign of each amount beside goods, and whether it is a discount."""

_LATER = ("", "cost")
"""Kinds of columns that are looked at last."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What the arithmetic of a file says.

    `columns` gives for some meanings their header, or None where a name was mistaken; `why` says so. `parts` are the
    amounts beside the goods that a total is proven to hold, `per_row` those of them that are each row's own.
    `order_level` are headers of amounts that belong to the order on whose rows they stand.
    """

    columns: Table[str, str | None] = field(default_factory=dict)
    why: Table[str, str] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()
    parts: frozenset[str] = frozenset()
    per_row: frozenset[str] = frozenset()
    order_level: frozenset[str] = frozenset()
    discount: Form | None = None
    discount_taken: bool | None = None

    @property
    def proofs(self) -> tuple[str, ...]:
        """The identities as sentences."""
        return tuple(dict.fromkeys([*(one.proof for one in self.identities), *self.why.values()]))


def prove(table: TableProfile, named: Table[str, str]) -> Proven:
    """What holds among the amounts of the table; `named` are the columns that names propose for meanings."""
    sheet, kinds = _sheet(table, named)
    if not sheet.totals:
        return Proven()
    orders = table.codes(named["order"]) if "order" in named else None
    level = frozenset(_order_level(table, sheet, orders, named)) if orders is not None else frozenset[str]()
    if level and orders is not None and not _once_each(table, named, orders):
        level = frozenset()
    rows = identities(sheet)
    lines = [one for one in rows if not {one.total, *one.base} & level]
    whole = order_identities(sheet, orders, sorted(level)) if level and orders is not None else []
    flat = [one for one in rows if one not in lines and {one.total, *one.base} <= level | {t.header for t in one.terms}]
    return _Reasoning(table, named, kinds, level).conclude(lines, whole, flat)


def _sheet(table: TableProfile, named: Table[str, str]) -> tuple[Sheet, dict[str, str]]:
    """The columns that may take part, and what kind of part each may be by its name."""
    by_header = {header: meaning for meaning, header in named.items()}
    moneys: list[str] = []
    quantities: list[str] = []
    kinds: dict[str, str] = {}
    for header, seen in table.columns.items():
        meaning = by_header.get(header, "")
        if not _numeric(seen) or meaning in {"order", "customer", "line", "date", "time", "phone", "product"}:
            continue
        kind = _kind(header, meaning)
        kinds[header] = kind
        if kind == "quantity" or (kind == "" and _counts(seen)):
            quantities.append(header)
        if kind not in {"quantity", "no"}:
            moneys.append(header)
    moneys = sorted(moneys, key=lambda header: _LATER.index(kinds[header]) if kinds[header] in _LATER else -1)[
        :_MOST_MONEYS
    ]
    quantities = sorted(quantities, key=lambda header: kinds[header] == "")[:_MOST_QUANTITIES]
    parts = {header: _PARTS[kinds[header]] for header in kinds if kinds[header] in _PARTS}
    unnamed = [h for h in moneys if kinds[h] == "" and h not in quantities]
    parts |= dict.fromkeys(unnamed[:3], ((1, -1), False))
    numbers = {header: table.numbers(header) for header in {*moneys, *quantities, *parts}}
    bases = [header for header in moneys if kinds[header] not in _PARTS]
    totals = [header for header in bases if kinds[header] != "cost"]
    return Sheet(numbers, quantities, bases, totals, parts), kinds


def _numeric(seen: ColumnProfile) -> bool:
    return seen.numbers >= 0.9 and seen.dates < CONSISTENT and seen.distinct > 1 and seen.longest <= 24


def _counts(seen: ColumnProfile) -> bool:
    """Whether values may count pieces: small whole numbers, one among them."""
    return seen.whole >= 0.95 and seen.distinct <= 60 and any(text.split(".")[0] == "1" for text in seen.texts)


def _kind(header: str, meaning: str) -> str:
    """quantity, cost, a part beside the goods, no (no amount at all), or "" where nothing is said."""
    if meaning in {"quantity", "shipping", "tax", "discount", "order_discount"}:
        return meaning
    if meaning == "refunded":
        return "no"
    if hints.never_money(header) and not hints.in_percent(header) and not hints.says(header, "quantity"):
        return "no"
    if meaning in {"unit_price", "amount", "subtotal", "total", "gross"}:
        return "money"
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


def _about_net_or_gross(header: str, part: str) -> bool:
    """Whether a header names tax only to say that an amount is without or with it."""
    return part == "tax" and (hints.net(header) or hints.gross(header))


# What belongs to orders -----------------------------------------------------------------------------------------


def _order_level(table: TableProfile, sheet: Sheet, orders: Codes, named: Table[str, str]) -> list[str]:
    """The amounts that stand alike on all rows of an order, or on one of them."""
    keys = [named[one] for one in ("product", "line", "quantity", "unit_price") if one in named]
    found = []
    for header in {*sheet.moneys, *sheet.parts}:
        others = [table.codes(key) for key in keys if key != header]
        others = others or [table.codes(other) for other in sheet.numbers if other != header]
        stand = repeats(sheet[header], orders, others)
        if stand.repeated or stand.stated_once:
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


# Conclusions ----------------------------------------------------------------------------------------------------


class _Reasoning:
    """From identities to meanings."""

    def __init__(
        self, table: TableProfile, named: Table[str, str], kinds: dict[str, str], level: frozenset[str]
    ) -> None:
        self.table, self.named, self.kinds, self.level = table, named, kinds, level
        self.columns: dict[str, str | None] = {}
        self.why: dict[str, str] = {}
        self.used: list[Identity] = []
        self.parts: set[str] = set()
        self.per_row: set[str] = set()
        self.discount: Form | None = None
        self.taken: bool | None = None

    def conclude(self, lines: list[Identity], whole: list[Identity], flat: list[Identity]) -> Proven:
        product = next((one for one in lines if len(one.base) == 2), None)
        if product is not None:
            self._product(product, lines)
        elif lines:
            self._sums(lines)
        if whole:
            self._orders(max(whole, key=lambda one: (len(one.terms), one.judged)))
        elif flat:
            self._sums(flat)
        self._net_before_gross()
        self._alone()
        return Proven(
            self.columns,
            self.why,
            tuple(self.used),
            frozenset(self.parts),
            frozenset(self.per_row),
            self.level,
            self.discount,
            self.taken,
        )

    def _put(self, meaning: str, header: str | None, why: str) -> None:
        self.columns[meaning], self.why[meaning] = header, why
        if meaning == "unit_price" and self.named.get("unit_cost") == header:
            self.columns["unit_cost"], self.why["unit_cost"] = None, why

    def _product(self, one: Identity, lines: list[Identity]) -> None:
        """Quantity × price, less a discount, with what stands beside the goods, is a total."""
        quantity, price = one.base
        self.used.append(one)
        self._put("quantity", quantity, one.proof)
        self._put("unit_price", price, one.proof)
        beside = [term for term in one.terms if self._part(term) != "discount"]
        discount = next((term for term in one.terms if self._part(term) == "discount"), None)
        if discount is not None:
            self._put("discount", discount.header, one.proof)
            self.discount = discount.form
        if not beside:
            self._put("amount", one.total, one.proof)
            self.taken = True if discount is not None else self.taken
            if discount is None:
                self._less_discount(one.total, lines)
            return
        self._beside(beside, one, per_row=True)
        self._put("total", one.total, one.proof)
        goods = next(
            (o for o in lines if o.base == one.base and not any(t in beside for t in o.terms) and o != one), None
        )
        self._put("amount", goods.total if goods else None, (goods or one).proof)
        self.taken = goods is not None and bool(goods.terms) if discount is not None else self.taken

    def _less_discount(self, amount: str, lines: list[Identity]) -> None:
        """Where another column is the amount less a discount, that one is what was paid for the goods."""
        for one in lines:
            if one.base == (amount,) and one.terms and all(self._part(term) == "discount" for term in one.terms):
                self.used.append(one)
                self._put("amount", one.total, one.proof)
                self._put("discount", one.terms[0].header, one.proof)
                self.discount, self.taken = one.terms[0].form, True
                return

    def _sums(self, lines: list[Identity]) -> None:
        """One amount plus and minus others is a total, row by row."""
        lines = [line for line in lines if not self._payout(line)]
        if not lines:
            return
        one = max(lines, key=lambda line: (len(line.terms), line.judged))
        if not one.terms:
            return
        self.used.append(one)
        base = one.base[0]
        discounts = [term for term in one.terms if self._part(term) == "discount"]
        beside = [term for term in one.terms if self._part(term) != "discount"]
        if not beside:
            self._put("amount", one.total, one.proof)
            self._put("discount", discounts[0].header, one.proof)
            self.discount, self.taken = discounts[0].form, True
            return
        self._put("total", one.total, one.proof)
        self._beside(beside, one, per_row=not self._one_row_orders())
        between = next((o for o in lines if o.base == (base,) and o.terms == tuple(discounts)), None)
        if discounts and between is not None:
            self._put("amount", between.total, between.proof)
            self._put("discount", discounts[0].header, one.proof)
            self.discount, self.taken = discounts[0].form, True
        elif discounts:
            self._put("amount", base, one.proof)
            self._put("discount", discounts[0].header, one.proof)
            self.discount, self.taken = discounts[0].form, False
        else:
            self._put("amount", base, one.proof)
        for meaning in ("subtotal", "order_discount"):
            if meaning in self.named:
                self._put(meaning, None, one.proof)

    def _payout(self, one: Identity) -> bool:
        """Whether a total is only a fee, or nobody knows what, more than another amount: that is what the shop was paid
        out, not its goods."""
        return bool(one.terms) and all(self._part(term) in {"fee", "other", "money"} for term in one.terms)

    def _orders(self, one: Identity) -> None:
        """The rows of an order add up to a total of the order, with what stands beside them."""
        self.used.append(one)
        self._put("total", one.total, one.proof)
        self._beside([term for term in one.terms if self._part(term) != "discount"], one, per_row=False)
        for term in one.terms:
            if self._part(term) == "discount":
                self._put("order_discount", term.header, one.proof)
                if self.named.get("discount") == term.header:
                    self._put("discount", None, one.proof)
        if len(one.base) == 1:
            if self.columns.get("amount") is None:
                self._put("amount", one.base[0], one.proof)
        elif "quantity" not in self.columns:
            self._put("quantity", one.base[0], one.proof)
            self._put("unit_price", one.base[1], one.proof)
            if self.named.get("amount") in self.level:
                self._put("amount", None, one.proof)

    def _beside(self, terms: list[Term], one: Identity, *, per_row: bool) -> None:
        for term in terms:
            part = self._part(term)
            meaning = part if part in {"shipping", "tax"} else "shipping"
            if meaning in self.parts:  # a second of its kind: fees beside shipping
                continue
            self._put(meaning, term.header, one.proof)
            self.parts.add(meaning)
            if per_row:
                self.per_row.add(meaning)

    def _part(self, term: Term) -> str:
        kind = self.kinds.get(term.header, "")
        if kind in {"discount", "order_discount"} or term.sign < 0:
            return "discount"
        return kind or "other"

    def _one_row_orders(self) -> bool:
        """Whether every order is one row, so that its amounts and the row's are the same."""
        if "order" not in self.named:
            return True
        seen = self.table[self.named["order"]]
        return seen.distinct >= 0.99 * seen.filled

    def _net_before_gross(self) -> None:
        """Where the amount has tax in it and stands beside one without: the one without, and the tax is the difference."""
        amount = self.columns.get("amount") or self.named.get("amount")
        if amount is None or ("amount" in self.columns and self.columns["amount"] is None):
            return
        if "tax" in self.parts:
            return
        for other in self.kinds:
            if other == amount or self.kinds[other] in {"quantity", "cost", "no"} or self.kinds[other] in _PARTS:
                continue
            for low, high in ((amount, other), (other, amount)):
                told = hints.net(low) or hints.gross(high) or hints.says(low, "tax") or hints.says(high, "tax")
                if not told or hints.gross(low) or hints.net(high):
                    continue
                rate = tax_rate(self.table.numbers(low), self.table.numbers(high))
                if rate is None:
                    continue
                why = f"{high} is {low} with tax on {rate[0]:,} of {rate[1]:,} rows"
                self._put("amount", low, why)
                self._put("gross", high, why)
                self.parts.add("tax")
                self.per_row.add("tax")
                return

    def _alone(self) -> None:
        """An amount that names propose but that belongs to the order, where rows have amounts of their own."""
        amount = self.columns.get("amount", self.named.get("amount"))
        if amount is None or amount not in self.level:
            return
        own = [h for h, kind in self.kinds.items() if kind == "money" and h not in self.level]
        price, quantity = self.named.get("unit_price"), self.named.get("quantity")
        why = f"{amount} is the same on all rows of an order, so it is the order's"
        if price in own and quantity is not None:
            self._put("amount", None, why)
            self._put("total", amount, why)
        elif len(own) == 1:
            self._put("amount", own[0], why)
            self._put("total", amount, why)
