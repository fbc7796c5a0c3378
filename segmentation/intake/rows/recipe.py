"""Everything that decides how a file's text becomes lines, and the SQL of each single value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from segmentation import columns
from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.reading import LINE_NUMBER, TextSource, select
from segmentation.meaning.guessing import EMAIL_OR_NAME
from segmentation.meaning.mapping import ORDER_LEVEL, Mapping
from segmentation.meaning.platforms import Packed, Platform, Rule
from segmentation.meaning.settle import Reading
from segmentation.notation.numbers import SYMBOLS

KEYS = "keys"
"""The table of (contact, customer_id) that says which customer stands for an e-mail address, a name or a phone."""

_SIGN = r"([^0-9.,'’()+\s\x{00a0}\x{202f}\x{2009}\x{2212}\x{2013}-]+)"
"""What is neither a digit, nor a mark, nor a blank, nor a sign: the currency beside an amount."""

PACKED = {"product": "item_product", "quantity": "item_quantity", "amount": "item_amount"}
"""Columns that unpacking adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """`headers` name the columns of `source`, in order. `known_by` says what the customer is known by where it is no id
    (email, name, phone, or email or name). `guests` are customer ids that stand for nobody."""

    source: TextSource
    headers: tuple[str, ...]
    header_rows: tuple[tuple[str, ...], ...]
    mapping: Mapping
    reading: Reading
    today: date
    known_by: str | None = None
    guests: tuple[str, ...] = ()
    platform: Platform | None = None

    # Columns -------------------------------------------------------------------------------------------------

    def column(self, meaning: str) -> str | None:
        """The source column with this meaning, e.g. c3."""
        if self.packed is not None and meaning in PACKED:
            return PACKED[meaning]
        header = getattr(self.mapping, meaning)
        return None if header is None else self.named(header)

    def named(self, header: str) -> str:
        """The source column under this header."""
        return self.source.columns[self.headers.index(header)]

    def text(self, meaning: str) -> str:
        column = self.column(meaning)
        return "CAST(NULL AS VARCHAR)" if column is None else casts.text(column)

    def identifier(self, meaning: str) -> str:
        column = self.column(meaning)
        return "CAST(NULL AS VARCHAR)" if column is None else casts.identifier(column)

    def number(self, meaning: str) -> str:
        column = self.column(meaning)
        return (
            f"CAST(NULL AS {columns.MONEY})" if column is None else casts.number(column, self.reading.decimal(meaning))
        )

    def money(self, meaning: str) -> str:
        """A number in the kept currency."""
        plain = self.number(meaning)
        return plain if self.column(meaning) is None else self.converted(plain, self.currency)

    def converted(self, amount: str, currency: str) -> str:
        """An amount of this currency in the kept one; as it is where the currency is unknown."""
        if not self.reading.rates:
            return amount
        rates = {code: f"{literal(rate)}::{columns.MONEY}" for code, rate in self.reading.rates.items()}
        whens = " ".join(f"WHEN {literal(code)} THEN {rate}" for code, rate in rates.items())
        return f"try_cast({amount} * CASE {currency} {whens} ELSE 1 END AS {columns.MONEY})"

    def field(self, meaning: str) -> str:
        """The field as it stands: looked at only where it could not be read."""
        return self.column(meaning) or "CAST(NULL AS VARCHAR)"

    # The row -------------------------------------------------------------------------------------------------

    @property
    def packed(self) -> Packed | None:
        """How items are packed into columns, where they are and the file has such columns."""
        packed = self.platform.packed if self.platform else None
        return packed if packed and self.packed_columns(packed) else None

    def packed_columns(self, packed: Packed) -> list[str]:
        """The source columns that hold packed items."""
        found = [header for header in self.headers if header.startswith(packed.columns)]
        return [self.named(header) for header in found if header.removeprefix(packed.columns).isdigit()]

    @property
    def table(self) -> str:
        """The source as rows: one per record, or one per item where a record holds several."""
        packed = self.packed
        if packed is None:
            return self.source.sql
        items = ", ".join(self.packed_columns(packed))
        filled = f"list_filter([{items}], lambda item: trim(item) <> '')"

        def part(name: str) -> str:
            pattern = rf"(?:^|[{packed.between}]){name}([^{packed.between}]*)"
            return f"nullif(regexp_extract(item, {literal(pattern)}, 1), '')"

        parts = {column: part(getattr(packed, name)) for name, column in PACKED.items()}
        each = f"unnest(CASE WHEN len({filled}) > 0 THEN {filled} ELSE [NULL] END)"
        unpacked = select({"*": "*", "item": each}, self.source.sql)
        return f"({select({'*': '*'} | parts, f'({unpacked})')})"

    @property
    def row_hash(self) -> str:
        """The row's content, whatever the order of its columns."""
        hashed = [self.named(header) for header in sorted(self.headers)]
        return f"hash({', '.join(hashed)}{', item' if self.packed else ''})"

    @property
    def raw(self) -> str:
        """The row's fields as they stand."""
        return f"[{', '.join((*self.source.columns, self.source.overflow))}]"

    @property
    def line(self) -> str:
        """The row's line in the original, NULL where the source does not say."""
        return LINE_NUMBER if self.source.numbered else "CAST(NULL AS BIGINT)"

    # Single values -------------------------------------------------------------------------------------------

    @property
    def moment(self) -> str:
        """When the order was placed."""
        column = self.column("date")
        assert column is not None
        day = casts.moment(column, self.reading.dates)
        clock = self.column("time")
        return day if clock is None else f"({day} + to_microseconds({casts.time_of_day(clock)}))"

    @property
    def currency(self) -> str:
        """The row's currency as its ISO code; NULL where it does not say."""
        column = self.column("currency")
        if column is None and self.reading.beside:
            amount = self.column("amount") or self.column("unit_price")
            column = f"nullif(regexp_extract({amount}, {literal(_SIGN)}, 1), '')"
        if column is None:
            return "CAST(NULL AS VARCHAR)"
        word = casts.text(column)
        names = {**SYMBOLS, "Euro": "EUR", "EURO": "EUR", "euro": "EUR"}
        names = {sign: self.reading.signs.get(code, code) for sign, code in names.items()}
        whens = " ".join(f"WHEN {literal(sign)} THEN {literal(code)}" for sign, code in names.items())
        return f"CASE {word} {whens} ELSE upper({word}) END"

    @property
    def contact(self) -> str | None:
        """What is looked up among the keys, as it is compared; None where customers have ids and no e-mails."""
        by_own = self.known_by is not None and self.mapping.customer is not None
        column = self.column("customer" if by_own else "email")
        if by_own and self.known_by == EMAIL_OR_NAME:
            return f"lower(coalesce({self.text('email')}, {self.text('customer')}))"
        return None if column is None else f"lower({casts.text(column)})"

    @property
    def customer(self) -> str:
        """Who ordered: an id of the file, else a pseudonym, else nobody."""
        given = self._given_customer
        if self.contact is None:
            return given
        return f"{KEYS}.customer_id" if self.known_by else f"coalesce({given}, {KEYS}.customer_id)"

    @property
    def _given_customer(self) -> str:
        if self.mapping.customer is None or self.known_by:
            return "CAST(NULL AS VARCHAR)"
        customer = self.identifier("customer")
        if not self.guests:
            return customer
        return f"CASE WHEN lower({customer}) NOT IN ({', '.join(map(literal, self.guests))}) THEN {customer} END"

    @property
    def given_customer(self) -> str:
        """The customer's id as the file has it, NULL for guests."""
        return self._given_customer

    @property
    def keyed_table(self) -> str:
        """The rows with the customers that stand for their contacts."""
        if self.contact is None:
            return self.table
        return f"{self.table} AS file LEFT JOIN {KEYS} ON {KEYS}.contact = {self.contact}"

    def rule(self, rule: Rule | None) -> str | None:
        """Whether a row falls under the rule; None where there is no rule, or the file lacks its column."""
        if rule is None or rule.column not in self.headers:
            return None
        column = self.named(rule.column)
        if self.packed is not None and rule.column == self.mapping.product:
            column = PACKED["product"]
        return casts.says(column, _escaped(rule.contains), but_not=_escaped(rule.but_not))

    # Orders --------------------------------------------------------------------------------------------------

    @property
    def order_parts(self) -> tuple[str, ...]:
        """The amounts of whole orders that the file has and that count for something."""
        have = [meaning for meaning in ORDER_LEVEL if self.column(meaning) is not None]
        if self.platform is None:  # beside line totals they are shown by known platforms, and counted if wished
            have = [m for m in have if m in {"refunded", "order_discount"} or self.mapping.choices.counts(m)]
        return tuple(have)

    @property
    def by_orders(self) -> bool:
        """Whether what a row means depends on other rows of its order."""
        return bool(self.order_parts) or bool(self.platform and self.platform.fill_down)

    def without_parallel(self) -> Recipe:
        """The same, read by one thread."""
        return replace(self, source=self.source.without_parallel())


def _escaped(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("".join(f"\\{char}" if char in r".^$*+?{}[]\|()" else char for char in word.lower()) for word in words)
