"""A version of a dataset: what it holds, where its files are, and how it is written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

PARTS = ("lines", "set_aside", "contacts", "campaigns", "passed")
LAYOUT = 2
"""Raised when the columns of stored files change, so that older ones are told apart."""
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a version holds. Money in the shop's currency; `first` and `last` are order dates. `tables` say for each
    table of the last import what it was: its name, platform, ledger."""

    fingerprint: str
    created: str
    files: tuple[str, ...]
    currency: str | None
    has: frozenset[str]
    first: date
    last: date
    customers: int
    orders: int
    guests: int
    lines: int
    revenue: Decimal
    ledger: dict[str, Any] = field(default_factory=dict)
    tables: tuple[dict[str, Any], ...] = ()
    layout: int = LAYOUT

    def to_json(self) -> str:
        return json.dumps(
            {
                **asdict(self),
                "files": list(self.files),
                "tables": list(self.tables),
                "has": sorted(self.has),
                "first": self.first.isoformat(),
                "last": self.last.isoformat(),
                "revenue": str(self.revenue),
            },
            indent=1,
            default=str,
        )

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        raw = json.loads(text)
        return cls(
            **{
                **raw,
                "files": tuple(raw["files"]),
                "tables": tuple(raw.get("tables", ())),
                "layout": raw.get("layout", 1),
                "has": frozenset(raw["has"]),
                "first": date.fromisoformat(raw["first"]),
                "last": date.fromisoformat(raw["last"]),
                "revenue": Decimal(raw["revenue"]),
            }
        )


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """One immutable version of a dataset and where its Parquet files are."""

    name: str
    dataset_id: str
    number: int
    folder: Path
    manifest: Manifest

    @property
    def fingerprint(self) -> str:
        return self.manifest.fingerprint

    def files(self, part: str) -> list[Path]:
        return sorted((self.folder / part).glob("*.parquet"))

    @property
    def lines(self) -> list[Path]:
        return self.files("lines")

    @property
    def set_aside(self) -> list[Path]:
        return self.files("set_aside")

    @property
    def contacts(self) -> list[Path]:
        return self.files("contacts")

    @property
    def campaigns(self) -> list[Path]:
        return self.files("campaigns")

    @property
    def passed(self) -> list[Path]:
        return self.files("passed")


class Draft:
    """A version being written: fill `folder / part`, then `publish`.

    `erased` are the marks of customers who were erased from the dataset and are left out.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        previous: DatasetVersion | None,
        number: int,
        register: Callable[[Draft, Manifest], DatasetVersion],
        *,
        erased: frozenset[str],
        stands: Callable[[Draft], None],
    ) -> None:
        self._register = register
        self._stands = stands
        self.erased = erased
        self.name = name
        self.folder = folder
        self.previous = previous
        self.number = number

    def check(self) -> None:
        """Raise WorkspaceBroken where the dataset was deleted, or a customer erased from it, since this was begun."""
        self._stands(self)

    def publish(self, manifest: Manifest) -> DatasetVersion:
        """Make the version durable and visible; from here on it never changes."""
        write_manifest(self.folder, manifest)
        make_durable(self.folder)
        return self._register(self, manifest)

    def unpublished(self, manifest: Manifest) -> DatasetVersion:
        """The version as it would be; its files are gone with the draft."""
        known = self.previous.dataset_id if self.previous else ""
        return DatasetVersion(self.name, known, self.number, self.folder, manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write what a version holds beside its files."""
    (folder / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")


def make_durable(folder: Path) -> None:
    """Sync every file of a version that is about to count; contacts are for their owner only."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            if file.parent.name == "contacts":
                file.chmod(PRIVATE_FILE)
            sync(file)


def sync(path: Path) -> None:
    """Make a file or a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
