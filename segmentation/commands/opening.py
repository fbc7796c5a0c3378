"""The workspace that a command only reads or changes, and does not make."""

from __future__ import annotations

import argparse

from segmentation.workspace import Workspace


def opened(options: argparse.Namespace) -> Workspace:
    """The workspace, with the name of the shop in `options` as it is kept there. Raises WorkspaceNotFound, or
    DatasetNotFound where a shop is named that is not there."""
    workspace = Workspace.existing(options.workspace)
    if getattr(options, "dataset", None) is not None:
        options.dataset = workspace.known_name(options.dataset)
    return workspace
