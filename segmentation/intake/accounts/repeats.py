"""Rows that are there twice: inside one file, or already in the dataset from an earlier import.

Rows are compared by their 64-bit hash as multisets: a row that stands twice in the dataset and three times in the
file is new once. Among five million different rows two share a hash with chance 7e-7. Arrays of hashes are in
ascending order throughout, and are compared slice by slice, so that beside them only what is found takes memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]
"""Row hashes in ascending order; one that stands there twice is of two rows."""
Counts = npt.NDArray[np.int64]

MOST_MET = 50_000
"""Rows met again that are kept in mind, by reason; more say nothing more."""
_SLICE = 1 << 21
_T = TypeVar("_T", bound=np.generic)
_MERGED_AT = 12_000_000


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which of a file's `rows` go, and why.

    `listed` tells for some hashes how many of their rows stay (`stays`) and whether the dataset has none of them
    (`fresh`); of any other hash all rows stay and are fresh, or none, as `others` says. `repeats` tells how many rows
    of a hash go as repeats. `twice` holds the hashes that stand more than once in the file, `met` examples of those
    that go, with the reason.
    """

    rows: int
    repeated_rows: int
    dropped: int
    already_present: int
    others: bool
    listed: pa.Table
    repeats: pa.Table
    twice: Hashes
    met: pa.Table

    @property
    def kept(self) -> int:
        """Rows that stay."""
        return self.rows - self.dropped - self.already_present

    @property
    def nothing_goes(self) -> bool:
        """Whether every row stays."""
        return self.kept == self.rows


@dataclass(frozen=True, slots=True)
class _Slice:
    """A range of hashes: each one of the file's once, how many rows it has there, and how many of those go."""

    hashes: Hashes
    counts: Counts
    repeats: Counts
    present: Counts
    known: npt.NDArray[np.bool_]

    @property
    def stays(self) -> Counts:
        return self.counts - self.repeats - self.present


def sieve(
    file: Hashes, stored: Sequence[Hashes], *, drop: Hashes | None, drop_all: bool, others: bool | None = None
) -> Sieve:
    """What goes of the file's rows, given the rows stored before.

    Repeats go where `drop_all` says so, or where their hash is in `drop` (a line id proves the repeat). Without
    `others` the shorter list is made, judged by the first slice: any slice of hashes is like the others.
    """
    repeated = dropped = present = 0
    listed: list[tuple[Hashes, Counts, npt.NDArray[np.bool_]]] = []
    repeats: list[tuple[Hashes, Counts]] = []
    twice: list[Hashes] = []
    met: dict[str, list[Hashes]] = {"already_present": [], "repeated_row": []}
    for part in _slices(file, stored, drop, drop_all=drop_all):
        repeated += int(part.counts.sum()) - len(part.counts)
        dropped += int(part.repeats.sum())
        present += int(part.present.sum())
        if others is None:
            others = int(part.stays.sum()) * 2 >= int(part.counts.sum())
        telling = part.stays < part.counts if others else part.stays > 0
        listed.append((part.hashes[telling], part.stays[telling], ~part.known[telling]))
        twice.append(part.hashes[part.counts > 1])
        if dropped:
            repeats.append((part.hashes[part.repeats > 0], part.repeats[part.repeats > 0]))
        for reason, gone in (("already_present", part.present), ("repeated_row", part.repeats)):
            room = MOST_MET - sum(map(len, met[reason]))
            met[reason].append(part.hashes[gone > 0][:room])
    return Sieve(
        rows=len(file),
        repeated_rows=repeated,
        dropped=dropped,
        already_present=present,
        others=others is not False,
        listed=pa.table(
            {
                "row_key": arrow(_joined([one[0] for one in listed], np.uint64)),
                "stays": arrow(_joined([one[1] for one in listed], np.int64)),
                "fresh": arrow(_joined([one[2] for one in listed], np.bool_)),
            }
        ),
        repeats=pa.table(
            {
                "row_hash": arrow(_joined([one[0] for one in repeats], np.uint64)),
                "repeats": arrow(_joined([one[1] for one in repeats], np.int64)),
            }
        ),
        twice=_joined(twice, np.uint64),
        met=_examples(met),
    )


