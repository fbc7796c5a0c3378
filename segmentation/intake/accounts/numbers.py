"""Which orders are the same ones: their numbers may begin anew, so that customer and days say so too."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmentation.engine.importing.same import SAME_ROW, keyed, orders_of
from segmentation.engine.reading import ImportConnection

DAYS = 7
"""Days that one order may take."""


def align_numbers(connection: ImportConnection, stored: Sequence[Path]) -> int:
    """How many staged orders take another number: that of the stored order they are, or a new one where theirs stands
    for another. Shows them as `renamed` to the queries (columns order_id, customer_id, new_id)."""
    connection.show_query("stored", keyed(stored, SAME_ROW))
    connection.show("mine", connection.run(orders_of("staged")))
    connection.show("theirs", connection.run(orders_of("stored", among="mine")))
    renamed = connection.query("import_renamed", days=DAYS)
    connection.show("renamed", renamed)
    return int(renamed.num_rows)
