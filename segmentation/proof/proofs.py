"""The proofs of one segmentation together, as values that are kept on disk, and the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.customers import CustomerTable, SeasonAgain
from segmentation.estimates import Unknown
from segmentation.jobs import Progress, silent
from segmentation.proof.backtest import Backtest, backtest
from segmentation.proof.earlier import unknown_then, without_any
from segmentation.proof.measured import MeasuredBaselines, measured_baselines
from segmentation.proof.number import Recommendation
from segmentation.proof.remedies import Recorded, Remedy, by_dropping, by_merging
from segmentation.proof.stability import DOUBTFUL, REFITS, SEED, SLOW_REFITS, SegmentStability, Swap, stability
from segmentation.proof.structure import Structure
from segmentation.proof.time_splits import TimeSplits
from segmentation.proof.usability import Usability, usability
from segmentation.segments import Refitting, Segmentation

BETWEEN = 50
"""Percent: nobody is surer than that of a customer who stands between dense groups."""

QUICK = ("kmeans", "rfm")


FIXED = Unknown("These rules have fixed limits: whoever the customers are, they come out the same.")
"""What stability is of segments that no customer can move."""


@dataclass(frozen=True, slots=True)
class Stable:
    """How each segment comes out again when the segments are made from other customers.

    segments: in order of place.
    swaps: pairs that exchange customers, the largest share first.
    refits: how many times the segments were made.
    banded: whether customers form groups; False for one crowd, where a high Jaccard only says that the cut can be
        repeated.
    """

    segments: tuple[SegmentStability, ...]
    swaps: tuple[Swap, ...]
    refits: int
    banded: bool

    @property
    def worst(self) -> int:
        """The place of the segment that comes out again least."""
        return min(range(len(self.segments)), key=lambda place: self.segments[place].jaccard.value)

    @property
    def average(self) -> float:
        """The mean Jaccard (0..1) of the segments."""
        return float(np.mean([segment.jaccard.value for segment in self.segments]))

    @property
    def shaky(self) -> bool:
        """Whether a segment comes out again too rarely to rely on."""
        return self.segments[self.worst].jaccard.value < DOUBTFUL


@dataclass(frozen=True, slots=True)
class Proofs:
    """What was found out about one segmentation.

    names: the names of its segments, in order of place.
    structure: whether there are groups at all.
    stable: whether they come out again.
    predictive: whether they predict.
    usable: whether a team can use them.
    order_rate: the share (0..1) of customers who ordered in the newest window of the backtest; None without one.
    remedies: what would make them come out again more often.
    unknown_then: features not known at one of the backtest's past dates, and left out there.
    """

    names: tuple[str, ...]
    structure: Structure | Unknown
    stable: Stable | Unknown
    predictive: Backtest | Unknown
    usable: Usability
    order_rate: float | None
    remedies: tuple[Remedy, ...]
    unknown_then: tuple[str, ...] = ()


def beside(advice: Recommendation, proofs: Proofs | None, segmentation: Segmentation) -> Recommendation:
    """What is said of the recommended number beside a segmentation and its proofs, where they are known already.

    Where the segments are that number and do not come out again, none is recommended, as nothing is called recommended
    and unstable at once. The number was tried by k-means: beside another method it is recommended only where the proofs
    are of as many segments of that method.
    """
    settings = segmentation.settings
    tried = settings.method == "kmeans"
    stable = proofs.stable if settings.segments == advice.k and proofs is not None else None
    if not isinstance(stable, Stable) or not (tried or len(stable.segments) == advice.k):
        return advice if tried else advice.untried()
    return advice.beside(stable.average, stable.segments[stable.worst].jaccard.value, tried=tried)


def prove(
    customers: CustomerTable,
    segmentation: Segmentation,
    shape: Structure | Unknown,
    splits: TimeSplits | Unknown,
    fit: Callable[[CustomerTable], Segmentation],
    *,
    baselines: Callable[[TimeSplits], MeasuredBaselines] = measured_baselines,
    season: SeasonAgain | None = None,
    progress: Progress = silent,
) -> tuple[Proofs, npt.NDArray[np.uint8] | None]:
    """The proofs, and how sure each customer's segment is, shape (n,) in percent; None where nothing is refitted.

    `fit` makes the segments of an earlier customer table for the backtest; `shape`, `splits` and what the `baselines`
    scored at these do not depend on the segmentation and are handed in, as is what tells how certain a `season` is.
    Takes a second or two at any size that fits in
    memory.
    """
    again = Refitting.of(customers, segmentation, season)
    recorded = Recorded(again)
    beyond = not isinstance(shape, Unknown) and shape.beyond_one_group
    remedies: list[Remedy] = []
    stable: Stable | Unknown
    sure: npt.NDArray[np.uint8] | None = None
    progress(0.3, "Making the segments again from other customers")
    if again.fixed:
        stable = FIXED
    elif len(segmentation.segments) < 2:
        stable = Unknown("There is one segment only, so nothing can change places.")
    else:
        refits = REFITS if segmentation.settings.method in QUICK else SLOW_REFITS
        refitted = stability(again.shown, again.places, recorded, fitted_on=again.fitted_on, seed=SEED, refits=refits)
        stable, sure = Stable(refitted.segments, refitted.swaps, refitted.refits, beyond), refitted.confidence
        between = segmentation.unsure(customers)
        if between is not None:
            sure = np.where(between, np.minimum(sure, BETWEEN), sure).astype(np.uint8)
        if beyond and refitted.segments[refitted.worst].jaccard.value < DOUBTFUL:
            progress(0.6, "Looking for what would help")
            merge = by_merging(
                segmentation, again.shown, again.places, refitted, recorded, fitted_on=again.fitted_on, seed=SEED
            )
            drop = by_dropping(again.customers, segmentation, seed=SEED)
            remedies = [remedy for remedy in (merge, drop) if remedy is not None]
    progress(0.7, "Predicting past months")
    predictive = splits if isinstance(splits, Unknown) else _predicted(splits, segmentation, fit, baselines)
    rate = None if isinstance(splits, Unknown) else splits.splits[0].buyers / splits.splits[0].now.n
    usable = usability(segmentation, order_rate=rate)
    names = tuple(segment.name for segment in segmentation.segments)
    asked = (*segmentation.settings.features, *segmentation.settings.edits.features)
    absent = (
        () if isinstance(splits, Unknown) else unknown_then((one.then for one in splits.splits), dict.fromkeys(asked))
    )
    return Proofs(names, shape, stable, predictive, usable, rate, tuple(remedies), absent), sure


def _predicted(
    splits: TimeSplits,
    segmentation: Segmentation,
    fit: Callable[[CustomerTable], Segmentation],
    baselines: Callable[[TimeSplits], MeasuredBaselines],
) -> Backtest | Unknown:
    if segmentation.settings.method != "rfm" and without_any(splits, segmentation.settings.features):
        return Unknown(
            "None of the features these segments are grouped by was known at the past dates they would be tested at."
        )
    return backtest(splits, fit, baselines=baselines(splits))
