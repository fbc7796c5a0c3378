"""How far two segmentations of the same customers agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from segmentation.customers import CodeArray


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Two segmentations side by side.

    flows: customers in each pair of segments, shape (groups before, groups after).
    stay: the share (0..1) of everyone who is in the largest flow out of their segment.
    adjusted_rand: 1 for the same groups and 0 on average by chance.
    """

    flows: npt.NDArray[np.int64]
    stay: float
    adjusted_rand: float


def agreement(before: CodeArray, after: CodeArray, groups_before: int, groups_after: int) -> Agreement:
    """Two labellings of the same customers, shape (n,), compared.

    Source: Hubert & Arabie (1985), "Comparing partitions", eq. 5.
    """
    pairs = before.astype(np.intp) * groups_after + after
    flows = np.bincount(pairs, minlength=groups_before * groups_after).reshape(groups_before, groups_after)
    both, rows, columns = (_pairs(counts) for counts in (flows, flows.sum(axis=1), flows.sum(axis=0)))
    everyone = _pairs(np.array([len(before)]))
    expected = rows * columns / everyone if everyone else 0.0
    most = (rows + columns) / 2
    rand = 1.0 if most == expected else (both - expected) / (most - expected)
    return Agreement(flows.astype(np.int64), float(flows.max(axis=1).sum() / max(len(before), 1)), float(rand))


def _pairs(counts: npt.NDArray[np.intp]) -> float:
    exact = counts.astype(np.float64)
    return float((exact * (exact - 1) / 2).sum())
