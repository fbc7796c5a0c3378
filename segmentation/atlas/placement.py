"""Where everyone goes once the landmarks lie: near the landmarks most like them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from segmentation.atlas.map import Floats
from segmentation.jobs import Progress

NEAREST = 5
ROUNDS = 2
# How sharply a landmark far off on the map is ignored: at this distance, in map units, it counts half.
REACH = 0.3
# A landmark may be passed over for one up to 25 % farther away: a third less searching, no loss on the map.
SLACK = 0.25
CHUNK = 50_000

Found = tuple[Floats, NDArray[np.intp]]
Chunk = tuple[slice, Found]


@contextmanager
def searching(landmarks: Floats, matrix: Floats) -> Iterator[Callable[[], Iterator[Chunk]]]:
    """Look up everyone's nearest landmarks on a second thread while the caller lays the landmarks out.

    Yields a function; calling it gives chunk after chunk of (rows, (distances, landmarks)), and lets the calling
    thread search too, from the end towards the middle. The result does not depend on who searched what.
    """
    tree = cKDTree(landmarks)
    chunks = [slice(s, min(s + CHUNK, len(matrix))) for s in range(0, len(matrix), CHUNK)]

    def search(rows: slice) -> Found:
        distances, nearest = tree.query(matrix[rows], k=NEAREST, eps=SLACK)
        return distances.astype(np.float32), nearest

    def found(waiting: list[tuple[slice, Future[Found]]]) -> Iterator[Chunk]:
        for rows, future in reversed(waiting):
            yield rows, search(rows) if future.cancel() else future.result()

    with ThreadPoolExecutor(max_workers=1) as side:
        waiting = [(rows, side.submit(search, rows)) for rows in chunks]
        yield lambda: found(waiting)


def place(chunks: Iterator[Chunk], layout: Floats, customers: int, progress: Progress) -> Floats:
    """Coordinates for everyone, float32 (customers, 2), from their nearest landmarks and the landmarks' `layout`."""
    coordinates = np.empty((customers, 2), dtype=np.float32)
    done = 0
    for rows, (distances, nearest) in chunks:
        coordinates[rows] = _among(distances, layout[nearest])
        done += len(distances)
        progress(done / customers, f"Placing {customers:,} customers")
    return coordinates


def _among(distances: Floats, places: Floats) -> Floats:
    """A place among landmarks: `distances` (n, k) in the features, `places` (n, k, 2) on the map.

    It starts at the nearest landmark and moves to the mean of the others weighted by likeness *and* by nearness on
    the map, the attraction of UMAP's own gradient: the plain mean of landmarks from two arms of the map would lie in
    the empty middle, among customers who are like neither. Whoever equals a landmark stays on it.
    """
    likeness = 1.0 / (distances * distances + np.float32(1e-6))
    here = places[:, 0].copy()
    for _ in range(ROUNDS):
        across = places[:, :, 0] - here[:, :1]
        up = places[:, :, 1] - here[:, 1:]
        weights = likeness / (1.0 + (across * across + up * up) / np.float32(REACH**2))
        weights /= weights.sum(axis=1, keepdims=True)
        here[:, 0] += (weights * across).sum(axis=1)
        here[:, 1] += (weights * up).sum(axis=1)
    same = distances[:, 0] == 0
    here[same] = places[same, 0]
    return here
