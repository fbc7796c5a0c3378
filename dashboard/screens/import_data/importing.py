"""Imports as the screen sees them: the files that were dropped, what was seen in them, the import under way, and what
came of it.

A file is kept under a name of its own in the workspace's `tmp/`; what it was called is text and never a path. Files are
looked at and imported in processes of their own, so that nobody else waits for it, and go on when the screen is left.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st

from dashboard import state, words
from dashboard.screens.import_data import corrections, dropped, held, interrupted, task
from dashboard.screens.import_data.corrections import today
from dashboard.screens.import_data.held import Held
from dashboard.screens.import_data.upload import Changed, Outcome, UnderWay, Upload, Work
from dashboard.serving import visitors
from dashboard.serving.presence import LOOKED, TOLD
from dashboard.serving.visitors import visitor
from segmentation.commands import SAMPLE_SHOP
from segmentation.errors import TesseraError
from segmentation.intake import Inspection, Ledger
from segmentation.intake.inspection_json import from_json
from segmentation.intake.joins import Join
from segmentation.jobs import Jobs
from segmentation.workspace import audit

UPLOADS, LOOKING, SEEN, UNDER_WAY, OUTCOME, PROBLEM = (
    "uploads",
    "looking",
    "seen",
    "import_under_way",
    "import_outcome",
    "import_problem",
)
CHANGED = "import_changed"
LOOKERS = 2
"""Processes that look at files: of one visitor one works at a time, so that another's file need not wait for it."""
AT_ONCE = 1.5
"""Seconds that a look may take before the screen says how far it is."""


# The files ----------------------------------------------------------------------------------------------------


def receive(files_: Sequence[tuple[BinaryIO, str, str]]) -> None:
    """Keep dropped files (content, name, id) and begin to look at them; files that are no longer there go."""
    uploads: dict[str, Upload] = state.recall(UPLOADS, {})
    ids = [file_id for _, _, file_id in files_]
    if list(uploads) == ids:
        return
    kept = {file_id: uploads.get(file_id) or dropped.keep(content, name) for content, name, file_id in files_}
    for file_id, upload in uploads.items():
        if file_id not in kept:
            upload.path.unlink(missing_ok=True)
    _stop_looking()
    for stale in (LOOKING, SEEN, PROBLEM):
        state.forget(stale)
    corrections.forget_readings()
    state.keep(UPLOADS, kept)
    if kept:
        state.put("dataset_name", dropped.shop_name_for(next(iter(kept.values())).name))
        listed = tuple((file_id, one.path.name, one.name, one.size) for file_id, one in kept.items())
        held.hold(Held(listed, corrections.batch()))
        look(tuple(kept.values()))


def uploader_key() -> str:
    """The key of the file uploader: a new one empties it."""
    return f"export_file_{corrections.batch()}"


def pending() -> tuple[Upload, ...]:
    """The files waiting to be imported."""
    uploads: dict[str, Upload] = state.recall(UPLOADS, {})
    return tuple(upload for upload in uploads.values() if upload.path.exists())


def forget_expired() -> None:
    """Forget files that wait no longer because an hour has passed, and say so."""
    uploads: dict[str, Upload] = state.recall(UPLOADS, {})
    if under_way() is None and len(pending()) < len(uploads):
        discard()
        state.keep(PROBLEM, TesseraError(words.EXPIRED, next_step=words.DROP_AGAIN))


def discard() -> None:
    """Forget the waiting files and remove them, with what went wrong when they were imported."""
    _stop_looking()
    for upload in pending():
        upload.path.unlink(missing_ok=True)
    for known in (UPLOADS, LOOKING, SEEN, PROBLEM, CHANGED):
        state.forget(known)
    held.let_go()
    corrections.next_batch()


def _stop_looking() -> None:
    """End the look that nobody waits for any more; it changes nothing, so its process can go at once."""
    work: Work | None = state.recall(LOOKING, None)
    if work is not None:
        work.job.cancel()


def note_choices() -> None:
    """Keep what was chosen for the files that wait."""
    held.change(widgets=corrections.chosen())


# The look -----------------------------------------------------------------------------------------------------


def look(waiting: tuple[Upload, ...]) -> None:
    """Begin to look at files, in a process that ends with its visitor."""
    root = state.workspace().root
    out = state.workspace().tmp / f"{LOOKED}{uuid.uuid4().hex}.json"
    job = looks(str(root)).submit(
        out.name,
        task.LOOK,
        owner=visitor() or out.name,
        leaves=(Path(f"{out}{task.PLACE}"),),
        root=str(root),
        files=_listed(waiting),
        today=today().isoformat(),
        out=str(out),
    )
    visitors.owns([out.name, *(upload.path.name for upload in waiting)], lambda: not job.finished)
    visitors.works(job)
    state.keep(LOOKING, Work(job, out))
    held.change(look=out.name)


def looking() -> Work | None:
    """The look under way; waits a moment for one that is quick. After one that failed the files are forgotten."""
    work: Work | None = state.recall(LOOKING, None)
    if work is None:
        return None
    work.job.wait(AT_ONCE)
    if not work.job.finished:
        return work
    state.forget(LOOKING)
    if work.job.state == "cancelled" and pending():  # its visitor had gone, and is back
        look(pending())
        return state.recall(LOOKING, work)
    if work.job.error is not None:
        discard()
        state.keep(PROBLEM, work.job.error)
        return None
    text = work.out.read_text(encoding="utf-8")
    work.out.unlink(missing_ok=True)
    held.keep_seen(text)
    inspections = from_json(text, state.workspace().platforms_folder)
    state.keep(SEEN, inspections)
    for place, inspection in enumerate(inspections):
        corrections.suggest(inspection.mapping, place)
    shop = state.version()
    if shop is not None and any(inspection.mended for inspection in inspections):
        state.put("import_into", shop.name)
    return None


