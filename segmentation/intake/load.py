"""The door: a stranger's file becomes a new version of a dataset, with every row and cent accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np

from segmentation.engine.reading import ImportConnection, open_import_connection
from segmentation.errors import Cancelled, DataError, UnreadableFile
from segmentation.files.opened import Opened, open_text
from segmentation.intake.account import (
    Tally,
    Totals,
    fingerprint,
    gone_revenue,
    good_hashes,
    kept_revenue,
    proven_repeats,
    stored_hashes,
    tally,
    totals,
)
from segmentation.intake.guessing import guess
from segmentation.intake.ledger import REASONS, Ledger
from segmentation.intake.mapping import Answers, Mapping, header_key
from segmentation.intake.repeats import Hashes, Sieve, sieve
from segmentation.intake.staging import Staged, Wish, stage
from segmentation.intake.store import (
    carry_over,
    filled_columns,
    notes,
    write_contacts,
    write_lines,
    write_set_aside,
)
from segmentation.workspace import DatasetVersion, Draft, Manifest, Workspace

MEMORY = "800MB"
_ABSURD_SHARE, _LARGE_SHARE = Decimal("0.5"), Decimal("0.2")

Progress = Callable[[float, str], None]
"""Hears the share done (0 to 1) and what is being done."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did: the dataset's newest version, this file's ledger, and sentences worth reading.

    `mapping` is the one that was used.
    """

    version: DatasetVersion
    ledger: Ledger
    mapping: Mapping
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    """One import on its way: what was asked, and where it happens."""

    workspace: Workspace
    connection: ImportConnection
    draft: Draft
    today: date
    drop_repeats: bool
    progress: Progress
    stopped: Callable[[], bool]

    def tick(self, low: float, high: float, what: str) -> Callable[[float], None]:
        """A listener for one stage, which takes the share from `low` to `high`; raises Cancelled when asked to stop."""

        def hear(share: float) -> None:
            if self.stopped():
                raise Cancelled("The import")
            self.progress(low + (high - low) * min(1.0, share), what)

        return hear


def import_file(
    workspace: Workspace,
    path: Path,
    *,
    dataset: str,
    today: date,
    mapping: Mapping | None = None,
    answers: Answers | None = None,
    name: str | None = None,
    drop_repeats: bool = False,
    progress: Progress = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportResult:
    """Import a delimited text file into a dataset, as a new version of it.

    Without `mapping` the one remembered for this header is used, else the guess; a given one is remembered. `name` is
    what the file is called in messages. A file whose rows are all there already makes no new version.
    Raises UnreadableFile, MeaningMissing, AmbiguousReading, WorkspaceBroken or Cancelled; the dataset is then
    unchanged.
    """
    called = name or path.name
    with workspace.draft(dataset) as draft:
        opened = open_text(path, called, draft.folder, cancelled)
        chosen = choose_mapping(workspace, opened, mapping).answered(answers or Answers())
        chosen.require(opened.layout.headers, file=called)
        with _connected(workspace, opened) as connection:
            job = _Job(workspace, connection, draft, today, drop_repeats, progress, cancelled)
            result = _import(job, opened, chosen)
    if mapping is not None:
        workspace.remember_mapping(header_key(opened.layout.headers), mapping.to_toml())
    return result


def _connected(
    workspace: Workspace, opened: Opened, *, ordered: bool = False
) -> AbstractContextManager[ImportConnection]:
    """A connection that reaches the file and the workspace's datasets and drafts."""
    folders = (workspace.tmp, workspace.datasets_folder)
    return open_import_connection(
        files=(opened.original,), folders=folders, temp=workspace.tmp, memory=MEMORY, ordered=ordered
    )


def choose_mapping(workspace: Workspace, opened: Opened, given: Mapping | None) -> Mapping:
    """The given mapping, else the remembered one, else the guess."""
    if given is not None:
        return given
    kept = workspace.recall_mapping(header_key(opened.layout.headers))
    return Mapping.from_toml(kept) if kept is not None else guess(opened.layout)


