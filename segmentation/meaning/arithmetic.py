"""What a file's own arithmetic proves: which column is the total of which, how a discount is written, what belongs to
an order and stands on each of its rows.

An identity is judged only on rows where the readings it rules out differ, needs five of them, and must hold on 98 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Form = Literal["money", "piece", "share", "percent"]
FORMS: tuple[Form, ...] = ("money", "piece", "share", "percent")
"""A discount in money for the line, in money for each piece, as a share (0.2) or in percent (20)."""

LEAST_ROWS, LEAST_ORDERS, HOLDS = 5, 3, 0.98
_SEARCHED = 2_000
_MOST_TERMS, _MOST_PARTS = 4, 9
CENT = 0.0151


@dataclass(frozen=True, slots=True)
class Term:
    """One part of an identity: its column, its sign, and for a discount how it is written."""

    header: str
    sign: int
    form: Form = "money"


@dataclass(frozen=True, slots=True)
class Identity:
    """`total` = `base` (one column, or quantity × price; summed over an order's rows where `summed`) and the terms.

    `held` of the `judged` rows (orders where summed) agree, to the cent.
    """

    total: str
    base: tuple[str, ...]
    terms: tuple[Term, ...] = ()
    summed: bool = False
    held: int = 0
    judged: int = 0

    @property
    def proof(self) -> str:
        """The identity as a sentence: “subtotal + shipping = total on 24 of 24 rows”."""
        said = " × ".join(self.base)
        if self.summed:
            said = f"sum of {said} over the order"
        for term in self.terms:
            said += f" {'−' if term.sign < 0 else '+'} {term.header}"
            said += {"money": "", "piece": " a piece", "share": " (a share)", "percent": " (percent)"}[term.form]
        what = "orders" if self.summed else "rows"
        return f"{said} = {self.total} on {self.held:,} of {self.judged:,} {what}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sampled numbers of a table. `quantities` are columns that may count pieces, `moneys` those that may be money,
    `parts` those that may stand beside goods, each with the signs it may have and whether it is a discount; of the
    moneys only `totals` may be what others add up to."""

    numbers: Mapping[str, Numbers]
    quantities: Sequence[str]
    moneys: Sequence[str]
    totals: Sequence[str]
    parts: Mapping[str, tuple[tuple[int, ...], bool]]

    def __getitem__(self, header: str) -> Numbers:
        return self.numbers[header]


def identities(sheet: Sheet) -> list[Identity]:
    """Every total whose parts are found on the rows themselves, the best for each, the surest first."""
    found: list[Identity] = []
    for total in sheet.totals:
        best = _best(sheet, total, list(_bases(sheet, total)))
        if best is not None:
            found.append(best)
    return sorted(found, key=lambda one: (-len(one.base), -one.judged))


def order_identities(sheet: Sheet, orders: Codes, constant: Sequence[str]) -> list[Identity]:
    """Totals of whole orders (`constant` on their rows) that the sums of their rows and the order's parts give."""
    places, groups = _groups(orders)
    if not len(places):
        return []
    found = []
    whole = {header: sheet[header][places] for header in sheet.numbers}
    for total in [one for one in constant if one in sheet.totals]:
        bases = [(base, _sums(values, groups, len(places))) for base, values in _bases(sheet, total, but=constant)]
        several = np.bincount(groups, minlength=len(places)) > 1
        inner = Sheet(
            whole, (), constant, constant, {h: s for h, s in sheet.parts.items() if h in constant and h != total}
        )
        best = _best(inner, total, bases, several)
        if best is not None:
            found.append(Identity(best.total, best.base, best.terms, True, best.held, best.judged))
    return found


def _best(
    sheet: Sheet, total: str, bases: list[tuple[tuple[str, ...], Numbers]], telling: npt.NDArray[np.bool_] | None = None
) -> Identity | None:
    """The identity for `total` that holds with the most judged rows; of equals the one of more columns."""
    best: Identity | None = None
    whole = sheet[total]
    for base, values in bases:
        usable = ~np.isnan(whole) & ~np.isnan(values) & (np.abs(values) + np.abs(whole) > 0)
        if usable.sum() < LEAST_ROWS:
            continue
        for terms in _terms(sheet, total, base, values, whole, usable):
            one = _judge(sheet, total, base, values, terms, usable, telling)
            if one is not None and (best is None or _better(one, best)):
                best = one
    return best


def _better(one: Identity, other: Identity) -> bool:
    return (one.held * (1 + len(one.terms) + len(one.base))) > (other.held * (1 + len(other.terms) + len(other.base)))


def _bases(sheet: Sheet, total: str, but: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], Numbers]]:
    """What a total may start from: another amount, or quantity × price."""
    others = [header for header in sheet.moneys if header not in {total, *but}]
    for header in others:
        yield (header,), sheet[header]
    for quantity, price in product(sheet.quantities, others):
        if quantity not in {total, price}:
            yield (quantity, price), sheet[quantity] * sheet[price]


def _terms(
    sheet: Sheet, total: str, base: tuple[str, ...], values: Numbers, whole: Numbers, usable: npt.NDArray[np.bool_]
) -> Iterator[tuple[Term, ...]]:
    """The terms that explain what the total differs from its base by, found on some of the rows."""
    rows = np.flatnonzero(usable)[:_SEARCHED]
    rest = whole[rows] - values[rows]
    tolerance = _tolerance(whole[rows], rest)
    if np.mean(np.abs(rest) <= tolerance) >= HOLDS:
        yield ()
        return
    parts = [one for one in _parts(sheet, total, base) if one.header not in base]
    columns = [np.nan_to_num(_value(sheet, one, base, values))[rows] for one in parts]
    parts, columns = _that_matter(parts, columns)
    for size in range(1, _MOST_TERMS + 1):
        for chosen in combinations(range(len(parts)), size):
            if len({parts[at].header for at in chosen}) < size:
                continue
            left = rest - sum(columns[at] for at in chosen)
            if np.mean(np.abs(left) <= tolerance) >= HOLDS:
                yield tuple(parts[at] for at in chosen)


