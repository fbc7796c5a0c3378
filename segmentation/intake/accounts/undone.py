"""What became of orders, across imports: what was cancelled or paid back does not become paid again by an export that
has the same sales of it, and an export that tells of no order what became of it says nothing against it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from segmentation import columns
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


def with_numbers(staged: Path, stored: Sequence[Path]) -> list[Path]:
    """The stored files with order numbers, where the staged one has them too."""
    return [path for path in stored if numbered(path)] if numbered(staged) else []


def undone_orders(connection: ImportConnection, stored: Sequence[Path]) -> bool:
    """Show the queries the orders of these files that were undone, as `undone_orders`; whether there are any."""
    connection.show_query("stored", keyed(connection.rows_of(stored), SAME_ROW))
    found = connection.query("import_undone")
    connection.show("undone_orders", found)
    return bool(found.num_rows)


def states(connection: ImportConnection, *, replace: bool) -> int:
    """Show the queries the staged orders that were undone in the dataset, as `states`; how many. `replace` says that
    the file's own words count, where it has any."""
    found = connection.query("import_states", replace=replace)
    connection.show("states", found)
    return int(found.num_rows)


def line_states(connection: ImportConnection, stored: Sequence[Path], *, replace: bool) -> int:
    """Show the queries the staged rows whose line was cancelled in the dataset while its order counts, as
    `line_states`; how many."""
    if not connection.row("import_any_undone")["any_undone"]:
        return 0
    connection.show_query("stored", keyed(connection.rows_of(stored), SAME_ROW))
    found = connection.query("import_line_states", replace=replace)
    connection.show("line_states", found)
    return sum(found["times"].to_pylist())


def left_unpaid(connection: ImportConnection, stored: Sequence[Path]) -> int:
    """Show the queries the staged orders that an earlier file said were not paid, and which are set aside, as
    `replaced`; how many. Only where this file says nothing of what became of orders."""
    aside = list(stored[0].parents[1].glob("set_aside/*.parquet"))
    if not aside:
        return 0
    connection.show_stored("kept_aside", aside, columns.SET_ASIDE)
    return _replaced(connection, "import_left_unpaid")


def now_unpaid(connection: ImportConnection) -> int:
    """Show the queries the stored orders of which nothing was known, and which the staged file says were not paid, as
    `replaced`; how many."""
    return _replaced(connection, "import_now_unpaid")


def _replaced(connection: ImportConnection, query: str) -> int:
    found = connection.query(query)
    connection.show("replaced", found)
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


__all__ = ["left_unpaid", "line_states", "no_states", "now_unpaid", "states", "taken", "undone_orders"]
