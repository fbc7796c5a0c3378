"""Which columns could have a meaning that is missing or cannot be read, each with what its values show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from segmentation.errors import Candidate, MeaningMissing, NoCalendar
from segmentation.meaning import hints
from segmentation.meaning.buyers import may_be_buyers
from segmentation.meaning.contradictions import contradiction
from segmentation.meaning.mapping import CONTACTS, MEANINGS, NUMBERS, Mapping
from segmentation.meaning.profiles import ColumnProfile, TableProfile
from segmentation.notation import looks_like_date
from segmentation.notation.dates import counted_dates
from segmentation.notation.shares import CONSISTENT

MOST = 4
NO_DATES = "No column holds dates: export the orders again with the day each was placed, and import that file."
_BESIDE = {"amount": {"total", "subtotal", "gross", "unit_price"}, "customer": set(CONTACTS)}
"""Columns that have a meaning already, and may have this one as well."""
_BY_VALUES = frozenset({*NUMBERS, "email", "phone", "currency", "time", "cancelled", "consent", "refusal"})
"""Meanings that values can speak for without a name."""
_LABELS = {
    "order date": "date",
    "line total (or quantity and unit price)": "amount",
    "customer id or e-mail": "customer",
}


def candidates(meaning: str, table: TableProfile, mapping: Mapping) -> tuple[Candidate, ...]:
    """Other columns than the one that has it which could have the meaning, the likeliest first."""
    columns = mapping.columns()
    may_be_both = _BESIDE.get(meaning, set())
    taken = {header for other, header in columns.items() if other not in may_be_both}
    free = {header: profile for header, profile in table.columns.items() if header not in taken and not profile.empty}
    match meaning:
        case "date":
            dated = {header: share for header, profile in free.items() if (share := _dated(profile)) >= 0.5}
            listed = sorted(dated, key=lambda header: (hints.other_date(header), -dated[header]))
        case "customer":
            listed = [*(h for h in free if h in columns.values()), *may_be_buyers(table, mapping)]
        case _ if meaning in _BY_VALUES:
            listed = sorted((h for h in free if _may_be(meaning, free[h])), key=lambda h: _rank(h, free[h]))
        case _:
            listed = []
    return tuple(Candidate(meaning, header, _evidence(meaning, free[header])) for header in listed[:MOST])


def numbers_of_no_meaning(table: TableProfile, mapping: Mapping) -> tuple[Candidate, ...]:
    """Columns of numbers that nothing says anything of, though they count up as numbers of rows do, or are headed as
    products are: a person may know them for amounts."""
    taken = {header for meaning, header in mapping.columns().items() if meaning not in {"product", "category"}}
    listed = [
        header
        for header, profile in table.columns.items()
        if header not in taken
        and not profile.empty
        and profile.numbers >= CONSISTENT
        and not (profile.days or hints.never_money(header) or hints.code(header))
    ]
    return tuple(Candidate("amount", header, _evidence("amount", table[header])) for header in listed[:MOST])


def required(mapping: Mapping, table: TableProfile, *, file: str, without: Iterable[str] = ()) -> Mapping:
    """As `Mapping.require`; the error names the columns that could have the meaning that is missing."""
    try:
        return mapping.require(table.headers, file=file, without=without)
    except MeaningMissing as problem:
        meaning = meaning_of(problem)
        problem.candidates = candidates(meaning, table, mapping)
        if meaning == "date" and mapping.date is None and not any(_dated(one) for one in table.columns.values()):
            raise MeaningMissing(problem.meaning, problem.headers, file=file, next_step=NO_DATES) from None
        raise


@contextmanager
def naming_dates(table: TableProfile, mapping: Mapping) -> Iterator[None]:
    """Inside this block the refusal of days that are counted names the columns that hold dates."""
    try:
        yield
    except NoCalendar as problem:
        problem.candidates = candidates("date", table, mapping)
        raise


def meaning_of(problem: MeaningMissing) -> str:
    """The meaning that an error calls by its words."""
    by_label = {label: meaning for meaning, label in MEANINGS.items()} | _LABELS
    return by_label.get(problem.meaning, "")


def _dated(profile: ColumnProfile) -> float:
    """Share of all rows that hold a day."""
    share = (
        profile.share(looks_like_date)
        or float(profile.distinct > 1 and counted_dates(profile.texts[:400]) is not None) / 2
    )
    return share * max(profile.full, 0.5) if profile.full >= 0.1 else 0.0


def _may_be(meaning: str, profile: ColumnProfile) -> bool:
    return profile.full >= 0.1 and contradiction(meaning, profile) is None


def _rank(header: str, profile: ColumnProfile) -> tuple[bool, float, float]:
    """Numbers with decimals under a name that rules nothing out come first, then those that are filled more often."""
    return hints.never_money(header), -round(profile.decimals, 1), -profile.full


def _evidence(meaning: str, profile: ColumnProfile) -> str:
    """What the values show, in a few words."""
    example = f"for example “{profile.texts[0][:40]}”"
    filled = "" if profile.full > 0.995 else f", on {profile.full:.0%} of the rows".replace("%", " %")
    match meaning:
        case "date":
            share = profile.share(looks_like_date)
            what = "dates" if share > 0.995 else f"dates on {share:.0%} of its rows".replace("%", " %")
            return f"{what if share else 'numbers that may count days'}{filled}, {example}"
        case "customer":
            return f"{profile.distinct:,} different values{filled}, {example}"
        case _ if meaning in NUMBERS:
            return f"numbers{filled}, {example}"
        case _:
            return f"values that fit{filled}, {example}"
