"""What a version of a dataset holds, as it is written beside its files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from segmentation.workspace.checked import digest

MANIFEST = "manifest.json"
PARTS = ("lines", "set_aside", "contacts", "campaigns", "passed")
LAYOUT = 2
"""Raised when the columns of stored files change, so that older ones are told apart."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One Parquet file as it was written: SHA-256 in hexadecimal, size in bytes, rows."""

    sha256: str
    bytes: int
    rows: int

    @classmethod
    def of(cls, path: Path) -> StoredFile:
        return cls(digest(path), path.stat().st_size, int(pq.read_metadata(path).num_rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a version holds. Money in the shop's currency; `first` and `last` are order dates. `tables` say for each
    table of the last import what it was: its name, platform, ledger. `name` is the shop's. `stored` lists the files by
    part and name; None in versions written before that was kept."""

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
    name: str = ""
    stored: dict[str, StoredFile] | None = None

    def to_json(self) -> str:
        """The manifest as JSON whose last entry is the SHA-256 of what stands before it."""
        body = json.dumps(
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
        return _sealed(body.removesuffix("\n}"))

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Raises ValueError, KeyError or TypeError where the text is none, or not the one that was written."""
        raw = json.loads(text)
        if not isinstance(raw, dict):
            raise ValueError("it is no JSON object")
        sealed = raw.pop("sha256", None) is not None or raw.get("stored") is not None
        if sealed and text != _sealed(text.rpartition(_SEAL)[0]):
            raise ValueError("its content does not match its check sum")
        stored = raw.get("stored")
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
                "stored": None if stored is None else {name: StoredFile(**one) for name, one in stored.items()},
            }
        )

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in a version's folder. Raises OSError, ValueError, KeyError or TypeError."""
        return cls.from_json((folder / MANIFEST).read_bytes().decode("utf-8"))


_SEAL = ',\n "sha256": '


def _sealed(body: str) -> str:
    return f'{body}{_SEAL}"{hashlib.sha256(body.encode()).hexdigest()}"\n}}'
