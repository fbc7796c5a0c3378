"""Rows that are there twice: inside one file, or already in the dataset from an earlier import.

Rows are compared by their 64-bit hash as multisets: a row that stands twice in the dataset and three times in the
file is new once. Among five million different rows two share a hash with chance 7e-7.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]

_MERGED_AT = 12_000_000


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which of a file's `rows` go, and why. The arrays are aligned: one entry per hash that stands more than once in
    the file or is stored already, with how often it stands in the file and how many of those go."""

    rows: int
    hashes: Hashes
    counts: Counts
    repeats: Counts
    present: Counts

    @property
    def repeated_rows(self) -> int:
        """Rows of the file that repeat an earlier one."""
        return int(self.counts.sum()) - len(self.counts)

    @property
    def dropped(self) -> int:
        """Repeats that go."""
        return int(self.repeats.sum())

    @property
    def already_present(self) -> int:
        """Rows that the dataset already has."""
        return int(self.present.sum())

    @property
    def kept(self) -> int:
        """Rows that stay."""
        return self.rows - self.dropped - self.already_present

    @property
    def nothing_goes(self) -> bool:
        """Whether every row stays."""
        return self.kept == self.rows

    def table(self) -> pa.Table:
        """One row per hash of which something goes: `row_hash`, `repeats`, `present`, `kept` (how many stay)."""
        gone = (self.repeats + self.present) > 0
        kept = self.counts - self.repeats - self.present
        return pa.table(
            {
                "row_hash": arrow(self.hashes[gone]),
                "repeats": arrow(self.repeats[gone]),
                "present": arrow(self.present[gone]),
                "kept": arrow(kept[gone]),
            }
        )


def sieve(file: Hashes, stored: Hashes, *, drop: Hashes | None, drop_all: bool) -> Sieve:
    """What goes of the file's rows, given the rows stored before.

    Repeats go where `drop_all` says so, or where their hash is in `drop` (a line id proves the repeat).
    """
    ordered = np.sort(file)
    stored = np.sort(stored)
    again = np.concatenate((np.zeros(min(1, len(ordered)), bool), ordered[1:] == ordered[:-1]))
    hashes = _different(ordered[again | _member(ordered, stored)])
    counts, times = _times(hashes, ordered), _times(hashes, stored)
    repeats = np.zeros_like(counts)
    if drop_all:
        repeats = counts - 1
    elif drop is not None and len(drop):
        repeats = np.where(_member(hashes, np.sort(drop)), counts - 1, 0)
    return Sieve(len(file), hashes, counts, repeats, np.minimum(times, counts - repeats))


def shared(one: Hashes, other: Hashes) -> Hashes:
    """The values that stand in both, each once, in order."""
    ordered = _different(np.sort(one))
    return ordered[_member(ordered, np.sort(other))]


def arrow(values: Hashes | Counts) -> pa.Array:
    """The array as an Arrow column over the same memory; Arrow's own way imports pandas first, which takes a second."""
    kind = pa.uint64() if values.dtype == np.uint64 else pa.int64()
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def distinct(pieces: Iterable[Hashes]) -> int:
    """How many different values there are in all pieces together; holds the different ones only."""
    found: list[Hashes] = []
    held, merged = 0, 0
    for piece in pieces:
        found.append(_different(np.sort(piece)))
        held += len(found[-1])
        if held > 2 * merged + _MERGED_AT:
            found = [_different(np.sort(np.concatenate(found)))]
            held = merged = len(found[0])
    return len(_different(np.sort(np.concatenate(found)))) if found else 0


def _different(ordered: Hashes) -> Hashes:
    """Each value of an ordered array once; NumPy's own way builds a table of them, which takes ten times as long."""
    first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def _member(ordered: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    """Which of the ordered values stand in the ordered array `known`."""
    if not len(known):
        return np.zeros(len(ordered), bool)
    place = np.searchsorted(known, ordered)
    place[place == len(known)] = 0
    found: npt.NDArray[np.bool_] = known[place] == ordered
    return found


def _times(values: Hashes, ordered: Hashes) -> Counts:
    """How often each value stands in the ordered array."""
    return np.searchsorted(ordered, values, side="right") - np.searchsorted(ordered, values, side="left")
