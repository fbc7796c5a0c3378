"""Orders of a file that the dataset has under other customers, as where one export gives customers by id and a later
one by e-mail: whether they are the same orders, and who then is who."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from segmentation.engine.importing.same import orders_of
from segmentation.engine.reading import ImportConnection
from segmentation.errors import CustomersChanged

_NONE_OWNED = pa.table({name: pa.array([], pa.string()) for name in ("order_id", "customer_id", "owner")})
_FEW = 10_000
_ALIKE = 0.5
"""Share of the orders with a number of others' from which on their sales are alike by more than chance."""
_PROVEN = 0.9
_FEW_SALES, _MANY_SALES, _AGAIN = 3, 10, 3
"""Different sales of proven orders: at least a few, and many of them or orders of customers known by another one."""


@dataclass(frozen=True, slots=True)
class SamePeople:
    """Orders of the dataset that a file has under other customers.

    `customers` of the file have them, `owners` of the dataset; `unknown` customers of the file have none of them.
    """

    orders: int
    customers: int
    owners: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Strangers:
    """Customers of the file (`here`) and of the dataset (`there`) with what they have in common (`both`), where the one
    has ids of the shop and the other has none (`apart`)."""

    here: int
    there: int
    both: int
    apart: bool


def strangers(connection: ImportConnection) -> Strangers:
    """How far the customers of `staged`, spelled as `respelled` says, are those of `stored`."""
    row = connection.row("import_strangers")
    all_here, all_there = row["pseudonyms_here"] == row["here"], row["pseudonyms_there"] == row["there"]
    none_here, none_there = not row["pseudonyms_here"], not row["pseudonyms_there"]
    apart = bool(row["here"] and row["there"] and ((all_here and none_there) or (none_here and all_there)))
    return Strangers(row["here"], row["there"], row["both"], apart)


@dataclass(frozen=True, slots=True)
class Met:
    """How many orders of the dataset have a number of the file's, and whether all of them are known to be those: of the
    same customer, with the same id, begun on the same day. Of many orders that is not looked at."""

    orders: int
    all_same: bool


NONE_MET = Met(0, all_same=False)


def by_numbers(connection: ImportConnection) -> Met:
    """Show the orders of `staged` as `mine`, and those of `stored` with a number of `mine` as `theirs`."""
    mine = connection.run(orders_of("staged"))
    connection.show("mine", mine)
    theirs = connection.run(orders_of("stored", among="mine"))
    connection.show("theirs", theirs)
    if max(mine.num_rows, theirs.num_rows) > _FEW:
        return Met(theirs.num_rows, all_same=False)
    known = dict(_each(theirs))
    same = len(known) == theirs.num_rows and all(known.get(number, told) == told for number, told in _each(mine))
    return Met(theirs.num_rows, all_same=same)


def _each(orders: pa.Table) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The number of each order, and what tells it from others of that number."""
    told = (orders.column(name).to_pylist() for name in ("order_id", "customer_id", "first_on"))
    return zip(orders.column("number").to_pylist(), zip(*told, strict=True), strict=True)


def by_days(connection: ImportConnection) -> int:
    """Show the orders of `staged` and `stored` as `mine` and `theirs` where they have no numbers: known by day and
    sales. Gives the orders of `staged` on days that both have which no other is like."""
    for name, table in (("mine", "staged"), ("theirs", "stored")):
        connection.show_query("orders", orders_of(table))
        connection.show(name, connection.query("import_by_day"))
    return int(connection.row("import_common_days")["orders"])


def owners(connection: ImportConnection, days: int, same: bool | None, met: int | None = None) -> SamePeople | None:
    """Show the queries `owned` (columns order_id, customer_id, owner): staged orders that the dataset has under another
    customer. `same` is what was said of them, None: nothing; `met` are the orders that may be others', None: those with
    a number of theirs. Of `mine`, `theirs`, `staged`, `stored` and `respelled`.

    Customers that pair one to one in many different orders are the same people, so that nothing is asked, unless there
    are others on both sides who may be. Raises CustomersChanged where it is asked.
    """
    none_owned(connection)
    if same is False:
        return None
    owned = connection.query("import_owned", days=days)
    if not owned.num_rows:
        return None
    connection.show("owned", owned)
    row = connection.row("import_owned_counts")
    numbered, met = met is None, row["met"] if met is None else met
    if row["certain"] < (1 if same else max(1 if numbered else _FEW_SALES, _ALIKE * met)):
        none_owned(connection)
        return None
    again = row["certain"] - row["customers"] >= _AGAIN or row["sales"] >= _MANY_SALES
    proven = row["certain"] >= _PROVEN * met and row["sales"] >= _FEW_SALES and again
    _pair_alike(connection)
    row = connection.row("import_owned_counts")
    one_to_one = row["pairs"] == row["customers"] == row["owners"]
    people = SamePeople(row["same_orders"], row["customers"], row["owners"], row["unknown"])
    if same is None and not (proven and one_to_one and not (row["unknown"] and row["missing"])):
        raise CustomersChanged(
            orders=people.orders,
            customers=people.customers,
            owners=people.owners,
            unknown=people.unknown,
            numbered=numbered,
        )
    return people


def _pair_alike(connection: ImportConnection) -> None:
    """Give orders that others of their day are like to the customers of the dataset who are left for them."""
    connection.show("told", connection.query("import_owners_of"))
    connection.show("owned", connection.query("import_owned_alike"))


def none_owned(connection: ImportConnection) -> None:
    """Show the queries that no order is another customer's."""
    connection.show("owned", _NONE_OWNED)
