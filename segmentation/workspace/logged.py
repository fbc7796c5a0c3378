"""What changes a shop as a whole, entered in the audit log before it is done."""

from __future__ import annotations

from segmentation.workspace.audit import Event, record
from segmentation.workspace.folder import Workspace
from segmentation.workspace.versions import DatasetVersion


def roll_back(workspace: Workspace, name: str, number: int, *, by: str) -> DatasetVersion:
    """Make another version the current one, as `Workspace.use`. Raises NotLogged where it cannot be entered; a damaged
    version is refused before it is."""
    chosen = workspace.version(name, number)
    chosen.compare()
    record(
        workspace,
        Event(
            by=by,
            what="use",
            content="shop",
            dataset=chosen.dataset_id,
            version=number,
            rows=chosen.manifest.lines,
        ),
    )
    return workspace.use(name, number)
