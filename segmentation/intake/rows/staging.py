"""Running the passes over one table: from text to staged Parquet, with every record counted twice by two means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from segmentation.engine.reading import ImportConnection, QuotedNewlines, TextSource, select
from segmentation.errors import UnreadableFile
from segmentation.files.opened import Aside, Opened, line_numbers, prepare, rewrite
from segmentation.intake.rows import orders
from segmentation.intake.rows.recipe import KEYS, Recipe
from segmentation.intake.rows.stage import judged_query, lines_query, typed
from segmentation.meaning.guessing import personal
from segmentation.meaning.mapping import Mapping
from segmentation.meaning.platforms import Platform
from segmentation.meaning.settle import settle
from segmentation.privacy import pseudonyms

_NOBODY = (
    "guest anonymous anonym gast invité invite invitado ospite convidado unknown none null nan n/a na - walk-in walkin "
    "laufkundschaft barverkauf kasse pos cash 0"
)
GUEST_WORDS = frozenset(_NOBODY.split())
"""What stands in a customer column where there is no customer."""

Tick = Callable[[float], None]
Connect = Callable[[Opened, bool], AbstractContextManager[ImportConnection]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the import was asked for, as far as it decides how text becomes lines. `known` says which customer stands
    for an e-mail address that the dataset has met before."""

    mapping: Mapping
    platform: Platform | None
    today: date
    currency: str | None
    key: bytes
    known: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Staged:
    """A table staged as Parquet with one row per record, and the amounts beside them. `judged` has every record in file
    order, where a second look at them was needed."""

    path: Path
    opened: Opened
    recipe: Recipe
    judged: Path | None = None

    @property
    def never_rows(self) -> tuple[Aside, ...]:
        """Records of the file that never became rows."""
        return self.opened.aside


def stage(
    connection: ImportConnection, opened: Opened, wish: Wish, folder: Path, tick: Tick, stopped: Callable[[], bool]
) -> Staged:
    """Stage the table in `folder`; raises AmbiguousReading, or UnreadableFile where its rows cannot be counted the same
    way twice."""
    opened = prepare(opened, folder, stopped)
    recipe = _recipe(connection, opened, wish)
    target = folder / f"staged-{opened.path.name}.parquet"
    staged = _stage(connection, opened, recipe, wish, target, tick)
    if staged is None and not opened.numbered:
        opened = rewrite(opened, folder, stopped)
        staged = _stage(connection, opened, replace(recipe, source=opened.source), wish, target, tick)
    if staged is None:
        raise UnreadableFile(
            opened.name,
            "The rows cannot be told apart with certainty.",
            evidence=f"Two ways of counting do not both give {opened.records:,} rows.",
            next_step="Export it again with every text in quotation marks.",
        )
    return staged


def judge(connection: ImportConnection, staged: Staged, folder: Path, tick: Tick) -> Path:
    """Every record of the table in file order, with its kind and, where it is set aside, its fields.

    `connection` keeps the order of rows.
    """
    if staged.judged is not None:
        return staged.judged
    target = folder / f"judged-{staged.opened.path.name}.parquet"
    connection.store(judged_query(staged.recipe), target, tick=tick)
    return target


def physical_lines(staged: Staged, places: list[int]) -> list[int]:
    """The lines on which these records start, of a table whose rows carry no line numbers."""
    if staged.opened.one_line_each:
        return [staged.opened.first_line + place for place in places]
    return line_numbers(staged.opened, places)


def _stage(
    connection: ImportConnection, opened: Opened, recipe: Recipe, wish: Wish, target: Path, tick: Tick
) -> Staged | None:
    """The table staged, or None where the engine counts other rows than a careful look does."""
    notes = {
        "meaning": wish.mapping.meaning(recipe.reading.settled),
        "hash": connection.hash_scheme(),
        "identity": _identity(recipe),
    }
    for attempt in (recipe, recipe.without_parallel()):
        try:
            _give_keys(connection, attempt, wish)
            connection.forget_rejects()
            if attempt.by_orders:
                found = _stage_orders(connection, opened, attempt, target, notes, tick)
            else:
                connection.store(lines_query(attempt), target, notes=notes, tick=tick)
                found = Staged(target, opened, attempt)
        except QuotedNewlines:
            continue
        counted = _records(connection, found, attempt)
        return found if counted == opened.records and not connection.rejected_lines() else None
    return None


