"""Which column of a file means what, and what a person chose: small frozen values that can be corrected and kept."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from segmentation.choices import ANSWERS
from segmentation.errors import MeaningMissing, NoBuyers, SettingOutOfRange, WrongCall

MEANINGS: dict[str, str] = {
    "customer": "customer id",
    "order": "order id",
    "line": "line id",
    "date": "order date",
    "time": "time of day",
    "amount": "line total",
    "credit": "amount credited",
    "quantity": "quantity",
    "unit_price": "unit price",
    "discount": "discount",
    "unit_cost": "cost",
    "refunded": "amount refunded",
    "order_discount": "discount on the order",
    "subtotal": "goods after discounts",
    "gift_sales": "gift card sales",
    "shipping": "shipping",
    "tax": "tax",
    "total": "order total",
    "gross": "line total with tax",
    "currency": "currency",
    "product": "product",
    "category": "category",
    "channel": "channel",
    "status": "order status",
    "refund": "refund marker",
    "cancelled": "cancelled at",
    "test": "test marker",
    "email": "e-mail",
    "consent": "marketing consent",
    "refusal": "opt-out of marketing",
    "name": "customer name",
    "first_name": "first name",
    "last_name": "last name",
    "phone": "phone",
}
"""The meanings a column can have, and what each is called on screen."""

ESSENTIAL = ("customer", "order", "date", "amount", "quantity", "unit_price", "email")
"""The meanings without which there is little to see."""

ORDER_LEVEL = ("refunded", "order_discount", "subtotal", "gift_sales", "shipping", "tax", "total")
"""Amounts of a whole order, which stand on its first row or on each of its rows."""

NUMBERS = ("amount", "credit", "unit_price", "unit_cost", "discount", "quantity", *ORDER_LEVEL, "gross")
"""The meanings whose values are numbers."""

CONTACTS = ("email", "name", "first_name", "last_name", "phone")
"""Meanings whose values are personal data: they are kept apart, and stand for nobody elsewhere."""
STATES = ("sale", "unpaid", "cancelled", "refunded", "refund", "test", "gift_card", "aside")
"""What a person can say that a status or a type stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decided; None leaves it to the evidence or to what is usual.

    `currency` is the only one kept, or the one that `rates` lead to: (code, what one unit of it is worth). `shipping`,
    `tax`, `gift_cards` and `test_orders` say whether they count as revenue. `guests` are customer ids that stand for
    nobody in particular, and `not_guests` some that stand for one customer after all. `discount` says how discounts are
    written, `discount_taken` whether the amounts are what is left after them, `cost` whether a cost is that of a piece
    or of the line, `amount_of` whether an amount is the line's or its order's, `amount_holds` whether it holds shipping
    and tax beside the goods, `amounts_in` units or cents. `zone` is the clock that dates are told by, `statuses` say
    what a status stands for, `ids` whether ids that a spreadsheet rewrote are joined, `customers` is “none” where a
    file that names no buyers is wanted for its sales, and `joins` are keys of tables that belong together.
    """

    date_order: str | None = None
    decimal: str | None = None
    currency: str | None = None
    rates: tuple[tuple[str, Decimal], ...] = ()
    shipping: str | None = None
    tax: str | None = None
    gift_cards: str | None = None
    test_orders: str | None = None
    guests: tuple[str, ...] = ()
    not_guests: tuple[str, ...] = ()
    discount: str | None = None
    discount_taken: str | None = None
    cost: str | None = None
    amount_of: str | None = None
    amount_holds: str | None = None
    amounts_in: str | None = None
    zone: str | None = None
    statuses: tuple[tuple[str, str], ...] = ()
    ids: str | None = None
    customers: str | None = None
    joins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for word, state in self.statuses:
            if state not in STATES:
                raise SettingOutOfRange(f"status {word}", state, allowed=STATES)
        for setting, values in ANSWERS.items():
            if getattr(self, setting) not in (None, *values):
                raise SettingOutOfRange(setting, getattr(self, setting), allowed=values)
        for code, rate in self.rates:
            if not rate > 0:
                raise SettingOutOfRange(f"rate of {code}", rate, low="0", high="any number above it")

    def over(self, other: Choices) -> Choices:
        """These choices, and where nothing was chosen, the other ones."""
        merged = {field.name: getattr(self, field.name) or getattr(other, field.name) for field in fields(self)}
        merged["joins"] = tuple(dict.fromkeys([*self.joins, *other.joins]))
        merged["statuses"] = tuple(sorted({**dict(other.statuses), **dict(self.statuses)}.items()))
        return Choices(**merged)

    def counts(self, part: str) -> bool:
        """Whether amounts of this kind (shipping, tax, gift_cards, test_orders) count as revenue: only if chosen."""
        return bool(getattr(self, part) == "in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """For each meaning the header of its column, or None; the platform whose rules hold, if any; and the choices.

    Needs a date, an amount (or quantity and unit price), and a customer (or an e-mail): see `require`.
    """

    customer: str | None = None
    order: str | None = None
    line: str | None = None
    date: str | None = None
    time: str | None = None
    amount: str | None = None
    credit: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    discount: str | None = None
    unit_cost: str | None = None
    refunded: str | None = None
    order_discount: str | None = None
    subtotal: str | None = None
    gift_sales: str | None = None
    shipping: str | None = None
    tax: str | None = None
    total: str | None = None
    gross: str | None = None
    currency: str | None = None
    product: str | None = None
    category: str | None = None
    channel: str | None = None
    status: str | None = None
    refund: str | None = None
    cancelled: str | None = None
    test: str | None = None
    email: str | None = None
    consent: str | None = None
    refusal: str | None = None
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    platform: str | None = None
    choices: Choices = Choices()

    def columns(self) -> dict[str, str]:
        """The meanings that have a column, with its header."""
        found = {meaning: getattr(self, meaning) for meaning in MEANINGS}
        return {meaning: header for meaning, header in found.items() if header is not None}

    def corrected(self, headers: Table[str, str | None]) -> Mapping:
        """The same mapping with other columns for some meanings; a column that gets one loses the one it had, unless
        both say who somebody is."""
        who = {"customer", *CONTACTS}
        given = {header: meaning for meaning, header in headers.items() if header is not None}
        lost: dict[str, str | None] = {
            meaning: None
            for meaning, header in self.columns().items()
            if header in given and not {meaning, given[header]} <= who
        }
        return replace(self, **{**lost, **headers})  # type: ignore[arg-type]

    def answered(self, choices: Choices) -> Mapping:
        """The same mapping with what was decided now over what was decided before."""
        return replace(self, choices=choices.over(self.choices))

    def fits(self, headers: Iterable[str]) -> bool:
        """Whether the file has every column of the mapping."""
        return set(self.columns().values()) <= set(headers)

    def require(self, headers: Iterable[str], *, file: str = "", without: Iterable[str] = ()) -> Mapping:
        """Itself, if the file has its columns and nothing essential is missing; else MeaningMissing.

        `without` are meanings that an export is known to do without: customer, amount.
        """
        have = tuple(headers)
        for meaning, header in self.columns().items():
            if header not in have:
                raise MeaningMissing(
                    MEANINGS[meaning],
                    have,
                    file=file,
                    next_step=f"The mapping names “{header}”, which the file does not have: choose another column.",
                )
        if self.date is None:
            raise MeaningMissing("order date", have, file=file)
        priced = self.amount is not None or (self.unit_price is not None and self.quantity is not None)
        if not priced and "amount" not in without:
            raise MeaningMissing("line total (or quantity and unit price)", have, file=file)
        if not self.names_customers and "customer" not in without and self.choices.customers != "none":
            raise NoBuyers(have, file=file)
        return self

    @property
    def names_customers(self) -> bool:
        """Whether a column says who ordered."""
        return any((self.customer, self.email, self.phone, self.name, self.first_name and self.last_name))

    def meaning(self, settled: object) -> str:
        """A stable digest of what this mapping makes of a file, once its notation is settled."""
        text = json.dumps([self.columns(), self.platform, repr(self.choices), repr(settled)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_toml(self) -> str:
        """The mapping as TOML, one line per setting."""
        rows = [f"{name} = {_toml_string(header)}\n" for name, header in self.columns().items()]
        if self.platform is not None:
            rows.append(f"platform = {_toml_string(self.platform)}\n")
        for field in fields(Choices):
            value = getattr(self.choices, field.name)
            if isinstance(value, str):
                rows.append(f"{_CHOICE_NAMES.get(field.name, field.name)} = {_toml_string(value)}\n")
        listed = {setting: getattr(self.choices, setting) for setting in _LISTED}
        rows += [f"{setting} = [{', '.join(map(_toml_string, ids))}]\n" for setting, ids in listed.items() if ids]
        if self.choices.statuses:
            rows.append("[statuses]\n")
            rows += [f"{_toml_string(word)} = {_toml_string(state)}\n" for word, state in self.choices.statuses]
        if self.choices.rates:
            rows.append("[rates]\n")
            rows += [f"{_toml_string(code)} = {_toml_string(str(rate))}\n" for code, rate in self.choices.rates]
        return "".join(rows)

    @classmethod
    def from_toml(cls, text: str) -> Mapping:
        """Read what `to_toml` wrote, or what a person did; raises WrongCall with the names that can be used."""
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise WrongCall("The mapping is not valid TOML.", evidence=f"{error}.") from error
        return cls(**mapping_parts(raw))


_CHOICE_NAMES = {
    "currency": "keep_currency",
    "shipping": "count_shipping",
    "tax": "count_tax",
    "discount": "discount_form",
}
"""Choices that would be called as a meaning is."""
_LISTED = ("guests", "not_guests", "joins")
"""Choices that are lists of texts."""


def mapping_parts(raw: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a Mapping from the entries of a TOML table; raises WrongCall for what is none."""
    names = {_CHOICE_NAMES.get(field.name, field.name): field.name for field in fields(Choices)}
    known = [*MEANINGS, "platform", *names]
    found: dict[str, Any] = {}
    choices: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in known:
            raise WrongCall(f"The mapping has an unknown entry “{name}”.", next_step=f"Use {', '.join(known)}.")
        if name == "rates" and isinstance(value, dict):
            choices["rates"] = tuple(sorted((code.upper(), _rate(code, rate)) for code, rate in value.items()))
        elif name == "statuses" and isinstance(value, dict):
            choices["statuses"] = tuple(sorted((word, str(state)) for word, state in value.items()))
        elif name in _LISTED and isinstance(value, list) and all(isinstance(v, str) for v in value):
            choices[name] = tuple(value)
        elif name in {"rates", "statuses", *_LISTED} or not isinstance(value, str):
            raise WrongCall(f"The mapping's entry “{name}” must be a text in quotes.")
        elif name in names:
            choices[names[name]] = value
        else:
            found[name] = value
    return {**found, "choices": Choices(**choices)}


def _rate(code: str, value: object) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise WrongCall(f"The rate of “{code}” is no number: {value}.") from error


def header_key(headers: Iterable[str]) -> str:
    """What a remembered mapping is kept under: the set of headers, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(headers)).encode()).hexdigest()


def _toml_string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
