"""Statements of a marketplace: goods + shipping − fees − what was paid back = what the shop is paid out.

The sum proves which columns belong together, whatever they are called. What the shop is paid out is no revenue: the
goods are, less what customers got back. What lowers the sum on some rows only and is no refund may be a discount, which
the header says or a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.meaning import hints
from segmentation.meaning.amount_forms import is_tax
from segmentation.meaning.arithmetic import CENT, HOLDS, LEAST_ROWS, Numbers
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.meaning.proposals import BY_PART, PROVEN, Proposals
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.kinds import kind_of
from segmentation.meaning.vocabulary.statuses import status_of
from segmentation.meaning.words import plain

_SEARCHED, _MOST = 2_000, 9
_USUAL, _SOME, _WHOLE = 0.9, 0.5, 0.8
"""A fee stands on so many rows, money paid back on fewer; it is mostly all that was paid."""
_AHEAD = 2
"""Goods come to so many times what stands beside them, where no name says which column they are."""
_BACK = re.compile(
    r"refund|rimbors|rembours|reembols|erstatt|aterbetal|terugbetal|tilbagebetal|zwrot|iade|返金|환불|退款"
)
_DISCOUNTS = ("discount", "order_discount")


@dataclass(frozen=True, slots=True)
class _Sum:
    """`total` is the sum of `parts`, each as it is written or, where its name says so, taken off, on `held` of the
    `judged` rows."""

    total: str
    parts: dict[str, int]
    held: int
    judged: int

    @property
    def proof(self) -> str:
        said = " ".join(f"{'−' if sign < 0 else '+'} {header}" for header, sign in self.parts.items())
        return f"{said.removeprefix('+ ')} = {self.total} on {self.held:,} of {self.judged:,} rows"


def statement(table: TableProfile, proposals: Proposals) -> tuple[bool, tuple[Question, ...]]:
    """Take the columns of a statement for what its sum proves them to be. Returns whether it is one, and the question
    what a column is that lowers the sum."""
    numbers = {
        header: table.numbers(header) for header, profile in table.columns.items() if _money(header, profile, proposals)
    }
    numbers = dict(list(numbers.items())[: _MOST + 1])
    signs = {header: -1 if _taken_off(header, values, proposals) else 1 for header, values in numbers.items()}
    lowering = [header for header, values in numbers.items() if signs[header] * float(np.nansum(values)) < 0]
    if all(_discount(header, proposals) for header in lowering):
        return False, ()
    one = _sum(numbers, signs, lowering)
    if one is None or all(
        _discount(header, proposals) or _paid_back(header, proposals) for header in one.parts if header in lowering
    ):  # an order's total less what was paid back is no statement: the total may hold more than goods
        return False, ()
    goods = _goods(one, numbers, lowering, proposals)
    if goods is not None and len(one.parts) == 2 and is_tax(numbers[one.total], numbers[goods]):
        return False, ()  # in some languages a tax and a fee are one word
    return (False, ()) if goods is None else (True, _take(one, goods, numbers, lowering, proposals))


def _money(header: str, profile: ColumnProfile, proposals: Proposals) -> bool:
    """Whether a column may be a part of the sum, or the sum: numbers that mean nothing else."""
    meanings = {meaning for meaning, its in proposals.headers.items() if its == header}
    if "unit_price" in meanings and "quantity" in proposals.headers:
        return False
    if meanings & {"quantity", "order", "customer", "line", "phone", "date", "time", "product"}:
        return False
    if profile.empty or profile.numbers < 0.9 or profile.days or hints.cost(header):
        return False
    alike = profile.distinct == 1 and profile.full == 1
    return not alike or hints.fee(header) or _shipping(header, proposals)


def _taken_off(header: str, values: Numbers, proposals: Proposals) -> bool:
    """Whether amounts that are written without a sign are said to be taken off: a fee, money that was paid back."""
    return bool(np.nansum(values) > 0) and (_fee(header) or _paid_back(header, proposals))


def _fee(header: str) -> bool:
    return hints.fee(header) or any(kind_of(word) == "fee" for word in plain(header).split())


def _paid_back(header: str, proposals: Proposals) -> bool:
    words = plain(header).split()
    said = any(status_of(word) == "refunded" or kind_of(word) == "refund" for word in words)
    return said or proposals.headers.get("refunded") == header or _BACK.search(plain(header)) is not None


def _discount(header: str, proposals: Proposals) -> bool:
    named = any(proposals.headers.get(meaning) == header for meaning in _DISCOUNTS)
    return named or hints.says(header, "discount") or hints.part_of(header) == "discount"


def _sum(numbers: dict[str, Numbers], signs: dict[str, int], lowering: list[str]) -> _Sum | None:
    """The sum of the most columns, one of them lowering it, that another column is on (almost) all rows."""
    best: _Sum | None = None
    if len(numbers) < 3:  # two parts and what they come to
        return None
    for total in [header for header, values in numbers.items() if np.nansum(values) > 0]:
        parts = [header for header in numbers if header != total]
        columns = np.stack([signs[one] * np.nan_to_num(numbers[one][:_SEARCHED]) for one in parts])
        whole = numbers[total][:_SEARCHED]
        judged = ~np.isnan(whole) & np.any(columns != 0, axis=0)
        lower = np.array([one in lowering for one in parts])
        for size in _subsets(len(parts)):
            if not (size & lower).any() or (size & ~lower).sum() < 1 or (best and size.sum() <= len(best.parts)):
                continue
            left = np.abs(columns[size].sum(axis=0) - whole) <= CENT
            held, count = int((left & judged).sum()), int(judged.sum())
            tells = all(_tells(columns[at], left, judged) for at in np.flatnonzero(size))
            if count >= LEAST_ROWS and held >= HOLDS * count and tells:
                best = _Sum(total, {parts[at]: signs[parts[at]] for at in np.flatnonzero(size)}, held, count)
    return best


def _subsets(count: int) -> npt.NDArray[np.bool_]:
    """Every choice of two columns or more."""
    every: npt.NDArray[np.bool_] = (np.arange(2**count)[:, None] >> np.arange(count)) & 1 == 1
    every = every[every.sum(axis=1) >= 2]
    return every


def _tells(column: Numbers, good: npt.NDArray[np.bool_], judged: npt.NDArray[np.bool_]) -> bool:
    """Whether the sum holds where the column is something, and it is something somewhere."""
    rows = judged & (column != 0)
    return bool(rows.any()) and (good & rows).sum() >= HOLDS * rows.sum()


def _goods(one: _Sum, numbers: dict[str, Numbers], lowering: list[str], proposals: Proposals) -> str | None:
    """The part that is the goods: the one that names took for amounts, else by far the largest that is no shipping."""
    raising = [h for h in one.parts if h not in lowering and not _shipping(h, proposals) and not hints.says(h, "tax")]
    named = [h for h in raising if h in {proposals.headers.get("amount"), proposals.headers.get("subtotal")}]
    if named or len(raising) < 2:
        return next(iter(named or raising), None)
    sums = sorted(((float(np.nansum(numbers[header])), header) for header in raising), reverse=True)
    return sums[0][1] if sums[0][0] >= _AHEAD * sums[1][0] else None


def _shipping(header: str, proposals: Proposals) -> bool:
    return (
        proposals.headers.get("shipping") == header
        or hints.says(header, "shipping")
        or hints.part_of(header) == "shipping"
    )


def _take(
    one: _Sum, goods: str, numbers: dict[str, Numbers], lowering: list[str], proposals: Proposals
) -> tuple[Question, ...]:
    kept_as = {header: meaning for meaning, header in proposals.headers.items()}
    kept = {meaning: header for meaning, header in proposals.headers.items() if header not in {*one.parts, one.total}}
    shipping = next((h for h in one.parts if h not in lowering and h != goods and _shipping(h, proposals)), None)
    taxed = next((h for h in one.parts if h not in lowering and kept_as.get(h) == "tax"), None)
    lost = {h: _lowers(h, goods, one, numbers, lowering, proposals) for h in one.parts if h in lowering}
    for meaning in set(proposals.headers) - set(kept):
        proposals.drop(meaning)
    proposals.put("amount", goods, PROVEN, one.proof)
    if shipping is not None:
        proposals.put("shipping", shipping, BY_PART, "its name says so, and it raises what is paid out")
    if taxed is not None:
        proposals.put("tax", taxed, BY_PART, "its name says so, and it raises what is paid out")
    for header, what in lost.items():
        if what is not None and what != "fee" and what not in proposals.headers:
            why = "takes back what was paid" if what == "refunded" else "is taken off what goods cost"
            proposals.put(what, header, PROVEN, f"it {why}, and {one.proof}")
    for header, what in lost.items():
        if what is None:
            choices = (
                (f"order_discount={header}", "it is taken off what the goods cost"),
                (f"refunded={header}", "it was paid back"),
                ("order_discount=", "it is a fee, or something else"),
            )
            return (Question("column", header, "discount on the order or money that was paid back", choices),)
    return ()


def _lowers(
    header: str, goods: str, one: _Sum, numbers: dict[str, Numbers], lowering: list[str], proposals: Proposals
) -> str | None:
    """What a column that lowers the sum is: a fee, or the meaning that it has; None where it may be either."""
    if _discount(header, proposals):
        return "order_discount"
    lost, sold = np.abs(np.nan_to_num(numbers[header])), np.nan_to_num(numbers[goods])
    given = lost > 0
    if _fee(header) and not _paid_back(header, proposals):
        return "fee"
    raising = [np.nan_to_num(numbers[h]) for h in one.parts if h not in lowering and h != goods]
    paid = sold + (np.sum(raising, axis=0) if raising else 0)
    rare = given.mean() < _SOME
    if rare and _paid_back(header, proposals) and np.all(lost[given] <= paid[given] + CENT):
        return "refunded"
    back = (np.abs(lost - paid) <= CENT) | (np.abs(lost - sold) <= CENT)
    if rare and back[given].mean() >= _WHOLE:
        return "refunded"
    return "fee" if given.mean() >= _USUAL or (_shipping(header, proposals) and not rare) else None


__all__ = ["statement"]
