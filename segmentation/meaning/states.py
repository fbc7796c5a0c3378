"""What the words of a row say it is: a sale, cancelled, unpaid, paid back, a credit note, shipping, a coupon.

Every text that a column holds is looked at once; what it was taken for can be shown, and corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentation.meaning import hints
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.order_codes import order_codes
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.flags import flag_of
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.products import row_of
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.meaning.words import plain
from segmentation.notation import looks_like_date
from segmentation.notation.shares import CONSISTENT

_STATE_OF_STATUS = {"sale": "sale", "cancelled": "cancelled", "unpaid": "unpaid", "failed": "unpaid",
                    "refunded": "refunded", "part": "part", "test": "test"}  # fmt: skip
_STATE_OF_KIND = {"sale": "sale", "refund": "refund", "payment": "aside", "fee": "aside", "transfer": "aside",
                  "payout": "aside", "gift_card": "gift_card", "test": "test", "cancelled": "cancelled",
                  "shipping": "shipping", "summary": "total"}  # fmt: skip
_STATE_OF_ROW = {"shipping": "shipping", "fee": "fee", "tip": "fee", "deposit": "fee", "gift_card": "gift_card",
                 "coupon": "coupon", "tax": "tax", "total": "total"}  # fmt: skip
_MOST_WORDS, _LONGEST_WORD, _MOST_ANSWERS = 200, 60, 12
_FEWEST_COUPONS = 2
"""Rows of a product that only lowers orders: one alone may as well be a refund of what was sold before the file."""
_UNNAMED_TOTALS = 5
"""Rows without a product from which on it is no chance that they come to what the others of their orders do."""
_ASKED_FROM = 0.01
"""Share of the revenue (or rows) from which on a word that nobody knows is asked about."""
_YES_OR_NO = [
    ("sale", "it is a sale"),
    ("unpaid", "it was not paid, or not yet"),
    ("cancelled", "it was cancelled"),
    ("refunded", "it was a sale and was paid back"),
    ("refund", "it pays back another row"),
]


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a column, the rows that bear it, and the state it was taken for; `known` where that is no guess."""

    header: str
    text: str
    rows: int
    state: str
    known: bool


@dataclass(frozen=True, slots=True)
class RowStates:
    """What rows are by their words: for each column, surest first, the state of each text; what product texts say; and
    what is open."""

    words: tuple[tuple[str, dict[str, str]], ...] = ()
    products: tuple[tuple[str, str], ...] = ()
    said: tuple[Said, ...] = ()
    questions: tuple[Question, ...] = ()


def row_states(table: TableProfile, mapping: Mapping, platform: Platform | None) -> RowStates:
    """The states of a mapped table's rows."""
    return _Reading(table, mapping, platform).read()


