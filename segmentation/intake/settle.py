"""How a file writes its numbers and dates: given, proven by the values, or asked; never guessed in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from segmentation.errors import AmbiguousReading
from segmentation.files.dialect import Layout
from segmentation.intake.mapping import Mapping
from segmentation.notation.evidence import (
    DateStyle,
    Mark,
    date_order,
    date_style,
    decimal_mark,
    looks_like_date,
)

NUMBERS = ("amount", "unit_price", "unit_cost", "discount", "quantity")
"""The meanings whose values are numbers."""

Column = Callable[[str], Iterable[str]]
"""Every distinct value of a column, asked only when the sample proves nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the values of a file are read. `decimal` is point or comma."""

    decimal: str
    dates: DateStyle


@dataclass(frozen=True, slots=True)
class Question:
    """What only a person can answer: the setting, its two values, and what each makes of a value of the file."""

    setting: str
    example: str
    choices: tuple[tuple[str, str], tuple[str, str]]

    def error(self, header: str) -> AmbiguousReading:
        """The same as an error, for a door that cannot ask."""
        name = self.setting.replace("_", "-")
        kinds = {"decimal": "amounts", "date_order": "dates"}
        (first, one), (second, two) = self.choices
        return AmbiguousReading(
            f"The {kinds[self.setting]} in “{header}” allow two readings, for example {self.example}.",
            readings=(f"{one} ({first})", f"{two} ({second})"),
            option=f"--{name} {first} or --{name} {second}",
        )


def questions(layout: Layout, mapping: Mapping, distinct: Column | None = None) -> tuple[tuple[str, Question], ...]:
    """What the evidence leaves open, with the header it is about."""
    asked = []
    number = _number_question(layout, mapping, distinct)
    if number is not None:
        asked.append(number)
    day = _date_question(layout, mapping, distinct)
    if day is not None:
        asked.append(day)
    return tuple(asked)


def settle(layout: Layout, mapping: Mapping, distinct: Column) -> Reading:
    """How to read this file; raises AmbiguousReading where the whole column allows two readings."""
    for header, question in questions(layout, mapping, distinct):
        raise question.error(header)
    mark = _mark(layout, mapping, distinct)
    decimal = mapping.decimal or ("comma" if mark is Mark.COMMA else "point")
    assert mapping.date is not None
    values = layout.column(mapping.date)
    order = mapping.date_order or date_order(values) or date_order(distinct(mapping.date)) or "ymd"
    return Reading(decimal, date_style(values, order))


def _number_columns(mapping: Mapping) -> list[str]:
    columns = mapping.columns()
    used = [columns[meaning] for meaning in NUMBERS if meaning in columns]
    return used


def _mark(layout: Layout, mapping: Mapping, distinct: Column | None) -> Mark:
    headers = _number_columns(mapping)
    mark = decimal_mark(value for header in headers for value in layout.column(header))
    if mark is Mark.EITHER and distinct is not None:
        return decimal_mark(value for header in headers for value in distinct(header))
    return mark


def _number_question(layout: Layout, mapping: Mapping, distinct: Column | None) -> tuple[str, Question] | None:
    if mapping.decimal is not None or _mark(layout, mapping, distinct) is not Mark.EITHER:
        return None
    header, example = next(
        (header, value.strip())
        for header in _number_columns(mapping)
        for value in layout.column(header)
        if decimal_mark([value]) is not Mark.NONE
    )
    point, comma = _number_readings(example)
    return header, Question("decimal", example, (("point", point), ("comma", comma)))


def _number_readings(example: str) -> tuple[str, str]:
    digits = "".join(c for c in example if c.isdigit() or c in ".,")
    as_point, as_comma = digits.replace(",", ""), digits.replace(".", "").replace(",", ".")
    return _said(as_point), _said(as_comma)


def _said(digits: str) -> str:
    whole, _, fraction = digits.partition(".")
    return f"{int(whole or 0):,}" + (f" point {fraction}" if fraction else "")


def _date_question(layout: Layout, mapping: Mapping, distinct: Column | None) -> tuple[str, Question] | None:
    if mapping.date_order is not None or mapping.date is None:
        return None
    values = layout.column(mapping.date)
    dates = [value for value in values if looks_like_date(value)]
    if not dates or date_order(dates) is not None:
        return None
    if distinct is not None and date_order(distinct(mapping.date)) is not None:
        return None
    example = next((value.strip() for value in dates if date_order([value]) is None), dates[0].strip())
    first, second = (int(part) for part in example.replace(".", "/").replace("-", "/").replace(" ", "/").split("/")[:2])
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    readings = tuple(
        (order, f"{day} {months[month - 1]}" if 1 <= month <= 12 else example)
        for order, day, month in (("dmy", first, second), ("mdy", second, first))
    )
    return mapping.date, Question("date_order", example, (readings[0], readings[1]))
