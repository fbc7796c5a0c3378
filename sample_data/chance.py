"""Draws built only on `Generator.random`, whose stream does not change between versions of numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


def source(seed: int, stage: int) -> np.random.Generator:
    """A generator of its own for each stage, so that one stage can change without moving the others."""
    return np.random.Generator(np.random.PCG64([seed, stage]))


def pick(weights: Sequence[float] | Floats, size: int, rng: np.random.Generator) -> Whole:
    """Indices drawn with chances proportional to `weights`; shape (size,)."""
    ladder = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(ladder, rng.random(size) * ladder[-1], side="right")
    return np.asarray(np.minimum(drawn, len(ladder) - 1), dtype=np.int64)


def pick_rows(weights: Floats, rng: np.random.Generator) -> Whole:
    """One column index per row of `weights`, by the row's own weights; shape (rows,)."""
    ladder = np.cumsum(weights, axis=1)
    level = rng.random(len(ladder)) * ladder[:, -1]
    drawn = (ladder <= level[:, None]).sum(axis=1)
    return np.asarray(np.minimum(drawn, weights.shape[1] - 1), dtype=np.int64)


def exponential(mean: float, size: int, rng: np.random.Generator, *, below: Floats | None = None) -> Floats:
    """Exponential waiting times, cut off at `below` where given (drawn from what remains, not clipped)."""
    reach = 1.0 if below is None else -np.expm1(-below / mean)
    return np.asarray(-mean * np.log1p(-rng.random(size) * reach))


def gamma(mean: float, shape: int, size: int, rng: np.random.Generator) -> Floats:
    """Gamma draws of a whole-numbered shape: the mean of `shape` exponentials."""
    return np.asarray(-mean * np.log1p(-rng.random((size, shape))).mean(axis=1))


def shuffled(size: int, rng: np.random.Generator) -> Whole:
    """A random order of 0..size-1."""
    return np.argsort(rng.random(size), kind="stable").astype(np.int64)
