"""Imports as the screen sees them: the files that were dropped, what was seen in them, the import under way, and what
came of it.

A file is kept under a name of its own in the workspace's `tmp/`; what it was called is text and never a path. Files are
looked at and imported in processes of their own, so that nobody else waits for it, and go on when the screen is left.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st

from dashboard import corrections, import_task, session, uploads
from dashboard.corrections import today
from dashboard.jobs import Job, Jobs
from segmentation.commands import SAMPLE_SHOP
from segmentation.intake import Inspection, Ledger
from segmentation.intake.inspection_json import from_json
from segmentation.intake.joins import Join

UPLOADS, LOOKING, SEEN, UNDER_WAY, OUTCOME, PROBLEM = (
    "uploads",
    "looking",
    "seen",
    "import_under_way",
    "import_outcome",
    "import_problem",
)
LONGEST_NAME = 60
AT_ONCE = 1.5
"""Seconds that a look may take before the screen says how far it is."""


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
            Path(f"{self.out}{import_task.STOP}").touch()

    def result(self) -> Any:
        """What was found out; the file that held it goes."""
        text = self.out.read_text(encoding="utf-8")
        self.out.unlink(missing_ok=True)
        return json.loads(text)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An import that was started. `files` is empty for the sample shop."""

    work: Work
    dataset: str
    files: tuple[Upload, ...]
    mappings: tuple[str, ...]

    @property
    def job(self) -> Job:
        return self.work.job

    def cancel(self) -> None:
        """Ask the import to stop; it cleans up, and the dataset stays as it was."""
        self.work.cancel()


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


# The files ----------------------------------------------------------------------------------------------------


def receive(dropped: Sequence[tuple[BinaryIO, str, str]]) -> None:
    """Keep dropped files (content, name, id) and begin to look at them; files that are no longer there go."""
    known: dict[str, Upload] = session.recall(UPLOADS, {})
    ids = [file_id for _, _, file_id in dropped]
    if list(known) == ids:
        return
    kept = {file_id: known.get(file_id) or _keep(content, name) for content, name, file_id in dropped}
    for file_id, upload in known.items():
        if file_id not in kept:
            upload.path.unlink(missing_ok=True)
    for stale in (LOOKING, SEEN, PROBLEM):
        session.forget(stale)
    corrections.forget_readings()
    session.keep(UPLOADS, kept)
    if kept:
        session.put("dataset_name", shop_name_for(next(iter(kept.values())).name))
        _look(tuple(kept.values()))


def _keep(content: BinaryIO, name: str) -> Upload:
    """The file on disk: where its bytes went while they arrived, else written now."""
    folder = session.workspace().tmp
    data = content.read(uploads.LONGEST_RECEIPT)
    path = uploads.claimed(data, folder)
    if path is None:
        path = folder / f"upload-{uuid.uuid4().hex}"
        content.seek(0)
        with path.open("wb") as target:
            shutil.copyfileobj(content, target, 1024 * 1024)
        path.chmod(0o600)
    return Upload(path, _shown(name), path.stat().st_size)


def shop_name_for(file: str) -> str:
    """What a shop is called unless somebody says otherwise: its file's name."""
    stem = Path(file).stem.removesuffix(".csv")
    return stem.replace("_", " ").replace("-", " ").strip()[:LONGEST_NAME] or "My shop"


def _shown(name: str) -> str:
    """A file's name without folders and line breaks, cut to a readable length."""
    return " ".join(name.replace("\\", "/").rsplit("/", 1)[-1].split())[:120] or "export"


def uploader_key() -> str:
    """The key of the file uploader: a new one empties it."""
    return f"export_file_{corrections.batch()}"


def pending() -> tuple[Upload, ...]:
    """The files waiting to be imported."""
    known: dict[str, Upload] = session.recall(UPLOADS, {})
    return tuple(upload for upload in known.values() if upload.path.exists())


def discard() -> None:
    """Forget the waiting files and remove them, with what went wrong when they were imported."""
    looking = session.recall(LOOKING, None)
    if looking is not None:
        looking.cancel()
    for upload in pending():
        upload.path.unlink(missing_ok=True)
    for known in (UPLOADS, LOOKING, SEEN, PROBLEM):
        session.forget(known)
    corrections.next_batch()


# The look -----------------------------------------------------------------------------------------------------


