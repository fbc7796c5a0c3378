"""The same segmentation once more, from other customers: what a proof of stability repeats."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from segmentation.customers import CodeArray, CustomerTable, Float32Array, SeasonAgain
from segmentation.errors import NotEnoughData
from segmentation.segments.bands import MEASURES
from segmentation.segments.clusters import SAMPLE, fit_points
from segmentation.segments.coreset import Coreset, coreset_of
from segmentation.segments.labelled import Segmentation
from segmentation.segments.models import Centroids, ClusterModel
from segmentation.segments.rescaling import Rescaling
from segmentation.segments.rfm import RfmModel, fit_rfm
from segmentation.segments.threads import one_thread

Rows = npt.NDArray[np.intp]
_FREE = 255


@dataclass(frozen=True, slots=True, eq=False)
class Refitting:
    """How a segmentation was made, ready to be made again.

    Calling it with some rows of the customers that decided it (with repetition) gives the group of each customer, shape
    (n,), by a model fitted on those rows alone, which also decide how features are scaled. Pinned customers are groups
    of their own that never change.

    customers: the customers it was made of.
    segmentation: what was made.
    shown: the group of each customer before merges, shape (n,).
    places: the place of the segment that each group is shown as, shape (groups,).
    fitted_on: how many customers, the first ones of the table, decided it.
    """

    customers: CustomerTable
    segmentation: Segmentation
    shown: CodeArray
    places: CodeArray
    fitted_on: int
    _held: CodeArray = field(repr=False)
    _points: Float32Array | None = field(repr=False, default=None)
    _coreset: Coreset | None = field(repr=False, default=None)
    _rescaling: Rescaling | None = field(repr=False, default=None)

    @classmethod
    def of(cls, customers: CustomerTable, segmentation: Segmentation, season: SeasonAgain | None = None) -> Refitting:
        """How `segmentation` was made on `customers`; `season` tells how certain a season among its features is."""
        customers = segmentation.alike(customers)
        pins = len(segmentation.settings.edits.pins)
        first = len(segmentation.segments) - pins
        places = np.concatenate([segmentation.shown_at, np.arange(first, first + pins)]).astype(np.uint8)
        held = np.where(
            segmentation.labels >= first, segmentation.labels - first + segmentation.model.groups, _FREE
        ).astype(np.uint8)
        if not isinstance(segmentation.model, ClusterModel):
            shown = _holding(segmentation.model.assign(customers), held)
            return cls(customers, segmentation, shown, places, customers.n, held)
        points = segmentation.model.space.points(customers)
        fitted_on = min(SAMPLE, customers.n)
        with one_thread():
            shown = _holding(segmentation.model.nearest(points), held)
            coreset = coreset_of(points[:fitted_on]) if segmentation.settings.method == "kmeans" else None
        rescaling = Rescaling.of(customers, segmentation.model.space.features, points[:fitted_on], season)
        return cls(customers, segmentation, shown, places, fitted_on, held, points, coreset, rescaling)

    @property
    def fixed(self) -> bool:
        """Whether the rules stand whoever the customers are, so that there is nothing to repeat."""
        cuts = {bands.measure: bands.relative for bands in self.segmentation.settings.rfm_cuts}
        ruled = isinstance(self.segmentation.model, RfmModel)
        return ruled and len(cuts) == len(MEASURES) and not any(cuts.values())

    def __call__(self, rows: Rows) -> CodeArray:
        return _holding(self._again(rows), self._held)

    def _again(self, rows: Rows) -> CodeArray:
        settings, model = self.segmentation.settings, self.segmentation.model
        if isinstance(model, RfmModel):
            again, _ = fit_rfm(self.customers, settings.rfm_preset, settings.rfm_cuts, rows=rows)
            return replace(again, present=model.present).assign(self.customers)
        if not isinstance(model, ClusterModel) or self._points is None or self._rescaling is None:
            return self.shown
        with one_thread():
            factors = self._rescaling(rows)
            points = self._points * factors
            if self._coreset is not None:
                centres = self._coreset.stretched(factors).centres(rows, model.groups)
                return Centroids(model.space, centres).nearest(points)
            if settings.method == "hdbscan":  # the same customer twice would look like a dense place
                rows = rows[np.sort(np.unique(rows, return_index=True)[1])]
            try:
                fitted = fit_points(settings, model.space, points[rows], model.groups)
            except NotEnoughData:  # no dense places this time: everybody is in one group
                return np.zeros(self.customers.n, dtype=np.uint8)
            return fitted.nearest(points)


def _holding(groups: CodeArray, held: CodeArray) -> CodeArray:
    """The groups with pinned customers in the groups they are held in."""
    return np.where(held == _FREE, groups, held).astype(np.uint8)
