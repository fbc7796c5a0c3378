"""One smooth crowd that looks like the data in everything but groups: what a separation is compared with.

Each feature keeps its distribution as far as that has one mode: a valley between two humps is filled. The features
keep their correlations, through a Gaussian copula. What the data has beyond that crowd is what groups would add.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from segmentation.customers import Float32Array, FloatArray
from segmentation.proof.shares_of_orders import Leaning, SharesOfOrders

COMMON = 0.05
"""A value that at least this share of the customers has counts as a fact of counting."""

_MODES = 24
_ROUNDS = 4
_FEWEST_DRAWS = 1_000
_FLATTEST = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Marginal:
    """A distribution with one mode as its quantile function: straight lines through points.

    A value that several customers have stays exactly that value (a vertical step), so that counts stay counts: groups
    on a
    lattice lie tighter than the same groups smeared out, and only one of the two would be in the data.

    shares: of the crowd below each point (0..1), ascending.
    values: of the points, in the feature's unit.
    """

    shares: FloatArray
    values: FloatArray

    def quantile(self, shares: FloatArray) -> FloatArray:
        """Values below which these shares of the crowd lie, in the feature's unit, shape as given."""
        return np.interp(shares, self.shares, self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """What turns standard normal columns into the features of a crowd.

    marginals: the distribution of each column, with one mode.
    leanings: of the columns that are shares of orders, by their place.
    orders: the column that the number of orders follows from; None where there are no shares of orders.
    placed, counted: values of that column, ascending, and the orders they stand for.
    """

    marginals: tuple[Marginal, ...]
    leanings: Mapping[int, Leaning]
    orders: int | None
    placed: FloatArray
    counted: FloatArray

    def of(self, normal: FloatArray, rng: np.random.Generator) -> FloatArray:
        """Standard normal columns turned into the features, shape (m, features)."""
        levels = ndtr(normal)
        drawn = np.stack([one.quantile(levels[:, i]) for i, one in enumerate(self.marginals)], axis=1)
        if self.orders is not None:
            orders = np.rint(np.interp(drawn[:, self.orders], self.placed, self.counted)).astype(np.int64)
            for column, leaning in self.leanings.items():
                drawn[:, column] = leaning.draw(levels[:, column], np.maximum(orders, 1), rng)
        return drawn


@dataclass(frozen=True, slots=True, eq=False)
class NullModel:
    """One group like the data it was fitted to.

    centre: means of the features, shape (features,), in the unit of the data.
    spread: their standard deviations, shape (features,).
    shapes: the distribution of each feature.
    factor: what makes independent normal draws correlate like the data, shape (features, features).
    """

    centre: FloatArray
    spread: FloatArray
    shapes: Shapes
    factor: FloatArray

    def draw(self, size: int, rng: np.random.Generator) -> Float32Array:
        """So many members, shape (size, features), in the unit of the data, with its means and spreads exactly."""
        features = len(self.centre)
        drawn = self.shapes.of(rng.normal(size=(size, len(self.factor))) @ self.factor.T, rng)[:, :features]
        drawn = (drawn - drawn.mean(axis=0)) / np.maximum(drawn.std(axis=0), 1e-12)
        return np.asarray(drawn * self.spread + self.centre, dtype=np.float32)


def fit_null_model(
    points: Float32Array, rng: np.random.Generator, of_orders: SharesOfOrders | None = None
) -> NullModel:
    """The crowd most like points of shape (m, features), none of them constant.

    Columns that are shares of orders (`of_orders`) are drawn by chance for as many orders as the customer has; where
    these are no column, they are drawn beside the columns.

    The copula's correlations are adjusted until draws have the correlations of the points: the steps of counts and
    long tails weaken what is put in. Source: Cario & Nelson (1997), "Modeling and generating random vectors with
    arbitrary marginal distributions and correlation matrix".
    """
    exact = points.astype(np.float64)
    centre, spread = exact.mean(axis=0), exact.std(axis=0)
    if of_orders is not None and of_orders.counted_in is None:
        exact = np.column_stack((exact, np.log(of_orders.orders)))
    shapes = _shapes(exact, of_orders)
    wanted = _correlations(exact)
    white = _white(rng.normal(size=(max(len(exact), _FEWEST_DRAWS), exact.shape[1])))
    latent = wanted
    for _ in range(_ROUNDS):
        reached = _correlations(shapes.of(white @ _factor(latent).T, rng))
        latent = np.clip(latent + wanted - reached, -0.999, 0.999)
        np.fill_diagonal(latent, 1.0)
    return NullModel(centre, spread, shapes, _factor(latent))


def _shapes(exact: FloatArray, of_orders: SharesOfOrders | None) -> Shapes:
    """The distributions of the columns; the last is the logarithm of the orders where no other follows from them."""
    marginals = tuple(unimodal(column) for column in exact.T)
    if of_orders is None:
        return Shapes(marginals, {}, None, np.zeros(0), np.zeros(0))
    leanings = {
        column: Leaning.of(shares, of_orders.orders, exact[:, column])
        for column, shares in zip(of_orders.columns, of_orders.shares.T, strict=True)
    }
    column = exact.shape[1] - 1 if of_orders.counted_in is None else of_orders.counted_in
    placed, first = np.unique(exact[:, column], return_index=True)
    return Shapes(marginals, leanings, column, placed, of_orders.orders[first])


def unimodal(values: FloatArray) -> Marginal:
    """The most likely distribution with one mode for values of shape (m,), of which at least two differ.

    Each distinct value owns the stretch up to half-way to its neighbours. Density rises to a mode and falls after it
    (pooled adjacent violators); of two dozen places for the mode the most likely one is taken. Values that very many
    share keep their share and are left out of this: one order, no discount, a share of one order that can only be 0
    or 1 come from counting, not from groups. Source: Barlow, Bartholomew, Bremner & Brunk (1972), "Statistical
    inference under order restrictions".
    """
    different, counts = np.unique(values, return_counts=True)
    middles = (different[1:] + different[:-1]) / 2
    first, last = 2 * different[0] - middles[0], 2 * different[-1] - middles[-1]
    edges = np.concatenate(([first], middles, [last]))
    widths = np.maximum(np.diff(edges), 1e-12)
    shares = counts / len(values)
    free = shares < COMMON
    if free.any():
        shares[free] = shares[free].sum() * _one_mode_shares(counts[free].astype(np.float64), widths[free])
    reached = np.concatenate(([0.0], np.cumsum(shares)))
    several = counts > 1
    left, right = np.where(several, different, edges[:-1]), np.where(several, different, edges[1:])
    return Marginal(np.stack((reached[:-1], reached[1:]), axis=1).ravel(), np.stack((left, right), axis=1).ravel())


def _one_mode_shares(counts: FloatArray, widths: FloatArray) -> FloatArray:
    """Share of each cell, shape (cells,), adding up to 1, under the most likely density with one mode."""
    reached = np.cumsum(counts)
    places = np.searchsorted(reached, np.linspace(0.01, 0.99, _MODES) * reached[-1])
    tried = [_one_mode(counts, widths, mode) for mode in np.unique([*places, counts.argmax()])]
    return max(tried, key=lambda density: float(counts @ np.log(density))) * widths


def _one_mode(counts: FloatArray, widths: FloatArray, mode: int) -> FloatArray:
    """Density of each cell, shape (cells,), rising up to cell `mode` and falling after it, adding up to 1."""
    from scipy.optimize import isotonic_regression  # noqa: PLC0415 - slow to load, and most commands prove nothing

    raw = counts / widths
    rising = isotonic_regression(raw[: mode + 1], weights=widths[: mode + 1]).x
    falling = isotonic_regression(raw[mode:], weights=widths[mode:], increasing=False).x
    density = np.concatenate((rising[:-1], [max(rising[-1], falling[0])], falling[1:]))
    return np.asarray(density / (density @ widths))


def _correlations(points: FloatArray) -> FloatArray:
    away = points - points.mean(axis=0)
    away /= np.maximum(np.sqrt((away**2).sum(axis=0)), 1e-12)
    return np.asarray(away.T @ away)


def _factor(correlations: FloatArray) -> FloatArray:
    """F with F Fᵀ the nearest proper correlation matrix (negative eigenvalues raised, diagonal back to 1)."""
    sizes, axes = np.linalg.eigh(correlations)
    factor = axes * np.sqrt(np.maximum(sizes, _FLATTEST))
    return np.asarray(factor / np.linalg.norm(factor, axis=1, keepdims=True))


def _white(draws: FloatArray) -> FloatArray:
    """The draws made uncorrelated exactly, so that the adjustment does not chase chance."""
    away = draws - draws.mean(axis=0)
    return np.asarray(np.linalg.solve(np.linalg.cholesky(away.T @ away / len(away)), away.T).T)
