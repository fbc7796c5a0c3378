"""Runs one command of Tessera and kills its process, as `kill -9` does, at its nth change of the workspace, or of a
folder beside it whose name begins like the workspace's.

`python -m tests.segmentation.killed_at ROOT N WORD …`; with 0 it is not killed and says how many changes there were.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

CHANGES = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.chmod", "sqlite3.connect"}
REPOSITORY = Path(__file__).resolve().parents[2]


def run(root: Path, at: int, *words: str) -> int:
    """Run the command; the number of changes where it was not to be killed, else 1 where it was and 0 where not."""
    command = [sys.executable, "-m", "tests.segmentation.killed_at", str(root), str(at), *words]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if at == 0:
        assert done.returncode == 0, done.stderr
        return int(done.stderr.splitlines()[-1])
    assert done.returncode in {0, 1, -signal.SIGKILL}, done.stderr
    return int(done.returncode == -signal.SIGKILL)


def points(changes: int, how_many: int) -> list[int]:
    """Changes at which to kill, spread over all of them."""
    return [1 + round(at * (changes - 1) / max(1, how_many - 1)) for at in range(how_many)]


def _watch(root: str, at: int) -> None:
    seen = 0

    def change(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event not in CHANGES or not arguments or not str(arguments[0]).startswith(root):
            return
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(change)
    atexit.register(lambda: sys.stderr.write(f"{seen}\n"))


def main() -> int:
    """Carry out the command under watch: one of the command line; `look FILE`, what the import screen does first; or
    `refresh SHOP N`, what the dashboard's workers do after an import."""
    root, at, *words = sys.argv[1:]
    from dashboard.screens.import_data import task  # noqa: PLC0415 - imported before the watch begins
    from segmentation import cli  # noqa: PLC0415
    from segmentation.analysis import work  # noqa: PLC0415

    _watch(root, int(at))
    if words[0] == "look":
        out = Path(root) / "tmp" / "look-1.json"
        files = f'[["{words[1]}", "orders.csv"]]'
        task.look(root, files, date(2026, 11, 22).isoformat(), str(out), lambda _share, _what: None)
        return 0
    if words[0] == "refresh":
        work.refresh(root=root, dataset=words[1], number=int(words[2]))
        return 0
    return cli.main([*words, "--workspace", root])


if __name__ == "__main__":
    sys.exit(main())
