"""Amounts with and without tax beside a quantity: those of the line, or of one piece of it.

“Net + Tax = Gross” holds for both. The order's total tells which, else what stays the same for a product that is bought
in different quantities, else whether amounts can be divided by their quantities to the cent. What none of these tells
is asked, unless the header says that an amount is the line's.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from typing import Literal

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.amount_forms import grain_by_product, tax_rate
from segmentation.meaning.arithmetic import HOLDS, LEAST_ROWS, Identity, Numbers
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.proposals import Proposals
from segmentation.meaning.questions import Question

Grain = Literal["piece", "line"]
_DIVIDED = 0.9
"""Amounts of lines are their quantities times a price; of amounts of pieces every second or third can be divided."""


def grain_of(table: TableProfile, named: Table[str, str], headers: tuple[str, ...]) -> Grain | None:
    """Whether amounts, the same ones without and with tax, are those of a piece or of a line; None where the rows do
    not tell."""
    quantity = table.numbers(named["quantity"])
    if "product" in named:
        codes = table.codes(named["product"])
        said = {grain_by_product(table.numbers(header), quantity, codes) for header in headers} - {None}
        if len(said) == 1:
            return said.pop()
    return "line" if any(_divides(table.numbers(header), quantity) for header in headers) else None


def net_price(table: TableProfile, price: str, lines: list[Identity], taxes: Table[str, bool]) -> str | None:
    """The column that says a price without tax: price = it + a tax of each row, or a rate above it by its name. `taxes`
    are the headers that may be taxes."""
    for one in lines:
        if one.total == price and len(one.base) == 1 and one.terms and all(taxes.get(t.header) for t in one.terms):
            return one.base[0]
    for header in taxes:
        if header == price or taxes[header] or hints.gross(header) or hints.net(price):
            continue
        if not (hints.net(header) or hints.gross(price)):
            continue
        if tax_rate(table.numbers(header), table.numbers(price)) is not None:
            return header
    return None


def piece_or_line_with_tax(
    table: TableProfile, proposals: Proposals, identities: tuple[Identity, ...]
) -> tuple[Question, ...]:
    """The question whether an amount beside its tax is the line's or one piece's, where nothing tells."""
    have = proposals.headers
    amount, whole = have.get("amount"), have.get("gross") or have.get("total")
    if amount is None or whole is None or "quantity" not in have or "unit_price" in have:
        return ()
    of_rows = "gross" in have or any(one.base == (amount,) and one.total == whole and not one.summed
                                     and "tax" in have for one in identities)  # fmt: skip
    if not of_rows or any(one.summed for one in identities) or _says_line(amount) or _says_line(whole):
        return ()
    quantity = table.numbers(have["quantity"])
    telling = int(((quantity > 1) & ~np.isnan(table.numbers(amount))).sum())
    if telling < LEAST_ROWS or grain_of(table, have, (amount, whole)) is not None:
        return ()
    choices = ((f"amount={amount}", "the whole line's"), (f"unit_price={amount}", "the price of one piece"))
    return (Question("column", amount, "line total or the unit price", choices),)


def _says_line(header: str) -> bool:
    """Whether a header names what a whole line comes to, or a sum."""
    return hints.grain(header) == "line" or hints.total(header) or hints.subtotal(header)


def _divides(amounts: Numbers, quantity: Numbers) -> bool:
    """Whether amounts are whole cents for each piece of their rows, more often than those of pieces would be."""
    usable = ~np.isnan(amounts) & ~np.isnan(quantity) & (quantity > 1) & (quantity == np.round(quantity))
    if usable.sum() < LEAST_ROWS:
        return False
    pieces, cents = quantity[usable], np.round(100 * np.abs(amounts[usable]))
    even = float(np.mean(np.mod(cents, pieces) == 0))
    round_prices = float(np.mean(np.mod(cents, 50) == 0))  # 5.00 and 7.50 can be divided whatever they are of
    return even >= _DIVIDED * HOLDS and round_prices < 0.5


__all__ = ["Grain", "grain_of", "net_price", "piece_or_line_with_tax"]
