"""Rows that an order's total does not hold: the parts of a bundle beside the row with its price, or that row itself.

The total proves it where it comes to the other rows, on all orders. Where no total tells, and rows point to another row
of their order that has a price too, it is asked whether both count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from segmentation.meaning.amounts_of import TELLING
from segmentation.meaning.arithmetic import CENT, HOLDS, LEAST_ORDERS, Codes, Numbers, repeats
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.order_codes import one_each, order_codes
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.states import RowStates, Said
from segmentation.meaning.word_columns import few_words

_MOST_TEXTS = 500
_MOSTLY = 0.9
"""Of the orders with such rows so many differ from their total as long as the rows count."""
_PARTS = {"shipping": 1, "tax": 1, "order_discount": -1}
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Marked:
    """The sampled rows with these texts in a column."""

    header: str
    texts: tuple[str, ...]
    rows: Rows


def without_bundles(table: TableProfile, mapping: Mapping, states: RowStates) -> tuple[RowStates, tuple[str, ...]]:
    """The states of rows, in which those are set aside that totals do not hold; with the proof, or with a
    question."""
    amounts = _amounts(table, mapping)
    if amounts is None or mapping.order is None or not one_each(table, mapping.columns()):
        return states, ()
    orders = order_codes(table, mapping.columns())
    marked = sorted(_marked(table, mapping, states), key=lambda one: (int(one.rows.sum()), len(one.texts)))
    for one in marked:
        proof = _proof(table, mapping, amounts, orders, one)
        if proof is not None:
            return _set_aside(table, states, one), (proof,)
    if _all_count(table, mapping, amounts, orders):
        return states, ()
    for one in marked:
        if few_words(table[one.header]) and _doubled(table, amounts, orders, one):
            text = one.texts[0]
            choices = (
                (f"{text}=sale", "they count beside the row that they belong to"),
                (f"{text}=aside", "the row that they belong to holds their price"),
            )
            questions = tuple(question for question in states.questions if question.header != one.header)
            return replace(states, questions=(*questions, Question("status", one.header, text, choices))), ()
    return states, ()


def _amounts(table: TableProfile, mapping: Mapping) -> Numbers | None:
    """What each row comes to."""
    if mapping.amount is not None:
        return table.numbers(mapping.amount)
    if mapping.quantity is None or mapping.unit_price is None:
        return None
    return table.numbers(mapping.quantity) * table.numbers(mapping.unit_price)


def _marked(table: TableProfile, mapping: Mapping, states: RowStates) -> Iterator[_Marked]:
    """Rows that a column tells apart: by one of its few words that nobody knows, or by its being filled."""
    told = {(one.header, one.text) for one in states.said if one.known or one.state != "sale"}
    chosen = {word.strip().lower() for word, _ in mapping.choices.statuses}
    meanings = {header: meaning for meaning, header in mapping.columns().items()}
    for header, profile in table.columns.items():
        if meanings.get(header, "refund") not in {"refund", "status", "line", "category"} or not profile.complete:
            continue
        codes, texts = table.codes(header), table.texts(header)
        there = {text.strip().lower() for text in texts}
        if (
            0 < profile.filled < profile.rows
            and len(there) <= _MOST_TEXTS
            and header not in meanings
            and not chosen & there
        ):
            yield _Marked(header, tuple(texts), codes >= 0)
        if few_words(profile):
            for at, text in enumerate(texts):
                if (header, text) not in told and text.strip().lower() not in chosen:
                    yield _Marked(header, (text,), codes == at)


def _proof(table: TableProfile, mapping: Mapping, amounts: Numbers, orders: Codes, marked: _Marked) -> str | None:
    """The sentence that orders come to their total without the marked rows, and not with them."""
    rows, values = orders >= 0, np.nan_to_num(amounts)
    count = int(orders.max(initial=-1)) + 1
    affected = np.bincount(orders[rows], weights=(marked.rows & (values != 0))[rows], minlength=count) > 0
    if affected.sum() < LEAST_ORDERS:
        return None
    whole = np.bincount(orders[rows], weights=values[rows], minlength=count)
    rest = np.bincount(orders[rows], weights=np.where(marked.rows, 0, values)[rows], minlength=count)
    for header, total in _totals(table, mapping, orders, count):
        for beside in _beside(table, mapping, orders, count):
            judged = ~np.isnan(total)
            fits = np.abs(rest + beside - total) <= CENT
            wrong = np.abs(whole + beside - total) > CENT
            told = judged & affected
            if told.sum() < LEAST_ORDERS or wrong[told].mean() < _MOSTLY:
                continue
            if fits[judged].mean() >= HOLDS and fits[told].mean() >= HOLDS:
                held = f"{int(fits[judged].sum()):,} of {int(judged.sum()):,} orders"
                told_by = f"{marked.header} “{marked.texts[0]}”" if len(marked.texts) == 1 else f"a {marked.header}"
                return f"{header} is what the rows without {told_by} come to, on {held}"
    return None


def _all_count(table: TableProfile, mapping: Mapping, amounts: Numbers, orders: Codes) -> bool:
    """Whether a total holds all rows of (almost) every order."""
    count = int(orders.max(initial=-1)) + 1
    whole = np.bincount(orders[orders >= 0], weights=np.nan_to_num(amounts)[orders >= 0], minlength=count)
    return any(
        float(np.mean(np.abs(whole + beside - total)[~np.isnan(total)] <= CENT)) >= HOLDS
        for _, total in _totals(table, mapping, orders, count)
        for beside in _beside(table, mapping, orders, count)
    )


def _totals(table: TableProfile, mapping: Mapping, orders: Codes, count: int) -> Iterator[tuple[str, Numbers]]:
    """The amounts that belong to orders, once for each."""
    taken = {header for meaning, header in mapping.columns().items() if meaning not in {"total", "subtotal", "gross"}}
    unlike = [table.codes(header) for one in TELLING if (header := getattr(mapping, one)) is not None]
    for header, profile in table.columns.items():
        if header in taken or profile.numbers < _MOSTLY or profile.days or profile.empty:
            continue
        values = table.numbers(header)
        stand = repeats(values, orders, unlike)
        if stand.repeated or stand.stated_once:
            yield header, _of_orders(values, orders, count)


def _beside(table: TableProfile, mapping: Mapping, orders: Codes, count: int) -> Iterator[Numbers]:
    """What may stand in a total beside the rows: nothing, shipping, tax, less a discount, in any combination."""
    found = [
        sign * np.abs(np.nan_to_num(_of_orders(table.numbers(header), orders, count)))
        for part, sign in _PARTS.items()
        if (header := getattr(mapping, part)) is not None
    ]
    for size in range(len(found) + 1):
        for chosen in combinations(found, size):
            yield np.sum(chosen, axis=0) if chosen else np.zeros(count)


def _of_orders(values: Numbers, orders: Codes, count: int) -> Numbers:
    """The value that an order's rows repeat, or that one of them has."""
    found = np.full(count, np.nan)
    rows = (orders >= 0) & ~np.isnan(values)
    found[orders[rows]] = values[rows]
    return found


