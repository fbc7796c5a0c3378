"""Imports as the screen sees them: the file that was dropped, the import under way, and what came of it.

A file is kept under a name of its own in the workspace's `tmp/`; what it was called is text and never a path. The
import runs in a process of its own, so that nobody else waits for it, and goes on when its screen is left.
"""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from dashboard import import_task, session
from dashboard.jobs import Job, Jobs
from segmentation.commands import SAMPLE_SHOP
from segmentation.errors import TesseraError
from segmentation.intake import MEANINGS, Answers, Inspection, Ledger, Mapping, inspect

UPLOAD, UNDER_WAY, OUTCOME, PROBLEM = "upload", "import_under_way", "import_outcome", "import_problem"
UNDECIDED = "whole"
"""The answer that leaves a question to the rest of the file."""
INSPECTIONS_KEPT = 32
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Upload:
    """A file waiting to be imported. `name` is what it was called: text, never a path."""

    path: Path
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An import that was started. `upload` is None for the sample shop."""

    job: Job
    out: Path
    dataset: str
    upload: Upload | None
    mapping: str

    def cancel(self) -> None:
        """Ask the import to stop; it cleans up, and the dataset stays as it was."""
        if not self.job.finished:
            Path(f"{self.out}{import_task.STOP}").touch()


@dataclass(frozen=True, slots=True)
class Outcome:
    """An import that ended well: its ledger and what is worth reading about it."""

    dataset: str
    ledger: Ledger
    warnings: tuple[str, ...]
    upload: Upload | None
    mapping: str


# The file -----------------------------------------------------------------------------------------------------


def receive(file: BinaryIO, name: str, file_id: str) -> Upload:
    """Keep a dropped file; the same drop is kept once. A file that cannot be read is told of and not kept."""
    known: tuple[str, Upload] | None = session.recall(UPLOAD, None)
    if known and known[0] == file_id:
        return known[1]
    discard()
    path = session.workspace().tmp / f"upload-{uuid.uuid4().hex}"
    with path.open("wb") as target:
        shutil.copyfileobj(file, target, 1024 * 1024)
    path.chmod(0o600)
    upload = Upload(path, _shown(name), path.stat().st_size)
    session.keep(UPLOAD, (file_id, upload))
    try:
        suggest(look(upload, None, None).guess)
    except TesseraError:
        discard()
        raise
    session.put("dataset_name", shop_name_for(upload.name))
    return upload


def shop_name_for(file: str) -> str:
    """What a shop is called unless somebody says otherwise: its file's name."""
    return Path(file).stem.replace("_", " ").replace("-", " ").strip()[:LONGEST_NAME] or "My shop"


def _shown(name: str) -> str:
    """A file's name without folders and line breaks, cut to a readable length."""
    return " ".join(name.replace("\\", "/").rsplit("/", 1)[-1].split())[:120] or "export"


def pending() -> Upload | None:
    """The file waiting to be imported."""
    known: tuple[str, Upload] | None = session.recall(UPLOAD, None)
    return known[1] if known and known[1].path.exists() else None


def discard() -> None:
    """Forget the waiting file and remove it, with what went wrong when it was imported."""
    upload = pending()
    if upload is not None:
        upload.path.unlink(missing_ok=True)
    session.forget(UPLOAD)
    session.forget(PROBLEM)


def suggest(mapping: Mapping) -> None:
    """Set the mapping's dropdowns to this mapping."""
    for meaning in MEANINGS:
        session.put(f"map_{meaning}", getattr(mapping, meaning))
    for setting in ("date_order", "decimal"):
        session.put(f"answer_{setting}", getattr(mapping, setting) or UNDECIDED)


def look(upload: Upload, mapping: Mapping | None, answers: Answers | None) -> Inspection:
    """The file as it is understood with the corrections so far."""
    return _look(str(upload.path), upload.name, mapping.to_toml() if mapping else "", repr(answers), mapping, answers)


@st.cache_resource(max_entries=INSPECTIONS_KEPT, show_spinner="Looking at the file…")
def _look(
    path: str,
    name: str,
    mapping_text: str,  # noqa: ARG001 - part of the cache key
    answers_text: str,  # noqa: ARG001 - part of the cache key
    _mapping: Mapping | None,
    _answers: Answers | None,
) -> Inspection:
    return inspect(Path(path), session.workspace(), name=name, mapping=_mapping, answers=_answers)


# The import ---------------------------------------------------------------------------------------------------


def start(upload: Upload, dataset: str, mapping: str, *, drop_repeats: bool, instead: bool = False) -> None:
    """Import the waiting file. `instead` replaces the dataset."""
    _start(upload.path, upload.name, dataset, mapping, upload, drop_repeats=drop_repeats, instead=instead)


def start_sample() -> None:
    """Import the sample shop, through the same door as any file."""
    with as_file(files("sample_data") / "orders.csv") as path:
        _start(path, path.name, SAMPLE_SHOP, "", None, drop_repeats=False, instead=False)


def _start(
    path: Path, name: str, dataset: str, mapping: str, upload: Upload | None, *, drop_repeats: bool, instead: bool
) -> None:
    root = session.workspace().root
    out = session.workspace().tmp / f"import-{uuid.uuid4().hex}.json"
    job = _pool(str(root)).submit(
        out.name,
        import_task.TASK,
        root=str(root),
        path=str(path),
        name=name,
        dataset=dataset,
        mapping=mapping,
        drop_repeats=drop_repeats,
        instead=instead,
        today=datetime.now(UTC).date().isoformat(),
        out=str(out),
    )
    session.forget(OUTCOME)
    session.keep(UNDER_WAY, UnderWay(job, out, dataset, upload, mapping))


def under_way() -> UnderWay | None:
    """The import this visitor started and has not seen the end of."""
    found: UnderWay | None = session.recall(UNDER_WAY, None)
    return found


def finish() -> None:
    """Take note of the end of the import under way: its outcome, or nothing where it failed."""
    found = under_way()
    session.forget(UNDER_WAY)
    if found is None or found.job.state != "done":
        return
    said = json.loads(found.out.read_text(encoding="utf-8"))
    found.out.unlink(missing_ok=True)
    session.keep(
        OUTCOME,
        Outcome(found.dataset, Ledger.from_json(said["ledger"]), tuple(said["warnings"]), found.upload, found.mapping),
    )
    session.forget(UPLOAD)
    session.choose_shop(found.dataset)


def outcome() -> Outcome | None:
    """What came of the last import, until it is put away."""
    found: Outcome | None = session.recall(OUTCOME, None)
    return found


def put_away() -> None:
    """Forget the outcome and remove its file."""
    found = outcome()
    if found is not None and found.upload is not None:
        found.upload.path.unlink(missing_ok=True)
    session.forget(OUTCOME)


@st.cache_resource(max_entries=4, show_spinner=False, on_release=Jobs.close)
def _pool(root: str) -> Jobs:  # noqa: ARG001 - one pool per workspace
    return Jobs(workers=1, tasks=(import_task.TASK,))
