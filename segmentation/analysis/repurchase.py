"""How soon customers order a second time, by cohort of first orders."""

from __future__ import annotations

from segmentation.analysis.declared import Declared, Nothing
from segmentation.customers.repurchase import Repurchase, repurchase
from segmentation.estimates import Unknown

REPURCHASE: Declared[Nothing, Repurchase | Unknown] = Declared(
    name="repurchase",
    layout=2,
    settings=Nothing,
    result=Repurchase | Unknown,
    work_out=lambda shop, _settings, _progress: repurchase(shop.engine, shop.version, shop.as_of),
    doing="Looking at second orders",
)
