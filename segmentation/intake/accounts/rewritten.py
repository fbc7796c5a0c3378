"""Stored files that are written anew: without lines that go, or with other ones in their place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts import account
from segmentation.intake.accounts.ledger import Replaced
from segmentation.intake.accounts.repeats import Hashes, arrow, shared
from segmentation.intake.accounts.stored import Stored
from segmentation.intake.store import notes
from segmentation.intake.typed import MENDED

_NO_UNITS = pa.table({"order_id": pa.array([], pa.string()), "line_id": pa.array([], pa.string())})


def reread(connection: ImportConnection, staged: Path, stored: Stored, *hashes: Hashes) -> Replaced:
    """Take out of stored files the rows that this file has with another meaning: the columns were corrected. A few
    mended rows may leave open what all rows settle, and were read as those were."""
    meaning = notes(staged).get("meaning")
    gone = Replaced()
    for path, known in list(stored.hashes.items()):
        if notes(path).get("meaning") == meaning or MENDED in notes(path):
            continue
        if len(common := np.concatenate([shared(known, one) for one in hashes])):
            connection.show("replaced", _NO_UNITS)
            connection.show("reread", pa.table({"row_hash": arrow(common)}))
            gone = gone.plus(without_replaced(connection, stored, path, by_line=False))
    return gone


def without_replaced(connection: ImportConnection, stored: Stored, path: Path, *, by_line: bool) -> Replaced:
    """Write a stored file anew without the lines that go: those of orders (or lines, where `by_line`) in the table
    `replaced`, and the rows in `reread`."""
    connection.show("stored_part", [path])
    row = connection.row("import_replaced", by_line=by_line)
    if not row["lines_gone"]:
        return Replaced()
    write_anew(connection, stored, path, "import_left_lines", by_line=by_line)
    return Replaced(orders=row["orders"], rows=row["rows_gone"], revenue=row["revenue"])


def write_anew(connection: ImportConnection, stored: Stored, path: Path, query: str, **values: object) -> None:
    """Write a stored file, which is shown as `stored_part`, as this query gives it."""
    target = path.with_name(f"rewritten-{path.name}")
    connection.store_named(query, target, notes=notes(path), **values)
    path.unlink()  # the version before has a link of its own
    target.rename(path)
    stored.hashes[path] = account.part_hashes(connection, path)


__all__ = ["reread", "without_replaced", "write_anew"]
