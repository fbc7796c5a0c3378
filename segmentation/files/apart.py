"""Files that are no text are read by a process of their own, with limits on its memory, its time and what it writes.

What is inside such a file says nothing of how much there is: a small one may unpack to anything, and a row that stands
there once may count a million times. The limits go by the size of the file as it is, and a hostile one can end nothing
but that process. `python -m segmentation.files.apart KIND FILE FOLDER` is the process; it ends with the one that
started it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from segmentation.errors import Cancelled, UnreadableFile
from segmentation.files.columnar import Table, parquet_table
from segmentation.files.limits import most_memory, most_seconds
from segmentation.files.signatures import Kind
from segmentation.files.table import Layout
from segmentation.files.workbook import workbook_tables

_WHAT = {Kind.WORKBOOK: "The workbook", Kind.PARQUET: "The Parquet file"}
_NAME = "file"
_INDEX, _PROBLEM = "tables.json", "problem.json"
_NO_ROOM = 3
"""How the process ends that wanted more memory than it may have."""
_LOOK_EVERY = 0.05
_FRUGAL = {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1",
           "OPENBLAS_NUM_THREADS": "1"}  # fmt: skip


def tables_apart(kind: Kind, path: Path, name: str, folder: Path, stopped: Callable[[], bool]) -> list[Table]:
    """The tables of a file as numbered text in `folder`, in order. Raises UnreadableFile where it is damaged, too
    large or holds none, or Cancelled."""
    home = folder / f"apart-{uuid.uuid4().hex}"
    home.mkdir()
    ended, said = _run(kind, path, home, stopped)
    if ended == 0 and (home / _PROBLEM).exists():
        told = json.loads((home / _PROBLEM).read_text(encoding="utf-8"))
        raise UnreadableFile(name, told["problem"], evidence=told["evidence"], next_step=told["next_step"])
    if ended != 0:
        raise UnreadableFile(
            name,
            f"{_WHAT[kind]} cannot be read.",
            evidence=_why(ended, said),
            next_step="Save it as CSV and import that.",
        )
    found = json.loads((home / _INDEX).read_text(encoding="utf-8"))
    return [Table(home / raw["file"], Layout.from_plain(raw["layout"]), raw["rows"], raw["name"]) for raw in found]


def _run(kind: Kind, path: Path, home: Path, stopped: Callable[[], bool]) -> tuple[int | None, str]:
    """How the process ended, None where it took too long, and the last it wrote of its trouble."""
    command = [sys.executable, "-P", "-m", "segmentation.files.apart", kind.name, str(path), str(home)]
    until = time.monotonic() + 3 * most_seconds(path.stat().st_size)
    trouble = home / "trouble"
    with trouble.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603 - this Python, our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, env=_environment()
        )
        try:
            while process.poll() is None:
                if stopped():
                    raise Cancelled("The import")
                if time.monotonic() > until:
                    return None, ""
                time.sleep(_LOOK_EVERY)
        finally:
            process.kill()
            process.communicate()
    return process.returncode, _last_line(trouble.read_text(encoding="utf-8", errors="replace"))


def _why(ended: int | None, said: str) -> str:
    if ended is None or ended == -_SIGXCPU:
        return "Reading it takes far longer than an export of its size would."
    if ended == 1:
        return said
    return "Reading it needs more memory than it may take."


_SIGXCPU = 24


def _environment() -> dict[str, str]:
    """The process's environment: the same packages as here, and libraries that take memory as they need it."""
    path = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, "PYTHONPATH": path, **_FRUGAL}


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


# The process ------------------------------------------------------------------------------------------------------


def main(kind: Kind, path: Path, home: Path) -> int:
    """Read the file; what was found, or what is wrong with it, goes to `home`."""
    threading.Thread(target=_end_with_the_other, daemon=True).start()
    _limit(path.stat().st_size)
    try:
        if kind is Kind.WORKBOOK:
            tables = workbook_tables(path, _NAME, home)
        else:
            tables = [parquet_table(path, _NAME, home / "table.csv", lambda: False)]
    except UnreadableFile as problem:
        fact = problem.fact.removeprefix(f"{_NAME}: ")
        told = {"problem": fact, "evidence": problem.evidence, "next_step": problem.next_step}
        (home / _PROBLEM).write_text(json.dumps(told), encoding="utf-8")
        return 0
    except MemoryError:
        return _NO_ROOM
    told_all = [
        {"name": one.name, "file": one.path.name, "rows": one.rows, "layout": one.layout.plain()} for one in tables
    ]
    (home / _INDEX).write_text(json.dumps(told_all), encoding="utf-8")
    return 0


def _end_with_the_other() -> None:
    """End this process when the one that started it is gone, however it went: nobody waits for the result."""
    while os.read(sys.stdin.fileno(), 1):
        continue
    os._exit(_NO_ROOM)


def _limit(size: int) -> None:
    """Bound this process's memory and time, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    memory, seconds = most_memory(size), round(most_seconds(size)) + 1
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


if __name__ == "__main__":
    sys.exit(main(Kind[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3])))
