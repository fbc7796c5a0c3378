"""Whom an erasure is about: the ids, addresses, phone numbers and names that any version knows one customer by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from segmentation import columns
from segmentation.engine.importing.left_out import ERASED_CUSTOMERS
from segmentation.engine.reading import ImportConnection
from segmentation.errors import CallError, WrongCall
from segmentation.meaning.people import spelled
from segmentation.meaning.vocabulary.placeholders import is_placeholder
from segmentation.privacy import Trace, erased_mark, pseudonym

MOST_IDS = 20
"""Customers that one address may stand for; more are no one person."""
ORDERS, EMAILS = "erased_orders", "erased_emails"


class CustomerNotFound(CallError):
    """No customer of that id or address in the dataset."""

    def __init__(self, asked: str, dataset: str) -> None:
        super().__init__(
            f"There is no customer “{asked}” in “{dataset}”.",
            next_step="Give the id as the file has it with --customer, or the address with --email.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A customer as somebody named them: by the id or by the address."""

    customer: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        if (self.customer is None) == (self.email is None):
            raise WrongCall("Name the customer either by the id or by the address.")
        if not (self.customer or self.email or "").strip():
            raise WrongCall("The id or the address is empty.")

    @property
    def text(self) -> str:
        return (self.customer or self.email or "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One customer. `exact` says that other customers' ids differ from theirs only by zeros in front; `orders` are
    those of nobody else. `others` are further customers who have one of the addresses, which then stays with them."""

    customers: frozenset[str]
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()
    exact: bool = False
    others: frozenset[str] = frozenset()

    def marks(self, key: bytes) -> frozenset[str]:
        """What is kept of the customer; see `privacy.erased_mark`. A name of one word tells nobody."""
        traces: list[tuple[Trace, str]] = [("id" if self.exact else "customer", one) for one in self.customers]
        traces += [("email", one) for one in self.emails]
        traces += [("phone", one) for one in self.phones]
        traces += [("name", one) for one in self.names if len(one.split()) > 1]
        return frozenset(mark for trace, one in traces if (mark := erased_mark(key, trace, one)) is not None)

    def show(self, connection: ImportConnection) -> None:
        """Show the queries whose rows go."""
        show_texts(connection, ERASED_CUSTOMERS, "customer_id", self.customers)
        show_texts(connection, EMAILS, "email", self.emails)
        show_texts(connection, ORDERS, "order_id", self.orders)


def show_texts(connection: ImportConnection, name: str, column: str, texts: Iterable[str]) -> None:
    """Show the queries a table of one column of texts."""
    connection.show(name, pa.table({column: pa.array(sorted(texts), pa.string())}))


def find(
    connection: ImportConnection, lines: Sequence[Path], contacts: Sequence[Path], asked: Asked, key: bytes
) -> Person:
    """The customer in these files of all versions; without ids where nobody of that name has orders or contacts.

    Raises WrongCall where an address stands for nobody in particular.
    """
    connection.show_stored("lines", lines, columns.LINES)
    connection.show_stored("contacts", contacts, columns.CONTACTS)
    if asked.email is not None and is_placeholder(asked.email):
        raise WrongCall(f"“{asked.text}” stands for nobody in particular.", next_step="Name the customer by the id.")
    named = {asked.text} if asked.customer is not None else set[str]()
    addresses = {spelled(asked.email)} if asked.email is not None else set[str]()
    ids, exact = _known_ids(connection, named)
    ids |= {str(row["customer_id"]) for row in _contacts(connection, set(), addresses)}
    for _ in range(2):  # an id leads to addresses, and those to the pseudonyms that stand for them
        rows = _contacts(connection, ids, set())
        addresses |= _telling(rows, "email")
        ids |= _known_ids(connection, {pseudonym(key, one) for one in addresses})[0]
    if len(ids) > MOST_IDS:
        raise WrongCall(
            f"“{asked.text}” stands for more than {MOST_IDS} customers, so it is no one person.",
            next_step="Erase each of them by the id.",
        )
    others = [row for row in _contacts(connection, set(), addresses) if row["customer_id"] not in ids]
    show_texts(connection, ERASED_CUSTOMERS, "customer_id", ids)
    orders = connection.query("erase_orders").column("order_id").to_pylist()
    return Person(
        customers=frozenset(ids),
        emails=frozenset(addresses - _telling(others, "email")),
        phones=frozenset(_telling(rows, "phone")),
        names=frozenset(_telling(rows, "name")),
        orders=frozenset(orders),
        exact=exact,
        others=frozenset(str(row["customer_id"]) for row in others),
    )


def _known_ids(connection: ImportConnection, asked: set[str]) -> tuple[set[str], bool]:
    """Which of these ids there are, and whether others differ from them only by zeros in front. An id that is not there
    is the one that differs so, where there is exactly one."""
    show_texts(connection, "asked_customers", "customer_id", asked)
    rows = connection.query("erase_ids").to_pylist()
    same = {row["customer_id"] for row in rows if row["exact"]}
    alike = {row["customer_id"] for row in rows} - same
    if not same and len(alike) == 1:
        return alike, False
    return same, bool(same and alike)


def _contacts(connection: ImportConnection, customers: set[str], emails: set[str]) -> list[dict[str, str | None]]:
    show_texts(connection, "asked_customers", "customer_id", customers)
    show_texts(connection, "asked_emails", "email", emails)
    return list(connection.query("erase_known").to_pylist())


def _telling(rows: Sequence[dict[str, str | None]], column: str) -> set[str]:
    """What these contacts have there, but for what stands for nobody."""
    return {text for row in rows if (text := row[column]) and not is_placeholder(text)}