def _import(job: _Job, opened: Opened, mapping: Mapping) -> ImportResult:
    previous = job.draft.previous
    currency = previous.manifest.currency if previous else None
    wish = Wish(mapping, job.today, currency, job.workspace.secret())
    tick = job.tick(0.0, 0.7, "Reading the file")
    stored = _stored(job)
    staged = stage(job.connection, opened, wish, job.draft.folder, tick, job.stopped)
    job.connection.show("staged", [staged.path])
    counted = tally(job.connection)
    if not counted.good:
        raise _nothing_readable(opened, mapping, counted)
    hashes, sifted = _sift(job, staged, np.concatenate([*stored.values(), np.empty(0, np.uint64)]))
    if previous is not None and not sifted.kept:
        shown = _totals_of(previous)
        ledger = _ledger(job, staged, counted, sifted, shown, previous.number, None)
        return ImportResult(previous, ledger, mapping, ())
    return _write(job, staged, counted, sifted, hashes, stored)


def _stored(job: _Job) -> dict[Path, Hashes]:
    """The row hashes of the previous version's files; raises DataError where they cannot be compared."""
    previous = job.draft.previous
    if previous is None:
        return {}
    scheme = job.connection.hash_scheme()
    if any(notes(path).get("hash", scheme) != scheme for path in previous.lines):
        raise DataError(
            f"“{previous.name}” was imported with another version of DuckDB, so its rows cannot be compared.",
            next_step="Import all its files again, into a new dataset.",
        )
    return {path: stored_hashes(job.connection, path) for path in previous.lines}


def _sift(job: _Job, staged: Staged, stored: Hashes) -> tuple[Hashes, Sieve]:
    """The rows' hashes, and which rows go because they are there already; shows the queries the table `gone`."""
    hashes = good_hashes(job.connection)
    sifted = sieve(hashes, stored, drop=None, drop_all=job.drop_repeats)
    if not job.drop_repeats and staged.recipe.mapping.line is not None and sifted.repeated_rows:
        sifted = sieve(hashes, stored, drop=proven_repeats(job.connection, sifted), drop_all=False)
    job.connection.show("gone", sifted.table())
    return hashes, sifted


def _write(
    job: _Job, staged: Staged, counted: Tally, sifted: Sieve, hashes: Hashes, stored: dict[Path, Hashes]
) -> ImportResult:
    connection, draft = job.connection, job.draft
    repeated, present = gone_revenue(connection, sifted)
    if counted.aside or staged.never_rows:
        with _connected(job.workspace, staged.opened, ordered=True) as ordered:
            write_set_aside(connection, ordered, staged, draft, job.tick(0.7, 0.75, "Keeping the rows set aside"))
    lines = write_lines(connection, staged, sifted, draft, clean=not counted.aside)
    write_contacts(connection, staged, draft, job.tick(0.75, 0.8, "Keeping the contacts"))
    carry_over(draft)
    job.tick(0.8, 0.9, "Counting customers and orders")(0.0)
    parts = [draft.folder / "lines" / path.name for path in stored] + [lines]
    whole = totals(connection, parts)
    money = (repeated, present, *kept_revenue(connection, lines))
    ledger = _ledger(job, staged, counted, sifted, whole, draft.number, money)
    new = hashes if sifted.nothing_goes else stored_hashes(connection, lines)
    content = fingerprint([*((draft.folder / "lines" / p.name, h) for p, h in stored.items()), (lines, new)])
    _tidy(draft)
    job.tick(0.9, 1.0, "Making it durable")(0.0)
    version = draft.publish(_manifest(job, staged, whole, ledger, content, parts))
    job.progress(1.0, "Done")
    return ImportResult(version, ledger, staged.recipe.mapping, _warnings(counted, ledger))


def _tidy(draft: Draft) -> None:
    """Leave nothing in the version but its parts."""
    for path in draft.folder.iterdir():
        if path.is_file():
            path.unlink()