def _that_matter(parts: list[Term], columns: list[Numbers]) -> tuple[list[Term], list[Numbers]]:
    kept = [at for at, column in enumerate(columns) if np.count_nonzero(column) >= 1][: _MOST_PARTS * 2]
    return [parts[at] for at in kept], [columns[at] for at in kept]


def _parts(sheet: Sheet, total: str, base: tuple[str, ...]) -> Iterator[Term]:
    for header, (signs, discount) in list(sheet.parts.items())[:_MOST_PARTS]:
        if header in {total, *base}:
            continue
        for sign in signs:
            yield Term(header, sign)
        if discount:
            if len(base) == 2 and base[0] in sheet.quantities:
                yield Term(header, -1, "piece")
            yield Term(header, -1, "share")
            yield Term(header, -1, "percent")


def _value(sheet: Sheet, term: Term, base: tuple[str, ...], values: Numbers) -> Numbers:
    """What a term adds to the total on every row. Discounts are taken off however they are signed."""
    numbers = sheet[term.header]
    if term.sign < 0:
        numbers = np.abs(numbers)
    match term.form:
        case "money":
            return term.sign * numbers
        case "piece":
            return term.sign * numbers * sheet[base[0]]
        case "share":
            return term.sign * numbers * values
        case "percent":
            return term.sign * numbers / 100 * values


def _judge(
    sheet: Sheet,
    total: str,
    base: tuple[str, ...],
    values: Numbers,
    terms: tuple[Term, ...],
    usable: npt.NDArray[np.bool_],
    telling: npt.NDArray[np.bool_] | None,
) -> Identity | None:
    """The identity if it holds where the readings it rules out differ: where a term is not nothing, a quantity not one,
    or (`telling`) an order has several rows."""
    whole = sheet[total]
    added = [np.nan_to_num(_value(sheet, term, base, values)) for term in terms]
    differs = np.zeros(len(whole), bool) if telling is None else telling.copy()
    for column in added:
        differs |= np.abs(column) > 0.005
    if len(base) == 2:
        differs |= np.abs(values - sheet[base[1]]) > 0.005
    judged = usable & differs
    left = whole - values - sum(added, np.zeros(len(whole)))
    good = np.abs(left) <= _tolerance(whole, whole)
    held, count = int((good & judged).sum()), int(judged.sum())
    if count < LEAST_ROWS or held < HOLDS * count:
        return None
    for column in added:  # each term by itself: one that hardly occurs must not ride on the others
        rows = judged & (np.abs(column) > 0.005)
        if not rows.any() or (good & rows).sum() < HOLDS * rows.sum():
            return None
    return Identity(total, base, terms, False, held, count)


def _tolerance(whole: Numbers, like: Numbers) -> Numbers:
    """A cent and a half, or what a float of that size leaves; half a unit where amounts have no cents."""
    del like
    filled = whole[~np.isnan(whole)]
    cents = bool(len(filled)) and bool(np.any(np.abs(filled - np.round(filled)) > 0.001))
    return (CENT if cents else 0.51) + 1e-9 * np.abs(np.nan_to_num(whole))


# Orders -------------------------------------------------------------------------------------------------------


def _groups(orders: Codes) -> tuple[Codes, Codes]:
    """The place of each order's first row, and for each row the number of its order; rows without one are alone."""
    keys = orders.copy()
    alone = np.flatnonzero(keys < 0)
    keys[alone] = keys.max(initial=-1) + 1 + np.arange(len(alone))
    _, places, groups = np.unique(keys, return_index=True, return_inverse=True)
    return places, groups


def _sums(values: Numbers, groups: Codes, count: int) -> Numbers:
    return np.bincount(groups, weights=np.nan_to_num(values), minlength=count).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Repeats:
    """How an amount stands on the rows of orders that have several unlike rows: on `constant` of the `orders` it is
    the same on each row, on `once` it stands on one row only."""

    orders: int
    constant: int
    once: int
    amounts: int

    @property
    def repeated(self) -> bool:
        """Whether the amount is the order's and stands on each of its rows."""
        return self.orders >= LEAST_ORDERS and self.constant >= HOLDS * self.orders and self.amounts >= 2

    @property
    def stated_once(self) -> bool:
        """Whether the amount is the order's and stands on one row only."""
        return self.orders >= LEAST_ORDERS and self.once >= HOLDS * self.orders


def repeats(values: Numbers, orders: Codes, unlike: Sequence[Codes]) -> Repeats:
    """How `values` stand on the rows of orders; rows of an order are unlike where one of `unlike` tells them apart."""
    places, groups = _groups(orders)
    count = len(places)
    rows = np.bincount(groups, minlength=count)
    differ = np.zeros(count, bool)
    for codes in unlike:
        first = codes[places][groups]
        differ |= np.bincount(groups, weights=codes != first, minlength=count) > 0
    several = (rows > 1) & differ
    filled = ~np.isnan(values)
    stand = np.bincount(groups, weights=filled, minlength=count)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, groups[filled], values[filled])
    np.maximum.at(high, groups[filled], values[filled])
    constant = several & (stand == rows) & (high - low < 0.005)
    once = several & (stand == 1)
    told = several & (stand > 0)
    amounts = len(np.unique(np.round(low[constant], 2)))
    return Repeats(int(told.sum()), int(constant.sum()), int(once.sum()), amounts)
