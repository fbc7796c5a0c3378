"""The files of lines that a dataset has: their rows' hashes, and what each file tells of a line."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from segmentation.engine.reading import ImportConnection
from segmentation.intake.accounts.repeats import Hashes
from segmentation.intake.store import filled_columns, notes
from segmentation.intake.typed import Staged

_FILLED = {"product": "product", "quantity": "quantity", "line": "line_id", "status": "status"}


class Stored:
    """The files of lines in the draft so far, with the hashes of their rows."""

    def __init__(self) -> None:
        self.hashes: dict[Path, Hashes] = {}

    def add(self, path: Path, hashes: Hashes) -> None:
        """Take note of a file that was written."""
        self.hashes[path] = hashes

    @property
    def paths(self) -> list[Path]:
        return [path for path, hashes in self.hashes.items() if len(hashes)]


def numbered(path: Path) -> bool:
    """Whether the orders of a file have numbers."""
    return notes(path).get("identity", "rows") != "rows"


def groups(connection: ImportConnection, staged: Staged, stored: Stored) -> dict[frozenset[str], list[Path]]:
    """The stored files by what both they and the staged file tell of a line; those that tell most come first."""
    mine = _told(connection, staged.path)
    groups: dict[frozenset[str], list[Path]] = defaultdict(list)
    for path in stored.paths:
        both = mine & _told(connection, path)
        groups[both if "order" in both else both - {"line", "status"}].append(path)
    return dict(sorted(groups.items(), key=lambda item: -len(item[0])))


def _told(connection: ImportConnection, path: Path) -> frozenset[str]:
    """What a file of lines tells of each, of FIELDS."""
    identity, filled = notes(path).get("identity", "rows"), filled_columns(path)
    found = {name for name, column in _FILLED.items() if column in filled}
    connection.show("stored", [path])
    if connection.row("import_told")["by_minute"]:
        found.add("minute")
    if identity != "line":
        found.discard("line")
    return frozenset(found | ({"order"} if identity != "rows" else set()))
