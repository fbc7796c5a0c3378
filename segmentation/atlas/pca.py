"""The map that is there at once: the two directions in which customers differ most."""

from __future__ import annotations

import numpy as np

from segmentation.atlas.map import Floats, checked

FITTED_ON = 20_000
BLOCK = 50_000


def pca_map(matrix: Floats) -> Floats:
    """Place customers along their two principal components.

    `matrix` is scaled features (n_customers, n_features), its first rows a random sample; the components are fitted
    on at most the first 20,000 rows. Returns float32 (n_customers, 2) in scaled units. A component's largest loading
    is positive, so the map does not flip between runs. With one feature, or none that varies, the missing axis is 0.
    Source: Pearson (1901), "On lines and planes of closest fit".
    """
    matrix = checked(matrix)
    components, centre = _components(matrix)
    coordinates = np.empty((len(matrix), 2), dtype=np.float32)
    for start in range(0, len(matrix), BLOCK):
        # einsum, unlike BLAS, adds up in one order whatever the number of threads: UMAP magnifies a last digit.
        np.einsum(
            "nf,fc->nc", matrix[start : start + BLOCK] - centre, components, out=coordinates[start : start + BLOCK]
        )
    return coordinates


def _components(matrix: Floats) -> tuple[Floats, Floats]:
    """Loadings (f, 2) and centre (f,) of the fitting sample."""
    sample = matrix[:FITTED_ON].astype(np.float64)
    features = matrix.shape[1]
    centre = sample.mean(axis=0) if len(sample) else np.zeros(features)
    sample -= centre
    spread = np.einsum("nf,ng->fg", sample, sample)
    _, vectors = np.linalg.eigh(spread)
    components = np.zeros((features, 2))
    kept = min(2, features)
    components[:, :kept] = vectors[:, ::-1][:, :kept]
    largest = components[np.abs(components).argmax(axis=0), np.arange(2)]
    components *= np.where(largest < 0, -1.0, 1.0)
    return components.astype(np.float32), centre.astype(np.float32)
