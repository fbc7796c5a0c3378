"""The grid of recency against frequency and spend: how many customers each cell has, and who they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import state, words
from dashboard.palette import rgba
from dashboard.screens.segments import segment_tables
from segmentation import formats
from segmentation.analysis import Study
from segmentation.segments import RfmGrid, RfmModel

KEY = "rfm_grid"
TINT = 0.22
"""How strongly a cell has the colour of its segment: its text is read on it in both themes."""


def draw(study: Study) -> None:
    """The grid, and the customers of the cell that was chosen; nothing where the segments have no scores."""
    model, segments = study.segmentation.model, study.segmentation.segments
    if not isinstance(model, RfmModel):
        return
    grid = RfmGrid.of(model, study.customers, study.segmentation.labels)
    scores = range(1, grid.highest + 1)
    across = [f"FM {score}" for score in scores]
    down = [f"R {score}" for score in reversed(scores)]
    cells = [[_said(grid, r, fm, [segment.name for segment in segments]) for fm in scores] for r in reversed(scores)]
    palette = state.palette()
    tints = [
        [_tint(None if (at := grid.segment(r, fm)) is None else palette.segment(segments[at].colour)) for fm in scores]
        for r in reversed(scores)
    ]
    st.markdown("**Recency (R) × frequency and spend (FM)**")
    st.caption(
        f"R {grid.highest}: ordered most recently. FM {grid.highest}: orders and spends most (the mean of both scores, "
        "halves rounded up). Choose a cell to see its customers."
    )
    frame = pd.DataFrame(cells, index=down, columns=across)
    event = st.dataframe(
        frame.style.apply(lambda _: pd.DataFrame(tints, index=down, columns=across), axis=None),
        key=KEY,
        height="content",
        on_select="rerun",
        selection_mode="single-cell",
        alt="Customers by recency and by frequency and spend",
    )
    for row, column in event["selection"].get("cells", ())[:1]:
        if column in across:
            _customers(study, grid, grid.highest - int(row), across.index(column) + 1)


def _said(grid: RfmGrid, r: int, fm: int, names: list[str]) -> str:
    """ "120 · Champions", with the segment most of them are in."""
    place = grid.segment(r, fm)
    return formats.NOTHING if place is None else f"{formats.number(grid.customers(r, fm))} · {names[place]}"


def _tint(colour: str | None) -> str:
    return "" if colour is None else f"background-color: {rgba(colour, TINT)}"


def _customers(study: Study, grid: RfmGrid, r: int, fm: int) -> None:
    table, mask = study.customers, grid.mask(r, fm)
    count = int(np.count_nonzero(mask))
    share = words.plain(formats.percent(count / table.n))
    st.markdown(f"**R {r}, FM {fm}: {formats.count(count, 'customer')}** ({share} of all)")
    segment_tables.members(study, mask, how=f"R {r}, FM {fm}", stem=f"rfm-r{r}-fm{fm}", key="rfm_cell")
