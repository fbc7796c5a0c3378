"""What the import screen holds for a visitor: files that wait, work under way on them, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.screens.import_data import task
from segmentation.intake import Ledger
from segmentation.intake.joins import Join
from segmentation.jobs import Job


@dataclass(frozen=True, slots=True)
class Upload:
    """A file waiting to be imported. `name` is what it was called: text, never a path."""

    path: Path
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Work:
    """A process at work on files; what it finds out goes to `out`."""

    job: Job
    out: Path

    def cancel(self) -> None:
        """Ask the work to stop; it cleans up, and nothing is changed."""
        if not self.job.finished:
            Path(f"{self.out}{task.STOP}").touch()

    def result(self) -> Any:
        """What was found out; the file that held it goes."""
        text = self.out.read_text(encoding="utf-8")
        self.out.unlink(missing_ok=True)
        return json.loads(text)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An import that was started, with what it was asked for. `files` is empty for the sample shop."""

    work: Work
    dataset: str
    files: tuple[Upload, ...]
    mappings: tuple[str, ...]
    asked: dict[str, bool | None] = field(default_factory=dict)

    @property
    def job(self) -> Job:
        return self.work.job

    def cancel(self) -> None:
        """Ask the import to stop; it cleans up, and the dataset stays as it was."""
        self.work.cancel()


@dataclass(frozen=True, slots=True)
class Changed:
    """An import that waits for an answer: `fact` says what orders have another state in the shop than in the files, or
    other customers (`about`: orders, customers). `asked` is what was said before."""

    dataset: str
    files: tuple[Upload, ...]
    mappings: tuple[str, ...]
    asked: dict[str, bool | None]
    fact: str
    about: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """An import that ended well: its ledger, what each table was, and what is worth reading about it."""

    dataset: str
    ledger: Ledger
    warnings: tuple[str, ...]
    files: tuple[Upload, ...]
    mappings: tuple[str, ...]
    tables: tuple[dict[str, Any], ...] = field(default=())
    joins: tuple[Join, ...] = ()
