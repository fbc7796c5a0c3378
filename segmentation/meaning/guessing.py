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
from segmentation.meaning.payments import take_account
from segmentation.meaning.piece_amounts import piece_or_line_with_tax
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
from segmentation.meaning.tax_inside import unnamed_tax
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
    proposals = Proposals()
    profiles = table.columns
    if table.layout.dialect.header:
        by_names(profiles, proposals)
    named = bool(proposals.headers)
    order_by_structure(table, proposals)
    off = taken_off(table, proposals)
    proven = prove(table, proposals.headers)
    for meaning, header in proven.columns.items():
        if header is None:
            proposals.drop(meaning)
        elif proposals.headers.get(meaning) != header:
            for other in [m for m, h in proposals.headers.items() if h == header and m != meaning]:
                proposals.drop(other)
            proposals.put(meaning, header, PROVEN, proven.why[meaning])
        else:
            proposals.put(meaning, header, max(PROVEN, proposals.sure[meaning]), proven.why[meaning])
    open_ = ledger(table, proposals) if named else ()
    paid_out, lowered = statement(table, proposals)
    kept_in, either = converted(table, proposals)
    priced_twice(table, proposals)
    open_ += by_values(table, proposals, named=named)
    order_by_structure(table, proposals)
    if named:
        product_by_structure(table, proposals)
        left_of_total(table, proposals)
    events_of_orders(table, proposals)
    asked = piece_or_line(table, proposals)
    by_vocabulary(table, proposals)
    whose = discount_of_orders(table, proposals)
    asked = two_prices(table, proposals, proven) or asked
    asked = piece_or_line_with_tax(table, proposals, proven.identities) or asked
    asked += () if paid_out else unnamed_tax(table, proposals, proven)
    asked += (*whose, *off, *paid_back_on(table, proposals), *percent_off(table, proposals))
    not_of_one_order(table, proposals)
    account = take_account(table, proposals)
    who(table, proposals)
    holds = "all" if account is not None else "goods" if paid_out else None  # a payment is of all that was ordered
    choices = Choices(currency=kept_in, amount_holds=holds)
    mapping = Mapping(**proposals.headers, choices=choices)
    questions = (*either, *lowered, *open_, *asked)
    if account is not None:  # what its arithmetic proves is no longer open
        questions = tuple(one for one in questions if one.header not in account.proven)
    return Guess(mapping, proposals.sure, proposals.why, None, proven, questions)


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
