"""Who stands for nobody in one import does so in the next: what earlier imports took for many buyers, or for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from segmentation.engine.reading import ImportConnection
from segmentation.errors import AmbiguousReading
from segmentation.intake.store import notes
from segmentation.meaning.interpret import Interpretation
from segmentation.meaning.people import spelled
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.vocabulary.placeholders import is_placeholder
from segmentation.privacy import pseudonym, pseudonyms

NOBODY = "nobody"
"""The note of a file of lines that holds the pseudonyms of those who stand for nobody in it, though no word says so."""
_WHO = ("customer", "email", "name", "phone")
_ANSWERS = (("guest", "nobody: many buyers"), ("not_guest", "one customer"))


def as_before(
    interpretation: Interpretation, table: TableProfile, stored: Sequence[Path], key: bytes
) -> Interpretation:
    """The interpretation in which those stand for nobody, too, who did in an earlier import of the dataset."""
    known = frozenset(one for path in stored for one in notes(path).get(NOBODY, "").split(",") if one)
    if not known:
        return interpretation
    kept = {one.strip().lower() for one in interpretation.mapping.choices.not_guests}
    again = {
        folded
        for _, text in _people(interpretation, table)
        if (folded := text.strip().lower()) not in kept and pseudonym(key, spelled(text)) in known
    }
    again |= {spelled(one) for one in again}
    guests = tuple(sorted({*interpretation.people.guests, *again}))
    return replace(interpretation, people=replace(interpretation.people, guests=guests))


def still_open(questions: Iterable[Question], interpretation: Interpretation) -> Iterator[Question]:
    """The questions but for those whether somebody stands for nobody who does."""
    for one in questions:
        if one.setting != "guest" or one.example.strip().lower() not in interpretation.people.guests:
            yield one


def note_of(interpretation: Interpretation, key: bytes) -> dict[str, str]:
    """What the lines of the file remember of those who stand for nobody by evidence or by choice."""
    names = pseudonyms(key, sorted({spelled(one) for one in _doubtful(interpretation)}))
    return {NOBODY: ",".join(sorted(names))} if names else {}


def refuse_somebody(
    connection: ImportConnection,
    interpretation: Interpretation,
    table: TableProfile,
    stored: Sequence[Path],
    key: bytes,
) -> None:
    """Raise AmbiguousReading where evidence alone says that one of the dataset's customers stands for nobody."""
    chosen = {one.strip().lower() for one in interpretation.mapping.choices.guests}
    doubted = set(_doubtful(interpretation)) - chosen
    if not doubted or not stored:
        return
    texts = {text: header for header, text in _people(interpretation, table) if text.strip().lower() in doubted}
    ids = {one: text for text in texts for one in (text.strip().lower(), pseudonym(key, spelled(text)))}
    connection.show("stored", stored)
    connection.show("named", pa.table({"customer_id": pa.array(list(ids), pa.string())}))
    for one in sorted(connection.query("import_named").column("customer_id").to_pylist()):
        text = ids[one]
        question = Question("guest", texts[text], text, _ANSWERS)
        options = tuple(question.option(value) for value, _ in _ANSWERS)
        raise AmbiguousReading(
            f"“{text}” in “{texts[text]}” looks as if it stood for many buyers, and is one customer of the shop.",
            readings=tuple(said for _, said in _ANSWERS),
            option=" or ".join(options),
            options=options,
        )


def _doubtful(interpretation: Interpretation) -> list[str]:
    """Those who stand for nobody though no word says so for sure."""
    return [one for one in interpretation.people.guests if not is_placeholder(one)]


def _people(interpretation: Interpretation, table: TableProfile) -> Iterator[tuple[str, str]]:
    """The columns that say who ordered, and their different texts."""
    for header in dict.fromkeys(filter(None, (getattr(interpretation.mapping, meaning) for meaning in _WHO))):
        for value in table[header].values:
            yield header, value.text
