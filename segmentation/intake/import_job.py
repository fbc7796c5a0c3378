"""One import on its way: what was asked, where it happens, what has come of it, and what is told at its end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from segmentation.engine.reading import ImportConnection
from segmentation.errors import Cancelled, DataError
from segmentation.intake.accounts import account
from segmentation.intake.accounts.ledger import Ledger
from segmentation.intake.accounts.outcome import OverlapChoices
from segmentation.intake.accounts.stored import Stored
from segmentation.intake.erased import Marks
from segmentation.intake.evidence import Evidence
from segmentation.intake.joins import Join
from segmentation.intake.sources import LeftOut
from segmentation.intake.store import carry_over, notes
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.states import Said
from segmentation.workspace import DatasetVersion, Draft, Workspace

_LOOK_EVERY = 2.0
"""Seconds between two looks whether the dataset is still there."""
Progress = Callable[[float, str], None]
"""Hears the share done (0 to 1) and what is being done."""


@dataclass(frozen=True, slots=True)
class TableResult:
    """What became of one table: its name, what it was (orders, contacts, campaigns; joined to another), how it was
    mapped, and its own ledger (None but for orders).

    `rows` counts contacts or campaigns. `proofs` say what the rows of a table of orders prove, `said` what the words of
    its statuses and types were taken for, `evidence` what its mapping rests on. `currency` is what its amounts are in,
    None where nothing says so, and `unused` are the columns that nothing was read from. `settled` is the mapping with
    what the rows have decided: a few rows of the same file are read by it as they were all together.
    """

    name: str
    holds: str
    platform: str | None
    mapping: Mapping
    ledger: Ledger | None
    rows: int = 0
    proofs: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    currency: str | None = None
    unused: tuple[str, ...] = ()
    settled: Mapping | None = None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did: the dataset's newest version, the ledger of all its files, and sentences worth reading.

    After a dry run (`stored` is False) the version is what would have been made, and its files are gone. `joins` say
    how tables that belong together were joined.
    """

    version: DatasetVersion
    ledger: Ledger
    tables: tuple[TableResult, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    joins: tuple[Join, ...] = ()
    stored: bool = True

    @property
    def mapping(self) -> Mapping:
        """How the first table was mapped."""
        return self.tables[0].mapping


class ImportJob:
    """One import on its way: what was asked, where it happens, and what has come of it."""

    def __init__(
        self,
        workspace: Workspace,
        draft: Draft,
        connection: ImportConnection,
        *,
        today: date,
        overlap: OverlapChoices,
        progress: Progress,
        stopped: Callable[[], bool],
        tables: int,
        dry_run: bool = False,
    ) -> None:
        self.workspace, self.draft, self.connection = workspace, draft, connection
        self.today, self.overlap = today, overlap
        self.dry_run = dry_run
        self.progress, self.stopped, self.tables = progress, stopped, tables
        self.stored = _carried(draft, connection)
        self.erased = Marks(workspace.secret(), draft.erased)
        self.currency = draft.previous.manifest.currency if draft.previous else None
        self.done: list[TableResult] = []
        self.said: list[str] = []
        self.said_anyway: list[str] = []  # also where nothing was new
        self.changed = False
        self._looked = time.monotonic()

    def tick(self, low: float, high: float, what: str, rows: int = 0) -> Callable[[float], None]:
        """A listener for one stage of the table under way, which takes its share from `low` to `high`; raises Cancelled
        when asked to stop, and WorkspaceBroken where the dataset is deleted meanwhile."""
        start = time.monotonic()
        each, before = 1 / self.tables, len(self.done)

        def hear(share: float) -> None:
            if self.stopped():
                raise Cancelled("The import")
            self._look_again()
            share = min(1.0, share)
            spent = time.monotonic() - start
            text = what
            if rows and share > 0 and spent > 0:
                text = f"{what}: {rows * share:,.0f} of {rows:,} rows, {rows * share / spent:,.0f} a second"
            self.progress((before + low + (high - low) * share) * each, text)

        return hear

    def _look_again(self) -> None:
        """See now and then whether the dataset is still there, so that a deleted one is not held on to."""
        now = time.monotonic()
        if now - self._looked > _LOOK_EVERY:
            self._looked = now
            self.draft.check()


def _carried(draft: Draft, connection: ImportConnection) -> Stored:
    """The previous version's files in the draft; raises DataError where their rows cannot be compared."""
    stored = Stored()
    paths = carry_over(draft)
    if not paths:
        return stored
    scheme = connection.hash_scheme()
    if any(notes(path).get("hash", scheme) != scheme for path in paths):
        raise DataError(
            f"“{draft.name}” was imported with another version of DuckDB, so its rows cannot be compared.",
            next_step="Import all its files again, into a new shop.",
        )
    for path in paths:
        stored.add(path, account.part_hashes(connection, path))
    return stored
