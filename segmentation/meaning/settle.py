"""How a file writes its numbers, dates and currency: given, proven by the values, or asked; never just guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from segmentation.files.table import Layout
from segmentation.meaning.mapping import NUMBERS, Mapping
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.row_currencies import PLAIN, as_written, everywhere
from segmentation.notation import (
    DateStyle,
    DayOrder,
    Mark,
    date_order,
    date_style,
    decimal_mark,
    looks_like_date,
)
from segmentation.notation.currencies import shared_signs
from segmentation.notation.dates import counted_dates
from segmentation.notation.offsets import offsets

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Values(Protocol):
    """Every distinct value of a column as far as it matters, asked only when the sample proves nothing."""

    def numbers(self, header: str) -> Iterable[str]:
        """Numbers of which only the places of digits matter."""
        ...

    def days(self, header: str) -> Iterable[str]:
        """Dates without their times."""
        ...


@dataclass(frozen=True, slots=True)
class ValueReading:
    """How the values of a file are read: for each meaning that is a number its decimal mark (point or comma), the style
    of its dates, and the currency it is kept in. `beside`: the currency stands beside the amounts, `everywhere`: in
    their header; `signs` say what a sign stands for that several currencies share."""

    decimals: dict[str, str]
    dates: DateStyle
    currency: str | None = None
    rates: dict[str, Decimal] = field(default_factory=dict)
    beside: bool = False
    everywhere: str | None = None
    signs: dict[str, str] = field(default_factory=dict)

    def decimal(self, meaning: str) -> str:
        """point or comma."""
        return self.decimals.get(meaning, "point")

    @property
    def settled(self) -> tuple[object, ...]:
        """What decides the meaning of a file's values, whatever rows were looked at."""
        return tuple(sorted(self.decimals.items())), self.dates.order, self.currency, tuple(sorted(self.rates.items()))


def questions(
    layout: Layout,
    mapping: Mapping,
    today: date,
    values: Values | None,
    platform: Platform | None,
    table: TableProfile,
) -> tuple[Question, ...]:
    """What the evidence leaves open."""
    asked = [
        _number_question(layout, mapping, values, platform, only_currency(table, mapping)),
        _date_question(layout, mapping, today, values, platform),
        currency_question(currencies(table, mapping), mapping, mapping.currency or mapping.amount or "amount"),
        _zone_question(table, mapping),
    ]
    return tuple(question for question in asked if question is not None)


def settle(
    table: TableProfile,
    mapping: Mapping,
    values: Values,
    *,
    today: date,
    platform: Platform | None = None,
    currency: str | None = None,
) -> ValueReading:
    """How the values of a file are written whose questions were answered. `currency` is what the dataset is in."""
    assert mapping.date is not None
    layout = table.layout
    order = _order(layout, mapping, today, values, platform)
    style = date_style(table[mapping.date].texts, order.value if order in _ORDERS else "ymd")
    if mapping.choices.zone is not None:
        style = replace(style, zone=mapping.choices.zone)
    found = as_written(table, mapping)
    counts = {code: count for code, count in currencies(table, mapping).items() if code != PLAIN}
    of_all, kept = everywhere(table, mapping), mapping.choices.currency or currency
    return ValueReading(
        {
            meaning: _decimal(layout, mapping, meaning, values, platform, only_currency(table, mapping))
            for meaning in _number_meanings(mapping)
        },
        style,
        kept or max(sorted(counts), key=lambda code: counts[code], default=None),
        dict(mapping.choices.rates),
        beside=mapping.currency is None and of_all is None and bool(set(found) - {PLAIN}),
        everywhere=of_all,
        signs=shared_signs(found, elsewhere=[kept] if kept else []),
    )


def currency_question(counts: dict[str, int], mapping: Mapping, header: str) -> Question | None:
    """Which currency to keep, where the amounts are in several and nobody said so."""
    if len(counts) < 2 or mapping.choices.currency is not None:
        return None
    by_size = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    choices = tuple((code, f"{code} ({count:,} rows)") for code, count in by_size if code != PLAIN)
    if PLAIN in counts:
        choices = tuple((code, f"{said}, and {counts[PLAIN]:,} without a sign") for code, said in choices)
    return Question("currency", header, choices[0][0], choices)


def currencies(table: TableProfile, mapping: Mapping) -> dict[str, int]:
    """The currencies of all rows, with how often: a column of them, else what stands beside the amounts."""
    found = as_written(table, mapping)
    signs = shared_signs(found)
    counts: dict[str, int] = {}
    for code, count in found.items():
        counts[signs.get(code, code)] = counts.get(signs.get(code, code), 0) + count
    return counts


def only_currency(table: TableProfile, mapping: Mapping) -> str | None:
    """The one currency that the amounts are in; None where they are in several, or do not say."""
    found = currencies(table, mapping)
    return next(iter(found)) if len(found) == 1 else None


def _zone_question(table: TableProfile, mapping: Mapping) -> Question | None:
    """By which clock to tell the dates, where some say their distance to UTC and others do not, or no one clock has
    all of those distances."""
    if mapping.date is None or mapping.choices.zone is not None:
        return None
    texts = table[mapping.date].texts
    zones = offsets(texts)
    if not zones.asks:
        return None
    example = next((text for text in texts if offsets([text]).offsets), texts[0])
    clocks = sorted(zones.offsets) or [0]
    said = [f"{'-' if one < 0 else '+'}{abs(one) // 60:02d}:{abs(one) % 60:02d}" for one in clocks]
    return Question("zone", mapping.date, example, tuple((one, f"the clock at {one}") for one in said))


# Numbers ------------------------------------------------------------------------------------------------------


