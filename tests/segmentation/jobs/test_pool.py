"""The job pool with real worker processes and small tasks."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmentation.errors import Cancelled, WrongCall
from segmentation.jobs import Jobs
from segmentation.jobs.worker import AUTOGROUP, NICER

TASKS = "tests.dashboard.job_tasks"
NAMES = ("write", "count_runs", "spin", "refuse", "stumble", "vanish", "surroundings")
PATIENCE = 10.0


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    pool = Jobs(tasks=[f"{TASKS}.{name}" for name in NAMES])
    yield pool
    pool.close()


def appears(path: Path) -> str:
    """The text of a file that a worker is about to write."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if path.exists() and (text := path.read_text(encoding="utf-8")):
            return text
        time.sleep(0.02)
    raise AssertionError(f"{path.name} was never written")


def ended(process: int) -> bool:
    """Whether a process is gone within a few seconds, not even a zombie."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_a_finished_job_left_its_file_and_says_done(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.submit("write", f"{TASKS}.write", path=str(tmp_path / "out"), text="It’s here")
    assert job.wait(PATIENCE) == "done"
    assert (tmp_path / "out").read_text(encoding="utf-8") == "It’s here"
    assert (job.progress, job.text, job.error) == (1.0, "Done", None)


def test_idle_work_lets_everything_else_go_first(jobs: Jobs, tmp_path: Path) -> None:
    order = tmp_path / "order"
    first = jobs.submit("before", f"{TASKS}.count_runs", path=str(tmp_path / "n"), seconds=0.3)
    idle = jobs.submit("idle", f"{TASKS}.write", idly=True, path=str(order), text="idle")
    other = jobs.submit("other", f"{TASKS}.write", path=str(order), text="other")
    assert {job.wait(PATIENCE) for job in (first, idle, other)} == {"done"}
    assert order.read_text(encoding="utf-8") == "idle"  # it wrote last


def test_idle_work_can_be_stopped_before_its_turn(jobs: Jobs, tmp_path: Path) -> None:
    first = jobs.submit("before the stopped", f"{TASKS}.count_runs", path=str(tmp_path / "n"), seconds=0.3)
    idle = jobs.submit("stopped", f"{TASKS}.write", idly=True, path=str(tmp_path / "out"), text="x")
    idle.cancel()
    assert first.wait(PATIENCE) == "done"
    assert idle.state == "cancelled"
    assert not (tmp_path / "out").exists()


def test_sessions_asking_for_the_same_key_share_one_run(jobs: Jobs, tmp_path: Path) -> None:
    asked = [jobs.submit("shared", f"{TASKS}.count_runs", path=str(tmp_path / "n"), seconds=0.3) for _ in range(5)]
    assert {job.wait(PATIENCE) for job in asked} == {"done"}
    assert (tmp_path / "n").read_text(encoding="utf-8") == "run\n"
    assert jobs.get("shared") is asked[0]


def test_progress_can_be_read_while_the_job_runs(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.submit("watched", f"{TASKS}.count_runs", path=str(tmp_path / "n"), seconds=0.5)
    deadline = time.monotonic() + PATIENCE
    while job.text != "Counting" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (job.state, job.progress, job.text) == ("running", 0.25, "Counting")
    job.wait(PATIENCE)


def test_cancelling_ends_the_process_that_burns_the_processor(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.submit("spin", f"{TASKS}.spin", path=str(tmp_path / "pid"))
    process = int(appears(tmp_path / "pid"))
    job.cancel()
    assert job.state == "cancelled"
    assert isinstance(job.error, Cancelled)
    assert ended(process)


def test_the_next_job_runs_after_one_was_cancelled(jobs: Jobs, tmp_path: Path) -> None:
    spinning = jobs.submit("spin again", f"{TASKS}.spin", path=str(tmp_path / "pid"))
    behind = jobs.submit("behind", f"{TASKS}.write", path=str(tmp_path / "out"), text="x")
    appears(tmp_path / "pid")
    assert behind.state == "waiting"
    spinning.cancel()
    assert behind.wait(PATIENCE) == "done"


def test_a_waiting_job_that_is_cancelled_never_runs(jobs: Jobs, tmp_path: Path) -> None:
    first = jobs.submit("first", f"{TASKS}.count_runs", path=str(tmp_path / "a"), seconds=0.3)
    second = jobs.submit("second", f"{TASKS}.write", path=str(tmp_path / "b"), text="x")
    second.cancel()
    last = jobs.submit("last", f"{TASKS}.write", path=str(tmp_path / "c"), text="x")
    assert (first.wait(PATIENCE), last.wait(PATIENCE), second.state) == ("done", "done", "cancelled")
    assert not (tmp_path / "b").exists()


def test_a_cancelled_job_stays_cancelled_until_it_is_asked_for_again(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.submit("stay", f"{TASKS}.spin", path=str(tmp_path / "pid"))
    job.cancel()
    assert jobs.submit("stay", f"{TASKS}.spin", path=str(tmp_path / "pid")) is job
    anew = jobs.submit("stay", f"{TASKS}.write", again=True, path=str(tmp_path / "out"), text="x")
    assert anew.wait(PATIENCE) == "done"


def test_an_error_of_the_data_reaches_the_session_as_its_sentence(jobs: Jobs) -> None:
    job = jobs.submit("refuse", f"{TASKS}.refuse")
    assert job.wait(PATIENCE) == "failed"
    assert job.text == (
        "There are too few customers. The data has 1; this needs at least 2. Add a longer or larger export."
    )


def test_a_mistake_in_the_program_is_named_without_a_traceback(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.submit("stumble", f"{TASKS}.stumble")
    assert job.wait(PATIENCE) == "failed"
    assert "ZeroDivisionError" in job.text
    assert "Traceback" not in job.text
    after = jobs.submit("after the stumble", f"{TASKS}.write", path=str(tmp_path / "out"), text="x")
    assert after.wait(PATIENCE) == "done"


def test_a_worker_that_dies_fails_its_job_and_is_replaced(jobs: Jobs, tmp_path: Path) -> None:
    job = jobs.submit("vanish", f"{TASKS}.vanish")
    assert job.wait(PATIENCE) == "failed"
    assert "ended with code 7" in job.text
    after = jobs.submit("after the death", f"{TASKS}.write", path=str(tmp_path / "out"), text="x")
    assert after.wait(PATIENCE) == "done"


def test_a_worker_yields_to_the_screens_and_knows_no_streamlit(jobs: Jobs, tmp_path: Path) -> None:
    jobs.submit("around", f"{TASKS}.surroundings", path=str(tmp_path / "out")).wait(PATIENCE)
    nice, threads, streamlit = (tmp_path / "out").read_text(encoding="utf-8").split()
    assert int(nice) >= os.nice(0) + 5 or int(nice) == 19
    assert int(threads) <= 2
    assert streamlit == "False"


def test_a_function_that_is_not_on_the_list_is_refused(jobs: Jobs) -> None:
    with pytest.raises(WrongCall, match=r"There is no task “os\.system”"):
        jobs.submit("evil", "os.system", command="true")


def test_closing_ends_the_workers_and_cancels_what_is_left(tmp_path: Path) -> None:
    pool = Jobs(tasks=[f"{TASKS}.spin"])
    job = pool.submit("spin", f"{TASKS}.spin", path=str(tmp_path / "pid"))
    process = int(appears(tmp_path / "pid"))
    pool.close()
    assert job.state == "cancelled"
    assert ended(process)
    assert pool.submit("late", f"{TASKS}.spin", path="").state == "cancelled"


def test_no_worker_survives_a_server_that_was_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from segmentation.jobs import Jobs\n"
        f"Jobs(tasks=['{TASKS}.spin']).submit('spin', '{TASKS}.spin', path=sys.argv[1]); time.sleep(60)"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    server = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "pid")], env={**os.environ, "PYTHONPATH": paths}
    )
    process = int(appears(tmp_path / "pid"))
    server.kill()
    server.wait()
    assert ended(process)


def test_of_one_owner_one_job_runs_at_a_time_and_another_need_not_wait(tmp_path: Path) -> None:
    pool = Jobs(workers=2, tasks=[f"{TASKS}.{name}" for name in NAMES])
    try:
        spinning = [
            pool.submit(f"spin-{at}", f"{TASKS}.spin", owner="a", path=str(tmp_path / f"spin-{at}")) for at in range(2)
        ]
        appears(tmp_path / "spin-0")
        other = pool.submit("write", f"{TASKS}.write", owner="b", path=str(tmp_path / "b"), text="b")
        assert other.wait(PATIENCE) == "done"
        assert spinning[1].state == "waiting"
        spinning[0].cancel()
        appears(tmp_path / "spin-1")
    finally:
        pool.close()


def test_what_a_job_leaves_is_removed_where_its_process_was_ended(tmp_path: Path) -> None:
    pool = Jobs(tasks=[f"{TASKS}.{name}" for name in NAMES])
    try:
        folder, marker = tmp_path / "folder", tmp_path / "spin"
        (folder / "inside").mkdir(parents=True)
        job = pool.submit("spin", f"{TASKS}.spin", leaves=(folder,), path=str(marker))
        appears(marker)
        job.cancel()
        pool.submit("next", f"{TASKS}.write", path=str(tmp_path / "b"), text="b").wait(PATIENCE)
        assert not folder.exists()
    finally:
        pool.close()


@pytest.mark.skipif(not AUTOGROUP.exists(), reason="this system does not weigh sessions against each other")
def test_a_worker_gives_way_to_the_server_though_it_has_a_session_of_its_own(jobs: Jobs, tmp_path: Path) -> None:
    process = tmp_path / "process"
    job = jobs.submit("giving way", f"{TASKS}.spin", path=str(process))
    group = Path(f"/proc/{appears(process)}/autogroup").read_text(encoding="ascii")
    job.cancel()
    assert group.split()[-2:] == ["nice", str(NICER)]
