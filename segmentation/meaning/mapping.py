"""Which column of a file means what, and what a person chose: small frozen values that can be corrected and kept."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from segmentation.errors import MeaningMissing, SettingOutOfRange, WrongCall

MEANINGS: dict[str, str] = {
    "customer": "customer id",
    "order": "order id",
    "line": "line id",
    "date": "order date",
    "time": "time of day",
    "amount": "line total",
    "quantity": "quantity",
    "unit_price": "unit price",
    "discount": "discount",
    "unit_cost": "unit cost",
    "refunded": "amount refunded",
    "order_discount": "discount on the order",
    "subtotal": "goods after discounts",
    "gift_sales": "gift card sales",
    "shipping": "shipping",
    "tax": "tax",
    "total": "order total",
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
    "name": "customer name",
    "phone": "phone",
}
"""The meanings a column can have, and what each is called on screen."""

ESSENTIAL = ("customer", "order", "date", "amount", "quantity", "unit_price", "email")
"""The meanings without which there is little to see."""

ORDER_LEVEL = ("refunded", "order_discount", "subtotal", "gift_sales", "shipping", "tax", "total")
"""Amounts of a whole order, which stand on its first row or on each of its rows."""

NUMBERS = ("amount", "unit_price", "unit_cost", "discount", "quantity", *ORDER_LEVEL)
"""The meanings whose values are numbers."""

CONTACTS = ("email", "name", "phone")
"""Meanings whose values are personal data: they are kept apart, and stand for nobody elsewhere."""

DATE_ORDERS = ("dmy", "mdy", "ymd")
DECIMALS = ("point", "comma")
IN_OR_OUT = ("in", "out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decided; None leaves it to the evidence or to what is usual.

    `currency` is the only one kept, or the one that `rates` lead to: (code, what one unit of it is worth). `shipping`,
    `tax`, `gift_cards` and `test_orders` say whether they count as revenue. `guests` are customer ids that stand for
    nobody in particular.
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

    def __post_init__(self) -> None:
        allowed = {"date_order": DATE_ORDERS, "decimal": DECIMALS}
        for setting in ("shipping", "tax", "gift_cards", "test_orders"):
            allowed[setting] = IN_OR_OUT
        for setting, values in allowed.items():
            if getattr(self, setting) not in (None, *values):
                raise SettingOutOfRange(setting, getattr(self, setting), allowed=values)
        for code, rate in self.rates:
            if not rate > 0:
                raise SettingOutOfRange(f"rate of {code}", rate, low="0", high="any number above it")

    def over(self, other: Choices) -> Choices:
        """These choices, and where nothing was chosen, the other ones."""
        merged = {field.name: getattr(self, field.name) or getattr(other, field.name) for field in fields(self)}
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
    name: str | None = None
    phone: str | None = None
    platform: str | None = None
    choices: Choices = Choices()

    def columns(self) -> dict[str, str]:
        """The meanings that have a column, with its header."""
        found = {meaning: getattr(self, meaning) for meaning in MEANINGS}
        return {meaning: header for meaning, header in found.items() if header is not None}

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
        if self.customer is None and self.email is None and "customer" not in without:
            raise MeaningMissing("customer id or e-mail", have, file=file)
        return self

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
        if self.choices.guests:
            rows.append(f"guests = [{', '.join(map(_toml_string, self.choices.guests))}]\n")
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


_CHOICE_NAMES = {"currency": "keep_currency", "shipping": "count_shipping", "tax": "count_tax"}
"""Choices that would be called as a meaning is."""


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
        elif name == "guests" and isinstance(value, list) and all(isinstance(one, str) for one in value):
            choices["guests"] = tuple(value)
        elif name in {"rates", "guests"} or not isinstance(value, str):
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
