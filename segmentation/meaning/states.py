"""What the words of a row say it is: a sale, cancelled, unpaid, paid back, a credit note, shipping, a coupon. Every
text that a column holds is looked at once; what it was taken for can be shown, and corrected."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from segmentation.meaning import hints
from segmentation.meaning.event_logs import event_log
from segmentation.meaning.ledgers import states_by_side
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.money_kinds import money_kinds, money_of
from segmentation.meaning.order_codes import order_codes
from segmentation.meaning.payment_states import as_chosen, deposits_unnamed, moves_unnamed, states_of_payments
from segmentation.meaning.payments import account_of, other_side
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import ColumnProfile, TableProfile, Value
from segmentation.meaning.questions import Question
from segmentation.meaning.return_marks import return_marks
from segmentation.meaning.row_states import RowStates, Said
from segmentation.meaning.state_choices import state_choices
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.products import row_of
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.meaning.word_columns import (
    answer,
    answers,
    few_words,
    flagged,
    kind_in,
    tells_kinds,
    tells_sides,
    tells_states,
)
from segmentation.notation import looks_like_date

_STATE_OF_STATUS = {"sale": "sale", "cancelled": "cancelled", "unpaid": "unpaid", "failed": "unpaid",
                    "refunded": "refunded", "part": "part", "test": "test"}  # fmt: skip
_STATE_OF_KIND = {"sale": "sale", "refund": "refund", "payment": "aside", "fee": "aside", "transfer": "aside",
                  "payout": "aside", "gift_card": "gift_card", "test": "test", "cancelled": "cancelled",
                  "shipping": "shipping", "summary": "total"}  # fmt: skip
_STATE_OF_ROW = {row: row for row in ("shipping", "fee", "gift_card", "coupon", "tax", "total")} | {
    "tip": "fee", "deposit": "fee"}  # fmt: skip
_MOST_WORDS = 200
_FEWEST_COUPONS = 2
"""Rows of a product that only lowers orders: one alone may as well be a refund of what was sold before the file."""
_UNNAMED_TOTALS = 5
"""Rows without a product from which on it is no chance that they come to what the others of their orders do."""
_ASKED_FROM = 0.01
"""Share of the revenue (or rows) from which on a word that nobody knows is asked about."""


def row_states(table: TableProfile, mapping: Mapping, platform: Platform | None) -> RowStates:
    """The states of a mapped table's rows."""
    return _Reading(table, mapping, platform).read()