class _Reading:
    def __init__(self, table: TableProfile, mapping: Mapping, platform: Platform | None) -> None:
        self.table, self.mapping, self.platform = table, mapping, platform
        self.chosen = {word.strip().lower(): state for word, state in mapping.choices.statuses}
        header = mapping.amount or mapping.unit_price
        self.amounts = table.numbers(header) if header else None
        self.invoices = platform is None and any(
            tells_kinds(seen) for seen in table.columns.values() if _few_words(seen)
        )

    def read(self) -> RowStates:
        said: list[Said] = []
        words: list[tuple[str, dict[str, str]]] = []
        for header, is_kind in self._columns():
            told = self._of_column(self.table[header], is_kind=is_kind)
            said += told
            words.append((header, {one.text: one.state for one in told}))
        for header, states in (self.platform.also_says if self.platform else {}).items():
            told = self._by_list(header, states)
            said += told
            words.append((header, {one.text: one.state for one in told}))
        return RowStates(tuple(words), self._products(), tuple(said), tuple(self._questions(said)))

    def _by_list(self, header: str, states: dict[str, str]) -> list[Said]:
        """The texts of a further column of a known export, for each of which it says what it stands for."""
        values = self.table[header].values if header in self.table.columns else ()
        folded = ((value, value.text.strip().lower()) for value in values)
        return [Said(header, value.text, value.rows, states[word], True) for value, word in folded if word in states]

    def _columns(self) -> Iterable[tuple[str, bool]]:
        """The columns that say what a row is, and whether they name its kind; those of the mapping first."""
        mapping, known = self.mapping, set(self.mapping.columns().values())
        if mapping.refund is not None:
            yield mapping.refund, True
        if mapping.status is not None:
            yield mapping.status, False
        if self.platform is not None:
            return
        if mapping.test is not None:
            yield mapping.test, False
        for header, seen in self.table.columns.items():
            if header == mapping.product and _few_words(seen) and tells_kinds(seen):
                yield header, True
            if header in known or not (_few_words(seen) or flagged(seen)):
                continue
            if flagged(seen) is not None:
                yield header, False
            elif tells_kinds(seen):
                yield header, True
            elif tells_states(seen) and not hints.about_delivery(header):
                yield header, False

    def _of_column(self, seen: ColumnProfile, *, is_kind: bool) -> list[Said]:
        test = seen.header == self.mapping.test
        is_kind = is_kind and not (tells_states(seen) and not any(kind_of(one.text) == "sale" for one in seen.values))
        by_flag = "test" if test else flagged(seen) or ("refunded" if is_kind and _answers(seen) else None)
        found = [self._of_text(seen, value.text, is_kind=is_kind, by_flag=by_flag) for value in seen.values]
        sales = any(state == "sale" and known for state, known in found)
        told = []
        for value, (state, known) in zip(seen.values[:_MOST_WORDS], found, strict=False):
            if state == "aside" and not sales and kind_of(value.text) == "payment":
                state = "sale"  # payments are what is sold by, where nothing else is
            if state == "refunded" and self._is_row_of_its_own(seen, value.text):
                state = "refund"
            told.append(Said(seen.header, value.text, value.rows, state, known))
        return told

    def _of_text(self, seen: ColumnProfile, text: str, *, is_kind: bool, by_flag: str | None) -> tuple[str, bool]:
        """The state of a text, and whether that is known; `by_flag` is what a yes says of it."""
        if (chosen := self.chosen.get(text.strip().lower())) is not None:
            return chosen, True
        if (known := self._of_platform(text, is_kind=is_kind)) is not None:
            return known, True
        flag = answer(seen, text)
        if flag is not None and by_flag is not None:
            yes, no = ("sale", "unpaid") if by_flag == "paid" else (by_flag, "sale")
            return yes if flag else no, True
        status, kind = status_of(text), kind_of(text)
        first, second = (kind, status) if is_kind else (status, kind)
        if first == "unpaid" and self.invoices:
            return "unpaid", False  # an invoice is a sale when it is written, an order when it is paid: who knows
        if first is not None:
            return (_STATE_OF_KIND if is_kind else _STATE_OF_STATUS)[first], True
        if second is not None:
            return (_STATE_OF_STATUS if is_kind else _STATE_OF_KIND)[second], True
        return "sale", False

    def _of_platform(self, text: str, *, is_kind: bool) -> str | None:
        """What a known export says of a text: its own words for what was never sold."""
        platform = self.platform
        if platform is None:
            return None
        folded = text.strip().lower()
        if folded in platform.states:
            return platform.states[folded]
        if not is_kind and any(word in folded for word in platform.never_sold):
            return "unpaid"
        if is_kind and platform.sales is not None:  # its rule says which rows are sales; a word, which pay back
            return "refund" if kind_of(text) == "refund" or status_of(text) == "refunded" else "sale"
        return None

    def _is_row_of_its_own(self, seen: ColumnProfile, text: str) -> bool:
        """Whether rows with this text pay back other rows, rather than being sales that were paid back: their orders
        have other rows of the same amount without it."""
        if self.mapping.order is None or self.amounts is None:
            return False
        table = self.table
        marked = np.array([cell is not None and cell.strip() == text for cell in table.sampled[seen.header]])
        orders = order_codes(table, self.mapping.columns())
        keys = np.round(np.nan_to_num(np.abs(self.amounts)), 2)
        there = {(int(o), float(k)) for o, k in zip(orders[~marked], keys[~marked], strict=True) if o >= 0}
        mine = [(int(o), float(k)) for o, k in zip(orders[marked], keys[marked], strict=True) if o >= 0]
        return bool(mine) and sum(key in there for key in mine) >= 0.8 * len(mine)

    # Open ----------------------------------------------------------------------------------------------------

    def _questions(self, said: list[Said]) -> Iterable[Question]:
        """The words that nobody knows and that much depends on, the one that most depends on first."""
        if self.platform is not None and not self.platform.ask_states:
            return
        kinds = [one.known for one in said if one.header == self.mapping.refund]
        headers = {self.mapping.status, None if any(kinds) else self.mapping.refund}
        open_ = [one for one in said if not one.known and one.header in headers]
        weights = {one.text: self._weight(one) for one in open_}
        for one in sorted(open_, key=lambda one: -weights[one.text]):
            if weights[one.text] > _ASKED_FROM:
                choices = tuple((f"{one.text}={state}", said_) for state, said_ in _YES_OR_NO)
                yield Question("status", one.header, one.text, choices)

    def _weight(self, one: Said) -> float:
        """The share of the revenue that bears a word, or of the rows if that is more."""
        filled = self.table[one.header].filled
        rows = one.rows / filled if filled else 0.0
        if self.amounts is None:
            return rows
        marked = np.array([cell is not None and cell.strip() == one.text for cell in self.table.sampled[one.header]])
        whole = float(np.nansum(np.abs(self.amounts)))
        return max(rows, float(np.nansum(np.abs(self.amounts[marked]))) / whole if whole else 0.0)

    # Products ------------------------------------------------------------------------------------------------

    def _products(self) -> tuple[tuple[str, str], ...]:
        """What product texts say that name no product; a gift card that only ever takes off is a coupon."""
        header = self.mapping.product
        if header is None:
            return ()
        there = set(self.table.texts(header))
        found = {v.text: _STATE_OF_ROW[row] for v in self.table[header].values if (row := row_of(v.text)) is not None}
        found = {text: state for text, state in found.items() if state != "total" or text in there}
        codes, texts = self.table.codes(header), self.table.texts(header)
        found = {t: s for t, s in found.items() if s != "total" or self._sums_up(codes == texts.index(t))}
        unnamed = codes < 0
        if self.platform is None and unnamed.sum() >= _UNNAMED_TOTALS and self._sums_up(unnamed):
            found[""] = "total"
        below = self._only_below(header)
        found |= {text: "coupon" for text in below if found.get(text) in {None, "gift_card"} and text in below}
        if self.platform is not None and self.platform.gift_cards is not None:
            found = {text: state for text, state in found.items() if state != "gift_card"}
        return tuple(sorted(found.items()))

    def _sums_up(self, marked: npt.NDArray[np.bool_]) -> bool:
        """Whether the marked rows are the sums of the other rows of their orders."""
        if self.mapping.order is None or self.amounts is None:
            return False
        table, amounts = self.table, np.nan_to_num(self.amounts)
        orders = order_codes(table, self.mapping.columns())
        known = orders >= 0
        others = np.bincount(
            orders[known], weights=np.where(marked, 0, amounts)[known], minlength=orders.max(initial=0) + 1
        )
        rows = marked & known
        return bool(rows.any()) and float(np.mean(np.abs(others[orders[rows]] - amounts[rows]) < 0.02)) >= 0.8

    def _only_below(self, header: str) -> set[str]:
        """Products that are never sold and only take something off orders that still come to something."""
        if self.mapping.order is None or self.amounts is None:
            return set()
        table = self.table
        amounts, orders = np.nan_to_num(self.amounts), order_codes(table, self.mapping.columns())
        products, texts = table.codes(header), table.texts(header)
        sold = np.maximum(amounts, 0)[orders >= 0]
        counted = np.bincount(orders[orders >= 0], weights=sold) if (orders >= 0).any() else np.zeros(1)
        rows_of = np.bincount(orders[orders >= 0]) if (orders >= 0).any() else np.zeros(1)
        pieces = table.numbers(self.mapping.quantity) if self.mapping.quantity else None
        found = set()
        for code in np.unique(products[(products >= 0) & (amounts < 0)]):
            rows = products == code
            inside = rows & (orders >= 0)
            if (amounts[rows] >= 0).any() or (pieces is not None and (pieces[rows] < 0).any()):
                continue
            if not _FEWEST_COUPONS <= inside.sum() == rows.sum() or not np.all(rows_of[orders[inside]] > 1):
                continue
            if np.mean(counted[orders[inside]] + amounts[inside] > 0) >= 0.98:
                found.add(texts[code])
        return found


