"""Counter-bookings: rows that take a cancelled sale off, beside the sale itself. Both together are nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.meaning.arithmetic import Codes
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.order_codes import order_codes
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.notation import looks_like_date

Rows = npt.NDArray[np.bool_]

_MOSTLY = 0.9
"""The share of its rows on which a column must hold another row's number, and one that is of the same customer."""
_PAIRED, _FEWEST_PAIRS = 0.8, 2
"""The share of the cancelled sales that must have a row that is as much below nothing, and how many at least."""
_DOUBTFUL = 0.4
"""The share from which on it may be so."""
_ASKED_FROM = 0.01
"""The share of the revenue from which on it is asked."""


@dataclass(frozen=True, slots=True)
class CounterBookings:
    """How they are told: by a column that names the other row's number, by the number both have, by being alike; with
    the sentence that says so. `doubtful`: only some cancelled sales have a row that may be one."""

    column: str | None = None
    number: str | None = None
    by_number: bool = False
    alike: bool = False
    proof: str = ""
    doubtful: bool = False

    @property
    def found(self) -> bool:
        """Whether there are any."""
        return bool(self.column or self.by_number or self.alike)


def counter_bookings(
    table: TableProfile, mapping: Mapping, words: tuple[tuple[str, dict[str, str]], ...]
) -> CounterBookings:
    """The counter-bookings of a table; `words` say for each column of states what its texts stand for."""
    amounts = _amounts(table, mapping)
    if amounts is None:
        return CounterBookings()
    cancelled, pays_back = _marked(table, mapping, words, amounts)
    if not cancelled.any() or not pays_back.any():
        return CounterBookings()
    named = _reference(table, mapping, cancelled, pays_back)
    if named is not None:
        number, column = named
        return CounterBookings(
            column, number, proof=f"“{column}” names the cancelled sale that a row takes off: both are nothing"
        )
    by_number = _by_number(table, mapping, amounts, cancelled, pays_back)
    pairs = _alike(table, mapping, amounts, cancelled, pays_back)
    sales = int(cancelled.sum())
    alike = pairs >= _FEWEST_PAIRS and pairs >= _PAIRED * sales
    if by_number or alike:
        said = f"{pairs:,} of {sales:,} cancelled sales have a row that takes them off: both are nothing"
        return CounterBookings(by_number=by_number, alike=alike, proof=said)
    return CounterBookings(doubtful=pairs >= _DOUBTFUL * sales)


def doubts(
    table: TableProfile, mapping: Mapping, bookings: CounterBookings, words: tuple[tuple[str, dict[str, str]], ...]
) -> list[Question]:
    """What is asked where only some cancelled sales have a row that may take them off: whether they count as sales."""
    amounts = _amounts(table, mapping) if bookings.doubtful else None
    if amounts is None:
        return []
    chosen = {word.strip().lower() for word, _ in mapping.choices.statuses}
    for header, states in words:
        cells = [(cell or "").strip() for cell in table.sampled[header]]
        for text, state in states.items():
            rows = np.array([cell == text for cell in cells], bool)
            weighs = np.abs(amounts[rows]).sum() > _ASKED_FROM * np.abs(amounts).sum()
            if state == "cancelled" and weighs and text.strip().lower() not in chosen:
                choices = (
                    (f"{text}=cancelled", "it never counted, and rows that pay back count by themselves"),
                    (f"{text}=sale", "it counts, and another row takes it off again"),
                )
                return [Question("status", header, text, choices)]
    return []


def _amounts(table: TableProfile, mapping: Mapping) -> npt.NDArray[np.float64] | None:
    if mapping.amount is not None:
        found = np.nan_to_num(table.numbers(mapping.amount))
    elif mapping.unit_price is not None:
        found = np.nan_to_num(table.numbers(mapping.unit_price))
        if mapping.quantity is not None:
            return np.asarray(found * np.nan_to_num(table.numbers(mapping.quantity)))
    else:
        return None
    if mapping.quantity is not None:
        found = np.where(np.nan_to_num(table.numbers(mapping.quantity)) < 0, -np.abs(found), found)
    return np.asarray(found)


def _marked(
    table: TableProfile,
    mapping: Mapping,
    words: tuple[tuple[str, dict[str, str]], ...],
    amounts: npt.NDArray[np.float64],
) -> tuple[Rows, Rows]:
    """The rows of sales that were cancelled, and those that pay back."""
    count = len(amounts)
    undone, back = np.zeros(count, bool), amounts < 0
    for header, states in words:
        told = {text for text, state in states.items() if state == "cancelled"}
        repaid = {text for text, state in states.items() if state == "refund"}
        if told or repaid:
            texts = [(cell or "").strip() for cell in table.sampled[header]]
            undone |= np.array([text in told for text in texts], bool)
            back |= np.array([text in repaid for text in texts], bool)
    if mapping.cancelled is not None:
        undone |= np.array([looks_like_date(cell or "") for cell in table.sampled[mapping.cancelled]], bool)
    return undone & ~back & (amounts > 0), back & (amounts != 0)


