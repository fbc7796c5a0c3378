"""Importing, reading and rolling back from the command line."""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from segmentation.commands.deleting import delete_version
from segmentation.commands.import_account import as_json, as_text, contradicted
from segmentation.commands.opening import opened
from segmentation.commands.result import Result
from segmentation.errors import DataError, DiskFull, SettingOutOfRange, TesseraError, WrongCall
from segmentation.files.read import Understood, read_file, refuse_targets
from segmentation.intake import import_files as take_in
from segmentation.meaning import MEANINGS, Choices, Mapping
from segmentation.workspace import READ, BrokenVersion, DatasetVersion, Workspace, is_there, name_of_file
from segmentation.workspace.audit import system_user
from segmentation.workspace.logged import roll_back


def import_files(options: argparse.Namespace) -> Result:
    """Import files and folders into one dataset, as one new version of it; with `--dry-run` only say what would be."""
    workspace = Workspace.open(options.workspace)
    done = take_in(
        workspace,
        options.files,
        dataset=_name_for(options.files[0]) if options.dataset is None else options.dataset,
        mappings=[_mapping(options.mapping)] if options.mapping else [],
        choices=choices_of(options),
        columns=_columns(options.column),
        drop_repeats=options.drop_repeats,
        replace=True if options.replace else False if options.keep else None,
        same_orders=True if options.same_orders else False if options.other_orders else None,
        today=datetime.now(UTC).date(),
        dry_run=options.dry_run,
    )
    return Result(as_json(done), as_text(done), (*done.warnings, *contradicted(done)))


def read(options: argparse.Namespace) -> Result:
    """Write each file as it was understood; goes on past files it must refuse, and says so."""
    refuse_targets(options.files, options.out_dir, replace=options.force)
    found: list[dict[str, Any]] = []
    lines: list[str] = []
    refused: list[TesseraError] = []
    with _scratch(options.workspace) as temp:
        for path in options.files:
            try:
                tables = read_file(path, options.out_dir, temp, replace=options.force)
            except DiskFull:  # of no file, and the next one would find no room either
                raise
            except DataError as problem:
                refused.append(problem)
                found.append({"file": str(path), "error": problem.parts})
                continue
            found.append({"file": str(path), "tables": [_understood(table) for table in tables]})
            lines += [_said(table) for table in tables] or [f"{path.name}: empty"]
    nothing = len(refused) == len(options.files)
    body = {"files": found, "refused": len(refused)}
    return Result(body, "\n".join(lines), tuple(map(str, refused)), exit_code=1 if nothing else 0)


def versions(options: argparse.Namespace) -> Result:
    """The versions of a dataset; with `--use` another one becomes the current one, with `--delete` one goes."""
    workspace = opened(options)
    if options.delete is not None:
        return delete_version(workspace, options)
    if options.use is not None:
        roll_back(workspace, options.dataset, options.use, by=system_user())
    current = workspace.current_number(options.dataset)
    listed = workspace.versions_of(options.dataset)
    rows: list[dict[str, Any]] = [
        {
            "version": one.number,
            "current": one.number == current,
            "created": one.manifest.created,
            "lines": one.manifest.lines,
            "customers": one.manifest.customers,
            "revenue": float(one.manifest.revenue),
            "period": [one.manifest.first.isoformat(), one.manifest.last.isoformat()],
        }
        for one in listed
        if isinstance(one, DatasetVersion)
    ]
    broken = [one for one in listed if isinstance(one, BrokenVersion)]
    lines = {
        row["version"]: f"{row['created'][:16].replace('T', ' ')}  {row['lines']:>12,} lines  {row['revenue']:>16,.2f}"
        for row in rows
    }
    lines |= {one.number: f"cannot be used. {one.problem.evidence or one.problem.fact}" for one in broken}
    text = "\n".join(f"{'→' if at == current else ' '} {at:>3}  {line}" for at, line in sorted(lines.items()))
    body = {"dataset": options.dataset, "current": current, "versions": rows}
    body["broken"] = [{"version": one.number, "error": one.problem.parts} for one in broken]
    return Result(body, text)


