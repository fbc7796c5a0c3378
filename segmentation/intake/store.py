"""Writing a version's files: lines, rows set aside with their line numbers, contacts; and reading them back."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from segmentation.engine.named import named_query
from segmentation.engine.reading import ImportConnection
from segmentation.errors import WorkspaceBroken
from segmentation.files.opened import Aside, Mend, fields_of
from segmentation.intake.typed import Staged, Tick, physical_lines
from segmentation.workspace import DatasetVersion, Draft

_PRIVATE = 0o600
_CARRIED = ("lines", "set_aside", "contacts", "campaigns")
_NOTES = frozenset({b"meaning", b"hash", b"identity", b"nobody", b"mended", b"headers", b"overlapping"})
OVERLAPS = "overlapping"
"""The note of lines of a file that an earlier one had rows of, without order numbers: the others are in its lines."""


def part_name(draft: Draft, index: int = 0) -> str:
    """The name of the files that the `index`th table of this import leaves inside the version."""
    return f"{draft.number:06d}-{index:03d}.parquet"


def carry_over(draft: Draft) -> list[Path]:
    """Link the previous version's files into the draft: they never change, so both versions may share them.

    Returns the files of lines.
    """
    if draft.previous is None:
        return []
    for part in _CARRIED:
        for file in draft.previous.files(part):
            link(file, draft.folder / part / file.name)
    return sorted((draft.folder / "lines").glob("*.parquet"))


def link(file: Path, target: Path) -> None:
    """Let two versions share a file, which never changes."""
    try:
        os.link(file, target)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(file, target)


def notes(path: Path) -> dict[str, str]:
    """What was noted in the file's metadata when it was written: `meaning`, `hash`, `identity`, `nobody`, `mended`,
    `overlapping` of lines, `headers` of rows set aside."""
    metadata = pq.read_metadata(path).metadata or {}
    return {name.decode(): value.decode() for name, value in metadata.items() if name in _NOTES}


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


def write_lines(
    connection: ImportConnection,
    staged: Staged,
    target: Path,
    *,
    whole: bool,
    others: bool = True,
    overlaps: bool = False,
) -> None:
    """Keep the lines that stay; a staged file in which all do (`whole`) is kept as it is."""
    if whole:
        staged.path.rename(target)
    else:
        told = notes(staged.path) | ({OVERLAPS: "yes"} if overlaps else {})
        connection.store_named("import_kept_lines", target, notes=told, others=others)


def write_set_aside(connection: ImportConnection, staged: Staged, target: Path) -> None:
    """Keep the rows set aside with the line they start on, their reason and their fields as they stood."""
    if staged.aside is not None:
        connection.show("put_aside", [staged.aside])
    else:
        connection.show("put_aside", _NO_ASIDE)
    places = connection.query("import_aside_places").to_pydict()
    nth = [int(place) for place in places["place"]]
    lines = places["line"] if staged.opened.numbered else physical_lines(staged, nth)
    connection.show(
        "places", pa.table({"place": pa.array(nth, pa.int64()), "line_number": pa.array(lines, pa.int64())})
    )
    connection.show("wide", _wide(staged, [place for place, wide in zip(nth, places["wide"], strict=True) if wide]))
    connection.show("damaged", _damaged(staged.never_rows))
    headers = json.dumps(staged.opened.layout.headers, ensure_ascii=False)
    connection.store_named("import_set_aside", target, notes={"headers": headers}, file=staged.opened.name)
    target.chmod(_PRIVATE)


def forget_mended(draft: Draft, mends: Sequence[Mend], *, but: Path) -> None:
    """Take rows that came back mended out of those that earlier imports set aside; `but` is this import's own file. One
    that does not say its import is the latest of that place and reason, and only one."""
    gone = Counter((mend.taken_in, mend.file, mend.line, mend.reason) for mend in dict.fromkeys(mends) if mend.taken_in)
    gone += Counter(("", mend.file, mend.line, mend.reason) for mend in mends if not mend.taken_in)
    for path in sorted((draft.folder / "set_aside").glob("*.parquet"), reverse=True):
        if path == but or not gone:
            continue
        table = pq.ParquetFile(path).read()
        rows = list(zip(*(table.column(name).to_pylist() for name in ("file", "line_number", "reason")), strict=True))
        stay = pa.array([not _taken(gone, taken_in(path), row) for row in rows], pa.bool_())
        if pc.all(stay).as_py() is not False:
            continue
        path.unlink()  # the version before has a link of its own
        if pc.any(stay).as_py():
            pq.write_table(table.filter(stay), path, compression="zstd")
            path.chmod(_PRIVATE)


def _taken(gone: Counter[tuple[str, str, int, str]], part: str, row: tuple[str, int, str]) -> bool:
    """Whether the row is one of those that go; one that says no import goes once."""
    if (part, *row) in gone:
        return True
    if gone["", *row] <= 0:
        return False
    gone["", *row] -= 1
    return True


def taken_in(path: Path) -> str:
    """Which import a file of a version is of, and which table of it, in words that a spreadsheet leaves alone."""
    number, _, index = path.stem.partition("-")
    return f"version {int(number)} table {int(index) + 1}"


_NO_ASIDE = pa.table(
    {
        "place": pa.array([], pa.int64()),
        "line": pa.array([], pa.int64()),
        "reason": pa.array([], pa.string()),
        "amount": pa.array([], pa.decimal128(18, 4)),
        "row": pa.array([], pa.list_(pa.string())),
    }
)


def _wide(staged: Staged, places: list[int]) -> pa.Table:
    """All fields of the rows at these places: the engine reads one more than there are columns, a rewritten copy has no
    more than that."""
    rows = [] if staged.opened.numbered else list(zip(places, fields_of(staged.opened, places), strict=True))
    return pa.table(
        {
            "place": pa.array([place for place, _ in rows], pa.int64()),
            "row": pa.array([fields for _, fields in rows], pa.list_(pa.string())),
        }
    )


def _damaged(aside: Sequence[Aside]) -> pa.Table:
    return pa.table(
        {
            "line_number": pa.array([one.line for one in aside], pa.int64()),
            "reason": pa.array([one.reason for one in aside], pa.string()),
            "row": pa.array([[one.text] for one in aside], pa.list_(pa.string())),
        }
    )


def write_contacts(connection: ImportConnection, fresh: str, draft: Draft, tick: Tick | None = None) -> None:
    """One row per customer: latest contacts and consent of the query `fresh`, and of what was known before."""
    folder = draft.folder / "contacts"
    old = sorted(folder.glob("*.parquet"))
    target = folder / f"fresh-{part_name(draft)}"
    connection.show_query("fresh", fresh)
    if old:
        connection.show("known", old)
        lines = sorted((draft.folder / "lines").glob("*.parquet"))
        connection.show("earlier", lines)
        connection.store_named("import_contacts", target)
    else:
        connection.store(named_query("import_first_contacts"), target, tick=tick)
    for path in old:
        path.unlink()
    target.chmod(_PRIVATE)
    target.rename(folder / part_name(draft))


def known_addresses(draft: Draft) -> dict[str, str]:
    """Which customer stands for each e-mail address that the dataset knows."""
    found: dict[str, str] = {}
    for path in (draft.folder / "contacts").glob("*.parquet"):
        table = pq.ParquetFile(path).read(["customer_id", "email"]).to_pydict()
        pairs = zip(table["email"], table["customer_id"], strict=True)
        found |= {email: customer for email, customer in pairs if email is not None}
    return found


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
            "The rejected rows cannot be read.", evidence=f"{error}.", next_step="Import the file again."
        ) from error
    return pa.concat_tables(tables) if tables else schema.empty_table()
