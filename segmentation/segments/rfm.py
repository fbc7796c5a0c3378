"""RFM: rules from how recently, how often and for how much someone bought.

Scores are tie-safe: a score counts how many customers are *strictly* worse, so equal values always share a score and
a boundary never runs through them (60 % one-time buyers are one score, not two drawn by lot).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from segmentation.choices import Preset
from segmentation.customers import BoolArray, CodeArray, CustomerTable, FloatArray
from segmentation.errors import WrongCall
from segmentation.segments.bands import MEASURES, Bands, Measure, share_boundaries
from segmentation.segments.presets import PRESETS, RfmPreset
from segmentation.segments.rhythm import rhythm

_SIGNS = {"recency_days": -1.0, "orders": 1.0, "spend": 1.0}  # a long time since the last order is worse


@dataclass(frozen=True, slots=True)
class Cut:
    """One line of the cut table.

    measure: recency, orders or spend.
    score: what it gives.
    low, high: the ends of the values that get it, both included, in the measure's unit.
    customers: how many get it.
    """

    measure: str
    score: int
    low: float
    high: float
    customers: int


@dataclass(frozen=True, slots=True, eq=False)
class RfmModel:
    """The rules with the boundaries of the day they were made, so that they mean the same at another date.

    preset: the named groups and their cells.
    boundaries: for each of R, F and M ascending values in "more is better" direction; a customer's score is one more
        than the number of boundaries strictly below her value.
    present: groups of the preset that had customers on that day, shape (groups,).
    """

    preset: RfmPreset
    boundaries: tuple[FloatArray, FloatArray, FloatArray]
    present: CodeArray

    @property
    def groups(self) -> int:
        return len(self.present)

    def limits(self, measure: str) -> tuple[float, ...]:
        """The cut points of a measure in its own unit, ascending; infinite ones left out."""
        cuts = self.boundaries[MEASURES.index(cast("Measure", measure))] * _SIGNS[measure]
        return tuple(sorted(float(cut) for cut in cuts if np.isfinite(cut)))

    def scores(self, customers: CustomerTable) -> CodeArray:
        """R, F and M of each customer, shape (3, n), from 1 to the preset's highest score."""
        scores = [
            np.searchsorted(cuts, _better(customers, measure), side="left") + 1
            for measure, cuts in zip(MEASURES, self.boundaries, strict=True)
        ]
        return np.stack(scores).astype(np.uint8)

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Group of each customer, shape (n,), as a place among the groups that had customers on the day of the fit.

        A cell whose group was empty on that day goes to the nearest cell whose group was not.
        """
        r, f, m = self.scores(customers).astype(np.intp) - 1
        return np.asarray(self._table()[r, f, m])

    def _table(self) -> CodeArray:
        """Place of the group for each (R, F, M), shape (highest, highest, highest)."""
        groups = self.preset.cells()
        places = np.searchsorted(self.present, groups).astype(np.uint8)
        known = np.isin(groups, self.present)
        spots = np.argwhere(known)
        for spot in np.argwhere(~known):
            nearest = spots[np.argmin(np.abs(spots - spot).sum(axis=1))]
            places[tuple(spot)] = places[tuple(nearest)]
        return places


@dataclass(frozen=True, slots=True, eq=False)
class RfmGrid:
    """Customers by recency (R) and by the mean of frequency and spend (FM), halves rounded up.

    highest: the highest score; the lowest is 1.
    r, fm: score of each customer, shape (n,).
    counts: customers by R, FM and segment, shape (highest, highest, segments).
    """

    highest: int
    r: CodeArray
    fm: CodeArray
    counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, model: RfmModel, customers: CustomerTable, labels: CodeArray) -> RfmGrid:
        """The grid of these customers, who are in the segments of `labels`, shape (n,)."""
        r, f, m = model.scores(customers)
        fm = ((f + m + 1) // 2).astype(np.uint8)
        highest, segments = model.preset.highest, int(labels.max(initial=0)) + 1
        places = ((r.astype(np.intp) - 1) * highest + fm - 1) * segments + labels
        counts = np.bincount(places, minlength=highest * highest * segments)
        return cls(highest, r, fm, counts.reshape(highest, highest, segments))

    def customers(self, r: int, fm: int) -> int:
        """How many customers have these scores."""
        return int(self.counts[r - 1, fm - 1].sum())

    def segment(self, r: int, fm: int) -> int | None:
        """The place of the segment that most of them are in; None where there is nobody."""
        return int(self.counts[r - 1, fm - 1].argmax()) if self.customers(r, fm) else None

    def mask(self, r: int, fm: int) -> BoolArray:
        """Who has these scores, shape (n,)."""
        return np.asarray((self.r == r) & (self.fm == fm))


def fit_rfm(
    customers: CustomerTable,
    preset: Preset,
    cuts: Sequence[Bands] = (),
    *,
    rows: npt.NDArray[np.intp] | None = None,
) -> tuple[RfmModel, CodeArray]:
    """The rules of a preset on these customers, and the place of each customer's group, shape (n,).

    `cuts` replace the preset's own cut points of their measure; relative ones are found on `rows` (with repetition;
    default: everyone). The preset's own relative cut points of recency stay within what the shop's rhythm allows.
    Groups nobody is in are left out; the others keep the preset's order. Raises WrongCall where the number of cut
    points does not fit the preset.
    """
    rules, own = PRESETS[preset], {bands.measure: bands for bands in cuts}
    for bands in cuts:
        if len(bands.ends) != rules.highest - 1:
            raise WrongCall(
                f"{rules.highest} scores need {rules.highest - 1} cut points.",
                evidence=f"There are {len(bands.ends)} for {bands.measure}.",
            )
    boundaries = tuple(
        _boundaries(rules, measure, own.get(measure), _better(customers, measure, rows)) for measure in MEASURES
    )
    if "recency_days" not in own and not rules.recency_days:
        boundaries = (rhythm(customers, rows).guard(boundaries[0]), *boundaries[1:])
    all_groups = np.arange(len(rules.groups), dtype=np.uint8)
    whole = RfmModel(rules, (boundaries[0], boundaries[1], boundaries[2]), all_groups)
    groups = whole.assign(customers)
    present, labels = np.unique(groups, return_inverse=True)
    return RfmModel(rules, whole.boundaries, present), labels.astype(np.uint8)


def cut_table(model: RfmModel, customers: CustomerTable) -> tuple[Cut, ...]:
    """Who got which score: one line per measure and score that occurs, best score first, in natural units."""
    lines = []
    for measure, scores in zip(MEASURES, model.scores(customers), strict=True):
        values = customers.raw(measure)
        for score in range(model.preset.highest, 0, -1):
            inside = values[scores == score]
            if inside.size:
                ends = float(np.nanmin(inside)), float(np.nanmax(inside))
                lines.append(Cut(measure, score, *ends, int(inside.size)))
    return tuple(lines)


def tie_safe_boundaries(values: FloatArray, scores: int) -> FloatArray:
    """Boundaries of equal-sized scores, shape (scores - 1,), ascending; larger values score higher.

    A value scores s or more when at least (s-1)/scores of all values are strictly below it.
    """
    return share_boundaries(values, [score / scores for score in range(1, scores)])


def _boundaries(rules: RfmPreset, measure: str, own: Bands | None, better: FloatArray) -> FloatArray:
    if own is not None:
        return own.boundaries(better)
    if measure == "recency_days" and rules.recency_days:
        # strictly below: someone exactly at the limit is still inside it
        return np.asarray([np.nextafter(-days, -np.inf) for days in rules.recency_days])
    if measure == "orders" and better.max() <= 1:
        return np.full(rules.highest - 1, np.inf)  # one order is the lowest frequency, whatever the others did
    return tie_safe_boundaries(better, rules.highest)


def _better(customers: CustomerTable, measure: str, rows: npt.NDArray[np.intp] | None = None) -> FloatArray:
    """The measure turned so that more is better; undefined is the worst there can be."""
    values = customers.raw(measure) * _SIGNS[measure]
    values = values if rows is None else values[rows]
    return np.where(np.isnan(values), -np.inf, values)
