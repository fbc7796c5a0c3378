"""Which column of a file means what: a small frozen value that can be read, corrected, kept and repeated."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from segmentation.errors import MeaningMissing, SettingOutOfRange, WrongCall

MEANINGS: dict[str, str] = {
    "customer": "customer id",
    "order": "order id",
    "line": "line id",
    "date": "order date",
    "amount": "line total",
    "quantity": "quantity",
    "unit_price": "unit price",
    "discount": "discount",
    "unit_cost": "unit cost",
    "currency": "currency",
    "product": "product",
    "category": "category",
    "channel": "channel",
    "status": "order status",
    "refund": "refund marker",
    "email": "e-mail",
    "consent": "marketing consent",
}
"""The meanings a column can have, and what each is called on screen."""

DATE_ORDERS = ("dmy", "mdy", "ymd")
DECIMALS = ("point", "comma")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person answered where the file allows two readings; None leaves it to the evidence."""

    date_order: str | None = None
    decimal: str | None = None

    def __post_init__(self) -> None:
        if self.date_order not in (None, *DATE_ORDERS):
            raise SettingOutOfRange("date_order", self.date_order, allowed=DATE_ORDERS)
        if self.decimal not in (None, *DECIMALS):
            raise SettingOutOfRange("decimal", self.decimal, allowed=DECIMALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """For each meaning the header of its column, or None; and how dates and decimals are written, or None.

    Needs a date, an amount (or quantity and unit price), and a customer (or an e-mail): see `require`.
    """

    customer: str | None = None
    order: str | None = None
    line: str | None = None
    date: str | None = None
    amount: str | None = None
    quantity: str | None = None
    unit_price: str | None = None
    discount: str | None = None
    unit_cost: str | None = None
    currency: str | None = None
    product: str | None = None
    category: str | None = None
    channel: str | None = None
    status: str | None = None
    refund: str | None = None
    email: str | None = None
    consent: str | None = None
    date_order: str | None = None
    decimal: str | None = None

    def __post_init__(self) -> None:
        Answers(date_order=self.date_order, decimal=self.decimal)

    def columns(self) -> dict[str, str]:
        """The meanings that have a column, with its header."""
        found = {meaning: getattr(self, meaning) for meaning in MEANINGS}
        return {meaning: header for meaning, header in found.items() if header is not None}

    def answered(self, answers: Answers) -> Mapping:
        """The same mapping with the answers that were given."""
        return replace(
            self,
            date_order=answers.date_order or self.date_order,
            decimal=answers.decimal or self.decimal,
        )

    def require(self, headers: Iterable[str], *, file: str = "") -> Mapping:
        """Itself, if the file has its columns and nothing essential is missing; else MeaningMissing."""
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
        if self.amount is None and (self.unit_price is None or self.quantity is None):
            raise MeaningMissing("line total (or quantity and unit price)", have, file=file)
        if self.customer is None and self.email is None:
            raise MeaningMissing("customer id or e-mail", have, file=file)
        return self

    def meaning(self, *, decimal: str, date_order: str) -> str:
        """A stable digest of what this mapping makes of a file, once decimals and dates are settled."""
        text = json.dumps([self.columns(), decimal, date_order], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def to_toml(self) -> str:
        """The mapping as TOML, one line per setting."""
        rows = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return "".join(f"{name} = {_toml_string(value)}\n" for name, value in rows if value is not None)

    @classmethod
    def from_toml(cls, text: str) -> Mapping:
        """Read what `to_toml` wrote, or what a person did; raises WrongCall with the names that can be used."""
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise WrongCall("The mapping is not valid TOML.", evidence=f"{error}.") from error
        known = [field.name for field in fields(cls)]
        for name, value in raw.items():
            if name not in known:
                raise WrongCall(f"The mapping has an unknown entry “{name}”.", next_step=f"Use {', '.join(known)}.")
            if not isinstance(value, str):
                raise WrongCall(f"The mapping's entry “{name}” must be a text in quotes.")
        return cls(**raw)


def header_key(headers: Iterable[str]) -> str:
    """What a remembered mapping is kept under: the set of headers, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(headers)).encode()).hexdigest()


def _toml_string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
