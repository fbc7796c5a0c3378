"""What the files of one import are: which tables hold orders, contacts or campaigns, and how each is understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from segmentation.engine.reading import ImportConnection, open_import_connection
from segmentation.errors import (
    MeaningMissing,
    NeedsJoin,
    NoBuyers,
    NoCalendar,
    NotOrders,
    TesseraError,
    UnreadableFile,
    WrongCall,
)
from segmentation.files.limits import LONGEST_LINE, MOST_TABLES
from segmentation.files.mended import MARKS, tables_of
from segmentation.files.opened import Opened
from segmentation.files.signatures import TEXT_NEEDED
from segmentation.intake.joins.alone import comes_back, contact_list, refusal
from segmentation.intake.joins.shown import Join
from segmentation.intake.text import Text, text_of
from segmentation.intake.together import (
    MEMORY,
    Given,
    GuessedTable,
    Stopped,
    joined,
    refuse_unknown,
    there,
)
from segmentation.meaning.candidates import required
from segmentation.meaning.guessing import CERTAIN, Guess, guess
from segmentation.meaning.interpret import counted_days, no_calendar, refuse_customers
from segmentation.meaning.mapping import Mapping, header_key
from segmentation.meaning.platforms import Platform, platforms
from segmentation.meaning.platforms import recognise as known_platform
from segmentation.workspace import Workspace

SAID = "you said so"
_ORDERLY = frozenset({".csv", ".txt", ".tsv", ".tab", ".json", ".jsonl", ".ndjson", ".gz", ".zip", ".xlsx", ".xls",
                      ".xlsb", ".xlsm", ".ods", ".parquet", ".pq", ".dat", ".asc", ""})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A table of a file and how it is understood. `text` is its text with its profile, None for lists of contacts and
    campaigns; `remembered` says that a person mapped such a file before."""

    opened: Opened
    guess: Guess
    text: Text | None = None
    remembered: bool = False

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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A table that is none of these, and why."""

    name: str
    why: str


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files named, those of folders among them, by name; raises WrongCall where there is none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
            usable = [one for one in inside if one.suffix.lower() in _ORDERLY]
            if not usable:
                raise WrongCall(f"There are no files to import in the folder {path}.")
            found += usable
        else:
            found.append(path)
    missing = [str(path) for path in found if not path.is_file()]
    if missing:
        raise WrongCall(f"There is no file {', '.join(missing)}.")
    return found


@dataclass(frozen=True, slots=True)
class InterpretedFiles:
    """What an import has been given: the tables that are imported, those that are left out, and how tables that belong
    together are joined, with what is open about that."""

    sources: tuple[Source, ...]
    left: tuple[LeftOut, ...] = ()
    joins: tuple[Join, ...] = ()
    answered: str = ""
    """What answers about keys are remembered under; see `Together`."""


def connected(workspace: Workspace, files: Iterable[Path], folder: Path) -> AbstractContextManager[ImportConnection]:
    """One connection for a whole import, which keeps rows in order: it reaches the files, the folder of the import, and
    what the workspace has of datasets and drafts."""
    folders = (workspace.tmp, workspace.datasets_folder, folder)
    return open_import_connection(files=files, folders=folders, temp=folder, memory=MEMORY, ordered=True)


def sources_of(
    workspace: Workspace,
    connection: ImportConnection,
    files: Sequence[tuple[Path, str]],
    folder: Path,
    given: Given,
    stopped: Stopped = lambda: False,
    *,
    has_orders: bool = False,
) -> InterpretedFiles:
    """Every table of the files (path, name), understood: by the first given mapping that fits, else by the one that
    was remembered for its header, else by a guess. Archives and workbooks are unpacked into `folder`, and tables that
    say something only together are joined.

    Where there are orders, or `has_orders` says that the dataset has some, a list of customers is one of contacts.
    A table of an archive, of a workbook or of a further file may be left out where it is no table of orders; raises
    what is wrong with it where nothing else is left.
    """
    guessed: list[GuessedTable] = []
    left: list[tuple[LeftOut, TesseraError]] = []
    opened_files = [tables_of(path, name, folder, stopped) for path, name in files]
    refuse_many([opened for tables in opened_files for opened in tables])
    for tables in opened_files:
        for opened in tables:
            try:
                guessed.append(
                    guess_table(workspace, connection, opened, folder, recognise=given.recognise, stopped=stopped)
                )
            except UnreadableFile as problem:
                if len(tables) == 1 and given.mappings:
                    raise
                left.append((LeftOut(opened.name, problem.fact), problem))
    together, others = joined(workspace, connection, guessed, folder, given, stopped)
    tables = [one for found in opened_files for one in found] + [one.opened for one in together.guessed]
    refuse_unknown(given.columns, [one.layout.headers for one in tables], len(files))
    sources = [interpreted(workspace, one, given, force=False) for one in together.guessed]
    alone, refused = _by_themselves(workspace, others, given, has_orders=has_orders or bool(sources))
    if refused and len(files) == 1 and len(guessed) == 1 and given.mappings:
        raise refused[0][1]
    sources, left = [*sources, *alone], [*left, *refused]
    for question in together.joined.asked:
        raise question.error
    if left and (not sources or _one_file_each(files, left)):
        lacking = together.joined.lacking
        raise lacking if lacking is not None and not sources else left[0][1]
    return InterpretedFiles(tuple(sources), tuple(one for one, _ in left), together.joined.joins, together.answered)


def refuse_many(tables: Sequence[Opened]) -> None:
    """Raise UnreadableFile where there are too many kinds of tables to look at."""
    kinds = len({frozenset(one.layout.headers) for one in tables})
    if kinds > MOST_TABLES:
        raise UnreadableFile(
            tables[0].name.partition(" › ")[0],
            f"There are {kinds:,} tables with different columns; at most {MOST_TABLES} can be looked at together.",
            next_step="Import the tables of orders only.",
        )


def _by_themselves(
    workspace: Workspace, guessed: Sequence[GuessedTable], given: Given, *, has_orders: bool
) -> tuple[list[Source], list[tuple[LeftOut, TesseraError]]]:
    """Tables that were not joined: those that are orders, lists of customers beside orders as contacts, and why the
    others are neither."""
    sources: list[Source] = []
    left: list[tuple[LeftOut, TesseraError]] = []
    listed: list[tuple[GuessedTable, NotOrders]] = []
    for one in guessed:
        try:
            source = interpreted(workspace, one, given)
            _require(source)
            sources.append(source)
        except NotOrders as problem:
            listed.append((one, problem))
        except MeaningMissing as missing:
            said = _instead(missing, one, guessed)
            left.append((LeftOut(one.opened.name, said.fact), said))
        except (UnreadableFile, NoCalendar, NeedsJoin) as problem:
            left.append((LeftOut(one.opened.name, problem.fact), problem))
    beside = has_orders or any(source.holds == "orders" for source in sources)
    for one, refused in listed:
        if beside and one.guess.mapping.email:
            sources.append(Source(one.opened, replace(one.guess, platform=contact_list(one.guess.mapping))))
        else:
            left.append((LeftOut(one.opened.name, refused.fact), refused))
    return sources, left


def _instead(missing: MeaningMissing, one: GuessedTable, guessed: Sequence[GuessedTable]) -> TesseraError:
    """What is said of a table in which a meaning is missing, beside others that it may have to do with."""
    if one.text is None or one.guess.platform is not None:
        return missing
    others = [(other.text.table, other.opened.name) for other in guessed if other.text is not None and other is not one]
    return comes_back(missing, one.text.table, one.opened.name, others)


def guess_table(
    workspace: Workspace,
    connection: ImportConnection,
    opened: Opened,
    folder: Path,
    *,
    recognise: bool,
    stopped: Stopped,
) -> GuessedTable:
    """A table by itself, from all its rows; raises UnreadableFile where there is no table in it."""
    headers = opened.layout.headers
    platform = known_platform(headers, workspace.platforms_folder) if recognise else None
    if platform is not None and platform.holds != "orders":
        return GuessedTable(opened, Guess(platform.mapping(headers), platform=platform))
    if (problem := no_table(opened)) is not None:
        raise problem
    text = text_of(connection, opened, folder, stopped, complete=platform is None)
    return GuessedTable(text.opened, guess(text.table, workspace.platforms_folder, known=recognise), text)


def interpreted(workspace: Workspace, one: GuessedTable, given: Given, *, force: bool = True) -> Source:
    """How a table is understood: by the first given mapping that fits, as remembered, or as guessed; with other columns
    for some meanings. The only mapping given counts for a file of an unknown kind even where it does not fit, so that
    somebody hears of it, where it is to be of `force`."""
    headers = one.opened.layout.headers
    if one.text is None:
        return Source(one.opened, one.guess)
    fitting = [mapping for mapping in given.mappings if mapping.fits(headers)]
    if not fitting and len(given.mappings) == 1 and one.guess.platform is None and force:
        fitting = list(given.mappings)
    kept = workspace.recall_mapping(header_key(headers))
    if one.opened.mends is not None:
        kept = workspace.recall_mapping(rejected_key(headers)) or kept
    chosen, remembered = one.guess, False
    if fitting:
        chosen = _given(fitting[0], workspace)
    elif not given.mappings and kept is not None:
        chosen, remembered = _given(Mapping.from_toml(kept), workspace), True
    columns = chosen.mapping.columns()
    keyed = {meaning: other for meaning, header, other in one.instead if columns.get(meaning) == header}
    mapping = chosen.mapping.corrected(keyed | there(given.columns, headers)).answered(given.choices)
    asked = tuple(q for q in chosen.open if not {value.split("=")[0] for value, _ in q.choices} & given.columns.keys())
    said = {meaning for meaning, header in mapping.columns().items() if columns.get(meaning) != header} - keyed.keys()
    sure, why = {**chosen.sure, **dict.fromkeys(said, CERTAIN)}, {**chosen.why, **dict.fromkeys(said, SAID)}
    return Source(one.opened, replace(chosen, mapping=mapping, open=asked, sure=sure, why=why), one.text, remembered)


def rejected_key(headers: Iterable[str]) -> str:
    """What the mapping of a file's rejected rows is remembered under."""
    return header_key((*headers, *MARKS))


