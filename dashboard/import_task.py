"""An import as a worker process runs it: plain values in, a small JSON file out. No Streamlit in here."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from segmentation.errors import AmbiguousReading, DataError, DatasetNotFound
from segmentation.intake import Mapping, import_file
from segmentation.workspace import Workspace

TASK = "dashboard.import_task.run"
STOP = ".stop"
"""A file of this suffix beside `out` asks the import to stop; it then cleans up after itself."""


def run(
    root: str,
    path: str,
    name: str,
    dataset: str,
    mapping: str,
    drop_repeats: bool,
    instead: bool,
    today: str,
    out: str,
    progress: Callable[[float, str], None],
) -> None:
    """Import `path` into `dataset`; `mapping` is TOML or "". With `instead` the dataset is replaced, not added to."""
    workspace = Workspace.open(root)
    stop = Path(out + STOP)
    if instead:
        _delete(workspace, dataset)
    try:
        result = import_file(
            workspace,
            Path(path),
            dataset=dataset,
            today=date.fromisoformat(today),
            mapping=Mapping.from_toml(mapping) if mapping else None,
            name=name,
            drop_repeats=drop_repeats,
            progress=progress,
            cancelled=stop.exists,
        )
    except AmbiguousReading as question:
        raise DataError(
            question.fact,
            evidence=f"{question.evidence} The whole file does not decide it.",
            next_step="Answer the question below and import again.",
        ) from question
    finally:
        stop.unlink(missing_ok=True)
    said = {"dataset": dataset, "ledger": result.ledger.to_json(), "warnings": result.warnings}
    Path(out).write_text(json.dumps(said), encoding="utf-8")


def _delete(workspace: Workspace, dataset: str) -> None:
    try:
        workspace.delete(dataset)
    except DatasetNotFound:
        return
