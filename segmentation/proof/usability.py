"""Usable? Segments big enough to measure a campaign on, different enough to write to differently, and not too many.

The size needed is that of a two-proportion test: Fleiss, Levin & Paik (2003), "Statistical methods for rates and
proportions", section 4.2, with the holdout share as allocation ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import ceil, sqrt

import numpy as np

from segmentation import formats
from segmentation.customers import FloatArray
from segmentation.profiles import GroupProfile
from segmentation.segments import PINNED, Segmentation

MOST_SERVED = 8
"""Segments a team can serve with messages of their own."""

LEAST_DIFFERENCE = 0.5
"""Two segments must differ by this many standard deviations of everyone in at least one feature."""

HOLDOUT, MEASURABLE, USUAL_RATE = 0.2, 0.15, 0.15
"""A holdout of this share should show a lift of this size; the order rate where no window has been observed."""

PART = 20
"""A segment of more than one in so many customers is never called too small, unless it has fewer than FEWEST."""

FEWEST = 10
"""Customers of a segment that can be described without pointing at people; with fewer it is always too small."""

_LEVEL, _POWER = 1.959964, 0.841621
"""Normal quantiles: two-sided 5 %, power 80 %."""

_RAREST, _ODDEST = 0.02, 0.5
"""Order rates are taken as at least this (none is known to be 0) and at most this, where chance is greatest."""

_HALVINGS = 30


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that makes segments hard to use.

    segments: the places of those it is about.
    reason: what is wrong, in a sentence.
    remedy: what would mend it, in a sentence.
    merge: the merge that would: two places, the one to keep first.
    """

    segments: tuple[int, ...]
    reason: str
    remedy: str
    merge: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Usability:
    """What stands in the way of using the segments.

    breaches: all of it, the gravest first.
    smallest: customers that a segment needs.
    detectable: the lift (0.15: 15 points) from which a campaign shows in the smallest segment there is.
    least: customers of that segment.
    """

    breaches: tuple[Breach, ...]
    smallest: int
    detectable: float
    least: int


def needed_customers(rate: float, lift: float = MEASURABLE) -> int:
    """Customers a segment needs so that a holdout of a fifth shows this lift (0.15: 15 points) on this order rate."""
    return ceil(_needed(rate, lift))


def detectable_lift(customers: int, rate: float) -> float:
    """Minimum detectable effect: the lift (0.15: 15 points) a holdout of a fifth shows in a segment of this size.

    1.0 (100 points) where not even that would do.
    """
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _needed(rate, middle) <= customers else (middle, high)
    return high


def _needed(rate: float, lift: float) -> float:
    held_back = min(max(rate, _RAREST), _ODDEST)
    written_to = min(held_back + lift, 1.0)
    everyone = HOLDOUT * held_back + (1 - HOLDOUT) * written_to
    without = sqrt(everyone * (1 - everyone) / (HOLDOUT * (1 - HOLDOUT)))
    within = sqrt(held_back * (1 - held_back) / HOLDOUT + written_to * (1 - written_to) / (1 - HOLDOUT))
    return ((_LEVEL * without + _POWER * within) / lift) ** 2


