"""Several past windows of the same segments: what they say of the next one, and how far it may differ from them.

Windows differ by more than the luck of their customers: a season, a promotion, a growing or shrinking shop. One window
says nothing of that. So every past window is foreseen from those before it, in the way the next one is:

- An older window counts `FADING` times as much as the one after it (a power prior: Ibrahim & Chen 2000, "Power prior
  distributions for regression models").
- By what foreseen and actual figures differ beyond sampling, the *variance between windows* is measured, by moments
  (DerSimonian & Laird 1986, "Meta-analysis in clinical trials"). All segments of a window count together, since what
  makes it unusual is mostly shared. The usual variance counts as if `USUAL_WINDOWS` more had been foreseen.
- The next window is drawn from a distribution with that variance beside the sampling one, widened as Student's t for
  the windows it was measured on (Higgins, Thompson & Spiegelhalter 2009, "A re-evaluation of random-effects
  meta-analysis", on the interval of a new study).
- Where the same days of earlier years are known, the order rate moves as it did then, drawn toward no move by how much
  windows differ anyway; segments that moved otherwise than the rest, as those who buy for one season do, do so again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from segmentation.campaigns.averages import order_averages
from segmentation.campaigns.baseline import FloatArray, MarginHistory, SegmentHistory

FADING = 0.4
USUAL_WINDOWS = 3.0
USUAL_RATE, USUAL_ORDERS, USUAL_VALUE = 0.20, 0.08, 0.08
"""Usual standard deviation between windows: of the order rate in log odds, of orders per buyer and order value in
logarithms. Of the windows of seven simulated kinds of shop and of three real ones; see the truth suite of baselines."""

USUAL_MOVE = 0.30
"""Usual standard deviation of what a time of the year moves the order rate by, in log odds."""

LEAST = 0.5
"""The standard deviation is at least this share of the usual one: a few windows may be alike by luck."""

FEWEST_THEN = 10
"""Customers a segment needs in a window to say how windows differ."""

Windows = Sequence[Sequence[SegmentHistory]]
"""Past windows, the newest first; the segments of each in one order."""

Moves = Sequence[tuple[Sequence[SegmentHistory], Sequence[SegmentHistory]]]
"""Of earlier years the window before the days that now come, and the window of those days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """How the next window may differ from the past ones; deviations are on the log scale, doubt of them included.

    windows: past windows the baseline rests on, 0 where nothing is known of differences.
    years: earlier years whose same days are known.
    rate: standard deviation of a segment's order rate, in log odds.
    orders_per_buyer: that of orders per buyer.
    order_value: that of the order value.
    move: by how much this time of the year moves the order rate, in log odds, over all segments.
    moves: the same of each segment; none where no earlier year is known.
    """

    windows: int = 0
    years: int = 0
    rate: float = 0.0
    orders_per_buyer: float = 0.0
    order_value: float = 0.0
    move: float = 0.0
    moves: tuple[float, ...] = ()


STEADY = Between()
"""Windows that differ by the luck of their customers alone."""


def foresee(
    windows: Windows, moves: Moves = (), scales: Sequence[float] = ()
) -> tuple[tuple[SegmentHistory, ...], Between]:
    """The windows as one, in which older ones count in part, and how far the next one may differ from it.

    `scales` are how many customers each one stands for who was looked at in each window (default: 1). Raises ValueError
    where there is no window, or one has other segments.
    """
    every = [*windows, *(half for pair in moves for half in pair)]
    if not windows or len({len(one) for one in every}) != 1:
        raise ValueError("There must be a window, and all of the same segments.")
    scales = scales or [1.0] * len(windows)
    rate, foreseen = _variance(windows, scales, _rates, USUAL_RATE)
    freedom = USUAL_WINDOWS + foreseen
    wider = freedom / (freedom - 2.0)
    deviations = [
        float(np.sqrt(variance * wider))
        for variance in (
            rate,
            _variance(windows, scales, _orders, USUAL_ORDERS)[0],
            _variance(windows, scales, _values, USUAL_VALUE)[0],
        )
    ]
    common, each = _moves(moves, rate)
    return _faded(windows, scales), Between(
        windows=len(windows),
        years=len(moves),
        rate=deviations[0],
        orders_per_buyer=deviations[1],
        order_value=deviations[2],
        move=common,
        moves=tuple(each.tolist()),
    )


def _faded(windows: Windows, scales: Sequence[float]) -> tuple[SegmentHistory, ...]:
    """Windows as one: sums in which each counts FADING times as much as the one after it."""
    return tuple(_sum(of_one, scales) for of_one in zip(*windows, strict=True))


