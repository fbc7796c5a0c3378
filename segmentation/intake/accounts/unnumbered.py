"""Sales without order numbers on days that a file and an earlier one both cover, which only one of them has: some may
have been cancelled between the two exports, and nothing in a row tells which state is the newer one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from segmentation.engine.importing.same import keyed_by_file
from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts.ledger import Replaced
from segmentation.intake.accounts.rewritten import write_anew
from segmentation.intake.accounts.stored import Stored
from segmentation.intake.store import OVERLAPS, notes

_GAP, _GAPS = timedelta(7), 4
"""A file covers the days between two of its sales where these lie no further apart than a week and four times its
average."""

Range = tuple[date, date]
_MINOR = Decimal("0.5")
"""Share of the sales on common days up to which those that one side lacks may be cancelled ones: a file that lacks more
holds a part of the shop, or a shop that lacks more held one."""


@dataclass(frozen=True, slots=True)
class Differing:
    """Sales on days that both sides cover: `lacking` ones the shop has and the file does not, `further` ones are the
    file's, listed at so much (`further_listed`). `revenue` is the lesser of the file's and its earlier ones'."""

    lacking: int = 0
    lacking_revenue: Decimal = Decimal(0)
    further: int = 0
    further_revenue: Decimal = Decimal(0)
    further_listed: Decimal = Decimal(0)
    revenue: Decimal = Decimal(0)

    def weighs(self, share: Decimal) -> bool:
        """Whether one side has this share of the revenue that the other does not."""
        return max(abs(self.lacking_revenue), abs(self.further_revenue)) > share * abs(self.revenue)


NOTHING_DIFFERS = Differing()


@dataclass(frozen=True, slots=True)
class Covered:
    """The days that the staged file covers and what it comes to; those that stored files cover which overlap with it,
    what these come to, how many rows both have, and how many rows of which hashes the staged file lacks."""

    days: list[Range]
    revenue: Decimal
    earlier: tuple[Range, ...] = ()
    earlier_revenue: Decimal = Decimal(0)
    met: int = 0
    lacking: tuple[tuple[Path, pa.Table], ...] = ()
    lacking_rows: int = 0
    lacking_revenue: Decimal = Decimal(0)


def covered(connection: ImportConnection) -> Covered:
    """What the staged file covers, before anything is left out of it."""
    row = connection.query("import_covered").to_pylist()
    return Covered(ranges([one["ordered_on"] for one in row]), sum((one["revenue"] for one in row), Decimal(0)))


def ranges(days: Sequence[date]) -> list[Range]:
    """From when to when a file with sales on these days, in ascending order, covers every day."""
    if not days:
        return []
    gap = _GAP + _GAPS * (days[-1] - days[0]) / max(1, len(days) - 1)
    holes = [(before, day) for before, day in pairwise(days) if day - before > gap]
    return list(zip([days[0], *(day for _, day in holes)], [*(before for before, _ in holes), days[-1]], strict=True))


def compare_days(connection: ImportConnection, found: Covered, paths: Sequence[Path], key: str) -> Covered:
    """What was found, and what these stored files have on days of the staged file, which is shown with the same key."""
    connection.show_query("stored_files", keyed_by_file(paths, key))
    _show(connection, found.days)
    counted = connection.query("import_lacking").to_pylist()
    days = connection.query("import_covered_before").to_pylist()
    by_path = {path: [row for row in counted if row["file"] == str(path)] for path in paths}
    alike = [path for path in paths if _same_shop(by_path[path])]
    common = [[day for day in days if day["file"] == str(path)] for path in alike]
    told = [path for path in paths if path in alike or (alike and OVERLAPS in notes(path))]
    gone = {path: [row for row in by_path[path] if row["row_hash"] is not None] for path in told}
    revenue = sum((row["revenue"] for rows in gone.values() for row in rows), Decimal(0))
    return Covered(
        found.days,
        found.revenue,
        (*found.earlier, *(one for mine in common for one in ranges([day["ordered_on"] for day in mine]))),
        found.earlier_revenue + sum((day["revenue"] for mine in common for day in mine), Decimal(0)),
        found.met + sum(_rows(by_path[path], met=True) for path in alike),
        (*found.lacking, *((path, _hashes(rows)) for path, rows in gone.items() if rows)),
        found.lacking_rows + sum(_rows(rows, met=False) for rows in gone.values()),
        found.lacking_revenue + revenue,
    )


def _hashes(rows: Sequence[dict[str, Any]]) -> pa.Table:
    hashes, times = [row["row_hash"] for row in rows], [row["times"] for row in rows]
    return pa.table({"row_hash": pa.array(hashes, pa.uint64()), "times": pa.array(times, pa.int64())})


def _same_shop(rows: Sequence[dict[str, Any]]) -> bool:
    """Whether the staged file has most of what a stored one has on common days."""
    met, lacking = _rows(rows, met=True), _rows(rows, met=False)
    return met > 0 and lacking <= _MINOR * (met + lacking)


def _rows(rows: Sequence[dict[str, Any]], *, met: bool) -> int:
    return sum(row["rows_counted"] for row in rows if (row["row_hash"] is None) == met)


def differing(connection: ImportConnection, found: Covered, *, others: bool) -> Differing:
    """How both sides differ on common days; shows the queries the days that earlier files cover, as `covered`."""
    if not found.met:
        return NOTHING_DIFFERS
    _show(connection, found.earlier)
    row = connection.row("import_further", others=others)
    minor = row["rows_counted"] <= _MINOR * (found.met + row["rows_counted"])
    return Differing(
        lacking=found.lacking_rows,
        lacking_revenue=found.lacking_revenue,
        further=row["rows_counted"] if minor else 0,
        further_revenue=row["revenue"] if minor else Decimal(0),
        further_listed=row["listed"] if minor else Decimal(0),
        revenue=min(found.revenue, found.earlier_revenue, key=abs),
    )


def take_out(connection: ImportConnection, found: Covered, stored: Stored) -> Replaced:
    """Take the sales that the staged file lacks out of the stored files."""
    gone = Replaced()
    for path, lacking in found.lacking:
        connection.show("stored_part", [path])
        connection.show("lacking", lacking)
        row = connection.row("import_without_counts")
        write_anew(connection, stored, path, "import_without")
        gone = gone.plus(Replaced(orders=row["orders"], rows=row["rows_gone"], revenue=row["revenue"]))
    return gone


def _show(connection: ImportConnection, days: Sequence[Range]) -> None:
    connection.show(
        "covered",
        pa.table(
            {
                "first_on": pa.array([first for first, _ in days], pa.date32()),
                "last_on": pa.array([last for _, last in days], pa.date32()),
            }
        ),
    )


__all__ = ["NOTHING_DIFFERS", "Covered", "Differing", "compare_days", "covered", "differing", "ranges", "take_out"]
