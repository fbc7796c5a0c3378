"""Exports that are known by their headers and hold the same sales twice: by item and by order. They are imported one
after the other, items first, so that what the orders know of discounts, refunds and states is taken over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from segmentation.engine.importing import tables as engine
from segmentation.engine.importing.by_order import compare
from segmentation.engine.importing.money import Goods
from segmentation.engine.importing.tables import Key
from segmentation.engine.reading import ImportConnection
from segmentation.intake.joins.links import Keys, TableStack
from segmentation.intake.joins.shown import Join
from segmentation.intake.joins.totals import amount_of
from segmentation.intake.text import Text
from segmentation.meaning.guessing import Guess
from segmentation.meaning.mapping import Mapping

_SHARED, _SAME, _GAP = 0.5, 0.5, 0.05
"""Tables hold the same sales where one has this share of the other's orders, and of those this share has one amount or
all of them together differ by no more."""


@dataclass(frozen=True, slots=True)
class Twice:
    """A table (its place) of sales that a finer one holds too, and what is told of both."""

    fine: int
    coarse: int
    joins: tuple[Join, ...]


def sold_twice(connection: ImportConnection, tables: Sequence[tuple[Text, Guess]], folder: Path) -> list[Twice]:
    """The tables whose orders stand in a finer one, of which at least one is a known export."""
    keys = Keys(connection, [TableStack((text,), guess) for text, guess in tables], folder)
    twice: dict[int, Twice] = {}
    for one, other in combinations(range(len(tables)), 2):
        platform = tables[one][1].platform or tables[other][1].platform
        same = tables[one][0].opened.layout.headers == tables[other][0].opened.layout.headers
        if platform is None or same or {one, other} & twice.keys():
            continue
        fine, coarse = sorted((one, other), key=lambda at: _fineness(keys, at), reverse=True)
        if (join := _same_sales(keys, fine, coarse)) is not None:
            lines = Join(keys.stacks[fine].name, keys.stacks[fine].rows.count, "lines")
            twice[coarse] = Twice(fine, coarse, (lines, join))
    return list(twice.values())


def _order(mapping: Mapping) -> tuple[str, ...]:
    return (mapping.order,) if mapping.order else ()


def _fineness(keys: Keys, at: int) -> tuple[float, int, str]:
    """Rows for each order, then what only items have."""
    stack = keys.stacks[at]
    mapping = stack.guess.mapping
    order = _order(mapping)
    each = stack.rows.count / max(1, keys.facts(at, order).distinct) if order else 0.0
    return (
        each,
        sum(getattr(mapping, one) is not None for one in ("product", "category", "line", "unit_price")),
        stack.file,
    )


def _same_sales(keys: Keys, fine: int, coarse: int) -> Join | None:
    mine, theirs = keys.stacks[fine], keys.stacks[coarse]
    own, other = _order(mine.guess.mapping), _order(theirs.guess.mapping)
    amounts = mine.guess.mapping.amount, theirs.guess.mapping.amount
    if not own or not other or amounts[0] is None or amounts[1] is None or _fineness(keys, fine)[0] <= 1:
        return None
    one, two = keys.facts(fine, own), keys.facts(coarse, other)
    both = engine.shared(keys.connection, [one], two)[0]
    if both < _SHARED * min(one.distinct, two.distinct) or not both:
        return None
    sums = compare(
        keys.connection,
        (mine.rows, Key(mine.columns(own)), Goods(amount=amount_of(mine, amounts[0])), ()),
        (theirs.rows, Key(theirs.columns(other)), amount_of(theirs, amounts[1]), None),
    )
    if sums.same < _SAME * sums.orders and sums.gap > _GAP:
        return None
    said = f"It holds the same money as {mine.name} on {sums.same:,} of {sums.orders:,} orders: that counts once."
    return Join(
        theirs.name,
        theirs.rows.count,
        "orders",
        mine.name,
        own[0],
        other[0],
        one.distinct,
        both,
        (said,),
    )
