"""The map of customers: the first one at once, the UMAP one against umap-learn on everyone."""

from __future__ import annotations

import numpy as np
import umap

from segmentation.analysis.work import warm_up_maps
from segmentation.atlas import pca_map, trustworthiness, umap_map
from segmentation.customers import CustomerTable
from tests.benchmarks.customers import customers
from tests.benchmarks.rows import Row, against, at_most, best_of, timed

ROUNDS = 3
SIZES = {200_000: 6.0, 1_000_000: 12.0}
FIRST_MAP_SECONDS = 0.5
SEED = 0


def measure(quick: bool) -> list[Row]:
    """Seconds of both maps, and how far the neighbourhoods of ours can be trusted beside a full fit's."""
    warm_up_maps()  # what a worker has done before anyone asks
    rows = []
    compared, *larger = SIZES
    matrix = scaled(customers(sized(compared, quick)))
    (first,) = best_of(ROUNDS, lambda: pca_map(matrix))
    rows.append(at_most(f"First map (PCA) of {len(matrix):,} customers, s", first, FIRST_MAP_SECONDS))
    seconds, ours = timed(lambda: umap_map(matrix, seed=SEED))
    name = f"UMAP map of {len(matrix):,} customers in a warm worker, s"
    rows.append(at_most(name, seconds, SIZES[compared]))
    for size in larger:
        more = scaled(customers(sized(size, quick)))
        longer, _ = timed(lambda more=more: umap_map(more, seed=SEED))
        rows.append(at_most(f"UMAP map of {len(more):,} customers in a warm worker, s", longer, SIZES[size]))
    full_seconds, full = timed(lambda: umap.UMAP().fit_transform(matrix))
    rows.append(against(name, seconds, full_seconds, "umap-learn on everyone", most=1 / 25))
    trusted, reference = (
        trustworthiness(matrix, coordinates, rng=np.random.default_rng(SEED), sample=1_000)
        for coordinates in (ours.coordinates, np.asarray(full, dtype=np.float32))
    )
    name = f"Trustworthiness (15 neighbours) of {len(matrix):,} customers"
    return [*rows, against(name, trusted, reference, "umap-learn on everyone", least=0.98)]


def sized(size: int, quick: bool) -> int:
    """The number of customers of this run."""
    return size // 10 if quick else size


def scaled(table: CustomerTable) -> np.ndarray:
    """The matrix the studio maps when nobody has chosen features."""
    return table.scaled(table.default_features())
