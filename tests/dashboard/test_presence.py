"""A file that was dropped stays as long as its visitor has a page open, and two minutes more; never beyond an hour."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.serving.presence import Presence
from segmentation.jobs import Jobs
from segmentation.workspace import Workspace, held
from tests.segmentation.jobs.test_pool import TASKS, appears, ended

NOW = time.time()


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now is when the test begins: this module is read long before."""
    monkeypatch.setitem(globals(), "NOW", time.time())


@pytest.fixture
def tmp(tmp_path: Path) -> Path:
    return Workspace.open(tmp_path / "workspace").tmp


def dropped(tmp: Path, name: str = "upload-1") -> Path:
    file = tmp / name
    file.write_text("ada@example.com")
    return file


def nobody(_session: str) -> bool:
    return False


def only(*sessions: str):
    return lambda session: session in sessions


def test_a_file_goes_two_minutes_after_the_last_page_was_closed(tmp: Path) -> None:
    presence, file = Presence(), dropped(tmp)
    presence.owns("s1", "ada", [file.name])
    presence.here("s2", "ada")
    presence.sweep(tmp, now=NOW, active=only("s1", "s2"))
    presence.sweep(tmp, now=NOW + 100, active=only("s2"))
    for later in (110, 215, 230):
        presence.sweep(tmp, now=NOW + later, active=nobody)
        assert file.exists()
    presence.sweep(tmp, now=NOW + 231, active=nobody)
    assert not file.exists()


def test_a_reload_keeps_it(tmp: Path) -> None:
    presence, file = Presence(), dropped(tmp)
    presence.owns("s1", "ada", [file.name])
    presence.sweep(tmp, now=NOW, active=only("s1"))
    presence.sweep(tmp, now=NOW + 60, active=nobody)
    presence.here("s2", "ada")
    for later in range(120, 1200, 60):
        presence.sweep(tmp, now=NOW + later, active=only("s2"))
    assert file.exists()


def test_somebody_elses_page_does_not_keep_it(tmp: Path) -> None:
    presence, file = Presence(), dropped(tmp)
    presence.owns("s1", "ada", [file.name])
    presence.here("s2", "bob")
    presence.sweep(tmp, now=NOW, active=only("s1", "s2"))
    presence.sweep(tmp, now=NOW + 1, active=only("s2"))
    presence.sweep(tmp, now=NOW + 122, active=only("s2"))
    assert not file.exists()


def test_without_a_cookie_a_page_is_a_visitor_of_its_own(tmp: Path) -> None:
    presence, file = Presence(), dropped(tmp)
    presence.owns("s1", None, [file.name])
    presence.here("s2", None)
    presence.sweep(tmp, now=NOW, active=only("s1", "s2"))
    presence.sweep(tmp, now=NOW + 1, active=only("s2"))
    presence.sweep(tmp, now=NOW + 122, active=only("s2"))
    assert not file.exists()


@pytest.mark.parametrize("name", ["upload-1", "imported-shop-1"])
def test_nothing_is_kept_beyond_an_hour(tmp: Path, name: str) -> None:
    presence, file = Presence(), dropped(tmp, name)
    presence.owns("s1", "ada", [file.name])
    presence.sweep(tmp, now=NOW + 3590, active=only("s1"))
    assert file.exists()
    presence.sweep(tmp, now=NOW + 3610, active=only("s1"))
    assert not file.exists()


def test_work_under_way_keeps_its_files_to_its_end(tmp: Path) -> None:
    presence, file, busy = Presence(), dropped(tmp), [True]
    presence.owns("s1", "ada", [file.name, "import-1.json"], lambda: busy[0])
    presence.sweep(tmp, now=NOW + 7200, active=nobody)
    presence.sweep(tmp, now=NOW + 7400, active=nobody)
    assert file.exists()
    busy[0] = False
    presence.sweep(tmp, now=NOW + 7410, active=nobody)
    assert not file.exists()


def test_what_an_earlier_server_left_waits_for_its_visitor_and_for_nobody_else(tmp: Path) -> None:
    mine, other, unknown = dropped(tmp), dropped(tmp, "upload-2"), dropped(tmp, "look-1.json")
    for file, visitor in ((mine, "ada"), (other, "bob")):
        folder = tmp / f"waiting-{visitor}"
        folder.mkdir()
        state = {"visitor": visitor, "files": [["id", file.name, "orders.csv", 1]], "look": "", "importing": None}
        (folder / "state.json").write_text(json.dumps(state))
        (folder / "seen.json").write_text("[]")
    presence = Presence()
    presence.sweep(tmp, now=NOW, active=nobody)
    presence.here("s1", "ada")
    presence.sweep(tmp, now=NOW + 60, active=only("s1"))
    presence.sweep(tmp, now=NOW + 121, active=only("s1"))
    assert sorted(entry.name for entry in tmp.iterdir()) == ["upload-1", "waiting-ada"]
    assert not unknown.exists()