def _number_meanings(mapping: Mapping) -> list[str]:
    columns = mapping.columns()
    return [meaning for meaning in NUMBERS if meaning in columns]


def _own_mark(layout: Layout, header: str, values: Values | None, currency: str | None = None) -> Mark:
    """What a column proves by itself, where it is of amounts in this currency."""
    if header in layout.exact:
        return Mark.POINT
    mark = decimal_mark(layout.column(header), currency)
    if mark is Mark.EITHER and values is not None:
        return decimal_mark(values.numbers(header), currency)
    return mark


def _shared_mark(layout: Layout, mapping: Mapping, values: Values | None, currency: str | None) -> Mark:
    """What the columns of numbers prove together: programs write all of them the same way."""
    marks = {_own_mark(layout, getattr(mapping, meaning), values, currency) for meaning in _number_meanings(mapping)}
    proven = marks & {Mark.POINT, Mark.COMMA}
    if len(proven) == 1:
        return proven.pop()
    return Mark.EITHER if proven or Mark.EITHER in marks else Mark.NONE


def _decimal(
    layout: Layout, mapping: Mapping, meaning: str, values: Values, platform: Platform | None, currency: str | None
) -> str:
    own = _own_mark(layout, getattr(mapping, meaning), values, currency)
    if own in {Mark.POINT, Mark.COMMA}:
        return str(own.value)
    if mapping.choices.decimal:
        return mapping.choices.decimal
    shared = _shared_mark(layout, mapping, values, currency)
    if shared in {Mark.POINT, Mark.COMMA}:
        return str(shared.value)
    return (platform.decimal if platform else None) or "point"


def _number_question(
    layout: Layout, mapping: Mapping, values: Values | None, platform: Platform | None, currency: str | None
) -> Question | None:
    if mapping.choices.decimal is not None or (platform and platform.decimal):
        return None
    if _shared_mark(layout, mapping, values, currency) in {Mark.POINT, Mark.COMMA, Mark.NONE}:
        return None
    for meaning in _number_meanings(mapping):
        header = getattr(mapping, meaning)
        if _own_mark(layout, header, values, currency) is Mark.EITHER:
            example = _example(layout.column(header))
            point, comma = _number_readings(example)
            return Question("decimal", header, example, (("point", point), ("comma", comma)))
    return None


def _example(values: Sequence[str]) -> str:
    """The most telling of the values: one with two readings, else one with a mark."""
    shown = [value.strip() for value in values if decimal_mark([value]) is not Mark.NONE]
    return next((value for value in shown if decimal_mark([value]) is Mark.EITHER), shown[0] if shown else "")


def _number_readings(example: str) -> tuple[str, str]:
    digits = "".join(c for c in example if c.isdigit() or c in ".,")
    as_point, as_comma = digits.replace(",", ""), digits.replace(".", "").replace(",", ".")
    return _said(as_point), _said(as_comma)


def _said(digits: str) -> str:
    whole, _, fraction = digits.partition(".")
    return f"{int(whole or 0):,}" + (f" point {fraction}" if fraction else "")


# Dates --------------------------------------------------------------------------------------------------------

_ORDERS = (DayOrder.YMD, DayOrder.DMY, DayOrder.MDY)


def _order(layout: Layout, mapping: Mapping, today: date, values: Values | None, platform: Platform | None) -> DayOrder:
    """The order of the dates: proven by the whole column, else answered, else known of the platform."""
    assert mapping.date is not None
    if mapping.choices.date_order:
        return DayOrder(mapping.choices.date_order)
    sampled = layout.column(mapping.date)
    if counted_dates(sampled):
        return DayOrder.YMD
    order = date_order(sampled, latest_year=today.year + 1)
    if order is not DayOrder.YMD and values is not None:
        order = date_order([*sampled, *values.days(mapping.date)], latest_year=today.year + 1)
    if order is DayOrder.EITHER and platform and platform.date_order:
        return DayOrder(platform.date_order)
    return order


def _date_question(
    layout: Layout, mapping: Mapping, today: date, values: Values | None, platform: Platform | None
) -> Question | None:
    if mapping.date is None or _order(layout, mapping, today, values, platform) is not DayOrder.EITHER:
        return None
    dates = [value.strip() for value in layout.column(mapping.date) if looks_like_date(value)]
    if not dates and values is not None:
        dates = [value for value in values.days(mapping.date) if looks_like_date(value)]
    open_ = [value for value in dates if date_order([value], latest_year=today.year + 1) is DayOrder.EITHER]
    example = (open_ or dates)[0]
    readings = [(order.value, text) for order in (DayOrder.DMY, DayOrder.MDY) if (text := _day(example, order))]
    if date_order([example], latest_year=today.year + 1) is DayOrder.EITHER and len(example.split()[0]) <= 8:
        as_year = _day(example, DayOrder.YMD)
        readings += [(DayOrder.YMD.value, as_year)] if as_year else []
    return Question("date_order", mapping.date, example, tuple(readings))


def _day(example: str, order: DayOrder) -> str:
    """“1 February” as the order reads it; "" where it is no day."""
    parts = [int(part) for part in example.replace(".", "/").replace("-", "/").replace(" ", "/").split("/")[:3] if part]
    if len(parts) < 3:
        return ""
    day, month = {DayOrder.DMY: parts[:2], DayOrder.MDY: parts[1::-1], DayOrder.YMD: parts[2:0:-1]}[order]
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return example if order is not DayOrder.YMD else ""
    year = f" {2000 + parts[0]}" if order is DayOrder.YMD else ""
    return f"{day} {_MONTHS[month - 1]}{year}"
