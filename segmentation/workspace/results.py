"""The store of results: what was worked out is kept between runs, whoever works it out.

    file = ResultFile.of(workspace.cache(version.fingerprint), "clv", layout, table, settings)
    file.keep(result)           # arrays beside it; other processes see it whole or not at all
    file.load(ClvResult)        # None where there is none, it was damaged, or it has another layout

A result is JSON (`codec`) and one .npy file for each array; all are sealed. The JSON is written last.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from segmentation.errors import TesseraError
from segmentation.workspace.checked import keep_sealed, read_sealed, sealed_array
from segmentation.workspace.codec import Array, from_json, to_json

Kept = TypeVar("Kept")
_FACT = "A result could not be kept."
NO_VALUE = (ValueError, KeyError, TypeError, TesseraError)
"""What says that something kept is not what is read: it is worked out again."""


def key_of(*made_from: object) -> str:
    """A short name for what something is made from, the same in every process: 20 hexadecimal digits."""
    return hashlib.sha256(json.dumps(to_json(made_from)).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class ResultFile:
    """Where one result is kept."""

    path: Path

    @classmethod
    def of(cls, folder: Path, kind: str, *made_from: object) -> ResultFile:
        """The file in `folder` for a result of this kind, made from these plain or frozen values."""
        return cls(folder / f"{kind}-{key_of(*made_from)}.json")

    @property
    def written(self) -> int | None:
        """When it was written, in nanoseconds; None where it is not there."""
        try:
            return self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def load(self, kind: type[Kept]) -> Kept | None:
        """The result, its arrays memory-mapped; None where there is none, or a part is damaged and gone now."""
        text = read_sealed(self.path)
        try:
            return None if text is None else from_json(kind, json.loads(text), self._array)
        except NO_VALUE:  # another layout under the same number, or an array is gone
            return None

    def keep(self, value: object) -> bool:
        """Keep a frozen value; False where the disk has no room for it. Raises WorkspaceBroken for other troubles."""
        arrays: list[Array] = []
        text = json.dumps(to_json(value, arrays)).encode()
        for place, one in enumerate(arrays):
            if not keep_sealed(self._beside(place), partial(np.save, arr=one, allow_pickle=False), _FACT):
                return False
        return keep_sealed(self.path, text, _FACT)

    def _array(self, place: int) -> Array:
        found = sealed_array(self._beside(place))
        if found is None:
            raise KeyError(place)
        return found

    def _beside(self, place: int) -> Path:
        return self.path.with_suffix(f".{place}.npy")
