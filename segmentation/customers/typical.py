"""What is typical of customers: quantiles from counts of a feature's codes, the same for groups and everyone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from segmentation.customers.scaling import FloatArray
from segmentation.customers.table import CustomerTable


def quantile(below: npt.NDArray[np.intp], levels: FloatArray, q: float) -> FloatArray:
    """The q-quantile of each row by linear interpolation between customers, from cumulated counts per level."""
    rank = q * np.maximum(below[:, -1] - 1, 0)
    last = len(levels) - 1
    lower = levels[np.minimum((below <= np.floor(rank)[:, None]).sum(axis=1), last)]
    upper = levels[np.minimum((below <= np.ceil(rank)[:, None]).sum(axis=1), last)]
    return np.asarray(lower + (upper - lower) * (rank - np.floor(rank)))


def median(customers: CustomerTable, name: str) -> float:
    """The value of the feature that half of all customers are below, as profiles have it; NaN where nobody has one."""
    levels = customers.levels(name)
    if not len(levels):
        return float("nan")
    counts = np.bincount(customers.codes(name), minlength=len(levels))[: len(levels)]
    return float(quantile(counts.cumsum()[None, :], levels, 0.5)[0])