def _slices(file: Hashes, stored: Sequence[Hashes], drop: Hashes | None, *, drop_all: bool) -> Iterator[_Slice]:
    """The file's hashes range by range, compared with what is stored of each."""
    edges = np.linspace(0, 2.0**64, len(file) // _SLICE + 2)[1:-1].astype(np.uint64)
    of_stored = [np.split(one, np.searchsorted(one, edges)) for one in stored if len(one)]
    for at, rows in enumerate(np.split(file, np.searchsorted(file, edges))):
        hashes, counts = _counted(rows)
        times = np.zeros_like(counts)
        for one in of_stored:
            times += _times(hashes, one[at])
        repeats = np.zeros_like(counts)
        if drop_all:
            repeats = counts - 1
        elif drop is not None and len(drop):
            repeats = np.where(_member(hashes, drop), counts - 1, 0)
        yield _Slice(hashes, counts, repeats, np.minimum(times, counts - repeats), times > 0)


def shared(one: Hashes, other: Hashes) -> Hashes:
    """The values that stand in both, each once."""
    edges = np.linspace(0, 2.0**64, len(one) // _SLICE + 2)[1:-1].astype(np.uint64)
    pairs = zip(np.split(one, np.searchsorted(one, edges)), np.split(other, np.searchsorted(other, edges)), strict=True)
    found = [(mine := _different(part))[_member(mine, theirs)] for part, theirs in pairs]
    return _joined(found, np.uint64)


def arrow(values: npt.NDArray[np.generic]) -> pa.Array:
    """The array as an Arrow column over the same memory; Arrow's own way imports pandas first, which takes a second."""
    if values.dtype == np.bool_:
        packed = np.packbits(values.astype(np.bool_), bitorder="little")
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(packed)])
    kind = pa.uint64() if values.dtype == np.uint64 else pa.int64()
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def distinct(pieces: Iterable[Hashes]) -> int:
    """How many different values there are in all pieces together, in any order; holds the different ones only."""
    found: list[Hashes] = []
    held, merged = 0, 0
    for piece in pieces:
        found.append(_different(np.sort(piece)))
        held += len(found[-1])
        if held > 2 * merged + _MERGED_AT:
            found = [_different(np.sort(np.concatenate(found)))]
            held = merged = len(found[0])
    return len(_different(np.sort(np.concatenate(found)))) if found else 0


def _examples(met: dict[str, list[Hashes]]) -> pa.Table:
    tables = []
    for reason, found in met.items():
        hashes = _joined(found, np.uint64)
        tables.append(pa.table({"row_hash": arrow(hashes), "reason": pa.array([reason] * len(hashes), pa.string())}))
    return pa.concat_tables(tables)


def _joined(arrays: Sequence[npt.NDArray[_T]], kind: type[_T]) -> npt.NDArray[_T]:
    return np.concatenate(arrays) if arrays else np.empty(0, kind)


def _counted(ordered: Hashes) -> tuple[Hashes, Counts]:
    """Each value of an ordered array once, and how often it stands there."""
    places = np.flatnonzero(_first(ordered))
    return ordered[places], np.diff(places, append=len(ordered))


def _different(ordered: Hashes) -> Hashes:
    """Each value of an ordered array once; NumPy's own way builds a table of them, which takes ten times as long."""
    return ordered[_first(ordered)]


def _first(ordered: Hashes) -> npt.NDArray[np.bool_]:
    first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


def _member(values: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    """Which of the values stand in the ordered array `known`."""
    if not len(known):
        return np.zeros(len(values), bool)
    place = np.searchsorted(known, values)
    place[place == len(known)] = 0
    found: npt.NDArray[np.bool_] = known[place] == values
    return found


def _times(values: Hashes, ordered: Hashes) -> Counts:
    """How often each value stands in the ordered array."""
    return np.searchsorted(ordered, values, side="right") - np.searchsorted(ordered, values, side="left")


def once(first: pa.Table, more: list[pa.Table]) -> pa.Table:
    """Some of the rows that are met again with the reason, each once."""
    together = pa.concat_tables([first, *(one.cast(first.schema) for one in more)])
    return together.group_by(first.column_names).aggregate([])
