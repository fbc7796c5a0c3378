"""How the discounts of a table are written, and whether its amounts are what is left after them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.amount_forms import discount_form, discount_given
from segmentation.meaning.arithmetic import CENT, Form, Numbers
from segmentation.meaning.conclusions import Proven
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question

_ENOUGH = 5
"""Rows on which a reading makes a difference, from which on it is worth a question."""
_FORMS = {
    "money": "an amount of money",
    "piece": "money for each piece",
    "share": "a share, 0.2 for a fifth",
    "percent": "percent, 20 for a fifth",
}


@dataclass(frozen=True, slots=True)
class Discounts:
    """The form of a discount; `taken` says that the amounts are what is left after it."""

    form: Form = "money"
    taken: bool = True
    questions: tuple[Question, ...] = ()
    proofs: tuple[str, ...] = ()


def discounts(table: TableProfile, mapping: Mapping, proven: Proven, *, priced: bool) -> Discounts:
    """The discounts of a mapped table; `priced`: its amounts are quantity × price. `proven` holds for the mapping."""
    if mapping.discount is None:
        return Discounts()
    return _Reading(table, mapping, proven, mapping.discount).read(priced)


def before_discount(table: TableProfile, mapping: Mapping) -> Numbers:
    """The amounts that a discount is taken off, as far as the columns tell."""
    if mapping.quantity and mapping.unit_price:
        return table.numbers(mapping.quantity) * table.numbers(mapping.unit_price)
    header = mapping.amount or mapping.unit_price
    return table.numbers(header) if header else np.array([])


class _Reading:
    def __init__(self, table: TableProfile, mapping: Mapping, proven: Proven, header: str) -> None:
        self.table, self.mapping, self.choices, self.proven = table, mapping, mapping.choices, proven
        self.header = header
        self.pieces = table.numbers(mapping.quantity) if mapping.quantity else None
        self.asked: list[Question] = []
        self.proofs: list[str] = []

    def read(self, priced: bool) -> Discounts:
        taken = self._taken(priced)
        form = self._form(self.header, taken)
        return Discounts(form, taken, tuple(self.asked), tuple(self.proofs))

    def _taken(self, priced: bool) -> bool:
        if self.choices.discount_taken is not None:
            return self.choices.discount_taken == "yes"
        if self.proven.discount_taken is not None:
            return self.proven.discount_taken
        return not priced and self._taken_by_price()

    def _taken_by_price(self) -> bool:
        """Whether a product has one price before discounts or after them; asked where quantity × price is the amount
        whatever the discount, and prices tell nothing."""
        amount, price, product, pieces = self.mapping.amount, self.mapping.unit_price, self.mapping.product, self.pieces
        if amount is None:
            return True
        off = self.table.numbers(self.header)
        if product is not None:
            codes = self.table.codes(product)
            given = discount_given(self.table.numbers(amount), pieces, off, codes)
            if given is not None:
                taken, held, judged = given
                when = "before" if taken else "whatever"
                self.proofs.append(f"{held:,} of {judged:,} products have one price {when} their {self.header}")
                return taken
        if pieces is None or price is None:
            return True
        telling = (np.abs(np.nan_to_num(off)) > 0.005) & ~np.isnan(pieces)
        left = np.abs(pieces * self.table.numbers(price) - self.table.numbers(amount))[telling]
        if len(left) >= _ENOUGH and float(np.mean(left <= CENT)) >= 0.98:
            example = self.table[self.header].texts[0]
            self._ask(
                "discount_taken", self.header, example, ("yes", "taken off already"), ("no", "yet to be taken off")
            )
        return True

    def _form(self, header: str, taken: bool) -> Form:
        if self.choices.discount is not None:
            return self.choices.discount  # type: ignore[return-value]
        if self.proven.discount is not None and self.proven.columns.get("discount") == header:
            return self.proven.discount
        numbers = self.table.numbers(header)
        off = np.abs(numbers[~np.isnan(numbers)])
        off = off[off > 0]
        if not len(off):
            return "money"
        if hints.in_percent(header) or self.table[header].share(lambda text: text.endswith("%")) > 0.5:
            return "share" if off.max() <= 1 else "percent"
        by_product = self._by_product(numbers) if taken else None
        if by_product is not None:
            return by_product
        fitting = _fitting(off, before_discount(self.table, self.mapping))
        if hints.says_money(header):
            return "money"
        if hints.piece(header):
            return "piece"
        if "share" in fitting and hints.share(header):
            return "share"
        if fitting == ["money"] and not taken:
            fitting = self._whose(numbers)
        if len(fitting) == 1:
            return fitting[0]
        if len(off) < _ENOUGH:
            return "money"
        example = self.table[header].texts[0]
        nonzero = next((t for t in self.table[header].texts if any(c in "123456789" for c in t)), example)
        self._ask("discount", header, nonzero, *((one, _FORMS[one]) for one in fitting))
        return "money"

    def _whose(self, numbers: Numbers) -> list[Form]:
        """Whether money is taken off the line or each piece: by which of the two it is a round share of, and as nobody
        takes off more than a price. Both where the rows do not tell."""
        if self.pieces is None or self.mapping.unit_price is None:
            return ["money"]
        off, price = np.abs(np.nan_to_num(numbers)), np.abs(np.nan_to_num(self.table.numbers(self.mapping.unit_price)))
        telling = (off > 0) & (np.nan_to_num(self.pieces) > 1) & (price > 0)
        if telling.sum() < _ENOUGH or np.any(off[telling] > price[telling] + CENT):
            return ["money"]
        if _round_shares(off[telling], (price * self.pieces)[telling]) >= 0.9:  # so of each piece too, mostly
            return ["money"]
        return ["piece"] if _round_shares(off[telling], price[telling]) >= 0.9 else ["money", "piece"]

    def _by_product(self, numbers: Numbers) -> Form | None:
        amount, product = self.mapping.amount, self.mapping.product
        if amount is None or product is None:
            return None
        form, held, judged = discount_form(self.table.numbers(amount), self.pieces, numbers, self.table.codes(product))
        if form is not None:
            self.proofs.append(
                f"with {self.mapping.discount} as {_FORMS[form]}, {held} of {judged} products have one price"
            )
        return form

    def _ask(self, setting: str, header: str, example: str, *choices: tuple[str, str]) -> None:
        self.asked.append(Question(setting, header, example, choices))


def _round_shares(off: Numbers, whole: Numbers) -> float:
    """On how many rows a discount is a share in steps of 5 % of the whole, to the cent."""
    steps = 20 * off / whole
    return float(np.mean((np.abs(steps - np.round(steps)) <= 20 * CENT / 2 / whole) & (np.round(steps) > 0)))


def _fitting(off: Numbers, gross: Numbers) -> list[Form]:
    """The forms that discounts of this size may have. Numbers up to 1 beside amounts far larger are shares: nobody
    takes five cents off all he sells."""
    round_ = float(np.mean(np.abs(off * 20 - np.round(off * 20)) < 1e-6))
    whole = bool(np.all(np.abs(off - np.round(off)) < 1e-9))
    usual = float(np.nanmedian(np.abs(gross))) if len(gross) and not np.all(np.isnan(gross)) else 0.0
    if off.max() <= 1 and off.min() < 1:
        if usual >= 30 * float(np.median(off)):
            return ["share"]
        return ["money", "share"] if round_ > 0.95 else ["money"]
    if off.max() <= 100 and whole and np.mean(off % 5 == 0) > 0.8:
        return ["money", "percent"]
    return ["money"]