class _Reading:
    def __init__(self, table: TableProfile, mapping: Mapping, platform: Platform | None) -> None:
        self.table, self.mapping, self.platform = table, mapping, platform
        self.chosen = {word.strip().lower(): state for word, state in mapping.choices.statuses}
        header = mapping.amount or mapping.unit_price
        self.amounts = table.numbers(header) if header else None
        self.money = money_kinds(table, mapping.columns()) if platform is None else None
        self.log = event_log(table, mapping.columns()) if platform is None else None
        self.account = account_of(table, mapping.columns()) if platform is None else None
        self.invoices = platform is None and any(
            tells_kinds(profile) for profile in table.columns.values() if few_words(profile)
        )

    def read(self) -> RowStates:
        said: list[Said] = []
        words: list[tuple[str, dict[str, str]]] = []
        if self.money is not None:
            told = self._of_money(self.table[self.money.header])
            said += told
            words.append((self.money.header, {one.text: one.state for one in told}))
        for header, is_kind in self._columns():
            if self.money is not None and header == self.money.header:
                continue
            said += (told := self._of_column(self.table[header], is_kind=is_kind))
            its = {one.text: one.state for one in told}
            words.append((header, as_chosen(self.table, self.account, header, its, self.chosen)))
        for header, marks in self._marks().items():
            told = [self._of_mark(header, value, marks) for value in self.table[header].values]
            said += told
            words.append((header, {one.text: one.state for one in told}))
        for header, states in (self.platform.also_says if self.platform else {}).items():
            said += (told := self._by_list(header, states))
            words.append((header, {one.text: one.state for one in told}))
        return RowStates(
            tuple(words),
            self._products(),
            tuple(said),
            tuple(self._questions(said)),
            spends_too=self.account is not None and self.account.kinds is not None,
            moves_too=self.account is not None and moves_unnamed(self.table, self.account),
            deposits_too=self.account is not None and deposits_unnamed(self.table, self.account),
            other_side=other_side(self.account, self.mapping.email),
        )

    def _marks(self) -> dict[str, frozenset[str]]:
        """Columns of words that nobody knows, with those that mark rows which repeat sales, as returns do."""
        known = {header for header, _ in self._columns()}
        told = self.platform is not None or self.log is not None  # events of an order repeat its amount
        found = {} if told else return_marks(self.table, self.mapping)
        return {header: marks for header, marks in found.items() if header not in known}

    def _of_mark(self, header: str, value: Value, marks: frozenset[str]) -> Said:
        chosen = self.chosen.get(value.text.strip().lower())
        return Said(header, value.text, value.rows, chosen or "sale", chosen is not None or value.text not in marks)

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
        for header, profile in self.table.columns.items():
            if header == mapping.product and few_words(profile) and tells_kinds(profile):
                yield header, True
            if header in known or not (few_words(profile) or flagged(profile)):
                continue
            if flagged(profile) is not None:
                yield header, False
            elif tells_kinds(profile):
                yield header, True
            elif tells_sides(profile) or tells_states(profile):
                yield header, False

    def _of_column(self, profile: ColumnProfile, *, is_kind: bool) -> list[Said]:
        if hints.about_delivery(profile.header) and profile.header not in {self.mapping.status, self.mapping.refund}:
            return self._of_delivery(profile)
        test = profile.header == self.mapping.test
        is_kind = is_kind and not (tells_states(profile) and "sale" not in {kind_of(v.text) for v in profile.values})
        by_flag = "test" if test else flagged(profile) or ("refunded" if is_kind and answers(profile) else None)
        found = [self._of_text(profile, value.text, is_kind=is_kind, by_flag=by_flag) for value in profile.values]
        by_side = states_by_side(self.table, self.mapping, profile.header)
        if self.account is not None:
            by_side |= states_of_payments(self.table, self.account, profile.header)
        found = [
            one if value.text.strip().lower() in self.chosen else by_side.get(value.text, one)
            for value, one in zip(profile.values, found, strict=True)
        ]
        sales = self.account is not None or any(state == "sale" and known for state, known in found)
        said = []
        for value, (state, known) in zip(profile.values[:_MOST_WORDS], found, strict=False):
            if state == "aside" and not sales and kind_of(value.text) == "payment":
                state = "sale"  # payments are what is sold by, where nothing else is
            if state == "refunded" and self._is_row_of_its_own(profile, value.text):
                state = "refund"
            said.append(Said(profile.header, value.text, value.rows, state, known))
        return said

    def _of_money(self, profile: ColumnProfile) -> list[Said]:
        """What the kinds of money of a sale are; the one that the others are shares of is the goods."""
        assert self.money is not None
        said = []
        for value in profile.values[:_MOST_WORDS]:
            chosen = self.chosen.get(value.text.strip().lower())
            state = chosen or money_of(value.text)
            known = state is not None or value.text == self.money.goods
            said.append(Said(profile.header, value.text, value.rows, state or "sale", known))
        return said

    def _of_delivery(self, profile: ColumnProfile) -> list[Said]:
        """A column of how goods travelled says nothing of money; words for a sale undone are asked about."""
        said = []
        for value in profile.values[:_MOST_WORDS]:
            chosen = self.chosen.get(value.text.strip().lower())
            undone = status_of(value.text) in {"cancelled", "refunded"}
            said.append(Said(profile.header, value.text, value.rows, chosen or "sale", bool(chosen) or not undone))
        return said

    def _of_text(self, profile: ColumnProfile, text: str, *, is_kind: bool, by_flag: str | None) -> tuple[str, bool]:
        """The state of a text, and whether that is known; `by_flag` is what a yes says of it."""
        if (chosen := self.chosen.get(text.strip().lower())) is not None:
            return chosen, True
        if (known := self._of_platform(text, is_kind=is_kind)) is not None:
            return known, True
        flag = answer(profile, text)
        if flag is not None and by_flag is not None:
            yes, no = ("sale", "unpaid") if by_flag == "paid" else (by_flag, "sale")
            return yes if flag else no, True
        status, kind = status_of(text), kind_in(profile, text)
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

    def _is_row_of_its_own(self, profile: ColumnProfile, text: str) -> bool:
        """Whether rows with this text pay back other rows, rather than being sales that were paid back: their orders
        have other rows of the same amount without it."""
        if self.mapping.order is None or self.amounts is None or self.log is not None:
            return False
        table = self.table
        marked = np.array([cell is not None and cell.strip() == text for cell in table.sampled[profile.header]])
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
        ledger = self.mapping.credit is not None
        headers = {self.mapping.status, None if any(kinds) and not ledger else self.mapping.refund}
        marks, money = self._marks(), None if self.money is None else self.money.header
        headers |= {*marks, money, self.account.kinds if self.account else None} | {
            name for name, is_kind in self._columns() if not is_kind
        } - {self.mapping.refund}
        open_ = [one for one in said if not one.known and one.header in headers and not self._told_elsewhere(one, said)]
        weights = {one.text: self._weight(one) for one in open_}
        for one in sorted(open_, key=lambda one: -weights[one.text]):
            if weights[one.text] > _ASKED_FROM:
                ledger = self.mapping.credit is not None or self.account is not None
                what = {"of_money": one.header == money, "marks": one.header in marks, "ledger": ledger}
                choices = state_choices(one.text, **what)
                yield Question("status", one.header, one.text, choices)

    def _told_elsewhere(self, one: Said, said: list[Said]) -> bool:
        """Whether other columns say of all rows with a word of delivery that they are no sale."""
        if not hints.about_delivery(one.header):
            return False
        undone: dict[str, set[str]] = {}
        for other in said:
            if other.header != one.header and other.state not in {"sale", "part"}:
                undone.setdefault(other.header, set()).add(other.text)
        sampled = self.table.sampled
        marked = [at for at, cell in enumerate(sampled[one.header]) if cell is not None and cell.strip() == one.text]
        dated = sampled[self.mapping.cancelled] if self.mapping.cancelled else None
        return all(
            any((sampled[header][at] or "").strip() in texts for header, texts in undone.items())
            or (dated is not None and looks_like_date(dated[at] or ""))
            for at in marked
        )

    def _weight(self, one: Said) -> float:
        """The share of the revenue that bears a word, or of the rows if that is more."""
        filled = self.table[one.header].filled
        rows = one.rows / filled if filled else 0.0
        if self.amounts is None:
            return rows
        marked = np.array([cell is not None and cell.strip() == one.text for cell in self.table.sampled[one.header]])
        if self.log is not None and self.log.header == one.header:  # an event before the last decides nothing
            return max(float((marked & last).sum() / max(1, last.sum())) for last in self.log.last)
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
            if not any(map(str.isalnum, texts[code])):  # a stray mark names nothing
                continue
            rows = products == code
            inside = rows & (orders >= 0)
            if (amounts[rows] >= 0).any() or (pieces is not None and (pieces[rows] < 0).any()):
                continue
            if not _FEWEST_COUPONS <= inside.sum() == rows.sum() or not np.all(rows_of[orders[inside]] > 1):
                continue
            if np.mean(counted[orders[inside]] + amounts[inside] > 0) >= 0.98:
                found.add(texts[code])
        return found


__all__ = ["RowStates", "Said", "row_states"]
