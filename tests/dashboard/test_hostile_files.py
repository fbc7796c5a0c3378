"""Files made to do harm, looked at by a worker: each is refused or read, within its memory, and leaves nothing behind.

The seconds are measured by `make bench`. `TESSERA_TRUTH=full` tries all eighty files; otherwise a tenth.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.screens.import_data import task
from segmentation.jobs import Jobs
from segmentation.workspace import Workspace
from tests.hostile_files import FILES, watched

MOST_MEMORY = 600_000_000
LONGEST = 90.0
STEP = 1 if os.environ.get("TESSERA_TRUTH") == "full" else 10
NAMES = sorted(FILES)[::STEP]
EVER_WRONG = (
    "exponents.csv",
    "five million blank lines.csv",
    "900 tables.zip",
    "one cell in the last corner.xlsx",
    "20 million equal rows.parquet",
    "deep JSON.jsonl",
)


@pytest.fixture(scope="module")
def pool() -> Iterator[Jobs]:
    jobs = Jobs(tasks=(task.LOOK,))
    yield jobs
    jobs.close()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded, and told, on Linux")
@pytest.mark.parametrize("name", sorted({*NAMES, *EVER_WRONG}))
def test_a_hostile_file_is_refused_or_read_and_harms_nobody(name: str, pool: Jobs, own_workspace: Path) -> None:
    workspace = Workspace.open(own_workspace)
    upload, out = workspace.tmp / "upload-x", workspace.tmp / "look-x.json"
    FILES[name](upload)
    worker = process_of(pool)
    with watched(worker) as taken:
        job = pool.submit(
            name,
            task.LOOK,
            root=str(workspace.root),
            files=json.dumps([(str(upload), name)]),
            today="2026-11-27",
            out=str(out),
        )
        assert job.wait(LONGEST) in {"done", "failed"}
    said = job.text
    assert "mistake in the program" not in said
    assert "process ended" not in said
    assert taken.memory <= MOST_MEMORY
    assert process_of(pool) == worker
    upload.unlink()
    out.unlink(missing_ok=True)
    assert list(workspace.tmp.iterdir()) == []


def process_of(pool: Jobs) -> int:
    """The only worker of the pool."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        if alive := pool.processes():
            return alive[0]
        time.sleep(0.02)
    raise AssertionError("there is no worker")