def _reference(table: TableProfile, mapping: Mapping, cancelled: Rows, pays_back: Rows) -> tuple[str, str] | None:
    """The column of numbers, and the one in which a row names the number of another one that it takes off, or that
    takes it off."""
    taken = {header for meaning, header in mapping.columns().items() if meaning != "order"}
    free = [
        header
        for header, profile in table.columns.items()
        if header not in taken and not profile.empty and profile.dates <= 0.5 and profile.decimals <= 0.1
    ]
    numbers = [mapping.order] if mapping.order else [one for one in free if table[one].variety >= _MOSTLY]
    for number in numbers:
        for header in free:
            if header != number and table[header].full <= 0.5:
                named = _Named(table, mapping, number, header)
                if named.fits and (named.undo(pays_back, cancelled) or named.undo(cancelled, pays_back)):
                    return number, header
    return None


class _Named:
    """The rows on which a column names the number of another row."""

    def __init__(self, table: TableProfile, mapping: Mapping, number: str, header: str) -> None:
        self.codes = table.codes(number)
        known = {_bare(text): code for code, text in enumerate(table.texts(number))}
        codes, texts = table.codes(header), table.texts(header)
        self.rows = np.flatnonzero(codes >= 0)
        self.other = np.array([known.get(_bare(texts[code]), -1) for code in codes[self.rows]], np.int64)
        self.there = (self.other >= 0) & (self.other != self.codes[self.rows])
        self.who = _who(table, mapping)

    @property
    def fits(self) -> bool:
        """Whether it does so wherever it says anything, and both rows are of one customer."""
        if not len(self.rows) or self.there.mean() < _MOSTLY:
            return False
        if self.who is None:
            return True
        first = {int(code): place for place, code in reversed(list(enumerate(self.codes)))}
        theirs = self.who[[first[int(code)] for code in self.other[self.there]]]
        return bool(np.mean(theirs == self.who[self.rows[self.there]]) >= _MOSTLY)

    def undo(self, side: Rows, others: Rows) -> bool:
        """Whether it stands on rows of one kind, and names some of the other."""
        mine = bool(side[self.rows].mean() >= _MOSTLY)
        return mine and bool(set(self.codes[others].tolist()) & set(self.other[self.there].tolist()))


def _bare(text: str) -> str:
    return text.strip().lower().lstrip("0")


def _who(table: TableProfile, mapping: Mapping) -> Codes | None:
    header = mapping.customer or mapping.email or mapping.name or mapping.phone or mapping.last_name
    return table.codes(header) if header is not None else None


def _by_number(
    table: TableProfile, mapping: Mapping, amounts: npt.NDArray[np.float64], cancelled: Rows, pays_back: Rows
) -> bool:
    """Whether rows pay back what a cancelled row of their own order had cost."""
    if mapping.order is None:
        return False
    orders = order_codes(table, mapping.columns())
    lost = {(int(o), round(float(a), 2)) for o, a in zip(orders[cancelled], amounts[cancelled], strict=True) if o >= 0}
    mine = zip(orders[pays_back], np.abs(amounts[pays_back]), strict=True)
    return any((int(o), round(float(a), 2)) in lost for o, a in mine)


def _alike(
    table: TableProfile, mapping: Mapping, amounts: npt.NDArray[np.float64], cancelled: Rows, pays_back: Rows
) -> int:
    """How many cancelled sales have a row of their own that is as much below nothing, of their customer and product."""
    who = _who(table, mapping)
    none = np.zeros(len(amounts), np.int64)
    product = table.codes(mapping.product) if mapping.product else none
    cents = np.round(np.abs(amounts) * 100).astype(np.int64)
    keys = list(zip((none if who is None else who).tolist(), product.tolist(), cents.tolist(), strict=True))
    lost, back = Counter(_at(keys, cancelled)), Counter(_at(keys, pays_back))
    return sum((lost & back).values())


def _at(keys: list[tuple[int, int, int]], rows: Rows) -> list[tuple[int, int, int]]:
    return [keys[place] for place in np.flatnonzero(rows)]


__all__ = ["CounterBookings", "counter_bookings", "doubts"]
