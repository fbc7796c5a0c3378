"""Eighty files made to do harm, looked at by a worker that is at rest; and a small upload beside the worst of them."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from dashboard.screens.import_data import task
from segmentation.jobs import Job, Jobs
from segmentation.workspace import Workspace
from tests.benchmarks.rows import Row, against, at_most
from tests.hostile_files import FILES, HEADER, watched

MOST_SECONDS, MOST_MEGABYTES, MOST_SLOWER = 5, 600, 2
PATIENCE = 120.0
SLOW = ("a stray quote in every row.csv", "a million equal rows.xlsx", "five million blank lines.csv")


def measure(quick: bool) -> list[Row]:
    """The slowest and the largest look at any file, what is left, and a look beside hostile ones against one alone."""
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        workspace = Workspace.open(Path(folder) / "workspace")
        seconds, megabytes, left = _each(workspace, sorted(FILES)[:: 10 if quick else 1])
        alone, beside = _two(workspace)
    return [
        at_most(f"Slowest look at a hostile file ({seconds[1]}), s", seconds[0], MOST_SECONDS),
        at_most(f"Most memory of such a look ({megabytes[1]}), MB", megabytes[0], MOST_MEGABYTES),
        at_most("Files that hostile ones left behind", left, 0),
        against("Look at 5,000 lines beside hostile files, s", beside, alone, "alone", most=MOST_SLOWER),
    ]


def _each(workspace: Workspace, names: list[str]) -> tuple[tuple[float, str], tuple[float, str], int]:
    pool = Jobs(tasks=(task.LOOK,))
    seconds, megabytes, left = [], [], 0
    upload = workspace.tmp / "upload"
    for name in names:
        FILES[name](upload)
        while not pool.processes():
            time.sleep(0.05)
        with watched(pool.processes()[0]) as taken:
            start = time.perf_counter()
            job = _look(pool, workspace, upload, name, owner="")
            job.wait(PATIENCE)
            seconds.append((time.perf_counter() - start, name))
        megabytes.append((taken.memory / 1e6, name))
        for path in (upload, workspace.tmp / f"{name}.json"):
            path.unlink(missing_ok=True)
        left += len(list(workspace.tmp.iterdir()))
    pool.close()
    return max(seconds), max(megabytes), left


def _two(workspace: Workspace) -> tuple[float, float]:
    """Seconds of a look at 5,000 lines: alone, and while another visitor's hostile files are looked at."""
    pool = Jobs(workers=2, tasks=(task.LOOK,))
    small = workspace.tmp / "small"
    small.write_text(HEADER + "".join(f"{i},2026-01-{1 + i % 28:02d},c{i % 900},P{i % 40},9.5\n" for i in range(5_000)))
    for name in SLOW:
        FILES[name](workspace.tmp / name)

    def once(key: str) -> float:
        start = time.perf_counter()
        _look(pool, workspace, small, key, owner="small").wait(PATIENCE)
        return time.perf_counter() - start

    for at in range(2):
        once(f"warm {at}")
    alone = min(once(f"alone {at}") for at in range(3))
    hostile = [_look(pool, workspace, workspace.tmp / name, name, owner="hostile") for name in SLOW]
    beside = []
    while any(not job.finished for job in hostile):
        beside.append(once(f"beside {len(beside)}"))
    pool.close()
    return alone, max(beside)


def _look(pool: Jobs, workspace: Workspace, path: Path, name: str, *, owner: str) -> Job:
    out = workspace.tmp / f"{name}.json"
    files = json.dumps([(str(path), name)])
    return pool.submit(
        name, task.LOOK, owner=owner, root=str(workspace.root), files=files, today="2026-11-27", out=str(out)
    )
