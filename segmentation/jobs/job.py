"""One piece of work in a process of its own, as every session sees it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from segmentation.errors import TesseraError

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class JobFailed(TesseraError):
    """Work that ended without a result, in the words of whoever found out."""


class Job:
    """One piece of work as every session sees it. Properties never block.

    `started`, `moved` and `ended` are the pool's to call.
    """

    def __init__(
        self, key: str, order: str, cancel: Callable[[Job], None], *, owner: str = "", leaves: Sequence[Path] = ()
    ) -> None:
        self.key = key
        self.order = order
        self.owner = owner
        self.leaves = tuple(leaves)
        self._cancel = cancel
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._state: State = "waiting"
        self._progress = 0.0
        self._text = "Waiting for its turn"
        self._error: TesseraError | None = None

    @property
    def state(self) -> State:
        """Where it stands; `done`, `failed` and `cancelled` are final."""
        return self._state

    @property
    def progress(self) -> float:
        """Share done, 0 to 1."""
        return self._progress

    @property
    def text(self) -> str:
        """What is happening, in a few words; for a failed or cancelled job, the sentence why."""
        return str(self._error) if self._error else self._text

    @property
    def error(self) -> TesseraError | None:
        """Why there is no result, for a failed or cancelled job."""
        return self._error

    @property
    def finished(self) -> bool:
        """Whether the state is final."""
        return self._over.is_set()

    def wait(self, seconds: float | None = None) -> State:
        """Wait until the job is finished or the time is up; returns the state then."""
        self._over.wait(seconds)
        return self._state

    def cancel(self) -> None:
        """Stop the work for everyone who waits for it; nothing happens to a finished job."""
        self._cancel(self)

    def started(self) -> bool:
        """A worker takes it; False where it was cancelled just before."""
        with self._lock:
            if not self.finished:
                self._state, self._text = "running", "Warming up"
            return not self.finished

    def moved(self, share: float, text: str) -> None:
        """The worker is this far; progress never goes back."""
        with self._lock:
            if self._state == "running":
                self._progress, self._text = max(self._progress, min(share, 1.0)), text

    def ended(self, state: State, error: TesseraError | None = None) -> bool:
        """It is over; the first to say so decides how. Returns whether this call was the first."""
        with self._lock:
            if self.finished:
                return False
            self._state, self._error = state, error
            if state == "done":
                self._progress, self._text = 1.0, "Done"
            self._over.set()
            return True