def _stage_orders(
    connection: ImportConnection, opened: Opened, recipe: Recipe, target: Path, notes: dict[str, str], tick: Tick
) -> Staged:
    """Stage rows that mean something only together with their orders."""
    typed_rows = target.with_name(f"typed-{target.name}")
    judged_rows = target.with_name(f"judged-{target.name}")
    connection.store(typed(recipe, parts=True), typed_rows, tick=lambda share: tick(0.7 * share))
    connection.show(orders.TYPED, [typed_rows], row_numbers=True)
    connection.show_query(orders.VALUES, orders.values_query(recipe))
    connection.show_query(orders.FILLED, orders.filled_query(recipe))
    connection.show_query(orders.JUDGED, orders.judged_query(recipe))
    connection.store(orders.lines_query(recipe), target, notes=notes, tick=lambda share: tick(0.7 + 0.3 * share))
    wanted = {"kind": "kind", "line": "line", "amount": "listed_amount", "row": "raw"}
    connection.store(select(wanted, orders.JUDGED, order="file_row_number"), judged_rows)
    return Staged(target, opened, recipe, judged_rows)


def _identity(recipe: Recipe) -> str:
    """What tells that two rows of different files are the same one: order and line, the order, or the row itself."""
    if recipe.mapping.order is None:
        return "rows"
    return "line" if recipe.mapping.line is not None else "order"


def _records(connection: ImportConnection, staged: Staged, recipe: Recipe) -> int:
    """How many records the engine saw."""
    if staged.judged is not None:
        if recipe.packed is None:
            return int(pq.read_metadata(staged.judged).num_rows)
    elif recipe.packed is None:
        return int(pq.read_metadata(staged.path).num_rows)
    return int(connection.run(select({"n": "count(*)"}, recipe.source.sql)).column("n")[0].as_py())


class FileValues:
    """The distinct values of a table's columns, read once where the sample proves nothing."""

    def __init__(self, connection: ImportConnection, source: TextSource, headers: tuple[str, ...]) -> None:
        self._connection = connection
        self._source = source
        self._headers = headers
        self._seen: dict[tuple[str, str], list[str]] = {}

    def numbers(self, header: str) -> Iterable[str]:
        """The shapes of numbers: digits but 0 are all written as 5, since only their places matter."""
        return self._distinct("regexp_replace({}, '[1-9]', '5', 'g')", header)

    def days(self, header: str) -> Iterable[str]:
        """The days of dates, without their times."""
        return self._distinct(
            "regexp_extract(trim({}), '^\\S+(?:[ .]+\\p{{L}}+\\.?[ .,]+\\d+| \\d+ \\d+)?', 0)", header
        )

    def _distinct(self, expression: str, header: str) -> list[str]:
        if (expression, header) not in self._seen:
            column = self._source.columns[self._headers.index(header)]
            for source in (self._source, self._source.without_parallel()):
                query = select({"value": expression.format(column)}, source.sql, distinct=True)
                try:
                    values = self._connection.run(query).column("value").to_pylist()
                except QuotedNewlines:
                    continue
                self._seen[expression, header] = [value for value in values if value is not None]
                break
        return self._seen.get((expression, header), [])


def _recipe(connection: ImportConnection, opened: Opened, wish: Wish) -> Recipe:
    layout, source, mapping = opened.layout, opened.source, wish.mapping
    values = FileValues(connection, source, layout.headers)
    reading = settle(layout, mapping, values, today=wish.today, platform=wish.platform, currency=wish.currency)
    customers = layout.column(mapping.customer) if mapping.customer else []
    nobody = {value.strip().lower() for value in customers} & GUEST_WORDS
    return Recipe(
        source=source,
        headers=layout.headers,
        header_rows=layout.header_rows,
        mapping=mapping,
        reading=reading,
        today=wish.today,
        known_by=personal(mapping, layout),
        guests=tuple(sorted(nobody | {guest.strip().lower() for guest in mapping.choices.guests})),
        platform=wish.platform,
    )


def _give_keys(connection: ImportConnection, recipe: Recipe, wish: Wish) -> None:
    """One customer per contact of the file, as the table KEYS: the id that stands beside it, else the one it is known
    by, else a pseudonym."""
    if recipe.contact is None:
        return
    found = connection.run(
        select(
            {"contact": recipe.contact, "given": f"min({recipe.given_customer})"},
            recipe.source.sql,
            where=f"{recipe.contact} IS NOT NULL",
            group=recipe.contact,
        )
    )
    contacts = [str(contact) for contact in found.column("contact").to_pylist()]
    guests = set(recipe.guests) | GUEST_WORDS
    names = pseudonyms(wish.key, contacts)
    customers = [
        None if contact in guests else given or wish.known.get(contact) or name
        for contact, given, name in zip(contacts, found.column("given").to_pylist(), names, strict=True)
    ]
    connection.show(
        KEYS, pa.table({"contact": pa.array(contacts, pa.string()), "customer_id": pa.array(customers, pa.string())})
    )