def _few_words(seen: ColumnProfile) -> bool:
    return seen.complete and 1 < seen.distinct <= 40 and seen.longest <= _LONGEST_WORD and seen.numbers < CONSISTENT


_LETTERS = {"j": "n", "y": "n", "s": "n", "o": "n", "t": "fn", "a": "n", "e": "h", "k": "ei", "i": "n", "v": "f",
            "w": "f", "d": "n", "д": "н", "x": "o", "b": "n"}  # fmt: skip
"""First letters of yes, and beside each those of no in the same language: ja/nein, evet/hayır, kyllä/ei, igen/nem."""


_REASON = re.compile(r"\s+[-–—]|[,;:(]")
"""What stands between a yes or no and why: “Yes - by customer”."""


def answer(seen: ColumnProfile, text: str) -> bool | None:
    """Whether a text says yes or no; a letter that is no word does so beside one that is the other."""
    said = flag_of(_REASON.split(text.strip(), maxsplit=1)[0])
    others = {value.text.strip().lower() for value in seen.values}
    if said is not None or len(others) != 2 or any(len(other) != 1 for other in others):
        return said
    mine, other = text.strip().lower(), next(one for one in others if one != text.strip().lower())
    if other in _LETTERS.get(mine, ""):
        return True
    return False if mine in _LETTERS.get(other, "") else None


