"""How many segments: structure, stability and the backtest side by side for every number, and one recommended.

Stability in this sense: Hennig (2007), "Cluster-wise assessment of cluster stability"; structure and backtest are
those of `structure` and `backtest`, on samples small enough to try fourteen numbers within seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from segmentation import formats
from segmentation.customers import CodeArray, Float32Array
from segmentation.errors import NotEnoughData
from segmentation.estimates import Unknown
from segmentation.proof.backtest import explained_by
from segmentation.proof.stability import DOUBTFUL, stability
from segmentation.proof.structure import Structure
from segmentation.proof.time_splits import TimeSplit, TimeSplits
from segmentation.segments.clusters import FEWEST_CUSTOMERS, different_points
from segmentation.segments.coreset import Coreset, coreset_of
from segmentation.segments.models import Centroids, Space
from segmentation.segments.threads import one_thread

NUMBERS = range(2, 16)
MOST_RECOMMENDED = 8
"""The curve goes farther than a team can serve with messages of their own: beyond this nothing is recommended."""

HANDY = range(4, 9)
"""Numbers of segments a small team can serve with different messages."""

WORTH_DESCRIBING = 20
"""Customers a segment should have on average; below ten it could not even be described."""

LEVEL = 0.05
"""Figures within this share of the best do not decide anything."""

AS_CLEAR = 0.15
"""Separations within this share of the clearest do not decide: they are in standard errors, so that one of seven is
uncertain by one."""

REFITS = 8
_FITTED, _STARTS, _SCORED = 4_000, 4, 40_000
_SEED = 20_261_101


@dataclass(frozen=True, slots=True)
class Point:
    """What one number of segments scores.

    k: how many segments.
    structure: how much tighter so many groups are than as many slices of one crowd, in standard errors.
    stability: mean Jaccard (0..1) over the segments when they are made again from other customers.
    explained: share of the next window's spend that they explain, 1 at most.
    """

    k: int
    structure: float | Unknown
    stability: float
    explained: float | Unknown


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A number of segments, and what the alternatives score.

    k: the recommended number.
    reason: why, in a sentence.
    curve: every number that was tried, ascending.
    """

    k: int
    reason: str
    curve: tuple[Point, ...]

    def at(self, k: int) -> Point | None:
        """The point of a number, if it was tried."""
        return next((point for point in self.curve if point.k == k), None)