def seen() -> list[Inspection]:
    """What was seen in the waiting files: one inspection for each header."""
    inspections: list[Inspection] = state.recall(SEEN, [])
    return inspections


# The import ---------------------------------------------------------------------------------------------------


_NOT_SAID: dict[str, bool | None] = {"drop_repeats": False, "replace": None, "same_orders": None, "instead": False}


def start(waiting: tuple[Upload, ...], dataset: str, mappings: tuple[str, ...], **asked: bool | None) -> None:
    """Import the waiting files. `asked` is what `task.run` can be asked for: drop_repeats, replace, same_orders,
    instead."""
    waiting = tuple(dropped.waiting_again(upload) for upload in waiting)
    _start(_listed(waiting), dataset, mappings, waiting, asked)


def start_sample() -> None:
    """Import the sample shop, through the same door as any file."""
    with as_file(files("sample_data") / "orders.csv") as path:
        held.hold(Held((), corrections.batch()))
        _start(json.dumps([(str(path), path.name)]), SAMPLE_SHOP, (), (), {})


def _start(
    listed: str,
    dataset: str,
    mappings: tuple[str, ...],
    waiting: tuple[Upload, ...],
    asked: dict[str, bool | None],
) -> None:
    root = state.workspace().root
    out = state.workspace().tmp / f"{TOLD}{uuid.uuid4().hex}.json"
    begun = interrupted.note(state.workspace(), out.name, dataset, mappings)
    job = imports(str(root)).submit(
        out.name,
        task.TASK,
        root=str(root),
        files=listed,
        dataset=dataset,
        mappings=json.dumps(mappings),
        **(_NOT_SAID | asked),
        today=today().isoformat(),
        by=audit.visitor(visitor()),
        out=str(out),
    )
    visitors.owns([out.name, *(upload.path.name for upload in waiting)], lambda: not job.finished)
    state.forget(OUTCOME)
    state.forget(CHANGED)
    state.keep(UNDER_WAY, UnderWay(Work(job, out), dataset, waiting, mappings, asked))
    held.change(importing=begun)


def _listed(waiting: tuple[Upload, ...]) -> str:
    return json.dumps([(str(upload.path), upload.name) for upload in waiting])


def under_way() -> UnderWay | None:
    """The import this visitor started and has not seen the end of."""
    work: UnderWay | None = state.recall(UNDER_WAY, None)
    return work


def finish() -> None:
    """Take note of the end of the import under way: its outcome, or nothing where it failed."""
    work = under_way()
    state.forget(UNDER_WAY)
    held.change(importing=None)
    if work is None or work.job.state != "done":
        if work is not None and not work.files:
            held.let_go()
        return
    said = work.work.result()
    if "changed" in said:
        waits = Changed(work.dataset, work.files, work.mappings, work.asked, said["changed"], said["about"])
        state.keep(CHANGED, waits)
        return
    keep_outcome(said, work.dataset, work.files, work.mappings)


def keep_outcome(said: dict[str, Any], dataset: str, waiting: tuple[Upload, ...], mappings: tuple[str, ...]) -> None:
    """Show what came of an import, as its process said it, and let go of its files."""
    tmp = state.workspace().tmp
    state.keep(
        OUTCOME,
        Outcome(
            dataset,
            Ledger.from_json(said["ledger"]),
            tuple(said["warnings"]),
            tuple(replace(one, path=tmp / name) for one, name in zip(waiting, said["files"], strict=False)),
            mappings,
            tuple(said["tables"]),
            tuple(map(Join.from_json, said["joins"])),
        ),
    )
    for known in (UPLOADS, LOOKING, SEEN):
        state.forget(known)
    held.let_go()
    corrections.next_batch()
    state.choose_shop(dataset)


def changed() -> Changed | None:
    """The import that waits for an answer about orders that changed, or that have other customers."""
    change: Changed | None = state.recall(CHANGED, None)
    return change


def import_anyway(changed: Changed, **answer: bool) -> None:
    """Import the files of one that waited: the files' state of the orders counts, or the shop's (`replace`); orders
    under other customers are the shop's own, or others (`same_orders`)."""
    start(changed.files, changed.dataset, changed.mappings, **(changed.asked | answer))


def outcome() -> Outcome | None:
    """What came of the last import, until it is put away or its shop is gone."""
    result: Outcome | None = state.recall(OUTCOME, None)
    if result is not None and all(one.name != result.dataset for one in (*state.versions(), *state.broken())):
        state.forget(OUTCOME)
        return None
    return result


def put_away() -> None:
    """Forget the outcome and remove its files."""
    result = outcome()
    for upload in result.files if result is not None else ():
        upload.path.unlink(missing_ok=True)
    state.forget(OUTCOME)


@st.cache_resource(max_entries=4, show_spinner=False, on_release=Jobs.close)
def imports(root: str) -> Jobs:  # noqa: ARG001 - one pool per workspace
    """The process that imports."""
    return Jobs(workers=1, tasks=(task.TASK,))


@st.cache_resource(max_entries=4, show_spinner=False, on_release=Jobs.close)
def looks(root: str) -> Jobs:  # noqa: ARG001 - one pool per workspace
    """The processes that look at files."""
    return Jobs(workers=LOOKERS, tasks=(task.LOOK,))


def warm_up() -> None:
    """Start the process that looks at files before there is one to look at, and let go of what was left long ago."""
    looks(str(state.workspace().root))
    state.workspace().sweep(now=time.time())
