"""Files that a screen offers: how they are made, and a name that changes with the content.

`offered` gives such a file an address of this server (`offers`); what is handed out is entered in the audit log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import state
from dashboard.serving.handing_out import RECEIPT
from dashboard.serving.offers import OFFERS, Offer, receipt_for
from dashboard.serving.visitors import visitor
from segmentation.errors import CallError, DataError
from segmentation.exports import Cell, name_with_hash, spreadsheet_csv, table_csv
from segmentation.workspace import DatasetVersion, Workspace, audit
from segmentation.workspace.audit import Content

_PLACE = "offers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """What a download button needs. `identity` differs whenever the content does; `content` and `rows` are what the
    audit log says of it; `of` is the version it tells of, else the one that is looked at."""

    make: Callable[[], bytes]
    file_name: str
    mime: str
    identity: str
    content: Content = "figures"
    rows: int | None = None
    of: DatasetVersion | None = None


def csv(stem: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, content: Content = "figures") -> Download:
    """A table as a CSV that is safe in a spreadsheet; `content` is what the audit log calls it."""
    listed = list(rows)
    return _csv(stem, spreadsheet_csv(headers, listed), content, len(listed))


def arrow(stem: str, table: pa.Table, *, content: Content) -> Download:
    """An Arrow table as a CSV that is safe in a spreadsheet; `content` is what the audit log calls it."""
    return _csv(stem, table_csv(table), content, table.num_rows)


def offered(download: Download) -> bytes:
    """Offer the file to this visitor. Returns the receipt that Streamlit's button is given in its place."""
    context = get_script_run_ctx()
    session_id, who = ("" if context is None else context.session_id), visitor()
    receipt = receipt_for(session_id, who, download.file_name, download.identity)
    files = Runtime.instance().media_file_mgr
    url = files.add(receipt, RECEIPT, _PLACE, download.file_name, is_for_static_download=True)
    offer = Offer(logged(download), download.file_name, download.mime, session_id, who)
    OFFERS.put(url.rpartition("/")[2], offer)
    return receipt


def logged(download: Download) -> Callable[[], bytes]:
    """The file as it is asked for, entered in the audit log before it leaves. Where it cannot be entered there is no
    file, nor of a shop that was deleted or changed since it was offered."""
    workspace, by = state.workspace(), audit.visitor(visitor())
    version = download.of or state.version()

    def hand_out() -> bytes:
        if version is not None:
            _refuse_changed(workspace, version, download.file_name)
        made = download.make()
        event = audit.Event(
            by=by,
            what="export",
            content=download.content,
            dataset="" if version is None else version.dataset_id,
            version=None if version is None else version.number,
            rows=download.rows,
            sha256=(audit.digest_of(made),),
        )
        audit.record(workspace, event)
        return made

    return hand_out


def _refuse_changed(workspace: Workspace, version: DatasetVersion, file_name: str) -> None:
    """Raise DataError where a version that is told of is gone, or other people were erased from it."""
    try:
        now = workspace.version(version.name, version.number)
    except CallError:
        now = None
    if now is None or (now.dataset_id, now.fingerprint) != (version.dataset_id, version.fingerprint):
        what = "was deleted" if now is None else "was changed"
        raise DataError(
            f"{file_name} was not downloaded: “{version.name}” {what} since the page was drawn.",
            next_step="Open the screen again; it shows the shop as it is now.",
        )


def _csv(stem: str, data: bytes, content: Content, rows: int) -> Download:
    return Download(
        make=lambda: data,
        file_name=name_with_hash(stem, data),
        mime="text/csv",
        identity=audit.digest_of(data),
        content=content,
        rows=rows,
    )
