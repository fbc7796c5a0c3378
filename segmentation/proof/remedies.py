"""What would make segments hold or predict better, with the effect worked out before anybody takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from segmentation.customers import CodeArray, CustomerTable, Float32Array
from segmentation.estimates import Unknown
from segmentation.proof.backtest import Backtest, explained_by
from segmentation.proof.number import Recommendation
from segmentation.proof.stability import DOUBTFUL, Refit, Rows, Stability, stability
from segmentation.proof.time_splits import TimeSplits
from segmentation.segments import Edits, Segmentation, segment
from segmentation.segments.coreset import coreset_of
from segmentation.segments.models import Centroids, Space
from segmentation.segments.threads import one_thread

Kind = Literal["merge", "drop", "number", "add"]
WORTH_IT, WORTH_DROPPING = 0.03, 0.10
"""A remedy must raise the Jaccard by this much to be offered; a feature is not given up for little."""

WORTH_ADDING = 0.05
"""A score must raise the share that is kept of what can be foreseen by this much to be offered."""

_FEWEST_FEATURES, _TRIED, _TRIED_REFITS, _TRIED_STARTS = 3, 4_000, 6, 3


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change that would make the segments come out again more often, or keep more of what can be foreseen.

    kind: "merge", "drop", "number" or "add".
    before, after: without it and with it (0..1) the Jaccard of the worst segment; for another number its mean over
        segments; for a score that is added the share that is kept of what can be foreseen.
    merge: two places to merge, the one to keep first.
    feature: the one to leave out or to add, else "".
    number: how many segments to make, else 0.
    """

    kind: Kind
    before: float
    after: float
    merge: tuple[int, int] | None = None
    feature: str = ""
    number: int = 0


class Recorded:
    """A refit whose results are kept, so that other ways to merge its groups cost no fit."""

    def __init__(self, refit: Refit) -> None:
        self._refit = refit
        self._kept: list[CodeArray] = []

    def __call__(self, rows: Rows) -> CodeArray:
        self._kept.append(self._refit(rows))
        return self._kept[-1]

    def again(self) -> Refit:
        """The same results in the same order."""
        kept = iter(self._kept)
        return lambda _rows: next(kept)


def by_merging(
    segmentation: Segmentation,
    shown: CodeArray,
    places: CodeArray,
    now: Stability,
    recorded: Recorded,
    *,
    fitted_on: int,
    seed: int,
) -> Remedy | None:
    """Merging the least steady segment with the one it changes customers with most; None where that helps little."""
    worst = now.worst
    swap = next((swap for swap in now.swaps if worst in (swap.one, swap.other)), None)  # pinned customers never swap
    if swap is None or len(now.segments) < 3:
        return None
    keep, gone = sorted((swap.one, swap.other), key=lambda place: -segmentation.sizes[place])
    merged = np.where(places == gone, keep, places)
    merged = np.searchsorted(np.unique(merged), merged).astype(np.uint8)
    then = stability(shown, merged, recorded.again(), fitted_on=fitted_on, seed=seed, refits=now.refits)
    before, after = now.segments[worst].jaccard.value, then.segments[then.worst].jaccard.value
    return Remedy("merge", before, after, merge=(keep, gone)) if after >= before + WORTH_IT else None


def by_number(advice: Recommendation | None, n_segments: int, now: float) -> Remedy | None:
    """Taking the recommended number instead of segments that come out again to `now` on average; None where there is
    none, or it is taken already or holds no better."""
    then = advice.at(advice.k) if advice else None
    if advice is None or then is None or not advice.is_recommended or advice.k == n_segments:
        return None
    return Remedy("number", now, then.stability, number=advice.k) if then.stability >= now + WORTH_IT else None


def by_adding(
    score: str, segmentation: Segmentation, predicted: Backtest, scored: Callable[[], TimeSplits | Unknown]
) -> Remedy | None:
    """Letting customers be alike in this score too, with as many segments; None where that helps little, or where the
    segments stand near the best, or beside k-means.

    `scored` gives the splits of the backtest with the score in their tables, where it was known then.
    """
    settings, ours = segmentation.settings, predicted.foresight
    asked = settings.method == "kmeans" and score not in settings.features
    if not asked or ours is None or ours.standing not in {"part", "little"}:
        return None
    splits = scored()
    if isinstance(splits, Unknown) or any(score not in split.then.scores for split in splits.splits):
        return None
    shares = []
    for split, cut in zip(splits.splits, predicted.cuts, strict=True):
        known = {feature.name for feature in split.then.features}
        names = tuple(name for name in (*settings.features, score) if name in known)
        made = segment(split.then, replace(settings, features=names, segments=cut.groups, anchor=None, edits=Edits()))
        shares.append(explained_by(split, made.labels, made.assign(split.now), len(made.segments)))
    after = min(max(float(np.mean(shares)) / ours.share, 0.0), 1.0)
    return Remedy("add", ours.kept, after, feature=score) if after >= ours.kept + WORTH_ADDING else None


def by_dropping(customers: CustomerTable, segmentation: Segmentation, *, seed: int) -> Remedy | None:
    """Leaving out the one feature without which the segments hold best; None where none helps, or beside k-means.

    Tried on a sample with a few refits each, with and without every feature, so that only the difference counts.
    """
    settings, model = segmentation.settings, segmentation.model
    if settings.method != "kmeans" or not isinstance(model, Centroids) or len(model.space.features) < _FEWEST_FEATURES:
        return None
    points = np.ascontiguousarray(model.space.points(customers)[:_TRIED])
    before = _worst(points, model.groups, seed)
    after = [_worst(np.delete(points, i, axis=1), model.groups, seed) for i in range(points.shape[1])]
    best = int(np.argmax(after))
    if after[best] < max(before + WORTH_DROPPING, DOUBTFUL):
        return None
    return Remedy("drop", before, after[best], feature=model.space.features[best])


def _worst(points: Float32Array, groups: int, seed: int) -> float:
    """The Jaccard of the least steady of so many k-means segments of these points."""
    with one_thread():
        near = coreset_of(np.ascontiguousarray(points))
        shown = Centroids(Space(()), near.centres(np.arange(len(points)), groups, starts=_TRIED_STARTS))
        refits = stability(
            shown.nearest(points),
            np.arange(shown.groups, dtype=np.uint8),
            lambda rows: Centroids(Space(()), near.centres(rows, groups, starts=_TRIED_STARTS)).nearest(points),
            fitted_on=len(points),
            seed=seed,
            refits=_TRIED_REFITS,
        )
    return refits.segments[refits.worst].jaccard.value
