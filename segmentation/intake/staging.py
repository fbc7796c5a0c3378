"""Running the one pass: file to staged Parquet, counted twice by two means, repaired where the counts disagree."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.engine.reading import ImportConnection, QuotedNewlines, TextSource
from segmentation.errors import UnreadableFile
from segmentation.files.opened import Opened, rewritten
from segmentation.files.repair import Damage, repair
from segmentation.files.survey import Survey, survey
from segmentation.intake.mapping import Mapping
from segmentation.intake.settle import NUMBERS, settle
from segmentation.intake.stage import (
    KEYS,
    Recipe,
    distinct_days_query,
    distinct_emails_query,
    distinct_numbers_query,
    lines_query,
)
from segmentation.privacy import pseudonyms

_NOBODY = "guest anonymous anonym gast invité invite invitado ospite unknown none null nan n/a na -"
GUEST_WORDS = frozenset(_NOBODY.split())
"""What stands in a customer column where there is no customer."""

Tick = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Staged:
    """A file staged as Parquet with one row per record. `broken` are lines with a quote that never closes, with
    their text; `unread` are lines that the engine could not read at all. `one_line_each` says that every record is
    exactly one physical line, with no blank lines between."""

    path: Path
    opened: Opened
    recipe: Recipe
    survey: Survey
    broken: tuple[tuple[int, str], ...]
    unread: tuple[int, ...]
    one_line_each: bool

    @property
    def never_rows(self) -> int:
        """Records of the file that never became rows: broken and unread ones."""
        return len(self.broken) + len(self.unread)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the import was asked for, as far as it decides how text becomes lines."""

    mapping: Mapping
    today: date
    currency: str | None
    key: bytes


def stage(
    connection: ImportConnection, opened: Opened, wish: Wish, folder: Path, tick: Tick, stopped: Callable[[], bool]
) -> Staged:
    """Stage the file in `folder`; raises UnreadableFile where its rows cannot be counted the same way twice."""
    halt = threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="survey") as pool:
        surveyed = pool.submit(survey, opened.path, lambda: halt.is_set() or stopped())
        try:
            return _stage(connection, opened, wish, folder, tick, stopped, surveyed)
        finally:
            halt.set()


def _stage(
    connection: ImportConnection,
    opened: Opened,
    wish: Wish,
    folder: Path,
    tick: Tick,
    stopped: Callable[[], bool],
    surveyed: Future[Survey],
) -> Staged:
    recipe = _recipe(connection, opened, wish)
    target = folder / "staged.parquet"
    recipe, unread = _copy(connection, recipe, wish, target, tick)
    seen = surveyed.result()
    if not seen.utf8 or seen.nulls:
        if opened.rewritten:
            raise UnreadableFile(opened.name, "The file could not be turned into readable text.")
        encoding = "utf-8" if seen.utf8 or not opened.ascii_sample else "cp1252"
        again = rewritten(opened, encoding, folder, stopped)
        return stage(connection, again, wish, folder, tick, stopped)
    count = _records(target)
    if count + len(unread) == seen.lines - opened.first_line + 1:
        return Staged(target, opened, recipe, seen, (), unread, one_line_each=not unread)
    mended = folder / "mended"
    damage = _mend(opened, mended, stopped)
    if damage.broken or count + len(unread) != damage.sound:
        source = replace(recipe.source, path=mended).without_parallel()
        recipe, unread = _copy(connection, replace(recipe, source=source), wish, target, tick)
        count = _records(target)
    if count + len(unread) != damage.sound:
        raise UnreadableFile(
            opened.name,
            "The rows cannot be told apart with certainty.",
            evidence=f"Two ways of counting give {count + len(unread):,} and {damage.sound:,} rows.",
            next_step="Export it again with every text in quotation marks.",
        )
    return Staged(target, opened, recipe, seen, damage.broken, unread, one_line_each=False)


def _mend(opened: Opened, target: Path, stopped: Callable[[], bool]) -> Damage:
    source = opened.source
    return repair(opened.path, target, source.separator, source.quote, source.width, opened.first_line, stopped)


def _records(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def _recipe(connection: ImportConnection, opened: Opened, wish: Wish) -> Recipe:
    layout, source, mapping = opened.layout, opened.source, wish.mapping
    dates = {mapping.date}
    numbers = {header for meaning, header in mapping.columns().items() if meaning in NUMBERS}

    def distinct(header: str) -> Iterable[str]:
        column = source.columns[layout.headers.index(header)]
        query = distinct_days_query if header in dates and header not in numbers else distinct_numbers_query
        values = _retrying(lambda s: connection.run(query(s, column)), source)
        return [value for value in values.column("value").to_pylist() if value is not None]

    reading = settle(layout, mapping, distinct)
    customers = layout.column(mapping.customer) if mapping.customer else []
    return Recipe(
        source=source,
        headers=layout.headers,
        mapping=mapping,
        reading=reading,
        today=wish.today,
        guests=tuple(sorted({value.strip().lower() for value in customers} & GUEST_WORDS)),
        currency=wish.currency or _usual(layout.column(mapping.currency) if mapping.currency else []),
    )


def _retrying(query: Callable[[TextSource], pa.Table], source: TextSource) -> pa.Table:
    try:
        return query(source)
    except QuotedNewlines:
        return query(source.without_parallel())


def _usual(values: Sequence[str]) -> str | None:
    """The commonest filled value, upper case; ties go to the first in the alphabet."""
    filled = [value.strip().upper() for value in values if value.strip()]
    return max(sorted(set(filled)), key=filled.count, default=None)


def _copy(
    connection: ImportConnection, recipe: Recipe, wish: Wish, target: Path, tick: Tick
) -> tuple[Recipe, tuple[int, ...]]:
    """Stage with this recipe, or with one that reads newlines inside quotes; gives the one that worked."""
    notes = {
        "meaning": wish.mapping.meaning(decimal=recipe.reading.decimal, date_order=recipe.reading.dates.order),
        "hash": connection.hash_scheme(),
    }
    for attempt in (recipe, replace(recipe, source=recipe.source.without_parallel())):
        try:
            if attempt.by_email:
                _give_keys(connection, attempt, wish.key)
            connection.forget_rejects()
            connection.store(lines_query(attempt), target, notes=notes, tick=tick)
        except QuotedNewlines:
            continue
        return attempt, tuple(connection.rejected_lines())
    raise UnreadableFile(wish.mapping.date or "", "The quoted texts of the file cannot be read.")


def _give_keys(connection: ImportConnection, recipe: Recipe, key: bytes) -> None:
    """One pseudonym per address of the file, as the table KEYS."""
    emails = connection.run(distinct_emails_query(recipe)).column("email")
    names = pa.array(pseudonyms(key, (str(email) for email in emails.to_pylist())), pa.string())
    connection.show(KEYS, pa.table({"email": emails, "pseudonym": names}))
