"""Maps on disk: a finished map is found again by what it was made from, never computed twice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

import numpy as np

from segmentation import disk
from segmentation.atlas.landmarks import umap_map
from segmentation.atlas.map import Floats, Map, Method, Progress, silent
from segmentation.errors import WorkspaceBroken
from segmentation.workspace.checked import Fill, is_sound, make_folder, read_sealed, sealed_array, write_sealed

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
        if not is_sound(self.matrix_file):
            _write(self.matrix_file, lambda file: np.save(file, matrix, allow_pickle=False))
        return {"folder": str(self.folder), "features": ",".join(self.features), "seed": self.seed}

    def load(self, customers: int) -> Map | None:
        """The finished map, or None where there is none for this number of customers (or it is damaged)."""
        text, coordinates = read_sealed(self._file("json")), sealed_array(self._file("npy"))
        if text is None or coordinates is None:
            return None
        about = json.loads(text)
        fits = coordinates.shape == (customers, 2) and coordinates.dtype == np.float32
        if not fits or about.get("method") not in get_args(Method):
            return None
        method = cast("Method", about["method"])
        return Map(
            np.array(coordinates, dtype=np.float32),
            method,
            int(about.get("landmarks", 0)),
            str(about.get("reason", "")),
        )

    def save(self, finished: Map) -> None:
        """Keep the map; other processes see it whole or not at all. Raises WorkspaceBroken."""
        about = {"method": finished.method, "landmarks": finished.landmarks, "reason": finished.reason}
        text = json.dumps({**about, "features": self.features, "seed": self.seed, "atlas": ATLAS_VERSION}).encode()
        _write(self._file("json"), text)
        _write(self._file("npy"), lambda file: np.save(file, finished.coordinates, allow_pickle=False))

    def _file(self, kind: str) -> Path:
        return self.folder / f"map-{self.key}.{kind}"


def compute_map(*, folder: str, features: str, seed: int, progress: Progress = silent) -> None:
    """The worker's task: read the matrix that `StoredMap.ask` left, make the map, keep it, remove the matrix.

    Raises WorkspaceBroken where the matrix is gone or nothing can be written.
    """
    stored = StoredMap(Path(folder), tuple(features.split(",")), seed)
    matrix = sealed_array(stored.matrix_file)
    if matrix is None:
        fact = "The customers for the map could not be read back."
        evidence = f"{stored.matrix_file.name} is gone, or was not as it was written."
        raise WorkspaceBroken(fact, evidence=evidence, next_step="Open the segments again.")
    finished = umap_map(np.array(matrix, dtype=np.float32), seed=seed, progress=progress)
    progress(0.99, "Keeping the map")
    stored.save(finished)
    stored.matrix_file.unlink(missing_ok=True)


def warm_up() -> None:
    """Pay for importing and compiling UMAP before anyone waits for it: a map of some invented customers."""
    umap_map(np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32), seed=0)


def _write(path: Path, content: Fill | bytes) -> None:
    """Keep a file. Raises WorkspaceBroken."""
    try:
        make_folder(path.parent)
        write_sealed(path, content)
    except OSError as error:
        raise disk.refusal(
            error, "The map could not be kept.", path, evidence=f"{error}.", next_step="Check that it can be written."
        ) from error
