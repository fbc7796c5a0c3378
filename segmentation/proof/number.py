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
from segmentation.proof.stability import DOUBTFUL, SEED, UNSTABLE, stability
from segmentation.proof.stability import REFITS as CLOSE_REFITS
from segmentation.proof.structure import Structure
from segmentation.proof.time_splits import TimeSplit, TimeSplits
from segmentation.segments.clusters import FEWEST_CUSTOMERS, SAMPLE, different_points
from segmentation.segments.coreset import Coreset, coreset_of
from segmentation.segments.models import Centroids, Space
from segmentation.segments.rescaling import Rescaling
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

REFITS, ROUGH_REFITS = 8, 4
"""How often segments are made again for the curve; fewer times where the number is never recommended."""

_FITTED, _STARTS, _SCORED = 4_000, 4, 40_000


@dataclass(frozen=True, slots=True)
class Point:
    """What one number of segments scores.

    k: how many segments.
    structure: how much tighter so many groups are than as many slices of one crowd, in standard errors.
    stability: mean Jaccard (0..1) over the segments when they are made again from other customers.
    explained: share of the next window's spend that they explain, 1 at most; for so many segments at each past date, of
        a sample, so that numbers can be compared. How much the segments shown explain, the backtest says.
    worst: the Jaccard of the segment that comes out again least.
    """

    k: int
    structure: float | Unknown
    stability: float
    explained: float | Unknown
    worst: float

    @property
    def holds(self) -> bool:
        """Whether the segments come out again: none is unstable, and on average they are stable."""
        return holds(self.stability, self.worst)


def holds(average: float, worst: float) -> bool:
    """Whether segments with this Jaccard on average and at worst may be recommended."""
    return average >= DOUBTFUL and worst >= UNSTABLE


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A number of segments, and what the alternatives score.

    k: the number that is shown where nobody chose one.
    reason: why, in a sentence.
    curve: every number that was tried, ascending.
    is_recommended: whether it is recommended too: not where no number gives segments that come out again.
    """

    k: int
    reason: str
    curve: tuple[Point, ...]
    is_recommended: bool = True

    @property
    def recommended(self) -> int | None:
        """The recommended number; None where there is none."""
        return self.k if self.is_recommended else None

    @property
    def sentence(self) -> str:
        """The number and the reason, or why there is none."""
        return f"Recommended {self.reason}" if self.is_recommended else self.reason

    def at(self, k: int) -> Point | None:
        """The point of a number, if it was tried."""
        return next((point for point in self.curve if point.k == k), None)

    def beside(self, average: float, worst: float, *, tried: bool = True) -> Recommendation:
        """What is said beside segments of this number whose Jaccard is so much on average and at worst; `tried` says
        whether the figures of the curve are of the same method."""
        if not self.is_recommended or (tried and holds(average, worst)):
            return self
        if not holds(average, worst):
            reason = (
                f"No number is recommended: {self.k} suit the customers best, but of the segments shown "
                f"{_least(average, worst)}."
            )
            return replace(self, is_recommended=False, reason=reason)
        again = (
            f"when re-tested, {formats.percent(average)} of each is found again, {formats.percent(worst)} of the least "
            "stable one"
        )
        return replace(self, reason=f"{self.k}: k-means finds that many, and of the segments shown {again}.")

    def untried(self) -> Recommendation:
        """What is said beside segments of another method that were not made again, or are another number: nothing that
        holds for k-means is said of them."""
        if not self.is_recommended:
            return self
        reason = (
            f"No number is recommended for this method: {self.k} suit the customers by k-means, and whether as many "
            "are found again by this one is for its own proofs to say."
        )
        return replace(self, is_recommended=False, reason=reason)


def recommend(
    points: Float32Array,
    space: Space,
    structure: Structure | Unknown,
    splits: TimeSplits | Unknown,
    *,
    rescaling: Rescaling | None = None,
    numbers: Sequence[int] = NUMBERS,
    refits: int = REFITS,
    close_refits: int = CLOSE_REFITS,
) -> Recommendation:
    """The number of segments that suits customers at `points`, shape (n, features), in the order of their table.

    What is chosen is looked at by `close_refits`, as many as the proof of its segments makes. `rescaling` says what
    other customers would change about the scales of the features; without it they stay. Numbers that would leave fewer
    than twenty customers a segment on average are not tried. Raises NotEnoughData below ten customers or where all are
    alike.
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
    untold = structure if isinstance(structure, Unknown) else Unknown("Too few customers to tell.")
    with one_thread():
        rough = Again(sample, rescaling, starts=_STARTS)
        past = splits if isinstance(splits, Unknown) else _pasts(splits, space)
        curve = tuple(
            Point(k, shape.get(k, untold), average, _explained(past, k), worst)
            for k in numbers
            if k <= most
            for average, worst in [rough.stability(k, refits if k <= MOST_RECOMMENDED else ROUGH_REFITS)]
        )
        beyond = not isinstance(structure, Unknown) and structure.beyond_one_group
        return _confirmed(curve, Again(points[:SAMPLE], rescaling), close_refits, beyond=beyond)