def _given(mapping: Mapping, workspace: Workspace) -> Guess:
    by_name = platforms(workspace.platforms_folder)
    if mapping.platform is not None and mapping.platform not in by_name:
        raise WrongCall(f"There is no platform “{mapping.platform}”.", evidence=f"Known: {', '.join(by_name)}.")
    platform = by_name.get(mapping.platform) if mapping.platform else None
    columns = mapping.columns()
    return Guess(mapping, dict.fromkeys(columns, CERTAIN), dict.fromkeys(columns, SAID), platform)


def _require(source: Source) -> None:
    """Raise where a table of orders cannot be one, for the reason that helps most."""
    if source.text is None:
        return
    table, name = source.text.table, source.opened.name
    if source.platform is None:
        refuse_customers(table, source.mapping, name)
        if source.mapping.date is None and (day := counted_days(table, source.mapping.columns().values())) is not None:
            raise no_calendar(name, day, table[day].texts[0])
    platform, mapping = source.platform, source.mapping
    if (
        platform is not None
        and platform.buyers_in
        and not mapping.names_customers
        and mapping.choices.customers is None
    ):
        raise NoBuyers(table.headers, file=name, instead=platform.buyers_in)
    without = platform.does_without if platform else ()
    try:
        required(mapping, table, file=name, without=without)
    except MeaningMissing as problem:
        if platform is None and not source.remembered and not problem.candidates:
            other = refusal(problem, table, source.guess, name)
            if other is not problem:
                raise other from None
        raise


def no_table(opened: Opened) -> UnreadableFile | None:
    """Why there is no table in it: nothing divides its columns, or it has no rows."""
    if len(opened.layout.headers) == 1:
        return UnreadableFile(
            opened.name,
            "The columns cannot be told apart.",
            evidence="Its lines are not divided by commas, semicolons, tabs, bars or spaces.",
            next_step="Choose the export of your shop, a file with one order line per row.",
        )
    if not opened.layout.rows and opened.path.stat().st_size > LONGEST_LINE:
        return UnreadableFile(opened.name, f"A line is longer than {LONGEST_LINE:,} bytes.", next_step=TEXT_NEEDED)
    if not opened.layout.rows:
        return UnreadableFile(
            opened.name, "The file has a header but no rows.", next_step="Export it again with a longer period."
        )
    return None


def _one_file_each(files: Sequence[tuple[Path, str]], left: Sequence[tuple[LeftOut, TesseraError]]) -> bool:
    """Whether what is left out is a file that somebody named, rather than a sheet or a file of an archive."""
    names = {name for _, name in files}
    return any(one.name in names for one, _ in left)