def recommend(
    points: Float32Array,
    space: Space,
    structure: Structure | Unknown,
    splits: TimeSplits | Unknown,
    *,
    numbers: Sequence[int] = NUMBERS,
    refits: int = REFITS,
) -> Recommendation:
    """The number of segments that suits customers at `points`, shape (n, features), in the order of their table.

    Numbers that would leave fewer than twenty customers a segment on average are not tried. Raises NotEnoughData
    below ten customers or where all are alike.
    """
    if len(points) < FEWEST_CUSTOMERS:
        raise NotEnoughData("customers to compare segment numbers", have=len(points), need=FEWEST_CUSTOMERS)
    sample = points[:_FITTED]
    kinds = different_points(sample)
    if kinds < numbers[0]:
        raise NotEnoughData(
            "different customers: in the chosen features they are all alike", have=kinds, need=numbers[0]
        )
    most = max(numbers[0], min(kinds, len(points) // WORTH_DESCRIBING))
    shape = {} if isinstance(structure, Unknown) else {one.k: one.size for one in structure.by_number}
    with one_thread():
        near = coreset_of(np.ascontiguousarray(sample))
        past = splits if isinstance(splits, Unknown) else _pasts(splits, space)
        curve = tuple(
            Point(
                k,
                shape.get(
                    k, Unknown("Too few customers to tell.") if not isinstance(structure, Unknown) else structure
                ),
                _stability(near, k, refits),
                _explained(past, k),
            )
            for k in numbers
            if k <= most
        )
    beyond = not isinstance(structure, Unknown) and structure.beyond_one_group
    return Recommendation(*choose(curve, beyond=beyond), curve)


def choose(curve: tuple[Point, ...], *, beyond: bool) -> tuple[int, str]:
    """The recommended number and the reason, for customers who are groups (`beyond` one crowd) or a continuum.

    Of the numbers whose segments come out again, those that explain as much of the next spend as any; of these, those
    that stand out as clearly as any (for a continuum: those a team can serve); of these, the smallest.
    """
    open_to = [point for point in curve if point.k <= MOST_RECOMMENDED]
    steady = [point for point in open_to if point.stability >= DOUBTFUL]
    best = max(point.stability for point in open_to)
    able = steady or [point for point in open_to if point.stability >= best - LEVEL]
    level = _as_good(able, {p.k: p.explained for p in able})
    if beyond:
        level = _as_good(level, {p.k: p.structure for p in level}, within=AS_CLEAR)
    else:
        level = [point for point in level if point.k in HANDY] or level
    if all(isinstance(p.explained, Unknown) for p in curve) and not beyond:
        level = [max(level, key=lambda point: point.stability)]
    chosen = level[0]
    return chosen.k, f"{chosen.k}: {_why(chosen, able, beyond=beyond, steady=bool(steady))}."


def _as_good(points: list[Point], figures: Mapping[int, float | Unknown], *, within: float = LEVEL) -> list[Point]:
    """The points whose figure is about as good as the best one; all of them where there are no figures above 0."""
    known = [figure for figure in figures.values() if isinstance(figure, float)]
    if not known or max(known) <= 0:
        return points
    least = (1 - within) * max(known)
    return [p for p in points if isinstance(figure := figures[p.k], float) and figure >= least]


def _why(chosen: Point, among: Sequence[Point], *, beyond: bool, steady: bool) -> str:
    says = [
        f"{formats.percent(chosen.stability)} of each segment comes out again"
        if steady
        else "no number comes out again reliably"
    ]
    if isinstance(chosen.explained, float) and chosen.explained > 0:
        says.append(f"it explains {formats.percent(chosen.explained)} of the differences in next spend")
    if beyond and isinstance(chosen.structure, float):
        best = all(chosen.structure >= p.structure for p in among if isinstance(p.structure, float))
        says.append("the groups stand out most clearly" if best else "the groups stand out")
    elif not beyond:
        says.append("customers are a continuum, so take the number that you can serve")
    return "; ".join(says)


def _stability(sample: Coreset, n_segments: int, refits: int) -> float:
    every = np.arange(len(sample.points))
    model = Centroids(Space(()), sample.centres(every, n_segments))

    def refit(rows: npt.NDArray[np.intp]) -> CodeArray:
        return Centroids(Space(()), sample.centres(rows, n_segments, starts=_STARTS)).nearest(sample.points)

    places = np.arange(model.groups, dtype=np.uint8)
    shown = model.nearest(sample.points)
    refitted = stability(shown, places, refit, fitted_on=len(every), seed=_SEED, refits=refits)
    return float(np.mean([segment.jaccard.value for segment in refitted.segments]))


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    """A split cut short: the first customers of its tables, who are a random sample, in the space of the features."""

    split: TimeSplit
    learned: Coreset
    then: Float32Array
    now: Float32Array


def _pasts(splits: TimeSplits, space: Space) -> tuple[_Past, ...] | Unknown:
    """Each split in what was known of the space by then; those where that is nothing are left out."""
    known = ((split, space.only(feature.name for feature in split.then.features)) for split in splits.splits)
    past = tuple(_past(split, then) for split, then in known if then.features)
    return past or Unknown("None of what these segments are alike in was known at the past dates.")


def _past(split: TimeSplit, space: Space) -> _Past:
    then, now = (np.ascontiguousarray(space.points(table)[:_SCORED]) for table in (split.then, split.now))
    short = replace(split, learned=split.learned.first(_SCORED), scored=split.scored.first(_SCORED))
    return _Past(short, coreset_of(then[:_FITTED]), then, now)


def _explained(past: tuple[_Past, ...] | Unknown, n_segments: int) -> float | Unknown:
    """The share of the next window's spend that so many segments of an earlier date explain, over the splits."""
    if isinstance(past, Unknown):
        return past
    shares = []
    for one in past:
        model = Centroids(Space(()), one.learned.centres(np.arange(len(one.learned.points)), n_segments, starts=2))
        shares.append(explained_by(one.split, model.nearest(one.then), model.nearest(one.now), n_segments))
    return float(np.mean(shares))
