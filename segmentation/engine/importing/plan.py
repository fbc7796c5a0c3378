"""Everything that decides how a table's text becomes order lines: a value that the SQL is made from, and nothing else.

Columns are c0, c1, …; a text of the file stands here only where it is compared with, and reaches SQL quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from segmentation import columns
from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.counters import Counters
from segmentation.engine.importing.packed import PACKED, PackedItems
from segmentation.engine.importing.raw import RawTable
from segmentation.engine.importing.states import TextRule, Words, said, state_of
from segmentation.engine.reading import select
from segmentation.notation import DateStyle

AmountOf = Literal["line", "price", "piece", "order"]
"""The amount is the line's; it is quantity × price; it is the price of the one piece a row is; it is the order's, and
counts once however many rows bear it."""
DiscountForm = Literal["money", "piece", "share", "percent"]
CostOf = Literal["piece", "line"]

OWNERS = "owners"
"""The table of (order_id, customer_id) of orders that the dataset holds."""
KEYS = "keys"
"""The table of (contact, customer_id) that says which customer stands for what customers are known by."""

_UNSEEN = r"[\s\x{00a0}\x{200b}-\x{200f}\x{2060}\x{feff}<>\"']|^mailto:|[.,;]+\s*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsePlan:
    """How one table is read.

    `events`: rows are events of their orders, the last of which says what became of it. `columns` name the column of
    each meaning, `hashed` those that make up a row's content, in an order that does not depend on the file's. `missing`
    are texts of a column that stand for nothing; the columns of meanings that are `plain` hold nothing else but numbers
    of digits, a minus and their decimal mark. `words` are the columns that say what a row is, the surest first;
    `products` what product texts say. `parts` are amounts beside the rows of an order, of which `per_row` are each
    row's own and `inside` are held by the amounts already; `counts` says which of them, and of gift cards and tests,
    are revenue. `first_row` are fields that stand on one row of an order and hold for all of it; `sums_below`: rows
    without a date are proven to sum up others; `order_days`: its number stands for other orders too, after so many
    days, and in each of its `register`: the columns of its store, till or series. With `owners`, customers of orders
    that the dataset holds are known; `mended` rows come back to orders that it holds. `known_by` says what customers
    are known by where it is no id; `guests` are ids that stand for nobody, `not_guests` some that somebody said do not.
    `currencies` give for each text of a column of them its code, `signs` what a shared sign means, `beside` says that
    it stands beside the amounts, and `everywhere` is that of all amounts. `consents` are columns that say who agreed to
    marketing, each with what its texts say (“*”: any other text). `left_of_total`: refunds are given by what they leave
    of it; `returned_pieces`: by how many pieces of a row came back; `counters`: how rows that take a cancelled sale off
    are told; `heading`, `from_above`: see `RawTable.completed`. `moves_too`: what is negative and nobody's is no sale,
    `deposits_too`: nor what is positive and nobody's;
    `other_side`: the column of the customer's address where the usual one holds the shop's own, and that one.
    `trimmed_ids` are meanings whose ids lose a “.0” or thousands marks that a spreadsheet gave them.
    """

    raw: RawTable
    columns: Mapping[str, str]
    hashed: tuple[str, ...]
    header_rows: tuple[tuple[str, ...], ...] = ()
    today: date
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()
    decimals: Mapping[str, str] = field(default_factory=dict)
    dates: DateStyle
    zone: str | None = None
    currency: str | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    beside: bool = False
    everywhere: str | None = None
    currencies: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[str, str] = field(default_factory=dict)
    amount_of: AmountOf = "line"
    events: bool = False
    cents: bool = False
    discount_form: DiscountForm = "money"
    discounted: bool = True
    cost_of: CostOf = "piece"
    words: tuple[Words, ...] = ()
    products: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    per_row: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    counts: frozenset[str] = frozenset()
    first_row: tuple[str, ...] = ()
    sums_below: bool = False
    order_days: int | None = None
    register: tuple[str, ...] = ()
    owners: bool = False
    mended: bool = False
    known_by: str | None = None
    guests: tuple[str, ...] = ()
    not_guests: tuple[str, ...] = ()
    trimmed_ids: frozenset[str] = frozenset()
    bare_ids: frozenset[str] = frozenset()
    sales: TextRule | None = None
    gift_cards: TextRule | None = None
    test_orders: TextRule | None = None
    spends_too: bool = False
    moves_too: bool = False
    deposits_too: bool = False
    other_side: tuple[str, str] | None = None
    packed: PackedItems | None = None
    left_of_total: bool = False
    returned_pieces: bool = False
    counters: Counters | None = None
    heading: str | None = None
    from_above: tuple[str, ...] = ()
    consents: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...] = ()

    # Columns -------------------------------------------------------------------------------------------------

    def has(self, meaning: str) -> bool:
        """Whether the file has a column with this meaning."""
        return self.column(meaning) is not None

    def column(self, meaning: str) -> str | None:
        """The column with this meaning, e.g. c3."""
        if self.packed is not None and meaning in PACKED:
            return PACKED[meaning]
        return self.columns.get(meaning)

    def holds_plain(self, meaning: str) -> bool:
        return meaning in self.plain and not (self.packed is not None and meaning in PACKED)

    def cell(self, meaning: str) -> str | None:
        """Its text, NULL where a word stands for nothing."""
        column = self.column(meaning)
        if meaning == "email" and column is not None and self.other_side is not None:
            other, own = self.other_side
            column = f"(CASE WHEN lower(trim({column})) = {literal(own)} THEN {other} ELSE {column} END)"
        if column is None or not (words := self.missing.get(self.column(meaning) or "")):
            return column
        return f"CASE WHEN trim({column}) NOT IN ({', '.join(map(literal, words))}) THEN {column} END"

    def text(self, meaning: str) -> str:
        cell = self.cell(meaning)
        return "CAST(NULL AS VARCHAR)" if cell is None else casts.text(cell)

    def identifier(self, meaning: str) -> str:
        cell = self.cell(meaning)
        if cell is None:
            return "CAST(NULL AS VARCHAR)"
        if meaning in self.trimmed_ids:
            grouped = f"regexp_replace({cell}, ',(\\d{{3}})', '\\1', 'g')"
            cell = f"regexp_replace({grouped}, '[.,]0+\\s*$', '')"
        found = casts.identifier(cell)
        return f"coalesce(nullif(ltrim({found}, '0'), ''), {found})" if meaning in self.bare_ids else found

    def number(self, meaning: str) -> str:
        cell = self.cell(meaning)
        if cell is None:
            return f"CAST(NULL AS {columns.MONEY})"
        if meaning == "discount" and self.discount_form in {"share", "percent"}:
            cell = f"rtrim({cell}, ' %')"
        return casts.number(cell, self.decimals.get(meaning, "point"), plain=self.holds_plain(meaning))

    def money(self, meaning: str) -> str:
        """A number in the kept currency, in its whole units."""
        plain = self.number(meaning)
        if not self.has(meaning):
            return plain
        if meaning == "amount" and self.has("credit"):
            plain = f"coalesce({plain} - coalesce({self.number('credit')}, 0), -({self.number('credit')}))"
        if self.cents:
            plain = f"try_cast({plain} / 100 AS {columns.MONEY})"
        return self.converted(plain, self.row_currency)

    def converted(self, amount: str, currency: str) -> str:
        """An amount of this currency in the kept one; as it is where the currency is unknown."""
        if not self.rates:
            return amount
        rates = {code: f"{literal(rate)}::{columns.MONEY}" for code, rate in self.rates.items()}
        whens = " ".join(f"WHEN {literal(code)} THEN {rate}" for code, rate in rates.items())
        return f"try_cast({amount} * CASE {currency} {whens} ELSE 1 END AS {columns.MONEY})"

    def field(self, meaning: str) -> str:
        """The field as it stands: looked at only where it could not be read."""
        if meaning == "amount" and self.has("credit"):
            return f"coalesce({self.text(meaning)}, {self.text('credit')})"
        return self.cell(meaning) or "CAST(NULL AS VARCHAR)"

    @property
    def registered(self) -> str:
        """In which store, till or series the number of the row's order was given; "" where that tells nothing."""
        return " || '/' || ".join(f"coalesce({casts.text(column)}, '')" for column in self.register) or "''"

    # The row -------------------------------------------------------------------------------------------------

    @property
    def table(self) -> str:
        """The text as rows: one per record, or one per item where a record holds several."""
        packed = self.packed
        if packed is None:
            return self.raw.completed(self.heading, self.from_above)
        filled = f"list_filter([{', '.join(packed.columns)}], lambda item: trim(item) <> '')"

        def part(name: str) -> str:
            pattern = rf"(?:^|[{packed.between}]){name}([^{packed.between}]*)"
            return f"nullif(regexp_extract(item, {literal(pattern)}, 1), '')"

        parts = {column: part(getattr(packed, name)) for name, column in PACKED.items()}
        each = f"unnest(CASE WHEN len({filled}) > 0 THEN {filled} ELSE [NULL] END)"
        unpacked = select({"*": "*", "item": each}, self.raw.sql)
        return f"({select({'*': '*'} | parts, f'({unpacked})')})"

    @property
    def row_hash(self) -> str:
        """The row's content, whatever the order of its columns."""
        return f"hash({', '.join(self.hashed)}{', item' if self.packed else ''})"

    # Single values -------------------------------------------------------------------------------------------

    @property
    def moment(self) -> str:
        """When the order was placed."""
        cell = self.cell("date")
        assert cell is not None
        day = casts.moment(cell, self.dates)
        clock = self.cell("time")
        return day if clock is None else f"({day} + to_microseconds({casts.time_of_day(clock)}))"

    @property
    def row_currency(self) -> str:
        """The row's currency as its ISO code; NULL where it does not say."""
        column = self.cell("currency")
        if column is None and self.beside:
            return casts.currency_beside(self.cell("amount") or self.cell("unit_price") or "NULL", self.signs)
        if column is None:
            return "CAST(NULL AS VARCHAR)" if self.everywhere is None else literal(self.everywhere)
        word = casts.text(column)
        whens = " ".join(
            f"WHEN {literal(text)} THEN {literal(code)}" for text, code in self.currencies.items() if text != code
        )
        return f"CASE {word} {whens} ELSE {word} END" if whens else word

    # Customers -----------------------------------------------------------------------------------------------

    @property
    def email(self) -> str:
        """The row's address as addresses are compared: no blanks, seen or unseen, no case, no brackets."""
        return f"nullif(regexp_replace(lower({self.text('email')}), {literal(_UNSEEN)}, '', 'g'), '')"

    @property
    def name(self) -> str:
        """The row's full name, put together from first and last name where they stand apart."""
        if not self.has("last_name"):
            return self.text("name")
        if not self.has("first_name"):
            return self.text("last_name")
        return f"({self.text('first_name')} || ' ' || {self.text('last_name')})"  # a first name alone is nobody

    @property
    def contact(self) -> str | None:
        """What is looked up among the keys, as it is compared; None where customers have ids and no e-mails."""
        match self.known_by:
            case "email":
                given = self.email if self.has("email") else self._cleaned("customer")
            case "name":
                given = f"lower({self.name if self.has('last_name') or self.has('name') else self.text('customer')})"
            case "email or name":
                name = self.name if self.has("last_name") or self.has("name") else self.text("customer")
                given = f"coalesce({self.email}, lower({name}))"
            case "phone":
                given = f"lower({self.text('phone') if self.has('phone') else self.text('customer')})"
            case _:
                return self.email if self.has("email") else None
        return given

    def _cleaned(self, meaning: str) -> str:
        return f"nullif(regexp_replace(lower({self.text(meaning)}), {literal(_UNSEEN)}, '', 'g'), '')"

    @property
    def given_customer(self) -> str:
        """The customer's id as the file has it, NULL for guests and where customers have none."""
        if not self.has("customer") or self.known_by:
            return "CAST(NULL AS VARCHAR)"
        customer = self.identifier("customer")
        if not self.guests:
            return customer
        return f"CASE WHEN lower({customer}) NOT IN ({', '.join(map(literal, self.guests))}) THEN {customer} END"

    @property
    def customer(self) -> str:
        """Who ordered: the customer that the keys name, else the id of the file, else nobody."""
        if self.contact is None:
            return self.given_customer
        return f"{KEYS}.customer_id" if self.known_by else f"coalesce({KEYS}.customer_id, {self.given_customer})"

    @property
    def keyed_table(self) -> str:
        """The rows with the customers that stand for their contacts."""
        if self.contact is None:
            return self.table
        return f"{self.table} AS file LEFT JOIN {KEYS} ON {KEYS}.contact = {self.contact}"

    # What a row is -------------------------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """What the words of the row say became of it, NULL where they say nothing."""
        dated = casts.on_a_day(self.text("cancelled")) if self.has("cancelled") else None
        return state_of(self.words, dated)

    @property
    def item(self) -> str:
        """What the row is by its product's text, where that is no product: shipping, a coupon, …; else NULL."""
        product = self.column("product")
        return "CAST(NULL AS VARCHAR)" if product is None else said(product, self.products)

    @property
    def states(self) -> frozenset[str]:
        """Every state that a row of the table can be in by its words."""
        said = {state for one in self.words for state in one.states.values()}
        return frozenset(said - {"sale", "part"}) | ({"cancelled"} if self.has("cancelled") else frozenset())

    @property
    def items(self) -> frozenset[str]:
        """All that rows can be by their products' texts."""
        return frozenset(self.products.values()) if self.has("product") else frozenset()

    def rule(self, rule: TextRule | None) -> str | None:
        """Whether a row falls under the rule; None where there is no rule."""
        return None if rule is None else rule.sql

    @property
    def by_orders(self) -> bool:
        """Whether what a row means depends on other rows of its order, or a row becomes two lines."""
        return bool(
            self.parts
            or self.first_row
            or self.owners
            or self.order_days is not None
            or self.counters is not None
            or self.amount_of == "order"
            or "refunded" in self.states
        )