def _answers(seen: ColumnProfile) -> bool:
    """Whether a column is of yes and no, or of a yes where there is one: a letter that only may be a yes is none beside
    a letter that is no no."""
    return all(answer(seen, value.text) is not None for value in seen.values)


def flagged(seen: ColumnProfile) -> str | None:
    """What a yes says of a row, in a column of yes and no whose header names what became of it: refunded, cancelled,
    test, unpaid, or paid; None for any other column."""
    if not seen.complete or seen.distinct > _MOST_ANSWERS or seen.empty:
        return None
    if seen.share(lambda text: answer(seen, text) is not None) < 0.95:
        return None
    said = status_of(seen.header)
    if said in {"refunded", "cancelled", "test", "unpaid"}:
        return said
    return "paid" if said == "sale" and any(answer(seen, value.text) is False for value in seen.values) else None


def not_cancelled(seen: ColumnProfile) -> list[str]:
    """The texts of a column of cancellations that say there was none: those that deny it, and beside days all that
    neither are one nor speak of it."""
    dated = any(looks_like_date(value.text) for value in seen.values)
    words = [value.text for value in seen.values if not looks_like_date(value.text) and flag_of(value.text) is not True]
    states = {text: status_of(text) for text in words}
    return [text for text, state in states.items() if state == "sale" or (dated and state is None)]


def tells_states(seen: ColumnProfile) -> bool:
    """Whether most texts of a column are words for what became of an order, and one says more than “a sale”."""
    states = {value.text: status_of(value.text) for value in seen.values}
    known = sum(value.rows for value in seen.values if states[value.text] is not None)
    return known >= CONSISTENT * seen.filled and bool({*states.values()} - {"sale", None, "part"})


def tells_kinds(seen: ColumnProfile) -> bool:
    """Whether most texts of a column are words for kinds of documents, sales and others among them."""
    kinds = {value.text: kind_of(value.text) for value in seen.values}
    known = sum(value.rows for value in seen.values if kinds[value.text] is not None)
    return known >= 0.9 * seen.filled and bool({*kinds.values()} & {"sale", "payment"}) and "refund" in kinds.values()


def known_share(seen: ColumnProfile) -> float:
    """Share of the rows whose text is a known status."""
    known: Any = sum(value.rows for value in seen.values if status_of(value.text) or kind_of(value.text))
    return float(known / seen.filled) if seen.filled else 0.0


__all__ = ["RowStates", "Said", "known_share", "plain", "row_states", "tells_kinds", "tells_states"]
