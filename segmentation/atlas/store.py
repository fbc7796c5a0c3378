"""Maps on disk: a finished map is found again by what it was made from, never computed twice."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast, get_args

import numpy as np

from segmentation.atlas.landmarks import umap_map
from segmentation.atlas.map import Floats, Map, Method, Progress, silent
from segmentation.errors import WorkspaceBroken

ATLAS_VERSION = 1
"""Raised whenever the same input would give another map, so that maps kept on disk are not mistaken for new ones."""


@dataclass(frozen=True, slots=True)
class StoredMap:
    """Where one map is kept: `map-<key>.npy` (coordinates) and `map-<key>.json` (what it is) in `folder`.

    `folder` is the cache of one customer table, `workspace.cache(customers.fingerprint)`; features, seed and
    `ATLAS_VERSION` make the key. The two files appear at once or not at all: the coordinates come last.
    """

    folder: Path
    features: tuple[str, ...]
    seed: int

    @property
    def key(self) -> str:
        """A short name for this map within its folder, the same in every process."""
        made_from = json.dumps([ATLAS_VERSION, list(self.features), self.seed])
        return hashlib.blake2b(made_from.encode(), digest_size=8).hexdigest()

    @property
    def job(self) -> str:
        """A name for the work of computing it, unique across customer tables."""
        return f"map/{self.folder.name}/{self.key}"

    @property
    def matrix_file(self) -> Path:
        return self.folder / f"map-{self.key}-matrix.npy"

    def ask(self, matrix: Floats) -> dict[str, str | int]:
        """Put the scaled matrix where the worker finds it; returns the arguments of `compute_map`."""
        if not self.matrix_file.exists():
            _write(self.matrix_file, lambda file: np.save(file, matrix, allow_pickle=False))
        return {"folder": str(self.folder), "features": ",".join(self.features), "seed": self.seed}

    def load(self, customers: int) -> Map | None:
        """The finished map, or None where there is none for this number of customers (or it is damaged)."""
        try:
            about = json.loads(self._file("json").read_text(encoding="utf-8"))
            coordinates = np.load(self._file("npy"), allow_pickle=False)
        except (FileNotFoundError, ValueError, EOFError):
            return None
        fits = coordinates.shape == (customers, 2) and coordinates.dtype == np.float32
        if not fits or about.get("method") not in get_args(Method):
            return None
        method = cast("Method", about["method"])
        return Map(coordinates, method, int(about.get("landmarks", 0)), str(about.get("reason", "")))

    def save(self, finished: Map) -> None:
        """Keep the map; other processes see it whole or not at all. Raises WorkspaceBroken."""
        about = {"method": finished.method, "landmarks": finished.landmarks, "reason": finished.reason}
        text = json.dumps({**about, "features": self.features, "seed": self.seed, "atlas": ATLAS_VERSION}).encode()
        _write(self._file("json"), lambda file: file.write(text))
        _write(self._file("npy"), lambda file: np.save(file, finished.coordinates, allow_pickle=False))

    def _file(self, kind: str) -> Path:
        return self.folder / f"map-{self.key}.{kind}"


def compute_map(*, folder: str, features: str, seed: int, progress: Progress = silent) -> None:
    """The worker's task: read the matrix that `StoredMap.ask` left, make the map, keep it, remove the matrix.

    Raises WorkspaceBroken where the matrix is gone or nothing can be written.
    """
    stored = StoredMap(Path(folder), tuple(features.split(",")), seed)
    try:
        matrix = np.load(stored.matrix_file, allow_pickle=False)
    except (OSError, ValueError) as error:
        fact = "The customers for the map could not be read back."
        raise WorkspaceBroken(fact, evidence=str(error), next_step="Open the segments again.") from error
    finished = umap_map(matrix, seed=seed, progress=progress)
    progress(0.99, "Keeping the map")
    stored.save(finished)
    stored.matrix_file.unlink(missing_ok=True)


def warm_up() -> None:
    """Pay for importing and compiling UMAP before anyone waits for it: a map of some invented customers."""
    umap_map(np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32), seed=0)


def _write(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Write a file beside its place, then move it there. Raises WorkspaceBroken."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".map-", delete=False) as file:
            try:
                fill(cast("BinaryIO", file))
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            finally:
                Path(file.name).unlink(missing_ok=True)  # gone already where the move worked
    except OSError as error:
        raise WorkspaceBroken(
            "The map could not be kept.", evidence=str(error), next_step="Free some space."
        ) from error
