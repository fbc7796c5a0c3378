"""Do the segments predict? Segment at a past date, learn group means before the split, score them after it.

Because means are scored on a window they were not learned on, more groups do not win by themselves. RFM quintile cells,
recency alone, one RFM score, spend so far, the last window's spend and boosted trees stand beside the segments under
the same protocol, and any of them may win.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, get_args

import numpy as np

from segmentation.customers import CodeArray, CustomerTable, FloatArray
from segmentation.errors import FeatureUnavailable, NotEnoughData
from segmentation.estimates import Estimate, Unknown
from segmentation.proof.backtest_wording import cannot_be_segmented, said
from segmentation.proof.baselines import Method, Prediction, by_groups
from segmentation.proof.foresight import Foresight, foresight
from segmentation.proof.learning import Labels, group_means
from segmentation.proof.measured import (
    RESAMPLES,
    SEED,
    Measured,
    MeasuredBaselines,
    Scoring,
    in_as_many_groups,
    measured_baselines,
    scorings,
)
from segmentation.proof.scores import MEASURES, share_explained, spend_cap
from segmentation.proof.time_splits import TimeSplit, TimeSplits, too_few

Winner = Method | Literal["level"]
"""The method that explains most; `level`: none is better than expecting the average of everyone."""

METHODS: tuple[Method, ...] = get_args(Method)
_HEADLINE = MEASURES.index("explained_spend")
_TAILS = (2.5, 97.5)


class Grouping(Protocol):
    """Groups made of one table that can be found again in another: any segmentation."""

    @property
    def labels(self) -> CodeArray:
        """Group of each customer of the table it was made of, shape (n,)."""
        ...

    @property
    def segments(self) -> Sized:
        """The groups."""
        ...

    def assign(self, customers: CustomerTable) -> CodeArray:
        """Group of each customer of another table, shape (n,)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How well one method predicted, or by how much one is ahead of another; 95 % intervals, `n` counts customers
    scored.

    The shares explained are 1 where perfect, 0 where no better than expecting the average, and below that where worse.

    explained_spend: share of the variance of spend up to the cap.
    explained_spend_rank: share of the variance of its rank.
    explained_orders: share of the variance of orders.
    explained_bought_again: share of the variance of whether someone bought again.
    separation: of two customers at different levels of spend, how often the upper one was expected to; 0.5 is luck.
    capture: share (0..1) of revenue from the fifth of whom most was expected; see `segmentation.proof.scores`.
    """

    explained_spend: Estimate
    explained_spend_rank: Estimate
    explained_orders: Estimate
    explained_bought_again: Estimate
    separation: Estimate
    capture: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitResult:
    """One split: its date, whom it scored, and what bounds the figures.

    on: the date that parts what is known from what is predicted.
    customers: those of the scored window.
    buyers: those of them who ordered in it.
    groups: segments made at the earlier date.
    cap: the most that counts of a customer's spend, in shop currency.
    perfect_capture: the share (0..1) of revenue that knowing the future would have captured.
    """

    on: date
    customers: int
    buyers: int
    groups: int
    cap: float
    perfect_capture: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodResult:
    """How one method did.

    method: the segments, or a baseline.
    groups: its groups at the newest split; None where it expects something of each customer.
    average: its scores averaged over the splits.
    by_cut: its scores at each split, the newest first.
    ahead: how far the segments are ahead of it, below 0 behind; None for the segments.
    """

    method: Method
    groups: int | None
    average: Scores
    by_cut: tuple[Scores, ...]
    ahead: Scores | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """Which method predicts the spend of the next window best, on customers and days it has not seen.

    window_days: days in a window.
    cuts: the splits it was tried on, the newest first.
    methods: the segments, then the six baselines.
    winner: the best method, or "level"; see `Winner`.
    leaders: the methods that cannot be told from the best one, itself included, the best first.
    """

    window_days: int
    cuts: tuple[SplitResult, ...]
    methods: tuple[MethodResult, ...]
    winner: Winner
    leaders: tuple[Method, ...]

    def method(self, name: Method) -> MethodResult:
        return next(result for result in self.methods if result.method == name)

    @property
    def verdict(self) -> str:
        """The winner in a sentence, also when it is not the segments."""
        return said(self.explained, self.window_days, self.winner, self.leaders)

    @property
    def explained(self) -> Mapping[str, Estimate]:
        """The share of spend that each method explains, by its name."""
        return {result.method: result.average.explained_spend for result in self.methods}

    @property
    def foresight(self) -> Foresight | None:
        """How the segments stand beside the best method; None where nothing can be foreseen."""
        return foresight(self.explained, self.winner, self.leaders)


def backtest(
    splits: TimeSplits,
    fit: Callable[[CustomerTable], Grouping],
    *,
    baselines: MeasuredBaselines | None = None,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> Backtest | Unknown:
    """Score segments against the baselines at every cut; `fit` makes the segments from the customers of one date.

    `fit` sees only customers as they stood before the window of learning, and must not know more: the number of
    segments and the features are chosen on what it is given, or on older data. Intervals (95 %) are bootstrapped
    over customers, who are resampled together in every split they are in; they leave out the luck of the dates chosen.
    `baselines` are `measured_baselines` of the same splits, seed and resamples, where they are known already.
    Unknown where a split has too few customers, or `fit` says so.
    """
    for split in splits.splits:
        if not split.is_enough:
            return too_few(split, splits.window_days)
    groupings = []
    for split in splits.splits:
        try:
            groupings.append(fit(split.then))
        except (NotEnoughData, FeatureUnavailable) as error:
            return Unknown(cannot_be_segmented(split.then.as_of, str(error)))
    known = baselines or measured_baselines(splits, seed, resamples)
    ready = scorings(splits, seed, resamples)
    cuts = tuple(_split_result(scoring, made) for scoring, made in zip(ready, groupings, strict=True))
    measured = [
        sorted((*map(scoring.measure, predict(scoring, made)), *alone), key=lambda one: METHODS.index(one.method))
        for scoring, made, alone in zip(ready, groupings, known.by_split, strict=True)
    ]
    return _summed_up(splits.window_days, cuts, measured)


def _summed_up(window_days: int, cuts: tuple[SplitResult, ...], measured: list[list[Measured]]) -> Backtest:
    """The backtest from what each method scored at each cut."""
    values = np.stack([np.stack([one.values for one in several]) for several in measured])
    points, draws = values[..., 0], values[..., 1:]
    people = [cut.customers for cut in cuts]
    winner, leaders = choose(
        [one.method for one in measured[0]], points.mean(axis=0)[:, _HEADLINE], draws.mean(axis=0)[:, _HEADLINE]
    )
    return Backtest(
        window_days=window_days,
        cuts=cuts,
        methods=tuple(
            MethodResult(
                method=one.method,
                groups=one.groups,
                average=_estimated(points[:, i].mean(axis=0), draws[:, i].mean(axis=0), max(people)),
                by_cut=tuple(_estimated(p[i], d[i], n) for p, d, n in zip(points, draws, people, strict=True)),
                ahead=_lead(points, draws, i, max(people)),
            )
            for i, one in enumerate(measured[0])
        ),
        winner=winner,
        leaders=leaders,
    )


def explained_by(split: TimeSplit, labels_then: Labels, labels_now: Labels, groups: int) -> float:
    """The share of capped spend that these groups explain out of sample; cheap, for comparing numbers of segments.

    `labels_then`, shape (n then,), and `labels_now`, shape (n now,), are the groups of the split's two tables.
    """
    cap = spend_cap(split.learned)
    learned = np.clip(split.learned.revenue, 0.0, cap)
    means = group_means(labels_then, learned[None, :], groups)[0]
    return share_explained(means[labels_now], np.clip(split.scored.revenue, 0.0, cap), float(learned.mean()))


def choose(methods: list[Method], points: FloatArray, draws: FloatArray) -> tuple[Winner, tuple[Method, ...]]:
    """The winner and the methods level with the best, from `points` (methods,) and `draws` (methods, resamples)."""
    order = [int(i) for i in np.argsort(-points, kind="stable")]
    best = order[0]
    leaders = tuple(methods[i] for i in order if i == best or _percentiles(draws[best] - draws[i])[0] <= 0)
    return ("level" if _percentiles(draws[best])[0] <= 0 else methods[best]), leaders


def predict(scoring: Scoring, made: Grouping) -> tuple[Prediction, ...]:
    """What the segments, recency and one score expect of the customers at the cut, without the scored window."""
    groups = len(made.segments)
    ours = by_groups("segments", made.labels, made.assign(scoring.split.now), scoring.learned, groups)
    return ours, *in_as_many_groups(scoring.pair, groups)


def _split_result(scoring: Scoring, made: Grouping) -> SplitResult:
    split = scoring.split
    return SplitResult(
        on=split.on,
        customers=split.now.n,
        buyers=split.buyers,
        groups=len(made.segments),
        cap=scoring.cap,
        perfect_capture=scoring.goal.perfect_capture,
    )


def _lead(points: FloatArray, draws: FloatArray, method: int, customers: int) -> Scores | None:
    """By how much the first method is ahead of another, on the same resamples."""
    if method == 0:
        return None
    return _estimated(
        (points[:, 0] - points[:, method]).mean(axis=0), (draws[:, 0] - draws[:, method]).mean(axis=0), customers
    )


def _estimated(points: FloatArray, draws: FloatArray, customers: int) -> Scores:
    """`Scores` from one value for each measure and its resamples, shape (measures, resamples)."""
    return Scores(
        **{
            name: _estimate(float(value), drawn, customers)
            for name, value, drawn in zip(MEASURES, points, draws, strict=True)
        }
    )


def _estimate(value: float, draws: FloatArray, customers: int) -> Estimate:
    low, high = _percentiles(draws)
    return Estimate(value, min(low, value), max(high, value), customers)


def _percentiles(draws: FloatArray) -> tuple[float, float]:
    low, high = np.percentile(draws, _TAILS)
    return float(low), float(high)
