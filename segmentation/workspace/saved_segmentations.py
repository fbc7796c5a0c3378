"""Segmentations people saved, each with its versions, and the customer lists they pinned."""

from __future__ import annotations

import hashlib
import io
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from segmentation import disk
from segmentation.errors import CallError, WorkspaceBroken, WrongCall
from segmentation.workspace.checked import digest, make_folder, write
from segmentation.workspace.folder import Workspace
from segmentation.workspace.sweeping import LISTS
from segmentation.workspace.unchanged import unless_changed

LONGEST_TITLE, LONGEST_NOTE = 60, 2_000
_SUM = "sha256"
"""What the check sum of a list is called among what is noted in its file."""


class SegmentationNotFound(CallError):
    """A saved segmentation that is not, or no longer, there."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        super().__init__(
            f"There is no saved segmentation “{identity}”.",
            next_step="It may have been deleted: choose another one, or save it again.",
        )


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved segmentation: `number` counts the versions of its name; `key` says how it was made and `body` (JSON)
    holds what is needed to assign customers without fitting again. `created` is an ISO time in UTC."""

    identity: str
    dataset_id: str
    name: str
    number: int
    note: str
    created: str
    key: str
    body: str

    @property
    def title(self) -> str:
        """The name, with the version from the second one on."""
        return self.name if self.number == 1 else f"{self.name} (version {self.number})"


class SavedSegmentations:
    """The saved segmentations and lists of one dataset."""

    def __init__(self, workspace: Workspace, dataset_id: str) -> None:
        self._workspace = workspace
        self._dataset_id = dataset_id
        self._lists = workspace.datasets_folder / dataset_id / LISTS

    def save(self, name: str, *, key: str, body: str, created: str, note: str = "") -> Saved:
        """Keep a segmentation under a name; the same name again is its next version, and nothing is overwritten.

        Raises WrongCall for a name without a visible character.
        """
        title = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:LONGEST_TITLE].rstrip()
        if not title:
            raise WrongCall("A saved segmentation needs a name.", next_step="Type one and save again.")
        identity = uuid.uuid4().hex[:12]
        with self._workspace.registry() as registry:
            registry.execute("BEGIN IMMEDIATE")
            (before,) = registry.execute(
                "SELECT coalesce(MAX(number), 0) FROM segmentations WHERE dataset_id = ? AND name = ?",
                (self._dataset_id, title),
            ).fetchone()
            saved = Saved(identity, self._dataset_id, title, before + 1, note[:LONGEST_NOTE], created, key, body)
            registry.execute(
                "INSERT INTO segmentations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (identity, self._dataset_id, title, saved.number, saved.note, created, key, body),
            )
        return saved

    def all(self) -> tuple[Saved, ...]:
        """Every saved segmentation, the newest first; without its body, which `get` reads."""
        columns = "id, dataset_id, name, number, note, created, key, ''"
        return unless_changed(self._workspace, ("segmentations", self._dataset_id), lambda: self._read(columns, ""))

    def get(self, identity: str) -> Saved:
        """One saved segmentation; raises SegmentationNotFound."""
        saved = self._read("id, dataset_id, name, number, note, created, key, body", identity)
        if not saved:
            raise SegmentationNotFound(identity)
        return saved[0]

    def _read(self, columns: str, identity: str) -> tuple[Saved, ...]:
        with self._workspace.registry() as registry:
            rows = registry.execute(
                f"SELECT {columns} FROM segmentations WHERE dataset_id = ? AND ? IN ('', id)"  # noqa: S608 - ours
                " ORDER BY created DESC, rowid DESC",
                (self._dataset_id, identity),
            ).fetchall()
        return tuple(Saved(*row) for row in rows)

    def annotate(self, identity: str, note: str) -> Saved:
        """Write another note to a saved segmentation; raises SegmentationNotFound."""
        saved = self.get(identity)
        with self._workspace.registry() as registry:
            registry.execute("UPDATE segmentations SET note = ? WHERE id = ?", (note[:LONGEST_NOTE], saved.identity))
        return self.get(identity)

    def delete(self, identity: str) -> None:
        """Forget one; raises SegmentationNotFound."""
        saved = self.get(identity)
        with self._workspace.registry() as registry:
            registry.execute("DELETE FROM segmentations WHERE id = ?", (saved.identity,))

    def keep_list(self, ids: pa.Array) -> str:
        """Keep a list of customers; returns its id, which is the same for the same customers."""
        ordered = pc.unique(ids).take(pc.sort_indices(pc.unique(ids)))
        identity = _sum(ordered)[:16]
        if self._kept(identity) is None:
            with disk.writing("The list of customers could not be kept.", self._lists):
                make_folder(self._lists)
            write_list(self._file(identity), ordered)
        return identity

    def list_of(self, identity: str) -> pa.Array:
        """The customer ids of a kept list. Raises WrongCall where there is none, WorkspaceBroken for a damaged one."""
        if not identity.isalnum() or not self._file(identity).exists():
            raise WrongCall(
                f"The customer list “{identity}” is not kept here.", next_step="Unpin it, or pin the customers again."
            )
        found = self._kept(identity)
        if found is None:
            raise WorkspaceBroken(
                f"The customer list “{identity}” is damaged.",
                evidence=f"{self._file(identity).name} does not hold the customers it was written with.",
                next_step="Unpin it, or pin the customers again.",
            )
        return found

    def damaged_lists(self) -> tuple[str, ...]:
        """The files of kept lists that are not as they were written."""
        names = sorted(file.stem for file in self._lists.glob("*.parquet"))
        return tuple(f"lists/{name}.parquet" for name in names if self._kept(name) is None)

    def _kept(self, identity: str) -> pa.Array | None:
        """The list of this id as it was written; None where there is none, or it is damaged."""
        try:
            return _read(self._file(identity), identity, digest(self._file(identity)))
        except (OSError, KeyError, ValueError):  # Arrow's errors are among them
            return None

    def _file(self, identity: str) -> Path:
        return self._lists / f"{identity}.parquet"


def write_list(file: Path, ids: pa.Array) -> None:
    """Write a list of customers with the check sum that reading it compares."""
    table = pa.table({"customer_id": ids}).replace_schema_metadata({_SUM: _sum(ids)})
    with disk.writing("The list of customers could not be kept.", file.parent):
        write(file, lambda draft: pq.write_table(table, draft))


@lru_cache(maxsize=32)
def _read(file: Path, identity: str, content: str) -> pa.Array | None:  # noqa: ARG001 - part of the cache key
    table = pq.read_table(io.BytesIO(file.read_bytes()))
    found = table["customer_id"].combine_chunks()
    noted = (table.schema.metadata or {}).get(_SUM.encode())
    found_sum = _sum(found)
    whole = found_sum[:16] == identity if noted is None else found_sum.encode() == noted  # older lists are named by it
    return found if whole else None


def _sum(ids: pa.Array) -> str:
    found = hashlib.sha256()
    for one in ids.to_pylist():
        found.update(str(one).encode() + b"\n")
    return found.hexdigest()
