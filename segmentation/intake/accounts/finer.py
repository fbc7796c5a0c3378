"""Stored orders of which a later file has the same money by other rows: it tells what was bought, where nothing did
before, or both tell it in their own way, as items and transactions do."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from segmentation.engine.importing.same import keyed
from segmentation.engine.reading import ImportConnection
from segmentation.intake.store import filled_columns

_MOSTLY = 0.5
"""Share of the orders without a row in common from which on an equal sum says that they are the same money."""


def coarser(staged: Path, paths: list[Path]) -> list[Path]:
    """The stored files that tell no products, and nothing else that the staged file, which does, leaves out."""
    mine = filled_columns(staged)
    if "product" not in mine:
        return []
    return [path for path in paths if "product" not in (told := filled_columns(path)) and told <= mine]


def told_finer(connection: ImportConnection, paths: list[Path], key: str) -> pa.Table:
    """The orders of these stored files whose rows the staged file has all, no more and no fewer, with their products.
    `staged` is shown with the same key."""
    connection.show_query("stored", keyed(connection.rows_of(paths), key))
    return connection.query("import_finer")


def same_sums(connection: ImportConnection) -> tuple[pa.Table, pa.Table]:
    """Orders of which `staged` and `stored` have no row or product in common, and the same sum: those that stay with
    their stored rows, and those of which the staged ones, which are more, take their place. Nothing where that is by
    chance: most of such orders come to something else, or it is a single one with as many rows."""
    found = connection.query("import_same_sums")
    same = found.filter(found["same"])
    finer = same["finer"]
    stay, go = same.filter(pc.invert(finer)), same.filter(finer)
    split = pc.any(pc.or_(finer, pc.not_equal(same["mine"], same["theirs"]))).as_py()
    if same.num_rows < _MOSTLY * found.num_rows or not (split or same.num_rows > 1):
        return stay.slice(0, 0), go.slice(0, 0)
    return stay, go


def other_discounts(connection: ImportConnection, *, stored: bool) -> int:
    """Show the queries, as `discounts`, those of the orders of `replaced` that only one side tells, the stored one or
    the staged one; how many."""
    found = connection.query("import_other_discounts", stored=stored)
    connection.show("discounts", found)
    return int(found.num_rows)


__all__ = ["coarser", "other_discounts", "same_sums", "told_finer"]
