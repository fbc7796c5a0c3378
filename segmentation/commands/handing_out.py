"""Files that commands write of a shop's data: each is entered in the audit log before it is there."""

from __future__ import annotations

from pathlib import Path

from segmentation.exports import refuse_target, write_whole
from segmentation.workspace import DatasetVersion, Workspace
from segmentation.workspace.audit import Content, Event, digest_of, record, system_user


def hand_out(
    workspace: Workspace,
    path: Path,
    data: bytes,
    *,
    content: Content,
    version: DatasetVersion,
    rows: int | None,
    replace: bool,
) -> Path:
    """Write `data` to `path` as `write_whole` does, in the place of another file only with `replace`. Raises NotLogged
    where it cannot be entered in the audit log: then nothing is written; else as `refuse_target` and `write_whole`."""
    refuse_target(path, replace=replace)
    record(
        workspace,
        Event(
            by=system_user(),
            what="export",
            content=content,
            dataset=version.dataset_id,
            version=version.number,
            rows=rows,
            sha256=(digest_of(data),),
        ),
    )
    return write_whole(path, data)
