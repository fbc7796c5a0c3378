"""The stretches of a history in which no orders are known."""

from __future__ import annotations

from segmentation.analysis.declared import Declared, Nothing
from segmentation.customers.gaps import Gap, read_gaps

GAPS: Declared[Nothing, tuple[Gap, ...]] = Declared(
    name="gaps",
    layout=1,
    settings=Nothing,
    result=tuple,
    work_out=lambda shop, _settings, _progress: read_gaps(shop.engine, shop.version),
    held=16,
    dated=False,
)
