"""Stored orders of which a later file has the same rows and tells more: what was bought, where nothing did before."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from segmentation.engine.importing.same import keyed
from segmentation.engine.reading import ImportConnection
from segmentation.intake.store import filled_columns


def coarser(staged: Path, paths: list[Path]) -> list[Path]:
    """The stored files that tell no products, and nothing else that the staged file, which does, leaves out."""
    mine = filled_columns(staged)
    if "product" not in mine:
        return []
    return [path for path in paths if "product" not in (told := filled_columns(path)) and told <= mine]


def told_finer(connection: ImportConnection, paths: list[Path], key: str) -> pa.Table:
    """The orders of these stored files whose rows the staged file has all, no more and no fewer, with their products.
    `staged` is shown with the same key."""
    connection.show_query("stored", keyed(paths, key))
    return connection.query("import_finer")


__all__ = ["coarser", "told_finer"]
