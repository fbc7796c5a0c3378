"""What an import tells on the command line: how each file was understood, what was left out, and the ledger."""

from __future__ import annotations

from typing import Any

from segmentation import formats
from segmentation.intake import ImportResult, TableResult
from segmentation.report.compose import ledger_lines
from segmentation.workspace import DatasetVersion

_TOLD = 20
"""Statuses, and columns that were not used, of one file that are listed."""
NOTHING_STORED = "Dry run: nothing was stored. This is what the import would do."


def as_json(done: ImportResult) -> dict[str, Any]:
    """The import as one JSON object: the ledger, what each file was, what was left out."""
    listed = [_table(table) for table in done.tables]
    left = [{"name": one.name, "why": one.why} for one in done.left_out]
    held = done.version.manifest
    body = {
        **done.ledger.to_json(),
        "currency": held.currency,
        "files": listed,
        "left_out": left,
        "joins": [one.to_json() for one in done.joins],
        "warnings": [*done.warnings, *contradicted(done)],
    }
    return body if done.stored else {**body, "dry_run": True}


def as_text(done: ImportResult) -> str:
    """The same for a person."""
    account, version = done.ledger, done.version
    lines = [] if done.stored else [NOTHING_STORED, ""]
    lines += [f"{account.dataset}, version {account.version}", ""]
    lines += [one.sentence for one in done.joins]
    for table in done.tables:
        if table.holds != "joined":
            lines += _table_lines(table)
    lines += [f"{one.name}: left out. {one.why}" for one in done.left_out]
    lines.append("")
    for line in ledger_lines(account.to_json()):
        count = f"{line.rows:,}" if line.rows is not None else ""
        amount = f"{line.amount:,.2f}" if line.amount is not None else ""
        lines.append(f"{count:>12}  {amount:>16}  {'  ' * line.level}{line.label}")
    return "\n".join([*lines, "", _held(version)])


def contradicted(done: ImportResult) -> tuple[str, ...]:
    """A sentence for each column that was chosen by a person and whose values speak against it."""
    return tuple(
        f"{table.name}: {one.against.sentence} It was chosen as {one.meaning}."
        for table in done.tables
        for one in table.evidence
        if one.against is not None and one.why.startswith("you said so")
    )


def _table(table: TableResult) -> dict[str, Any]:
    body: dict[str, Any] = {"name": table.name, "holds": table.holds, "platform": table.platform}
    if table.ledger is None:
        return {**body, "rows": {"read": table.rows}}
    account = table.ledger.to_json()
    return {
        **body,
        "rows": account["rows"],
        "revenue": account["revenue"],
        "currency": table.currency,
        "mapping": table.mapping.columns(),
        "evidence": {
            one.meaning: {"mark": one.mark, "why": one.why, "against": one.against.sentence if one.against else None}
            for one in table.evidence
        },
        "proofs": list(table.proofs),
        "statuses": [{"column": s.header, "text": s.text, "rows": s.rows, "taken_for": s.state} for s in table.said],
        "unused": list(table.unused),
    }


def _table_lines(table: TableResult) -> list[str]:
    about = f" ({table.platform})" if table.platform else ""
    rows = table.ledger.read if table.ledger else table.rows
    lines = [f"{table.name}{about}: {formats.count(rows, 'row')}"]
    if table.ledger is None:
        return lines
    for one in table.evidence:
        lines.append(f"  {one.meaning}: {one.header} ({one.mark}: {one.why})")
        if one.against is not None:
            lines.append(f"    but {one.against.sentence}")
    lines.append(f"  currency: {table.currency or 'not named in the file'}")
    lines += [f"  proven: {proof}" for proof in table.proofs]
    lines += [
        f"  {said.header}: “{said.text}” taken for {said.state} ({formats.count(said.rows, 'row')})"
        for said in table.said[:_TOLD]
    ]
    if len(table.said) > _TOLD:
        lines.append(f"  and {len(table.said) - _TOLD} more words; --json lists them all")
    if table.unused:
        more = f" and {len(table.unused) - _TOLD} more" if len(table.unused) > _TOLD else ""
        lines.append(f"  not used: {', '.join(table.unused[:_TOLD])}{more}")
    return lines


def _held(version: DatasetVersion) -> str:
    held = version.manifest
    currency = f" {held.currency}" if held.currency else ""
    return (
        f"{held.customers:,} customers, {held.orders:,} orders ({held.guests:,} by guests), "
        f"{held.revenue:,.2f}{currency}, {held.first:%d %b %Y} to {held.last:%d %b %Y}"
    )
