"""How the amounts of a mapped table are to be taken: the line's or the order's, before or after which discount, whose
cost, with what inside. Proven by the rows where they can, else said by the header, else asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.amount_forms import cost_form, hundredfold
from segmentation.meaning.amounts_of import LEAST_ORDERS, beside, little, own_of_rows, standing, whose_amount
from segmentation.meaning.arithmetic import CENT, HOLDS, Codes, Form, Numbers
from segmentation.meaning.conclusions import Proven
from segmentation.meaning.discounts import before_discount, discounts
from segmentation.meaning.event_logs import event_log
from segmentation.meaning.mapping import ORDER_LEVEL, Mapping
from segmentation.meaning.money import prove
from segmentation.meaning.naming import returned_pieces
from segmentation.meaning.order_codes import one_each, order_codes
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.tax_inside import Held, held_tax, of_orders
from segmentation.notation.shares import CONSISTENT

_ENOUGH = 5
"""Rows on which a reading makes a difference, from which on it is worth a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """What `engine.importing.plan.ParsePlan` says of the same names; `questions` are what is open, `proofs` why the
    rest is not."""

    amount_of: Literal["line", "price", "order"] = "line"
    cents: bool = False
    discount_form: Form = "money"
    discounted: bool = True
    cost_of: Literal["piece", "line"] = "piece"
    parts: tuple[str, ...] = ()
    per_row: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    first_row: tuple[str, ...] = ()
    events: bool = False
    left_of_total: bool = False
    returned_pieces: bool = False
    questions: tuple[Question, ...] = ()
    proofs: tuple[str, ...] = ()

    @property
    def settled(self) -> tuple[object, ...]:
        """What decides what the amounts mean."""
        return self.amount_of, self.events, self.cents, self.discount_form, self.discounted, self.cost_of, self.inside


def forms(table: TableProfile, mapping: Mapping, platform: Platform | None, words: tuple[str, ...] = ()) -> Forms:
    """The forms of a mapped table. Those of a known export are known. `words` are columns that say what a row is."""
    if platform is not None:
        return Forms(
            amount_of="price" if mapping.amount is None and not platform.packed else "line",
            discounted=mapping.amount is not None,
            parts=tuple(part for part in ORDER_LEVEL if getattr(mapping, part) is not None),
            per_row=platform.per_row,
            inside=platform.included,
            first_row=_ALL if platform.fill_down else (),
            cost_of="line" if "unit_cost" in platform.of_line else "piece",
            left_of_total=platform.left_of_total,
        )
    return _Forming(table, mapping, words).formed()


_ALL = ("customer_id", "ordered_at", "currency", "channel", "status", "state")


