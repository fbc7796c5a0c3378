"""Ledgers with money in two columns: what was sold stands in one, what takes it off or pays for it in the other.

Two columns are so where each row fills one of them, and the kinds of rows, or the two headers, say which is which.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt

from segmentation.meaning.mapping import Mapping
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.proposals import BY_NAME, BY_VALUES, PROVEN, Proposals
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.lexicon import folded
from segmentation.meaning.word_columns import few_words
from segmentation.notation.shares import CONSISTENT

Rows = npt.NDArray[np.bool_]

_ONE_OF_TWO, _FEWEST = 0.98, 3
"""The share of the rows that fill one of both columns, and how many rows must fill either."""
_ONE_SIDE = 0.95
"""The share of the rows with a text that stand on one side, where it is of that side."""
_PAID = 0.5
"""The share of amounts that are as much as a sale of the same customer, from which on they are payments."""
_TO_AND_FROM = (("debit", "credit"), ("debits", "credits"), ("dr", "cr"), ("soll", "haben"), ("dare", "avere"),
                ("debe", "haber"), ("debet", "kredit"), ("debet", "credit"), ("débit", "crédit"), ("débito", "crédito"),
                ("má dáti", "dal"), ("má dáť", "dal"), ("wn", "ma"), ("winien", "ma"), ("borç", "alacak"),
                ("дебет", "кредит"), ("χρέωση", "πίστωση"), ("tartozik", "követel"), ("借方", "貸方"))  # fmt: skip
"""What customers are charged and what they are credited, as ledgers call the two columns."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two columns of which each row fills one, and the rows that fill either."""

    sold: str
    taken: str
    on_sold: Rows
    on_taken: Rows


def ledger(table: TableProfile, proposals: Proposals) -> tuple[Question, ...]:
    """Settle the two columns of a ledger; what is asked where nothing tells payments from credit notes."""
    known = proposals.headers.get("amount")
    sure = known is not None and proposals.sure["amount"] >= BY_NAME
    pairs = [pair for pair in _pairs(table) if not sure or known in {pair.sold, pair.taken}]
    for pair in pairs:
        if _by_kinds(table, pair, named=_named(pair)):
            _put(proposals, pair, PROVEN, "the kinds of its rows say on which side sales stand")
            return ()
    for pair in filter(_named, pairs):
        _put(proposals, pair, BY_VALUES, "its header says so, and each row fills one of both")
        proposals.drop("credit")
        choices = (
            (f"amount={pair.sold}", f"{pair.sold}, and what stands in {pair.taken} are payments"),
            (f"credit={pair.taken}", f"{pair.sold}, less what stands in {pair.taken}"),
            (f"amount={pair.taken}", pair.taken),
        )
        return (Question("column", pair.taken, "amount that was paid for the goods", choices),)
    return ()


def _put(proposals: Proposals, pair: _Pair, sure: float, why: str) -> None:
    for header in (pair.sold, pair.taken):
        for meaning in [one for one, its in proposals.headers.items() if its == header]:
            proposals.drop(meaning)
    proposals.put("amount", pair.sold, sure, why)
    proposals.put("credit", pair.taken, sure, why)


def _pairs(table: TableProfile) -> list[_Pair]:
    money = [
        h
        for h, profile in table.columns.items()
        if not profile.empty and profile.numbers >= CONSISTENT and not profile.dates
    ]
    filled = {header: np.nan_to_num(table.numbers(header)) for header in money}
    there = {header: values != 0 for header, values in filled.items() if not (values < 0).mean() > 1 - _ONE_OF_TWO}
    found = []
    for one, other in permutations(there, 2):
        mine, theirs = there[one], there[other]
        either = mine | theirs
        enough = min(mine.sum(), theirs.sum()) >= _FEWEST and either.mean() >= _ONE_SIDE
        if enough and (mine ^ theirs).sum() >= _ONE_OF_TWO * either.sum():
            found.append(_Pair(one, other, mine, theirs))
    return found


def _named(pair: _Pair) -> bool:
    """Whether the headers are those of the two sides of a customer's account."""
    words = [f" {folded(header)} " for header in (pair.sold, pair.taken)]
    return any(f" {folded(debit)} " in words[0] and f" {folded(credit)} " in words[1] for debit, credit in _TO_AND_FROM)


def _texts(table: TableProfile) -> list[list[str]]:
    """The cells of each column of few words of which some name kinds of rows."""
    return [
        [(cell or "").strip() for cell in table.sampled[header]]
        for header, profile in table.columns.items()
        if few_words(profile) and any(kind_of(value.text) for value in profile.values)
    ]


def _by_kinds(table: TableProfile, pair: _Pair, *, named: bool) -> bool:
    """Whether a column of kinds has its sales on the one side only, and other kinds on the other: refunds or payments
    where the headers do not say that these are two sides."""
    for cells in _texts(table):
        sides = _sides(cells, pair)
        sold = {kind_of(text) for text, side in sides.items() if side == "sold"}
        taken = {kind_of(text) for text, side in sides.items() if side == "taken"}
        told = taken & {"refund", "payment"} or (named and taken)
        if "sale" in sold and told and not sold & {"payment", "refund"}:
            return True
    return False


def _sides(cells: list[str], pair: _Pair) -> dict[str, str]:
    """For each text whether its rows stand on the side of sales, on the other, or on both."""
    sold, taken = (Counter(cells[at] for at in np.flatnonzero(side)) for side in (pair.on_sold, pair.on_taken))
    found = {}
    for text in {*sold, *taken} - {""}:
        share = sold[text] / (sold[text] + taken[text])
        found[text] = "sold" if share >= _ONE_SIDE else "taken" if share <= 1 - _ONE_SIDE else "both"
    return found


def states_by_side(table: TableProfile, mapping: Mapping, header: str) -> dict[str, tuple[str, bool]]:
    """In a ledger, what texts say whose rows stand on the side that takes off, and whether that is no guess: refunds
    take off, payments are left out, and what pays for a sale as it stands is a payment whatever it is called."""
    if mapping.amount is None or mapping.credit is None:
        return {}
    sold, taken = (np.nan_to_num(table.numbers(one)) for one in (mapping.amount, mapping.credit))
    pair = _Pair(mapping.amount, mapping.credit, sold != 0, taken != 0)
    cells = [(cell or "").strip() for cell in table.sampled[header]]
    found = {}
    for text, side in _sides(cells, pair).items():
        kind = kind_of(text)
        if side == "sold" and kind == "refund":
            found[text] = ("aside", False)
        if side != "taken":
            continue
        if kind in {"payment", "transfer", "fee", "payout"}:
            found[text] = ("aside", True)
        elif kind == "refund":
            found[text] = ("refund", True)
        elif kind != "cancelled":
            rows = np.array([cell == text for cell in cells], bool)
            pays = _pays(table, mapping, np.round(sold * 100), np.round(taken * 100), rows)
            found[text] = ("aside" if pays else "refund", pays and kind == "sale")
    return found


def _pays(
    table: TableProfile, mapping: Mapping, sold: npt.NDArray[np.float64], taken: npt.NDArray[np.float64], rows: Rows
) -> bool:
    """Whether rows are as much as sales of their customers."""
    header = mapping.customer or mapping.email or mapping.name
    who = table.codes(header) if header is not None else np.zeros(len(sold), np.int64)
    there = Counter(zip(who[sold != 0].tolist(), sold[sold != 0].tolist(), strict=True))
    mine = Counter(zip(who[rows].tolist(), taken[rows].tolist(), strict=True))
    return sum((mine & there).values()) >= _PAID * int(rows.sum())


__all__ = ["ledger", "states_by_side"]
