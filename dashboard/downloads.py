"""Files that a screen offers: bytes, and a name that changes with the content.

Streamlit tells large downloads apart by name, length and samples, so a name without the content's hash can serve
one person another's file (see `segmentation.exports.name_with_hash`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from dashboard import session
from dashboard.visitors import visitor
from segmentation.exports import Cell, name_with_hash, spreadsheet_csv, table_csv
from segmentation.workspace import DatasetVersion, audit
from segmentation.workspace.audit import Content


@dataclass(frozen=True, slots=True)
class Download:
    """What a download button needs."""

    data: bytes
    file_name: str
    mime: str
    content: Content = "figures"
    rows: int | None = None


def csv(stem: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, content: Content = "figures") -> Download:
    """A table as a CSV that is safe in a spreadsheet; `content` is what the audit log calls it."""
    listed = list(rows)
    return _csv(stem, spreadsheet_csv(headers, listed), content, len(listed))


def arrow(stem: str, table: pa.Table, *, content: Content) -> Download:
    """An Arrow table as a CSV that is safe in a spreadsheet; `content` is what the audit log calls it."""
    return _csv(stem, table_csv(table), content, table.num_rows)


def html(stem: str, page: str) -> Download:
    """A self-contained page, for the report."""
    data = page.encode("utf-8")
    return Download(data, name_with_hash(stem, data, ".html"), "text/html")


def logged(
    data: Callable[[], bytes], *, content: Content, rows: int | None, of: DatasetVersion | None = None
) -> Callable[[], bytes]:
    """What a download button is given: the file as it is asked for, entered in the audit log before it leaves. Where it
    cannot be entered there is no file. `of` is the version it tells of, else the one that is looked at."""
    workspace, by = session.workspace(), audit.visitor(visitor())
    version = of or session.version()

    def hand_out() -> bytes:
        made = data()
        event = audit.Event(
            by=by,
            what="export",
            content=content,
            dataset="" if version is None else version.dataset_id,
            version=None if version is None else version.number,
            rows=rows,
            sha256=(audit.digest_of(made),),
        )
        audit.record(workspace, event)
        return made

    return hand_out


def _csv(stem: str, data: bytes, content: Content, rows: int) -> Download:
    return Download(data, name_with_hash(stem, data), "text/csv", content, rows)
