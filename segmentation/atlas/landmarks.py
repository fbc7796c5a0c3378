"""The UMAP map: some thousand customers are laid out, everyone else is placed among them."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from segmentation.atlas.map import Floats, Map, checked
from segmentation.atlas.pca import pca_map
from segmentation.atlas.placement import place, searching
from segmentation.jobs import Progress, silent

LANDMARKS = 8_000
FEWEST = 40
NEIGHBOURS = 15
# Thrice UMAP’s own: customers fill areas instead of threads; still more would cost trustworthiness.
CLOSEST = 0.3
# Fewer landmarks get more rounds; above 3,000 more rounds cost seconds and change nothing one can see.
EPOCHS, EPOCHS_WHEN_FEW, FEW = 200, 500, 3_000
LAID_OUT_AT, PLACED_AT = 0.85, 0.99


def umap_map(matrix: Floats, *, seed: int, progress: Progress = silent) -> Map:
    """Place customers so that those alike lie close together.

    `matrix` is scaled features (n_customers, n_features), its first rows a random sample. UMAP (15 neighbours, exact,
    started from PCA) lays out the first 8,000 customers that differ from each other; everyone else goes near the
    landmarks most like them, identical customers to the same place. Fewer than 40 different customers, or customers
    that differ along one line only, get their PCA map and the reason.

    The same matrix and seed give the same map on the same machine and library versions, whatever the number of
    threads. Another order of rows is another sample of landmarks: tables here are ordered by a hash of the customer.
    Source: McInnes, Healy & Melville (2018), "UMAP: Uniform Manifold Approximation and Projection".
    """
    matrix = checked(matrix)
    landmarks = _different(matrix)
    if len(landmarks) < FEWEST:
        reason = f"Different customers here: {len(landmarks):,}, too few for neighbourhoods."
        return Map(pca_map(matrix), "pca", reason=reason)
    start = pca_map(landmarks)
    if (np.ptp(start, axis=0) < 1e-3).any():
        return Map(pca_map(matrix), "pca", reason="Customers differ along one line only: there is nothing to unfold.")
    with searching(landmarks, matrix) as found:
        progress(0.02, "Finding who is like whom")
        layout = _lay_out(
            landmarks, start, seed, lambda share, text: progress(0.05 + share * (LAID_OUT_AT - 0.05), text)
        )
        coordinates = place(
            found(),
            layout,
            len(matrix),
            lambda share, text: progress(LAID_OUT_AT + share * (PLACED_AT - LAID_OUT_AT), text),
        )
    return Map(coordinates, "umap", landmarks=len(landmarks))


def _different(matrix: Floats) -> Floats:
    """The first rows that differ from each other, at most LANDMARKS of them, in their order."""
    # Twice as many rows are looked at, so that shops with many one-time buyers alike still get their landmarks.
    first = matrix[: 2 * LANDMARKS] + np.float32(0.0)  # -0.0 becomes 0.0: equal customers have equal bytes
    _, rows = np.unique(first, axis=0, return_index=True)
    kept: Floats = first[np.sort(rows)[:LANDMARKS]]
    return kept


def _lay_out(landmarks: Floats, start: Floats, seed: int, progress: Progress) -> Floats:
    """UMAP of the landmarks, float32 (n_landmarks, 2), the centre at 0."""
    import umap  # noqa: PLC0415 - takes seconds to import, so only the worker that needs it pays

    neighbours = min(NEIGHBOURS, len(landmarks) - 1)
    distances, nearest = cKDTree(landmarks).query(landmarks, k=neighbours)
    epochs = EPOCHS_WHEN_FEW if len(landmarks) <= FEW else EPOCHS
    with warnings.catch_warnings():
        # That new customers cannot be transformed, and that a seed means one thread: both are wanted.
        warnings.filterwarnings("ignore", category=UserWarning, module="umap")
        layout: NDArray[np.float32] = umap.UMAP(
            n_neighbors=neighbours,
            n_epochs=epochs,
            min_dist=CLOSEST,
            init=start,
            random_state=seed,
            n_jobs=1,
            precomputed_knn=(nearest, distances.astype(np.float32)),
            tqdm_kwds={"file": _Epochs(epochs, progress), "disable": False, "bar_format": "{n}", "mininterval": 0.1},
        ).fit_transform(landmarks)
    return np.ascontiguousarray(layout - (layout.min(axis=0) + layout.max(axis=0)) / 2, dtype=np.float32)


class _Epochs(io.StringIO):
    """Takes the progress bar that UMAP writes, and passes on how far it is."""

    def __init__(self, epochs: int, progress: Progress) -> None:
        super().__init__()
        self._epochs = epochs
        self._progress = progress

    def write(self, text: str) -> int:
        number = text.strip()
        if number.isdigit():
            self._progress(int(number) / self._epochs, "Laying out the map")
        return len(text)
