"""What an import would make of files, from a bounded look: for the screen on which a person corrects it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from segmentation.errors import UnreadableFile
from segmentation.files.dialect import Dialect
from segmentation.files.opened import Opened, glance
from segmentation.files.table import Layout
from segmentation.intake.sources import no_table, understand
from segmentation.meaning.guessing import Guess
from segmentation.meaning.mapping import Choices, Mapping
from segmentation.meaning.platforms import Platform
from segmentation.meaning.settle import Question, questions
from segmentation.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Inspection:
    """Tables with one header, as they were understood. `files` are their names and `size` their bytes in all.

    `questions` are what the sampled values leave open; the rest of the file may answer them when it is imported.
    """

    files: tuple[str, ...]
    size: int
    layout: Layout
    guess: Guess
    remembered: bool
    questions: tuple[Question, ...]

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
            tables = glance(path, name, Path(folder), stopped)
            for opened in tables:
                problem = no_table(opened)
                if problem is not None and len(tables) == 1:
                    raise problem
                if problem is None:
                    groups.setdefault(opened.layout.headers, []).append(opened)
        if not groups:
            raise UnreadableFile(files[0][1], "There is no table in it.", next_step="Choose the export of your shop.")
        sizes = {id(opened): opened.path.stat().st_size for group in groups.values() for opened in group}
    return [
        _inspection(workspace, group, sum(sizes[id(one)] for one in group), mapping, choices or Choices(), today)
        for group in sorted(groups.values(), key=len, reverse=True)
    ]


def reconsider(seen: Inspection, mapping: Mapping, today: date) -> tuple[Question, ...]:
    """What the sampled values leave open under a corrected mapping."""
    if seen.holds != "orders":
        return ()
    return questions(seen.layout, mapping, today, platform=seen.platform)


def _inspection(
    workspace: Workspace, group: Sequence[Opened], size: int, given: Mapping | None, choices: Choices, today: date
) -> Inspection:
    first = group[0]
    source = understand(workspace, first, [given] if given is not None else [], choices)
    asked = questions(first.layout, source.mapping, today, platform=source.platform) if source.holds == "orders" else ()
    names = tuple(one.name for one in group)
    return Inspection(names, size, first.layout, source.guess, source.remembered, asked)
