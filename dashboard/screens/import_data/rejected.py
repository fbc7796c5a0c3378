"""The rows that imports rejected: as they stood, and as a file to mend and import again."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import ledger as charts
from dashboard.parts import downloads, tables
from segmentation import formats
from segmentation.intake import Rejected, rejected
from segmentation.workspace import DatasetVersion

MOST_SHOWN = 500
HOW_TO_MEND = (
    "Download them, fix them and import the file again into this shop: it has the columns of your file, and only the "
    "fixed rows are added. The columns that begin with “Tessera” say where each row stood and why it was rejected; "
    "they are left out then."
)


def rejected_rows(version: DatasetVersion, reason: str | None, *, key: str) -> None:
    """A table and a download for each set of columns; all rejected rows where no `reason` is named."""
    rows = rejected(version, reason)
    st.caption(HOW_TO_MEND if rows else words.NOT_KEPT)
    for at, one in enumerate(rows):
        _one(one, version, reason, key=f"{key}_opened" if at == 0 else f"{key}_opened_{at}")


def _one(one: Rejected, version: DatasetVersion, reason: str | None, *, key: str) -> None:
    shown = one.rows[:MOST_SHOWN]
    if len(one.rows) > len(shown):
        st.caption(f"The first {len(shown):,} of {formats.count(len(one.rows), 'row')}; the download has them all.")
    width = len(one.headers)
    own = [f"c{at}" for at in range(width)]
    records = []
    for (file, line, why, *_), cells in zip(shown, one.cells(), strict=False):
        records.append((line, charts.label(why), *cells[:width], cells[-1], file))
    columns = ["Line", "Reason", *own, "Did not fit", "File"]
    frame = pd.DataFrame(records, columns=columns)
    empty = [name for name in ("Did not fit",) if not frame[name].any()]
    tables.table(
        frame.drop(columns=[*empty, *(["Reason"] if reason is not None else [])]),
        downloads.csv(f"rejected-{version.name}", one.columns, one.cells(), content="rejected rows"),
        alt=f"Rejected rows of {words.list_of(sorted({row[0] for row in shown})[:3])}",
        key=key,
        columns={name: st.column_config.TextColumn(header) for name, header in zip(own, one.headers, strict=True)},
    )