def _sum(windows: Sequence[SegmentHistory], scales: Sequence[float]) -> SegmentHistory:
    counts = [FADING**age * scale for age, scale in enumerate(scales)]
    people = [count * one.customers for count, one in zip(counts, windows, strict=True)]
    # A sample that stands for many is worth no more than itself: Kish's effective size (1965), "Survey Sampling".
    squares = sum(count * n for count, n in zip(counts, people, strict=True))
    worth = min(sum(people) / squares, 1.0) if squares else 1.0
    weights = [worth * count for count in counts]
    margins = [(one.margins, weight) for one, weight in zip(windows, weights, strict=True) if one.margins is not None]
    names = [one.name for one in fields(SegmentHistory) if one.name != "margins"]
    return SegmentHistory(
        **{name: sum(w * getattr(one, name) for one, w in zip(windows, weights, strict=True)) for name in names},
        margins=MarginHistory(
            **{one.name: sum(w * getattr(m, one.name) for m, w in margins) for one in fields(MarginHistory)}
        )
        if margins
        else None,
    )


Measured = tuple[FloatArray, FloatArray]
"""A figure of each segment on the log scale and its sampling variance, infinite where it is not known."""


def _rates(window: Sequence[SegmentHistory]) -> Measured:
    people, buyers = (np.array([getattr(one, name) for one in window]) for name in ("customers", "buyers"))
    hits, misses = buyers + 0.5, people - buyers + 0.5
    return np.log(hits / misses), np.where(people >= FEWEST_THEN, 1.0 / hits + 1.0 / misses, np.inf)


def _orders(window: Sequence[SegmentHistory]) -> Measured:
    return _average(window, 0)


def _values(window: Sequence[SegmentHistory]) -> Measured:
    return _average(window, 1)


def _average(window: Sequence[SegmentHistory], axis: int) -> Measured:
    known = np.array([one.buyers >= FEWEST_THEN and one.revenue > 0 for one in window])
    means, covariance, _ = order_averages(window, known)
    return means[:, axis], np.where(known, covariance[:, axis, axis], np.inf)


def _variance(
    windows: Windows, scales: Sequence[float], measure: Callable[[Sequence[SegmentHistory]], Measured], usual: float
) -> tuple[float, int]:
    """The variance between windows beyond sampling, and how many windows it was measured on."""
    errors = []
    for newer in range(len(windows) - 1):
        actual, luck = measure(windows[newer])
        expected, doubt = measure(_faded(windows[newer + 1 :], scales[newer + 1 :]))
        known = np.isfinite(luck + doubt)
        if known.any():
            errors.append(((actual - expected)[known] ** 2, (luck + doubt)[known]))
    between = usual**2
    for _ in range(3):
        excess = sum(float(np.average(squares - v, weights=1.0 / (v + between))) for squares, v in errors)
        between = (USUAL_WINDOWS * usual**2 + excess) / (USUAL_WINDOWS + len(errors))
        between = max(between, (LEAST * usual) ** 2)
    return between, len(errors)


def _moves(moves: Moves, between: float) -> tuple[float, FloatArray]:
    """What this time of the year moves the order rate by in log odds: of all segments, and of each.

    The common move of earlier years is drawn toward none, and what a segment's own differs from it by toward nothing,
    the more the less the segments differ beyond chance (DerSimonian & Laird, as above). Two windows that differ anyway
    move by twice the variance between windows.
    """
    steps, doubts = [], []
    for before, then in moves:
        (level, luck), (after, doubt) = _rates(before), _rates(then)
        steps.append(after - level)
        doubts.append(luck + doubt + 2.0 * between)
    if not steps:
        return 0.0, np.zeros(0)
    precision = 1.0 / np.stack(doubts)
    known = precision.sum(axis=0) > 0
    if not known.any():
        return 0.0, np.zeros(len(known))
    own, doubt = np.zeros(len(known)), np.full(len(known), np.inf)
    own[known] = (precision * np.stack(steps)).sum(axis=0)[known] / precision.sum(axis=0)[known]
    doubt[known] = 1.0 / precision.sum(axis=0)[known]
    weight = 1.0 / (doubt + between)
    mean = float(weight @ own / weight.sum())
    noise = 2.0 * between / len(steps) + 1.0 / float(weight.sum())
    common = mean * USUAL_MOVE**2 / (USUAL_MOVE**2 + noise)
    apart = own[known] - mean
    differ = max(float((apart**2 - doubt[known]).mean()), 0.0) * (1.0 - 1.0 / max(len(apart), 2))
    each = np.full(len(known), common)
    each[known] += differ / (differ + doubt[known]) * apart
    return common, each
