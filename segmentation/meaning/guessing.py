"""Which column means what: known by its export, else proposed by names, proven by arithmetic, checked against values.

Every proposal says how sure it is and why. A name that the values or the arithmetic contradict is not believed; where
no name speaks at all, the values do.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path

from segmentation.meaning.amounts_of import discount_of_orders
from segmentation.meaning.buyers import EMAIL_OR_NAME, personal, who
from segmentation.meaning.conclusions import Proven
from segmentation.meaning.converted import converted
from segmentation.meaning.event_logs import events_of_orders
from segmentation.meaning.ledgers import ledger
from segmentation.meaning.mapping import Choices, Mapping
from segmentation.meaning.money import prove
from segmentation.meaning.naming import by_names, by_vocabulary, paid_back_on, percent_off, plausible
from segmentation.meaning.platforms import Platform, recognise
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.proposals import (
    BY_NAME,
    BY_PART,
    BY_VALUES,
    CERTAIN,
    DOUBTFUL,
    PROVEN,
    Proposals,
)
from segmentation.meaning.questions import Question
from segmentation.meaning.statement import statement
from segmentation.meaning.structure import (
    by_values,
    left_of_total,
    not_of_one_order,
    order_by_structure,
    piece_or_line,
    product_by_structure,
)
from segmentation.meaning.taken_off import taken_off
from segmentation.meaning.two_prices import priced_twice, two_prices
from segmentation.meaning.words import plain


@dataclass(frozen=True, slots=True)
class Guess:
    """A mapping, and for each of its meanings how sure it is (0 to 1) and why. `platform` is the export's, if known;
    `proven` is what the arithmetic of the file says, `open` which columns only a person can tell."""

    mapping: Mapping
    sure: Table[str, float] = field(default_factory=dict)
    why: Table[str, str] = field(default_factory=dict)
    platform: Platform | None = None
    proven: Proven = field(default_factory=Proven)
    open: tuple[Question, ...] = ()


def guess(table: TableProfile, folder: Path | None = None, *, known: bool = True) -> Guess:
    """The best guess at the mapping; what nothing speaks for stays None. `folder` holds a user's own platforms; where
    they are not to be `known`, evidence alone decides."""
    platform = recognise(table.headers, folder) if known else None
    if platform is not None:
        mapping = platform.mapping(table.headers)
        return Guess(
            replace(mapping, choices=Choices(guests=platform.guests)),
            dict.fromkeys(mapping.columns(), CERTAIN),
            dict.fromkeys(mapping.columns(), f"it is an export of {platform.name}"),
            platform,
        )
    found = Proposals()
    profiles = table.columns
    if table.layout.dialect.header:
        by_names(profiles, found)
    named = bool(found.headers)
    order_by_structure(table, found)
    off = taken_off(table, found)
    proven = prove(table, found.headers)
    for meaning, header in proven.columns.items():
        if header is None:
            found.drop(meaning)
        elif found.headers.get(meaning) != header:
            for other in [m for m, h in found.headers.items() if h == header and m != meaning]:
                found.drop(other)
            found.put(meaning, header, PROVEN, proven.why[meaning])
        else:
            found.put(meaning, header, max(PROVEN, found.sure[meaning]), proven.why[meaning])
    open_ = ledger(table, found) if named else ()
    paid_out, lowered = statement(table, found)
    kept_in, either = converted(table, found)
    priced_twice(table, found)
    open_ += by_values(table, found, named=named)
    order_by_structure(table, found)
    if named:
        product_by_structure(table, found)
        left_of_total(table, found)
    events_of_orders(table, found)
    asked = piece_or_line(table, found)
    by_vocabulary(table, found)
    whose = discount_of_orders(table, found)
    asked = two_prices(table, found, proven) or asked
    asked += (*whose, *off, *paid_back_on(table, found), *percent_off(table, found))
    not_of_one_order(table, found)
    who(table, found)
    mapping = Mapping(**found.headers, choices=Choices(currency=kept_in, amount_holds="goods" if paid_out else None))
    return Guess(mapping, found.sure, found.why, None, proven, (*either, *lowered, *open_, *asked))


__all__ = [
    "BY_NAME",
    "BY_PART",
    "BY_VALUES",
    "CERTAIN",
    "DOUBTFUL",
    "EMAIL_OR_NAME",
    "PROVEN",
    "Guess",
    "guess",
    "personal",
    "plain",
    "plausible",
]
