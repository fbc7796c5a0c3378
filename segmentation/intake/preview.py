"""What an import would make of files, from a bounded look: for the screen on which a person corrects it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from segmentation import disk
from segmentation.errors import MeaningMissing, NeedsJoin, NotOrders, UnreadableFile
from segmentation.files.dialect import Dialect
from segmentation.files.mended import tables_of
from segmentation.files.opened import Opened
from segmentation.files.table import Layout
from segmentation.intake.joins import Join
from segmentation.intake.joins.alone import contact_list, lists_customers, refusal
from segmentation.intake.sources import connected, guess_table, interpreted, no_table, refuse_many
from segmentation.intake.together import Given, GuessedTable, Together, joined
from segmentation.meaning.candidates import naming_dates, required
from segmentation.meaning.guessing import Guess
from segmentation.meaning.interpret import interpret, refuse_customers
from segmentation.meaning.mapping import Choices, Mapping
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.states import Said
from segmentation.meaning.tables import money
from segmentation.workspace import LOOK, Workspace


@dataclass(frozen=True, slots=True)
class Inspection:
    """Tables with one header, as they were understood. `files` are their names and `size` their bytes in all.

    `questions` are what all rows leave open, `proofs` what they prove, and `said` what the words of statuses and types
    were taken for. `table` is the profile that a correction is judged by; `mended` says that these are rejected rows of
    an earlier import. Of tables that belong together `joins` say how they are joined, and `asked` which keys are open;
    `needs` says which others are missing.
    """

    files: tuple[str, ...]
    size: int
    layout: Layout
    guess: Guess
    remembered: bool
    questions: tuple[Question, ...]
    table: TableProfile | None = None
    proofs: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    mended: bool = False
    joins: tuple[Join, ...] = ()
    asked: tuple[Question, ...] = ()
    needs: str = ""

    @property
    def file(self) -> str:
        return self.files[0]

    @property
    def dialect(self) -> Dialect:
        return self.layout.dialect

    @property
    def headers(self) -> tuple[str, ...]:
        return self.layout.headers

    @property
    def first_rows(self) -> tuple[tuple[str, ...], ...]:
        return self.layout.first_rows

    @property
    def mapping(self) -> Mapping:
        return self.guess.mapping

    @property
    def platform(self) -> Platform | None:
        return self.guess.platform

    @property
    def holds(self) -> str:
        """orders, contacts or campaigns."""
        return self.platform.holds if self.platform else "orders"


def inspect(
    path: Path,
    workspace: Workspace,
    *,
    today: date,
    name: str | None = None,
    mapping: Mapping | None = None,
    choices: Choices | None = None,
) -> Inspection:
    """Look at the first table of a file without importing it; see `inspect_all`."""
    inspections = inspect_all([(path, name or path.name)], workspace, today=today, mapping=mapping, choices=choices)
    return inspections[0]


def inspect_all(
    files: Sequence[tuple[Path, str]],
    workspace: Workspace,
    *,
    today: date,
    mapping: Mapping | None = None,
    choices: Choices | None = None,
    stopped: Callable[[], bool] = lambda: False,
    place: Path | None = None,
) -> list[Inspection]:
    """Look at files without importing them: one inspection for each header that occurs, the commonest first.

    `mapping` and `choices` are a person's corrections so far; what is written meanwhile is in `place`, a folder of the
    workspace's tmp/, and gone in the end. Raises UnreadableFile.
    """
    given = Given(mappings=(mapping,) if mapping is not None else (), choices=choices or Choices())
    with (
        disk.writing("What the files hold could not be looked at.", workspace.root),
        workspace.scratch(LOOK, within=place) as folder,
    ):
        tables = _tables(files, folder, stopped)
        first: dict[tuple[str, ...], list[Opened]] = {}
        for opened in tables:
            first.setdefault(opened.layout.headers, []).append(opened)
        refuse_many(tables)
        several = len({frozenset(headers) for headers in first}) > 1
        wanted = tables if several else [group[0] for group in first.values()]
        with connected(workspace, [path for path, _ in files], folder) as connection:
            guessed = [
                guess_table(workspace, connection, one, folder, recognise=True, stopped=stopped) for one in wanted
            ]
            together, others = joined(workspace, connection, guessed, folder, given, stopped)
        inspections = [_joined(workspace, one, together, given, today, tables) for one in _by_headers(together.guessed)]
        inspections += [
            _inspection(workspace, group, first[group[0].opened.layout.headers], given, today)
            for group in sorted(_by_headers(others), key=lambda one: -len(first[one[0].opened.layout.headers]))
        ]
        if together.joined.lacking is not None and not any(map(_stands, others)):
            inspections[0] = replace(inspections[0], needs=str(together.joined.lacking))
        inspections[0] = replace(inspections[0], joins=together.joined.joins)
        if any(one.holds == "orders" and not one.needs for one in inspections):
            inspections = [_contacts(one) for one in inspections]
        return inspections


def _tables(files: Sequence[tuple[Path, str]], folder: Path, stopped: Callable[[], bool]) -> list[Opened]:
    """The tables of the files; raises what is wrong with a file that is none."""
    found = []
    for path, name in files:
        tables = tables_of(path, name, folder, stopped)
        for opened in tables:
            problem = no_table(opened)
            if problem is not None and len(tables) == 1:
                raise problem
            if problem is None:
                found.append(opened)
    if not found:
        raise UnreadableFile(files[0][1], "There is no table in it.", next_step="Choose the export of your shop.")
    return found


def _by_headers(guessed: Sequence[GuessedTable]) -> list[list[GuessedTable]]:
    groups: dict[tuple[str, ...], list[GuessedTable]] = {}
    for one in guessed:
        groups.setdefault(one.opened.layout.headers, []).append(one)
    return list(groups.values())


def _stands(one: GuessedTable) -> bool:
    """Whether a table is no part of others: a known export, or one with dates and amounts."""
    return one.guess.platform is not None or (one.guess.mapping.date is not None and money(one.guess))


def require(inspection: Inspection, mapping: Mapping) -> None:
    """Raise where a table cannot be imported under a mapping: MeaningMissing, or the refusal that helps more."""
    without = inspection.platform.does_without if inspection.platform else ()
    try:
        if inspection.table is None:
            mapping.require(inspection.headers, file=inspection.file, without=without)
        else:
            required(mapping, inspection.table, file=inspection.file, without=without)
    except MeaningMissing as problem:
        corrected = mapping.columns() != inspection.mapping.columns()
        if inspection.platform is not None or inspection.table is None or corrected or problem.candidates:
            raise
        raise refusal(problem, inspection.table, replace(inspection.guess, mapping=mapping), inspection.file) from None


def reconsider(inspection: Inspection, mapping: Mapping, today: date) -> Inspection:
    """The same files under a corrected mapping: what is open then, what is proven, what words are taken for."""
    if inspection.holds != "orders" or inspection.table is None or mapping.date is None:
        return replace(inspection, questions=(), proofs=(), said=())
    with naming_dates(inspection.table, mapping):
        interpretation = interpret(
            inspection.table, mapping, inspection.platform, None, today=today, file=inspection.file
        )
    open_ = [one for one in inspection.asked if not {key for key, _ in one.choices} & {*mapping.choices.joins}]
    return replace(
        inspection,
        questions=(*open_, *interpretation.questions),
        proofs=interpretation.proofs,
        said=interpretation.states.said,
    )


def _inspection(
    workspace: Workspace, group: Sequence[GuessedTable], tables: Sequence[Opened], given: Given, today: date
) -> Inspection:
    """What is seen of tables with one header that stand by themselves."""
    size = sum(opened.path.stat().st_size for opened in tables)
    return _seen(workspace, group[0], tuple(one.name for one in tables), size, given, today)


def _joined(
    workspace: Workspace,
    group: Sequence[GuessedTable],
    together: Together,
    given: Given,
    today: date,
    tables: Sequence[Opened],
) -> Inspection:
    """What is seen of joined tables: under the name of the lines, with what became of the others."""
    lines = {one.opened.name for one in group}
    size = sum(opened.path.stat().st_size for opened in tables if opened.name in lines)
    inspection = _seen(workspace, group[0], tuple(one.opened.name for one in group), size, given, today, force=False)
    first = group[0] is together.guessed[0]
    asked = together.joined.asked if first else ()
    inspection = replace(inspection, asked=asked)
    return replace(inspection, questions=(*asked, *(one for one in inspection.questions if one not in asked)))


def _seen(
    workspace: Workspace,
    one: GuessedTable,
    names: tuple[str, ...],
    size: int,
    given: Given,
    today: date,
    *,
    force: bool = True,
) -> Inspection:
    source = interpreted(workspace, one, given, force=force)
    table = one.text.table if one.text else None
    inspection = Inspection(names, size, one.opened.layout, source.guess, source.remembered, (), table)
    inspection = replace(inspection, mended=one.opened.mends is not None)
    inspection = reconsider(inspection, source.mapping, today)
    open_ = tuple(question for question in source.guess.open if question.setting != "joins")
    return replace(inspection, questions=(*open_, *inspection.questions), needs=_needs(inspection))


def _contacts(inspection: Inspection) -> Inspection:
    """A list of customers as one of contacts, beside orders."""
    if (
        inspection.table is None
        or inspection.platform is not None
        or not (inspection.mapping.email and inspection.needs)
    ):
        return inspection
    if not lists_customers(inspection.table, inspection.guess, inspection.file):
        return inspection
    listed = replace(inspection.guess, platform=contact_list(inspection.mapping))
    return replace(inspection, guess=listed, questions=(), proofs=(), said=(), needs="")


def _needs(inspection: Inspection) -> str:
    """Which tables a table lacks, where it is a part of a shop's tables or a list of something else than orders."""
    if inspection.holds != "orders" or inspection.mapping.choices.customers == "none":
        return ""
    try:
        if inspection.table is not None and inspection.platform is None:
            refuse_customers(inspection.table, inspection.mapping, inspection.file)
        require(inspection, inspection.mapping)
    except (NeedsJoin, NotOrders) as problem:
        return str(problem)
    except MeaningMissing:
        return ""
    return ""