def _confirmed(curve: tuple[Point, ...], closely: Again, refits: int, *, beyond: bool) -> Recommendation:
    """What is chosen on this curve, after the segments of what might be chosen were made again so often. Of groups the
    clearest number is looked at whatever few repetitions said of it."""
    looked_at: set[int] = set()
    while True:
        open_to = tuple(replace(p, stability=1.0, worst=1.0) if beyond and p.k not in looked_at else p for p in curve)
        k, might_be_recommended, _ = choose(open_to, beyond=beyond)
        if k in looked_at or not might_be_recommended:
            break
        looked_at.add(k)
        average, worst = closely.stability(k, refits)
        curve = tuple(replace(p, stability=average, worst=worst) if p.k == k else p for p in curve)
    chosen, is_recommended, reason = choose(curve, beyond=beyond)
    return Recommendation(chosen, reason, curve, is_recommended)


def choose(curve: tuple[Point, ...], *, beyond: bool) -> tuple[int, bool, str]:
    """The number to show, whether it is recommended, and the reason, for customers who are groups (`beyond` one crowd)
    or a continuum.

    Of the numbers whose segments come out again: for groups the one that stands out most clearly (in simulated shops
    the smallest of those nearly as clear was too small more often); for a continuum those that explain as much of the
    next spend as any, of these those that a team can serve, and of these the smallest.
    """
    open_to = [point for point in curve if point.k <= MOST_RECOMMENDED]
    able = [point for point in open_to if point.holds]
    best = max(point.stability for point in open_to)
    among = able or [point for point in open_to if point.stability >= best - LEVEL]
    if beyond:
        level = _as_good(among, {p.k: p.structure for p in among}, within=0.0)
    elif all(isinstance(p.explained, Unknown) for p in curve):
        level = [max(_handy(among), key=lambda point: point.stability)]
    else:
        level = _handy(_as_good(among, {p.k: p.explained for p in among}))
    chosen = level[0]
    if not able:
        return chosen.k, False, _none_holds(chosen)
    return chosen.k, True, f"{chosen.k}: {_why(chosen, able, beyond=beyond)}."


def _handy(points: list[Point]) -> list[Point]:
    return [point for point in points if point.k in HANDY] or points


def _as_good(points: list[Point], figures: Mapping[int, float | Unknown], *, within: float = LEVEL) -> list[Point]:
    """The points whose figure is about as good as the best one; all of them where there are no figures above 0."""
    known = [figure for figure in figures.values() if isinstance(figure, float)]
    if not known or max(known) <= 0:
        return points
    least = (1 - within) * max(known)
    return [p for p in points if isinstance(figure := figures[p.k], float) and figure >= least]


def _why(chosen: Point, among: Sequence[Point], *, beyond: bool) -> str:
    least = formats.percent(chosen.worst)
    again = formats.percent(chosen.stability)
    says = [f"when re-tested, {again} of each segment is found again, {least} of the least stable one"]
    if beyond and isinstance(chosen.structure, float):
        best = all(chosen.structure >= p.structure for p in among if isinstance(p.structure, float))
        says.append("the groups stand out most clearly" if best else "the groups stand out")
    if not beyond:
        if isinstance(chosen.explained, float) and chosen.explained > 0:
            says.append("of the numbers that do, it explains about as much of next spend as any")
        says.append("there are no natural groups, so take the number that you can serve")
    return "; ".join(says)


def _none_holds(shown: Point) -> str:
    return (
        f"No number is recommended: with any from 2 to {MOST_RECOMMENDED}, a segment is found again to less than "
        f"{formats.percent(UNSTABLE)}, or all of them to less than {formats.percent(DOUBTFUL)} on average. "
        f"Automatic shows {shown.k}: {_least(shown.stability, shown.worst)}."
    )


def _least(average: float, worst: float) -> str:
    return (
        f"the least stable is found again to {formats.percent(worst)} when re-tested, all to "
        f"{formats.percent(average)} on average"
    )


class Again:
    """k-means segments of some customers, made again from others of them."""

    def __init__(self, points: Float32Array, rescaling: Rescaling | None, *, starts: int | None = None) -> None:
        self._near = coreset_of(np.ascontiguousarray(points))
        self._rescaling, self._more = rescaling, {} if starts is None else {"starts": starts}

    def stability(self, n_segments: int, refits: int) -> tuple[float, float]:
        """The Jaccard of so many segments, on average and at worst."""
        near, every = self._near, np.arange(len(self._near.points))
        model = Centroids(Space(()), near.centres(every, n_segments))

        def refit(rows: npt.NDArray[np.intp]) -> CodeArray:
            one = near if self._rescaling is None else near.stretched(self._rescaling(rows))
            return Centroids(Space(()), one.centres(rows, n_segments, **self._more)).nearest(one.points)

        places = np.arange(model.groups, dtype=np.uint8)
        shown = model.nearest(near.points)
        refitted = stability(shown, places, refit, fitted_on=len(every), seed=SEED, refits=refits)
        each = [segment.jaccard.value for segment in refitted.segments]
        return float(np.mean(each)), min(each)


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
    return past or Unknown("None of the features these segments are grouped by was known at the past dates.")


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
