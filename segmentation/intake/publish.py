"""The end of an import: the draft becomes a version, or nothing was new and nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from segmentation.errors import Cancelled
from segmentation.intake.accounts import account
from segmentation.intake.accounts.account import Totals
from segmentation.intake.accounts.ledger import Holdings, Ledger, together
from segmentation.intake.import_job import ImportJob, ImportResult, TableResult
from segmentation.intake.joins import Join
from segmentation.intake.logged import entry
from segmentation.intake.sources import InterpretedFiles
from segmentation.intake.store import filled_columns
from segmentation.meaning.mapping import Mapping
from segmentation.workspace import PARTS, DatasetVersion, Draft, Manifest


@dataclass(frozen=True, slots=True)
class Counted:
    """What a version holds after an import: its totals, and what `account.people` says of contacts and campaigns."""

    whole: Totals
    people: str


def counted(job: ImportJob) -> Counted | None:
    """What the version would hold; None where the import brought nothing new."""
    if job.draft.previous is not None and not job.changed:
        return None
    job.progress(0.95, "Counting customers and orders")
    contacts, campaigns = _parquet(job.draft, "contacts"), _parquet(job.draft, "campaigns")
    return Counted(
        account.totals(job.connection, job.stored.paths), account.people(job.connection, contacts, campaigns)
    )


def publish(
    job: ImportJob, interpreted: InterpretedFiles, holds: Counted | None, *, digests: Sequence[str], by: str
) -> ImportResult:
    """Publish the version, or give back the one before where nothing is new; the log is told the `digests` of the files
    and who stands `by` them. Raises Cancelled where it was stopped, NotLogged where it cannot be entered, and
    WorkspaceBroken where the dataset was deleted, or a customer erased from it, meanwhile."""
    draft, previous, parts = job.draft, job.draft.previous, job.stored.paths
    draft.check()
    if holds is None:
        assert previous is not None
        return _as_before(job, previous, interpreted)
    whole, people = holds.whole, holds.people
    content = account.fingerprint([(path, job.stored.hashes[path]) for path in parts], people)
    if previous is not None and content == previous.fingerprint:
        return _as_before(job, previous, interpreted)
    if job.stopped():
        raise Cancelled("The import")
    _tidy(draft, parts)
    job.progress(0.98, "Making it durable")
    tables = _held(job, whole.holdings, interpreted.joins)
    ledger = _account(job, tables, whole.holdings)
    manifest = _manifest(job, tables, whole, ledger, content)
    if job.dry_run:
        version = draft.unpublished(manifest)
    else:
        version = draft.publish(manifest, entry(job.workspace, draft, tables, ledger, digests, by))
    job.progress(1.0, "Done")
    said = [f"{one.table}: {sentence}" for one in interpreted.joins for sentence in one.warned]
    said += [*job.said, *(f"{one.name} was left out. {one.why}" for one in interpreted.left)]
    told = tuple(dict.fromkeys(said))
    return ImportResult(version, ledger, tables, interpreted.left, told, interpreted.joins, stored=not job.dry_run)


def _as_before(job: ImportJob, previous: DatasetVersion, interpreted: InterpretedFiles) -> ImportResult:
    """What is told where nothing was new."""
    tables = _held(job, _holdings_of(previous), interpreted.joins)
    account_ = replace(_account(job, tables, _holdings_of(previous)), version=previous.number)
    told = tuple(dict.fromkeys(job.said_anyway))
    return ImportResult(previous, account_, tables, interpreted.left, told, interpreted.joins, stored=not job.dry_run)


def _holdings_of(version: DatasetVersion) -> Holdings:
    m = version.manifest
    return Holdings(customers=m.customers, guests=m.guests, orders=m.orders, first=m.first, last=m.last)


def _held(job: ImportJob, after: Holdings, joins: Sequence[Join]) -> tuple[TableResult, ...]:
    """The tables with what the dataset holds after all of them, and those that were joined to them."""
    done = [
        replace(table, ledger=replace(table.ledger, after=after)) if table.ledger is not None else table
        for table in job.done
    ]
    names = {table.name for table in done}
    joined = [one for one in joins if one.taken_for not in {"lines", "not used"} and one.table not in names]
    return (*done, *(TableResult(one.table, "joined", None, Mapping(), None, one.rows) for one in joined))


def _account(job: ImportJob, tables: Sequence[TableResult], after: Holdings) -> Ledger:
    """One account of all tables, also where none of them held orders."""
    ledgers = [table.ledger for table in tables if table.ledger is not None]
    if ledgers:
        return together(ledgers)
    return Ledger(
        dataset=job.draft.name,
        version=job.draft.number,
        read=0,
        loaded=0,
        already_present=0,
        dropped_repeats=0,
        set_aside={},
        repeated_rows=0,
        revenue_file=Decimal(0),
        revenue_kept=Decimal(0),
        after=after,
    )


def _parquet(draft: Draft, part: str) -> list[Path]:
    return sorted((draft.folder / part).glob("*.parquet"))


def _tidy(draft: Draft, parts: Sequence[Path]) -> None:
    """Leave nothing in the version but its parts."""
    for path in draft.folder.rglob("*"):
        inside = path.parent.name in PARTS
        if path.is_file() and (not inside or (path.parent.name == "lines" and path not in parts)):
            path.unlink()
    for path in draft.folder.iterdir():
        if path.is_dir() and path.name.startswith("apart-"):
            path.rmdir()


def _manifest(job: ImportJob, tables: Sequence[TableResult], whole: Totals, ledger: Ledger, content: str) -> Manifest:
    previous, parts = job.draft.previous, job.stored.paths
    files = dict.fromkeys([*(previous.manifest.files if previous else ()), *(table.name for table in tables)])
    filled: set[str] = set().union(*(filled_columns(path) for path in parts))
    contacts = [filled_columns(path) for path in _parquet(job.draft, "contacts")]
    filled |= set().union(*contacts) & {"email", "consent", "name", "phone"}
    return Manifest(
        fingerprint=content,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        files=tuple(files),
        currency=whole.currency or job.currency,
        has=frozenset(filled),
        first=whole.first,
        last=whole.last,
        customers=whole.customers,
        orders=whole.orders,
        guests=whole.guests,
        lines=whole.lines,
        revenue=whole.revenue,
        ledger=ledger.to_json(),
        tables=tuple(
            {
                "name": table.name,
                "holds": table.holds,
                "platform": table.platform,
                "rows": table.rows,
                "ledger": table.ledger.to_json() if table.ledger else None,
            }
            for table in tables
        ),
    )