def _set_aside(table: TableProfile, states: RowStates, marked: _Marked) -> RowStates:
    """The states with the marked rows aside; the other words of their column are then those of sales."""
    profile = table[marked.header]
    rows = {value.text: value.rows for value in profile.values}
    before = dict(states.words).get(marked.header, {})
    if len(marked.texts) == 1:
        after = {**dict.fromkeys(rows, "sale"), **before, marked.texts[0]: "aside"}
    else:
        after = dict.fromkeys(rows, "aside")
    words = [(header, after if header == marked.header else its) for header, its in states.words]
    if not before:
        words.append((marked.header, after))
    said = [one for one in states.said if one.header != marked.header]
    said += [Said(marked.header, text, rows[text], state, True) for text, state in after.items() if text in rows]
    questions = tuple(question for question in states.questions if question.header != marked.header)
    return replace(states, words=tuple(words), said=tuple(said[: len(states.said) + 40]), questions=questions)


def _doubled(table: TableProfile, amounts: Numbers, orders: Codes, marked: _Marked) -> bool:
    """Whether all marked rows point to another row of their order that has a price, as they have."""
    priced = marked.rows & (np.nan_to_num(amounts) > 0) & (orders >= 0)
    if priced.sum() < LEAST_ORDERS or priced.sum() < _MOSTLY * marked.rows.sum():
        return False
    sampled = table.sampled
    for header, profile in table.columns.items():
        pointer = table.codes(header)
        if profile.full >= 1 or np.any((pointer >= 0) != marked.rows):
            continue
        rows = np.flatnonzero((orders >= 0) & ~marked.rows & (np.nan_to_num(amounts) > 0)).tolist()
        mine = [(int(orders[at]), (sampled[header][at] or "").strip()) for at in np.flatnonzero(priced).tolist()]
        for key in table.columns:
            there = {(int(orders[at]), (sampled[key][at] or "").strip()) for at in rows}
            if key != header and np.mean([one in there for one in mine]) >= _MOSTLY:
                return True
    return False


__all__ = ["without_bundles"]
