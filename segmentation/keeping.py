"""Where results of a dataset are kept on disk between runs, whoever works them out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from segmentation import disk
from segmentation.customers import CustomerTable
from segmentation.engine import DuckEngine
from segmentation.records import read, told
from segmentation.workspace import DatasetVersion, Workspace
from segmentation.workspace.checked import Fill, keep_sealed, read_sealed, sealed_array

Plain = str | int | float | bool | None
Kept = TypeVar("Kept")


def silent(_share: float, _text: str) -> None:
    """A `Progress` for whoever does not watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The customers something is worked out for, in plain values that any process understands."""

    root: str
    dataset: str
    number: int
    as_of: str
    table: str
    fingerprint: str

    @classmethod
    def of(cls, workspace: Workspace, version: DatasetVersion, customers: CustomerTable) -> Where:
        return cls(
            root=str(workspace.root),
            dataset=version.name,
            number=version.number,
            as_of=customers.as_of.isoformat(),
            table=customers.plain,
            fingerprint=version.fingerprint,
        )

    def open(self) -> tuple[Workspace, DatasetVersion]:
        """The workspace and the version. Raises SettingOutOfRange where it is gone, VersionDamaged where it is that."""
        workspace = Workspace.open(self.root)
        return workspace, workspace.version(self.dataset, self.number)

    def file(self, kind: str, layout: int, *made_from: object) -> Path:
        """Where a result of this kind is kept; `layout` is raised when it is worked out differently."""
        stamp = json.dumps([layout, self.table, *made_from])
        key = hashlib.sha256(stamp.encode()).hexdigest()[:20]
        return Workspace(Path(self.root)).cache(self.fingerprint) / f"{kind}-{key}.json"


def load(kind: type[Kept], file: Path) -> Kept | None:
    """The value kept there; None where there is none, or it was damaged and is gone now."""
    text = read_sealed(file)
    try:
        return None if text is None else read(kind, json.loads(text))
    except (ValueError, KeyError, TypeError):  # another layout under the same number
        return None


def load_array(file: Path) -> npt.NDArray[np.generic] | None:
    """The array kept there, memory-mapped; None as `load`."""
    return sealed_array(file)


def save(file: Path, value: object) -> None:
    """Keep a frozen value as JSON, where the disk takes it. Raises WorkspaceBroken for other troubles."""
    _write(file, json.dumps(told(value)).encode())


def keep_array(file: Path, values: npt.NDArray[np.generic]) -> None:
    """Keep an array as .npy, as `save`."""
    _write(file, lambda draft: np.save(draft, values, allow_pickle=False))


class Stored(Protocol):
    """Where a result is kept."""

    @property
    def file(self) -> Path: ...

    def load(self) -> object | None: ...


def must_be_kept(stored: Stored) -> None:
    """Raise DiskFull where a result that another process waits for could not be kept."""
    if stored.load() is None:
        raise disk.not_kept("The result was worked out and could not be kept.", stored.file.parent)


def _write(file: Path, content: Fill | bytes) -> None:
    keep_sealed(file, content, "A result could not be kept.")


@cache
def engine_of(root: str) -> DuckEngine:
    """This process's engine over a workspace, for workers."""
    return DuckEngine.open(Path(root))