class _Forming:
    """The forms of one table, with what is asked on the way."""

    def __init__(self, table: TableProfile, mapping: Mapping, words: tuple[str, ...]) -> None:
        self.words = words
        self.table, self.mapping, self.choices = table, mapping, mapping.choices
        self.proven: Proven = prove(table, mapping.columns())
        self.log = event_log(table, mapping.columns())
        self.tax: Held | None = None
        self.agrees = all(header is None or getattr(mapping, meaning) == header
                          for meaning, header in self.proven.columns.items())  # fmt: skip
        self.asked: list[Question] = []
        self.proofs: list[str] = []

    def formed(self) -> Forms:
        mapping = self.mapping
        amount_of = self._amount_of()
        inside = self._inside(amount_of)
        off = discounts(self.table, mapping, self.proven if self.agrees else Proven(), priced=amount_of == "price")
        self.asked += off.questions
        self.proofs += off.proofs
        return Forms(
            amount_of=amount_of,
            cents=self._cents(),
            discount_form=off.form,
            discounted=off.taken,
            cost_of=self._cost(),
            parts=self._parts(inside),
            per_row=self._per_row(inside, amount_of),
            inside=inside,
            first_row=self._first_row() if mapping.order else (),
            events=self.log is not None and amount_of == "order",
            left_of_total=mapping.refunded is not None and hints.left_over(mapping.refunded),
            returned_pieces=mapping.refunded is not None and returned_pieces(mapping.refunded),
            questions=tuple(self.asked),
            proofs=(*self.proven.proofs, *self.proofs),
        )

    # Amounts -------------------------------------------------------------------------------------------------

    def _amount_of(self) -> Literal["line", "price", "order"]:
        amount = self.mapping.amount
        if amount is None:
            return "price"
        if self.choices.amount_of is not None:
            return "order" if self.choices.amount_of == "order" else "line"
        if self.log is not None:
            return self._amount_of_events(amount)
        stand = None if self.mapping.order is None else standing(self.table, self.mapping.columns(), amount)
        level = amount in self.proven.order_level
        if stand is None or not (level or 0 < stand.orders == stand.constant < LEAST_ORDERS):
            return "line"
        whose = "order" if stand.stated_once else whose_amount(self.table, self.mapping, amount)
        if whose is None and not little(self.table, self.mapping, amount):
            self._ask("amount_of", amount, amount, ("line", "each row's own"), ("order", "the order's, once"))
        elif whose == "order":
            self.proofs.append(f"{amount} is the same on all rows of an order, so it counts once")
        return whose or "line"

    def _amount_of_events(self, amount: str) -> Literal["line", "order"]:
        """An amount that stands alike on rows of an order that lie apart in time."""
        if self.log is not None and self.log.sure and self.log.header == self.mapping.status:
            self.proofs.append(f"{amount} is the same on all events of an order, so it counts once")
            return "order"
        self._ask("amount_of", amount, amount, ("line", "each row's own"), ("order", "the order's, once"))
        return "line"

    def _cents(self) -> bool:
        if self.choices.amounts_in is not None:
            return self.choices.amounts_in == "cents"
        header = self.mapping.amount or self.mapping.unit_price
        if header is None:
            return False
        if (units := self._in_units(header)) is not None:
            self.proofs.append(f"{header} is {units} in hundredths on every row")
            return True
        if not hints.in_cents(header):
            return False
        profile = self.table[header]
        if profile.whole >= 0.99:
            self.proofs.append(f"{header} is in hundredths: its header says so, and its values are whole numbers")
            return True
        example = profile.texts[0] if profile.texts else ""
        self._ask("amounts_in", header, example, ("units", f"{example}"), ("cents", f"a hundredth of {example}"))
        return False

    def _in_units(self, header: str) -> str | None:
        """A column that says the same amounts in whole units."""
        cents = self.table.numbers(header)
        for other, profile in self.table.columns.items():
            if other != header and profile.numbers >= 0.9 and hundredfold(cents, self.table.numbers(other)):
                return other
        return None

    def _has_part(self, part: str) -> bool:
        return getattr(self.mapping, part) is not None or (part == "tax" and self.mapping.gross is not None)

    def _parts(self, inside: tuple[str, ...]) -> tuple[str, ...]:
        """The amounts beside the goods: those that take something off, those that are proven, those that the amount
        holds, and those that count."""
        mapping = self.mapping
        have = [part for part in ORDER_LEVEL if self._has_part(part)]
        always = {"refunded", "order_discount", *inside}
        if self.proven.parts and self.agrees:
            always |= {*self.proven.parts, "total"}
        if mapping.order is not None and mapping.total in self.proven.order_level - {mapping.amount}:
            always.add("total")  # what rows are held against
        return tuple(
            part for part in have if part in always or (part in {"shipping", "tax"} and mapping.choices.counts(part))
        )

    def _per_row(self, inside: tuple[str, ...], amount_of: str) -> tuple[str, ...]:
        """The parts that are each row's own: proven, or held by the amount of each row."""
        held = inside if amount_of == "line" else ("tax",) if "tax" in inside else ()
        tax = self.mapping.tax
        if tax is not None and of_orders(self.table, self.mapping.columns(), tax):
            held = tuple(part for part in held if part != "tax")
        back = self.mapping.refunded
        own = ("refunded",) if back is not None and own_of_rows(self.table, self.mapping, back) else ()
        return tuple(part for part in dict.fromkeys((*self.proven.per_row, *held, *own)) if self._has_part(part))

    def _inside(self, amount_of: str) -> tuple[str, ...]:
        """The parts that the amount holds already."""
        mapping = self.mapping
        tax = self._held_tax()
        if tax is not None:
            return tax
        known = {*self.proven.parts, *(["tax"] if self.tax is not None and self.tax.where == "beside" else [])}
        parts = [p for p in ("shipping", "tax") if getattr(mapping, p) is not None and p not in known]
        amount = mapping.amount
        if amount is None or not parts or amount_of == "price":
            return ()
        parts = [p for p in parts if not beside(self.table, mapping, getattr(mapping, p))]
        if self.choices.amount_holds is not None:
            return tuple(parts) if self.choices.amount_holds == "all" else ()
        there = {p: int(np.count_nonzero(np.nan_to_num(self.table.numbers(getattr(mapping, p))))) for p in parts}
        parts = [p for p in parts if there[p] >= min(_ENOUGH, self.table.rows)]
        if not parts or not hints.whole_bill(amount) or self.proven.identities:
            return ()
        named = " and ".join(getattr(mapping, p) for p in parts)
        self._ask("amount_holds", amount, f"“{named}”", ("goods", "goods only"), ("all", f"goods, {named}"))
        return ()

    def _held_tax(self) -> tuple[str, ...] | None:
        """Tax alone, where its rates prove that the amounts hold it; asked where a total leaves it out, and its rates
        prove nothing. None where it is as with other parts."""
        mapping, tax = self.mapping, self.mapping.tax
        amount, said = mapping.amount or mapping.unit_price, mapping.choices.amount_holds
        if tax is None or amount is None or mapping.gross is not None or "tax" in self.proven.parts or said == "goods":
            return None
        self.tax = found = held_tax(self.table, mapping.columns(), tax)
        if found is not None and found.where == "beside":
            return None
        if found is not None and found.where == "inside":
            what = "orders" if found.whole else "rows"
            self.proofs.append(f"{amount} holds {tax} on {found.held:,} of {found.judged:,} {what}, by its rates")
            return ("tax",) if mapping.shipping is None or said != "all" else None
        if not self._left_out(tax) or hints.net(amount):
            return None
        if said == "all" or hints.gross(amount):
            return ("tax",)
        self._ask("amount_holds", amount, f"“{tax}”", ("goods", "goods only"), ("all", f"goods and {tax}"))
        return ()

    def _left_out(self, tax: str) -> bool:
        """Whether a total comes to the goods, and more where other columns say so, without a tax that most orders
        have; and does not say itself that it is without tax."""
        sums = [one for one in self.proven.identities if self.proven.columns.get("total") == one.total]
        there = int(np.count_nonzero(np.nan_to_num(self.table.numbers(tax))))
        used = any(term.header == tax for one in self.proven.identities for term in one.terms)
        if not sums or there < _ENOUGH or used or hints.net(sums[0].total):
            return False
        return not self._billed_on_top(self.table.numbers(sums[0].total), tax)

    def _billed_on_top(self, total: Numbers, tax: str) -> bool:
        """Whether a column is that total and the tax, with shipping or without: then the total leaves it out since it
        comes on top."""
        taxes, sent = np.nan_to_num(self.table.numbers(tax)), self.mapping.shipping
        with_tax, taxed = total + taxes, taxes != 0  # on rows without tax the total itself would be the bill
        bills = [with_tax] if sent is None else [with_tax, with_tax + np.nan_to_num(self.table.numbers(sent))]
        others = (self.table.numbers(h) for h, one in self.table.columns.items() if one.numbers >= CONSISTENT)
        return any((np.abs(other - bill)[taxed] <= CENT).mean() >= HOLDS for other in others for bill in bills)

    def _ask(self, setting: str, header: str, example: str, *choices: tuple[str, str]) -> None:
        self.asked.append(Question(setting, header, example, choices))

    # Cost ----------------------------------------------------------------------------------------------------

    def _cost(self) -> Literal["piece", "line"]:
        mapping, header = self.mapping, self.mapping.unit_cost
        if header is None or self.choices.cost is not None or mapping.quantity is None:
            return "line" if self.choices.cost == "line" else "piece"
        table = self.table
        quantity = table.numbers(mapping.quantity)
        products = table.codes(mapping.product) if mapping.product else None
        amount = table.numbers(mapping.amount) if mapping.amount else before_discount(table, mapping)
        form = cost_form(table.numbers(header), quantity, amount, products)
        if form is not None:
            whose = "of one piece" if form == "piece" else "of the whole line"
            self.proofs.append(f"{header} is the cost {whose}: only so it fits the amounts and quantities")
            return form
        told = hints.cost_of(header)
        if told is not None or int((quantity > 1).sum()) < _ENOUGH:
            return told or "piece"
        example = table[header].texts[0]
        self._ask("cost", header, example, ("piece", "of one piece"), ("line", "of the whole line"))
        return "piece"

    # What stands on the first row ----------------------------------------------------------------------------

    def _first_row(self) -> tuple[str, ...]:
        """The fields that some rows leave to another row of their order."""
        mapping, table = self.mapping, self.table
        assert mapping.order is not None
        orders = order_codes(table, mapping.columns())
        found: list[str] = []
        groups = {
            "customer_id": (mapping.customer, mapping.email, mapping.name, mapping.phone, mapping.last_name),
            "ordered_at": (mapping.date,),
            "currency": (mapping.currency,),
            "channel": (mapping.channel,),
            "status": (mapping.status, mapping.cancelled, *self.words),
        }
        if not one_each(table, mapping.columns()):
            return ()
        profile = table[mapping.order]
        if profile.distinct >= profile.filled:
            return ()
        for field, headers in groups.items():
            columns = [header for header in headers if header is not None]
            if columns and _left_to_others(orders, [table.codes(header) for header in columns], table, columns):
                found += ["status", "state"] if field == "status" else [field]
        return tuple(found)


def _left_to_others(orders: Codes, columns: list[Codes], table: TableProfile, headers: list[str]) -> bool:
    """Whether rows leave a field empty that another row of their order fills: as often as all rows say, where they are
    rare, and as the sampled ones show."""
    if all(table[header].filled >= table.rows for header in headers):
        return False
    filled = np.zeros(len(orders), bool)
    for codes in columns:
        filled |= codes >= 0
    known = orders >= 0
    with_, without = np.unique(orders[known & filled]), np.unique(orders[known & ~filled])
    return bool(len(np.intersect1d(with_, without))) or len(orders) < table.rows
