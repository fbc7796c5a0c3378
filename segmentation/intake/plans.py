"""From an interpretation to the plan that the engine parses by."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from segmentation.engine.importing.anew import DAYS
from segmentation.engine.importing.counters import Counters
from segmentation.engine.importing.packed import PackedItems
from segmentation.engine.importing.plan import ParsePlan
from segmentation.engine.importing.states import TextRule, Words
from segmentation.intake.text import Text
from segmentation.meaning.interpret import Interpretation
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.order_codes import begins_anew
from segmentation.meaning.platforms import Platform, Rule
from segmentation.meaning.registers import registers
from segmentation.meaning.settle import ValueReading
from segmentation.meaning.vocabulary.flags import flag_of
from segmentation.meaning.word_columns import not_cancelled
from segmentation.notation import looks_like_date
from segmentation.notation.currencies import currency_code

_PLAIN = {"point": re.compile(r"-?[0-9]+(?:\.[0-9]+)?"), "comma": re.compile(r"-?[0-9]+(?:,[0-9]+)?")}
_COUNTED = ("shipping", "tax", "gift_cards", "test_orders")


def plan_of(
    text: Text, interpretation: Interpretation, reading: ValueReading, *, today: date, stored: bool = False
) -> ParsePlan:
    """How the table is parsed; `stored` says that the dataset has orders from earlier imports."""
    mapping, platform, forms = interpretation.mapping, interpretation.platform, interpretation.forms
    headers = text.opened.layout.headers
    column = dict(zip(headers, text.raw.columns, strict=True))
    choices, beside = mapping.choices, registers(text.table, mapping.columns())
    return ParsePlan(
        raw=text.raw,
        columns={meaning: column[header] for meaning, header in mapping.columns().items()},
        hashed=tuple(column[header] for header in sorted(headers)),
        header_rows=text.opened.layout.header_rows,
        today=today,
        missing=_missing(text, mapping, column),
        plain=_plain(text, mapping, reading),
        decimals=reading.decimals,
        dates=reading.dates,
        zone=choices.zone,
        currency=reading.currency,
        rates=reading.rates,
        beside=reading.beside,
        everywhere=reading.everywhere,
        currencies=_currencies(text, mapping, reading),
        signs=reading.signs,
        amount_of=forms.amount_of,
        events=forms.events,
        cents=forms.cents,
        discount_form=forms.discount_form,
        discounted=forms.discounted,
        cost_of=forms.cost_of,
        words=tuple(Words(column=column[header], states=states) for header, states in interpretation.states.words),
        products=dict(interpretation.states.products),
        parts=forms.parts,
        per_row=forms.per_row,
        inside=forms.inside,
        counts=frozenset(part for part in _COUNTED if choices.counts(part)),
        first_row=forms.first_row,
        sums_below=text.above is not None and text.above.summed,
        order_days=0 if begins_anew(text.table, mapping.columns()) else DAYS if beside else None,
        register=tuple(column[header] for header in beside),
        owners=stored and bool(mapping.order) and _leaves_customers_out(text, mapping),
        mended=stored and bool(mapping.order) and text.opened.mends is not None,
        known_by=interpretation.known_by,
        guests=interpretation.people.guests,
        not_guests=tuple(one.strip().lower() for one in choices.not_guests),
        trimmed_ids=interpretation.people.trimmed_ids,
        bare_ids=interpretation.people.bare_ids,
        consents=tuple((column[header], told) for header, told in interpretation.people.consents),
        spends_too=bool(platform and platform.spends_too) or interpretation.states.spends_too,
        moves_too=interpretation.states.moves_too,
        deposits_too=interpretation.states.deposits_too,
        other_side=(column[side[0]], side[1]) if (side := interpretation.states.other_side) is not None else None,
        left_of_total=interpretation.forms.left_of_total,
        returned_pieces=interpretation.forms.returned_pieces,
        counters=_counters(interpretation, column),
        **(_of_platform(platform, mapping, headers, column) if platform else {}),
    )


def _of_platform(
    platform: Platform, mapping: Mapping, headers: tuple[str, ...], column: dict[str, str]
) -> dict[str, Any]:
    """What a known platform says of its rows."""
    return {
        "sales": _rule(platform.sales, column),
        "gift_cards": _rule(platform.gift_cards, column),
        "test_orders": _rule(platform.test_orders, column),
        "packed": _packed(platform, headers, column),
        "heading": _column_of(mapping, platform.heading, column),
        "from_above": _from_above(mapping, platform, column),
    }


def _from_above(mapping: Mapping, platform: Platform, column: dict[str, str]) -> tuple[str, ...]:
    """The columns whose empty cells repeat the row above."""
    return tuple(one for meaning in platform.from_above if (one := _column_of(mapping, meaning, column)))


def _counters(interpretation: Interpretation, column: dict[str, str]) -> Counters | None:
    bookings = interpretation.counters
    if not bookings.found:
        return None
    named, number = (column[header] if header is not None else None for header in (bookings.column, bookings.number))
    return Counters(column=named, number=number, by_number=bookings.by_number, alike=bookings.alike)


def _leaves_customers_out(text: Text, mapping: Mapping) -> bool:
    """Whether some rows do not say who ordered."""
    who = [mapping.customer, mapping.email, mapping.name, mapping.phone, mapping.last_name]
    named = [header for header in who if header is not None]
    return bool(named) and all(text.table[header].filled < text.table.rows for header in named)


def _column_of(mapping: Mapping, meaning: str | None, column: dict[str, str]) -> str | None:
    """The column of the table with this meaning."""
    header = mapping.columns().get(meaning) if meaning else None
    return column[header] if header else None


def _missing(text: Text, mapping: Mapping, column: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """For each column that is used the texts that stand for nothing: words for that, and “no” where days stand."""
    found = {}
    for header in set(mapping.columns().values()):
        profile = text.table[header]
        words = list(profile.missing)
        if header in {mapping.date, mapping.cancelled}:
            words += [
                value.text
                for value in profile.values
                if flag_of(value.text) is False and not looks_like_date(value.text)
            ]
        if header == mapping.cancelled:
            words += not_cancelled(profile)
        if words:
            found[column[header]] = tuple(sorted({*words}))
    return found


def _plain(text: Text, mapping: Mapping, reading: ValueReading) -> frozenset[str]:
    """The meanings of whose columns every text, in all rows there are, is a plain number or stands for nothing."""
    if text.raw.rows != text.table.rows:  # rows that did not fit were not looked at
        return frozenset()
    found = set()
    for meaning, header in mapping.columns().items():
        profile, pattern = text.table[header], _PLAIN[reading.decimals.get(meaning, "point")]
        if profile.bare and all(pattern.fullmatch(value.text) for value in profile.values):
            found.add(meaning)
    return frozenset(found)


def _currencies(text: Text, mapping: Mapping, reading: ValueReading) -> dict[str, str]:
    """The code of each text in a column of currencies."""
    if mapping.currency is None:
        return {}
    found = {value.text: currency_code(value.text) for value in text.table[mapping.currency].values}
    return {written: reading.signs.get(code, code) for written, code in found.items()}


def _rule(rule: Rule | None, column: dict[str, str]) -> TextRule | None:
    if rule is None or rule.column not in column:
        return None
    return TextRule(column=column[rule.column], contains=rule.contains, but_not=rule.but_not)


def _packed(platform: Platform, headers: tuple[str, ...], column: dict[str, str]) -> PackedItems | None:
    packed = platform.packed
    if packed is None:
        return None
    named = [h for h in headers if h.startswith(packed.columns) and h.removeprefix(packed.columns).isdigit()]
    if not named:
        return None
    return PackedItems(
        columns=tuple(column[header] for header in named),
        between=packed.between,
        product=packed.product,
        quantity=packed.quantity,
        amount=packed.amount,
    )
