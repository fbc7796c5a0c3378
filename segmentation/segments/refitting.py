"""The same segmentation once more, from other customers: what a proof of stability repeats."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from segmentation.customers import CodeArray, CustomerTable, Float32Array
from segmentation.segments.bands import MEASURES
from segmentation.segments.bundles import Bundles, bundled
from segmentation.segments.clusters import SAMPLE, fit_points
from segmentation.segments.models import Centroids, ClusterModel
from segmentation.segments.rfm import RfmModel, fit_rfm
from segmentation.segments.segmentation import Segmentation
from segmentation.segments.threads import one_thread

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Refitting:
    """How a segmentation was made, ready to be made again.

    `shown` (n,) is the group of each customer before changes by hand and `places` (groups,) the segment each group is
    shown as; `fitted_on` customers, the first ones of the table, decided it. Calling it with some of their rows (with
    repetition) gives the group of each customer, shape (n,), by a model fitted on those rows alone.
    """

    customers: CustomerTable
    found: Segmentation
    shown: CodeArray
    places: CodeArray
    fitted_on: int
    _points: Float32Array | None = field(repr=False, default=None)
    _bundles: Bundles | None = field(repr=False, default=None)

    @classmethod
    def of(cls, customers: CustomerTable, found: Segmentation) -> Refitting:
        """How `found` was made on `customers`."""
        customers = found.alike(customers)
        if not isinstance(found.model, ClusterModel):
            return cls(customers, found, found.model.assign(customers), found.shown_at, customers.n)
        points = found.model.space.points(customers)
        fitted_on = min(SAMPLE, customers.n)
        with one_thread():
            shown = found.model.nearest(points)
            bundles = bundled(points[:fitted_on]) if found.settings.method == "kmeans" else None
        return cls(customers, found, shown, found.shown_at, fitted_on, points, bundles)

    @property
    def fixed(self) -> bool:
        """Whether the rules stand whoever the customers are, so that there is nothing to repeat."""
        cuts = {bands.measure: bands.relative for bands in self.found.settings.rfm_cuts}
        ruled = isinstance(self.found.model, RfmModel)
        return ruled and len(cuts) == len(MEASURES) and not any(cuts.values())

    def __call__(self, rows: Rows) -> CodeArray:
        settings, model = self.found.settings, self.found.model
        if isinstance(model, RfmModel):
            again, _ = fit_rfm(self.customers, settings.rfm_preset, settings.rfm_cuts, rows=rows)
            return replace(again, present=model.present).assign(self.customers)
        if not isinstance(model, ClusterModel) or self._points is None:
            return self.shown
        with one_thread():
            if self._bundles is not None:
                return Centroids(model.space, self._bundles.centres(rows, model.groups)).nearest(self._points)
            return fit_points(settings, model.space, self._points[rows], model.groups).nearest(self._points)