def _ledger(
    job: _Job,
    staged: Staged,
    counted: Tally,
    sifted: Sieve,
    whole: Totals,
    version: int,
    money: tuple[Decimal, Decimal, Decimal, Decimal, Decimal] | None,
) -> Ledger:
    """`money` is (repeats, already present, kept, cancelled, paid back); None where every row was there already."""
    good = sum((amount for kind, amount in counted.listed.items() if kind in _GOOD_KINDS), Decimal(0))
    aside = counted.aside_revenue
    if money is None:
        repeated, present = gone_revenue(job.connection, sifted)
        money = (repeated, present, Decimal(0), Decimal(0), Decimal(0))
    repeated, present, kept, cancelled, paid_back = money
    excluded = {
        "cancelled": cancelled,
        "refunded": paid_back,
        "repeated_row": repeated,
        "already_present": present,
        **aside,
    }
    set_aside = dict(counted.aside)
    if staged.broken:
        set_aside["broken_quoting"] = len(staged.broken)
    if staged.unread:
        set_aside["unreadable_line"] = len(staged.unread)
    return Ledger(
        dataset=job.draft.name,
        version=version,
        read=sum(counted.rows.values()) + staged.never_rows,
        loaded=sifted.kept,
        already_present=sifted.already_present,
        dropped_repeats=sifted.dropped,
        set_aside=set_aside,
        repeated_rows=sifted.repeated_rows,
        revenue_file=good + sum(aside.values(), Decimal(0)),
        revenue_kept=kept,
        excluded={reason: amount for reason, amount in excluded.items() if amount},
        customers=whole.customers,
        guests=whole.guests,
        orders=whole.orders,
        first=whole.first,
        last=whole.last,
    )


_GOOD_KINDS = frozenset({"sale", "refund", "cancelled"})


def _totals_of(version: DatasetVersion) -> Totals:
    m = version.manifest
    return Totals(m.lines, m.customers, m.orders, m.guests, m.first, m.last, m.revenue, m.currency)


def _manifest(
    job: _Job, staged: Staged, whole: Totals, ledger: Ledger, content: str, parts: Sequence[Path]
) -> Manifest:
    previous = job.draft.previous
    earlier = previous.manifest.files if previous else ()
    filled: set[str] = set().union(*(filled_columns(path) for path in parts))
    contacts = [filled_columns(path) for path in (job.draft.folder / "contacts").iterdir()]
    filled |= set().union(*contacts) & {"email", "consent"}
    return Manifest(
        fingerprint=content,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        files=(*earlier, *(() if staged.opened.name in earlier else (staged.opened.name,))),
        currency=whole.currency,
        has=frozenset(filled),
        first=whole.first,
        last=whole.last,
        customers=whole.customers,
        orders=whole.orders,
        guests=whole.guests,
        lines=whole.lines,
        revenue=whole.revenue,
        ledger=ledger.to_json(),
    )


def _nothing_readable(opened: Opened, mapping: Mapping, counted: Tally) -> DataError:
    reason, rows = max(counted.aside.items(), key=lambda item: item[1])
    about = mapping.date if "date" in reason else mapping.amount or mapping.unit_price
    example = ""
    if about is not None:
        values = [value for value in opened.layout.column(about) if value.strip()]
        example = f" “{about}” holds, for example, “{values[0][:60]}”." if values else f" “{about}” is empty."
    return UnreadableFile(
        opened.name,
        "No row can be loaded.",
        evidence=f"{REASONS[reason]} This holds for {rows:,} of {sum(counted.rows.values()):,} rows.{example}",
        next_step="Choose another column in the mapping, or export the file again.",
    )


def _warnings(counted: Tally, ledger: Ledger) -> tuple[str, ...]:
    said = []
    share = counted.largest / ledger.revenue_kept if ledger.revenue_kept > 0 else Decimal(0)
    if (share > _ABSURD_SHARE and ledger.loaded >= 5) or (share > _LARGE_SHARE and ledger.loaded >= 100):
        said.append(
            f"One line of {counted.largest:,.2f} makes {share:.0%} of the revenue: check whether it is real, "
            "because it decides every average."
        )
    if ledger.set_aside.get("other_currency"):
        said.append(
            f"{ledger.set_aside['other_currency']:,} rows are in another currency and were set aside: "
            "import each currency into a dataset of its own."
        )
    aside = sum(ledger.set_aside.values())
    if aside > 0.05 * ledger.read:
        said.append(f"{aside / ledger.read:.0%} of the rows were set aside: look at the reasons before you rely on it.")
    if ledger.repeated_rows and not ledger.dropped_repeats:
        said.append(
            f"{ledger.repeated_rows:,} rows repeat an earlier row exactly. They were kept: two identical purchases "
            "look the same. If they are copies, import the file into a new dataset with its repeats dropped."
        )
    return tuple(said)
