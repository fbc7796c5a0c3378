"""From what a table holds to how it is read: every decision with its proof, and what is left for a person to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from segmentation.errors import NoCalendar, NotOrders
from segmentation.meaning.bundles import without_bundles
from segmentation.meaning.counters import CounterBookings, counter_bookings, doubts
from segmentation.meaning.forms import Forms, forms
from segmentation.meaning.guessing import personal
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.people import People, people
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.settle import Values, questions
from segmentation.meaning.states import RowStates, row_states
from segmentation.meaning.words import plain
from segmentation.notation.shares import CONSISTENT


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How a mapped table of orders is read. `mapping` is without what the table cannot say (damaged order numbers);
    `questions` are open, the weightiest first."""

    mapping: Mapping
    platform: Platform | None
    forms: Forms
    states: RowStates
    people: People
    known_by: str | None
    questions: tuple[Question, ...]
    counters: CounterBookings = field(default_factory=CounterBookings)

    @property
    def proofs(self) -> tuple[str, ...]:
        """What the rows prove, as sentences."""
        return (*self.forms.proofs, *filter(None, [self.counters.proof]))


def interpret(
    table: TableProfile, mapping: Mapping, platform: Platform | None, values: Values | None, *, today: date, file: str
) -> Interpretation:
    """How a mapped table is read. Raises DamagedIds or NoCalendar where it cannot be."""
    _refuse_counted_days(table, mapping, file)
    if mapping.choices.customers == "none":
        mapping = replace(mapping, customer=None, email=None, name=None, first_name=None, last_name=None, phone=None)
    persons = people(table, mapping, platform, file=file)
    if persons.no_orders:
        mapping = replace(mapping, order=None)
    states = row_states(table, mapping, platform)
    shape = forms(table, mapping, platform, tuple(header for header, _ in states.words))
    if platform is None and "state" not in shape.first_row:  # else one row's word would be its whole order's
        states, apart = without_bundles(table, mapping, states)
        shape = replace(shape, proofs=(*shape.proofs, *apart))
    counters = counter_bookings(table, mapping, states.words)
    asked = [
        *questions(table.layout, mapping, today, values, platform, table),
        *shape.questions,
        *states.questions,
        *doubts(table, mapping, counters, states.words),
        *persons.questions,
    ]
    known_by = personal(mapping, table)
    return Interpretation(mapping, platform, shape, states, persons, known_by, tuple(asked), counters)


_DAY_WORDS = frozenset({"day", "days", "tag", "jour", "dia", "giorno", "dag", "week", "woche", "semaine", "period", "t",
                        "time", "dzien", "den", "gun", "month", "monat"})  # fmt: skip


def _refuse_counted_days(table: TableProfile, mapping: Mapping, file: str) -> None:
    if mapping.date is None:
        return
    profile = table[mapping.date]
    if profile.dates < CONSISTENT and profile.whole >= 0.9 and max(map(len, profile.texts), default=0) <= 4:
        raise no_calendar(file, mapping.date, profile.texts[0])


def no_calendar(file: str, header: str, example: str) -> NoCalendar:
    """The refusal of days that are counted from an unknown start."""
    return NoCalendar(
        f"{file}: its days are numbers, and nothing says from which day they are counted.",
        evidence=f"“{header}” holds, for example, “{example}”.",
        next_step="Add a column with the date of each order (the first day + the number), and import it again.",
    )


def counted_days(table: TableProfile, taken: Iterable[str]) -> str | None:
    """A column that counts days from a start that the file does not name, where the file has no dates."""
    used = set(taken)
    for header, profile in table.columns.items():
        words = set(header.lower().replace("_", " ").split())
        if header not in used and words & _DAY_WORDS and profile.whole >= 0.95 and profile.distinct > 1:
            return header
    return None


_TOTALS = (
    "order",
    "bestell",
    "commande",
    "pedido",
    "ordin",
    "ordre",
    "zamow",
    "siparis",
    "objednav",
    "purchase",
    "visit",
)


def refuse_customers(table: TableProfile, mapping: Mapping, file: str) -> None:
    """Raise NotOrders where a table has one row per customer with how much each bought in all."""
    who = mapping.email or mapping.customer or mapping.name
    if who is None or table.rows < 5 or (mapping.order is not None and table[mapping.order].variety < 0.98):
        return
    profile = table[who]
    if profile.distinct < 0.98 * profile.filled or profile.filled < 0.8 * table.rows:
        return
    mapped = set(mapping.columns().values())
    counts = [
        header
        for header, one in table.columns.items()
        if header not in mapped and one.whole >= 0.95 and _counts_orders(header)
    ]
    if counts:
        raise NotOrders(
            f"{file}: this is a list of customers with their totals, not of orders.",
            evidence=f"Each row is another customer, and “{counts[0]}” counts how often they ordered.",
            next_step="Export the orders of the same shop, one row per order or per line. This list can be added to "
            "them as contacts.",
        )


def _counts_orders(header: str) -> bool:
    words = plain(header).split()
    numbers = {"id", "ids", "nr"} & set(words) or words[-1:] in (["number"], ["no"]) or "#" in header
    return any(one in word for word in words for one in _TOTALS) and not numbers


__all__ = ["Interpretation", "counted_days", "interpret", "no_calendar", "refuse_customers"]
