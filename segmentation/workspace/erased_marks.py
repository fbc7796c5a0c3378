"""Who was erased, in a file beside the key that the marks were made with: from it a list of shops made anew knows them.

It holds keyed hashes (see `privacy.erased_mark`) by the name of the shop, and nothing of the customers.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from segmentation.workspace.checked import read_sealed, write_sealed

MARKS = "erased.json"
Marks = dict[str, frozenset[str]]
"""The marks of erased customers by the name of the shop."""


def keep(registry: sqlite3.Connection, keys: Path) -> None:
    """Bring the registry and the file in `keys` together: neither forgets who was erased. Raises OSError."""
    listed, kept = _listed(registry), read(keys)
    if listed == kept:
        return
    if not registry.in_transaction:
        registry.execute("BEGIN IMMEDIATE")
    add(registry, keys)
    whole = {name: sorted(marks) for name, marks in sorted(_listed(registry).items())}
    write_sealed(keys / MARKS, json.dumps({"erased": whole}).encode())


def add(registry: sqlite3.Connection, keys: Path) -> bool:
    """List what the file in `keys` holds; False where there is none, or a damaged one."""
    kept = read(keys)
    rows = [(name, mark) for name, marks in (kept or {}).items() for mark in sorted(marks)]
    registry.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", rows)
    return kept is not None


def read(keys: Path) -> Marks | None:
    """What the file in `keys` holds; None where there is none, or a damaged one."""
    content = read_sealed(keys / MARKS)
    if content is None:
        return None
    return {str(name): frozenset(map(str, marks)) for name, marks in json.loads(content)["erased"].items()}


def _listed(registry: sqlite3.Connection) -> Marks:
    found: dict[str, set[str]] = {}
    for name, mark in registry.execute("SELECT name, mark FROM erased"):
        found.setdefault(name, set()).add(mark)
    return {name: frozenset(marks) for name, marks in found.items()}
