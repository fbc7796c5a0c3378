"""Which orders and customers of a file are those of the dataset: order numbers may begin anew, so that customer and
days say so too, and spreadsheets take away the zeros in front of ids."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from segmentation.engine.importing.same import AFTER, SAME_ROW, keyed, orders_of
from segmentation.engine.reading import ImportConnection

DAYS = 7
"""Days that one order may take."""
NONE_RESPELLED = pa.table({name: pa.array([], pa.string()) for name in ("customer_id", "new_id")})
_NONE_RENAMED = pa.table({name: pa.array([], pa.string()) for name in ("order_id", "customer_id", "new_id")})


def align(connection: ImportConnection, stored: Sequence[Path], numbered: Sequence[Path]) -> bool:
    """Whether staged customers take the spelling of the dataset, or staged orders another number: that of the stored
    order they are, or a new one where theirs stands for another. `numbered` are the stored files with order numbers.
    Shows the queries `respelled` (columns customer_id, new_id) and `renamed` (order_id, customer_id, new_id)."""
    connection.show_query("stored", keyed(stored, SAME_ROW))
    respelled = connection.query("import_respelled")
    connection.show("respelled", respelled)
    renamed = _NONE_RENAMED
    if numbered:
        connection.show_query("stored", keyed(numbered, SAME_ROW))
        connection.show("mine", connection.run(orders_of("staged")))
        connection.show("theirs", connection.run(orders_of("stored", among="mine")))
        renamed = connection.query("import_renamed", days=DAYS, after=AFTER)
    connection.show("renamed", renamed)
    return bool(respelled.num_rows or renamed.num_rows)