@contextmanager
def _scratch(folder: str | None) -> Iterator[Path]:
    """A private folder for what reading needs: in the workspace where there is one, which reading does not make."""
    if is_there(folder):
        with Workspace.open(folder).scratch(READ) as temp:
            yield temp
        return
    with tempfile.TemporaryDirectory(prefix=READ) as temp:
        yield Path(temp)


def choices_of(options: argparse.Namespace) -> Choices:
    """What the options of `import` decide."""
    return Choices(
        date_order=options.date_order,
        decimal=options.decimal,
        currency=options.currency.upper() if options.currency else None,
        rates=_rates(options.rate),
        shipping=options.shipping,
        tax=options.tax,
        gift_cards=options.gift_cards,
        test_orders=options.test_orders,
        guests=tuple(options.guest),
        not_guests=tuple(options.not_guest),
        discount=options.discount,
        discount_taken=options.discount_taken,
        cost=options.cost,
        amount_of=options.amount_of,
        amount_holds=options.amount_holds,
        amounts_in=options.amounts_in,
        zone=options.zone,
        statuses=tuple(sorted(_pairs("--status", options.status, "a status and what it is, on-hold=sale"))),
        ids=options.ids,
        customers="none" if options.no_customers else None,
        joins=tuple(options.join),
    )


def _columns(texts: Sequence[str]) -> dict[str, str | None]:
    """Which columns were named for which meanings; an empty header says that there is none."""
    found: dict[str, str | None] = {}
    for meaning, header in _pairs("--column", texts, "a meaning and a header, amount=Paid"):
        if meaning not in MEANINGS:
            raise SettingOutOfRange("--column", meaning, allowed=MEANINGS)
        found[meaning] = header or None
    return found


def _pairs(option: str, texts: Sequence[str], example: str) -> list[tuple[str, str]]:
    found = []
    for text in texts:
        name, sign, value = text.partition("=") if option == "--column" else text.rpartition("=")
        if not sign or not name.strip():
            raise SettingOutOfRange(option, text, allowed=(example,))
        found.append((name.strip(), value.strip()))
    return found


def _rates(texts: Sequence[str]) -> tuple[tuple[str, Decimal], ...]:
    found = {}
    for text in texts:
        match = re.fullmatch(r"\s*(\S{1,4})\s*=\s*(\S+)\s*", text)
        if match is None:
            raise SettingOutOfRange("--rate", text, allowed=("a currency and what one unit of it is worth, USD=0.92",))
        try:
            found[match[1].upper()] = Decimal(match[2])
        except InvalidOperation as error:
            raise SettingOutOfRange("--rate", text, allowed=("a number after the sign, USD=0.92",)) from error
    return tuple(sorted(found.items()))


def _name_for(path: Path) -> str:
    return name_of_file(path.resolve().name if path.is_dir() else path.stem)


def _understood(table: Understood) -> dict[str, Any]:
    dialect = table.table.layout.dialect
    return {
        "name": table.name,
        "written": str(table.file),
        "rows": table.rows,
        "left_out": table.left_out,
        "columns": list(table.table.layout.headers),
        "encoding": dialect.encoding,
        "separator": dialect.separator,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "header_rows": dialect.header,
        "lines_above": dialect.skip,
    }


def _said(table: Understood) -> str:
    dialect = table.table.layout.dialect
    left = f", {table.left_out:,} records left out" if table.left_out else ""
    columns = len(table.table.layout.headers)
    return f"{table.name}: {table.rows:,} rows of {columns:,} columns ({dialect.encoding}){left} → {table.file}"


def _mapping(file: Path) -> Mapping:
    if not file.is_file():
        raise WrongCall(f"There is no mapping file {file}.")
    return Mapping.from_toml(file.read_text(encoding="utf-8"))