def _look(waiting: tuple[Upload, ...]) -> None:
    root = session.workspace().root
    out = session.workspace().tmp / f"look-{uuid.uuid4().hex}.json"
    job = _looks(str(root)).submit(
        out.name, import_task.LOOK, root=str(root), files=_listed(waiting), today=today().isoformat(), out=str(out)
    )
    session.keep(LOOKING, Work(job, out))


def looking() -> Work | None:
    """The look under way; waits a moment for one that is quick. After one that failed the files are forgotten."""
    work: Work | None = session.recall(LOOKING, None)
    if work is None:
        return None
    work.job.wait(AT_ONCE)
    if not work.job.finished:
        return work
    session.forget(LOOKING)
    if work.job.error is not None:
        discard()
        session.keep(PROBLEM, work.job.error)
        return None
    found = from_json(work.out.read_text(encoding="utf-8"), session.workspace().platforms_folder)
    work.out.unlink(missing_ok=True)
    session.keep(SEEN, found)
    for place, seen in enumerate(found):
        corrections.suggest(seen.mapping, place)
    return None


def seen() -> list[Inspection]:
    """What was seen in the waiting files: one inspection for each header."""
    found: list[Inspection] = session.recall(SEEN, [])
    return found


# The import ---------------------------------------------------------------------------------------------------


def start(
    waiting: tuple[Upload, ...], dataset: str, mappings: tuple[str, ...], *, drop_repeats: bool, instead: bool = False
) -> None:
    """Import the waiting files. `instead` replaces the dataset."""
    _start(_listed(waiting), dataset, mappings, waiting, drop_repeats=drop_repeats, instead=instead)


def start_sample() -> None:
    """Import the sample shop, through the same door as any file."""
    with as_file(files("sample_data") / "orders.csv") as path:
        _start(json.dumps([(str(path), path.name)]), SAMPLE_SHOP, (), (), drop_repeats=False, instead=False)


def _start(
    listed: str,
    dataset: str,
    mappings: tuple[str, ...],
    waiting: tuple[Upload, ...],
    *,
    drop_repeats: bool,
    instead: bool,
) -> None:
    root = session.workspace().root
    out = session.workspace().tmp / f"import-{uuid.uuid4().hex}.json"
    job = _imports(str(root)).submit(
        out.name,
        import_task.TASK,
        root=str(root),
        files=listed,
        dataset=dataset,
        mappings=json.dumps(mappings),
        drop_repeats=drop_repeats,
        instead=instead,
        today=today().isoformat(),
        out=str(out),
    )
    session.forget(OUTCOME)
    session.keep(UNDER_WAY, UnderWay(Work(job, out), dataset, waiting, mappings))


def _listed(waiting: tuple[Upload, ...]) -> str:
    return json.dumps([(str(upload.path), upload.name) for upload in waiting])


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
    said = found.work.result()
    session.keep(
        OUTCOME,
        Outcome(
            found.dataset,
            Ledger.from_json(said["ledger"]),
            tuple(said["warnings"]),
            found.files,
            found.mappings,
            tuple(said["tables"]),
            tuple(map(Join.from_json, said["joins"])),
        ),
    )
    for known in (UPLOADS, LOOKING, SEEN):
        session.forget(known)
    corrections.next_batch()
    session.choose_shop(found.dataset)


def outcome() -> Outcome | None:
    """What came of the last import, until it is put away."""
    found: Outcome | None = session.recall(OUTCOME, None)
    return found


def put_away() -> None:
    """Forget the outcome and remove its files."""
    found = outcome()
    for upload in found.files if found is not None else ():
        upload.path.unlink(missing_ok=True)
    session.forget(OUTCOME)


@st.cache_resource(max_entries=4, show_spinner=False, on_release=Jobs.close)
def _imports(root: str) -> Jobs:  # noqa: ARG001 - one pool per workspace
    return Jobs(workers=1, tasks=(import_task.TASK,))


@st.cache_resource(max_entries=4, show_spinner=False, on_release=Jobs.close)
def _looks(root: str) -> Jobs:  # noqa: ARG001 - one pool per workspace
    return Jobs(workers=1, tasks=(import_task.LOOK,))


def warm_up() -> None:
    """Start the process that looks at files before there is one to look at."""
    _looks(str(session.workspace().root))
