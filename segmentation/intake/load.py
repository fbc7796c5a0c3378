"""The door: strangers' files become a new version of a dataset, with every row and cent accounted for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from datetime import date
from pathlib import Path

from segmentation import formats
from segmentation.errors import UnreadableFile
from segmentation.intake.accounts.outcome import OverlapChoices
from segmentation.intake.contacts import read_campaigns, read_contacts
from segmentation.intake.import_job import ImportJob, ImportResult, Progress, TableResult
from segmentation.intake.logged import sums
from segmentation.intake.publish import counted, publish
from segmentation.intake.reconcile import reconcile_orders
from segmentation.intake.sources import Source, connected, files_of, rejected_key, sources_of
from segmentation.intake.together import Given
from segmentation.meaning.mapping import Choices, Mapping, header_key
from segmentation.workspace import Workspace, same_name
from segmentation.workspace.audit import system_user

_FIRST_ORDERS = ("orders", "contacts", "campaigns")


def import_file(
    workspace: Workspace,
    path: Path,
    *,
    dataset: str,
    today: date,
    mapping: Mapping | None = None,
    choices: Choices | None = None,
    columns: Table[str, str | None] | None = None,
    recognise: bool = True,
    name: str | None = None,
    drop_repeats: bool = False,
    replace: bool | None = None,
    same_orders: bool | None = None,
    progress: Progress = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
    by: str | None = None,
) -> ImportResult:
    """Import one file; see `import_files`."""
    return import_files(
        workspace,
        [path],
        dataset=dataset,
        today=today,
        mappings=[] if mapping is None else [mapping],
        choices=choices,
        columns=columns,
        recognise=recognise,
        names=[name or path.name],
        drop_repeats=drop_repeats,
        replace=replace,
        same_orders=same_orders,
        progress=progress,
        cancelled=cancelled,
        by=by,
    )


def import_files(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    dataset: str,
    today: date,
    mappings: Sequence[Mapping] = (),
    choices: Choices | None = None,
    columns: Table[str, str | None] | None = None,
    recognise: bool = True,
    names: Sequence[str] = (),
    drop_repeats: bool = False,
    replace: bool | None = None,
    same_orders: bool | None = None,
    progress: Progress = lambda _share, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
    dry_run: bool = False,
    by: str | None = None,
) -> ImportResult:
    """Import files, or whole folders of them, into a dataset as one new version of it: all of them or none.

    Each file takes the first of `mappings` that fits it, which is then remembered; without any, the one remembered for
    its header, else the guess; `columns` are other headers for some meanings, or None for none. Without `recognise` no
    platform is known by its headers, and evidence alone decides. `replace` says whether the newer state of an order
    takes the place of the stored one; where it is not said and weighs, it is asked. `same_orders` says whether orders
    that the dataset has under other customers are the same ones; where it is not said and not proven, it is asked.
    `names` are what the files are called in messages. Files whose rows are all there make no new version. A `dry_run`
    does all of it and keeps nothing. `by` is who stands for it in the audit log, else the system's user. Raises
    UnreadableFile, MeaningMissing, AmbiguousReading, WorkspaceBroken, WrongCall or Cancelled; nothing is changed then.
    """
    files = files_of(paths)
    workspace.sweep(now=time.time())
    called = list(names) if len(names) == len(files) else [path.name for path in files]
    with workspace.draft(same_name(dataset, workspace.names())) as draft:
        given = Given(
            mappings=tuple(mappings), choices=choices or Choices(), columns=columns or {}, recognise=recognise
        )
        named = list(zip(files, called, strict=True))
        before = draft.previous is not None
        with connected(workspace, files, draft.folder) as connection:
            interpreted = sources_of(workspace, connection, named, draft.folder, given, cancelled, has_orders=before)
            job = ImportJob(
                workspace,
                draft,
                connection,
                today=today,
                overlap=OverlapChoices(drop_repeats, replace, same_orders),
                progress=progress,
                stopped=cancelled,
                tables=len(interpreted.sources),
                dry_run=dry_run,
            )
            ordered = sorted(interpreted.sources, key=lambda source: _FIRST_ORDERS.index(source.holds))
            for source in ordered:
                _take(job, source)
            holds = counted(job)
        result = publish(job, interpreted, holds, digests=() if dry_run else sums(files), by=by or system_user())
    if not dry_run:
        _remember(workspace, ordered, result, given, interpreted.answered)
    return result


def _remember(workspace: Workspace, sources: Sequence[Source], done: ImportResult, given: Given, answered: str) -> None:
    """Keep the mappings that a person gave, the keys that they chose (`answered`), and by what the rejected rows of a
    file are read when they are mended."""
    for source, table in zip(sources, done.tables, strict=False):
        headers = source.opened.layout.headers
        if given.columns or any(source.mapping.columns() == mapping.columns() for mapping in given.mappings):
            workspace.remember_mapping(header_key(headers), source.mapping.to_toml())
        if table.settled is not None and table.ledger is not None and table.ledger.set_aside:
            workspace.remember_mapping(rejected_key(headers), table.settled.to_toml())
    if given.joins and done.joins:
        workspace.remember_mapping(answered, Mapping(choices=Choices(joins=given.joins)).to_toml())


def _take(job: ImportJob, source: Source) -> None:
    """Import one table."""
    platform = source.platform.name if source.platform else None
    if source.holds == "orders":
        job.done.append(reconcile_orders(job, source))
        return
    assert source.platform is not None
    if not job.stored.paths:
        what = {"contacts": "a list of contacts", "campaigns": "a list of campaigns"}[source.holds]
        raise UnreadableFile(
            source.opened.name,
            f"This is {what} ({platform}), and “{job.draft.name}” has no orders yet.",
            next_step="Import the shop's orders first, then add this file to the same shop.",
        )
    read = read_contacts if source.holds == "contacts" else read_campaigns
    contacts = read(job.connection, source.opened, source.platform, job.draft, job.workspace.secret(), job.stopped)
    job.changed = True
    if contacts.erased:
        left = formats.count(contacts.erased, "contact")
        job.said.append(f"{source.opened.name}: {left} of customers who were erased from this shop, left out.")
    job.done.append(TableResult(source.opened.name, source.holds, platform, source.mapping, None, contacts.rows))
