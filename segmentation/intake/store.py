"""Writing a version's files: lines, rows set aside with their line numbers, contacts; and reading them back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.engine.reading import ImportConnection, select
from segmentation.errors import WorkspaceBroken
from segmentation.files.repair import line_numbers
from segmentation.intake.repeats import Sieve
from segmentation.intake.stage import contacts_query, judged_query
from segmentation.intake.staging import Staged, Tick
from segmentation.workspace import DatasetVersion, Draft

_PRIVATE = 0o600


def part_name(draft: Draft) -> str:
    """The name of this import's files inside the version."""
    return f"{draft.number:06d}.parquet"


def carry_over(draft: Draft) -> None:
    """Link the previous version's files into the draft: they never change, so both versions may share them."""
    if draft.previous is None:
        return
    for part in ("lines", "set_aside"):
        for file in draft.previous.files(part):
            target = draft.folder / part / file.name
            try:
                os.link(file, target)
            except OSError:  # another file system, or one without hard links
                shutil.copy2(file, target)


def notes(path: Path) -> dict[str, str]:
    """What was noted in the file's metadata when it was written: `meaning` and `hash`."""
    metadata = pq.read_metadata(path).metadata or {}
    return {name.decode(): value.decode() for name, value in metadata.items() if name in {b"meaning", b"hash"}}


def filled_columns(path: Path) -> frozenset[str]:
    """The stored columns that hold at least one value."""
    metadata = pq.read_metadata(path)
    found = set()
    for group in range(metadata.num_row_groups):
        for index in range(metadata.num_columns):
            column = metadata.row_group(group).column(index)
            if column.statistics is None or column.statistics.null_count < column.num_values:
                found.add(column.path_in_schema)
    return frozenset(found)


def write_lines(connection: ImportConnection, staged: Staged, sieve: Sieve, draft: Draft, *, clean: bool) -> Path:
    """Keep the lines that stay; a staged file in which all stay (`clean`) is kept as it is."""
    target = draft.folder / "lines" / part_name(draft)
    if clean and sieve.nothing_goes:
        staged.path.rename(target)
    else:
        connection.store_named("import_kept_lines", target, notes=notes(staged.path))
    return target


def write_set_aside(
    connection: ImportConnection, ordered: ImportConnection, staged: Staged, draft: Draft, tick: Tick
) -> None:
    """Keep the rows set aside with the line they start on, their reason and their fields as they stood.

    `ordered` reads the file once more, in its order, which tells the lines.
    """
    judged = draft.folder / "judged.parquet"
    ordered.store(judged_query(staged.recipe), judged, tick=tick)
    connection.show("judged", [judged], row_numbers=True)
    places = connection.query("import_aside_places").column("nth").to_pylist()
    lines = _physical_lines(staged, [int(place) for place in places])
    connection.show(
        "places", pa.table({"nth": pa.array(places, pa.int64()), "line_number": pa.array(lines, pa.int64())})
    )
    connection.show("damaged", _damaged(staged))
    target = draft.folder / "set_aside" / part_name(draft)
    connection.store_named("import_set_aside", target, file=staged.opened.name)
    target.chmod(_PRIVATE)


def _physical_lines(staged: Staged, nth: list[int]) -> list[int]:
    """The line on which each of these records starts."""
    opened, source = staged.opened, staged.recipe.source
    if staged.one_line_each:
        return [opened.first_line + value for value in nth]
    return line_numbers(opened.path, source.separator, source.quote, source.width, opened.first_line, nth)


def _damaged(staged: Staged) -> pa.Table:
    rows = [(line, "broken_quoting", [text]) for line, text in staged.broken]
    rows += [(line, "unreadable_line", []) for line in staged.unread]
    return pa.table(
        {
            "line_number": pa.array([row[0] for row in rows], pa.int64()),
            "reason": pa.array([row[1] for row in rows], pa.string()),
            "row": pa.array([row[2] for row in rows], pa.list_(pa.string())),
        }
    )


def write_contacts(connection: ImportConnection, staged: Staged, draft: Draft, tick: Tick) -> None:
    """One row per customer: latest e-mail and consent, of this file and of what was known before."""
    mapping = staged.recipe.mapping
    old = draft.previous.contacts if draft.previous else []
    if mapping.email is None and mapping.consent is None:
        for file in old:
            shutil.copy2(file, draft.folder / "contacts" / file.name)
        return
    target = draft.folder / "contacts" / part_name(draft)
    fresh = contacts_query(staged.recipe)
    if not old or draft.previous is None:
        latest = select({name: name for name in ("customer_id", "email", "consent")}, f"({fresh})")
        connection.store(latest, target, tick=tick)
    else:
        connection.show_query("fresh", fresh)
        connection.show("known", old)
        connection.show("earlier", draft.previous.lines)
        connection.store_named("import_contacts", target)
    target.chmod(_PRIVATE)


def read_set_aside(version: DatasetVersion) -> pa.Table:
    """The rows set aside in all imports of this version: file, line_number, reason, amount, row (its fields)."""
    schema = pa.schema(
        [
            ("file", pa.string()),
            ("line_number", pa.int64()),
            ("reason", pa.string()),
            ("amount", pa.decimal128(18, 4)),
            ("row", pa.list_(pa.string())),
        ]
    )
    try:
        tables = [pq.ParquetFile(path).read().cast(schema) for path in version.set_aside]
    except (OSError, pa.ArrowInvalid) as error:
        raise WorkspaceBroken(
            "The rows set aside cannot be read.", evidence=f"{error}.", next_step="Import the file again."
        ) from error
    return pa.concat_tables(tables) if tables else schema.empty_table()
