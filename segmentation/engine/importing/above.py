"""Cells that rows leave to a row above them, filled in: an order stated on its first line, a customer above a group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from segmentation.engine import casts
from segmentation.engine.duckdb import literal
from segmentation.engine.importing.raw import PLACE, RawTable
from segmentation.engine.reading import LINE_NUMBER, ImportConnection, select


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """What rows leave to a row above them.

    `holds`: what the row above states for those below it.
        order: a dated row begins an order; rows without a date that fill `lines` are further lines of it.
        group: a dated row that fills the column begins a group; dated rows below it belong to the group.
        heading: a row of which the column alone is filled stands above the dated rows of its group.
    `columns` are the columns (c0, c1, …) that are filled in, `date` that of the day, `lines` those every line fills.
    `but`: columns with texts of rows that are no lines: they sum up those above them.
    `prefix` stands in front of every heading and is no part of it. `summed`: rows without a date that have an amount
    are proven to sum up others.
    """

    holds: Literal["order", "group", "heading"]
    columns: tuple[str, ...]
    date: str
    lines: tuple[str, ...] = ()
    but: tuple[tuple[str, str], ...] = ()
    prefix: str = ""
    summed: bool = False


def store_completed(connection: ImportConnection, raw: RawTable, above: Above, target: Path) -> RawTable:
    """The table with those cells filled in, in `target`: as many rows, in the same order."""
    filled = {column: _filled(column, raw, above) for column in above.columns}
    wanted = {LINE_NUMBER: LINE_NUMBER} if raw.numbered else {}
    wanted |= {column: filled.get(column, column) for column in (*raw.columns, raw.overflow)}
    connection.store_text(select(wanted, raw.sql, order=PLACE), target)
    return replace(raw, path=target)


def _filled(column: str, raw: RawTable, above: Above) -> str:
    """The column with what a row above states: “” marks where nothing is stated any more."""
    dated, own = _there(above.date), casts.text(column)
    blank = " AND ".join(f"NOT {_there(one)}" for one in raw.columns)
    match above.holds:
        case "order":
            starts, stops = dated, blank
            lines = [_there(one) for one in above.lines]
            sums = [f"coalesce(trim({at}), '') <> {literal(text)}" for at, text in above.but]
            below = " AND ".join([f"NOT {dated}", *lines, *sums])
        case "group":
            starts, stops = f"{dated} AND {_there(column)}", f"NOT {dated}"
            below = f"{dated} AND NOT {_there(column)}"
        case "heading":
            starts = " AND ".join(f"{'' if one == column else 'NOT '}{_there(one)}" for one in raw.columns)
            stops = _there(column)
            below = f"{dated} AND NOT {_there(column)}"
    stated = f"substr({own}, {len(above.prefix) + 1})" if above.prefix else own
    mark = f"CASE WHEN {starts} THEN coalesce({stated}, {literal('')}) WHEN {stops} THEN {literal('')} END"
    last = f"last_value({mark} IGNORE NULLS) OVER (ORDER BY {PLACE} ROWS UNBOUNDED PRECEDING)"
    kept = "NULL" if above.holds == "heading" else column
    own_cell = f"CASE WHEN {starts} THEN {kept} ELSE {column} END"
    return f"CASE WHEN {below} THEN coalesce(nullif({last}, ''), {column}) ELSE {own_cell} END"


def _there(column: str) -> str:
    """Whether a cell holds more than blanks."""
    return f"coalesce(trim({column}) <> '', false)"


__all__ = ["Above", "store_completed"]