def test_a_file_that_is_renamed_stays_its_visitors(tmp: Path) -> None:
    presence, file = Presence(), dropped(tmp)
    presence.owns("s1", "ada", [file.name])
    presence.sweep(tmp, now=NOW, active=only("s1"))
    imported = file.rename(tmp / "imported-shop-2")
    presence.sweep(tmp, now=NOW + 300, active=only("s1"))
    presence.sweep(tmp, now=NOW + 301, active=nobody)
    assert imported.exists()
    presence.sweep(tmp, now=NOW + 422, active=nobody)
    assert not imported.exists()


def test_what_another_server_keeps_is_its_own_business(tmp: Path) -> None:
    presence, file = Presence(), dropped(tmp)
    with held(file):
        for later in (0, 200, 400):
            presence.sweep(tmp, now=NOW + later, active=nobody)
        assert file.exists()
    for later in (500, 700):
        presence.sweep(tmp, now=NOW + later, active=nobody)
    assert not file.exists()


def test_the_sweep_of_an_import_elsewhere_leaves_what_a_server_keeps(tmp: Path) -> None:
    presence, file = Presence(), dropped(tmp)
    os.utime(file, (NOW - 3000, NOW - 3000))
    presence.owns("s1", "ada", [file.name], lambda: True)
    presence.sweep(tmp, now=NOW, active=only("s1"))
    Workspace.open(tmp.parent).sweep(now=NOW + 1000)
    assert file.exists()


def test_what_was_seen_in_a_file_goes_with_it(tmp: Path) -> None:
    presence, file, folder = Presence(), dropped(tmp), tmp / "waiting-1"
    folder.mkdir()
    (folder / "seen.json").write_text("ada@example.com")
    state = {"visitor": "ada", "files": [["id", file.name, "orders.csv", 1]], "look": "", "importing": None}
    (folder / "state.json").write_text(json.dumps(state))
    presence.owns("s1", "ada", [file.name, folder.name])
    presence.sweep(tmp, now=NOW + 3700, active=only("s1"))
    assert list(tmp.iterdir()) == []


def handles() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list open files")
def test_a_file_that_is_removed_is_let_go_of(tmp: Path) -> None:
    presence, file = Presence(), dropped(tmp)
    presence.owns("s1", "ada", [file.name])
    presence.sweep(tmp, now=NOW, active=only("s1"))
    before = handles()
    file.unlink()
    presence.sweep(tmp, now=NOW + 1, active=only("s1"))
    after = handles()
    assert after == before - 1


# Work for one visitor ------------------------------------------------------------------------------------------------


class Spinning:
    """Work in a process of its own that never ends by itself."""

    def __init__(self, jobs: Jobs, note: Path) -> None:
        self.job = jobs.submit(note.name, f"{TASKS}.spin", path=str(note))
        self.process = int(appears(note))


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    pool = Jobs(workers=2, tasks=[f"{TASKS}.spin"])
    yield pool
    pool.close()


def test_work_for_a_visitor_ends_with_their_last_page_and_no_other_work_does(jobs: Jobs, tmp_path: Path) -> None:
    presence = Presence()
    ada, bob = Spinning(jobs, tmp_path / "ada"), Spinning(jobs, tmp_path / "bob")
    presence.here("s2", "ada")
    presence.works("s1", "ada", ada.job)
    presence.works("s3", "bob", bob.job)
    presence.end_work(now=10, active=only("s1", "s2", "s3"))
    presence.end_work(now=20, active=only("s2", "s3"))
    presence.end_work(now=90, active=only("s2", "s3"))
    assert ada.job.state == "running"
    presence.end_work(now=91, active=only("s3"))
    presence.end_work(now=94.9, active=only("s3"))
    assert ada.job.state == "running"
    presence.end_work(now=95, active=only("s3"))
    assert ada.job.state == "cancelled"
    assert ended(ada.process)
    assert bob.job.state == "running"
    os.kill(bob.process, 0)


def test_a_reload_ends_no_work(jobs: Jobs, tmp_path: Path) -> None:
    presence, ada = Presence(), Spinning(jobs, tmp_path / "ada")
    presence.works("s1", "ada", ada.job)
    presence.end_work(now=10, active=nobody)
    presence.here("s2", "ada")
    for later in (12, 14, 100):
        presence.end_work(now=later, active=only("s2"))
    presence.end_work(now=101, active=nobody)
    presence.end_work(now=104, active=nobody)
    assert ada.job.state == "running"


def test_without_a_cookie_work_ends_with_its_page(jobs: Jobs, tmp_path: Path) -> None:
    presence, work = Presence(), Spinning(jobs, tmp_path / "work")
    presence.works("s1", None, work.job)
    presence.here("s2", None)
    presence.end_work(now=10, active=only("s2"))
    presence.end_work(now=14, active=only("s2"))
    assert ended(work.process)


def test_only_pages_that_are_open_count() -> None:
    here = Presence()
    for session in ("one", "two", "three"):
        here.here(session, "somebody")
    assert here.pages(lambda session: session != "two") == 2
