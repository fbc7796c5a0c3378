"""What an import would make of a file, from a bounded look: for the screen on which a person corrects it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segmentation.files.dialect import Dialect
from segmentation.files.opened import look
from segmentation.intake.guessing import guess
from segmentation.intake.mapping import Answers, Mapping, header_key
from segmentation.intake.settle import Question, questions
from segmentation.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file as it was understood. `guess` is the remembered mapping where `remembered`; `questions` are what the
    sampled values leave open, each with the header it is about."""

    file: str
    size: int
    dialect: Dialect
    headers: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    guess: Mapping
    remembered: bool
    questions: tuple[tuple[str, Question], ...]


def inspect(
    path: Path,
    workspace: Workspace,
    *,
    name: str | None = None,
    mapping: Mapping | None = None,
    answers: Answers | None = None,
) -> Inspection:
    """Look at a file without importing it; `mapping` and `answers` are a person's corrections so far.

    Raises UnreadableFile. A question may turn out to be answered by the rest of the file when it is imported.
    """
    _, layout = look(path, name)
    kept = workspace.recall_mapping(header_key(layout.headers)) if mapping is None else None
    chosen = mapping or (Mapping.from_toml(kept) if kept is not None else guess(layout))
    chosen = chosen.answered(answers or Answers())
    known = chosen if all(header in layout.headers for header in chosen.columns().values()) else guess(layout)
    return Inspection(
        file=name or path.name,
        size=path.stat().st_size,
        dialect=layout.dialect,
        headers=layout.headers,
        first_rows=layout.first_rows,
        guess=known,
        remembered=kept is not None,
        questions=questions(layout, known),
    )
