"""Where a reload, a lost connection or a new server takes up again what a visitor had dropped and begun to import."""

from __future__ import annotations

import json
from pathlib import Path

from dashboard import state
from dashboard.screens.import_data import corrections, held, importing, interrupted
from dashboard.screens.import_data.held import Held
from dashboard.screens.import_data.importing import imports, looks
from dashboard.screens.import_data.upload import UnderWay, Upload, Work
from dashboard.serving import visitors
from dashboard.serving.visitors import visitor
from segmentation.intake.inspection_json import from_json
from segmentation.workspace import audit

_STOPPED = "import_stopped"


def restore() -> None:
    """Take up the files again that the page's address asks for, after a reload, as they were, with what was chosen; or
    an import whose server was ended."""
    left = held.asked_for()
    if left is None and not held.holds() and (name := _stopped()) is not None:
        left = held.take(name)
    state.keep(_STOPPED, False)
    if left is not None:
        take_up(left)


def was_stopped() -> bool:
    """Whether an import of this visitor was ended with its server and its end has not been looked at; found out once,
    when a page is opened or is connected again."""
    known: bool | None = state.recall(_STOPPED, None)
    if known is None:
        known = _stopped() is not None
        state.keep(_STOPPED, known)
    return known


def _stopped() -> str | None:
    """The name under which the files wait that this visitor was importing when the server was ended."""
    root = str(state.workspace().root)
    return next(
        (
            name
            for name, one in held.mine()
            if one.importing is not None and imports(root).get(one.importing["out"]) is None
        ),
        None,
    )


def take_up(left: Held) -> None:
    """Go on with files that waited, at the place where they were left."""
    folder = state.workspace().tmp
    uploads_ = {file_id: Upload(folder / path, name, size) for file_id, path, name, size in left.files}
    root, waiting = str(state.workspace().root), tuple(uploads_.values())
    running = imports(root).get(left.importing["out"]) if left.importing is not None else None
    there = all(upload.path.exists() for upload in waiting)
    if left.importing is not None and running is None and _has_ended(left.importing, waiting, there=there):
        return
    if running is None and not (there and waiting):
        held.let_go()
        return
    visitors.owns(path for _, path, _, _ in left.files)
    state.keep(importing.UPLOADS, uploads_)
    corrections.choose_again(left.batch, left.widgets)
    if left.importing is not None and running is not None:
        work, dataset = Work(running, folder / left.importing["out"]), left.importing["dataset"]
        under_way = UnderWay(work, dataset, waiting, tuple(left.importing["mappings"]))
        state.keep(importing.UNDER_WAY, under_way)
    if waiting:
        _see(left, waiting)


def go_on(name: str) -> None:
    """Take up what this visitor left behind under this name."""
    left = held.take(name)
    if left is not None:
        take_up(left)


def remove(name: str) -> None:
    """Remove what this visitor left behind under this name."""
    left = held.take(name)
    for _, path, _, _ in left.files if left is not None else ():
        (state.workspace().tmp / path).unlink(missing_ok=True)
    held.let_go()


def _has_ended(begun: dict[str, object], waiting: tuple[Upload, ...], *, there: bool) -> bool:
    """Show what came of an import that this server knows nothing of; False where nothing did, which is said."""
    workspace, by = state.workspace(), audit.visitor(visitor())
    files = [(upload.path, upload.name) for upload in waiting]
    said = _said(workspace.tmp / str(begun["out"])) or interrupted.completed(workspace, begun, files, by=by)
    if said is None:
        names = [name for _, name in files]
        state.keep(importing.PROBLEM, interrupted.lost(workspace, begun, names, there=there))
        held.change(importing=None)
        return False
    for path in (workspace.tmp / str(begun["out"]), *(path for path, _ in files)):
        path.unlink(missing_ok=True)
    mappings = begun["mappings"]
    importing.keep_outcome(said, str(begun["dataset"]), waiting, tuple(mappings) if isinstance(mappings, list) else ())
    return True


def _said(out: Path) -> dict[str, object] | None:
    """What an import wrote at its end; None where it did not come to that, or asks something."""
    try:
        said = json.loads(out.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and "ledger" in said else None


def _see(left: Held, waiting: tuple[Upload, ...]) -> None:
    """What was seen in the files, or another look at them."""
    workspace = state.workspace()
    root, folder = str(workspace.root), workspace.tmp
    seen = held.seen()
    look = looks(root).get(left.look)
    if seen is not None:
        state.keep(importing.SEEN, from_json(seen, workspace.platforms_folder))
    elif look is None or look.state == "cancelled" or (look.state == "done" and not (folder / left.look).exists()):
        importing.look(waiting)
    else:
        state.keep(importing.LOOKING, Work(look, folder / left.look))
