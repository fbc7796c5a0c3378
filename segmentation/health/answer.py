"""The shop looked at from all sides, as an answer of the analysis."""

from __future__ import annotations

from segmentation.analysis import NOTHING, Answer, Dated, Declared, Nothing
from segmentation.health.measure import Health, measure

HEALTH: Declared[Nothing, Health] = Declared(
    name="health",
    layout=1,
    settings=Nothing,
    result=Health,
    work_out=lambda shop, _settings, _progress: measure(shop.engine, shop.version),
    held=16,
    dated=False,
    doing="Looking at the data from all sides",
)


def health_of(shop: Dated) -> Answer[Nothing, Health]:
    """What the shop's data holds."""
    return shop.answer(HEALTH, NOTHING)
