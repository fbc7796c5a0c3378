"""The files of a dataset without one customer: those that hold nothing of them are shared, the others written anew."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.engine.reading import ImportConnection
from segmentation.erasure.person import Person
from segmentation.erasure.rejected import Places, Recall
from segmentation.intake.accounts.repeats import arrow
from segmentation.intake.erased import Marks
from segmentation.intake.store import link, notes
from segmentation.workspace import PARTS, PRIVATE_FILE, PRIVATE_FOLDER, DatasetVersion

QUERIES = {"lines": "erase_lines", "contacts": "erase_contacts", "passed": "erase_passed"}


@dataclass(frozen=True, slots=True)
class Gone:
    """What a file loses: rows, and of lines their revenue. `path` is the file written anew, None where it loses nothing
    or nothing is left of it."""

    path: Path | None = None
    rows: int = 0
    revenue: Decimal = Decimal(0)


class Anew:
    """The files without a customer, each written once, however many versions share it. `folder` is where they go; None
    only counts."""

    def __init__(
        self, connection: ImportConnection, person: Person, marks: Marks, recall: Recall, folder: Path | None
    ) -> None:
        self._connection, self._person, self._marks = connection, person, marks
        self._recall, self._folder = recall, folder
        self._known: dict[tuple[int, int], Gone] = {}
        person.show(connection)

    def learn(self, lines: Iterable[Path]) -> None:
        """Find out which rows of imports stand for lines that go; before any other file is looked at."""
        found = [np.empty(0, np.uint64)]
        for path in lines:
            self._connection.show("stored_part", [path])
            hashes = self._connection.query("erase_hashes").column("row_hash")
            found += [np.asarray(hashes.to_numpy(), dtype=np.uint64)]
        self._connection.show("erased_hashes", pa.table({"row_hash": arrow(np.unique(np.concatenate(found)))}))

    def of(self, part: str, path: Path) -> Gone:
        """What this file loses."""
        stat = path.stat()
        key = (stat.st_dev, stat.st_ino)
        if key not in self._known:
            gone = self._set_aside(path) if part == "set_aside" else self._queried(part, path)
            self._known[key] = gone
        return self._known[key]

    def version(self, version: DatasetVersion, target: Path) -> bool:
        """Put the files of a version without the customer into `target`; False where it holds nothing of them."""
        files = [(part, path, self.of(part, path)) for part in PARTS for path in version.files(part)]
        if not any(gone.rows for _, _, gone in files):
            return False
        for part in PARTS:
            (target / part).mkdir(mode=PRIVATE_FOLDER, parents=True)
        for part, path, gone in files:
            source = gone.path if gone.rows else path
            if source is not None:
                link(source, target / part / path.name)
        return True

    def _queried(self, part: str, path: Path) -> Gone:
        if part == "campaigns":
            return Gone()
        name = QUERIES.get(part, "erase_listed")
        self._connection.show("stored_part", [path])
        revenue = Decimal(0)
        if part == "lines":
            row = self._connection.row("erase_counted")
            gone, revenue = row["lines"], row["revenue"]
        else:
            gone = pq.read_metadata(path).num_rows - self._connection.query(name).num_rows
        if not gone or self._folder is None:
            return Gone(rows=gone, revenue=revenue)
        target = self._target()
        self._connection.store_named(name, target, notes=notes(path))
        target.chmod(path.stat().st_mode)
        empty = not pq.read_metadata(target).num_rows and part in {"contacts", "passed"}
        return Gone(None if empty else target, gone, revenue)

    def _set_aside(self, path: Path) -> Gone:
        table = pq.ParquetFile(path).read()
        places = Places.of(path, self._recall)
        going = [
            self._marks.in_row(cells or [], places.customer, places.parts) or self._is_order(cells or [], places.order)
            for cells in table.column("row").to_pylist()
        ]
        gone = sum(going)
        if not gone or gone == table.num_rows or self._folder is None:
            return Gone(rows=gone)
        target = self._target()
        pq.write_table(table.filter(pa.array([not one for one in going], pa.bool_())), target, compression="zstd")
        target.chmod(PRIVATE_FILE)
        return Gone(target, gone)

    def _is_order(self, cells: list[str | None], order: int | None) -> bool:
        if order is None or order >= len(cells):
            return False
        return (cells[order] or "").strip() in self._person.orders

    def _target(self) -> Path:
        assert self._folder is not None
        return self._folder / f"{len(self._known):06d}-{os.urandom(4).hex()}.parquet"
