"""The workspace and the shop that a command only reads or changes, and does not make."""

from __future__ import annotations

import argparse
from datetime import date

from segmentation.analysis import Analysis, StudySettings
from segmentation.assumptions import ShopAssumptions
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


def opened_shop(options: argparse.Namespace, as_of: date | None = None) -> Analysis:
    """The current version of the shop in `options`, on the day asked for there unless another is given."""
    workspace = opened(options)
    return Analysis.open(workspace, options.dataset, as_of or getattr(options, "as_of", None))


def for_this_call(shop: Analysis, options: argparse.Namespace, *names: str) -> ShopAssumptions:
    """The shop's assumptions, with those of these names that `options` say; nothing of it is kept.

    Raises SettingOutOfRange.
    """
    said = {name: getattr(options, name, None) for name in names}
    return shop.assumptions().state(**{name: value for name, value in said.items() if value is not None})


def asked_study(options: argparse.Namespace) -> StudySettings:
    """How to segment, as `options` say."""
    return StudySettings(
        method=getattr(options, "method", "kmeans"),
        segments=getattr(options, "segments", None),
        features=getattr(options, "features", ()),
        rfm_preset=getattr(options, "rfm_preset", "shopify"),
    )