def usability(segmentation: Segmentation, *, smallest: int | None = None, order_rate: float | None = None) -> Usability:
    """What stands in the way of using these segments.

    `smallest` is a person's own limit in customers; without it the limit follows from `order_rate`, the share of
    customers who order within a campaign's window, but never asks for more than a twentieth of everyone, or FEWEST.
    """
    everyone, rate = sum(segmentation.sizes), USUAL_RATE if order_rate is None else order_rate
    limit = min(needed_customers(rate), max(everyone // PART, FEWEST)) if smallest is None else smallest
    apart = distances(segmentation.profiles)
    breaches = (
        _too_small(segmentation, limit, rate, apart) + _too_alike(segmentation, apart) + _too_many(segmentation, apart)
    )
    least = min((segmentation.sizes[place] for place in _ours(segmentation)), default=everyone)
    return Usability(tuple(breaches), limit, detectable_lift(least, rate), least)


def _ours(segmentation: Segmentation) -> list[int]:
    """The places of segments that can be merged: a pinned one is as somebody wanted it."""
    return [segment.index for segment in segmentation.segments if segment.part < PINNED]


def distances(profiles: tuple[GroupProfile, ...]) -> FloatArray:
    """The largest difference of any feature between two segments in standard deviations, shape (groups, groups).

    Infinite on the diagonal; 0 where one of the two is too small to be described.
    """
    names = sorted({name for profile in profiles for name in profile.differences})
    table = np.array([[profile.differences.get(name, np.nan) for name in names] for profile in profiles])
    if not names:
        table = np.zeros((len(profiles), 1))
    apart = np.nan_to_num(np.abs(table[:, None, :] - table[None, :, :])).max(axis=2)
    np.fill_diagonal(apart, np.inf)
    return np.asarray(apart, dtype=np.float64)


def nearest(segmentation: Segmentation, place: int, apart: FloatArray) -> int:
    """The segment most like this one; where that cannot be told, the smallest other one."""
    others = [other for other in _ours(segmentation) if other != place]
    described = [other for other in others if not segmentation.profiles[other].few]
    if segmentation.profiles[place].few or not described:
        return min(others, key=lambda other: (segmentation.sizes[other], other))
    return min(described, key=lambda other: (apart[place, other], other))


def _too_small(segmentation: Segmentation, limit: int, rate: float, apart: FloatArray) -> list[Breach]:
    breaches = []
    for place in sorted(_ours(segmentation), key=lambda place: segmentation.sizes[place]):
        size = segmentation.sizes[place]
        if size >= limit or len(_ours(segmentation)) < 3:
            continue
        other = nearest(segmentation, place, apart)
        told = not (segmentation.profiles[place].few or segmentation.profiles[other].few)
        breaches.append(
            Breach(
                (place,),
                f"{_name(segmentation, place)} has only {formats.count(size, 'customer')}: a campaign with a holdout "
                f"of a fifth would not show a lift below {detectable_lift(size, rate) * 100:.0f} points.",
                f"Merge it with {_name(segmentation, other)}, the "
                f"{'segment most like it' if told else 'smallest other one'}.",
                _larger_first(segmentation, other, place),
            )
        )
    return breaches


def _too_alike(segmentation: Segmentation, apart: FloatArray) -> list[Breach]:
    breaches = []
    pairs = sorted(combinations(_ours(segmentation), 2), key=lambda pair: apart[pair])
    for one, other in pairs:
        few = segmentation.profiles[one].few or segmentation.profiles[other].few
        if few or apart[one, other] >= LEAST_DIFFERENCE or len(_ours(segmentation)) < 3:
            continue
        breaches.append(
            Breach(
                (one, other),
                f"{_name(segmentation, one)} and {_name(segmentation, other)} differ by at most "
                f"{apart[one, other]:.1f} standard deviations in any feature: nobody could tell them apart.",
                "Merge these two.",
                _larger_first(segmentation, one, other),
            )
        )
    return breaches


def _too_many(segmentation: Segmentation, apart: FloatArray) -> list[Breach]:
    count = len(segmentation.segments)
    if count <= MOST_SERVED:
        return []
    one, other = divmod(int(np.argmin(apart)), count)
    return [
        Breach(
            (one, other),
            f"{count} segments are more than a team usually serves with messages of their own ({MOST_SERVED}).",
            f"Merge {_name(segmentation, one)} and {_name(segmentation, other)}, the two most alike, "
            "or ask for fewer segments.",
            _larger_first(segmentation, one, other),
        )
    ]


def _larger_first(segmentation: Segmentation, one: int, other: int) -> tuple[int, int]:
    return (one, other) if segmentation.sizes[one] >= segmentation.sizes[other] else (other, one)


def _name(segmentation: Segmentation, place: int) -> str:
    return f"“{segmentation.segments[place].name}”"
