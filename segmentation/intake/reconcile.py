"""One table of orders into a dataset: typed, reconciled with what is there, written, and accounted for."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from segmentation.engine.importing.people import contacts_query
from segmentation.engine.importing.same import respelled
from segmentation.engine.reading import ImportConnection
from segmentation.errors import DataError, UnreadableFile, WorkspaceBroken
from segmentation.files.opened import Opened
from segmentation.intake.accounts import account
from segmentation.intake.accounts.account import Tally
from segmentation.intake.accounts.ledger import REASONS, Ledger
from segmentation.intake.accounts.outcome import Overlap
from segmentation.intake.accounts.overlap import compare
from segmentation.intake.accounts.repeats import Hashes
from segmentation.intake.accounts.warnings import left_as_they_are, warnings_of
from segmentation.intake.currencies import agree, refuse_mixed
from segmentation.intake.erased import ERASED, LeftOut, leave_out
from segmentation.intake.evidence import evidence_of, settled, unused
from segmentation.intake.import_job import ImportJob, TableResult
from segmentation.intake.nobody import as_before, note_of, refuse_somebody, still_open
from segmentation.intake.sources import Source
from segmentation.intake.store import (
    forget_mended,
    known_addresses,
    part_name,
    write_contacts,
    write_lines,
    write_set_aside,
)
from segmentation.intake.text import TextValues
from segmentation.intake.typed import Asked, Staged, type_rows
from segmentation.meaning.candidates import candidates, naming_dates
from segmentation.meaning.interpret import interpret

_PERSONAL = ("email", "consent", "refusal", "name", "last_name", "phone")


def reconcile_orders(job: ImportJob, source: Source) -> TableResult:
    """Import one table of orders. Raises AmbiguousReading or UnreadableFile."""
    text = source.text
    assert text is not None
    connection = job.connection
    values = TextValues(connection, text.raw, text.opened.layout.headers)
    with naming_dates(text.table, source.mapping):
        name, today = text.opened.name, job.today
        interpretation = interpret(text.table, source.mapping, source.platform, values, today=today, file=name)
    stored, key = tuple(job.stored.paths), job.workspace.secret()
    interpretation = as_before(interpretation, text.table, stored, key)
    for question in still_open((*source.guess.open, *interpretation.questions), interpretation):
        raise question.error
    refuse_somebody(connection, interpretation, text.table, stored, key)
    agree(job, connection, text, interpretation)
    known = known_addresses(job.draft) if interpretation.mapping.email else {}
    asked = Asked(job.today, job.currency, key, known, tuple(job.stored.paths), note_of(interpretation, key))
    tick = job.tick(0.1, 0.7, f"Reading {text.opened.name}", text.raw.rows)
    staged = type_rows(connection, text, interpretation, asked, job.draft.folder, tick)
    left = leave_out(connection, staged, job.erased)
    staged = left.staged
    counted = left.counted(account.tally(staged.kinds))
    refuse_mixed(job, connection, staged, counted)
    if not counted.good:
        raise _nothing_readable(staged, counted)
    job.currency = job.currency or staged.plan.currency
    overlap = compare(connection, staged, job.stored, job.overlap)
    ledger = _write(job, connection, overlap, counted, left)
    platform = source.platform.name if source.platform else None
    return TableResult(
        text.opened.name,
        "orders",
        platform,
        source.mapping,
        ledger,
        proofs=interpretation.proofs,
        said=interpretation.states.said,
        evidence=evidence_of(source),
        currency=staged.plan.currency,
        unused=unused(source, interpretation),
        settled=settled(staged.plan, interpretation),
    )


def _write(job: ImportJob, connection: ImportConnection, overlap: Overlap, counted: Tally, left: LeftOut) -> Ledger:
    draft, index, staged = job.draft, len(job.done), overlap.staged
    lines = draft.folder / "lines" / part_name(draft, index)
    kept, listed, lost = Decimal(0), Decimal(0), dict[str, Decimal]()
    expected = overlap.rows + overlap.beside
    if overlap.replaced.orders:
        job.changed = True
    if expected or overlap.replaced.orders:
        _write_aside(job, connection, staged, counted, index)
    if expected:
        if overlap.met.num_rows:
            pq.write_table(overlap.met, draft.folder / "passed" / part_name(draft, index))
        whole = not counted.aside and overlap.nothing_goes
        write_lines(connection, staged, lines, whole=whole, others=overlap.others, overlaps=overlap.by_days)
        added = account.added(connection, lines)
        if added.lines != expected:
            raise _lost(opened=staged.opened, written=added.lines, expected=expected)
        listed, kept, lost = added.listed, added.kept, added.lost
        job.stored.add(lines, _hashes_of(connection, overlap, lines))
        if any(staged.plan.has(meaning) for meaning in _PERSONAL):
            tick = job.tick(0.75, 0.8, "Keeping the contacts")
            write_contacts(connection, respelled(left.contacts(contacts_query(staged.plan))), draft, tick)
        aside = draft.folder / "set_aside" / part_name(draft, index)
        forget_mended(draft, staged.opened.mends or (), but=aside)
        job.changed = True
    stayed = overlap.stored_state.revenue
    gone = {
        "repeated_row": overlap.repeated_revenue,
        "already_present": counted.good_revenue - listed - overlap.repeated_revenue - stayed,
        "kept_as_stored": stayed,
    }
    ledger = _ledger(job, counted, overlap, gone, kept, lost)
    job.said += warnings_of(overlap, counted, ledger)
    job.said_anyway += left_as_they_are(overlap)
    return ledger


def _hashes_of(connection: ImportConnection, overlap: Overlap, lines: Path) -> Hashes:
    if not overlap.nothing_goes:
        return account.part_hashes(connection, lines)
    rows, beside = overlap.hashes
    return np.concatenate(overlap.hashes) if len(beside) else rows


def _write_aside(job: ImportJob, connection: ImportConnection, staged: Staged, counted: Tally, index: int) -> None:
    if not set(counted.aside) - {ERASED} and not staged.never_rows:
        return
    job.tick(0.7, 0.75, "Keeping the rejected rows")(0)
    write_set_aside(connection, staged, job.draft.folder / "set_aside" / part_name(job.draft, index))


def _ledger(
    job: ImportJob,
    counted: Tally,
    overlap: Overlap,
    gone: dict[str, Decimal],
    kept: Decimal,
    lost: dict[str, Decimal],
) -> Ledger:
    excluded = {**lost, **gone, **counted.aside_revenue}
    stayed = overlap.stored_state.rows
    set_aside = dict(counted.aside)
    for one in overlap.staged.never_rows:
        set_aside[one.reason] = set_aside.get(one.reason, 0) + 1
    new = overlap.rows or overlap.beside or overlap.replaced.orders
    return Ledger(
        dataset=job.draft.name,
        version=job.draft.number if new or job.draft.previous is None else job.draft.previous.number,
        read=sum(counted.rows.values()) + len(overlap.staged.never_rows),
        loaded=overlap.rows,
        already_present=counted.good - overlap.dropped - overlap.rows - stayed,
        kept_as_stored=stayed,
        dropped_repeats=overlap.dropped,
        set_aside=set_aside,
        repeated_rows=overlap.repeated_rows,
        revenue_file=counted.good_revenue + sum(counted.aside_revenue.values(), Decimal(0)),
        revenue_kept=kept,
        excluded={reason: amount for reason, amount in excluded.items() if amount},
        replaced=overlap.replaced,
    )


def _lost(opened: Opened, written: int, expected: int) -> WorkspaceBroken:
    return WorkspaceBroken(
        f"{opened.name} was not written as it was read.",
        evidence=f"{expected:,} lines stay of it, and {written:,} were written.",
        next_step="Nothing was imported. Please report this as a fault of Tessera.",
    )


def _nothing_readable(staged: Staged, counted: Tally) -> DataError:
    opened, mapping = staged.opened, staged.interpretation.mapping
    if not counted.aside:
        return UnreadableFile(
            opened.name, "The file has a header but no rows.", next_step="Export it again with a longer period."
        )
    reason, rows = max(counted.aside.items(), key=lambda item: item[1])
    if reason == ERASED:
        return DataError(
            f"{opened.name}: No row is left.",
            evidence=f"{rows:,} of its {sum(counted.rows.values()):,} rows are of customers who were erased.",
            next_step="Nothing was imported.",
        )
    about = mapping.date if "date" in reason else mapping.amount or mapping.unit_price
    example = ""
    if about is not None:
        values = [value for value in opened.layout.column(about) if value.strip()]
        example = f" “{about}” holds, for example, “{values[0][:60]}”." if values else f" “{about}” is empty."
    problem = UnreadableFile(
        opened.name,
        "No row can be loaded.",
        evidence=f"{REASONS[reason]} This holds for {rows:,} of {sum(counted.rows.values()):,} rows.{example}",
        next_step="Choose another column in the mapping, or export the file again.",
    )
    meaning = "date" if "date" in reason else "amount" if "amount" in reason else ""
    problem.candidates = candidates(meaning, staged.text.table, mapping)
    return problem
