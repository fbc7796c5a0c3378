"""How far a map can be believed: are neighbours on the map alike in fact?"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from segmentation.atlas.map import Floats

NEIGHBOURS = 15


def trustworthiness(
    matrix: Floats, coordinates: Floats, *, rng: np.random.Generator, sample: int = 500, neighbours: int = NEIGHBOURS
) -> float:
    """Trustworthiness of a map, 0 to 1, estimated on `sample` random customers and exact for each of them.

    For each sampled customer, its `neighbours` nearest on the map are looked up among everyone and ranked by their
    distance among everyone in the features; a rank beyond `neighbours` costs in proportion. Where distances are equal,
    the best rank counts. With 3 × `neighbours` customers or fewer there is nothing to judge and the result is 1.
    Source: Venna & Kaski (2001), "Neighborhood preservation in nonlinear projection methods".
    """
    n = len(matrix)
    if n <= 3 * neighbours + 1:
        return 1.0
    asked = rng.choice(n, min(sample, n), replace=False)
    _, near = cKDTree(coordinates).query(coordinates[asked], k=neighbours + 1)
    cost = 0.0
    for row, customer in enumerate(asked):
        others = near[row][near[row] != customer][:neighbours]
        gaps = matrix - matrix[customer]
        distances = np.einsum("ij,ij->i", gaps, gaps)
        closer = np.searchsorted(np.sort(np.delete(distances, customer)), distances[others])
        cost += float(np.maximum(closer + 1 - neighbours, 0).sum())
    worst = len(asked) * neighbours * (2 * n - 3 * neighbours - 1) / 2
    return 1.0 - cost / worst
