"""What a file has in common with what is stored: rows that are there already, and orders that it has in a newer state.

Rows are compared as multisets. Where orders have numbers, the newest export of an order counts: its stored lines go
and all of the file's come. Stored files never change: one that loses lines is written anew beside the old version.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts.account import part_hashes, proven_repeats, staged_hashes
from segmentation.intake.accounts.ledger import Replaced
from segmentation.intake.accounts.repeats import Hashes, Sieve, arrow, shared, sieve
from segmentation.intake.store import notes
from segmentation.intake.typed import Staged

_NO_UNITS = pa.table({"order_id": pa.array([], pa.string()), "line_id": pa.array([], pa.string())})


class Stored:
    """The files of lines in the draft so far, with the hashes of their rows."""

    def __init__(self) -> None:
        self.hashes: dict[Path, Hashes] = {}

    def add(self, path: Path, hashes: Hashes) -> None:
        """Take note of a file that was written."""
        self.hashes[path] = hashes

    @property
    def paths(self) -> list[Path]:
        return [path for path, hashes in self.hashes.items() if len(hashes)]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What goes of the staged rows (`rows`) and of the amounts beside them (`beside`), and what left the dataset.

    `hashes` are those of all staged rows and amounts.
    """

    rows: Sieve
    beside: Sieve
    replaced: Replaced
    hashes: tuple[Hashes, Hashes]

    @property
    def nothing_goes(self) -> bool:
        """Whether every staged row stays."""
        return self.rows.nothing_goes and self.beside.nothing_goes


def compare(connection: ImportConnection, staged: Staged, stored: Stored, *, drop_all: bool) -> Overlap:
    """Find out what the staged file adds; shows the queries the table `listed`, rewrites stored files that lose lines.

    `staged` is shown to the connection already.
    """
    rows, beside = staged_hashes(connection, beside=False), staged_hashes(connection, beside=True)
    replaced = _reread(connection, staged, stored, rows, beside)
    overlap = _sift(connection, staged, rows, beside, stored, drop_all=drop_all)
    identity = notes(staged.path).get("identity", "rows")
    mends = staged.opened.mends is not None  # further rows of orders that are stored, which stay
    if identity != "rows" and overlap.rows.kept and not mends:
        newer = _newer(connection, staged, stored, others=overlap.rows.others)
        if newer.orders or newer.rows:
            replaced = _sum(replaced, newer)
            overlap = _sift(connection, staged, rows, beside, stored, drop_all=drop_all)
    return Overlap(overlap.rows, overlap.beside, replaced, (rows, beside))


def _sift(
    connection: ImportConnection, staged: Staged, rows: Hashes, beside: Hashes, stored: Stored, *, drop_all: bool
) -> Overlap:
    known = list(stored.hashes.values())
    sifted = sieve(rows, known, drop=None, drop_all=drop_all)
    if not drop_all and staged.plan.has("line") and sifted.repeated_rows:
        sifted = sieve(rows, known, drop=proven_repeats(connection, sifted), drop_all=False)
    parts = sieve(beside, known, drop=None, drop_all=False, others=sifted.others)
    connection.show("listed", pa.concat_tables([sifted.listed, parts.listed]))
    return Overlap(sifted, parts, Replaced(), (rows, beside))


def _reread(connection: ImportConnection, staged: Staged, stored: Stored, *hashes: Hashes) -> Replaced:
    """Take out of stored files the rows that this file has with another meaning: the columns were corrected."""
    meaning = notes(staged.path).get("meaning")
    gone = Replaced()
    for path, known in list(stored.hashes.items()):
        if notes(path).get("meaning") == meaning:
            continue
        if len(common := np.concatenate([shared(known, one) for one in hashes])):
            connection.show("replaced", _NO_UNITS)
            connection.show("reread", pa.table({"row_hash": arrow(common)}))
            gone = _sum(gone, _rewrite(connection, stored, path, by_line=False))
    return gone


def _newer(connection: ImportConnection, staged: Staged, stored: Stored, *, others: bool) -> Replaced:
    """Take out of stored files the orders, or lines, that this file has in a newer state."""
    mine = notes(staged.path).get("identity")
    gone = Replaced()
    for path in stored.paths:
        other = notes(path).get("identity", "rows")
        if other == "rows":
            continue
        by_line = mine == other == "line"
        connection.show("stored", [path])
        units = connection.query("import_units", by_line=by_line, others=others)
        if not units.num_rows:
            continue
        connection.show("replaced", units)
        connection.show("reread", pa.table({"row_hash": arrow(np.empty(0, np.uint64))}))
        gone = _sum(gone, _rewrite(connection, stored, path, by_line=by_line))
    return gone


def _rewrite(connection: ImportConnection, stored: Stored, path: Path, *, by_line: bool) -> Replaced:
    """Write a stored file anew without the lines that go."""
    connection.show("stored_part", [path])
    row = connection.row("import_replaced", by_line=by_line)
    target = path.with_name(f"rewritten-{path.name}")
    connection.store_named("import_left_lines", target, notes=notes(path), by_line=by_line)
    path.unlink()  # the version before has a link of its own
    target.rename(path)
    stored.hashes[path] = part_hashes(connection, path)
    return Replaced(orders=row["orders"], rows=row["rows_gone"], revenue=row["revenue"])


def _sum(one: Replaced, other: Replaced) -> Replaced:
    return Replaced(
        orders=one.orders + other.orders, rows=one.rows + other.rows, revenue=one.revenue + other.revenue + Decimal(0)
    )
