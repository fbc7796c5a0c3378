"""Long forms: a row for each kind of money of a sale, as settlements have them: goods, tax, shipping, commission.

Such a column is told by its rows: within a sale no kind comes twice, one kind is in all sales, and others are the same
share of it, or the same amount, everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Table
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.meaning import hints
from segmentation.meaning.arithmetic import CENT
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.registers import joined
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.products import row_of
from segmentation.meaning.word_columns import few_words
from segmentation.notation.shares import CONSISTENT

_FEWEST, _AMOUNTS = 5, 3
"""Sales, and different amounts of goods in them, from which on it is no chance that kinds go with each other."""
_MOSTLY = 0.8
_MAY_BE = frozenset({"product", "category", "channel", "status", "refund", "discount"})
_OF_ROW = {"shipping": "shipping", "fee": "fee", "tip": "fee", "deposit": "fee", "tax": "tax", "coupon": "sale"}
_OF_KIND = {"fee": "fee", "shipping": "shipping", "sale": "sale"}

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MoneyKinds:
    """The column of kinds, and the text of the kind that is in all sales: the goods."""

    header: str
    goods: str


def money_kinds(table: TableProfile, columns: Table[str, str]) -> MoneyKinds | None:
    """The column of kinds of money; None where a row is a line of an order."""
    about = tuple(sorted(columns.items()))
    return table.once("money kinds", about, lambda: _found(table, columns))


def money_of(text: str) -> str | None:
    """What a kind of money is by its words: sale (of goods), shipping, tax, fee; None where nobody knows."""
    row, kind = row_of(text), kind_of(text)
    return _OF_ROW.get(row or "") or _OF_KIND.get(kind or "")


def _found(table: TableProfile, columns: Table[str, str]) -> MoneyKinds | None:
    amount = columns.get("amount")
    if amount is None or "order" not in columns or "unit_price" in columns:
        return None
    amounts = table.numbers(amount)
    taken = {header for meaning, header in columns.items() if meaning not in _MAY_BE}
    best: tuple[float, MoneyKinds] | None = None
    for header, profile in table.columns.items():
        if header in taken or not _may_be_kinds(profile, header == columns.get("product")):
            continue
        beside = [columns[one] for one in ("product", "line", "date") if columns.get(one) not in {None, header}]
        sales = joined(table.codes(columns["order"]), *(table.codes(one) for one in beside))
        beside_goods = {code for code, text in enumerate(table.texts(header)) if money_of(text) not in {None, "sale"}}
        alone, goods = _goods(sales, table.codes(header), amounts, beside_goods)
        if goods is not None and (best is None or alone > best[0]):
            best = alone, MoneyKinds(header, table.texts(header)[goods])
    return best[1] if best is not None else None


def _may_be_kinds(profile: ColumnProfile, product: bool) -> bool:
    if not few_words(profile) or profile.full < 0.95 or profile.dates >= CONSISTENT:
        return False
    return not product or not hints.says(profile.header, "product")


def _goods(sales: Codes, kinds: Codes, amounts: npt.NDArray[np.float64], known: set[int]) -> tuple[float, int | None]:
    """How many rows are alone of their kind in their sale, and the kind that others are shares of; `known` are kinds
    whose words say that they are none."""
    usable = (sales >= 0) & (kinds >= 0) & ~np.isnan(amounts)
    places: dict[tuple[int, int], float] = {}
    for sale, kind, amount in zip(sales[usable], kinds[usable], amounts[usable], strict=True):
        places.setdefault((int(sale), int(kind)), float(amount))
    of_sale: dict[int, dict[int, float]] = {}
    for (sale, kind), amount in places.items():
        of_sale.setdefault(sale, {})[kind] = amount
    alone = len(places) / max(1, int(usable.sum()))
    several = [one for one in of_sale.values() if len(one) > 1]
    if alone < _MOSTLY or len(several) < max(_FEWEST, _MOSTLY * len(of_sale)):
        return alone, None
    held = Counter(kind for one in several for kind in one)
    whole = [kind for kind, count in held.items() if count >= _MOSTLY * len(several) and kind not in known]
    whole.sort(key=lambda kind: -sum(abs(one.get(kind, 0.0)) for one in several))
    for goods in whole[:1]:
        if len({round(one[goods], 2) for one in several if goods in one}) < _AMOUNTS:
            return alone, None
        if any(_goes_with(several, goods, kind, known=kind in known) for kind in held if kind != goods):
            return alone, goods
    return alone, None


def _goes_with(sales: list[dict[int, float]], goods: int, kind: int, *, known: bool) -> bool:
    """Whether a kind is the same share of the goods in most sales, less than all of them; or the same amount, where it
    is taken off or its words say what it is."""
    both = np.array([(one[goods], one[kind]) for one in sales if goods in one and kind in one and abs(one[goods]) > 1])
    if len(both) < _FEWEST or len(np.unique(np.round(both[:, 0], 2))) < _AMOUNTS:
        return False
    whole, part = both[:, 0], both[:, 1]
    usual, middle = float(np.median(part / whole)), float(np.median(part))
    alike = (known or middle < 0) and float((np.abs(part - middle) < CENT).mean()) >= _MOSTLY
    share = np.abs(part - usual * whole) <= CENT + 0.002 * np.abs(whole)
    return bool(alike or (0 < abs(usual) < 1 and share.mean() >= _MOSTLY))


__all__ = ["MoneyKinds", "money_kinds", "money_of"]
