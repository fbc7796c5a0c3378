"""Looking at files and importing them as a worker process does it: plain values in, a JSON file out. No Streamlit here.

Strangers' files are only ever parsed in such a process, whose memory has a limit: a hostile one can end nothing else.
"""

from __future__ import annotations

import json
import shutil
import sys
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from segmentation import erasure
from segmentation.errors import AmbiguousReading, CustomersChanged, DataError, DatasetNotFound, OrdersChanged
from segmentation.intake import ImportResult, import_files, inspect_all
from segmentation.intake.inspection_json import to_json
from segmentation.meaning import Mapping
from segmentation.workspace import IMPORTED, Workspace, held
from segmentation.workspace.checked import write

TASK, LOOK = "dashboard.screens.import_data.task.run", "dashboard.screens.import_data.task.look"
STOP = ".stop"
"""A file of this suffix beside `out` asks the import to stop; it then cleans up after itself."""

PLACE = ".place"
"""The folder of this suffix beside `out` holds what a look makes for itself; it is gone when the look is over."""

ADDRESS_SPACE = 8_000_000_000
"""Bytes a worker may map: the engine's own limits keep what it uses far below."""

Progress = Callable[[float, str], None]


def look(root: str, files: str, today: str, out: str, progress: Progress) -> None:
    """Look at `files`, a JSON list of (path, name), and write what was seen."""
    limit_memory()
    progress(0.0, "Looking at the file")
    folder = Path(out + PLACE)
    listed = [(Path(path), name) for path, name in json.loads(files)]
    folder.mkdir(mode=0o700)
    try:
        workspace = Workspace.open(root)
        with held(folder):  # a sweep takes folders that nobody is at work on
            inspections = inspect_all(listed, workspace, today=date.fromisoformat(today), place=folder)
    finally:
        shutil.rmtree(folder)
    write(Path(out), to_json(inspections).encode())


def run(
    root: str,
    files: str,
    dataset: str,
    mappings: str,
    drop_repeats: bool,
    replace: bool | None,
    same_orders: bool | None,
    instead: bool,
    today: str,
    by: str,
    out: str,
    progress: Progress,
) -> None:
    """Import `files`, a JSON list of (path, name), into `dataset`; `mappings` is a JSON list of TOML texts. With
    `instead` the dataset is replaced, not added to; `replace` says which state of an order counts, `same_orders`
    whether those under other customers are the dataset's own. Where that has to be asked, the question is written
    instead of what came of it. `by` is who stands for it in the audit log."""
    limit_memory()
    workspace = Workspace.open(root)
    stop = Path(out + STOP)
    listed = json.loads(files)
    if instead:
        _delete(workspace, dataset, by)
    try:
        result = import_files(
            workspace,
            [Path(path) for path, _ in listed],
            dataset=dataset,
            today=date.fromisoformat(today),
            mappings=[Mapping.from_toml(text) for text in json.loads(mappings)],
            names=[name for _, name in listed],
            drop_repeats=drop_repeats,
            replace=replace,
            same_orders=same_orders,
            progress=progress,
            cancelled=stop.exists,
            by=by,
        )
    except (OrdersChanged, CustomersChanged) as changed:
        about = "customers" if isinstance(changed, CustomersChanged) else "orders"
        write(Path(out), json.dumps({"changed": changed.fact, "about": about}).encode())
        return
    except AmbiguousReading as question:
        raise DataError(
            question.fact,
            evidence=question.evidence,
            next_step="Answer the question below and import again.",
        ) from question
    finally:
        stop.unlink(missing_ok=True)
    files_ = [_imported(workspace, Path(path), result.version.dataset_id) for path, _ in listed]
    write(Path(out), json.dumps(_said(dataset, result, files_)).encode())


def _said(dataset: str, result: ImportResult, files: list[str]) -> dict[str, Any]:
    return {
        "dataset": dataset,
        "ledger": result.ledger.to_json(),
        "warnings": result.warnings,
        "tables": [
            {"name": table.name, "holds": table.holds, "platform": table.platform, "rows": table.rows}
            for table in result.tables
        ],
        "joins": [one.to_json() for one in result.joins],
        "files": files,
    }


def _imported(workspace: Workspace, path: Path, dataset_id: str) -> str:
    """The name of an upload once it was imported: from then on it goes with its dataset."""
    if path.parent != workspace.tmp:
        return path.name
    return path.rename(path.with_name(f"{IMPORTED}{dataset_id}-{uuid.uuid4().hex}")).name


def limit_memory() -> None:
    """Bound the address space of this process, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def _delete(workspace: Workspace, dataset: str, by: str) -> None:
    try:
        erasure.delete(workspace, dataset, by=by)
    except DatasetNotFound:
        return
