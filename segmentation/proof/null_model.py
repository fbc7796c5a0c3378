"""One smooth crowd that looks like the data in everything but groups: what a separation is compared with.

Each feature keeps its distribution as far as that has one mode: a valley between two humps is filled. The features
keep their correlations, through a Gaussian copula. What the data has beyond that crowd is what groups would add.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from segmentation.customers import Float32Array, FloatArray

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
class NullModel:
    """One group like the data it was fitted to.

    centre: means of the features, shape (features,), in the unit of the data.
    spread: their standard deviations, shape (features,).
    marginals: the distribution of each feature, with one mode.
    factor: what makes independent normal draws correlate like the data, shape (features, features).
    """

    centre: FloatArray
    spread: FloatArray
    marginals: tuple[Marginal, ...]
    factor: FloatArray

    def draw(self, size: int, rng: np.random.Generator) -> Float32Array:
        """So many members, shape (size, features), in the unit of the data, with its means and spreads exactly."""
        drawn = _shaped(rng.normal(size=(size, len(self.centre))) @ self.factor.T, self.marginals)
        drawn = (drawn - drawn.mean(axis=0)) / np.maximum(drawn.std(axis=0), 1e-12)
        return np.asarray(drawn * self.spread + self.centre, dtype=np.float32)


def fit_null_model(points: Float32Array, rng: np.random.Generator) -> NullModel:
    """The crowd most like points of shape (m, features), none of them constant.

    The copula's correlations are adjusted until draws have the correlations of the points: the steps of counts and
    long tails weaken what is put in. Source: Cario & Nelson (1997), "Modeling and generating random vectors with
    arbitrary marginal distributions and correlation matrix".
    """
    exact = points.astype(np.float64)
    marginals = tuple(unimodal(column) for column in exact.T)
    wanted = _correlations(exact)
    white = _white(rng.normal(size=(max(len(exact), _FEWEST_DRAWS), exact.shape[1])))
    latent = wanted
    for _ in range(_ROUNDS):
        reached = _correlations(_shaped(white @ _factor(latent).T, marginals))
        latent = np.clip(latent + wanted - reached, -0.999, 0.999)
        np.fill_diagonal(latent, 1.0)
    return NullModel(exact.mean(axis=0), exact.std(axis=0), marginals, _factor(latent))


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


def _shaped(normal: FloatArray, marginals: tuple[Marginal, ...]) -> FloatArray:
    """Standard normal columns turned into the marginals, shape (m, features)."""
    shares = ndtr(normal)
    return np.stack([one.quantile(shares[:, i]) for i, one in enumerate(marginals)], axis=1)


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
