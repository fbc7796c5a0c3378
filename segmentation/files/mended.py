"""Rejected rows that were downloaded, mended and come back: the file's own columns, without those that were added."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from segmentation.errors import Cancelled
from segmentation.exports import as_before
from segmentation.files.dialect import SPACES
from segmentation.files.opened import Aside, Mend, Opened, Stopped, checked, detect, rewrite
from segmentation.files.table import FIRST_ROWS, Layout

FILE, LINE, REASON, WHY, IMPORT, TEXT = MARKS = (
    "Tessera: file",
    "Tessera: line",
    "Tessera: reason",
    "Tessera: why",
    "Tessera: import",
    "Tessera: what did not fit",
)
"""The columns that a download of rejected rows has beside the file's own."""
BETWEEN = " | "
"""What stands between the fields of a row that does not fit its columns."""
_NEVER_ROWS = frozenset({"another_table", "broken_quoting", "cut_off", "too_many_fields", "unreadable_line"})
"""Why a record may be no row of its table: where nobody filled its columns, it is none still."""
_LOOK_EVERY, _LONGEST_LINE_NUMBER = 5_000, 16


def tables_of(path: Path, name: str | None, folder: Path, stopped: Stopped = lambda: False) -> list[Opened]:
    """The tables of a file, as `detect` sees them; one of rejected rows loses what was added to it."""
    return [_own(table, folder, stopped) for table in detect(path, name, folder, stopped)]


def _own(opened: Opened, folder: Path, stopped: Stopped) -> Opened:
    places = {_key(header): at for at, header in enumerate(opened.layout.headers)}
    marks = [places.get(_key(mark)) for mark in MARKS]
    if any(at is None for at in marks[:3]) or not opened.layout.rows:
        return opened
    whole = checked(opened, folder, stopped)
    whole = whole if whole.numbered else rewrite(whole, folder, stopped)
    own = [at for at in range(len(opened.layout.headers)) if at not in marks]
    target = folder / f"mended-{uuid.uuid4().hex}"
    mends: list[Mend] = []
    left: list[Aside] = []
    written = 0
    rows: list[tuple[str, ...]] = []
    with target.open("w", encoding="utf-8", newline="") as out:
        write = _writer(whole.layout)
        for count, (line, cells) in enumerate(_numbered_rows(whole)):
            if count % _LOOK_EVERY == 0 and stopped():
                raise Cancelled("The import")
            kept = [as_before(cells[at]) if at < len(cells) else "" for at in own]
            kept += [cell for cell in cells[len(opened.layout.headers) :] if cell]
            mend = _mend(cells, marks)
            mends += [mend] if mend is not None else []
            if mend is not None and mend.reason in _NEVER_ROWS and not any(cell.strip() for cell in kept):
                left.append(Aside(line, mend.reason, _cell(cells, marks[-1])))
                continue
            if len(kept) > len(own) + 1:
                left.append(Aside(line, "too_many_fields", BETWEEN.join(kept)))
                continue
            out.write(write(line, kept))
            written += 1
            rows += [tuple(kept)] if len(rows) < len(opened.layout.rows) else []
    layout = _without(opened.layout, own, rows)
    aside = (*whole.aside, *left)
    return replace(whole, path=target, layout=layout, records=written, aside=aside, mends=tuple(mends))


def _mend(cells: Sequence[str], marks: Sequence[int | None]) -> Mend | None:
    file, line, reason = (_cell(cells, at).strip() for at in marks[:3])
    digits = line.removesuffix(".0")
    found = _cell(cells, marks[4]).strip()
    return Mend(file, int(digits), reason, found) if digits.isdecimal() and len(digits) < _LONGEST_LINE_NUMBER else None


def _cell(cells: Sequence[str], at: int | None) -> str:
    return as_before(cells[at]) if at is not None and at < len(cells) else ""


def _without(layout: Layout, own: Sequence[int], rows: Sequence[tuple[str, ...]]) -> Layout:
    """The layout of the file's own columns."""

    def cut(row: Sequence[str]) -> tuple[str, ...]:
        return tuple(row[at] if at < len(row) else "" for at in own)

    headers = tuple(map(as_before, cut(layout.headers)))
    return replace(
        layout,
        named=cut(layout.named) if layout.named else (),
        headers=headers,
        first_rows=tuple(rows[:FIRST_ROWS]),
        rows=tuple(rows),
        exact=layout.exact & frozenset(headers),
        header_rows=tuple(map(cut, layout.header_rows)),
    )


def _numbered_rows(opened: Opened) -> Iterator[tuple[int, list[str]]]:
    """The rows of a rewritten table, each with its line in the original."""
    dialect = opened.layout.dialect
    separator = "\t" if dialect.separator == SPACES else dialect.separator
    quoting = {"quotechar": dialect.quote} if dialect.quote else {"quoting": csv.QUOTE_NONE}
    with opened.path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter=separator, **quoting):
            yield int(row[0]), row[1:]


def _writer(layout: Layout) -> Callable[[int, Sequence[str]], str]:
    separator = "\t" if layout.dialect.separator == SPACES else layout.dialect.separator
    quote = layout.dialect.quote

    def quoted(cell: str) -> str:
        if quote and (quote in cell or separator in cell or "\n" in cell or "\r" in cell):
            return f"{quote}{cell.replace(quote, quote * 2)}{quote}"
        return cell

    return lambda line, cells: f"{line}{separator}{separator.join(map(quoted, cells))}\n"


def _key(header: str) -> str:
    return " ".join(header.split()).casefold()
