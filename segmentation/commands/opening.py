"""The workspace that a command only reads or changes, and does not make."""

from __future__ import annotations

import argparse

from segmentation.errors import DatasetNotFound
from segmentation.workspace import Workspace, known_name, refuse_missing


def opened(options: argparse.Namespace) -> Workspace:
    """The workspace, with the name of the shop in `options` as it is kept there. Raises WorkspaceNotFound, or
    DatasetNotFound where a shop is named that is not there."""
    refuse_missing(options.workspace)
    workspace = Workspace.open(options.workspace)
    if getattr(options, "dataset", None) is not None:
        names = workspace.names()
        found = known_name(options.dataset, names)
        if found is None:
            raise DatasetNotFound(options.dataset, names)
        options.dataset = found
    return workspace
