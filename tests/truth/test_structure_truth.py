"""“Real groups?” against points that hold groups or do not, because they were drawn so.

`TESSERA_TRUTH=full` draws a hundred of each kind with up to 5,000 points; otherwise a few small ones.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from segmentation.estimates import Unknown
from segmentation.proof.structure import Structure, structure

pytestmark = pytest.mark.truth

FULL = os.environ.get("TESSERA_TRUTH") == "full"
RUNS, MOST = (100, 5_000) if FULL else (10, 600)
SAMPLE = 2_000
CROWDS = ("gaussian", "uniform", "exponential", "log-normal", "correlated log-normal")


def mixing(rng: np.random.Generator, features: int) -> np.ndarray:
    """A random factor of a covariance matrix, from nearly round to nearly flat."""
    return rng.normal(size=(features, features + 1)) @ np.diag(rng.uniform(0.3, 2, features + 1))


def crowd(kind: str, rng: np.random.Generator, n: int, features: int) -> np.ndarray:
    normal = rng.normal(size=(n, features))
    factor = mixing(rng, features)
    related = rng.normal(size=(n, features + 1)) @ (factor / np.linalg.norm(factor, axis=1, keepdims=True)).T
    match kind:
        case "gaussian":
            return related * rng.uniform(0.5, 2, features)
        case "uniform":
            return rng.uniform(size=(n, features))
        case "exponential":
            return rng.exponential(size=(n, features))
        case "log-normal":
            return np.exp(normal * rng.uniform(0.3, 1, features))
    return np.exp(related * rng.uniform(0.3, 1, features))


def groups(rng: np.random.Generator, n: int, features: int) -> np.ndarray:
    """Three to six round groups of unequal size, the two nearest centres 5 to 6 standard deviations apart."""
    number = int(rng.integers(3, 7))
    centres = rng.normal(size=(number, features))
    apart = np.sqrt(((centres[:, None] - centres) ** 2).sum(axis=2))
    centres *= rng.uniform(5, 6) / apart[np.triu_indices(number, 1)].min()
    shares = np.maximum(rng.dirichlet(np.full(number, 6.0)), 0.05)
    return centres[rng.choice(number, n, p=shares / shares.sum())] + rng.normal(size=(n, features))


def scaled(points: np.ndarray) -> np.ndarray:
    """Standardised and clipped, as customer tables are."""
    away = (points - points.mean(axis=0)) / points.std(axis=0)
    return np.clip(away, -3.5, 3.5).astype(np.float32)[:SAMPLE]


def size(rng: np.random.Generator) -> tuple[int, int]:
    return int(np.exp(rng.uniform(np.log(300), np.log(MOST)))), int(rng.integers(2, 11))


def found(points: np.ndarray, seed: int) -> Structure:
    result = structure(scaled(points), seed=seed)
    assert isinstance(result, Structure)
    return result


@pytest.mark.parametrize("kind", CROWDS)
def test_a_crowd_is_taken_for_groups_in_at_most_five_of_a_hundred(kind: str) -> None:
    rng = np.random.default_rng([CROWDS.index(kind), 1])
    said = [found(crowd(kind, rng, *size(rng)), seed).beyond_one_group for seed in range(RUNS)]
    assert np.mean(said) <= 0.05


def test_separated_groups_are_seen_in_at_least_ninety_five_of_a_hundred() -> None:
    rng = np.random.default_rng(2)
    said = [found(groups(rng, *size(rng)), seed).beyond_one_group for seed in range(RUNS)]
    assert np.mean(said) >= 0.95


def test_identical_customers_are_never_groups() -> None:
    rng = np.random.default_rng(3)
    for seed in range(RUNS):
        n, features = size(rng)
        assert isinstance(structure(np.full((n, features), rng.normal(), dtype=np.float32), seed=seed), Unknown)


def buyers(rng: np.random.Generator, n: int) -> np.ndarray:
    """Recency, orders, spend and average order of one kind of buyer: gamma rates, log-normal baskets, two years."""
    joined = rng.uniform(0, 730, n)
    active = np.minimum(730 - joined, rng.exponential(rng.uniform(100, 1_000), n))
    repeats = rng.poisson(rng.gamma(rng.uniform(0.6, 3), 1 / rng.uniform(60, 500), n) * active)
    last = joined + np.where(repeats > 0, active * rng.random(n) ** (1 / np.maximum(repeats, 1)), 0)
    basket = np.exp(rng.normal(4, rng.uniform(0.2, 0.7), n) + rng.normal(0, 0.3, n) / np.sqrt(1 + repeats))
    spend = np.round(basket * (1 + repeats), 2)
    return np.log1p(np.stack((np.floor(730 - last) + 1, 1 + repeats, spend, spend / (1 + repeats)), axis=1))


def test_one_kind_of_buyer_is_not_taken_for_groups_because_orders_come_in_whole_numbers() -> None:
    rng = np.random.default_rng(4)
    said = [found(buyers(rng, size(rng)[0]), seed).beyond_one_group for seed in range(RUNS)]
    assert np.mean(said) <= 0.05
