"""The registry is read again after a change to it, by whoever, and not when somebody only reads."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from segmentation.workspace import Workspace
from segmentation.workspace.unchanged import MOST, unless_changed


def settled(workspace: Workspace) -> None:
    """Have the registry written a while ago."""
    long_ago = time.time() - 60
    for file in workspace.root.glob("registry.sqlite*"):
        os.utime(file, (long_ago, long_ago))


def test_two_changes_of_one_tick_are_both_read(tmp_path: Path) -> None:
    """A file system's clock may stand still between them, and the size of the file be the same."""
    workspace = Workspace.open(tmp_path / "w")
    tick = time.time()
    for value in range(3):
        os.utime(workspace.root / "registry.sqlite", (tick, tick))
        assert unless_changed(workspace, ("tick",), lambda value=value: value) == value


def test_who_only_reads_changes_no_stamp(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    settled(workspace)
    before = workspace.stamp()
    with workspace.registry() as registry:
        registry.execute("SELECT count(*) FROM datasets").fetchone()
        assert (workspace.root / "registry.sqlite-wal").exists()  # else this shows nothing
        assert workspace.stamp() == before
    assert workspace.stamp() == before


def test_a_write_changes_the_stamp_while_others_hold_the_registry_open_and_after(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    stamps = [workspace.stamp()]
    with workspace.registry() as reader:
        reader.execute("SELECT count(*) FROM datasets").fetchone()
        for name in "ab":
            with workspace.registry() as registry:
                registry.execute("INSERT INTO datasets VALUES (?, ?)", (name, name))
            stamps.append(workspace.stamp())
    stamps.append(workspace.stamp())
    assert len(set(stamps)) == 4


def test_what_another_process_wrote_is_read(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    asked: list[int] = []

    def count() -> int:
        asked.append(1)
        with workspace.registry() as registry:
            return int(registry.execute("SELECT count(*) FROM datasets").fetchone()[0])

    settled(workspace)
    assert [unless_changed(workspace, ("n",), count) for _ in range(3)] == [0, 0, 0]
    assert len(asked) == 1
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(\"INSERT INTO datasets VALUES ('x', 'x')\")"
    )
    subprocess.run([sys.executable, "-c", f"{code}; c.commit()", str(workspace.root / "registry.sqlite")], check=True)
    assert unless_changed(workspace, ("n",), count) == 1


def test_a_failure_is_not_held_and_what_is_held_is_bounded(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    answers = iter([sqlite3.OperationalError("busy")])

    def read() -> str:
        for error in answers:
            raise error
        return "read"

    with suppress(sqlite3.OperationalError):
        unless_changed(workspace, ("once",), read)
    assert unless_changed(workspace, ("once",), read) == "read"
    settled(workspace)
    for number in range(MOST):
        assert unless_changed(workspace, ("many", str(number)), lambda number=number: number) == number
    assert unless_changed(workspace, ("once",), lambda: "again") == "again"
