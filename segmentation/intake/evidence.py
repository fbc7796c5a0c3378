"""What a mapping rests on: each meaning with its column, how sure that is, why, and what its values say against it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from segmentation.choices import ANSWERS, DATE_ORDERS
from segmentation.engine.importing.plan import ParsePlan
from segmentation.intake.sources import SAID, Source
from segmentation.meaning.contradictions import Contradiction, contradiction
from segmentation.meaning.interpret import Interpretation
from segmentation.meaning.mapping import Choices, Mapping
from segmentation.meaning.platforms import Platform

_MOST_GUESTS = 50
MARKS = ((1.0, "known"), (0.95, "proven"), (0.85, "sure"), (0.6, "likely"), (0.0, "check this"))
"""The word for how sure a meaning is, by its least share."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A meaning with its column: the word for how sure it is, why, and what its values say against it."""

    meaning: str
    header: str
    mark: str
    why: str
    against: Contradiction | None = None


def mark_of(share: float) -> str:
    """The word for how sure a meaning is."""
    return next(word for least, word in MARKS if share >= least)


def evidence_of(source: Source) -> tuple[Evidence, ...]:
    """The evidence for each column of the mapping by which a table is read."""
    guess, table = source.guess, source.text.table if source.text else None
    evidence = []
    for meaning, header in source.mapping.columns().items():
        why = guess.why.get(meaning, SAID)
        if source.remembered and why == SAID:
            why = "you said so before" if source.opened.mends is None else "so was the file read that these rows are of"
        against = contradiction(meaning, table[header]) if table else None
        evidence.append(Evidence(meaning, header, mark_of(guess.sure.get(meaning, 1.0)), why, against))
    return tuple(evidence)


def unused(source: Source, interpretation: Interpretation) -> tuple[str, ...]:
    """The columns of a table of orders that nothing was read from."""
    used = {*source.mapping.columns().values()}
    used |= {header for header, _ in interpretation.states.words} | {
        header for header, _ in interpretation.people.consents
    }
    return tuple(h for h in source.opened.layout.headers if h not in used and not _of_export(h, source.platform))


def settled(plan: ParsePlan, interpretation: Interpretation) -> Mapping:
    """The mapping with what all rows together have decided as its choices."""
    mapping, forms = interpretation.mapping, interpretation.forms
    marks = {mark for meaning, mark in plan.decimals.items() if meaning in mapping.columns()}
    decided = Choices(
        date_order=plan.dates.order if plan.dates.order in DATE_ORDERS else None,
        decimal=marks.pop() if len(marks) == 1 else None,
        amount_of=forms.amount_of if forms.amount_of in ANSWERS["amount_of"] else None,
        amounts_in="cents" if forms.cents else "units",
        amount_holds="all" if forms.inside else "goods",
        discount=forms.discount_form if mapping.discount else None,
        discount_taken=("yes" if forms.discounted else "no") if mapping.discount else None,
        cost=forms.cost_of if mapping.unit_cost else None,
        guests=interpretation.people.guests[:_MOST_GUESTS],
    )
    return replace(mapping, choices=mapping.choices.over(decided))


def _of_export(header: str, platform: Platform | None) -> bool:
    """Whether a known export's rules read the column."""
    if platform is None:
        return False
    rules: Iterable[str] = (r.column for r in (platform.sales, platform.gift_cards, platform.test_orders) if r)
    packed = platform.packed.columns if platform.packed else None
    return header in set(rules) or (packed is not None and header.startswith(packed))
