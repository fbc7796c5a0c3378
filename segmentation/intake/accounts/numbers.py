"""Which orders and customers of a file are those of the dataset: order numbers may begin anew, so that customer and
days say so too, spreadsheets take away the zeros in front of ids, and customers may be known by another id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from segmentation.engine.importing.same import AFTER, SAME_ROW, keyed
from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts.owners import (
    NONE_MET,
    SamePeople,
    Strangers,
    by_days,
    by_numbers,
    none_owned,
    owners,
    strangers,
)

DAYS = 7
"""Days that one order may take."""
_COMMON = 0.5
"""Share of the customers in common from which on a file and the dataset know customers by the same."""
NONE_RESPELLED = pa.table({name: pa.array([], pa.string()) for name in ("customer_id", "new_id")})
_NONE_RENAMED = pa.table({name: pa.array([], pa.string()) for name in ("order_id", "customer_id", "new_id")})


@dataclass(frozen=True, slots=True)
class Aligned:
    """Whether staged customers take the ids of the dataset or staged orders other numbers (`changed`), and which
    orders the dataset has under other customers; `strangers` are its customers where the file has none of them.
    `met` says whether both have orders of some number."""

    changed: bool
    people: SamePeople | None = None
    strangers: Strangers | None = None
    met: bool = False


UNALIGNED = Aligned(changed=False)


def align(
    connection: ImportConnection,
    stored: Sequence[Path],
    numbered: Sequence[Path],
    addresses: Mapping[str, str],
    same_orders: bool | None,
) -> Aligned:
    """Give staged customers the ids of the dataset, and staged orders the number of the stored order they are, or a new
    one where theirs stands for another. `numbered` are the stored files with order numbers, `addresses` the customers
    whose e-mail addresses the dataset knows where the file has addresses beside ids; `same_orders` is what was said of
    orders that the dataset has under other customers. Shows the queries `respelled` (columns customer_id, new_id),
    `owned` (order_id, customer_id, owner) and `renamed` (order_id, customer_id, new_id).

    Raises CustomersChanged where such orders have to be asked about.
    """
    connection.show_query("stored", keyed(connection.rows_of(stored), SAME_ROW))
    respelled = connection.query("import_respelled")
    if addresses:
        listed = {"email": list(addresses), "customer_id": list(addresses.values())}
        connection.show("addresses", pa.table(listed))
        respelled = _with(respelled, connection.query("import_addressed"))
    connection.show("respelled", respelled)
    none_owned(connection)
    found = strangers(connection)
    renamed, people, met = _NONE_RENAMED, None, NONE_MET
    if numbered:
        connection.show_query("stored", keyed(connection.rows_of(numbered), SAME_ROW))
        met = by_numbers(connection)
    doubtful = met.orders > 0 and not (met.all_same and not respelled.num_rows)
    if doubtful:
        people = owners(connection, DAYS, same_orders)
    elif not numbered and found.both < _COMMON * min(found.here, found.there):
        people = owners(connection, 0, same_orders, met=by_days(connection))
    if people is not None:
        respelled = _with(respelled, connection.query("import_owners_of"))
        connection.show("respelled", respelled)
    if doubtful:
        renamed = connection.query("import_renamed", days=DAYS, after=AFTER)
    connection.show("renamed", renamed)
    apart = found if people is None and found.apart and not found.both else None
    return Aligned(bool(respelled.num_rows or renamed.num_rows or people), people, apart, met.orders > 0)


def _with(respelled: pa.Table, more: pa.Table) -> pa.Table:
    """Both, where the second says of a customer what the first does not."""
    known = set(respelled.column("customer_id").to_pylist())
    fresh = [customer not in known for customer in more.column("customer_id").to_pylist()]
    schema = NONE_RESPELLED.schema
    return pa.concat_tables([respelled.cast(schema), more.filter(pa.array(fresh, pa.bool_())).cast(schema)])


__all__ = ["DAYS", "NONE_RESPELLED", "UNALIGNED", "Aligned", "align"]
