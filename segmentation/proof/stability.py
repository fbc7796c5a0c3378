"""Stable? Whether the segments come out again when other customers of the same kind decide them.

Each refit uses other customers and then places everyone. Its groups are matched to the shown ones, and each segment
is compared with itself by Jaccard's index: customers in both / customers in either. Source: Hennig (2007),
"Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52, who gives the bands too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from segmentation.customers import CodeArray, FloatArray
from segmentation.estimates import Estimate

Band = Literal["unstable", "doubtful", "stable", "very stable"]
Rows = npt.NDArray[np.intp]
Table = npt.NDArray[np.intp]
Refit = Callable[[Rows], CodeArray]
"""Rows of the sample that a model is fitted on (with repetition) -> the group of each customer, shape (n,)."""

Progress = Callable[[float, str], None]

SEED = 20_261_101
REFITS, SLOW_REFITS = 20, 6
"""How often segments are made again; fewer times where one fit takes long."""

UNSTABLE, DOUBTFUL, STABLE = 0.60, 0.75, 0.85
"""Jaccard below which a segment is unstable, below which it is doubtful, and above which it is very stable."""

RESAMPLED = 2 / 3
"""Part of the fitted customers that a refit draws, with repetition. The shown segments owe as much to chance as those
of a fresh sample, so the two differ by more than a whole bootstrap sample differs from its origin, which promises too
much where segments overlap. Half a sample has the right variance (twice) but loses small segments that a whole one
would find; in simulation two thirds were closest to the truth over overlapping and separated groups alike."""

RESAMPLING_ERROR = 0.05
"""How far the Jaccard from resampling may lie from that of fresh samples, however many refits there are and however
alike these are."""

ONE_SAMPLE = 1.0
"""How far it may lie beside that, in standard deviations of the refits: where a segment sometimes comes out and
sometimes not, one sample of customers does not tell how often. Chosen on 48 simulated shops."""


@dataclass(frozen=True, slots=True)
class SegmentStability:
    """How well one segment comes out again.

    jaccard: mean Jaccard (0..1) over the refits, which `n` counts.
    band: what that is called.
    """

    jaccard: Estimate
    band: Band


@dataclass(frozen=True, slots=True)
class Swap:
    """Two segments that exchange customers.

    one, other: their places.
    share: the share (0..1) of the customers of both that is on the other side in a refit, on average.
    """

    one: int
    other: int
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    """How the segments come out again when they are made from other customers.

    segments: in order of place.
    swaps: pairs that exchange customers, the largest share first.
    confidence: percent of the refits in which each customer is in the segment shown, shape (n,).
    refits: how many times the segments were made.
    """

    segments: tuple[SegmentStability, ...]
    swaps: tuple[Swap, ...]
    confidence: npt.NDArray[np.uint8]
    refits: int

    @property
    def worst(self) -> int:
        """The segment that comes out again least."""
        return min(range(len(self.segments)), key=lambda place: self.segments[place].jaccard.value)


def stability(
    shown: CodeArray,
    places: CodeArray,
    refit: Refit,
    *,
    fitted_on: int,
    seed: int,
    refits: int = 24,
    progress: Progress | None = None,
) -> Stability:
    """How the segments come out again in refits on other customers, drawn from those the shown model was fitted on.

    `shown` (n,) is the group of each customer by that model, `places` (groups,) the segment each group is shown as:
    groups merged into one segment may swap customers among themselves unpunished. `fitted_on` is the number of
    customers the model was fitted on. Time is one refit and a few counts over the customers each; `refits` is at
    least two.
    """
    if refits < 2:
        raise ValueError(f"Stability needs two refits at least, not {refits}.")
    rng = np.random.default_rng(seed)
    place = np.asarray(places, dtype=np.uint8)
    segments = int(place.max()) + 1
    home = place[shown]
    kept = np.zeros(len(shown), dtype=np.uint16)
    tables = np.empty((refits, segments, segments), dtype=np.intp)
    for i in range(refits):
        labels = refit(rng.integers(0, fitted_on, max(2, round(RESAMPLED * fitted_on))))
        again = place[_continued(shown, labels, len(place))][labels]
        tables[i] = crosstab(home, again, segments, segments)
        kept += again == home
        if progress is not None:
            progress((i + 1) / refits, f"Making the segments again ({i + 1} of {refits})")
    return Stability(
        segments=tuple(_segment(column) for column in jaccard(tables).T),
        swaps=_swaps(tables),
        confidence=np.rint(kept * (100 / refits)).astype(np.uint8),
        refits=refits,
    )


def crosstab(one: CodeArray, other: CodeArray, ones: int, others: int) -> Table:
    """Customers in each pair of groups, shape (ones, others), from two labellings of shape (n,)."""
    pairs = one.astype(np.int32) * others + other
    return np.asarray(np.bincount(pairs, minlength=ones * others).reshape(ones, others))


def jaccard(tables: Table) -> FloatArray:
    """Jaccard of each segment with itself, shape (..., segments), from crosstabs of shape (..., segments, segments);
    1 for a segment that is empty both times."""
    both = np.diagonal(tables, axis1=-2, axis2=-1)
    either = tables.sum(axis=-1) + tables.sum(axis=-2) - both
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def band(value: float) -> Band:
    """What a Jaccard means, in a word."""
    if value < UNSTABLE:
        return "unstable"
    if value < DOUBTFUL:
        return "doubtful"
    return "stable" if value <= STABLE else "very stable"


def _continued(shown: CodeArray, labels: CodeArray, groups: int) -> Rows:
    """The shown group that each group of a refit stands for, shape (groups of the refit,).

    One to one, so that the Jaccard summed over all pairs is greatest; a group left over joins the shown group most
    of its customers are in.
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to load, and most commands prove nothing

    shared = crosstab(shown, labels, groups, int(labels.max()) + 1)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    stands_for: Rows = shared.argmax(axis=0)
    own, new = linear_sum_assignment(shared / np.maximum(either, 1), maximize=True)
    stands_for[new] = own
    return stands_for


def _segment(values: FloatArray) -> SegmentStability:
    """Mean and 95 % interval of a segment's Jaccard from refits, shape (refits,): chance and what resampling misses."""
    from scipy.stats import t  # noqa: PLC0415 - as above

    mean, refits = float(np.clip(values.mean(), 0.0, 1.0)), len(values)
    spread = values.std(ddof=1)
    by_chance = t.ppf(0.975, refits - 1) * spread / np.sqrt(refits)
    room = float(np.sqrt(by_chance**2 + (ONE_SAMPLE * spread) ** 2 + RESAMPLING_ERROR**2))
    return SegmentStability(Estimate(mean, max(0.0, mean - room), min(1.0, mean + room), refits), band(mean))


def _swaps(tables: Table) -> tuple[Swap, ...]:
    """Pairs of segments that exchange customers, from crosstabs of shape (refits, segments, segments)."""
    average = tables.mean(axis=0)
    sizes = tables[0].sum(axis=1)
    crossed = average + average.T
    pairs = [(one, other) for other in range(len(sizes)) for one in range(other) if crossed[one, other] > 0]
    swaps = [Swap(i, j, float(crossed[i, j] / (sizes[i] + sizes[j]))) for i, j in pairs]
    return tuple(sorted(swaps, key=lambda swap: (-swap.share, swap.one, swap.other)))
