"""What became of orders, across imports: what was cancelled or paid back does not become paid again by an export that
has the same sales of it, and an export that tells of no order what became of it says nothing against it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from segmentation.engine.importing.same import SAME_ROW, keyed
from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts.ledger import Replaced
from segmentation.intake.accounts.rewritten import write_anew
from segmentation.intake.accounts.stored import Stored, numbered

_TEXT, _YES = pa.string(), pa.bool_()
_NO_STATES = pa.table({"order_id": pa.array([], _TEXT), "undone": pa.array([], _TEXT), "refunds": pa.array([], _YES)})


def no_states(connection: ImportConnection) -> None:
    """Show the queries that no order takes a state, as `states` and `taken`."""
    connection.show("states", _NO_STATES)
    connection.show("taken", _NO_STATES)


def undone_orders(connection: ImportConnection, staged: Path, stored: Sequence[Path]) -> bool:
    """Show the queries the stored orders that were undone, as `undone_orders`; whether there are any, and orders have
    numbers."""
    told = [path for path in stored if numbered(path)] if numbered(staged) else []
    if not told:
        return False
    connection.show_query("stored", keyed(told, SAME_ROW))
    found = connection.query("import_undone")
    connection.show("undone_orders", found)
    return bool(found.num_rows)


def states(connection: ImportConnection, *, replace: bool) -> int:
    """Show the queries the staged orders that were undone in the dataset, as `states`; how many. `replace` says that
    the file's own words count, where it has any."""
    found = connection.query("import_states", replace=replace)
    connection.show("states", found)
    return int(found.num_rows)


def taken(connection: ImportConnection, stored: Stored) -> Replaced:
    """Let stored orders that stay with their lines (`replaced`) take over that the staged file says they were undone;
    what they lose by it. Shows the queries those orders as `taken`."""
    found = connection.query("import_taken")
    connection.show("taken", found)
    lost = Replaced()
    for path in stored.paths if found.num_rows else ():
        connection.show("stored_part", [path])
        row = connection.row("import_taken_counts")
        if not row["lines_met"]:
            continue
        write_anew(connection, stored, path, "import_taken_lines")
        lost = lost.plus(Replaced(orders=row["orders"], rows=row["rows_gone"], revenue=row["revenue"]))
    return lost


__all__ = ["no_states", "states", "taken", "undone_orders"]
