"""What is assumed about the shop that is looked at: one value for every screen, read anew in every run."""

from __future__ import annotations

from dashboard.state import answers, shop
from segmentation.assumptions import ShopAssumptions, Value


def assumptions() -> ShopAssumptions:
    """What counts for the current shop: somebody else may have stated it a moment ago."""
    return answers.analysis().assumptions()


def assume(**changes: Value) -> None:
    """State values for the whole shop from now on. Raises SettingOutOfRange, DatasetNotFound, WorkspaceBroken."""
    shop.there()
    answers.analysis().assume(**changes)
