"""Typing: a table's text becomes staged order lines, every record counted twice by two means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from segmentation.engine.importing import anew, events, orders, rows
from segmentation.engine.importing.plan import KEYS, OWNERS, ParsePlan
from segmentation.engine.reading import ImportConnection
from segmentation.errors import WorkspaceBroken
from segmentation.files.opened import Aside, Opened, line_numbers
from segmentation.intake.identity import customers_of
from segmentation.intake.plans import plan_of
from segmentation.intake.text import Text, TextValues
from segmentation.meaning.interpret import Interpretation
from segmentation.meaning.settle import settle

Tick = Callable[[float], None]
MENDED = "mended"
"""The note of stored files of rows that came back mended."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A table staged as Parquet with one row per record, and the amounts beside them. `aside` holds the records set
    aside: their place, line, reason, amount and fields. `renumbered` order numbers stand for several orders; `known`
    says which customer stands for an e-mail address that the dataset has met before, `kinds` counts rows by kind."""

    path: Path
    text: Text
    interpretation: Interpretation
    plan: ParsePlan
    aside: Path | None = None
    renumbered: int = 0
    known: dict[str, str] = field(default_factory=dict)
    kinds: tuple[dict[str, Any], ...] = ()

    @property
    def opened(self) -> Opened:
        return self.text.opened

    @property
    def never_rows(self) -> tuple[Aside, ...]:
        """Records of the file that never became rows."""
        return self.opened.aside


@dataclass(frozen=True, slots=True)
class Asked:
    """What an import was asked for, as far as it decides how text becomes lines. `known` says which customer stands
    for an e-mail address that the dataset has met before, `stored` are its files of lines. `notes` go into the file."""

    today: date
    currency: str | None
    key: bytes
    known: dict[str, str] = field(default_factory=dict)
    stored: tuple[Path, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)


def type_rows(
    connection: ImportConnection, text: Text, interpretation: Interpretation, asked: Asked, folder: Path, tick: Tick
) -> Staged:
    """Type the rows of the table, staged in `folder`."""
    values = TextValues(connection, text.raw, text.opened.layout.headers)
    reading = settle(
        text.table,
        interpretation.mapping,
        values,
        today=asked.today,
        platform=interpretation.platform,
        currency=asked.currency,
    )
    plan = plan_of(text, interpretation, reading, today=asked.today, stored=bool(asked.stored))
    target = folder / f"staged-{text.opened.path.name}.parquet"
    notes = {
        "meaning": interpretation.mapping.meaning((reading.settled, interpretation.forms.settled)),
        "hash": connection.hash_scheme(),
        "identity": _identity(plan),
        **({} if text.opened.mends is None else {MENDED: "yes"}),
        **asked.notes,
    }
    if plan.contact is not None:
        connection.show(KEYS, customers_of(connection, plan, asked.key, asked.known))
    if plan.owners or plan.mended:
        connection.show("stored", asked.stored)
    if plan.owners:
        connection.show(OWNERS, connection.query("import_owners"))
    several = 0
    if not plan.by_orders:
        connection.store(rows.lines_query(plan), target, notes=notes, tick=tick)
        connection.show("staged", [target])
        if plan.has("order") and _counted(connection, anew.several_query("staged", anew.DAYS, staged=True)):
            plan = replace(plan, order_days=anew.DAYS)
    if plan.by_orders:
        several = _type_orders(connection, plan, target, notes, tick)
    kinds, aside = kinds_of(connection, target), None
    if any(one["kind"].startswith(rows.ASIDE) for one in kinds):
        aside = target.with_name(f"aside-{target.name}")
        connection.store(orders.aside_query(plan) if plan.by_orders else rows.aside_query(plan), aside)
    _check(text, plan, sum(one["rows_counted"] for one in kinds))
    return Staged(target, text, interpretation, plan, aside, several, asked.known, kinds)


def kinds_of(connection: ImportConnection, staged: Path) -> tuple[dict[str, Any], ...]:
    """The rows of a staged file, counted by kind; shows them to the queries as `staged`."""
    connection.show("staged", [staged])
    return tuple(connection.query("import_tally").to_pylist())


def _counted(connection: ImportConnection, query: str) -> int:
    """The only number that a query gives."""
    return int(connection.run(query).column(0)[0].as_py())


def _type_orders(connection: ImportConnection, plan: ParsePlan, target: Path, notes: dict[str, str], tick: Tick) -> int:
    """Stage rows that mean something only together with their orders; how many order numbers stand for several."""
    typed_rows = target.with_name(f"typed-{target.name}")
    few = plan.raw.few
    typed = rows.typed(plan, parts=True)
    connection.show_rows(orders.TYPED, typed, typed_rows, few=few, tick=lambda share: tick(0.7 * share))
    if plan.events:
        placed = typed_rows.with_name(f"placed-{target.name}")
        connection.show_rows(orders.TYPED, events.placed_query(orders.TYPED), placed, few=few, tick=_unheard)
    several, days = 0, anew.DAYS if plan.order_days is None else plan.order_days
    if plan.has("order") and (several := _counted(connection, anew.several_query(orders.TYPED, days, staged=False))):
        numbered = typed_rows.with_name(f"numbered-{target.name}")
        connection.show_rows(orders.TYPED, anew.numbered_query(orders.TYPED, days), numbered, few=few, tick=_unheard)
    if plan.mended:
        connection.show(orders.MENDED, connection.query("import_mended_orders", days=anew.DAYS))
    connection.store(orders.lines_query(plan), target, notes=notes, tick=lambda share: tick(0.7 + 0.3 * share))
    return several


def _unheard(_share: float) -> None:
    """For what is not worth telling how far it is."""


def _check(text: Text, plan: ParsePlan, staged: int) -> None:
    """Raise where the rows that were staged are not as many as the table has."""
    if plan.packed is None and staged != text.raw.rows:
        raise WorkspaceBroken(
            f"{text.opened.name} was not read as it was counted.",
            evidence=f"It has {text.raw.rows:,} rows, and {staged:,} were read.",
            next_step="Nothing was imported. Please report this as a fault of Tessera.",
        )


def physical_lines(staged: Staged, places: list[int]) -> list[int]:
    """The lines on which these records start, of a table whose rows carry no line numbers."""
    if staged.opened.one_line_each:
        return [staged.opened.first_line + place for place in places]
    return line_numbers(staged.opened, places)


def _identity(plan: ParsePlan) -> str:
    """What tells that two rows of different files are the same one: order and line, the order, or the row itself."""
    if not plan.has("order"):
        return "rows"
    return "line" if plan.has("line") else "order"


__all__ = ["MENDED", "Asked", "Staged", "Tick", "pa", "physical_lines", "type_rows"]
