"""Whole shops of three to seven kinds of customer that overlap somewhat, made up order by order, with who is of which.

A generator draws what a shop is like (its kinds, their sizes, its history); of that, any number of samples of customers
can be drawn. Kinds differ in how often and how much they order, in discounts, in when they came and whether they still
come, in the months they order in. Sizes are unequal, and the laws by which rates, baskets and stays vary within a kind
differ from generator to generator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from segmentation.customers import FloatArray
from segmentation.workspace import DatasetVersion, Workspace
from tests.truth.crowd_shops import FIRST, YEAR, Shop, Traits, store

FEWEST_KINDS, MOST_KINDS = 3, 7
CHRISTMAS = (11, 12)
STAYING = 5_000.0

Vary = Callable[[np.random.Generator, int], FloatArray]
"""How values of one kind lie around their middle: factors around 1, shape (size,)."""


@dataclass(frozen=True)
class Kind:
    """What the customers of one kind are like, the middle of them.

    rate: orders a year.
    basket: the usual value of an order.
    bargains: the share of orders with a discount.
    came: the part of the history in which they came, from 0 to 1.
    stays: days that they go on ordering.
    in_season: by how many times they order more often in the season.
    """

    rate: float
    basket: float
    bargains: float
    came: tuple[float, float]
    stays: float = STAYING
    in_season: float = 1.0

    def away(self, other: Kind) -> float:
        """How far apart two kinds are, roughly in standard deviations of what is seen of a customer."""
        parts = (
            np.log(self.rate / other.rate) / 0.55,
            np.log(self.basket / other.basket) / 0.45,
            (self.bargains - other.bargains) / 0.3,
            (sum(self.came) - sum(other.came)) / 0.6,
            np.log10(min(self.stays, 2_000) / min(other.stays, 2_000)) / 0.5,
        )
        return float(np.sqrt(sum(part**2 for part in parts)))


@dataclass(frozen=True)
class Blueprint:
    """What a shop is like, before anybody ordered.

    days: of history.
    kinds, sizes: its kinds, and how many customers there are of each.
    rates, baskets, stays: how these vary within a kind.
    spread: by how much one customer's orders differ, as the standard deviation of their logarithm.
    level: how many times as often as usual everyone orders on each day, shape (days,).
    season: the months of the season.
    steep: e to that times as many come at the end of the history as at its beginning.
    """

    days: int
    kinds: tuple[Kind, ...]
    sizes: tuple[int, ...]
    rates: Vary
    baskets: Vary
    stays: Vary
    spread: float = 0.35
    level: FloatArray | None = None
    season: tuple[int, int] = CHRISTMAS
    steep: float = 0.0

    def sample(self, rng: np.random.Generator) -> Planted:
        """As many customers as there are, drawn afresh."""
        return Planted(tuple(self._part(kind, size, rng) for kind, size in zip(self.kinds, self.sizes, strict=True)))

    def _part(self, kind: Kind, size: int, rng: np.random.Generator) -> Shop:
        busy = np.where(np.isin(_months(self.days), self.season), kind.in_season, 1.0)
        weights = np.exp(np.linspace(0, self.steep, self.days))
        low, high = (int(part * (self.days - 25)) for part in kind.came)
        weights[:low] = weights[high:] = 0
        traits = Traits(
            joined=rng.choice(self.days, size, p=weights * busy / (weights * busy).sum()).astype(np.float64),
            rate=kind.rate / YEAR / busy.mean() * self.rates(rng, size),
            stays=kind.stays * self.stays(rng, size),
            basket=kind.basket * self.baskets(rng, size),
            bargains=rng.beta(20 * kind.bargains, 20 * (1 - kind.bargains), size),
            spread=self.spread,
        )
        return Shop(traits, self.days, busy if self.level is None else busy * self.level)


@dataclass(frozen=True)
class Planted:
    """Customers of several kinds, part by part."""

    parts: tuple[Shop, ...]

    @property
    def kinds(self) -> npt.NDArray[np.intp]:
        """The kind of each customer, in the order of their numbers."""
        return np.repeat(np.arange(len(self.parts)), [len(part.traits.joined) for part in self.parts])

    def orders(self, rng: np.random.Generator) -> Mapping[str, np.ndarray]:
        """Customer, day, amount and whether there was a discount, one entry an order."""
        made = [dict(part.orders(rng)) for part in self.parts]
        before = np.cumsum([0, *(len(part.traits.joined) for part in self.parts)])
        for one, first in zip(made, before, strict=False):
            one["who"] = one["who"] + first
        return {name: np.concatenate([one[name] for one in made]) for name in made[0]}

    def store(self, workspace: Workspace, name: str, rng: np.random.Generator) -> DatasetVersion:
        """The shop as a published version; its customers are called c0, c1 and so on."""
        return store(self.orders(rng), workspace, name)


Generator = Callable[[np.random.Generator, int, int], Blueprint]
"""A shop of so many customers of so many kinds."""


def lognormal_kinds(rng: np.random.Generator, n: int, number: int) -> Blueprint:
    """A steady shop with rates and baskets log-normal; some kinds came early, some left."""
    days = int(rng.uniform(1.4, 2.6) * YEAR)

    def draw() -> Kind:
        came = ((0.0, 0.5), (0.0, 0.8), (0.3, 0.7))[int(rng.integers(3))]
        return Kind(
            _between(rng, 1.5, 40), _between(rng, 12, 220), _one_of(rng, 0.05, 0.15, 0.7), came, _stays(rng, 70, 0.3)
        )

    kinds, sizes = _apart(number, draw, 3.2), _sizes(rng, n, number, 5.0)
    return Blueprint(days, kinds, sizes, _lognormal(0.35), _lognormal(0.35), _lognormal(0.25))


def growing_with_newcomers(rng: np.random.Generator, n: int, number: int) -> Blueprint:
    """A shop that grows, and whose last months brought a kind of their own; rates and baskets gamma."""
    days = int(rng.uniform(1.5, 2.8) * YEAR)

    def draw() -> Kind:
        rate, basket = _between(rng, 2, 45), _between(rng, 10, 180)
        return Kind(rate, basket, _one_of(rng, 0.1, 0.2, 0.75), (0.0, 0.75), _stays(rng, 100, 0.3))

    newcomers = Kind(_between(rng, 12, 40), _between(rng, 15, 60), 0.5, (0.88, 0.99))
    kinds, sizes = (*_apart(number - 1, draw, 3.5), newcomers), _sizes(rng, n, number, 6.0)
    shape, steep = rng.uniform(7, 11), rng.uniform(0.8, 2.0)
    return Blueprint(days, kinds, sizes, _gamma(shape), _gamma(shape), _gamma(10), steep=steep)


def seasonal_kinds(rng: np.random.Generator, n: int, number: int) -> Blueprint:
    """A shop with a season: one kind comes and orders in it mostly, the others a little more than usual."""
    days = int(rng.uniform(2.1, 3.0) * YEAR)
    month = int(rng.integers(1, 13))

    def draw() -> Kind:
        came = ((0.0, 0.4), (0.0, 0.8))[int(rng.integers(2))]
        bargains = _one_of(rng, 0.1, 0.15, 0.7)
        return Kind(_between(rng, 2, 30), _between(rng, 12, 220), bargains, came, _stays(rng, 90, 0.2), 1.3)

    gifts = Kind(_between(rng, 2, 4), _between(rng, 40, 90), 0.15, (0.0, 0.7), in_season=_between(rng, 12, 30))
    kinds, sizes = (*_apart(number - 1, draw, 3.2), gifts), _sizes(rng, n, number, 6.0)
    laws = _lognormal(0.3), _lognormal(0.35), _lognormal(0.2)
    return Blueprint(days, kinds, sizes, *laws, season=(month, month % 12 + 1))


def weak_season(rng: np.random.Generator, n: int, number: int) -> Blueprint:
    """As `seasonal_kinds` with a season that other customers of the shop may or may not show: one kind orders a little
    more in it."""
    shop = seasonal_kinds(rng, n, number)
    *others, gifts = (replace(kind, in_season=1.0) for kind in shop.kinds)
    return replace(shop, kinds=(*others, replace(gifts, rate=rng.uniform(4, 8), in_season=rng.uniform(3, 8))))


def unequal_kinds(rng: np.random.Generator, n: int, number: int) -> Blueprint:
    """One kind of a third to a half of the customers beside small ones; heavy-tailed baskets, demand that wanders."""
    days = int(rng.uniform(1.2, 3.0) * YEAR)
    months = np.exp(np.cumsum(rng.normal(0, 0.08, days // 30 + 1)))

    def draw() -> Kind:
        came = ((0.0, 0.4), (0.0, 0.85), (0.5, 0.9))[int(rng.integers(3))]
        stays = _one_of(rng, 60.0, STAYING, STAYING)
        return Kind(_between(rng, 1, 50), _between(rng, 8, 300), _one_of(rng, 0.05, 0.4, 0.8), came, stays)

    largest = rng.uniform(0.35, 0.5)
    sizes = (round(n * largest), *_sizes(rng, round(n * (1 - largest)), number - 1, 5.0))
    tail = rng.uniform(0.2, 0.35)
    return Blueprint(
        days,
        _apart(number, draw, 3.8),
        sizes,
        rates=lambda rng, size: 1.12 * rng.weibull(3.5, size),
        baskets=lambda rng, size: rng.lognormal(0, tail, size) * (1 + 0.25 * rng.pareto(4.0, size)),
        stays=_lognormal(0.2),
        spread=0.5,
        level=np.repeat(months, 30)[:days],
    )


GENERATORS: tuple[Generator, ...] = (lognormal_kinds, growing_with_newcomers, seasonal_kinds, unequal_kinds)


def _apart(number: int, draw: Callable[[], Kind], least: float) -> tuple[Kind, ...]:
    """So many kinds, of which no two are nearer than `least`; a little nearer where such are hard to find."""
    for nearest in np.repeat(least * 0.95 ** np.arange(20), 400):
        kinds = [draw() for _ in range(number)]
        if all(one.away(other) >= nearest for one, other in combinations(kinds, 2)):
            return tuple(kinds)
    raise AssertionError("no kinds that differ")


def _sizes(rng: np.random.Generator, n: int, number: int, evenness: float) -> tuple[int, ...]:
    """Customers of each kind: unequal, but of no kind less than about a twentieth."""
    shares = np.maximum(rng.dirichlet(np.full(number, evenness)), 0.06)
    return tuple(int(size) for size in np.round(n * shares / shares.sum()))


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _one_of(rng: np.random.Generator, *values: float) -> float:
    return float(rng.choice(values))


def _stays(rng: np.random.Generator, left_after: float, share: float) -> float:
    return left_after if rng.random() < share else STAYING


def _lognormal(spread: float) -> Vary:
    return lambda rng, size: rng.lognormal(0, spread, size)


def _gamma(shape: float) -> Vary:
    return lambda rng, size: rng.gamma(shape, 1 / shape, size)


def _months(days: int) -> npt.NDArray[np.intp]:
    """The month of the year of each day, 1 to 12."""
    dates = np.datetime64(FIRST) + np.arange(days)
    return np.asarray(dates.astype("datetime64[M]").astype(np.intp) % 12 + 1)
