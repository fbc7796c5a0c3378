"""Long work outside the script run: worker processes, progress, cancel, one job per key however many sessions ask.

A rerun or a closed browser does not stop native code, so work that takes seconds runs in processes of its own. They
are plain child processes talking JSON: `multiprocessing` would import the page's script again in the child, since
Streamlit puts it in place of `__main__`, and would pickle what passes between them.

    jobs = Jobs(tasks=TASKS, warm_up=WARM_UP_MAPS, numba_cache=workspace.root / "cache" / "numba")
    job = shop.map(features).ask(jobs)         # or: jobs.submit(key, task, **plain_values)
    job.state, job.progress, job.text          # from any session, at any time
    job.cancel()                               # the process is ended, its processor time with it

A result is a file the task wrote; a job only says that it is there.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from segmentation.errors import Cancelled, Candidate, DiskFull, TesseraError, WrongCall
from segmentation.jobs.job import Job, JobFailed

Plain = str | int | float | bool | None
REMEMBERED = 200
THREADS = 2
SECONDS_TO_END = 2.0


class Jobs:
    """The worker processes of one server and the work they were given. One object per server.

    `workers` processes start at once and run `warm_up` (a task without arguments) before their first job; a worker
    that was cancelled or died is replaced. `numba_cache` keeps compiled code between starts of the server.
    """

    def __init__(
        self,
        workers: int = 1,
        *,
        tasks: Sequence[str],
        warm_up: str | None = None,
        numba_cache: Path | None = None,
    ) -> None:
        self._tasks = tuple(tasks)
        self._settings = json.dumps({"tasks": self._tasks, "warm_up": warm_up})
        self._environment = _environment(numba_cache)
        self._lock = threading.RLock()
        self._news = threading.Condition(self._lock)
        self._known: dict[str, Job] = {}
        self._waiting: deque[Job] = deque()
        self._idle: deque[Job] = deque()
        self._owners: list[str] = []
        self._workers: dict[Job, subprocess.Popen[str]] = {}
        self._processes: set[subprocess.Popen[str]] = set()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"jobs-{number}", daemon=True) for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    def submit(
        self,
        key: str,
        task: str,
        *,
        again: bool = False,
        idly: bool = False,
        owner: str = "",
        leaves: Sequence[Path] = (),
        **arguments: Plain,
    ) -> Job:
        """The job for `key`: the one under way if there is one, otherwise a new one; `idly` if no other is waited for.

        A job that failed or was cancelled is returned as it ended, so that a page drawn again does not restart it;
        `again` does. Of one `owner` one job runs at a time, so that nobody's work keeps all others waiting. `leaves`
        are files and folders that the work makes for itself: they are removed where its process was ended.
        Arguments are plain values: data passes through files. Raises WrongCall for an unknown task.
        """
        if task not in self._tasks:
            raise WrongCall(f"There is no task “{task}”.", evidence="Known: " + ", ".join(self._tasks) + ".")
        with self._lock:
            known = self._known.get(key)
            if known and (not known.finished or (known.state != "done" and not again)):
                return known
            order = json.dumps({"task": task, "arguments": arguments})
            job = Job(key, order, self._cancel, owner=owner, leaves=leaves)
            if self._closed:
                job.ended("cancelled", Cancelled())
                return job
            self._remember(job)
            (self._idle if idly else self._waiting).append(job)
            self._news.notify()
            return job

    def get(self, key: str) -> Job | None:
        """The latest job for `key`, or None where there has been none."""
        with self._lock:
            return self._known.get(key)

    def withdraw(self, key: str) -> None:
        """Take back work that nobody is at yet, as if it had never been asked for; nothing happens to other work."""
        with self._lock:
            job = self._known.get(key)
            if job is None or job.state != "waiting":
                return
            for queue in (self._waiting, self._idle):
                if job in queue:
                    queue.remove(job)
            del self._known[key]
        job.ended("cancelled", Cancelled())

    def processes(self) -> list[int]:
        """The worker processes that are alive."""
        with self._lock:
            return [process.pid for process in self._processes if process.poll() is None]

    def close(self) -> None:
        """End every worker and cancel what is left; called by itself when the server ends."""
        atexit.unregister(self.close)
        with self._lock:
            self._closed = True
            for job in [*self._waiting, *self._idle, *self._workers]:
                job.ended("cancelled", Cancelled())
            self._waiting.clear()
            self._idle.clear()
            processes = tuple(self._processes)
            self._news.notify_all()
        for process in processes:
            _stop(process)
        for thread in self._threads:
            thread.join(SECONDS_TO_END)

    def _remember(self, job: Job) -> None:
        """Keep the job findable; forget the oldest finished ones beyond a number."""
        self._known.pop(job.key, None)
        self._known[job.key] = job
        finished = [key for key, known in self._known.items() if known.finished]
        for key in finished[: max(0, len(self._known) - REMEMBERED)]:
            del self._known[key]

    def _cancel(self, job: Job) -> None:
        with self._lock:
            if not job.ended("cancelled", Cancelled()):
                return
            for queue in (self._waiting, self._idle):
                if job in queue:
                    queue.remove(job)
            process = self._workers.get(job)
        if process:
            process.terminate()  # the thread that serves this worker notices, waits for its end and starts another

    def _serve(self) -> None:
        """The life of one worker's place: keep a process there and hand it one job after another."""
        process = self._start()
        while process and (job := self._next()):
            if process.poll() is not None:
                _stop(process)
                process = self._restart(process)
            if process and not self._run(job, process):
                process = self._restart(process)
            with self._news:
                self._owners.remove(job.owner)
                self._news.notify_all()
        if process:
            _stop(process)

    def _next(self) -> Job | None:
        """Wait for a job; None when the server closes."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._due() is not None)
            job = None if self._closed else self._due()
            if job is not None:
                (self._waiting if job in self._waiting else self._idle).remove(job)
                self._owners.append(job.owner)
            return job

    def _due(self) -> Job | None:
        """The first waiting job whose owner has none running."""
        return next(
            (job for job in (*self._waiting, *self._idle) if not job.owner or job.owner not in self._owners), None
        )

    def _run(self, job: Job, process: subprocess.Popen[str]) -> bool:
        """Run one job on the worker. Returns whether the worker can take another."""
        with self._lock:
            if not job.started():
                return True
            self._workers[job] = process
        finished = _converse(job, process)
        with self._lock:
            del self._workers[job]
        if finished and job.state != "cancelled":
            return True
        code = _stop(process)
        for path in job.leaves:
            _remove(path)
        fact = "The work stopped before it was finished."
        how = f"Its process ended with code {code}."
        if code == -9:
            how += " The machine may have run out of memory."
        job.ended("failed", JobFailed(fact, evidence=how, next_step="Try again."))
        return False

    def _start(self) -> subprocess.Popen[str] | None:
        """A new worker process, or None when the server is closing."""
        with self._lock:
            if self._closed:
                return None
            process = subprocess.Popen(  # noqa: S603 - this Python, our own module, settings made here
                [sys.executable, "-P", "-m", "segmentation.jobs.worker", self._settings],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=self._environment,
                start_new_session=True,  # Ctrl-C in the server's terminal is the server's to answer
            )
            self._processes.add(process)
            return process

    def _restart(self, dead: subprocess.Popen[str]) -> subprocess.Popen[str] | None:
        with self._lock:
            self._processes.discard(dead)
        return self._start()


def _converse(job: Job, process: subprocess.Popen[str]) -> bool:
    """Give the worker its order and follow its messages. Returns False when it goes silent, that is, ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(job.order + "\n")
        process.stdin.flush()
        for line in process.stdout:
            said = json.loads(line)
            match said["kind"]:
                case "progress":
                    job.moved(said["share"], said["text"])
                case "done":
                    job.ended("done")
                    return True
                case "failed" | "broken":
                    job.ended("failed", _problem(said))
                    return bool(said["kind"] == "failed")
    except (BrokenPipeError, json.JSONDecodeError):
        return False  # it ended before it took the order, or in the middle of a message
    return False


