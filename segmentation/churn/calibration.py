"""Do the chances come true? Of customers with a chance of 30 %, three in ten should order.

Even a perfect model misses by a little, because customers are few; how much is found by letting the chances themselves
decide who orders. A calibration error within that noise is none that the data can show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation import formats
from segmentation.customers import FloatArray
from segmentation.estimates import Estimate

BINS = 15
ROUNDS = 400
SEED = 20_261_102
_SIDES = 1.959964
_ONE_OF_BINS = 2.935
"""Standard errors that a bin of fifteen exceeds one time in three hundred: in one of them one time in twenty."""
_AT_ONCE = 1 << 22


@dataclass(frozen=True, slots=True)
class Bin:
    """Customers with a similar chance.

    predicted: their mean chance (0..1) to order.
    observed: the share (0..1) of them who ordered, with its 95 % interval (Wilson 1927).
    """

    predicted: float
    observed: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How far chances are from what happened in the test window; all of it shares (0..1).

    bins: customers by their chance, about as many in each, the lowest first.
    error: mean distance between chance and share over the bins, by customers (expected calibration error).
    noise: the error that a perfect model with these very chances would show on average.
    noise_floor: the error that it would exceed one time in twenty.
    expected: the share of all customers who should have ordered.
    observed: the share who did.
    """

    bins: tuple[Bin, ...]
    error: float
    noise: float
    noise_floor: float
    expected: float
    observed: float

    @property
    def within_noise(self) -> bool:
        """Whether a perfect model could show this error by chance."""
        return self.error <= self.noise_floor

    @property
    def sentence(self) -> str:
        """What it means, for people."""
        if self.within_noise:
            return "The chances came true as closely as chance allows."
        said = f"{formats.percent(self.expected)} were expected to order and {formats.percent(self.observed)} did"
        where = "" if self.furthest_off is None else f" {self.furthest_off.sentence}"
        return (
            f"The chances were off by {self.error * 100:.1f} points on average, more than chance would explain "
            f"({self.noise_floor * 100:.1f}): {said}.{where} Rely on the order of customers more than on the level."
        )

    @property
    def furthest_off(self) -> Stretch | None:
        """Where the chances were off for sure, by the most customers; None where that is nowhere."""
        off = [_off(one) for one in self.bins]
        ends = [place for place, side in enumerate(off) if place == 0 or side != off[place - 1]]
        stretches = [
            Stretch.of(self.bins[start:end])
            for start, end in zip(ends, [*ends[1:], len(off)], strict=True)
            if off[start]
        ]
        return max(stretches, key=lambda one: one.customers * abs(one.predicted - one.observed), default=None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring bins that are all off to the same side.

    low, high: the mean chances (0..1) of the first and of the last.
    predicted: the mean chance of all their customers.
    observed: the share of these who ordered.
    customers: how many they are.
    """

    low: float
    high: float
    predicted: float
    observed: float
    customers: int

    @classmethod
    def of(cls, bins: Sequence[Bin]) -> Stretch:
        people = [one.observed.n for one in bins]
        return cls(
            low=bins[0].predicted,
            high=bins[-1].predicted,
            predicted=float(np.average([one.predicted for one in bins], weights=people)),
            observed=float(np.average([one.observed.value for one in bins], weights=people)),
            customers=sum(people),
        )

    @property
    def sentence(self) -> str:
        """It in a sentence."""
        between = formats.percent_interval(self.low, self.high)
        one = formats.percent(self.predicted)
        said = one if self.low == self.high else f"{between}, {one} on average"
        return (
            f"They were off most for the {formats.count(self.customers, 'customer')} with chances around {said}: "
            f"{formats.percent(self.observed)} of them ordered."
        )


def _off(one: Bin) -> int:
    """Whether chances of a bin were too low (-1) or too high (1), beyond the luck of one of BINS bins; 0 otherwise."""
    beyond = _ONE_OF_BINS * np.sqrt(one.predicted * (1 - one.predicted) / one.observed.n)
    gap = one.predicted - one.observed.value
    return int(np.sign(gap)) if abs(gap) > beyond else 0


def reliability(chance: FloatArray, ordered: FloatArray, *, bins: int = BINS, seed: int = SEED) -> Reliability:
    """The reliability of chances of n customers, of whom some `ordered` (1) and others did not (0); shapes (n,).

    Source: Naeini, Cooper & Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning", for
    the error; Broecker & Smith (2007), "Increasing the reliability of reliability diagrams", for its noise.
    """
    place, count = _bins(chance, bins)
    people = np.bincount(place, minlength=count).astype(np.float64)
    mean = np.bincount(place, weights=chance, minlength=count) / people
    share = np.bincount(place, weights=ordered, minlength=count) / people
    floor = _noise(chance, place, people, np.random.default_rng(seed))
    return Reliability(
        bins=tuple(Bin(float(m), wilson(s, int(k))) for m, s, k in zip(mean, share, people, strict=True)),
        error=float(people @ np.abs(mean - share) / len(chance)),
        noise=float(floor.mean()),
        noise_floor=float(np.quantile(floor, 0.95)),
        expected=float(chance.mean()),
        observed=float(ordered.mean()),
    )


def wilson(share: float, n: int) -> Estimate:
    """A share of n customers with its interval. Source: Wilson (1927), "Probable inference"."""
    z2 = _SIDES**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _SIDES * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Estimate(float(share), float(min(max(middle - half, 0.0), share)), float(max(middle + half, share)), n)


def _bins(chance: FloatArray, bins: int) -> tuple[npt.NDArray[np.intp], int]:
    """The bin of each customer, and how many there are; equal chances are never parted."""
    edges = np.unique(np.quantile(chance, np.arange(1, bins) / bins))
    _, place = np.unique(np.searchsorted(edges, chance, side="right"), return_inverse=True)
    return place, int(place.max()) + 1


def _noise(chance: FloatArray, place: npt.NDArray[np.intp], people: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The error of a perfect model in each of ROUNDS rounds, shape (ROUNDS,)."""
    turn = np.argsort(place, kind="stable")
    sorted_chance = chance[turn].astype(np.float32)
    starts = np.concatenate(([0], np.cumsum(people)[:-1])).astype(np.intp)
    expected = np.bincount(place, weights=chance)
    errors: list[FloatArray] = []
    rounds = max(_AT_ONCE // len(chance), 1)
    for start in range(0, ROUNDS, rounds):
        drawn = rng.random((min(rounds, ROUNDS - start), len(chance)), dtype=np.float32) < sorted_chance
        sums = np.add.reduceat(drawn, starts, axis=1, dtype=np.float64)
        errors.append(np.abs(sums - expected).sum(axis=1) / len(chance))
    return np.concatenate(errors)
