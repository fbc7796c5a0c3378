"""What rejected rows say of a customer: they are kept with all their fields, whatever the columns were taken for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from segmentation.erasure.person import Person
from segmentation.intake.erased import Marks
from segmentation.intake.sources import rejected_key
from segmentation.intake.store import notes
from segmentation.meaning.mapping import Mapping, header_key
from segmentation.meaning.vocabulary.placeholders import is_placeholder
from segmentation.meaning.words import HEADER_WORDS, plain

Recall = Callable[[str], str | None]
"""The mapping that is remembered under a key."""
Cells = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows of a file have the customer, the order, the parts of a name, whole names and phone numbers: as it
    was imported, else as its headers say."""

    customer: int | None = None
    order: int | None = None
    parts: tuple[int, ...] = ()
    names: tuple[int, ...] = ()
    phones: tuple[int, ...] = ()

    @classmethod
    def of(cls, path: Path, recall: Recall) -> Places:
        """The places of a stored file of rejected rows."""
        headers: list[str] = json.loads(notes(path).get("headers", "[]"))
        text = recall(rejected_key(headers)) or recall(header_key(headers))
        meant = Mapping.from_toml(text).columns() if text is not None else {}

        def places(meaning: str) -> tuple[int, ...]:
            header = meant.get(meaning)
            if header in headers:
                return (headers.index(header),)
            free = (at for at, one in enumerate(headers) if one not in meant.values())
            return tuple(at for at in free if plain(headers[at]) in HEADER_WORDS[meaning])

        customer, order = places("customer")[:1], places("order")[:1]
        first, last = places("first_name")[:1], places("last_name")[:1]
        return cls(
            customer=customer[0] if customer else None,
            order=order[0] if order else None,
            parts=(*first, *last) if first and last else (),
            names=places("name"),
            phones=places("phone"),
        )


def with_rejected(person: Person, files: Iterable[Path], marks: Marks, recall: Recall) -> Person:
    """The customer with the names and phone numbers that stand in rejected rows beside the id or an address."""
    names, phones = set(person.names), set(person.phones)
    for path in files:
        places = Places.of(path, recall)
        for cells in pq.ParquetFile(path).read(["row"]).column("row").to_pylist():
            if cells and marks.is_of(cells, places.customer):
                names |= _telling(cells, places.names)
                phones |= _telling(cells, places.phones)
                names |= {" ".join(part) for part in [_filled(cells, places.parts)] if len(part) > 1}
    return replace(person, names=frozenset(names), phones=frozenset(phones))


def _telling(cells: Cells, places: Iterable[int]) -> set[str]:
    return {text for text in _filled(cells, places) if not is_placeholder(text)}


def _filled(cells: Cells, places: Iterable[int]) -> list[str]:
    return [text.strip() for at in places if at < len(cells) and (text := cells[at]) and text.strip()]
