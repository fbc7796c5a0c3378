"""Where the workspace is, and whether there is one."""

from __future__ import annotations

import os
from pathlib import Path

from segmentation.errors import WorkspaceNotFound
from segmentation.workspace.registry_file import REGISTRY, stored_versions


def root_of(folder: Path | str | None) -> Path:
    """The folder of the workspace: `folder`, else `$TESSERA_HOME`, else `./workspace`."""
    return Path(folder or os.environ.get("TESSERA_HOME") or "workspace").expanduser().resolve()


def is_there(folder: Path | str | None) -> bool:
    """Whether there is a workspace, whole or not, so that opening it makes none."""
    root = root_of(folder)
    try:
        return (root / REGISTRY).exists() or bool(stored_versions(root))
    except OSError:  # one that cannot be entered; opening it says why
        return True


def refuse_missing(folder: Path | str | None) -> None:
    """Raise WorkspaceNotFound where there is no workspace."""
    if not is_there(folder):
        raise WorkspaceNotFound(str(root_of(folder)))
