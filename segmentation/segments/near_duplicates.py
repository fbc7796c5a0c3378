"""Features that say the same: together they count twice, which nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from segmentation.customers import CustomerTable

ALIKE = 0.85
"""From this absolute correlation on, two features are nearly one."""

_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """Two features with nearly the same message.

    kept: the one to keep.
    gone: the one to leave out.
    correlation: how closely they go together, 0 to 1, whatever the sign.
    """

    kept: str
    gone: str
    correlation: float


def near_duplicates(customers: CustomerTable, names: Sequence[str]) -> tuple[NearDuplicates, ...]:
    """Pairs of these features that say nearly the same on a sample of the customers, the strongest first.

    Of a pair the one that is less like the other features is kept; each feature is left out at most once.
    """
    points = customers.scaled(names)[:_SAMPLE].astype(np.float64)
    moving = [i for i in range(len(names)) if np.ptp(points[:, i]) > 0]
    if len(moving) < 2:
        return ()
    size = np.abs(np.corrcoef(points[:, moving].T))
    common = size.sum(axis=0)
    pairs: list[NearDuplicates] = []
    for i, j in sorted(combinations(range(len(moving)), 2), key=lambda pair: -size[pair]):
        if size[i, j] < ALIKE:
            break
        kept, gone = (i, j) if common[i] <= common[j] else (j, i)
        pair = NearDuplicates(names[moving[kept]], names[moving[gone]], float(size[i, j]))
        if not {pair.kept, pair.gone} & {other.gone for other in pairs}:
            pairs.append(pair)
    return tuple(pairs)
