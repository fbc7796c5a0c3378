"""A look at files goes on while the workspace is swept: it may take longer than a sweep waits."""

from __future__ import annotations

import json
import time
from pathlib import Path

from dashboard.screens.import_data import task
from segmentation.jobs import Jobs
from segmentation.workspace import Workspace

HEADER, ROWS = "order_id,date,customer,product,amount\n", 200_000
LATER = 60.0
"""Seconds: a folder so old that nobody is at work on is swept."""
PATIENCE = 120.0


def test_a_sweep_leaves_a_look_its_folder(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    export, out = workspace.tmp / "upload-1", workspace.tmp / "look-1.json"
    rows = (f"{i},2026-01-{1 + i % 28:02d},c{i % 900},P{i % 40},9.5\n" for i in range(ROWS))
    export.write_text(HEADER + "".join(rows), encoding="utf-8")
    place = Path(f"{out}{task.PLACE}")
    pool = Jobs(tasks=(task.LOOK,))
    try:
        files = json.dumps([(str(export), "orders.csv")])
        job = pool.submit("look", task.LOOK, root=str(workspace.root), files=files, today="2026-11-27", out=str(out))
        end = time.monotonic() + PATIENCE
        while not (place.is_dir() and any(place.iterdir())):
            assert time.monotonic() < end, job.text
            assert not job.finished, "the look was over before it could be swept"
            time.sleep(0.001)
        workspace.sweep(now=time.time() + LATER)
        assert job.wait(PATIENCE) == "done", job.text
    finally:
        pool.close()
    assert out.is_file()
    assert not place.exists()
