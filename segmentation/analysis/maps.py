"""The map of customers that takes seconds, by the features it places them by."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.analysis.dated import Dated, scores_among
from segmentation.analysis.declared import Declared
from segmentation.analysis.scores import customers_of
from segmentation.atlas import Map, umap_map
from segmentation.jobs import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSettings:
    """The features that customers lie close together by, in their order, and the seed of the layout."""

    features: tuple[str, ...]
    seed: int = 0


def _map(shop: Dated, settings: MapSettings, progress: Progress) -> Map:
    customers = customers_of(shop, scores_among(settings.features))
    return umap_map(customers.scaled(settings.features), seed=settings.seed, progress=progress)


MAP: Declared[MapSettings, Map] = Declared(
    name="map",
    layout=3,
    settings=MapSettings,
    result=Map,
    work_out=_map,
    lane="maps",
    doing="Placing customers by who is like whom",
)
