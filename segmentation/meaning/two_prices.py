"""Two prices of the same goods, of which one was paid: before and after, was and now, compare at and sale.

One is never below the other, they agree on some rows and differ on others, and no total says which was paid. Where the
header of one does not say that goods were only offered at it, a person is asked.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from segmentation.meaning import hints
from segmentation.meaning.amount_forms import grain_by_product
from segmentation.meaning.arithmetic import HOLDS, LEAST_ORDERS
from segmentation.meaning.conclusions import Proven
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import BY_VALUES, Proposals
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.headers import tokens

_AGREE = 0.1
"""A price was lowered on some rows only: on so large a part of them, at least, both are the same."""
_LOWEST = 0.1
"""Nobody sells for less than a tenth of what goods cost before."""
_PAID = frozenset({"sale", "net", "paid", "final", "actual", "effective", "charged", "special", "promo", "aktionspreis",
                   "verkaufspreis", "bezahlt", "paye", "pagado", "pagato", "betaald", "netto", "actueel"})  # fmt: skip
_OFFERED = frozenset({"compare", "msrp", "rrp", "uvp", "list", "regular", "retail", "original", "recommended",
                      "suggested", "catalogue", "catalog"})  # fmt: skip
"""Words for a price that was paid, and for one that goods are offered at."""


def priced_twice(table: TableProfile, proposals: Proposals) -> None:
    """Take one of two such columns for the price where no header says what either is, unless products prove them to be
    the lines'."""
    have = proposals.headers
    if {"amount", "unit_price"} & have.keys() or not {"quantity", "product"} <= have.keys():
        return
    free = [
        header for header, profile in table.columns.items() if header not in have.values() and _may_be(header, profile)
    ]
    for one, other in combinations(free, 2):
        if _beside(table, one, other) and "line" not in {_grain(table, proposals, header) for header in (one, other)}:
            proposals.put("unit_price", one, BY_VALUES, f"it stands beside {other} as one price beside another")
            return


def two_prices(table: TableProfile, proposals: Proposals, proven: Proven) -> tuple[Question, ...]:
    """The question which of two prices was paid, where nothing in the file says so."""
    have = proposals.headers
    meaning = "unit_price" if "amount" not in have else "amount"
    taken = have.get(meaning)
    if taken is None or "product" not in have or proven.columns.get(meaning) == taken:
        return ()
    if meaning == "amount" and not hints.says(taken, "unit_price"):
        return ()
    for header, profile in table.columns.items():
        if header in have.values() or not _may_be(header, profile) or not _beside(table, taken, header):
            continue
        if _offered(header) != _offered(taken) and (_paid(taken) or _paid(header)):
            if _offered(taken):
                why = f"it was paid, while {taken} is what goods are offered at"
                proposals.put(meaning, header, proposals.sure[meaning], why)
            return ()
        choices = tuple((f"{meaning}={one}", f"“{one}” was paid") for one in (taken, header))
        if meaning == "unit_price" and not hints.says(taken, meaning) and _grain(table, proposals, taken) is None:
            choices = tuple((value, f"{said} for each piece") for value, said in choices)
            choices += tuple((f"amount={one}", f"“{one}” was paid for the line") for one in (taken, header))
        return (Question("column", taken, "price that was paid", choices),)
    return ()


def _grain(table: TableProfile, proposals: Proposals, header: str) -> str | None:
    """Whether products prove that a column is the price of one piece, or the amount of the line."""
    quantity, products = table.numbers(proposals.headers["quantity"]), table.codes(proposals.headers["product"])
    return grain_by_product(table.numbers(header), quantity, products)


def _may_be(header: str, profile: ColumnProfile) -> bool:
    """Whether a column without a meaning may be a price: money that is neither a cost nor beside the goods."""
    if (
        profile.empty
        or profile.numbers < 0.9
        or profile.days
        or profile.full < 0.9
        or hints.cost(header)
        or hints.fee(header)
    ):
        return False
    return hints.part_of(header) not in {"shipping", "tax"} and not hints.never_money(header)


def _beside(table: TableProfile, one: str, other: str) -> bool:
    """Whether one of two prices is never below the other, and is the same on some rows and more on others."""
    first, second = table.numbers(one), table.numbers(other)
    both = ~np.isnan(first) & ~np.isnan(second) & (first > 0) & (second > 0)
    high, low = np.maximum(first, second)[both], np.minimum(first, second)[both]
    if not len(high) or not (table[one].decimals or table[other].decimals):
        return False
    lowered = high - low > 0.005
    if lowered.sum() < LEAST_ORDERS or (~lowered).mean() < _AGREE or np.any(low < _LOWEST * high):
        return False
    way = float(np.mean(first[both] >= second[both] - 0.005)), float(np.mean(second[both] >= first[both] - 0.005))
    return max(way) >= HOLDS


def _offered(header: str) -> bool:
    return hints.list_price(header) or bool(_OFFERED & set(tokens(header)))


def _paid(header: str) -> bool:
    return bool(_PAID & set(tokens(header)))


__all__ = ["priced_twice", "two_prices"]
