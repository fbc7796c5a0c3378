"""One customer: found by id or e-mail, with orders and how they stand among everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentation.customers.catalogue import Feature
from segmentation.customers.table import CustomerTable
from segmentation.customers.typical import median
from segmentation.engine.protocol import Engine
from segmentation.estimates import Unknown
from segmentation.workspace import DatasetVersion

MOST_FOUND = 20
MOST_LINES = 5000
NOTICEABLE = 0.25
_BLANKS = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that a search found.

    customer: the id.
    email: as stored; None where the file had none.
    orders: orders placed.
    spend: in shop currency.
    name: as stored; None where the file had none.
    exact: whether it is the whole id, e-mail or name that was searched for.
    """

    customer: str
    email: str | None
    orders: int
    spend: Decimal
    name: str | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order; money in shop currency.

    order: its number.
    placed: the day of its first sale; None for a refund that names no order.
    first: the day of its first line of any kind.
    sale_lines: lines of sales.
    cancelled_lines: lines that were cancelled.
    sold: what its sales add up to.
    refunded: what was paid back of them.
    discount: what was taken off; None where the file does not say.
    channel: where it was placed; None where the file does not say.
    """

    order: str
    placed: date | None
    first: date
    sale_lines: int
    cancelled_lines: int
    sold: Decimal
    refunded: Decimal
    discount: Decimal | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands in one feature.

    feature: which one.
    value: the customer's, in the feature's unit.
    below: share (0..1) of customers below it; equal ones count half, so that a value everybody shares stands at 0.5.
    typical: the median of all customers as profiles have it, in the feature's unit; NaN where nobody has a value.
    """

    feature: Feature
    value: float | Unknown
    below: float | Unknown
    typical: float


def find(engine: Engine, version: DatasetVersion, text: str) -> tuple[Match, ...]:
    """Customers whose id, e-mail or a word of whose name begins with `text`, whatever the case; exact matches first, at
    most 20."""
    wanted = text.strip().lower()
    if not wanted:
        return ()
    with engine.reading(version) as run:
        rows = run.query("customer_find", text=wanted, most=MOST_FOUND, blanks=_BLANKS).to_pylist()
    return tuple(
        Match(r["customer_id"], r["email"], r["orders"], r["spend"] or Decimal(0), r["name"], r["exact"]) for r in rows
    )


def named(engine: Engine, version: DatasetVersion, customer: str) -> Match | None:
    """The customer with this id."""
    return next((match for match in find(engine, version, customer) if match.customer == customer), None)


def orders_of(engine: Engine, version: DatasetVersion, customer: str, before: date | None = None) -> tuple[Order, ...]:
    """The customer's orders, latest first, as they stood when the day `before` began (default: as they stand); empty
    for an unknown customer."""
    with engine.reading(version) as run:
        rows = run.query("customer_orders", customer=customer, before=before or date.max).to_pylist()
    return tuple(
        Order(
            order=r["order_id"],
            placed=r["ordered_on"],
            first=r["first_on"],
            sale_lines=int(r["sale_lines"]),
            cancelled_lines=int(r["cancelled_lines"]),
            sold=r["sold"],
            refunded=r["refunded"],
            discount=r["discount"],
            channel=r["channel"],
        )
        for r in rows
    )


def lines_of(engine: Engine, version: DatasetVersion, customer: str) -> pa.Table:
    """The customer's order lines as they were imported, latest first, at most 5,000."""
    with engine.reading(version) as run:
        return run.query("customer_lines", customer=customer, most=MOST_LINES)


def row_of(customers: CustomerTable, customer: str) -> int | None:
    """The customer's place in the table; None where they had not ordered by its date."""
    at = pc.index(customers.ids, customer).as_py()
    return None if at < 0 else int(at)


def standings(customers: CustomerTable, row: int) -> tuple[Standing, ...]:
    """Every available feature of one customer, in catalogue order."""
    return tuple(_standing(customers, feature, row) for feature in customers.features)


def _standing(customers: CustomerTable, feature: Feature, row: int) -> Standing:
    values = customers.raw(feature.name)
    known = values[~np.isnan(values)]
    typical = median(customers, feature.name)
    value = float(values[row])
    if np.isnan(value):
        missing = Unknown(feature.undefined or "There is no value for this customer.")
        return Standing(feature, missing, missing, typical)
    below = (np.count_nonzero(known < value) + np.count_nonzero(known == value) / 2) / known.size
    return Standing(feature, value, float(below), typical)


def reasons(
    customers: CustomerTable, row: int, names: tuple[str, ...], differences: Mapping[str, float], *, most: int = 3
) -> tuple[str, ...]:
    """The features in which a customer stands out the way their group does, the strongest first.

    `differences` are the group's, in standard deviations from everyone. Both must point the same way by at least a
    quarter of a standard deviation; a customer whom nothing marks gets no reason.
    """
    own = customers.scaled(names)[row]
    shared = {
        name: min(abs(float(z)), abs(differences[name]))
        for name, z in zip(names, own, strict=True)
        if name in differences and float(z) * differences[name] > 0
    }
    telling = sorted((name for name, size in shared.items() if size >= NOTICEABLE), key=lambda n: -shared[n])
    return tuple(telling[:most])


def masked_email(address: str | None) -> str:
    """`ada.lovelace@shop.example` as `a•••e@shop.example`: enough to recognise, not enough to write to."""
    if not address or "@" not in address:
        return ""
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••{name[-1:] if len(name) > 2 else ''}@{domain}"
