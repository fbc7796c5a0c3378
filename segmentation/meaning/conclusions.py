"""From identities to meanings: what the arithmetic of a file says of its columns."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.amount_forms import is_tax, tax_rate
from segmentation.meaning.arithmetic import CENT, HOLDS, Form, Identity, Numbers, Term
from segmentation.meaning.order_codes import order_codes
from segmentation.meaning.piece_amounts import grain_of, net_price
from segmentation.meaning.profiles import TableProfile

PARTS: dict[str, tuple[tuple[int, ...], bool]] = {
    "shipping": ((1,), False),
    "tax": ((1,), False),
    "order_discount": ((-1,), True),
    "discount": ((-1,), True),
    "fee": ((1,), False),
    "tip": ((1,), False),
}
"""The sign of each amount beside goods, and whether it is a discount."""

_FEW = 0.8
"""A smaller share of the rows than this has an amount only where it is not each row's own."""
_HELD, _SOME = 3, 0.1
"""Orders, and their share of all, on which rows must come to an amount that is more on the others."""


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


class Reasoning:
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
        self._of_pieces(lines)
        self._alone()
        self._of_some_orders()
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
        return bool(one.terms) and all(self._part(term, one) in {"fee", "other", "money"} for term in one.terms)

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
            part = self._part(term, one)
            if part in {"fee", "tip"} or self._only_lowers(term.header):  # neither goods nor their delivery
                continue
            meaning = part if part in {"shipping", "tax"} else "shipping"
            if meaning in self.parts:  # a second of its kind: fees beside shipping
                continue
            self._put(meaning, term.header, one.proof)
            self.parts.add(meaning)
            if per_row:
                self.per_row.add(meaning)

    def _only_lowers(self, header: str) -> bool:
        """Whether amounts are written as less on all rows that have one."""
        given = self.table.numbers(header)
        return bool(np.all(given[~np.isnan(given)] <= 0))

    def _part(self, term: Term, one: Identity | None = None) -> str:
        """What a term of an identity is, by its name; of `one` also by its sums, where no name says more."""
        kind = self.kinds.get(term.header, "")
        if kind in {"discount", "order_discount"} or term.sign < 0:
            return "discount"
        kind = kind or "other"
        return "tax" if one is not None and kind in {"fee", "other", "money"} and self._taxes(term, one) else kind

    def _taxes(self, term: Term, one: Identity) -> bool:
        """Whether the only term beside an amount is tax by its rates."""
        if one.summed or len(one.terms) != 1 or term.form != "money":
            return False
        net = self.table.numbers(one.total) - self.table.numbers(term.header)
        return is_tax(net, self.table.numbers(one.total))

    def _one_row_orders(self) -> bool:
        """Whether every order is one row, so that its amounts and the row's are the same."""
        if "order" not in self.named:
            return True
        profile = self.table[self.named["order"]]
        return profile.distinct >= 0.99 * profile.filled

    def _net_before_gross(self) -> None:
        """Where an amount with tax stands beside one without: the one without, and the tax is the difference."""
        amount = self.columns.get("amount", self.named.get("amount"))
        priced = self.named.get("unit_price") is not None and self.named.get("quantity") is not None
        if "tax" in self.parts or (amount is None and ("amount" in self.columns or priced)):
            return
        amounts = [h for h, kind in self.kinds.items() if kind not in {"quantity", "cost", "no", *PARTS}]
        for low, high in permutations(amounts, 2):
            if amount not in {None, low, high} or hints.gross(low) or hints.net(high):
                continue
            taxed = hints.net(low) or hints.gross(high) or hints.says(low, "tax") or hints.says(high, "tax")
            if not (taxed or hints.subtotal(low)):
                continue
            rate = tax_rate(self.table.numbers(low), self.table.numbers(high))
            if rate is not None:
                why = f"{high} is {low} with tax on {rate[0]:,} of {rate[1]:,} rows"
                self._put("amount", low, why)
                self._put("gross", high, why)
                self.parts.add("tax")
                self.per_row.add("tax")
                return

    def _of_pieces(self, lines: list[Identity]) -> None:
        """Amounts beside their tax that are those of one piece, and prices of which another column is without tax."""
        price, amount, quantity = (self.columns.get(one) for one in ("unit_price", "amount", "quantity"))
        quantity = quantity or self.named.get("quantity")
        beside = {h: kind == "tax" for h, kind in self.kinds.items() if kind in {"tax", "money", "", "fee"}}
        of_rows = [one for one in lines if len(one.base) == 1 and any(beside.get(term.header) for term in one.terms)]
        summed = any(one.summed and one.base[1:] == (price,) for one in self.used)
        if price is not None and (summed or amount is None):
            net = net_price(self.table, price, of_rows, beside)
            if net is not None or any(one.base == (price,) for one in of_rows):
                why = f"{price} is {net} with tax, for each piece" if net is not None else self.why["unit_price"]
                self._priced_by(net or price, why, ("amount", "tax") if summed else ("tax",))
        elif price is None and amount is not None and quantity is not None and "tax" in self.per_row:
            whole = self.columns.get("gross") or self.columns.get("total")
            if whole is None or any(one.summed for one in self.used):
                return
            if grain_of(self.table, {**self.named, "quantity": quantity}, (amount, whole)) == "piece":
                why = f"{amount} is that of one piece: only so a product has one price"
                self._priced_by(amount, why, ("amount", "tax", "total", "gross"))

    def _priced_by(self, price: str, why: str, but: tuple[str, ...]) -> None:
        """Take a price of pieces without tax, and nothing for other meanings."""
        self._put("unit_price", price, why)
        for meaning in but:
            self._put(meaning, None, why)
        self.parts.discard("tax")
        self.per_row.discard("tax")

    def _alone(self) -> None:
        """An amount that names propose but that belongs to the order, where rows have amounts of their own."""
        amount = self.columns.get("amount", self.named.get("amount"))
        if amount is None:
            return
        if amount not in self.level:
            self._priced(amount)
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

    def _of_some_orders(self) -> None:
        """An amount of the order that its rows come to in some orders, and less in the others: its total, where rows of
        those are missing."""
        if not self.level or "total" in self.columns or "total" in self.named:
            return
        goods, said = self._goods()
        if goods is None:
            return
        orders = order_codes(self.table, self.named)
        _, first, order = np.unique(orders, return_index=True, return_inverse=True)
        sums = np.bincount(order, weights=np.nan_to_num(goods))
        for header in sorted(self.level):
            if self.kinds.get(header) != "money" or header in said:
                continue
            left = self.table.numbers(header)[first] - sums
            told = (orders[first] >= 0) & ~np.isnan(left)
            held, less = int((np.abs(left[told]) <= CENT).sum()), int((left[told] > CENT).sum())
            if held >= max(_HELD, _SOME * told.sum()) and less and held + less >= HOLDS * told.sum():
                why = f"{' × '.join(said)} of an order's rows is {header} on {held:,} of {told.sum():,} orders"
                self._put("total", header, f"{why}, and less on the others")
                return

    def _goods(self) -> tuple[Numbers | None, tuple[str, ...]]:
        """What each row comes to, and the columns that say so."""
        have = {**self.named, **self.columns}
        amount, price, quantity = have.get("amount"), have.get("unit_price"), have.get("quantity")
        if amount is not None:
            return (None, ()) if amount in self.level else (self.table.numbers(amount), (amount,))
        if price is None or quantity is None:
            return None, ()
        return self.table.numbers(quantity) * self.table.numbers(price), (quantity, price)

    def _priced(self, amount: str) -> None:
        """An amount that many rows leave out, where all have a quantity and a price: it is of several rows at once."""
        price = self.columns.get("unit_price", self.named.get("unit_price"))
        quantity = self.columns.get("quantity", self.named.get("quantity"))
        if price is None or quantity is None or amount in {price, quantity}:
            return
        filled, priced = self.table[amount].filled, min(self.table[price].filled, self.table[quantity].filled)
        if filled >= _FEW * self.table.rows or priced < 0.98 * self.table.rows:
            return
        why = f"{amount} stands on {filled:,} of {self.table.rows:,} rows, {quantity} and {price} on all"
        self._put("amount", None, why)
        self._put("total", amount, why)
