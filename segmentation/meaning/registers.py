"""With which column an order number is one order: the store, till or series whose numbers begin anew beside others'.

A number that stands for several orders is split by such a column into parts that are one customer's, or one moment's,
each. A column that differs inside orders, as a line's category does, leaves the same customer and moment on all parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from segmentation.meaning.arithmetic import Codes
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.word_columns import flagged, tells_kinds, tells_states
from segmentation.notation.shares import CONSISTENT

CLOCK = re.compile(r"[T\s]+\d{1,2}[:h.]\d.*$")
"""The time of day behind a date."""
_MAY_BE = frozenset({"channel", "category"})
"""Meanings of columns that may tell orders apart besides."""
_MOST, _MOST_CANDIDATES = 200, 6
_SURELY, _SELDOM = 0.95, 0.2
_FEWEST, _PAIRS = 3, 3
"""Numbers that a column splits well, and pairs of orders for each of its values, from which on that is no chance."""

Marks = npt.NDArray[np.bool_]


def registers(table: TableProfile, columns: Table[str, str]) -> tuple[str, ...]:
    """The headers of the columns beside which an order number is one order; none where the number is by itself, or
    where nothing proves it."""
    if "order" not in columns:
        return ()
    about = tuple(sorted(columns.items()))
    return table.once("registers", about, lambda: _Search(table, columns).found())


def numbers(table: TableProfile, columns: Table[str, str]) -> Codes:
    """A number for each order number of the sampled rows, with the register where it needs one; -1 for none."""
    orders = table.codes(columns["order"])
    beside = registers(table, columns)
    return joined(orders, *(table.codes(header) for header in beside)) if beside else orders


def days(table: TableProfile, header: str) -> Codes:
    """A column of dates as numbers, whatever the time of day: equal days are equal, -1 is nothing."""
    places: dict[str, int] = {}
    found = [places.setdefault(CLOCK.sub("", text), len(places)) for text in table.texts(header)]
    return np.array([*found, -1], np.int64)[table.codes(header)]


def joined(orders: Codes, *others: Codes) -> Codes:
    """A number for each combination, -1 where there is no order."""
    known = orders >= 0
    found = np.full(len(orders), -1, np.int64)
    if known.any():
        stacked = np.stack([one[known] for one in (orders, *others)])
        found[known] = np.unique(stacked, axis=1, return_inverse=True)[1].reshape(-1)
    return found


@dataclass(frozen=True, slots=True)
class _Split:
    """How a column splits numbers: `split` of them, of which `told` have parts that are surely of different orders and
    `agree` have one customer throughout; `pairs` of different orders that it keeps apart."""

    split: int
    told: int
    agree: int
    pairs: int


class _Search:
    def __init__(self, table: TableProfile, columns: Table[str, str]) -> None:
        self.table, self.columns = table, columns
        who = next((columns[one] for one in ("customer", "email", "name", "phone") if one in columns), None)
        orders = table.codes(columns["order"])
        self.rows = (orders >= 0) & ~self._pays_back()
        self.orders = orders[self.rows]
        self.who = table.codes(who)[self.rows] if who is not None else np.full(len(self.orders), -1, np.int64)
        self.day = np.zeros(len(self.orders), np.int64)
        self.moment = self.day
        self.timed = "time" in columns
        if "date" in columns:
            self.timed = self.timed or any(CLOCK.search(text) for text in table.texts(columns["date"])[:_MOST])
            self.day = days(table, columns["date"])[self.rows]
            clock = table.codes(columns["time"])[self.rows] if "time" in columns else self.day
            self.moment = joined(table.codes(columns["date"])[self.rows], clock)

    def _pays_back(self) -> Marks:
        found = np.zeros(len(self.table.codes(self.columns["order"])), bool)
        for meaning in ("amount", "unit_price", "quantity"):
            if meaning in self.columns:
                found |= np.nan_to_num(self.table.numbers(self.columns[meaning])) < 0
        return found

    def found(self) -> tuple[str, ...]:
        if not self._repeat():
            return ()
        candidates = sorted(self._candidates(), key=lambda header: self.table[header].distinct)[:_MOST_CANDIDATES]
        for beside in (*((one,) for one in candidates), *combinations(candidates, 2)):
            if self._holds(joined(*(self.table.codes(header)[self.rows] for header in beside))):
                return beside
        return ()

    def _repeat(self) -> bool:
        """Whether some numbers stand for several customers, days or moments."""
        alone = _count(self.orders)
        return any(_count(joined(self.orders, one)) > alone + _FEWEST for one in (self.who, self.day, self.moment))

    def _candidates(self) -> Iterator[str]:
        """Columns of few texts, one on each row, that no other meaning has."""
        taken = {header for meaning, header in self.columns.items() if meaning not in _MAY_BE}
        most = max(2, min(_MOST, _count(self.orders)))
        for header, profile in self.table.columns.items():
            if header in taken or not 2 <= profile.distinct <= most or profile.full < _SURELY:
                continue
            if profile.dates >= CONSISTENT or profile.decimals > 0.2 or profile.addresses > 0:
                continue
            if not (flagged(profile) or tells_states(profile) or tells_kinds(profile)):
                yield header

    def _holds(self, beside: Codes) -> bool:
        """Whether a number beside this column is one order, also where numbers begin anew every day."""
        if not self._constant_inside(beside):
            return False
        values = _count(beside)
        for base, by_day in ((self.orders, False), (joined(self.orders, self.day), True)):
            one = self._split(base, beside, by_day=by_day)
            if one is not None and one.told >= max(_FEWEST, one.split / 2) and one.agree <= _SELDOM * one.split:
                return one.pairs >= _PAIRS * values
        return False

    def _constant_inside(self, beside: Codes) -> bool:
        """Whether the column does not differ on what one customer bought on one day under one number."""
        known = self.who >= 0
        bought = joined(np.where(known, self.orders, -1), self.who, self.day)
        sizes = np.bincount(bought[known]) if known.any() else np.zeros(0, np.int64)
        several = sizes > 1
        if several.sum() < _FEWEST:
            return True
        each = np.bincount(_firsts(bought[known], beside[known]), minlength=len(sizes))
        return float((each[several] == 1).mean()) >= 0.9

    def _split(self, base: Codes, beside: Codes, *, by_day: bool) -> _Split | None:
        """How the column splits the numbers of `base`; None where its parts are not one order's each."""
        parts = joined(base, beside)
        whole = [self.who] if by_day else [self.who, self.day]
        if not all(_homogeneous(parts, one) for one in whole):
            return None
        telling = [one for one in (self.day, self.moment) if _homogeneous(parts, one)]
        first = np.unique(parts, return_index=True)[1]
        groups = base[first]
        each = np.bincount(groups)
        split = each > 1
        differ = np.zeros(len(each), bool)
        orders = [self._customers(parts), *telling]
        for one in orders:
            differ |= np.bincount(_firsts(groups, one[first]), minlength=len(each)) > 1
        who = self._first_known(parts)[first]
        named = np.bincount(groups, weights=who >= 0, minlength=len(each)) == each
        same = named & (np.bincount(_firsts(groups, who), minlength=len(each)) == 1)
        apart = np.bincount(_firsts(groups, *(one[first] for one in orders)), minlength=len(each))
        pairs = int((apart * (apart - 1) // 2)[split].sum())
        return _Split(int(split.sum()), int((split & differ).sum()), int((split & same).sum()), pairs)

    def _first_known(self, parts: Codes) -> Codes:
        """For each row the customer of its part, -1 where no row of it names one."""
        found = np.full(parts.max(initial=-1) + 1, -1, np.int64)
        np.maximum.at(found, parts, self.who)
        return found[parts]

    def _customers(self, parts: Codes) -> Codes:
        """For each row the customer of its part. A part without is nobody's only where rows of the others all say who;
        else customers stand on some rows of an order, and tell nothing. Rows of one number and moment are one's."""
        who = self._first_known(parts)
        if self.timed:
            who = np.where(who < 0, self._first_known(joined(self.orders, self.moment)), who)
        named = who >= 0
        said = float((self.who[named] >= 0).mean()) if named.any() else 0.0
        return who if said >= _SURELY else np.zeros_like(parts)


def _count(codes: Codes) -> int:
    return len(np.unique(codes[codes >= 0]))


def _firsts(groups: Codes, *values: Codes) -> Codes:
    """The group of each different combination of values in it."""
    found: Codes = np.unique(np.stack([groups, *values]), axis=1)[0]
    return found


def _homogeneous(parts: Codes, values: Codes) -> bool:
    """Whether the known values of parts of several rows are alike in each."""
    known = values >= 0
    if not known.any():
        return True
    sizes = np.bincount(parts[known])
    each = np.bincount(_firsts(parts[known], values[known]), minlength=len(sizes))
    several = sizes > 1
    return not several.any() or float((each[several] == 1).mean()) >= _SURELY


__all__ = ["CLOCK", "days", "joined", "numbers", "registers"]
