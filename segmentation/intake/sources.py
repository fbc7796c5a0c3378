"""What the files of one import are: which tables hold orders, contacts or campaigns, and how each is understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Table
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from segmentation.engine.reading import ImportConnection, open_import_connection
from segmentation.errors import (
    MeaningMissing,
    NoBuyers,
    NoCalendar,
    NotOrders,
    TesseraError,
    UnreadableFile,
    WrongCall,
)
from segmentation.files.limits import LONGEST_LINE
from segmentation.files.mended import MARKS, tables_of
from segmentation.files.opened import Opened
from segmentation.files.signatures import TEXT_NEEDED
from segmentation.intake.text import Text, text_of
from segmentation.meaning.candidates import required
from segmentation.meaning.guessing import CERTAIN, Guess, guess
from segmentation.meaning.interpret import counted_days, no_calendar, refuse_customers
from segmentation.meaning.mapping import Choices, Mapping, header_key
from segmentation.meaning.platforms import Platform, platforms
from segmentation.meaning.platforms import recognise as known_platform
from segmentation.workspace import Workspace

MEMORY = "800MB"
SAID = "you said so"
Stopped = Callable[[], bool]
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


def sources_of(
    workspace: Workspace,
    files: Sequence[tuple[Path, str]],
    folder: Path,
    *,
    mappings: Sequence[Mapping] = (),
    choices: Choices | None = None,
    columns: Table[str, str | None] | None = None,
    recognise: bool = True,
    stopped: Stopped = lambda: False,
) -> tuple[list[Source], list[LeftOut]]:
    """Every table of the files (path, name), understood: by the first given mapping that fits, else by the one that
    was remembered for its header, else by a guess. Archives and workbooks are unpacked into `folder`.

    A table of an archive, of a workbook or of a further file may be left out where it is no table of orders; raises
    what is wrong with it where nothing else is left.
    """
    found: list[Source] = []
    left: list[tuple[LeftOut, TesseraError]] = []
    for path, name in files:
        tables = tables_of(path, name, folder, stopped)
        for opened in tables:
            try:
                source = understand(
                    workspace,
                    opened,
                    mappings,
                    choices or Choices(),
                    folder,
                    columns=columns or {},
                    recognise=recognise,
                    stopped=stopped,
                )
                _require(source)
                found.append(source)
            except (UnreadableFile, MeaningMissing, NotOrders, NoCalendar) as problem:
                if len(tables) == 1 and mappings:
                    raise
                left.append((LeftOut(opened.name, problem.fact), problem))
    if left and (not found or _one_file_each(files, left)):
        raise left[0][1]
    return found, [one for one, _ in left]


def understand(
    workspace: Workspace,
    opened: Opened,
    given: Sequence[Mapping],
    choices: Choices,
    folder: Path,
    *,
    columns: Table[str, str | None],
    recognise: bool = True,
    stopped: Stopped = lambda: False,
) -> Source:
    """How a table is understood: by the first given mapping that fits, as remembered, or guessed from all its rows;
    with other `columns` for some meanings. The only mapping given counts for a file of an unknown kind even where it
    does not fit, so that somebody hears of it. Where platforms are not to be recognised, evidence alone decides."""
    headers = opened.layout.headers
    platform = known_platform(headers, workspace.platforms_folder) if recognise else None
    if platform is not None and platform.holds != "orders":
        return Source(opened, Guess(platform.mapping(headers), platform=platform))
    if (problem := no_table(opened)) is not None:
        raise problem
    with _connection(workspace, opened, folder) as connection:
        text = text_of(connection, opened, folder, stopped)
    guessed = guess(text.table, workspace.platforms_folder, known=recognise)
    fitting = [mapping for mapping in given if mapping.fits(headers)]
    if not fitting and len(given) == 1 and guessed.platform is None:
        fitting = list(given)
    kept = workspace.recall_mapping(header_key(headers))
    if opened.mends is not None:
        kept = workspace.recall_mapping(rejected_key(headers)) or kept
    chosen, remembered = guessed, False
    if fitting:
        chosen = _given(fitting[0], workspace)
    elif not given and kept is not None:
        chosen, remembered = _given(Mapping.from_toml(kept), workspace), True
    mapping = chosen.mapping.corrected(_there(columns, headers)).answered(choices)
    asked = tuple(q for q in chosen.open if not {value.split("=")[0] for value, _ in q.choices} & columns.keys())
    said = {meaning for meaning, header in mapping.columns().items() if chosen.mapping.columns().get(meaning) != header}
    sure, why = {**chosen.sure, **dict.fromkeys(said, CERTAIN)}, {**chosen.why, **dict.fromkeys(said, SAID)}
    return Source(text.opened, replace(chosen, mapping=mapping, open=asked, sure=sure, why=why), text, remembered)


def rejected_key(headers: Iterable[str]) -> str:
    """What the mapping of a file's rejected rows is remembered under."""
    return header_key((*headers, *MARKS))


def _there(columns: Table[str, str | None], headers: Sequence[str]) -> dict[str, str | None]:
    """The corrections that concern this table."""
    return {meaning: header for meaning, header in columns.items() if header is None or header in headers}


def _connection(workspace: Workspace, opened: Opened, folder: Path) -> AbstractContextManager[ImportConnection]:
    """A connection that reaches the table and the folder of the import, and keeps rows in order."""
    folders = (workspace.tmp, workspace.datasets_folder, folder)
    return open_import_connection(
        files=(opened.path,), folders=folders, temp=workspace.tmp, memory=MEMORY, ordered=True
    )


def _given(mapping: Mapping, workspace: Workspace) -> Guess:
    known = platforms(workspace.platforms_folder)
    if mapping.platform is not None and mapping.platform not in known:
        raise WrongCall(f"There is no platform “{mapping.platform}”.", evidence=f"Known: {', '.join(known)}.")
    platform = known.get(mapping.platform) if mapping.platform else None
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
    required(mapping, table, file=name, without=without)


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