def _problem(said: dict[str, Any]) -> TesseraError:
    """What a worker says went wrong."""
    parts = {part: said.get(part, "") for part in ("evidence", "next_step")}
    if said.get("code") == "disk_full":
        sizes = {"free": said["free_bytes"], "need": said["needed_bytes"]}
        return DiskFull(said["fact"], place=said["place"], why=parts["evidence"], next_step=parts["next_step"], **sizes)
    problem = JobFailed(said["fact"], **parts)
    problem.candidates = tuple(Candidate(*one) for one in said.get("candidates", ()))
    return problem


def _stop(process: subprocess.Popen[str]) -> int:
    """End a process for certain and collect it, so that no zombie stays. Returns its exit code."""
    process.terminate()
    try:
        code = process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):  # an order it did not take any more
                pipe.close()
    return code


def _remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it, where it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _environment(numba_cache: Path | None) -> dict[str, str]:
    """The worker's environment: the same packages as here, two threads, where compiled code is kept."""
    threads = str(min(THREADS, os.cpu_count() or 1))
    libraries = ("OMP", "OPENBLAS", "MKL", "NUMBA")
    environment = {**os.environ, **{f"{library}_NUM_THREADS": threads for library in libraries}}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    if numba_cache:
        environment["NUMBA_CACHE_DIR"] = str(numba_cache)
    return environment
