"""What an import would make of files, from a bounded look: for the screen on which a person corrects it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from segmentation.errors import UnreadableFile
from segmentation.files.dialect import Dialect
from segmentation.files.mended import tables_of
from segmentation.files.opened import Opened
from segmentation.files.table import Layout
from segmentation.intake.sources import no_table, understand
from segmentation.meaning.candidates import naming_dates
from segmentation.meaning.guessing import Guess
from segmentation.meaning.interpret import interpret
from segmentation.meaning.mapping import Choices, Mapping
from segmentation.meaning.platforms import Platform
from segmentation.meaning.profiles import TableProfile
from segmentation.meaning.questions import Question
from segmentation.meaning.states import Said
from segmentation.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Inspection:
    """Tables with one header, as they were understood. `files` are their names and `size` their bytes in all.

    `questions` are what all rows leave open, `proofs` what they prove, and `said` what the words of statuses and types
    were taken for. `table` is the profile that a correction is judged by; `mended` says that these are rejected rows of
    an earlier import.
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
    found = inspect_all([(path, name or path.name)], workspace, today=today, mapping=mapping, choices=choices)
    return found[0]


def inspect_all(
    files: Sequence[tuple[Path, str]],
    workspace: Workspace,
    *,
    today: date,
    mapping: Mapping | None = None,
    choices: Choices | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Inspection]:
    """Look at files without importing them: one inspection for each header that occurs, the commonest first.

    `mapping` and `choices` are a person's corrections so far. Raises UnreadableFile.
    """
    groups: dict[tuple[str, ...], list[Opened]] = {}
    with tempfile.TemporaryDirectory(dir=workspace.tmp, prefix="look-") as folder:
        for path, name in files:
            tables = tables_of(path, name, Path(folder), stopped)
            for opened in tables:
                problem = no_table(opened)
                if problem is not None and len(tables) == 1:
                    raise problem
                if problem is None:
                    groups.setdefault(opened.layout.headers, []).append(opened)
        if not groups:
            raise UnreadableFile(files[0][1], "There is no table in it.", next_step="Choose the export of your shop.")
        return [
            _inspection(workspace, group, mapping, choices or Choices(), today, Path(folder), stopped)
            for group in sorted(groups.values(), key=len, reverse=True)
        ]


def reconsider(seen: Inspection, mapping: Mapping, today: date) -> Inspection:
    """The same files under a corrected mapping: what is open then, what is proven, what words are taken for."""
    if seen.holds != "orders" or seen.table is None or mapping.date is None:
        return replace(seen, questions=(), proofs=(), said=())
    with naming_dates(seen.table, mapping):
        found = interpret(seen.table, mapping, seen.platform, None, today=today, file=seen.file)
    return replace(seen, questions=found.questions, proofs=found.proofs, said=found.states.said)


def _inspection(
    workspace: Workspace,
    group: Sequence[Opened],
    given: Mapping | None,
    choices: Choices,
    today: date,
    folder: Path,
    stopped: Callable[[], bool],
) -> Inspection:
    first = group[0]
    size = sum(opened.path.stat().st_size for opened in group)
    given_ = [given] if given is not None else []
    source = understand(workspace, first, given_, choices, folder, columns={}, stopped=stopped)
    names = tuple(one.name for one in group)
    table = source.text.table if source.text else None
    mended = first.mends is not None
    seen = Inspection(names, size, first.layout, source.guess, source.remembered, (), table, mended=mended)
    seen = reconsider(seen, source.mapping, today)
    return replace(seen, questions=(*source.guess.open, *seen.questions))
