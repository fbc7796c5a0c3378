"""The packages of a lock: name, version, where it is needed, and the SHA-256 of every file it may come as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
_REQUIREMENT = re.compile(
    r"(?P<name>[a-z0-9_.-]+)==(?P<version>[\w.+!-]+)(?:\s*;\s*(?P<marker>[^\\]*?))?\s*(?=--hash|$)"
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package. `marker` is "" where it is needed everywhere."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def packages(lock: Path = LOCK) -> tuple[Package, ...]:
    """Everything that a lock pins. Raises ValueError for a line that pins nothing."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return tuple(_package(line) for line in lines)


def _package(line: str) -> Package:
    found = _REQUIREMENT.match(line)
    hashes = tuple(_HASH.findall(line))
    if found is None or not hashes:
        raise ValueError(f"No pinned package with hashes: {line[:80]}")
    return Package(found["name"], found["version"], (found["marker"] or "").strip(), hashes)
